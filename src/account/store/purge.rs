//! What goes by itself: codes, counts, sessions, and accounts that nobody uses.

use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::AccountId;

/// Removes what ran out: codes and counts of before `day_ago`, closed doors of before `week_ago`, sessions and
/// invitations that ended before `now`.
pub(crate) async fn purge(
    tx: &mut Tx,
    now: Timestamp,
    day_ago: Timestamp,
    week_ago: Timestamp,
) -> Result<(), StoreError> {
    for (sql, before) in [
        ("DELETE FROM account_code WHERE created_at <= $1", day_ago),
        ("DELETE FROM account_code_sent WHERE sent_at <= $1", day_ago),
        ("DELETE FROM account_attempt WHERE changed_at <= $1", week_ago),
        ("DELETE FROM account_session WHERE expires_at <= $1", now),
        ("DELETE FROM account_invitation WHERE expires_at <= $1", now),
    ] {
        on_tx!(tx, c => sqlx::query(sql).bind(before).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Accounts that nobody used since then and whose owner was not told yet.
pub(crate) async fn to_warn(
    db: &Db,
    unused_since: Timestamp,
    limit: i64,
) -> Result<Vec<AccountId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT id FROM account WHERE ended_at IS NULL AND seen_at <= $1 AND (warned_at IS NULL OR warned_at < seen_at)
             AND NOT EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = account.id)
         ORDER BY id LIMIT $2")
        .bind(unused_since).bind(limit).fetch_all(c).await)?)
}

/// Notes that she was told.
pub(crate) async fn warned(tx: &mut Tx, id: AccountId, now: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE account SET warned_at = $2 WHERE id = $1")
        .bind(id).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Accounts whose owner was told before that instant and has not come back.
pub(crate) async fn to_end(
    db: &Db,
    warned_before: Timestamp,
    limit: i64,
) -> Result<Vec<AccountId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT id FROM account WHERE ended_at IS NULL AND warned_at <= $1 AND warned_at >= seen_at
             AND NOT EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = account.id)
         ORDER BY id LIMIT $2")
        .bind(warned_before).bind(limit).fetch_all(c).await)?)
}
