//! Name resolution for outgoing requests: the guard sits here, between the answer of the DNS and the connection, so a
//! name cannot change its address after it was looked at.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Refusal;
use super::address::check_address;

/// Addresses tried for one name at most; a longer answer is somebody playing.
const MOST_ADDRESSES: usize = 8;

/// Resolves names and lets only addresses through that [`check_address`] accepts.
pub(super) struct GuardedResolver {
    allow_loopback: bool,
    known: Arc<HashMap<String, Vec<IpAddr>>>,
}

impl GuardedResolver {
    /// A resolver that answers `known` names itself and asks the system for the others.
    pub(super) fn new(allow_loopback: bool, known: HashMap<String, Vec<IpAddr>>) -> Self {
        Self {
            allow_loopback,
            known: Arc::new(known),
        }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_loopback = self.allow_loopback;
        let known = Arc::clone(&self.known);
        Box::pin(async move {
            let host = name.as_str().trim_end_matches('.').to_ascii_lowercase();
            let found: Vec<SocketAddr> = match known.get(&host) {
                Some(addresses) => addresses.iter().map(|ip| SocketAddr::new(*ip, 0)).collect(),
                None => tokio::net::lookup_host((name.as_str(), 0)).await?.collect(),
            };
            let allowed = allowed(found, allow_loopback)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

fn allowed(
    found: Vec<SocketAddr>,
    allow_loopback: bool,
) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
    if found.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into());
    }
    let allowed: Vec<_> = found
        .into_iter()
        .filter(|address| check_address(address.ip(), allow_loopback).is_ok())
        .take(MOST_ADDRESSES)
        .collect();
    if allowed.is_empty() {
        return Err(Refusal::PrivateAddress.into());
    }
    Ok(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_answers_are_dropped_and_the_public_ones_kept() {
        let mixed = vec![
            "10.0.0.1:0".parse().unwrap(),
            "93.184.215.14:0".parse().unwrap(),
            "[::1]:0".parse().unwrap(),
        ];
        let kept = allowed(mixed.clone(), false).unwrap();
        assert_eq!(kept, ["93.184.215.14:0".parse().unwrap()]);
        let kept = allowed(mixed, true).unwrap();
        assert_eq!(kept.len(), 2);
    }

    #[test]
    fn a_name_with_only_private_addresses_is_refused() {
        let refused = allowed(vec!["192.168.0.1:0".parse().unwrap()], true).unwrap_err();
        assert_eq!(refused.downcast_ref::<Refusal>(), Some(&Refusal::PrivateAddress));
    }

    #[test]
    fn a_flood_of_addresses_is_cut() {
        let many = (0..200)
            .map(|n| SocketAddr::from(([93, 184, 215, n], 0)))
            .collect();
        assert_eq!(allowed(many, false).unwrap().len(), MOST_ADDRESSES);
    }
}
