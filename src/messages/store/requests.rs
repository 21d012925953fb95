//! `messages_request` and `messages_number`.

use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::ThreadId;

/// A request as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct RequestRow {
    pub(crate) thread_id: ThreadId,
    pub(crate) commune: String,
    pub(crate) year: i64,
    pub(crate) number: i64,
    pub(crate) reference: String,
    pub(crate) person: Vec<u8>,
    pub(crate) registered_at: Timestamp,
    pub(crate) ack_due_at: Timestamp,
    pub(crate) answer_due_at: Timestamp,
    pub(crate) acknowledged_at: Option<Timestamp>,
    pub(crate) answered_at: Option<Timestamp>,
}

/// The next number of a commune in a year. The row is held until the transaction ends: who comes second waits, and a
/// number whose request is not written is given to the next.
pub(crate) async fn next_number(tx: &mut Tx, commune: &str, year: i64) -> Result<i64, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "INSERT INTO messages_number (commune, year, last) VALUES ($1, $2, 1)
         ON CONFLICT (commune, year) DO UPDATE SET last = messages_number.last + 1
         RETURNING last")
        .bind(commune).bind(year).fetch_one(c).await)?)
}

pub(crate) async fn insert_request(tx: &mut Tx, row: &RequestRow) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO messages_request (thread_id, commune, year, number, reference, person, registered_at,
             ack_due_at, answer_due_at, acknowledged_at, answered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .bind(row.thread_id).bind(&row.commune).bind(row.year).bind(row.number).bind(&row.reference)
        .bind(&row.person).bind(row.registered_at).bind(row.ack_due_at).bind(row.answer_due_at)
        .bind(row.acknowledged_at).bind(row.answered_at).execute(c).await.map(|_| ()))?;
    Ok(())
}

const SELECT: &str = "SELECT thread_id, commune, year, number, reference, person, registered_at, ack_due_at,
    answer_due_at, acknowledged_at, answered_at FROM messages_request";

pub(crate) async fn request(db: &Db, thread: ThreadId) -> Result<Option<RequestRow>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE thread_id = $1")))
        .bind(thread).fetch_optional(c).await)?,
    )
}

pub(crate) async fn request_in(tx: &mut Tx, thread: ThreadId) -> Result<Option<RequestRow>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE thread_id = $1")))
        .bind(thread).fetch_optional(c).await)?,
    )
}

pub(crate) async fn mark_acknowledged(
    tx: &mut Tx,
    thread: ThreadId,
    at: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE messages_request SET acknowledged_at = $2 WHERE thread_id = $1")
        .bind(thread).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn mark_answered(tx: &mut Tx, thread: ThreadId, at: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE messages_request SET answered_at = $2 WHERE thread_id = $1 AND answered_at IS NULL")
        .bind(thread).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}
