//! Whose events of other servers a commune shows.

use federation::ActorId;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

pub(crate) async fn insert(
    tx: &mut Tx,
    commune: &str,
    actor: ActorId,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO agenda_source (commune, actor_id, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (commune, actor_id) DO NOTHING").bind(commune).bind(actor).bind(now)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn remove(tx: &mut Tx, commune: &str, actor: ActorId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM agenda_source WHERE commune = $1 AND actor_id = $2")
        .bind(commune).bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Whose events a commune shows, in the order in which it took them up.
pub(crate) async fn of_commune(db: &Db, commune: &str) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT actor_id FROM agenda_source WHERE commune = $1 ORDER BY created_at, actor_id LIMIT 200")
        .bind(commune).fetch_all(c).await)?)
}

/// Whether any commune here shows an actor's events.
pub(crate) async fn is_one(db: &Db, actor: ActorId) -> Result<bool, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM agenda_source WHERE actor_id = $1").bind(actor).fetch_one(c).await)?
        > 0)
}
