//! `account_attempt`.

use platform::{StoreError, Timestamp, Tx, on_tx};

use crate::model::Attempts;

type Row = (i64, i64, Timestamp, Timestamp);

/// Counts an attempt as [`Attempts::one_more`] says, in a row locked for it.
pub(crate) async fn count_attempt(
    tx: &mut Tx,
    name: &[u8],
    now: Timestamp,
) -> Result<Result<Attempts, i64>, StoreError> {
    // The update locks the row on PostgreSQL; SQLite has one writer anyway.
    let (failures, closures, closed_till, changed_at): Row = on_tx!(tx, c => sqlx::query_as(
        "INSERT INTO account_attempt (name, failures, closures, closed_till, changed_at) VALUES ($1, 0, 0, 0, $2)
         ON CONFLICT (name) DO UPDATE SET failures = account_attempt.failures
         RETURNING failures, closures, closed_till, changed_at")
        .bind(name).bind(now).fetch_one(c).await)?;
    let before = Attempts {
        failures,
        closures,
        closed_till,
        changed_at,
    };
    let after = before.one_more(now);
    if let Ok(after) = after {
        on_tx!(tx, c => sqlx::query(
            "UPDATE account_attempt SET failures = $2, closures = $3, closed_till = $4, changed_at = $5
             WHERE name = $1")
            .bind(name).bind(after.failures).bind(after.closures).bind(after.closed_till).bind(after.changed_at)
            .execute(c).await.map(|_| ()))?;
    }
    Ok(after)
}

/// Starts counting anew.
pub(crate) async fn forget_attempts(tx: &mut Tx, name: &[u8]) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM account_attempt WHERE name = $1")
        .bind(name).execute(c).await.map(|_| ()))?;
    Ok(())
}
