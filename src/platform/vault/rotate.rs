//! New keys for old: everything sealed is sealed anew, then the old keys may go.

use std::path::{Path, PathBuf};

use super::envelope::{Place, prefix};
use super::{Column, Vault, VaultError, file, store};
use crate::store::Db;

/// Rows looked for at once.
const BATCH: i64 = 200;

/// What a rotation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// The number of the key that seals now.
    pub key: u32,
    /// Values sealed anew.
    pub values: u64,
    /// Values that no key opens; they stay as they are.
    pub broken: u64,
}

/// Makes a new key and seals everything with it. May be run while servers work: they notice the new file, and what
/// they wrote meanwhile with the old key is found by the last pass.
///
/// # Errors
/// [`VaultError`]; what is done stays done, and another run goes on.
pub async fn rotate(path: &Path, db: &Db, columns: &[Column]) -> Result<Rotated, VaultError> {
    let vault = super::open(path, db, columns).await?;
    let (mut ring, _) = file::read(path)?;
    let key = ring.add()?;
    let fingerprint = ring
        .get(key)
        .map(super::ring::Key::fingerprint)
        .unwrap_or_default();
    // The file first: a key that is not remembered is at the next start, and nothing was ever sealed with a key
    // that is not in the file.
    file::write(path, &ring)?;
    store::remember(db, key, &fingerprint).await?;
    let mut rotated = Rotated {
        key,
        values: 0,
        broken: 0,
    };
    for column in columns {
        // Twice: what a server wrote with the old key while the first pass went by.
        let (values, broken) = pass(&vault, db, column, key).await?;
        rotated.values += values;
        rotated.broken += broken;
        rotated.values += pass(&vault, db, column, key).await?.0;
    }
    Ok(rotated)
}

async fn pass(vault: &Vault, db: &Db, column: &Column, key: u32) -> Result<(u64, u64), VaultError> {
    let (mut values, mut broken, mut after) = (0, 0, 0);
    loop {
        let rows = store::others(db, column, &prefix(key), after, BATCH).await?;
        let Some(last) = rows.last() else {
            return Ok((values, broken));
        };
        after = *last;
        for row in rows {
            let Some(old) = store::value(db, column, row).await? else {
                continue;
            };
            let place = Place::new(column.table, column.column, row);
            let plain = match vault.open(&place, &old) {
                Ok(plain) => plain,
                Err(VaultError::Broken | VaultError::NoKey(_)) => {
                    broken += 1;
                    continue;
                }
                Err(error) => return Err(error),
            };
            let new = vault.seal(&place, &plain)?;
            let mut tx = db.begin().await?;
            if store::reseal(&mut tx, column, row, &old, &new).await? {
                values += 1;
            }
            tx.commit().await?;
        }
    }
}

/// Removes the old keys from the file, if nothing is sealed with them any more. Gives how many went, or how many
/// values still need them.
///
/// # Errors
/// [`VaultError`].
pub async fn retire(path: &Path, db: &Db, columns: &[Column]) -> Result<Result<usize, u64>, VaultError> {
    super::open(path, db, columns).await?;
    let (ring, _) = file::read(path)?;
    let (key, _) = ring.newest().ok_or(VaultError::NoKey(0))?;
    let mut needed = 0;
    for column in columns {
        let mut after = 0;
        loop {
            let rows = store::others(db, column, &prefix(key), after, BATCH).await?;
            let Some(last) = rows.last() else { break };
            after = *last;
            needed += rows.len() as u64;
        }
    }
    if needed > 0 {
        return Ok(Err(needed));
    }
    let old: Vec<u32> = ring
        .all()
        .map(|(number, _)| number)
        .filter(|number| *number != key)
        .collect();
    // The database forgets first: a file with a key too many is good, one with a key too few is refused.
    for number in &old {
        store::forget(db, *number).await?;
    }
    file::write(path, &ring.newest_only())?;
    Ok(Ok(old.len()))
}

/// Begins with a new key file when the old one is lost. A file that is there is kept beside it; gives its new name.
/// What the lost keys sealed stays unreadable. The new key gets a number that none had before.
///
/// # Errors
/// [`VaultError`].
pub async fn replace(path: &Path, db: &Db) -> Result<(u32, Option<PathBuf>), VaultError> {
    let known = store::remembered(db).await?;
    let number = known.iter().map(|(number, _)| *number).max().unwrap_or(0) + 1;
    let aside = file::set_aside(path)?;
    let ring = super::ring::Ring::new_with(number)?;
    file::create(path, &ring)?;
    store::forget_all(db).await?;
    for (number, key) in ring.all() {
        store::remember(db, number, &key.fingerprint()).await?;
    }
    Ok((number, aside))
}
