//! The lock of the ballot box: while a poll runs, ballots lie in the database under a key that is not in it.
//!
//! The key is a file of its own (`urnes/{poll}.cle` in the data folder, readable by the server only). It is in no
//! backup, and destroyed once the poll is closed: from then on nobody reads what old copies of the database, its log
//! or its freed pages hold, and so nobody learns in which order, at which moment or between which two backups a
//! ballot came. The reasons stand in `docs/decisions/0008-secret-ballot.md`.

use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;

use crate::model::PollId;

/// The folder in the data folder.
const FOLDER: &str = "urnes";

/// Why a box cannot be locked or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key is not there: it was destroyed, or the database came from a backup.
    #[error("the key of the ballot box is not there")]
    Missing,
    /// The file system.
    #[error("the key of the ballot box: {0}")]
    File(#[from] std::io::Error),
    /// The ballot was not locked with this key, or was changed.
    #[error("the ballot cannot be unlocked")]
    Broken,
}

/// The key of one ballot box.
pub struct Seal {
    secret: [u8; 32],
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// From its 32 bytes.
    pub const fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    fn derived(&self, purpose: &str) -> hmac::Tag {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret);
        hmac::sign(&key, purpose.as_bytes())
    }

    /// By what a ballot is found while the box is locked. Says nothing to whoever has not the key.
    pub fn tag(&self, key: &[u8]) -> Vec<u8> {
        let hmac_key = hmac::Key::new(hmac::HMAC_SHA256, self.derived("tag").as_ref());
        hmac::sign(&hmac_key, key).as_ref().to_vec()
    }

    /// 32 bytes that follow from `about` and the key: what the weaker way needs to find again.
    pub fn follows(&self, purpose: &str, about: &[u8]) -> [u8; 32] {
        let hmac_key = hmac::Key::new(hmac::HMAC_SHA256, self.derived(purpose).as_ref());
        let tag = hmac::sign(&hmac_key, about);
        let mut out = [0; 32];
        for (to, from) in out.iter_mut().zip(tag.as_ref()) {
            *to = *from;
        }
        out
    }

    fn cipher(&self) -> Result<LessSafeKey, SealError> {
        UnboundKey::new(&AES_256_GCM, self.derived("box").as_ref())
            .map(LessSafeKey::new)
            .map_err(|_| SealError::Broken)
    }

    /// Locks a ballot. Ballots of one length give boxes of one length.
    ///
    /// # Errors
    /// [`SealError::Broken`], which does not happen.
    pub fn lock(&self, nonce: [u8; NONCE_LEN], tag: &[u8], ballot: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut locked = ballot.to_vec();
        self.cipher()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(tag), &mut locked)
            .map_err(|_| SealError::Broken)?;
        Ok([nonce.as_slice(), &locked].concat())
    }

    /// Unlocks it.
    ///
    /// # Errors
    /// [`SealError::Broken`] when it was changed, or locked under another tag or key.
    pub fn unlock(&self, tag: &[u8], locked: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, sealed) = locked.split_at_checked(NONCE_LEN).ok_or(SealError::Broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Broken)?;
        let mut sealed = sealed.to_vec();
        let opened = self
            .cipher()?
            .open_in_place(nonce, Aad::from(tag), &mut sealed)
            .map_err(|_| SealError::Broken)?;
        Ok(opened.to_vec())
    }
}

/// Where the keys lie.
#[derive(Debug, Clone)]
pub struct Seals {
    folder: PathBuf,
}

impl Seals {
    /// In a data folder.
    pub fn in_folder(data: &Path) -> Self {
        Self {
            folder: data.join(FOLDER),
        }
    }

    fn path(&self, poll: PollId) -> PathBuf {
        self.folder.join(format!("{poll}.cle"))
    }

    /// Makes the key of a poll, on the disk before anybody votes.
    ///
    /// # Errors
    /// [`SealError::File`]; a key that is there is not replaced.
    pub fn make(&self, poll: PollId, secret: [u8; 32]) -> Result<Seal, SealError> {
        std::fs::create_dir_all(&self.folder)?;
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(self.path(poll))?;
        file.write_all(&secret)?;
        file.sync_all()?;
        std::fs::File::open(&self.folder)?.sync_all()?;
        Ok(Seal::new(secret))
    }

    /// The key of a running poll.
    ///
    /// # Errors
    /// [`SealError::Missing`].
    pub fn of(&self, poll: PollId) -> Result<Seal, SealError> {
        let bytes = match std::fs::read(self.path(poll)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(SealError::Missing),
            other => other?,
        };
        let secret = bytes.try_into().map_err(|_| SealError::Missing)?;
        Ok(Seal::new(secret))
    }

    /// Destroys a key: overwritten, then removed. One that is gone already is as good.
    ///
    /// # Errors
    /// [`SealError::File`].
    pub fn destroy(&self, poll: PollId) -> Result<(), SealError> {
        let path = self.path(poll);
        match std::fs::OpenOptions::new().write(true).open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error.into()),
            Ok(mut file) => {
                file.write_all(&[0; 32])?;
                file.sync_all()?;
            }
        }
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Of which polls there are keys.
    ///
    /// # Errors
    /// [`SealError::File`].
    pub fn all(&self) -> Result<Vec<PollId>, SealError> {
        let entries = match std::fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut polls = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(".cle"));
            polls.extend(id.and_then(|id| id.parse::<PollId>().ok()));
        }
        Ok(polls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_locked_is_unlocked_with_its_key_and_tag_only() {
        let (seal, other) = (Seal::new([1; 32]), Seal::new([2; 32]));
        let tag = seal.tag(b"number");
        let locked = seal.lock([9; 12], &tag, b"ballot").unwrap();
        assert_eq!(seal.unlock(&tag, &locked).unwrap(), b"ballot");
        assert!(other.unlock(&tag, &locked).is_err());
        assert!(seal.unlock(&seal.tag(b"another"), &locked).is_err());
        let mut bent = locked.clone();
        bent[15] ^= 1;
        assert!(seal.unlock(&tag, &bent).is_err());
        assert!(seal.unlock(&tag, b"").is_err());
        assert_ne!(tag, other.tag(b"number"));
        assert_ne!(seal.lock([8; 12], &tag, b"ballot").unwrap(), locked);
        assert_ne!(seal.follows("serial", b"a"), seal.follows("factor", b"a"));
    }

    #[test]
    fn a_key_is_made_once_and_destroyed_for_good() {
        let folder = platform::testing::TestFolder::new();
        let seals = Seals::in_folder(&folder.0);
        let poll = PollId(117);
        assert!(matches!(seals.of(poll), Err(SealError::Missing)));
        seals.make(poll, [5; 32]).unwrap();
        assert!(seals.make(poll, [6; 32]).is_err());
        assert_eq!(seals.all().unwrap(), [poll]);
        let tag = Seal::new([5; 32]).tag(b"x");
        assert_eq!(seals.of(poll).unwrap().tag(b"x"), tag);
        seals.destroy(poll).unwrap();
        seals.destroy(poll).unwrap();
        assert!(matches!(seals.of(poll), Err(SealError::Missing)));
        assert_eq!(seals.all().unwrap(), []);
    }
}
