//! One server for one SQLite file: the second is told so and does not start.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// Held while a server uses a SQLite file; the system gives it back even after `kill -9`.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock of a database; nothing to take for PostgreSQL.
///
/// # Errors
/// When another server holds it.
pub fn take(database_url: &str) -> anyhow::Result<Option<Lock>> {
    let Some(path) = database_url
        .strip_prefix("sqlite://")
        .or_else(|| database_url.strip_prefix("sqlite:"))
    else {
        return Ok(None);
    };
    let path = PathBuf::from(format!("{path}.lock"));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    lock(&path).map(Some)
}

fn lock(path: &Path) -> anyhow::Result<Lock> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => {
            bail!(
                "another Parvis server uses this database already ({})",
                path.display()
            )
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}
