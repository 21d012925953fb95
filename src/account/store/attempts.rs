//! `account_attempt`.

use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

/// Wrong passwords for one name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Attempt {
    pub(crate) failures: i64,
    pub(crate) closures: i64,
    pub(crate) closed_till: Timestamp,
    pub(crate) changed_at: Timestamp,
}

pub(crate) async fn attempt(db: &Db, name: &[u8]) -> Result<Attempt, StoreError> {
    let found: Option<Attempt> = on_db!(db, c => sqlx::query_as(
        "SELECT failures, closures, closed_till, changed_at FROM account_attempt WHERE name = $1")
        .bind(name).fetch_optional(c).await)?;
    Ok(found.unwrap_or_default())
}

/// Makes sure that there is a row, locks it, and lets `count` say what it becomes.
pub(crate) async fn take_attempt(
    tx: &mut Tx,
    name: &[u8],
    now: Timestamp,
    count: impl FnOnce(Attempt) -> Attempt,
) -> Result<Attempt, StoreError> {
    // The update locks the row on PostgreSQL; SQLite has one writer anyway.
    let before: Attempt = on_tx!(tx, c => sqlx::query_as(
        "INSERT INTO account_attempt (name, failures, closures, closed_till, changed_at) VALUES ($1, 0, 0, 0, $2)
         ON CONFLICT (name) DO UPDATE SET failures = account_attempt.failures
         RETURNING failures, closures, closed_till, changed_at")
        .bind(name).bind(now).fetch_one(c).await)?;
    let after = count(before);
    on_tx!(tx, c => sqlx::query(
        "UPDATE account_attempt SET failures = $2, closures = $3, closed_till = $4, changed_at = $5 WHERE name = $1")
        .bind(name).bind(after.failures).bind(after.closures).bind(after.closed_till).bind(after.changed_at)
        .execute(c).await.map(|_| ()))?;
    Ok(after)
}

/// Starts counting anew.
pub(crate) async fn forget_attempts(tx: &mut Tx, name: &[u8]) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM account_attempt WHERE name = $1")
        .bind(name).execute(c).await.map(|_| ()))?;
    Ok(())
}
