//! Public keys, parsed once.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest;
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::{self, ParsedPublicKey, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};

use super::{KeyRefusal, VerifyFailure, der, multibase, pem};

/// Multicodec prefix of an Ed25519 public key (`0xed` as a varint).
const MULTICODEC_ED25519: [u8; 2] = [0xed, 0x01];
/// Multicodec prefix of an RSA public key in PKCS#1 (`0x1205` as a varint).
const MULTICODEC_RSA: [u8; 2] = [0x85, 0x24];
/// What comes before the 32 bytes in the SubjectPublicKeyInfo of an Ed25519 key (RFC 8410).
const ED25519_SPKI_PREFIX: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// How a signature was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what the fediverse uses.
    RsaV15Sha256,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RsaV15Sha512,
    /// RSASSA-PSS with SHA-512.
    RsaPssSha512,
    /// Ed25519.
    Ed25519,
}

/// What kind of key this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA, usable with every RSA algorithm.
    Rsa,
    /// RSA, restricted by its owner to PSS.
    RsaPss,
    /// Ed25519.
    Ed25519,
}

/// Somebody's public key, parsed and checked; cloning costs a counter.
#[derive(Clone)]
pub struct PublicKey(Arc<Inner>);

struct Inner {
    kind: KeyKind,
    /// SubjectPublicKeyInfo.
    spki: Vec<u8>,
    fingerprint: [u8; 32],
    parsed: ParsedPublicKey,
}

impl PublicKey {
    /// From the PEM text of an actor: SPKI or PKCS#1, with whatever line ends.
    pub fn from_pem(text: &str) -> Result<Self, KeyRefusal> {
        let (label, der) = pem::decode(text).ok_or(KeyRefusal::Unreadable)?;
        match label {
            // Some peers write one form under the label of the other.
            "PUBLIC KEY" | "RSA PUBLIC KEY" => Self::from_der(&der),
            _ => Err(KeyRefusal::Unreadable),
        }
    }

    /// From DER: SPKI or PKCS#1.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyRefusal> {
        match der::spki(der) {
            Some(der::Spki::Rsa(key)) => Self::from_pkcs1(key, KeyKind::Rsa, 2048),
            Some(der::Spki::RsaPss(key)) => Self::from_pkcs1(key, KeyKind::RsaPss, 2048),
            Some(der::Spki::Ed25519(key)) => Self::from_ed25519(key),
            Some(der::Spki::Other) => Err(KeyRefusal::UnknownKind),
            None => Self::from_pkcs1(der, KeyKind::Rsa, 2048),
        }
    }

    /// From the `publicKeyMultibase` of a Multikey (`z6Mk...`).
    pub fn from_multibase(text: &str) -> Result<Self, KeyRefusal> {
        let bytes = multibase::decode(text.trim()).ok_or(KeyRefusal::Unreadable)?;
        match bytes.split_first_chunk() {
            Some((&MULTICODEC_ED25519, key)) => Self::from_ed25519(key),
            Some((&MULTICODEC_RSA, key)) => Self::from_pkcs1(key, KeyKind::Rsa, 2048),
            Some(_) => Err(KeyRefusal::UnknownKind),
            None => Err(KeyRefusal::Unreadable),
        }
    }

    /// Like [`Self::from_pem`], but a 1024-bit RSA key passes: the vectors of draft-cavage have one.
    #[cfg(test)]
    pub(crate) fn from_small_pem_in_tests(text: &str) -> Result<Self, KeyRefusal> {
        let (_, der) = pem::decode(text).ok_or(KeyRefusal::Unreadable)?;
        match der::spki(&der) {
            Some(der::Spki::Rsa(key)) => Self::from_pkcs1(key, KeyKind::Rsa, 1024),
            _ => Err(KeyRefusal::Unreadable),
        }
    }

    pub(super) fn from_ed25519(raw: &[u8]) -> Result<Self, KeyRefusal> {
        if raw.len() != 32 {
            return Err(KeyRefusal::Unreadable);
        }
        let parsed =
            ParsedPublicKey::new(&signature::ED25519, raw).map_err(|_refused| KeyRefusal::Refused)?;
        Ok(Self::new(
            KeyKind::Ed25519,
            [&ED25519_SPKI_PREFIX, raw].concat(),
            parsed,
        ))
    }

    pub(super) fn from_pkcs1(der: &[u8], kind: KeyKind, least_bits: usize) -> Result<Self, KeyRefusal> {
        let numbers = der::rsa_public_key(der).ok_or(KeyRefusal::Unreadable)?;
        let bits = bit_length(numbers.modulus);
        if !(least_bits..=8192).contains(&bits) {
            return Err(KeyRefusal::Size(bits));
        }
        let odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
        if !odd(numbers.modulus)
            || !odd(numbers.exponent)
            || !(2..=33).contains(&bit_length(numbers.exponent))
        {
            return Err(KeyRefusal::Insane);
        }
        let components = RsaPublicKeyComponents {
            n: numbers.modulus,
            e: numbers.exponent,
        };
        let usual: &'static RsaParameters = match least_bits {
            2048 => &signature::RSA_PKCS1_2048_8192_SHA256,
            _ => &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        };
        let parsed = components
            .to_parsed_public_key(usual)
            .map_err(|_refused| KeyRefusal::Refused)?;
        let spki = components.as_der().map_err(|_refused| KeyRefusal::Refused)?;
        Ok(Self::new(kind, spki.as_ref().to_vec(), parsed))
    }

    fn new(kind: KeyKind, spki: Vec<u8>, parsed: ParsedPublicKey) -> Self {
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest::digest(&digest::SHA256, &spki).as_ref());
        Self(Arc::new(Inner {
            kind,
            spki,
            fingerprint,
            parsed,
        }))
    }

    /// What kind of key this is.
    pub fn kind(&self) -> KeyKind {
        self.0.kind
    }

    /// SHA-256 of the key: equal for equal keys, however they were written.
    pub fn fingerprint(&self) -> &[u8; 32] {
        &self.0.fingerprint
    }

    /// The SubjectPublicKeyInfo in DER, for storage.
    pub fn to_der(&self) -> &[u8] {
        &self.0.spki
    }

    /// The SubjectPublicKeyInfo in PEM, as `publicKeyPem` shows it.
    pub fn to_pem(&self) -> String {
        pem::encode("PUBLIC KEY", &self.0.spki)
    }

    /// As `publicKeyMultibase` of a Multikey; `None` for RSA.
    pub fn to_multibase(&self) -> Option<String> {
        let raw = self.0.spki.strip_prefix(&ED25519_SPKI_PREFIX)?;
        Some(multibase::encode(&[&MULTICODEC_ED25519, raw].concat()))
    }

    /// Checks a signature; an algorithm of another kind of key never passes.
    pub fn verify(
        &self,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyFailure> {
        let verified = match (self.0.kind, algorithm) {
            (KeyKind::Rsa, Algorithm::RsaV15Sha256) | (KeyKind::Ed25519, Algorithm::Ed25519) => {
                self.0.parsed.verify_sig(message, signature)
            }
            // Rare: not worth a second parsed form kept for each key.
            (KeyKind::Rsa, Algorithm::RsaV15Sha512) => {
                UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA512, &self.0.spki)
                    .verify(message, signature)
            }
            (KeyKind::Rsa | KeyKind::RsaPss, Algorithm::RsaPssSha512) => {
                UnparsedPublicKey::new(&signature::RSA_PSS_2048_8192_SHA512, &self.0.spki)
                    .verify(message, signature)
            }
            _ => return Err(VerifyFailure::WrongKind),
        };
        verified.map_err(|_unspecified| VerifyFailure::Mismatch)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.fingerprint == other.0.fingerprint
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "PublicKey({:?}, {})",
            self.0.kind,
            hex::encode(self.0.fingerprint)
        )
    }
}

/// How many bits a number without leading zero bytes has.
fn bit_length(number: &[u8]) -> usize {
    let top = number
        .first()
        .map_or(0, |first| 8 - first.leading_zeros() as usize);
    number.len().saturating_sub(1) * 8 + top
}
