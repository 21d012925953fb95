//! `federation_received`: what other servers sent, verified.

use platform::store::Link;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::receive::{Arrival, Ending};

/// A row to be taken in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Waiting {
    pub(crate) id: i64,
    pub(crate) uri: String,
    pub(crate) actor_uri: String,
    pub(crate) kind: String,
    pub(crate) object_uri: Option<String>,
    pub(crate) body: String,
    pub(crate) attempts: i64,
}

/// Writes an arrival; one that came before leaves no second row. A Follow that is asked again is answered
/// again as long as it stands: the answer may have been lost. One that has ended, however it did, stays so.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: i64,
    arrival: &Arrival,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows = on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_received (id, uri, actor_uri, kind, object_uri, body, state, attempts, due_at,
             received_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $7)
         ON CONFLICT (uri, actor_uri) DO UPDATE SET state = 'waiting', body = excluded.body, attempts = 0,
             due_at = excluded.due_at, verdict = NULL
         WHERE federation_received.kind = 'Follow' AND excluded.kind = 'Follow'
             AND federation_received.state = 'done'
             AND EXISTS (SELECT 1 FROM federation_follow f WHERE f.canonical = federation_received.uri)")
        .bind(id).bind(&arrival.uri).bind(&arrival.actor_uri).bind(&arrival.kind).bind(&arrival.object_uri)
        .bind(&arrival.body).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// When the next row nobody is busy with is due.
pub(crate) async fn next_due(db: &Db, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT due_at FROM federation_received
         WHERE state = 'waiting' AND (lease_until IS NULL OR lease_until <= $1) ORDER BY due_at LIMIT 1")
        .bind(now).fetch_optional(c).await)?)
}

/// Ends all leases: after a crash on SQLite, where no other process can hold one.
pub(crate) async fn end_leases(tx: &mut Tx) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE federation_received SET lease_until = NULL WHERE state = 'waiting' AND lease_until IS NOT NULL")
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Leases the oldest due rows of actors nobody is busy with, at most `limit`, in order of arrival.
pub(crate) async fn claim(
    tx: &mut Tx,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Waiting>, StoreError> {
    if let Link::Pg(link) = tx.link() {
        // Several processes claim one after the other, or two of them could share the rows of one actor.
        sqlx::query("SELECT pg_advisory_xact_lock(7202347101)")
            .execute(&mut **link)
            .await?;
    }
    let rows: Vec<Waiting> = on_tx!(tx, c => sqlx::query_as(
        "SELECT id, uri, actor_uri, kind, object_uri, COALESCE(body, '') AS body, attempts
         FROM federation_received r
         WHERE state = 'waiting' AND due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)
           AND NOT EXISTS (SELECT 1 FROM federation_received b
                           WHERE b.actor_uri = r.actor_uri AND b.state = 'waiting' AND b.lease_until > $1)
         ORDER BY due_at, id LIMIT $2")
        .bind(now).bind(limit).fetch_all(c).await)?;
    if rows.is_empty() {
        return Ok(rows);
    }
    on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("UPDATE federation_received SET lease_until = ");
        query.push_bind(until).push(", attempts = attempts + 1 WHERE id IN (");
        let mut list = query.separated(", ");
        for row in &rows {
            list.push_bind(row.id);
        }
        query.push(")");
        query.build().execute(c).await.map(|_| ())
    })?;
    Ok(rows)
}

/// Holds leased rows for longer.
pub(crate) async fn hold(tx: &mut Tx, ids: &[i64], until: Timestamp) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("UPDATE federation_received SET lease_until = ");
        query.push_bind(until).push(" WHERE state = 'waiting' AND id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        query.push(")");
        query.build().execute(c).await.map(|_| ())
    })?;
    Ok(())
}

/// Records it; the text of what is settled is thrown away.
pub(crate) async fn end(tx: &mut Tx, ending: &Ending) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE federation_received SET state = $2, verdict = $3, due_at = $4, lease_until = NULL,
             body = CASE WHEN $2 = 'waiting' THEN body ELSE NULL END
         WHERE id = $1 AND state = 'waiting'")
        .bind(ending.id).bind(ending.state).bind(&ending.verdict).bind(ending.due_at)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// An activity was undone by its actor, whether it had come before or not: it has no effect any more.
pub(crate) async fn undo(
    tx: &mut Tx,
    id: i64,
    uri: &str,
    actor_uri: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_received (id, uri, actor_uri, kind, state, verdict, due_at, received_at)
         VALUES ($1, $2, $3, '', 'ignored', 'undone', $4, $4)
         ON CONFLICT (uri, actor_uri) DO UPDATE SET state = 'ignored', verdict = 'undone', body = NULL")
        .bind(id).bind(uri).bind(actor_uri).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Forgets what was settled before `before`.
pub(crate) async fn purge(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query(
        "DELETE FROM federation_received WHERE state <> 'waiting' AND received_at < $1")
        .bind(before).execute(c).await.map(|done| done.rows_affected()))?)
}

/// Whether another Move of this actor was taken in since then.
pub(crate) async fn has_moved_since(
    db: &Db,
    actor_uri: &str,
    except: &str,
    since: Timestamp,
) -> Result<bool, StoreError> {
    let found: Option<i64> = on_db!(db, c => sqlx::query_scalar(
        "SELECT id FROM federation_received WHERE actor_uri = $1 AND kind = 'Move' AND state = 'done'
             AND uri <> $2 AND received_at >= $3 LIMIT 1")
        .bind(actor_uri).bind(except).bind(since).fetch_optional(c).await)?;
    Ok(found.is_some())
}
