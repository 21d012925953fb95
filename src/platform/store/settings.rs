//! Facts about the database as a whole (`platform_setting`): its base URL, the age of its tables of data.

use super::{Db, StoreError, Tx};
use crate::{on_db, on_tx};

/// The value of a setting.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn setting(db: &Db, name: &str) -> Result<Option<String>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_scalar("SELECT value FROM platform_setting WHERE name = $1")
        .bind(name).fetch_optional(c).await)?,
    )
}

/// The value of a setting, inside a transaction.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn setting_in(tx: &mut Tx, name: &str) -> Result<Option<String>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_scalar("SELECT value FROM platform_setting WHERE name = $1")
        .bind(name).fetch_optional(c).await)?,
    )
}

/// Writes a setting.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn set_setting(tx: &mut Tx, name: &str, value: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO platform_setting (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(name).bind(value).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Writes a setting unless it has a value; gives the value it has then.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn insert_setting_once(tx: &mut Tx, name: &str, value: &str) -> Result<String, StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO platform_setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(name).bind(value).execute(c).await.map(|_| ()))?;
    Ok(
        on_tx!(tx, c => sqlx::query_scalar("SELECT value FROM platform_setting WHERE name = $1")
        .bind(name).fetch_one(c).await)?,
    )
}
