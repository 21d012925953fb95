//! `messages_attachment`.

use platform::{Db, StoreError, Tx, on_db, on_tx};

use crate::model::{AttachmentId, MessageId, ThreadId};

/// A file as stored, without what is in it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct FileRow {
    pub(crate) id: AttachmentId,
    pub(crate) message_id: MessageId,
    pub(crate) thread_id: ThreadId,
    pub(crate) position: i64,
    pub(crate) name: Vec<u8>,
    pub(crate) mime: String,
    pub(crate) bytes: i64,
}

pub(crate) async fn insert_file(tx: &mut Tx, row: &FileRow, content: &[u8]) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO messages_attachment (id, message_id, thread_id, position, name, mime, bytes, content)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(row.id).bind(row.message_id).bind(row.thread_id).bind(row.position).bind(&row.name)
        .bind(&row.mime).bind(row.bytes).bind(content).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn files_of(db: &Db, thread: ThreadId) -> Result<Vec<FileRow>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT id, message_id, thread_id, position, name, mime, bytes FROM messages_attachment
         WHERE thread_id = $1 ORDER BY message_id, position")
        .bind(thread).fetch_all(c).await)?)
}

pub(crate) async fn file(db: &Db, id: AttachmentId) -> Result<Option<FileRow>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT id, message_id, thread_id, position, name, mime, bytes FROM messages_attachment WHERE id = $1")
        .bind(id).fetch_optional(c).await)?)
}

/// What is in a file, sealed.
pub(crate) async fn content(db: &Db, id: AttachmentId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_scalar("SELECT content FROM messages_attachment WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

pub(crate) async fn remove_files(tx: &mut Tx, message: MessageId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM messages_attachment WHERE message_id = $1")
        .bind(message).execute(c).await.map(|_| ()))?;
    Ok(())
}
