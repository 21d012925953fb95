//! `discussion_approval`.

use federation::ActorId;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::Target;

/// What was allowed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Approval {
    /// Row id.
    pub(crate) id: i64,
    /// `quote` or `like`.
    pub(crate) kind: String,
    /// Of what: kind.
    pub(crate) target_kind: String,
    /// Of what: id.
    pub(crate) target_id: i64,
    /// Who asked.
    pub(crate) actor_id: ActorId,
    /// The id of what quotes or likes.
    pub(crate) instrument: String,
    /// When.
    pub(crate) created_at: Timestamp,
}

/// Notes what is allowed; gives the id of the stamp, the first one when it was allowed before.
pub(crate) async fn insert(
    tx: &mut Tx,
    (id, kind, target): (i64, &str, Target),
    (actor, instrument): (ActorId, &str),
    now: Timestamp,
) -> Result<i64, StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO discussion_approval (id, kind, target_kind, target_id, actor_id, instrument, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (kind, instrument, target_kind, target_id) DO NOTHING")
        .bind(id).bind(kind).bind(target.kind).bind(target.id).bind(actor).bind(instrument).bind(now)
        .execute(c).await.map(|_| ()))?;
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT id FROM discussion_approval
         WHERE kind = $1 AND instrument = $2 AND target_kind = $3 AND target_id = $4")
        .bind(kind).bind(instrument).bind(target.kind).bind(target.id).fetch_one(c).await)?)
}

pub(crate) async fn by_id(db: &Db, id: i64) -> Result<Option<Approval>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT id, kind, target_kind, target_id, actor_id, instrument, created_at
         FROM discussion_approval WHERE id = $1").bind(id).fetch_optional(c).await)?)
}
