//! The keys by their numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};

use super::VaultError;

/// Bytes of a key.
pub(super) const BYTES: usize = 32;

/// A key; never printed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Key(Arc<[u8; BYTES]>);

impl Key {
    pub(super) fn new(bytes: [u8; BYTES]) -> Self {
        Self(Arc::new(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// What the database remembers of it, so that a wrong file is told from the right one. The key has 256 random
    /// bits: nobody gets from this to it.
    pub(super) fn fingerprint(&self) -> String {
        let bytes = [b"parvis vault fingerprint".as_slice(), self.bytes()].concat();
        let mut text = hex::encode(digest(&SHA256, &bytes));
        text.truncate(16);
        text
    }

    fn random() -> Result<Self, VaultError> {
        let mut bytes = [0_u8; BYTES];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| VaultError::Broken)?;
        Ok(Self::new(bytes))
    }
}

/// All keys; the one with the greatest number seals.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Ring(BTreeMap<u32, Key>);

impl Ring {
    pub(super) fn new_with(number: u32) -> Result<Self, VaultError> {
        Ok(Self(BTreeMap::from([(number, Key::random()?)])))
    }

    pub(super) fn get(&self, number: u32) -> Option<&Key> {
        self.0.get(&number)
    }

    pub(super) fn newest(&self) -> Option<(u32, &Key)> {
        self.0.last_key_value().map(|(number, key)| (*number, key))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (u32, &Key)> {
        self.0.iter().map(|(number, key)| (*number, key))
    }

    /// `false` when the number is taken.
    pub(super) fn put(&mut self, number: u32, key: Key) -> bool {
        self.0.insert(number, key).is_none()
    }

    /// A further key, which seals from now on.
    pub(super) fn add(&mut self) -> Result<u32, VaultError> {
        let number = self.newest().map_or(0, |(number, _)| number) + 1;
        self.0.insert(number, Key::random()?);
        Ok(number)
    }

    /// Only the newest.
    pub(super) fn newest_only(&self) -> Self {
        Self(
            self.0
                .iter()
                .last()
                .map(|(number, key)| (*number, key.clone()))
                .into_iter()
                .collect(),
        )
    }
}
