//! Why a signed request is turned away, and what may be said about it.

use http::{HeaderValue, Method, StatusCode};

use super::KeySearchRefusal;
use crate::keys::VerifyFailure;

/// Why a request is not believed. Its `Display` is a short text fit for the peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// No signature at all.
    #[error("the request is not signed")]
    Unsigned,
    /// The signature headers cannot be read.
    #[error("malformed signature: {0}")]
    Malformed(&'static str),
    /// Something that must be signed is not.
    #[error("the signature does not cover {0}")]
    NotCovered(&'static str),
    /// Something signed is not in the request.
    #[error("a signed header is missing")]
    MissingHeader,
    /// The signature is of a kind not supported.
    #[error("unsupported signature: {0}")]
    Unsupported(&'static str),
    /// The request was meant for another server.
    #[error("the request is addressed to another host")]
    WrongHost,
    /// Signed too long ago.
    #[error("the signature is too old")]
    TooOld,
    /// Signed in the future.
    #[error("the signature is dated in the future")]
    InFuture,
    /// Past the instant at which its signer let it end.
    #[error("the signature has expired")]
    Expired,
    /// No digest of the body in an accepted algorithm.
    #[error("the digest of the body is missing")]
    DigestMissing,
    /// The body is not the one that was signed.
    #[error("the digest does not match the body")]
    DigestMismatch,
    /// There is no key to be believed under the key id (see [`super::KeySearchRefusal`]).
    #[error("the key cannot be found, or its owner does not confirm it")]
    KeyNotFound,
    /// The algorithm is not one for this key.
    #[error("the algorithm does not fit the key")]
    WrongKeyKind,
    /// The signature is not one of this key over this request.
    #[error("the signature does not match")]
    BadSignature,
}

impl Refusal {
    /// 400 for what cannot be read, 401 for what cannot be believed.
    ///
    /// A 401 goes out with [`accept_signature`], which makes peers try their other scheme.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            _ => StatusCode::UNAUTHORIZED,
        }
    }

    /// Whether another version of the key might have verified: refresh it (once) and try again.
    pub const fn may_be_old_key(&self) -> bool {
        matches!(self, Self::BadSignature | Self::WrongKeyKind)
    }
}

impl From<VerifyFailure> for Refusal {
    fn from(failure: VerifyFailure) -> Self {
        match failure {
            VerifyFailure::WrongKind => Self::WrongKeyKind,
            VerifyFailure::Mismatch => Self::BadSignature,
        }
    }
}

impl From<KeySearchRefusal> for Refusal {
    fn from(_refusal: KeySearchRefusal) -> Self {
        Self::KeyNotFound
    }
}

/// The `Accept-Signature` value of a 401 (RFC 9421, section 5): what a signature must cover here.
///
/// `key_id` is the one the request named, if any could be read; a label without it asks for any key.
pub fn accept_signature(method: &Method, key_id: Option<&str>) -> HeaderValue {
    let components = if matches!(*method, Method::GET | Method::HEAD) {
        r#"sig1=("@method" "@target-uri");created"#
    } else {
        r#"sig1=("@method" "@target-uri" "content-digest");created"#
    };
    key_id
        .filter(|id| id.bytes().all(|byte| (0x20..0x7f).contains(&byte)))
        .map(|id| id.replace('\\', r"\\").replace('"', r#"\""#))
        .and_then(|id| HeaderValue::try_from(format!(r#"{components};keyid="{id}""#)).ok())
        .unwrap_or_else(|| HeaderValue::from_static(components))
}
