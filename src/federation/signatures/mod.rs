//! Signatures of requests (draft-cavage-12 and RFC 9421) and of documents (FEP-8b32), both ways.
//!
//! Owns what is signed, what must have been signed, and where the key of a key id may be found.
//! Pure: it reads no clock, no network, no database. Refuses by [`Refusal`], which knows its status and
//! what may be said to the peer. `docs/federation/signatures.md` tells the whole for people.
//!
//! Receiving takes three steps, so that nothing is fetched for a request that cannot be right:
//!
//! 1. [`Verifier::examine`] reads the request and answers with a [`Candidate`] or a [`Refusal`];
//! 2. the caller finds the key of [`Candidate::key_id`], in its cache or with a [`KeySearch`];
//! 3. [`Candidate::verify`] checks the signature and answers with a [`Verified`], whose replay key goes
//!    to the caller's replay cache.
//!
//! Sending: [`BodyDigest::of`] once per body, then [`sign_request`] once per host.

mod cavage;
mod digest;
mod key_search;
mod proof;
mod refusal;
mod rfc9421;
mod sign;
#[cfg(test)]
mod tests;
mod verify;

pub use digest::BodyDigest;
pub use key_search::{FoundKey, KeySearch, KeySearchRefusal, KeyUse, Step, same_origin};
pub use proof::{Proof, ProofRefusal, add_proof};
pub use refusal::{Refusal, accept_signature};
pub use sign::{Outgoing, Signer, SigningRefusal, sign_request, sign_request_and};
pub use verify::{Candidate, Incoming, ReplayKey, Verified, Verifier};

/// How a request is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// draft-cavage-http-signatures-12: what everybody understands, sent first.
    Cavage,
    /// HTTP Message Signatures: sent when a peer answers the first with 400 or 401.
    Rfc9421,
}

impl Scheme {
    /// The other one: the second knock.
    pub const fn other(self) -> Self {
        match self {
            Self::Cavage => Self::Rfc9421,
            Self::Rfc9421 => Self::Cavage,
        }
    }

    /// A short name, for storage and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cavage => "cavage",
            Self::Rfc9421 => "rfc9421",
        }
    }

    /// What [`Self::name`] gave.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Cavage, Self::Rfc9421]
            .into_iter()
            .find(|scheme| scheme.name() == name)
    }
}
