//! `discussion_rule`.

use platform::{Db, StoreError, Tx, on_db, on_tx};

use crate::model::CommentMode;

pub(crate) async fn of_commune(db: &Db, commune: &str) -> Result<Option<CommentMode>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_scalar("SELECT mode FROM discussion_rule WHERE commune = $1")
        .bind(commune).fetch_optional(c).await)?,
    )
}

pub(crate) async fn of_commune_in(tx: &mut Tx, commune: &str) -> Result<Option<CommentMode>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_scalar("SELECT mode FROM discussion_rule WHERE commune = $1")
        .bind(commune).fetch_optional(c).await)?,
    )
}

pub(crate) async fn set(tx: &mut Tx, commune: &str, mode: CommentMode) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO discussion_rule (commune, mode) VALUES ($1, $2)
         ON CONFLICT (commune) DO UPDATE SET mode = excluded.mode")
        .bind(commune).bind(mode).execute(c).await.map(|_| ()))?;
    Ok(())
}
