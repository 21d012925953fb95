//! `discussion_gone`, and what keeps two activities about one object from passing one another.

use aws_lc_rs::digest::{SHA256, digest};
use platform::{StoreError, Timestamp, Tx, on_tx};

fn hash(actor: &str, uri: &str) -> Vec<u8> {
    digest(&SHA256, format!("{actor}\n{uri}").as_bytes())
        .as_ref()
        .to_vec()
}

/// Lets nobody else do anything with this object before the end of the transaction. On SQLite the
/// transaction is the only writer anyhow.
pub(crate) async fn lock(tx: &mut Tx, uri: &str) -> Result<(), StoreError> {
    if !tx.is_postgres() {
        return Ok(());
    }
    let hash = hash("", uri);
    let number = hash
        .first_chunk::<8>()
        .map_or(0, |bytes| i64::from_be_bytes(*bytes));
    on_tx!(tx, c => sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(number).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Remembers that this actor took this back.
pub(crate) async fn mark(tx: &mut Tx, actor: &str, uri: &str, now: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO discussion_gone (hash, gone_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING")
        .bind(hash(actor, uri)).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Forgets that this actor took this back: it was restored.
pub(crate) async fn unmark(tx: &mut Tx, actor: &str, uri: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM discussion_gone WHERE hash = $1")
        .bind(hash(actor, uri)).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Whether this actor took this back.
pub(crate) async fn is_marked(tx: &mut Tx, actor: &str, uri: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = on_tx!(tx, c => sqlx::query_scalar(
        "SELECT gone_at FROM discussion_gone WHERE hash = $1")
        .bind(hash(actor, uri)).fetch_optional(c).await)?;
    Ok(found.is_some())
}
