//! Shares as the client API lists them, and figures of an actor.

use federation::ActorId;
use platform::store::{Page, Paging};
use platform::{Db, StoreError, on_db};

use super::reactions::Row;
use crate::model::Target;

pub(crate) async fn share_by_id(db: &Db, id: i64) -> Result<Option<Row>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT target_kind, target_id, actor_id, uri, id, created_at FROM discussion_share WHERE id = $1")
        .bind(id).fetch_optional(c).await)?)
}

pub(crate) async fn share_of(db: &Db, actor: ActorId, target: Target) -> Result<Option<Row>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT target_kind, target_id, actor_id, uri, id, created_at FROM discussion_share
         WHERE target_kind = $1 AND target_id = $2 AND actor_id = $3")
        .bind(target.kind).bind(target.id).bind(actor).fetch_optional(c).await)?)
}

/// What those whom an actor follows shared, newest first; nothing of dark citizens.
pub(crate) async fn shares_followed(
    db: &Db,
    follower: ActorId,
    paging: &Paging,
) -> Result<Page<Row>, StoreError> {
    let sql = if paging.is_ascending() {
        "SELECT s.target_kind, s.target_id, s.actor_id, s.uri, s.id, s.created_at
         FROM discussion_share s JOIN federation_actor a ON a.id = s.actor_id
         WHERE s.actor_id IN (SELECT followee_id FROM federation_follow WHERE follower_id = $1 AND accepted)
           AND a.federated AND a.deleted_at IS NULL AND NOT a.suspended AND s.id < $2 AND s.id > $3
         ORDER BY s.id ASC LIMIT $4"
    } else {
        "SELECT s.target_kind, s.target_id, s.actor_id, s.uri, s.id, s.created_at
         FROM discussion_share s JOIN federation_actor a ON a.id = s.actor_id
         WHERE s.actor_id IN (SELECT followee_id FROM federation_follow WHERE follower_id = $1 AND accepted)
           AND a.federated AND a.deleted_at IS NULL AND NOT a.suspended AND s.id < $2 AND s.id > $3
         ORDER BY s.id DESC LIMIT $4"
    };
    let rows = on_db!(db, c => sqlx::query_as(sql).bind(follower).bind(paging.below()).bind(paging.above())
        .bind(paging.limit_and_one()).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// How many open comments an actor wrote.
pub(crate) async fn count_comments(db: &Db, actor: ActorId) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM discussion_comment
         WHERE actor_id = $1 AND state = 'shown' AND NOT narrow AND visibility IN ('public', 'unlisted')")
        .bind(actor).fetch_one(c).await)?)
}
