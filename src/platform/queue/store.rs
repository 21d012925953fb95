//! The tables `task` and `task_failed`.

use crate::clock::Timestamp;
use crate::store::{Db, Link, StoreError, Tx};
use crate::{on_db, on_tx};

/// A claimed task.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Claimed {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) payload: String,
    pub(super) unique_key: Option<String>,
    pub(super) attempts: i64,
}

/// A task that waits, for the operator's list.
#[derive(Debug, sqlx::FromRow, serde::Serialize)]
pub struct WaitingTask {
    /// Row id.
    pub id: i64,
    /// Kind.
    pub name: String,
    /// Not before.
    pub run_at: Timestamp,
    /// Attempts so far.
    pub attempts: i64,
    /// What the last one said.
    pub last_error: Option<String>,
}

/// A task that was given up.
#[derive(Debug, sqlx::FromRow, serde::Serialize)]
pub struct FailedTask {
    /// Row id.
    pub id: i64,
    /// Kind.
    pub name: String,
    /// Attempts made.
    pub attempts: i64,
    /// What the last one said.
    pub last_error: String,
    /// When it was given up.
    pub failed_at: Timestamp,
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: i64,
    name: &str,
    payload: &str,
    key: Option<&str>,
    run_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO task (id, name, payload, unique_key, run_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (unique_key) DO NOTHING")
        .bind(id).bind(name).bind(payload).bind(key).bind(run_at).bind(now)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Takes up to `limit` due tasks under a lease. The outer condition is checked again because another
/// process may have claimed a row between the inner select and the update.
pub(super) async fn claim(
    tx: &mut Tx,
    now: Timestamp,
    lease_until: Timestamp,
    limit: i64,
) -> Result<Vec<Claimed>, StoreError> {
    let claimed = match tx.link() {
        Link::Lite(c) => {
            sqlx::query_as(
                "UPDATE task SET lease_until = $2, attempts = attempts + 1
                 WHERE id IN (SELECT id FROM task WHERE run_at <= $1 AND (lease_until IS NULL OR lease_until < $1)
                              ORDER BY run_at, id LIMIT $3)
                   AND (lease_until IS NULL OR lease_until < $1)
                 RETURNING id, name, payload, unique_key, attempts",
            )
            .bind(now)
            .bind(lease_until)
            .bind(limit)
            .fetch_all(&mut **c)
            .await?
        }
        Link::Pg(c) => {
            sqlx::query_as(
                "UPDATE task SET lease_until = $2, attempts = attempts + 1
                 WHERE id IN (SELECT id FROM task WHERE run_at <= $1 AND (lease_until IS NULL OR lease_until < $1)
                              ORDER BY run_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
                   AND (lease_until IS NULL OR lease_until < $1)
                 RETURNING id, name, payload, unique_key, attempts",
            )
            .bind(now)
            .bind(lease_until)
            .bind(limit)
            .fetch_all(&mut **c)
            .await?
        }
    };
    Ok(claimed)
}

pub(super) async fn remove(tx: &mut Tx, id: i64) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM task WHERE id = $1").bind(id).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(super) async fn postpone(tx: &mut Tx, id: i64, run_at: Timestamp, error: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE task SET run_at = $2, lease_until = NULL, last_error = $3 WHERE id = $1")
        .bind(id).bind(run_at).bind(error).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Lengthens the lease of a task that still runs.
pub(super) async fn hold(tx: &mut Tx, id: i64, lease_until: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE task SET lease_until = $2 WHERE id = $1")
        .bind(id).bind(lease_until).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(super) async fn set_aside(
    tx: &mut Tx,
    task: &Claimed,
    error: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    remove(tx, task.id).await?;
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO task_failed (id, name, payload, attempts, last_error, failed_at)
         VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(task.id).bind(&task.name).bind(&task.payload).bind(task.attempts).bind(error).bind(now)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// When the next task is due.
pub(super) async fn next_due(db: &Db) -> Result<Option<Timestamp>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT MIN(CASE WHEN lease_until > run_at THEN lease_until ELSE run_at END) FROM task")
        .fetch_one(c).await)?)
}

/// The tasks that wait, soonest first.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn waiting(db: &Db, limit: i64) -> Result<Vec<WaitingTask>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT id, name, run_at, attempts, last_error FROM task ORDER BY run_at, id LIMIT $1")
        .bind(limit).fetch_all(c).await)?)
}

/// The tasks given up, newest first.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn failed(db: &Db, limit: i64) -> Result<Vec<FailedTask>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT id, name, attempts, last_error, failed_at FROM task_failed ORDER BY id DESC LIMIT $1")
        .bind(limit).fetch_all(c).await)?)
}

/// Puts a given-up task back in the queue.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such task.
pub async fn retry(tx: &mut Tx, id: i64, now: Timestamp) -> Result<(), StoreError> {
    let moved: Option<(String, String)> = on_tx!(tx, c => sqlx::query_as(
        "DELETE FROM task_failed WHERE id = $1 RETURNING name, payload")
        .bind(id).fetch_optional(c).await)?;
    let (name, payload) = moved.ok_or(StoreError::NotFound("task"))?;
    insert(tx, id, &name, &payload, None, now, now).await?;
    tx.wake(crate::store::Wake::Tasks);
    Ok(())
}
