//! RSA blind signatures (RFC 9474, RSABSSA-SHA384-PSS-Randomized).
//!
//! The server's part is the bare signature of a blinded message; verifying is ordinary RSASSA-PSS. The voter's part
//! (blinding, unblinding) is usually played by her browser (`templates/static/urne.js`); it stands here too, for the
//! weaker way of those who vote without JavaScript and for programs. The test vectors of the RFC are run for both.
//!
//! Why `rsa` alone and not the crate `blind-rsa-signatures`: see `docs/decisions/0008-secret-ballot.md`.

use aws_lc_rs::digest::{SHA384, digest};
use aws_lc_rs::signature::{RSA_PSS_2048_8192_SHA384, UnparsedPublicKey};
use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;
use rsa::BoxedUint;
use rsa::hazmat::{rsa_decrypt_and_check, rsa_encrypt};
use rsa::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _};
use rsa::traits::PublicKeyParts as _;

/// Bits of the key of a poll.
pub const BITS: usize = 2048;
/// Bytes of the modulus, of a blinded message and of a signature.
pub const SIZE: usize = BITS / 8;
/// Bytes of a SHA-384, and of the salt.
const HASH: usize = 48;

/// What is wrong with a key or a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlindError {
    /// A key that cannot be read or made.
    #[error("the key cannot be used")]
    Key,
    /// A message or signature of the wrong length, or beyond the modulus.
    #[error("the message does not fit the key")]
    Message,
    /// The signature is not of this message by this key.
    #[error("the signature is wrong")]
    Signature,
}

/// Signs blinded messages. Kept by the server until the poll is closed.
#[derive(Debug, Clone)]
pub struct PrivateKey(rsa::PrivateKey);

/// Verifies signatures. Published.
#[derive(Debug, Clone)]
pub struct PublicKey {
    key: rsa::PublicKey,
    der: Vec<u8>,
}

/// What the voter keeps to herself between blinding and unblinding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blinding {
    /// What the server signs.
    pub blinded: Vec<u8>,
    /// The inverse of the blinding factor.
    pub inverse: Vec<u8>,
}

impl PrivateKey {
    /// A new key. Takes a good part of a second: not to be called on an async thread.
    ///
    /// # Errors
    /// [`BlindError::Key`].
    pub fn generate(seed: [u8; 32], bits: usize) -> Result<Self, BlindError> {
        let mut rng = ChaCha20Rng::from_seed(seed);
        rsa::PrivateKey::new(&mut rng, bits)
            .map(Self)
            .map_err(|_| BlindError::Key)
    }

    /// Reads PKCS#8.
    ///
    /// # Errors
    /// [`BlindError::Key`].
    pub fn from_der(der: &[u8]) -> Result<Self, BlindError> {
        rsa::PrivateKey::from_pkcs8_der(der)
            .map(Self)
            .map_err(|_| BlindError::Key)
    }

    /// As PKCS#8.
    ///
    /// # Errors
    /// [`BlindError::Key`].
    pub fn to_der(&self) -> Result<Vec<u8>, BlindError> {
        self.0
            .to_pkcs8_der()
            .map(|der| der.as_bytes().to_vec())
            .map_err(|_| BlindError::Key)
    }

    /// The public half.
    ///
    /// # Errors
    /// [`BlindError::Key`].
    pub fn public(&self) -> Result<PublicKey, BlindError> {
        PublicKey::of(self.0.to_public_key())
    }

    /// Signs what it cannot read. The same message always gets the same signature; `seed` only hides the
    /// computation from whoever measures it.
    ///
    /// # Errors
    /// [`BlindError::Message`] for one that is no number below the modulus.
    pub fn blind_sign(&self, seed: [u8; 32], blinded: &[u8]) -> Result<Vec<u8>, BlindError> {
        let size = self.0.size();
        let number = number_below(&self.0, blinded)?;
        let mut rng = ChaCha20Rng::from_seed(seed);
        let signed =
            rsa_decrypt_and_check(&self.0, Some(&mut rng), &number).map_err(|_| BlindError::Message)?;
        Ok(padded(&signed, size))
    }
}

impl PublicKey {
    fn of(key: rsa::PublicKey) -> Result<Self, BlindError> {
        let der = key.to_public_key_der().map_err(|_| BlindError::Key)?;
        Ok(Self {
            der: der.as_bytes().to_vec(),
            key,
        })
    }

    /// Reads a SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`BlindError::Key`].
    pub fn from_der(der: &[u8]) -> Result<Self, BlindError> {
        let key = rsa::PublicKey::from_public_key_der(der).map_err(|_| BlindError::Key)?;
        Self::of(key)
    }

    /// From modulus and exponent, as they are published.
    ///
    /// # Errors
    /// [`BlindError::Key`].
    pub fn from_numbers(modulus: &[u8], exponent: &[u8]) -> Result<Self, BlindError> {
        let number = |bytes: &[u8]| {
            let bits = (bytes.len() as u32 * 8).div_ceil(64) * 64;
            BoxedUint::from_be_slice(bytes, bits).map_err(|_| BlindError::Key)
        };
        let key = rsa::PublicKey::new(number(modulus)?, number(exponent)?).map_err(|_| BlindError::Key)?;
        Self::of(key)
    }

    /// As SubjectPublicKeyInfo.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The modulus, big-endian.
    pub fn modulus(&self) -> Vec<u8> {
        padded(self.key.n().as_ref(), self.key.size())
    }

    /// The exponent, big-endian.
    pub fn exponent(&self) -> Vec<u8> {
        self.key.e().to_be_bytes_trimmed_vartime().into_vec()
    }

    /// Whether the signature is of this message (what stands before it included) by this key.
    ///
    /// # Errors
    /// [`BlindError::Signature`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BlindError> {
        UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA384, &self.der)
            .verify(message, signature)
            .map_err(|_| BlindError::Signature)
    }

    /// Blinds a message. `salt` and `factor` are random; the factor is taken modulo the key, from so many bytes
    /// that no value is likelier than another.
    ///
    /// # Errors
    /// [`BlindError::Message`] when the factor has no inverse, which chance does not bring about.
    pub fn blind(&self, message: &[u8], salt: &[u8; HASH], factor: &[u8]) -> Result<Blinding, BlindError> {
        let size = self.key.size();
        let bits = self.key.n_bits_precision();
        let encoded = emsa_pss_encode(message, salt, size)?;
        let encoded = BoxedUint::from_be_slice(&encoded, bits).map_err(|_| BlindError::Message)?;
        let wide = (factor.len() as u32 * 8).div_ceil(64) * 64;
        let factor = BoxedUint::from_be_slice(factor, wide.max(bits)).map_err(|_| BlindError::Message)?;
        let reduced = factor.rem(self.key.n());
        let reduced =
            BoxedUint::from_be_slice(&padded(&reduced, size), bits).map_err(|_| BlindError::Message)?;
        let inverse = reduced.invert_odd_mod(self.key.n_params().modulus());
        let inverse = Option::<BoxedUint>::from(inverse).ok_or(BlindError::Message)?;
        let power = rsa_encrypt(&self.key, &reduced).map_err(|_| BlindError::Message)?;
        let blinded = encoded.mul_mod(&power, self.key.n());
        Ok(Blinding {
            blinded: padded(&blinded, size),
            inverse: padded(&inverse, size),
        })
    }

    /// Takes the blinding off, and verifies what comes out.
    ///
    /// # Errors
    /// [`BlindError::Signature`] when the server signed something else.
    pub fn unblind(&self, message: &[u8], signed: &[u8], inverse: &[u8]) -> Result<Vec<u8>, BlindError> {
        let signed = number_below(&self.key, signed)?;
        let inverse = number_below(&self.key, inverse)?;
        let signature = padded(&signed.mul_mod(&inverse, self.key.n()), self.key.size());
        self.verify(message, &signature)?;
        Ok(signature)
    }
}

/// A number below the modulus from exactly as many bytes as the modulus has.
fn number_below(key: &impl rsa::traits::PublicKeyParts, bytes: &[u8]) -> Result<BoxedUint, BlindError> {
    if bytes.len() != key.size() {
        return Err(BlindError::Message);
    }
    let number = BoxedUint::from_be_slice(bytes, key.n_bits_precision()).map_err(|_| BlindError::Message)?;
    if number >= *key.n().as_ref() {
        return Err(BlindError::Message);
    }
    Ok(number)
}

/// The lower `size` bytes, big-endian.
fn padded(number: &BoxedUint, size: usize) -> Vec<u8> {
    let bytes = number.to_be_bytes_trimmed_vartime();
    let mut out = vec![0; size.saturating_sub(bytes.len())];
    out.extend_from_slice(&bytes);
    out
}

/// EMSA-PSS-ENCODE (RFC 8017, 9.1.1) with SHA-384, MGF1-SHA-384 and a salt of 48 bytes, for a modulus whose length
/// in bits is a multiple of eight.
fn emsa_pss_encode(message: &[u8], salt: &[u8; HASH], size: usize) -> Result<Vec<u8>, BlindError> {
    let db_len = size.checked_sub(HASH + 1).ok_or(BlindError::Message)?;
    let padding = db_len.checked_sub(HASH + 1).ok_or(BlindError::Message)?;
    let mut inner = vec![0; 8];
    inner.extend_from_slice(digest(&SHA384, message).as_ref());
    inner.extend_from_slice(salt);
    let h = digest(&SHA384, &inner);
    let mut db = vec![0; padding];
    db.push(1);
    db.extend_from_slice(salt);
    for (byte, mask) in db.iter_mut().zip(mgf1(h.as_ref(), db_len)) {
        *byte ^= mask;
    }
    if let Some(first) = db.first_mut() {
        *first &= 0x7f;
    }
    db.extend_from_slice(h.as_ref());
    db.push(0xbc);
    Ok(db)
}

/// MGF1 with SHA-384 (RFC 8017, B.2.1).
fn mgf1(seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(length + HASH);
    let mut counter = 0u32;
    while mask.len() < length {
        let mut input = seed.to_vec();
        input.extend_from_slice(&counter.to_be_bytes());
        mask.extend_from_slice(digest(&SHA384, &input).as_ref());
        counter += 1;
    }
    mask.truncate(length);
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9474, appendix A.1.
    fn vector() -> std::collections::HashMap<String, Vec<u8>> {
        let text = include_str!("tests/rfc9474.json");
        let vector: std::collections::HashMap<String, String> = serde_json::from_str(text).unwrap();
        vector
            .into_iter()
            .filter(|(name, _)| name != "name")
            .map(|(name, value)| (name, hex::decode(value).unwrap()))
            .collect()
    }

    fn key(vector: &std::collections::HashMap<String, Vec<u8>>) -> PrivateKey {
        let number = |name: &str, bits| BoxedUint::from_be_slice(&vector[name], bits).unwrap();
        let key = rsa::PrivateKey::from_p_q(number("p", 2048), number("q", 2048), number("e", 64)).unwrap();
        PrivateKey(key)
    }

    #[test]
    fn the_vectors_of_the_rfc_come_out() {
        let v = vector();
        let key = key(&v);
        let public = key.public().unwrap();
        assert_eq!(public.modulus(), v["n"]);
        let salt: [u8; HASH] = v["salt"].clone().try_into().unwrap();
        assert_eq!(
            [v["msg_prefix"].clone(), v["msg"].clone()].concat(),
            v["input_msg"]
        );
        // The vector gives the inverse of the factor: the inverse of that is the factor.
        let inverse = BoxedUint::from_be_slice(&v["inv"], 4096).unwrap();
        let factor =
            Option::<BoxedUint>::from(inverse.invert_odd_mod(public.key.n_params().modulus())).unwrap();
        let blinding = public
            .blind(&v["input_msg"], &salt, &padded(&factor, 512))
            .unwrap();
        assert_eq!(hex::encode(&blinding.blinded), hex::encode(&v["blinded_msg"]));
        assert_eq!(blinding.inverse, v["inv"]);
        let signed = key.blind_sign([7; 32], &blinding.blinded).unwrap();
        assert_eq!(signed, v["blind_sig"]);
        assert_eq!(key.blind_sign([8; 32], &blinding.blinded).unwrap(), signed);
        let signature = public
            .unblind(&v["input_msg"], &signed, &blinding.inverse)
            .unwrap();
        assert_eq!(signature, v["sig"]);
        public.verify(&v["input_msg"], &v["sig"]).unwrap();
    }

    #[test]
    fn a_key_is_written_and_read_again_and_refuses_what_is_not_its_own() {
        let key = PrivateKey::generate([1; 32], BITS).unwrap();
        let again = PrivateKey::from_der(&key.to_der().unwrap()).unwrap();
        let public = PublicKey::from_der(key.public().unwrap().der()).unwrap();
        assert_eq!(public.exponent(), [1, 0, 1]);
        let blinding = public.blind(b"oui", &[3; HASH], &[5; 272]).unwrap();
        let signed = again.blind_sign([0; 32], &blinding.blinded).unwrap();
        let signature = public.unblind(b"oui", &signed, &blinding.inverse).unwrap();
        assert_eq!(signature.len(), SIZE);
        public.verify(b"oui", &signature).unwrap();
        assert_eq!(public.verify(b"non", &signature), Err(BlindError::Signature));
        let mut bent = signature.clone();
        bent[17] ^= 1;
        assert_eq!(public.verify(b"oui", &bent), Err(BlindError::Signature));
        for wrong in [vec![], vec![1; SIZE - 1], vec![0xff; SIZE], public.modulus()] {
            assert_eq!(again.blind_sign([0; 32], &wrong), Err(BlindError::Message));
        }
        assert!(public.unblind(b"non", &signed, &blinding.inverse).is_err());
    }
}
