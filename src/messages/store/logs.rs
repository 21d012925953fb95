//! `messages_log`.

use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::ThreadId;

/// A deed of the town hall.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Logged {
    pub(crate) id: i64,
    pub(crate) thread_id: ThreadId,
    pub(crate) account_id: Option<i64>,
    pub(crate) name: String,
    pub(crate) deed: String,
    pub(crate) detail: String,
    pub(crate) done_at: Timestamp,
}

pub(crate) async fn log(tx: &mut Tx, row: &Logged) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO messages_log (id, thread_id, account_id, name, deed, detail, done_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(row.id).bind(row.thread_id).bind(row.account_id).bind(&row.name).bind(&row.deed)
        .bind(&row.detail).bind(row.done_at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Whether this account did so since then.
pub(crate) async fn has_log_since(
    db: &Db,
    thread: ThreadId,
    account: i64,
    deed: &str,
    since: Timestamp,
) -> Result<bool, StoreError> {
    let found: Option<i64> = on_db!(db, c => sqlx::query_scalar(
        "SELECT id FROM messages_log WHERE thread_id = $1 AND account_id = $2 AND deed = $3 AND done_at > $4 LIMIT 1")
        .bind(thread).bind(account).bind(deed).bind(since).fetch_optional(c).await)?;
    Ok(found.is_some())
}

pub(crate) async fn logs_of(db: &Db, thread: ThreadId, limit: i64) -> Result<Vec<Logged>, StoreError> {
    let mut rows: Vec<Logged> = on_db!(db, c => sqlx::query_as(
        "SELECT id, thread_id, account_id, name, deed, detail, done_at FROM messages_log
         WHERE thread_id = $1 ORDER BY id DESC LIMIT $2")
        .bind(thread).bind(limit).fetch_all(c).await)?;
    rows.reverse();
    Ok(rows)
}
