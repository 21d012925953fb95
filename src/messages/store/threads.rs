//! `messages_thread` and `messages_read`.

use platform::store::{Page, Paging};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};
use sqlx::AssertSqlSafe;

use crate::model::{Kind, MessageId, ServiceId, ThreadId};

/// A thread as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct ThreadRow {
    pub(crate) id: ThreadId,
    pub(crate) commune: String,
    pub(crate) service_id: ServiceId,
    pub(crate) office_id: i64,
    pub(crate) writer_id: Option<i64>,
    pub(crate) kind: Kind,
    pub(crate) remote: bool,
    pub(crate) subject: Vec<u8>,
    pub(crate) mandate: String,
    pub(crate) assigned_to: Option<i64>,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) hidden_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) last_id: MessageId,
    pub(crate) last_office: bool,
}

const COLUMNS: &str =
    "id, commune, service_id, office_id, writer_id, kind, remote, subject, mandate, assigned_to,
    closed_at, hidden_at, created_at, last_id, last_office";

/// Whose threads.
#[derive(Debug, Clone)]
pub(crate) enum Box {
    /// Those that somebody wrote, to one town hall or to all.
    Writer { actor: i64, commune: Option<String> },
    /// Those of a town hall: of these services, or given to this account; `None`: of all services.
    Office {
        commune: String,
        services: Option<Vec<ServiceId>>,
        account: i64,
        /// Conversations with the mayor of other mandates are left out.
        mandate: Option<String>,
    },
}

pub(crate) async fn insert_thread(tx: &mut Tx, row: &ThreadRow) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO messages_thread (id, commune, service_id, office_id, writer_id, kind, remote, subject, mandate,
             assigned_to, closed_at, hidden_at, created_at, last_id, last_office)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
        .bind(row.id).bind(&row.commune).bind(row.service_id).bind(row.office_id).bind(row.writer_id)
        .bind(row.kind).bind(row.remote).bind(&row.subject).bind(&row.mandate).bind(row.assigned_to)
        .bind(row.closed_at).bind(row.hidden_at).bind(row.created_at).bind(row.last_id).bind(row.last_office)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn thread(db: &Db, id: ThreadId) -> Result<Option<ThreadRow>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM messages_thread WHERE id = $1")))
        .bind(id).fetch_optional(c).await)?)
}

/// The same, held until the transaction ends.
pub(crate) async fn thread_in(tx: &mut Tx, id: ThreadId) -> Result<Option<ThreadRow>, StoreError> {
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    Ok(on_tx!(tx, c => sqlx::query_as(AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM messages_thread WHERE id = $1{lock}")))
        .bind(id).fetch_optional(c).await)?)
}

/// A page of threads, the one with the newest message first; paging is by that message.
pub(crate) async fn list(db: &Db, whose: &Box, paging: &Paging) -> Result<Page<ThreadRow>, StoreError> {
    let (ascending, limit) = (paging.is_ascending(), paging.limit);
    macro_rules! build {
        ($kind:ty) => {{
            let mut query = sqlx::QueryBuilder::<$kind>::new("SELECT ");
            query.push(COLUMNS).push(" FROM messages_thread WHERE ");
            match whose {
                Box::Writer { actor, commune } => {
                    query
                        .push("writer_id = ")
                        .push_bind(*actor)
                        .push(" AND hidden_at IS NULL");
                    if let Some(commune) = commune {
                        query.push(" AND commune = ").push_bind(commune.clone());
                    }
                }
                Box::Office {
                    commune,
                    services,
                    account,
                    mandate,
                } => {
                    query.push("commune = ").push_bind(commune.clone());
                    if let Some(services) = services {
                        query.push(" AND (assigned_to = ").push_bind(*account);
                        for service in services {
                            query.push(" OR service_id = ").push_bind(*service);
                        }
                        query.push(")");
                    }
                    if let Some(mandate) = mandate {
                        query
                            .push(" AND (kind = 'request' OR service_id <> 0 OR mandate = ")
                            .push_bind(mandate.clone())
                            .push(")");
                    }
                }
            }
            if let Some(id) = paging.max_id {
                query.push(" AND last_id < ").push_bind(id);
            }
            if let Some(id) = paging.min_id.or(paging.since_id) {
                query.push(" AND last_id > ").push_bind(id);
            }
            query
                .push(if ascending {
                    " ORDER BY last_id ASC LIMIT "
                } else {
                    " ORDER BY last_id DESC LIMIT "
                })
                .push_bind(limit + 1);
            query
        }};
    }
    let mut rows: Vec<ThreadRow> = match db {
        Db::Lite(lite) => {
            build!(sqlx::Sqlite)
                .build_query_as()
                .fetch_all(lite.readers())
                .await?
        }
        Db::Pg(pg) => {
            build!(sqlx::Postgres)
                .build_query_as()
                .fetch_all(pg.pool())
                .await?
        }
    };
    let has_more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    if ascending {
        rows.reverse();
    }
    Ok(Page {
        items: rows,
        has_more,
    })
}

/// All threads of a writer, for the end of her account.
pub(crate) async fn of_writer_in(tx: &mut Tx, actor: i64) -> Result<Vec<ThreadRow>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM messages_thread WHERE writer_id = $1 ORDER BY id")))
        .bind(actor).fetch_all(c).await)?)
}

/// A message that both sides see was written.
pub(crate) async fn touch(
    tx: &mut Tx,
    id: ThreadId,
    last: MessageId,
    office: bool,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE messages_thread SET last_id = $2, last_office = $3, hidden_at = NULL WHERE id = $1 AND last_id < $2")
        .bind(id).bind(last).bind(office).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn close(tx: &mut Tx, id: ThreadId, at: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE messages_thread SET closed_at = $2 WHERE id = $1")
        .bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn reopen(tx: &mut Tx, id: ThreadId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE messages_thread SET closed_at = NULL WHERE id = $1")
        .bind(id).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn assign(
    tx: &mut Tx,
    id: ThreadId,
    service: ServiceId,
    account: Option<i64>,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE messages_thread SET assigned_to = $2, service_id = $3 WHERE id = $1")
        .bind(id).bind(account).bind(service).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn hide(tx: &mut Tx, id: ThreadId, at: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE messages_thread SET hidden_at = $2 WHERE id = $1")
        .bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The account of its writer has ended; the thread stays with the town hall.
pub(crate) async fn cut_writer(tx: &mut Tx, id: ThreadId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE messages_thread SET writer_id = NULL WHERE id = $1")
        .bind(id).execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query("UPDATE messages_message SET actor_id = NULL WHERE thread_id = $1 AND side = 'writer'")
        .bind(id).execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query("DELETE FROM messages_read WHERE thread_id = $1 AND NOT office")
        .bind(id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Removes a thread with everything in it.
pub(crate) async fn remove_thread(tx: &mut Tx, id: ThreadId) -> Result<(), StoreError> {
    for table in [
        "DELETE FROM messages_attachment WHERE thread_id = $1",
        "DELETE FROM messages_message WHERE thread_id = $1",
        "DELETE FROM messages_read WHERE thread_id = $1",
        "DELETE FROM messages_log WHERE thread_id = $1",
        "DELETE FROM messages_thread WHERE id = $1",
    ] {
        on_tx!(tx, c => sqlx::query(table).bind(id).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Somebody has read up to this message.
pub(crate) async fn mark_read(
    tx: &mut Tx,
    id: ThreadId,
    reader: i64,
    office: bool,
    up_to: MessageId,
    at: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO messages_read (thread_id, reader_id, office, up_to, read_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (thread_id, reader_id) DO UPDATE SET up_to = excluded.up_to, read_at = excluded.read_at,
             office = excluded.office
         WHERE messages_read.up_to < excluded.up_to")
        .bind(id).bind(reader).bind(office).bind(up_to).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// How far a reader is.
pub(crate) async fn read_up_to(db: &Db, id: ThreadId, reader: i64) -> Result<Option<MessageId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT up_to FROM messages_read WHERE thread_id = $1 AND reader_id = $2")
        .bind(id).bind(reader).fetch_optional(c).await)?)
}

/// How far the other side is: the town hall for the writer, the writer for the town hall.
pub(crate) async fn others_read(
    db: &Db,
    id: ThreadId,
    office: bool,
) -> Result<Option<(MessageId, Timestamp)>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT up_to, read_at FROM messages_read WHERE thread_id = $1 AND office = $2 ORDER BY up_to DESC LIMIT 1")
        .bind(id).bind(office).fetch_optional(c).await)?)
}

/// How many messages of the other side are unread in a thread.
pub(crate) async fn unread(db: &Db, id: ThreadId, reader: i64, for_office: bool) -> Result<i64, StoreError> {
    let sides = if for_office {
        "('writer', 'note')"
    } else {
        "('office', 'receipt')"
    };
    Ok(on_db!(db, c => sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT COUNT(*) FROM messages_message WHERE thread_id = $1 AND side IN {sides} AND actor_id <> $2
             AND deleted_at IS NULL
             AND id > COALESCE((SELECT up_to FROM messages_read WHERE thread_id = $1 AND reader_id = $2), 0)")))
        .bind(id).bind(reader).fetch_one(c).await)?)
}

/// In how many of her conversations with each town hall something waits for their writer.
pub(crate) async fn waiting_for_writer(db: &Db, actor: i64) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT t.commune, COUNT(*) FROM messages_thread t
         WHERE t.writer_id = $1 AND t.hidden_at IS NULL AND EXISTS (
             SELECT 1 FROM messages_message m WHERE m.thread_id = t.id AND m.side IN ('office', 'receipt')
               AND m.deleted_at IS NULL AND m.id > COALESCE((SELECT r.up_to FROM messages_read r
                   WHERE r.thread_id = t.id AND r.reader_id = $1), 0))
         GROUP BY t.commune").bind(actor).fetch_all(c).await)?)
}

/// Somebody who reads for a town hall.
#[derive(Debug, Clone)]
pub(crate) struct OfficeReader<'a> {
    pub(crate) commune: &'a str,
    pub(crate) actor: i64,
    pub(crate) account: i64,
    /// Whatever the service.
    pub(crate) all: bool,
    /// Conversations with the mayor of other mandates are left out.
    pub(crate) mandate: Option<String>,
}

/// In how many open conversations a letter waits for somebody who reads for a town hall.
pub(crate) async fn waiting_for_office(db: &Db, reader: &OfficeReader<'_>) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM messages_thread t
         WHERE t.commune = $1 AND NOT t.last_office AND t.closed_at IS NULL AND t.writer_id <> $2
           AND ($3 OR t.assigned_to = $4 OR EXISTS (SELECT 1 FROM messages_agent a
               WHERE a.commune = t.commune AND a.service_id = t.service_id AND a.account_id = $4))
           AND (t.kind = 'request' OR t.service_id <> 0 OR NOT $5 OR t.mandate = $6)
           AND EXISTS (SELECT 1 FROM messages_message m WHERE m.thread_id = t.id AND m.side = 'writer'
               AND m.deleted_at IS NULL AND m.id > COALESCE((SELECT r.up_to FROM messages_read r
                   WHERE r.thread_id = t.id AND r.reader_id = $2), 0))")
        .bind(reader.commune).bind(reader.actor).bind(reader.all).bind(reader.account)
        .bind(reader.mandate.is_some()).bind(reader.mandate.as_deref().unwrap_or_default())
        .fetch_one(c).await)?)
}
