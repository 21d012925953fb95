//! Receiving: from a request to a candidate, from a candidate and a key to a verified request.

use aws_lc_rs::digest;
use http::{HeaderMap, Method, Uri, header};
use platform::Timestamp;
use url::Url;

use super::{Refusal, Scheme, cavage, rfc9421};
use crate::keys::{Algorithm, KeyKind, PublicKey};

/// How old a signature may be, in seconds.
const OLDEST: i64 = 60 * 60;
/// How far in the future a signature may be dated, in seconds: clocks differ.
const NEWEST: i64 = 5 * 60;

/// A request as it was received.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    pub(super) method: &'a Method,
    /// Path and query, byte for byte.
    pub(super) target: &'a str,
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
    /// The authority of the request line (HTTP/2, or an absolute URI).
    pub(super) authority: Option<&'a str>,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

impl<'a> Incoming<'a> {
    /// `uri` must be the one of the request line, before any router took a prefix from it; `body` the
    /// whole body, as received.
    pub fn new(method: &'a Method, uri: &'a Uri, headers: &'a HeaderMap, body: &'a [u8]) -> Self {
        let target = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let authority = uri.authority().map(http::uri::Authority::as_str);
        Self {
            method,
            target,
            path: uri.path(),
            query: uri.query(),
            authority,
            headers,
            body,
        }
    }

    /// Whether a signature must vouch for the body.
    pub(super) fn needs_digest(&self) -> bool {
        !matches!(*self.method, Method::GET | Method::HEAD) || !self.body.is_empty()
    }

    /// The value of `Host`, of the request line if there is no such header.
    pub(super) fn host(&self) -> Option<&'a str> {
        match self.headers.get(header::HOST) {
            Some(value) => value.to_str().ok().map(str::trim),
            None => self.authority,
        }
    }
}

/// What this server demands of signatures, and the address under which it is known.
#[derive(Debug, Clone)]
pub struct Verifier {
    /// `https://host` or `https://host:port`.
    pub(super) origin: String,
    pub(super) scheme: String,
    /// `host` or `host:port`, in lower case, without a default port.
    pub(super) authority: String,
}

/// A moment of examination: the verifier and the time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Examination<'a> {
    pub(super) verifier: &'a Verifier,
    pub(super) request: &'a Incoming<'a>,
    /// Seconds since 1970.
    pub(super) now: i64,
}

impl Verifier {
    /// For the server whose public base URL this is (what peers see, whatever a proxy does).
    ///
    /// `None` for a URL without a host.
    pub fn new(base: &Url) -> Option<Self> {
        let host = base.host_str()?.to_ascii_lowercase();
        let authority = base
            .port()
            .map_or_else(|| host.clone(), |port| format!("{host}:{port}"));
        let scheme = base.scheme().to_owned();
        Some(Self {
            origin: format!("{scheme}://{authority}"),
            scheme,
            authority,
        })
    }

    /// Reads the signature of a request and checks all that can be checked without a key.
    ///
    /// Digest, coverage, host and time are right when this returns a candidate.
    pub fn examine(&self, request: &Incoming<'_>, now: Timestamp) -> Result<Candidate, Refusal> {
        let examination = Examination {
            verifier: self,
            request,
            now: now.as_secs(),
        };
        if request.headers.contains_key("signature-input") {
            rfc9421::examine(&examination)
        } else if request.headers.contains_key("signature") {
            cavage::examine(&examination)
        } else {
            Err(Refusal::Unsigned)
        }
    }

    /// Whether this `Host` value means this server.
    fn is_us(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let default_port = match self.scheme.as_str() {
            "https" => ":443",
            "http" => ":80",
            _ => "",
        };
        host == self.authority
            || (!default_port.is_empty() && host.strip_suffix(default_port) == Some(&self.authority))
    }
}

impl Examination<'_> {
    /// Every name by which the request calls its destination must be ours.
    pub(super) fn check_host(&self) -> Result<(), Refusal> {
        if self.request.headers.get_all(header::HOST).iter().count() > 1 {
            return Err(Refusal::Malformed("several Host headers"));
        }
        let host = self.request.host().ok_or(Refusal::WrongHost)?;
        let ours = self.verifier.is_us(host)
            && self
                .request
                .authority
                .is_none_or(|authority| self.verifier.is_us(authority));
        if ours { Ok(()) } else { Err(Refusal::WrongHost) }
    }

    /// A signed instant must be of the last hour, or at most five minutes ahead.
    pub(super) fn check_instant(&self, at: i64) -> Result<(), Refusal> {
        if at > self.now.saturating_add(NEWEST) {
            return Err(Refusal::InFuture);
        }
        if at < self.now.saturating_sub(OLDEST) {
            return Err(Refusal::TooOld);
        }
        Ok(())
    }

    /// An end set by the signer must not have passed.
    pub(super) fn check_expiry(&self, expires: i64) -> Result<(), Refusal> {
        if expires < self.now {
            Err(Refusal::Expired)
        } else {
            Ok(())
        }
    }

    /// The `Date` header in seconds since 1970.
    pub(super) fn date(&self) -> Result<i64, Refusal> {
        let mut values = self.request.headers.get_all(header::DATE).iter();
        let value = values.next().ok_or(Refusal::MissingHeader)?;
        if values.next().is_some() {
            return Err(Refusal::Malformed("several Date headers"));
        }
        value
            .to_str()
            .ok()
            .and_then(|text| httpdate::parse_http_date(text.trim()).ok())
            .and_then(|date| date.duration_since(std::time::UNIX_EPOCH).ok())
            .and_then(|since| i64::try_from(since.as_secs()).ok())
            .ok_or(Refusal::Malformed("unreadable Date"))
    }
}

/// All lines of a header, each without surrounding blanks, joined by `, `; `None` if there is none.
pub(super) fn combined(headers: &HeaderMap, name: &str) -> Option<Vec<u8>> {
    let lines: Vec<&[u8]> = headers
        .get_all(name)
        .iter()
        .map(|value| value.as_bytes().trim_ascii())
        .collect();
    (!lines.is_empty()).then(|| lines.join(b", ".as_slice()))
}

/// Which algorithms may have made a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// The one the signature names.
    Named(Algorithm),
    /// The kind of key decides (`hs2019` or nothing, in draft-cavage): for RSA what the draft says and
    /// what everybody does instead.
    CavageByKey,
    /// The kind of key decides (RFC 9421 without `alg`).
    ByKey,
}

impl Choice {
    fn algorithms(self, key: KeyKind) -> Vec<Algorithm> {
        match (self, key) {
            (Self::Named(algorithm), _) => vec![algorithm],
            (_, KeyKind::Ed25519) => vec![Algorithm::Ed25519],
            (_, KeyKind::RsaPss) => vec![Algorithm::RsaPssSha512],
            (Self::ByKey, KeyKind::Rsa) => vec![Algorithm::RsaV15Sha256, Algorithm::RsaPssSha512],
            (Self::CavageByKey, KeyKind::Rsa) => {
                vec![
                    Algorithm::RsaV15Sha256,
                    Algorithm::RsaV15Sha512,
                    Algorithm::RsaPssSha512,
                ]
            }
        }
    }
}

/// A request whose signature would be acceptable if the key says so.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub(super) key_id: String,
    pub(super) scheme: Scheme,
    pub(super) choice: Choice,
    /// What may have been signed: one text, or two (draft-cavage with and without the query).
    pub(super) bases: Vec<Vec<u8>>,
    pub(super) signature: Vec<u8>,
    /// Seconds since 1970 of the oldest instant signed.
    pub(super) signed_at: i64,
    pub(super) expires: Option<i64>,
}

impl Candidate {
    /// The key id as the request wrote it; nothing is proven about it before [`Self::verify`].
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// How the request is signed.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Checks the signature with the key found for [`Self::key_id`]. At most six checks of about 20 µs.
    pub fn verify(&self, key: &PublicKey) -> Result<Verified, Refusal> {
        let mut refusal = Refusal::BadSignature;
        for algorithm in self.choice.algorithms(key.kind()) {
            for base in &self.bases {
                match key.verify(algorithm, base, &self.signature) {
                    Ok(()) => return Ok(self.verified(key)),
                    Err(failure) => refusal = failure.into(),
                }
            }
        }
        Err(refusal)
    }

    fn verified(&self, key: &PublicKey) -> Verified {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(key.fingerprint());
        hash.update(&self.signature);
        let mut replay_key = [0; 32];
        replay_key.copy_from_slice(hash.finish().as_ref());
        let end = self.signed_at.saturating_add(OLDEST);
        let end = self
            .expires
            .map_or(end, |expires| end.min(expires))
            .saturating_add(1);
        Verified {
            key_id: self.key_id.clone(),
            scheme: self.scheme,
            replay_key: ReplayKey(replay_key),
            replayable_until: Timestamp::from_millis(end.saturating_mul(1000)),
        }
    }
}

/// What recognises a request when it comes again: a hash of the key itself and the signature.
///
/// Of the key rather than of its id, so that another spelling of the id does not make a replay new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReplayKey(pub [u8; 32]);

/// A request signed by the owner of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The key id the request named.
    pub key_id: String,
    /// How it was signed.
    pub scheme: Scheme,
    /// To be looked up and stored in the replay cache.
    pub replay_key: ReplayKey,
    /// When the replay cache may forget it: from then on the same request is too old.
    pub replayable_until: Timestamp,
}
