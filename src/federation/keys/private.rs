//! Private keys: made here, kept in the database as PKCS#8.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};

use super::{Algorithm, KeyKind, KeyRefusal, PublicKey, SigningFailed, pem};

/// A key of ours; cloning costs a counter, printing shows only the public half.
#[derive(Clone)]
pub struct PrivateKey {
    pair: Pair,
    public: PublicKey,
}

#[derive(Clone)]
enum Pair {
    Rsa(Arc<RsaKeyPair>),
    Ed25519(Arc<Ed25519KeyPair>),
}

impl PrivateKey {
    /// Makes an RSA key of 2048 bits. Takes about 50 ms of one core: not on an async thread.
    pub fn generate_rsa() -> Result<Self, KeyRefusal> {
        Self::from_rsa(RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_failed| KeyRefusal::Refused)?)
    }

    /// Makes an Ed25519 key.
    pub fn generate_ed25519() -> Result<Self, KeyRefusal> {
        Self::from_ed25519(Ed25519KeyPair::generate().map_err(|_failed| KeyRefusal::Refused)?)
    }

    /// Reads what [`Self::to_pem`] wrote (PKCS#8; PKCS#1 for keys that come from elsewhere).
    pub fn from_pem(text: &str) -> Result<Self, KeyRefusal> {
        let (label, der) = pem::decode(text).ok_or(KeyRefusal::Unreadable)?;
        match label {
            "PRIVATE KEY" => Self::from_der(&der),
            "RSA PRIVATE KEY" => {
                Self::from_rsa(RsaKeyPair::from_der(&der).map_err(|_refused| KeyRefusal::Refused)?)
            }
            _ => Err(KeyRefusal::Unreadable),
        }
    }

    /// Reads what [`Self::to_der`] wrote (PKCS#8).
    pub fn from_der(der: &[u8]) -> Result<Self, KeyRefusal> {
        if let Ok(pair) = Ed25519KeyPair::from_pkcs8(der) {
            return Self::from_ed25519(pair);
        }
        Self::from_rsa(RsaKeyPair::from_pkcs8(der).map_err(|_refused| KeyRefusal::Refused)?)
    }

    /// The Ed25519 key of a known seed, for the published test vectors.
    #[cfg(test)]
    pub(crate) fn from_ed25519_seed(seed: &[u8]) -> Result<Self, KeyRefusal> {
        Self::from_ed25519(Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_refused| KeyRefusal::Refused)?)
    }

    fn from_rsa(pair: RsaKeyPair) -> Result<Self, KeyRefusal> {
        let public = PublicKey::from_pkcs1(pair.public_key().as_ref(), KeyKind::Rsa, 2048)?;
        Ok(Self {
            pair: Pair::Rsa(Arc::new(pair)),
            public,
        })
    }

    fn from_ed25519(pair: Ed25519KeyPair) -> Result<Self, KeyRefusal> {
        let public = PublicKey::from_ed25519(pair.public_key().as_ref())?;
        Ok(Self {
            pair: Pair::Ed25519(Arc::new(pair)),
            public,
        })
    }

    /// PKCS#8 in DER: keep it secret.
    pub fn to_der(&self) -> Result<Vec<u8>, KeyRefusal> {
        let der = match &self.pair {
            Pair::Rsa(pair) => pair.as_der().map(|der| der.as_ref().to_vec()),
            Pair::Ed25519(pair) => pair.to_pkcs8v1().map(|der| der.as_ref().to_vec()),
        };
        der.map_err(|_failed| KeyRefusal::Refused)
    }

    /// PKCS#8 in PEM: keep it secret.
    pub fn to_pem(&self) -> Result<String, KeyRefusal> {
        Ok(pem::encode("PRIVATE KEY", &self.to_der()?))
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The algorithm [`Self::sign`] uses: RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519.
    pub fn algorithm(&self) -> Algorithm {
        match self.pair {
            Pair::Rsa(_) => Algorithm::RsaV15Sha256,
            Pair::Ed25519(_) => Algorithm::Ed25519,
        }
    }

    /// Signs. RSA takes about 0.7 ms of one core: not on an async thread.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_failed| SigningFailed)?;
                Ok(signature)
            }
            Pair::Ed25519(pair) => {
                let signature = pair.try_sign(message).map_err(|_failed| SigningFailed)?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey(of {:?})", self.public)
    }
}
