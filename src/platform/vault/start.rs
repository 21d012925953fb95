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
    /// On SQLite the server will not start; on PostgreSQL it starts without what is sealed.
    Wrong(VaultError),
}

/// Opens the vault of a database: reads its key file, or makes one when there is nothing to lose.
///
/// # Errors
/// [`VaultError`] that says what to do.
pub async fn open(path: &Path, db: &Db, columns: &[Column]) -> Result<Vault, VaultError> {
    let (ring, mark) = match read_or_refuse(path, db, columns).await {
        Ok(Some(found)) => found,
        Err(error @ (VaultError::Missing { .. } | VaultError::Wrong { .. })) if db.is_postgres() => {
            return closed(path, db, error).await;
        }
        Err(error) => return Err(error),
        Ok(None) => {
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
            return closed(path, db, wrong(path, number, "another one")).await;
        }
    }
    Ok(Vault::with(Some(path.to_path_buf()), ring, Some(mark)))
}

/// Another machine has the file: this one serves what needs no key, and takes the file once it is there.
async fn closed(path: &Path, db: &Db, why: VaultError) -> Result<Vault, VaultError> {
    tracing::warn!(error = %why, "private messages and other sealed content are out of reach of this process");
    Ok(Vault::closed(path.to_path_buf(), store::remembered(db).await?))
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
    compare(path, &ring, &known)?;
    Ok(Some((ring, mark)))
}

/// Whether these are the keys that the database remembers.
pub(super) fn compare(path: &Path, ring: &Ring, known: &[(u32, String)]) -> Result<(), VaultError> {
    for (number, fingerprint) in known {
        let found = match ring.get(*number) {
            Some(key) if key.fingerprint() == *fingerprint => continue,
            Some(_) => "another one",
            None => "none",
        };
        return Err(wrong(path, *number, found));
    }
    Ok(())
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
