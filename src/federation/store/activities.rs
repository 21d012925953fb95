//! `federation_activity` and the rows of `federation_delivery` that come with it.

use platform::store::{Page, Paging};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::ActorId;
use crate::delivery::lane_of;
use crate::outbox::Said;

pub(crate) async fn insert(tx: &mut Tx, said: &Said) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_activity (id, uri, actor_id, kind, object_uri, body, public, listed,
             to_followers, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(said.id).bind(&said.uri).bind(said.actor_id).bind(&said.kind).bind(&said.object_uri)
        .bind(&said.body).bind(said.public).bind(said.listed).bind(said.to_followers)
        .bind(said.created_at)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Addresses an activity to the remote followers of an actor: one row for each inbox, shared ones once.
pub(crate) async fn address_followers(
    tx: &mut Tx,
    activity: i64,
    of: ActorId,
    shared: bool,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let sql = if shared {
        "INSERT INTO federation_delivery (activity_id, inbox, lane, created_at)
         SELECT DISTINCT $1, CASE WHEN a.shared_lane IS NULL THEN a.inbox ELSE a.shared_inbox END,
                COALESCE(a.shared_lane, a.inbox_lane), $3
         FROM federation_follow f JOIN federation_actor a ON a.id = f.follower_id
         WHERE f.followee_id = $2 AND f.accepted AND NOT a.local AND a.deleted_at IS NULL AND NOT a.suspended
         ON CONFLICT (activity_id, inbox) DO NOTHING"
    } else {
        "INSERT INTO federation_delivery (activity_id, inbox, lane, created_at)
         SELECT DISTINCT $1, a.inbox, a.inbox_lane, $3
         FROM federation_follow f JOIN federation_actor a ON a.id = f.follower_id
         WHERE f.followee_id = $2 AND f.accepted AND NOT a.local AND a.deleted_at IS NULL AND NOT a.suspended
         ON CONFLICT (activity_id, inbox) DO NOTHING"
    };
    Ok(on_tx!(tx, c => sqlx::query(sql).bind(activity).bind(of).bind(now)
        .execute(c).await.map(|done| done.rows_affected()))?)
}

pub(crate) async fn address_inbox(
    tx: &mut Tx,
    activity: i64,
    inbox: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_delivery (activity_id, inbox, lane, created_at) VALUES ($1, $2, $4, $3)
         ON CONFLICT (activity_id, inbox) DO NOTHING")
        .bind(activity).bind(inbox).bind(now).bind(lane_of(inbox).unwrap_or_default()).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn by_id(db: &Db, id: i64) -> Result<Option<Said>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT id, uri, actor_id, kind, object_uri, body, public, listed, to_followers,
                created_at FROM federation_activity WHERE id = $1").bind(id).fetch_optional(c).await)?)
}

/// The outbox of an actor, newest first.
pub(crate) async fn outbox(db: &Db, of: ActorId, paging: &Paging) -> Result<Page<Said>, StoreError> {
    let sql = if paging.is_ascending() {
        "SELECT id, uri, actor_id, kind, object_uri, body, public, listed, to_followers, created_at FROM federation_activity
         WHERE actor_id = $1 AND listed AND id < $2 AND id > $3 ORDER BY id ASC LIMIT $4"
    } else {
        "SELECT id, uri, actor_id, kind, object_uri, body, public, listed, to_followers, created_at FROM federation_activity
         WHERE actor_id = $1 AND listed AND id < $2 AND id > $3 ORDER BY id DESC LIMIT $4"
    };
    let rows = on_db!(db, c => sqlx::query_as(sql).bind(of).bind(paging.below()).bind(paging.above())
        .bind(paging.limit_and_one()).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

pub(crate) async fn count_outbox(db: &Db, of: ActorId) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM federation_activity WHERE actor_id = $1 AND listed")
        .bind(of).fetch_one(c).await)?)
}

/// Removes what was said before `before` to some only and has arrived: nobody else may ask for it.
pub(crate) async fn purge(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query(
        "DELETE FROM federation_activity WHERE NOT public AND NOT listed AND created_at < $1
           AND NOT EXISTS (SELECT 1 FROM federation_delivery d WHERE d.activity_id = federation_activity.id)
           AND NOT EXISTS (SELECT 1 FROM federation_addressed d WHERE d.activity_id = federation_activity.id)")
        .bind(before).execute(c).await.map(|done| done.rows_affected()))?)
}

/// Takes an object's Create or Announce out of the outbox (it was deleted or undone).
pub(crate) async fn unlist(tx: &mut Tx, actor: ActorId, object_uri: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE federation_activity SET listed = FALSE WHERE actor_id = $1 AND object_uri = $2 AND listed")
        .bind(actor).bind(object_uri).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn body_in(tx: &mut Tx, id: i64) -> Result<Option<String>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_scalar("SELECT body FROM federation_activity WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

/// Activities of one kind of an actor about an object that were not taken back.
pub(crate) async fn uris_about(
    tx: &mut Tx,
    actor: ActorId,
    kind: &str,
    object_uri: &str,
) -> Result<Vec<String>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT uri FROM federation_activity WHERE object_uri = $3 AND actor_id = $1 AND kind = $2
           AND (listed OR NOT public) ORDER BY id DESC LIMIT 10")
        .bind(actor).bind(kind).bind(object_uri).fetch_all(c).await)?)
}

/// Removes the deliveries of an actor's activities to an inbox.
pub(crate) async fn withhold(tx: &mut Tx, actor: ActorId, inbox: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "DELETE FROM federation_delivery WHERE inbox = $2
           AND activity_id IN (SELECT id FROM federation_activity WHERE actor_id = $1)")
        .bind(actor).bind(inbox).execute(c).await.map(|_| ()))?;
    Ok(())
}
