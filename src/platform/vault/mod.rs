//! Encryption at rest: what is private in the database is unreadable without a key that is not in it.
//!
//! The keys lie in a file beside the data (mode 0600, made at the first start), each with a number. Every value gets a
//! key of its own, derived by HKDF-SHA256 from the newest key and 24 random bytes, and is sealed with AES-256-GCM;
//! table, column and row are bound to it, so that a value moved to another row does not open. All processes that share
//! a database share the file, and read it anew when it has changed.
//!
//! Owns the settings `vault_key_N` (a fingerprint of each key, so that a wrong file is noticed before it does harm).
//! Refuses to start on SQLite with a missing or wrong file when there is something that only the right one opens. On
//! PostgreSQL, where several machines may serve, a machine without the file serves everything else meanwhile.

mod envelope;
mod file;
mod ring;
mod rotate;
mod start;
mod store;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use serde::{Deserialize, Serialize};

use crate::store::StoreError;

pub use envelope::Place;
pub use rotate::{Rotated, replace, retire, rotate};
pub use start::{Standing, forget_unused, look, open};

use envelope::{key_of, open_with, seal_with};
use file::Mark;
use ring::Ring;

/// `[vault]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The file of the keys; empty: `vault.keys` in the data folder.
    pub key_file: PathBuf,
}

impl Config {
    /// Where the file lies.
    pub fn path(&self, data_dir: &Path) -> PathBuf {
        if self.key_file.as_os_str().is_empty() {
            data_dir.join("vault.keys")
        } else {
            self.key_file.clone()
        }
    }
}

/// A column that holds sealed values: what rotation works through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The table.
    pub table: &'static str,
    /// Its column of row ids.
    pub id: &'static str,
    /// The column of sealed values; NULL where there is none.
    pub column: &'static str,
}

/// Why something could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The file of the keys cannot be read or written.
    #[error("the key file {path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file holds something that is no key.
    #[error("the key file {path}, line {line}: {cause}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong with it.
        cause: &'static str,
    },
    /// There is encrypted content and no file.
    #[error(
        "this database holds encrypted content (private messages), and its key file {path} is missing. Put the \
         file back from where you keep it, or name its place in vault.key_file. If it is lost for ever, `parvis vault \
         replace` begins with a new key; what the old one encrypted stays unreadable"
    )]
    Missing {
        /// Where it should lie.
        path: PathBuf,
    },
    /// The file does not belong to this database.
    #[error(
        "the key file {path} does not belong to this database: it has {found} for key {number}. Put the right file \
         there, or name its place in vault.key_file. If it is lost for ever, `parvis vault replace` begins with a new \
         key; what the old one encrypted stays unreadable"
    )]
    Wrong {
        /// The file.
        path: PathBuf,
        /// The number of the key.
        number: u32,
        /// `none` or `another one`.
        found: &'static str,
    },
    /// The key of a value, or any key (0), is not in the file.
    #[error("there is no key {0} in the key file")]
    NoKey(u32),
    /// The value was altered, moved, or sealed with another key of the same number.
    #[error("a sealed value does not open")]
    Broken,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<VaultError> for StoreError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Store(error) => error,
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// Seals and opens; clones share the keys.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    path: Option<PathBuf>,
    keys: RwLock<(Ring, Option<Mark>)>,
    /// The fingerprints a file must have; empty where the file was the right one at the start.
    wanted: Vec<(u32, String)>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("path", &self.0.path)
            .finish_non_exhaustive()
    }
}

impl Vault {
    /// A vault with a new key and no file: tests.
    ///
    /// # Errors
    /// [`VaultError::Broken`] when the system gives no random bytes.
    pub fn in_memory() -> Result<Self, VaultError> {
        Ok(Self::with(None, Ring::new_with(1)?, None))
    }

    fn with(path: Option<PathBuf>, ring: Ring, mark: Option<Mark>) -> Self {
        Self(Arc::new(Inner {
            path,
            keys: RwLock::new((ring, mark)),
            wanted: Vec::new(),
        }))
    }

    /// A vault that opens and seals nothing until the file with these keys is put in its place.
    fn closed(path: PathBuf, wanted: Vec<(u32, String)>) -> Self {
        let mark = file::mark(&path).ok();
        Self(Arc::new(Inner {
            path: Some(path),
            keys: RwLock::new((Ring::default(), mark)),
            wanted,
        }))
    }

    /// Seals a value for its place, with the newest key.
    ///
    /// # Errors
    /// [`VaultError`] when the system gives no random bytes, or the key file has changed and cannot be read.
    pub fn seal(&self, place: &Place, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.refresh()?;
        let ring = self.ring();
        let (number, key) = ring.newest().ok_or(VaultError::NoKey(0))?;
        seal_with(number, key, place, plain)
    }

    /// Seals a text.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub fn seal_text(&self, place: &Place, plain: &str) -> Result<Vec<u8>, VaultError> {
        self.seal(place, plain.as_bytes())
    }

    /// Opens a value of that place.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] or [`VaultError::Broken`].
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let number = key_of(sealed)?;
        if self.ring().get(number).is_none() {
            self.refresh()?;
        }
        let ring = self.ring();
        let key = ring.get(number).ok_or(VaultError::NoKey(number))?;
        open_with(key, place, sealed)
    }

    /// Opens a text.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_text(&self, place: &Place, sealed: &[u8]) -> Result<String, VaultError> {
        String::from_utf8(self.open(place, sealed)?).map_err(|_| VaultError::Broken)
    }

    fn ring(&self) -> Ring {
        match self.0.keys.read() {
            Ok(keys) => keys.0.clone(),
            Err(poisoned) => poisoned.into_inner().0.clone(),
        }
    }

    /// Reads the file anew if another process has written it.
    fn refresh(&self) -> Result<(), VaultError> {
        let Some(path) = &self.0.path else { return Ok(()) };
        let Ok(mark) = file::mark(path) else {
            // A file taken away under a running server harms nothing that is in memory; the next start says it.
            return Ok(());
        };
        let known = match self.0.keys.read() {
            Ok(keys) => keys.1,
            Err(poisoned) => poisoned.into_inner().1,
        };
        if known == Some(mark) {
            return Ok(());
        }
        let (ring, mark) = file::read(path)?;
        start::compare(path, &ring, &self.0.wanted)?;
        match self.0.keys.write() {
            Ok(mut keys) => *keys = (ring, Some(mark)),
            Err(poisoned) => *poisoned.into_inner() = (ring, Some(mark)),
        }
        Ok(())
    }
}
