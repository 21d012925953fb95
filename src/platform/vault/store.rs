//! The fingerprints of the keys, and the sealed columns of the rooms. Table and column names come from the program.

use sqlx::AssertSqlSafe;

use super::Column;
use crate::store::{Db, StoreError, Tx, insert_setting_once, set_setting};
use crate::{on_db, on_tx};

const NAME: &str = "vault_key_";

/// The fingerprints by number.
pub(super) async fn remembered(db: &Db) -> Result<Vec<(u32, String)>, StoreError> {
    let rows: Vec<(String, String)> = on_db!(db, c => sqlx::query_as(
        "SELECT name, value FROM platform_setting WHERE name LIKE 'vault\\_key\\_%' ESCAPE '\\' ORDER BY name")
        .fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .filter_map(|(name, value)| Some((name.strip_prefix(NAME)?.parse().ok()?, value)))
        .collect())
}

/// Remembers a fingerprint unless there is one; gives the one that holds.
pub(super) async fn remember(db: &Db, number: u32, fingerprint: &str) -> Result<String, StoreError> {
    let mut tx = db.begin().await?;
    let name = format!("{NAME}{number}");
    let mut kept = insert_setting_once(&mut tx, &name, fingerprint).await?;
    if kept.is_empty() {
        set_setting(&mut tx, &name, fingerprint).await?;
        fingerprint.clone_into(&mut kept);
    }
    tx.commit().await?;
    Ok(kept)
}

/// Forgets one key.
pub(super) async fn forget(db: &Db, number: u32) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, c => sqlx::query("DELETE FROM platform_setting WHERE name = $1")
        .bind(format!("{NAME}{number}")).execute(c).await.map(|_| ()))?;
    tx.commit().await
}

/// Forgets all keys. Their rows stay, empty: a restored database has the rows that its backup counted.
pub(super) async fn forget_all(db: &Db) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, c => sqlx::query(
        "UPDATE platform_setting SET value = '' WHERE name LIKE 'vault\\_key\\_%' ESCAPE '\\'")
        .execute(c).await.map(|_| ()))?;
    tx.commit().await
}

/// Whether a column holds anything.
pub(super) async fn any_sealed(db: &Db, columns: &[Column]) -> Result<bool, StoreError> {
    for Column { table, id, column } in columns {
        let query = format!("SELECT {id} FROM {table} WHERE {column} IS NOT NULL LIMIT 1");
        let found: Option<i64> = on_db!(db, c => sqlx::query_scalar(AssertSqlSafe(query.clone()))
            .fetch_optional(c).await)?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The rows after `after` that are sealed with another key than the one of `prefix`.
pub(super) async fn others(
    db: &Db,
    of: &Column,
    prefix: &[u8],
    after: i64,
    limit: i64,
) -> Result<Vec<i64>, StoreError> {
    let Column { table, id, column } = of;
    let query = format!(
        "SELECT {id} FROM {table} WHERE {id} > $1 AND {column} IS NOT NULL AND substr({column}, 1, 5) <> $2
         ORDER BY {id} LIMIT $3"
    );
    Ok(on_db!(db, c => sqlx::query_scalar(AssertSqlSafe(query.clone()))
        .bind(after).bind(prefix).bind(limit).fetch_all(c).await)?)
}

/// A sealed value.
pub(super) async fn value(db: &Db, of: &Column, row: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let Column { table, id, column } = of;
    let query = format!("SELECT {column} FROM {table} WHERE {id} = $1 AND {column} IS NOT NULL");
    Ok(on_db!(db, c => sqlx::query_scalar(AssertSqlSafe(query.clone()))
        .bind(row).fetch_optional(c).await)?)
}

/// Puts the same value under another key, unless the row has changed meanwhile.
pub(super) async fn reseal(
    tx: &mut Tx,
    of: &Column,
    row: i64,
    old: &[u8],
    new: &[u8],
) -> Result<bool, StoreError> {
    let Column { table, id, column } = of;
    let query = format!("UPDATE {table} SET {column} = $3 WHERE {id} = $1 AND {column} = $2");
    Ok(on_tx!(tx, c => sqlx::query(AssertSqlSafe(query.clone()))
        .bind(row).bind(old).bind(new).execute(c).await.map(|done| done.rows_affected() > 0))?)
}
