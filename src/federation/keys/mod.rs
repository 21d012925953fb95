//! Keys: RSA for requests, Ed25519 for documents; reading those of others, keeping ours.
//!
//! Owns every way a key is written (PEM, DER, multibase) and the bare operations with it. A public key
//! is parsed once and then cheap to clone and to verify with. Refuses RSA keys outside 2048 to 8192 bits
//! and exponents that cannot be meant; knows no shared secret, so none can be confused with a key.

mod der;
mod multibase;
mod pem;
mod private;
mod public;
#[cfg(test)]
mod tests;

pub use private::PrivateKey;
pub use public::{Algorithm, KeyKind, PublicKey};

pub(crate) use multibase::{decode as multibase_decode, encode as multibase_encode};

/// Why a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum KeyRefusal {
    /// The text or the bytes are no key in a form known here.
    #[error("the key cannot be read")]
    Unreadable,
    /// A key of a kind not supported (elliptic curves other than Ed25519, DSA, ...).
    #[error("the key is of a kind not supported")]
    UnknownKind,
    /// An RSA modulus smaller than 2048 bits or larger than 8192.
    #[error("the RSA key has {0} bits, out of 2048 to 8192")]
    Size(usize),
    /// An even modulus, or an exponent that is even, 1, or longer than 33 bits.
    #[error("the RSA key is not a sane one")]
    Insane,
    /// The cryptographic library refused.
    #[error("the key was refused")]
    Refused,
}

/// What checking a signature with a key can say against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyFailure {
    /// The algorithm belongs to another kind of key.
    #[error("the algorithm does not fit the key")]
    WrongKind,
    /// The signature is not one of this key over this message.
    #[error("the signature does not match")]
    Mismatch,
}

/// The key could not sign: the cryptographic library failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("signing failed")]
pub struct SigningFailed;
