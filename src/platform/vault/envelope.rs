//! One sealed value: version, number of the key, 24 random bytes, ciphertext with its tag.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};

use super::VaultError;
use super::ring::Key;

/// The form of a sealed value.
const VERSION: u8 = 1;
/// Version and number.
pub(super) const PREFIX: usize = 5;
/// Random bytes of a value.
const SALT: usize = 24;
/// Bytes of the key and of the nonce of a value.
const KEY: usize = 32;
const NONCE: usize = 12;

/// Where a value stands; it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    table: &'static str,
    column: &'static str,
    row: i64,
}

impl Place {
    /// A column of a row.
    pub const fn new(table: &'static str, column: &'static str, row: i64) -> Self {
        Self { table, column, row }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.table.len() + self.column.len() + 10);
        bytes.extend_from_slice(self.table.as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(self.column.as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(&self.row.to_be_bytes());
        bytes
    }
}

struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        KEY + NONCE
    }
}

/// The beginning of all values of a key.
pub(super) fn prefix(number: u32) -> [u8; PREFIX] {
    let [a, b, c, d] = number.to_be_bytes();
    [VERSION, a, b, c, d]
}

/// The number of the key that sealed a value.
pub(super) fn key_of(sealed: &[u8]) -> Result<u32, VaultError> {
    match sealed {
        [VERSION, a, b, c, d, ..] => Ok(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => Err(VaultError::Broken),
    }
}

/// The cipher and the nonce of one value.
fn derive(key: &Key, salt: &[u8], place: &[u8]) -> Result<(LessSafeKey, Nonce), VaultError> {
    let parts = [b"parvis vault 1".as_slice(), place];
    let mut bytes = [0_u8; KEY + NONCE];
    Salt::new(HKDF_SHA256, salt)
        .extract(key.bytes())
        .expand(&parts, Length)
        .and_then(|made| made.fill(&mut bytes))
        .map_err(|_| VaultError::Broken)?;
    let (cipher, nonce) = bytes.split_at(KEY);
    let cipher = UnboundKey::new(&AES_256_GCM, cipher).map_err(|_| VaultError::Broken)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Broken)?;
    Ok((LessSafeKey::new(cipher), nonce))
}

/// What is authenticated with the ciphertext: the beginning of the value and its place.
fn bound(head: &[u8], place: &[u8]) -> Vec<u8> {
    [head, place].concat()
}

pub(super) fn seal_with(number: u32, key: &Key, place: &Place, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut salt = [0_u8; SALT];
    SystemRandom::new()
        .fill(&mut salt)
        .map_err(|_| VaultError::Broken)?;
    let place = place.bytes();
    let (cipher, nonce) = derive(key, &salt, &place)?;
    let mut head = prefix(number).to_vec();
    head.extend_from_slice(&salt);
    let mut body = plain.to_vec();
    cipher
        .seal_in_place_append_tag(nonce, Aad::from(bound(&head, &place)), &mut body)
        .map_err(|_| VaultError::Broken)?;
    head.append(&mut body);
    Ok(head)
}

pub(super) fn open_with(key: &Key, place: &Place, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    let (head, body) = sealed.split_at_checked(PREFIX + SALT).ok_or(VaultError::Broken)?;
    let salt = head.get(PREFIX..).ok_or(VaultError::Broken)?;
    let place = place.bytes();
    let (cipher, nonce) = derive(key, salt, &place)?;
    let mut body = body.to_vec();
    let length = cipher
        .open_in_place(nonce, Aad::from(bound(head, &place)), &mut body)
        .map_err(|_| VaultError::Broken)?
        .len();
    body.truncate(length);
    Ok(body)
}
