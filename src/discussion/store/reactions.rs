//! `discussion_like` and `discussion_share`: two tables of one form.

use federation::ActorId;
use platform::store::{Page, Paging};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::Target;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reaction {
    Like,
    Share,
}

/// One like or share.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) target_kind: String,
    pub(crate) target_id: i64,
    pub(crate) actor_id: ActorId,
    pub(crate) uri: String,
    pub(crate) id: i64,
    pub(crate) created_at: Timestamp,
}

/// One SQL text for both tables.
macro_rules! of {
    ($reaction:expr, $before:literal, $after:literal) => {
        match $reaction {
            Reaction::Like => concat!($before, "discussion_like", $after),
            Reaction::Share => concat!($before, "discussion_share", $after),
        }
    };
}

/// Writes one; `false` when this actor did so already.
pub(crate) async fn insert(
    tx: &mut Tx,
    what: Reaction,
    target: Target,
    row: (i64, ActorId, &str),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sql = of!(
        what,
        "INSERT INTO ",
        " (target_kind, target_id, actor_id, uri, id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (target_kind, target_id, actor_id) DO NOTHING"
    );
    let (id, actor, uri) = row;
    let rows = on_tx!(tx, c => sqlx::query(sql).bind(target.kind).bind(target.id).bind(actor).bind(uri).bind(id)
        .bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Removes one; gives the id of its activity if there was one.
pub(crate) async fn remove(
    tx: &mut Tx,
    what: Reaction,
    target: Target,
    actor: ActorId,
) -> Result<Option<String>, StoreError> {
    let sql = of!(
        what,
        "DELETE FROM ",
        " WHERE target_kind = $1 AND target_id = $2 AND actor_id = $3 RETURNING uri"
    );
    Ok(
        on_tx!(tx, c => sqlx::query_scalar(sql).bind(target.kind).bind(target.id).bind(actor)
        .fetch_optional(c).await)?,
    )
}

/// Removes one by the id of its activity; gives what it was about.
pub(crate) async fn remove_by_uri(
    tx: &mut Tx,
    what: Reaction,
    uri: &str,
    actor: ActorId,
) -> Result<Option<(String, i64)>, StoreError> {
    let sql = of!(
        what,
        "DELETE FROM ",
        " WHERE uri = $1 AND actor_id = $2 RETURNING target_kind, target_id"
    );
    Ok(on_tx!(tx, c => sqlx::query_as(sql).bind(uri).bind(actor).fetch_optional(c).await)?)
}

/// Whether an activity with this id, of this actor, is kept.
pub(crate) async fn is_known(db: &Db, what: Reaction, uri: &str, actor: ActorId) -> Result<bool, StoreError> {
    let sql = of!(what, "SELECT id FROM ", " WHERE uri = $1 AND actor_id = $2");
    let found: Option<i64> =
        on_db!(db, c => sqlx::query_scalar(sql).bind(uri).bind(actor).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Removes all about a thing that is gone.
pub(crate) async fn remove_all(tx: &mut Tx, what: Reaction, target: Target) -> Result<(), StoreError> {
    let sql = of!(what, "DELETE FROM ", " WHERE target_kind = $1 AND target_id = $2");
    on_tx!(tx, c => sqlx::query(sql).bind(target.kind).bind(target.id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Who did it, newest first. Dark citizens are left out, except `reader` herself; those who are gone too.
pub(crate) async fn actors(
    db: &Db,
    what: Reaction,
    target: Target,
    reader: Option<ActorId>,
    paging: &Paging,
) -> Result<Page<(i64, ActorId)>, StoreError> {
    let sql = if paging.is_ascending() {
        of!(
            what,
            "SELECT l.id, l.actor_id FROM ",
            " l JOIN federation_actor a ON a.id = l.actor_id
             WHERE l.target_kind = $1 AND l.target_id = $2 AND (a.federated OR a.id = $3)
               AND a.deleted_at IS NULL AND NOT a.suspended AND l.id < $4 AND l.id > $5
             ORDER BY l.id ASC LIMIT $6"
        )
    } else {
        of!(
            what,
            "SELECT l.id, l.actor_id FROM ",
            " l JOIN federation_actor a ON a.id = l.actor_id
             WHERE l.target_kind = $1 AND l.target_id = $2 AND (a.federated OR a.id = $3)
               AND a.deleted_at IS NULL AND NOT a.suspended AND l.id < $4 AND l.id > $5
             ORDER BY l.id DESC LIMIT $6"
        )
    };
    let rows = on_db!(db, c => sqlx::query_as(sql).bind(target.kind).bind(target.id)
        .bind(reader.map_or(0, |id| id.0)).bind(paging.below()).bind(paging.above())
        .bind(paging.limit_and_one()).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// What an actor liked or shared, newest first.
pub(crate) async fn of_actor(
    db: &Db,
    what: Reaction,
    actor: ActorId,
    paging: &Paging,
) -> Result<Page<Row>, StoreError> {
    let sql = if paging.is_ascending() {
        of!(
            what,
            "SELECT target_kind, target_id, actor_id, uri, id, created_at FROM ",
            " WHERE actor_id = $1 AND id < $2 AND id > $3 ORDER BY id ASC LIMIT $4"
        )
    } else {
        of!(
            what,
            "SELECT target_kind, target_id, actor_id, uri, id, created_at FROM ",
            " WHERE actor_id = $1 AND id < $2 AND id > $3 ORDER BY id DESC LIMIT $4"
        )
    };
    let rows = on_db!(db, c => sqlx::query_as(sql).bind(actor).bind(paging.below()).bind(paging.above())
        .bind(paging.limit_and_one()).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// Removes all that an actor liked or shared.
pub(crate) async fn remove_of_actor(tx: &mut Tx, what: Reaction, actor: ActorId) -> Result<(), StoreError> {
    let sql = of!(what, "DELETE FROM ", " WHERE actor_id = $1");
    on_tx!(tx, c => sqlx::query(sql).bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Removes what actors that are gone for good liked or shared.
pub(crate) async fn forget_gone(tx: &mut Tx, what: Reaction) -> Result<u64, StoreError> {
    let sql = of!(
        what,
        "DELETE FROM ",
        " WHERE actor_id IN (SELECT id FROM federation_actor WHERE deleted_at IS NOT NULL)"
    );
    Ok(on_tx!(tx, c => sqlx::query(sql).execute(c).await.map(|done| done.rows_affected()))?)
}
