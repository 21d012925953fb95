//! Just enough DER to read public keys: strict lengths, nothing left over.

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_ID: u8 = 0x06;
const NULL: &[u8] = &[0x05, 0x00];

/// rsaEncryption, 1.2.840.113549.1.1.1
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// id-RSASSA-PSS, 1.2.840.113549.1.1.10
const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
/// id-Ed25519, 1.3.101.112
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// What a SubjectPublicKeyInfo holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Spki<'a> {
    /// An RSA key, to be read with [`rsa_public_key`].
    Rsa(&'a [u8]),
    /// An RSA key whose owner allows PSS only.
    RsaPss(&'a [u8]),
    /// The 32 bytes of an Ed25519 key.
    Ed25519(&'a [u8]),
    /// Well formed, of another kind.
    Other,
}

/// Modulus and exponent, big-endian, without leading zeros.
pub(super) struct RsaNumbers<'a> {
    pub(super) modulus: &'a [u8],
    pub(super) exponent: &'a [u8],
}

/// Reads a SubjectPublicKeyInfo (RFC 5280).
pub(super) fn spki(der: &[u8]) -> Option<Spki<'_>> {
    let (body, rest) = element(der, SEQUENCE)?;
    if !rest.is_empty() {
        return None;
    }
    let (algorithm, body) = element(body, SEQUENCE)?;
    let (oid, parameters) = element(algorithm, OBJECT_ID)?;
    let (bits, rest) = element(body, BIT_STRING)?;
    let (unused, key) = bits.split_first()?;
    if *unused != 0 || !rest.is_empty() {
        return None;
    }
    Some(match oid {
        RSA if parameters.is_empty() || parameters == NULL => Spki::Rsa(key),
        RSA_PSS if parameters.is_empty() => Spki::RsaPss(key),
        ED25519 if parameters.is_empty() => Spki::Ed25519(key),
        _ => Spki::Other,
    })
}

/// Reads an RSAPublicKey (PKCS#1, RFC 8017).
pub(super) fn rsa_public_key(der: &[u8]) -> Option<RsaNumbers<'_>> {
    let (body, rest) = element(der, SEQUENCE)?;
    let (modulus, body) = element(body, INTEGER)?;
    let (exponent, tail) = element(body, INTEGER)?;
    if !rest.is_empty() || !tail.is_empty() {
        return None;
    }
    Some(RsaNumbers {
        modulus: positive(modulus)?,
        exponent: positive(exponent)?,
    })
}

/// The bytes of a positive INTEGER without its sign byte.
fn positive(integer: &[u8]) -> Option<&[u8]> {
    match integer.split_first()? {
        (0, rest) => (rest.first()? & 0x80 != 0).then_some(rest),
        (first, _) => (first & 0x80 == 0).then_some(integer),
    }
}

/// Takes one element with this tag; the rest follows.
fn element(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = input.split_first()?;
    if *found != tag {
        return None;
    }
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(*first) {
        short @ 0..=0x7f => (short, rest),
        0x81 => {
            let (one, rest) = rest.split_first()?;
            (Some(usize::from(*one)).filter(|length| *length >= 0x80)?, rest)
        }
        0x82 => {
            let (two, rest) = rest.split_first_chunk::<2>()?;
            (
                Some(usize::from(u16::from_be_bytes(*two))).filter(|length| *length >= 0x100)?,
                rest,
            )
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}
