//! The start: the right file is there, or a first one is made, or the server does not start.

use std::path::{Path, PathBuf};

use super::ring::Ring;
use super::{Column, Vault, VaultError, file, store};
use crate::store::Db;

/// How the key file stands, for `parvis doctor`.
#[derive(Debug)]
pub enum Standing {
    /// It opens what is in the database; the number of its keys.
    Good {
        /// The file.
        path: PathBuf,
        /// How many keys it holds.
        keys: usize,
    },
    /// There is none, and nothing that would need one; the next start makes it.
    NotYet(PathBuf),
    /// The server will not start.
    Wrong(VaultError),
}

/// Opens the vault of a database: reads its key file, or makes one when there is nothing to lose.
///
/// # Errors
/// [`VaultError`] that says what to do.
pub async fn open(path: &Path, db: &Db, columns: &[Column]) -> Result<Vault, VaultError> {
    let (ring, mark) = match read_or_refuse(path, db, columns).await? {
        Some(found) => found,
        None => {
            if !db.is_postgres() {
                // Of an earlier file that sealed nothing.
                store::forget_all(db).await?;
            }
            file::create(path, &Ring::new_with(1)?)?;
            file::read(path)?
        }
    };
    for (number, key) in ring.all() {
        let kept = store::remember(db, number, &key.fingerprint()).await?;
        if kept != key.fingerprint() {
            // Two machines on one database made their first files at the same moment.
            return Err(wrong(path, number, "another one"));
        }
    }
    Ok(Vault::with(Some(path.to_path_buf()), ring, Some(mark)))
}

/// The file's keys if they are the database's; `None` when there is no file and nothing to lose.
async fn read_or_refuse(
    path: &Path,
    db: &Db,
    columns: &[Column],
) -> Result<Option<(Ring, file::Mark)>, VaultError> {
    let known = store::remembered(db).await?;
    if !file::exists(path)? {
        // On PostgreSQL another machine may be about to write with the key that is remembered.
        let is_lost = !known.is_empty() && (db.is_postgres() || store::any_sealed(db, columns).await?);
        return if is_lost {
            Err(VaultError::Missing {
                path: path.to_path_buf(),
            })
        } else {
            Ok(None)
        };
    }
    let (ring, mark) = file::read(path)?;
    for (number, fingerprint) in known {
        let found = match ring.get(number) {
            Some(key) if key.fingerprint() == fingerprint => continue,
            Some(_) => "another one",
            None => "none",
        };
        return Err(wrong(path, number, found));
    }
    Ok(Some((ring, mark)))
}

fn wrong(path: &Path, number: u32, found: &'static str) -> VaultError {
    VaultError::Wrong {
        path: path.to_path_buf(),
        number,
        found,
    }
}

/// How the file stands; changes nothing.
pub async fn look(path: &Path, db: &Db, columns: &[Column]) -> Standing {
    match read_or_refuse(path, db, columns).await {
        Ok(Some((ring, _))) => Standing::Good {
            path: path.to_path_buf(),
            keys: ring.all().count(),
        },
        Ok(None) => Standing::NotYet(path.to_path_buf()),
        Err(error) => Standing::Wrong(error),
    }
}

/// After a restore: a database in which nothing is sealed needs no key file, and a new one may be made for it.
/// Says whether one is needed.
///
/// # Errors
/// [`VaultError::Store`].
pub async fn forget_unused(db: &Db, columns: &[Column]) -> Result<bool, VaultError> {
    if store::any_sealed(db, columns).await? {
        return Ok(true);
    }
    store::forget_all(db).await?;
    Ok(false)
}
