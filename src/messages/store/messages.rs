//! `messages_message`.

use platform::store::OnUnique as _;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};
use sqlx::AssertSqlSafe;

use crate::model::{MessageId, Side, ThreadId};

/// A message as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct MessageRow {
    pub(crate) id: MessageId,
    pub(crate) thread_id: ThreadId,
    pub(crate) side: Side,
    pub(crate) actor_id: Option<i64>,
    pub(crate) account_id: Option<i64>,
    pub(crate) byline: String,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) html: bool,
    pub(crate) uri: Option<String>,
    pub(crate) wire: Option<Vec<u8>>,
    pub(crate) edited_at: Option<Timestamp>,
    pub(crate) deleted_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
}

const COLUMNS: &str = "id, thread_id, side, actor_id, account_id, byline, body, html, uri, wire, edited_at,
    deleted_at, created_at";

/// A message whose URI is known already is a conflict.
pub(crate) async fn insert_message(tx: &mut Tx, row: &MessageRow) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO messages_message (id, thread_id, side, actor_id, account_id, byline, body, html, uri, wire,
             edited_at, deleted_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
        .bind(row.id).bind(row.thread_id).bind(row.side).bind(row.actor_id).bind(row.account_id)
        .bind(&row.byline).bind(&row.body).bind(row.html).bind(&row.uri).bind(&row.wire)
        .bind(row.edited_at).bind(row.deleted_at).bind(row.created_at)
        .execute(c).await.map(|_| ()).on_unique("message"))
}

pub(crate) async fn message(db: &Db, id: MessageId) -> Result<Option<MessageRow>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM messages_message WHERE id = $1")))
        .bind(id).fetch_optional(c).await)?)
}

pub(crate) async fn message_in(tx: &mut Tx, id: MessageId) -> Result<Option<MessageRow>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM messages_message WHERE id = $1")))
        .bind(id).fetch_optional(c).await)?)
}

/// The messages of a thread, the oldest first; without the notes unless they are wanted.
pub(crate) async fn in_thread(
    db: &Db,
    id: ThreadId,
    notes: bool,
    limit: i64,
) -> Result<Vec<MessageRow>, StoreError> {
    let mut rows: Vec<MessageRow> = on_db!(db, c => sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM messages_message WHERE thread_id = $1 AND ($2 OR side <> 'note')
         ORDER BY id DESC LIMIT $3")))
        .bind(id).bind(notes).bind(limit).fetch_all(c).await)?;
    rows.reverse();
    Ok(rows)
}

/// One letter to several town halls of this server lies in a thread of each.
pub(crate) async fn by_uri(db: &Db, uri: &str) -> Result<Vec<MessageRow>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM messages_message WHERE uri = $1 ORDER BY id")))
        .bind(uri).fetch_all(c).await)?)
}

pub(crate) async fn by_uri_in(tx: &mut Tx, uri: &str) -> Result<Vec<MessageRow>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM messages_message WHERE uri = $1 ORDER BY id")))
        .bind(uri).fetch_all(c).await)?)
}

/// How many messages somebody wrote to a town hall since then.
pub(crate) async fn count_from_since(
    tx: &mut Tx,
    actor: i64,
    commune: &str,
    since: Timestamp,
) -> Result<i64, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM messages_message m JOIN messages_thread t ON t.id = m.thread_id
         WHERE t.writer_id = $1 AND t.commune = $2 AND m.side = 'writer' AND m.created_at > $3")
        .bind(actor).bind(commune).bind(since).fetch_one(c).await)?)
}

/// The last message of an open thread with somebody of another server.
pub(crate) async fn last_of_peer(
    tx: &mut Tx,
    office: i64,
    writer: i64,
) -> Result<Option<MessageRow>, StoreError> {
    let columns = COLUMNS
        .split(',')
        .map(|name| format!("m.{}", name.trim()))
        .collect::<Vec<_>>()
        .join(", ");
    Ok(on_tx!(tx, c => sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {columns} FROM messages_message m JOIN messages_thread t ON t.id = m.thread_id
         WHERE t.office_id = $1 AND t.writer_id = $2 AND t.remote AND t.closed_at IS NULL AND m.side <> 'note'
         ORDER BY m.id DESC LIMIT 1")))
        .bind(office).bind(writer).fetch_optional(c).await)?)
}

/// New words.
pub(crate) async fn rewrite(
    tx: &mut Tx,
    id: MessageId,
    body: &[u8],
    wire: Option<&[u8]>,
    at: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE messages_message SET body = $2, wire = COALESCE($3, wire), edited_at = $4 WHERE id = $1")
        .bind(id).bind(body).bind(wire).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Leaves of a message only that it was.
pub(crate) async fn wipe(tx: &mut Tx, id: MessageId, at: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE messages_message SET body = NULL, deleted_at = $2 WHERE id = $1")
        .bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Leaves nothing of what somebody of another server wrote: he is gone for good.
pub(crate) async fn purge_bodies(tx: &mut Tx, actor: i64, at: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE messages_message SET body = NULL, wire = NULL, deleted_at = $2 WHERE actor_id = $1 AND side = 'writer'")
        .bind(actor).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}
