//! Which addresses a request of ours may reach.
//!
//! A server that fetches what strangers name must not become their hand inside its own network, so only addresses that
//! are routed on the public Internet are let through. The ranges are those of the IANA special-purpose registries.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};
use url::{Host, Url};

use super::Refusal;

/// Ports on which no peer serves the web and where a request of ours could be taken for a command.
const DENIED_PORTS: [u16; 18] = [
    0, 7, 9, 19, 21, 22, 23, 25, 53, 110, 119, 135, 139, 143, 445, 465, 587, 993,
];

/// IPv4 networks that are not, or not simply, the public Internet.
const SPECIAL_V4: [Ipv4Net; 19] = [
    v4([0, 0, 0, 0], 8),          // "this" network
    v4([10, 0, 0, 0], 8),         // private
    v4([100, 64, 0, 0], 10),      // shared by carriers
    v4([127, 0, 0, 0], 8),        // loopback
    v4([169, 254, 0, 0], 16),     // link-local, where clouds keep their metadata
    v4([172, 16, 0, 0], 12),      // private
    v4([192, 0, 0, 0], 24),       // protocol assignments
    v4([192, 0, 2, 0], 24),       // documentation
    v4([192, 31, 196, 0], 24),    // AS112
    v4([192, 52, 193, 0], 24),    // AMT
    v4([192, 88, 99, 0], 24),     // 6to4 relays
    v4([192, 168, 0, 0], 16),     // private
    v4([192, 175, 48, 0], 24),    // AS112
    v4([198, 18, 0, 0], 15),      // benchmarks
    v4([198, 51, 100, 0], 24),    // documentation
    v4([203, 0, 113, 0], 24),     // documentation
    v4([224, 0, 0, 0], 4),        // multicast
    v4([240, 0, 0, 0], 4),        // reserved
    v4([255, 255, 255, 255], 32), // broadcast
];

/// The only IPv6 network in which public addresses are given. Outside it lie loopback, IPv4-mapped and -compatible
/// addresses, local NAT64, unique local, link-local and multicast.
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0], 3);

/// Parts of [`GLOBAL_V6`] that are not public all the same.
const SPECIAL_V6: [Ipv6Net; 5] = [
    v6([0x2001, 0, 0], 23),           // protocol assignments: Teredo, ORCHID, benchmarks
    v6([0x2001, 0x0db8, 0], 32),      // documentation
    v6([0x2002, 0, 0], 16),           // 6to4, which hides an IPv4 address
    v6([0x2620, 0x004f, 0x8000], 48), // AS112
    v6([0x3fff, 0, 0], 20),           // documentation
];

/// A network that speaks only IPv6 reaches every IPv4 host through this prefix (RFC 6052).
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0], 96);

/// Tells whether an address is routed on the public Internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// Tells whether an address leads back to this machine (`::ffff:127.0.0.1` included).
pub fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

const fn v4([a, b, c, d]: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6([a, b, c]: [u16; 3], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|network| network.contains(&address))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if NAT64.contains(&address) {
        // The last four bytes are the address meant.
        return is_public_v4(Ipv4Addr::from_bits(address.to_bits() as u32));
    }
    GLOBAL_V6.contains(&address) && !SPECIAL_V6.iter().any(|network| network.contains(&address))
}

/// Refuses what can be refused before any name is resolved: scheme, credentials, port, an address written in the URL.
pub(super) fn check_url(url: &Url, allow_loopback: bool) -> Result<(), Refusal> {
    match url.scheme() {
        "https" => {}
        "http" if allow_loopback => {}
        _ => return Err(Refusal::Scheme),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refusal::Credentials);
    }
    if let Some(port) = url.port().filter(|port| DENIED_PORTS.contains(port)) {
        return Err(Refusal::Port(port));
    }
    match url.host() {
        None => Err(Refusal::NoHost),
        Some(Host::Domain(name)) if name.trim_matches('.').is_empty() => Err(Refusal::NoHost),
        Some(Host::Domain(_)) => Ok(()),
        Some(Host::Ipv4(v4)) => check_address(IpAddr::V4(v4), allow_loopback),
        Some(Host::Ipv6(v6)) => check_address(IpAddr::V6(v6), allow_loopback),
    }
}

/// Refuses an address that is not public, save loopback when it is let in.
pub(super) fn check_address(address: IpAddr, allow_loopback: bool) -> Result<(), Refusal> {
    if is_public(address) || (allow_loopback && is_loopback(address)) {
        Ok(())
    } else {
        Err(Refusal::PrivateAddress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn no_special_range_is_public() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.254",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::808:808",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "2002:808:808::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn ordinary_addresses_are_public() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a01:e0a::1",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn every_spelling_of_a_private_address_is_refused() {
        for text in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://0/",
            "https://127.0.0.1./",
            "https://\u{ff11}27.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[fe80::1]/",
            "https://169.254.169.254/latest/meta-data/",
        ] {
            assert_eq!(
                check_url(&url(text), false),
                Err(Refusal::PrivateAddress),
                "{text}"
            );
        }
    }

    #[test]
    fn only_plain_web_urls_pass() {
        for (text, refusal) in [
            ("http://example.org/", Refusal::Scheme),
            ("ftp://example.org/", Refusal::Scheme),
            ("file:///etc/passwd", Refusal::Scheme),
            ("data:text/html,x", Refusal::Scheme),
            ("https://a@example.org/", Refusal::Credentials),
            ("https://:b@example.org/", Refusal::Credentials),
            ("https://example.org:25/", Refusal::Port(25)),
            ("https://example.org:0/", Refusal::Port(0)),
            ("https://./", Refusal::NoHost),
        ] {
            assert_eq!(check_url(&url(text), false), Err(refusal), "{text}");
        }
        assert_eq!(check_url(&url("https://example.org:8443/a?b"), false), Ok(()));
    }

    #[test]
    fn loopback_and_plain_http_need_the_switch_and_open_nothing_else() {
        assert_eq!(check_url(&url("http://127.0.0.1:8080/"), true), Ok(()));
        assert_eq!(check_url(&url("https://[::1]/"), true), Ok(()));
        assert_eq!(check_url(&url("https://[::ffff:127.0.0.1]/"), true), Ok(()));
        for text in [
            "http://10.0.0.1/",
            "http://0.0.0.0/",
            "http://169.254.169.254/",
            "http://[fd00::1]/",
        ] {
            assert_eq!(
                check_url(&url(text), true),
                Err(Refusal::PrivateAddress),
                "{text}"
            );
        }
    }
}
