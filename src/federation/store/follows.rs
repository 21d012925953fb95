//! `federation_follow`.

use platform::store::{Page, Paging};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::follows::Follow;
use crate::{ActorId, address};

fn canonical(uri: &str) -> String {
    address::canonical(uri).unwrap_or_else(|| uri.to_owned())
}

pub(crate) async fn upsert(tx: &mut Tx, id: i64, follow: &Follow, now: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_follow (id, follower_id, followee_id, uri, canonical, accepted, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (follower_id, followee_id) DO UPDATE SET uri = excluded.uri, canonical = excluded.canonical,
             accepted = excluded.accepted")
        .bind(id).bind(follow.follower_id).bind(follow.followee_id).bind(&follow.uri)
        .bind(canonical(&follow.uri)).bind(follow.accepted).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn remove(tx: &mut Tx, follower: ActorId, followee: ActorId) -> Result<bool, StoreError> {
    let rows = on_tx!(tx, c => sqlx::query(
        "DELETE FROM federation_follow WHERE follower_id = $1 AND followee_id = $2")
        .bind(follower).bind(followee).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

pub(crate) async fn accept(tx: &mut Tx, follower: ActorId, followee: ActorId) -> Result<bool, StoreError> {
    let rows = on_tx!(tx, c => sqlx::query(
        "UPDATE federation_follow SET accepted = TRUE WHERE follower_id = $1 AND followee_id = $2 AND NOT accepted")
        .bind(follower).bind(followee).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

pub(crate) async fn between(
    db: &Db,
    follower: ActorId,
    followee: ActorId,
) -> Result<Option<Follow>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT follower_id, followee_id, uri, accepted FROM federation_follow
         WHERE follower_id = $1 AND followee_id = $2")
        .bind(follower).bind(followee).fetch_optional(c).await)?)
}

pub(crate) async fn count_followers(db: &Db, of: ActorId) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM federation_follow WHERE followee_id = $1 AND accepted")
        .bind(of).fetch_one(c).await)?)
}

pub(crate) async fn count_following(db: &Db, of: ActorId) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM federation_follow f JOIN federation_actor a ON a.id = f.followee_id
         WHERE f.follower_id = $1 AND f.accepted AND a.federated")
        .bind(of).fetch_one(c).await)?)
}

/// The followers (or the followed) that other servers may know of, newest first, by row id.
pub(crate) async fn page(
    db: &Db,
    of: ActorId,
    followers: bool,
    dark_too: bool,
    paging: &Paging,
) -> Result<Page<(i64, ActorId)>, StoreError> {
    let sql = match (followers, paging.is_ascending()) {
        (true, false) => {
            "SELECT f.id, f.follower_id FROM federation_follow f JOIN federation_actor a ON a.id = f.follower_id
             WHERE f.followee_id = $1 AND f.accepted AND (a.federated OR $2) AND a.deleted_at IS NULL
               AND f.id < $3 AND f.id > $4 ORDER BY f.id DESC LIMIT $5"
        }
        (true, true) => {
            "SELECT f.id, f.follower_id FROM federation_follow f JOIN federation_actor a ON a.id = f.follower_id
             WHERE f.followee_id = $1 AND f.accepted AND (a.federated OR $2) AND a.deleted_at IS NULL
               AND f.id < $3 AND f.id > $4 ORDER BY f.id ASC LIMIT $5"
        }
        (false, false) => {
            "SELECT f.id, f.followee_id FROM federation_follow f JOIN federation_actor a ON a.id = f.followee_id
             WHERE f.follower_id = $1 AND f.accepted AND (a.federated OR $2) AND a.deleted_at IS NULL
               AND f.id < $3 AND f.id > $4 ORDER BY f.id DESC LIMIT $5"
        }
        (false, true) => {
            "SELECT f.id, f.followee_id FROM federation_follow f JOIN federation_actor a ON a.id = f.followee_id
             WHERE f.follower_id = $1 AND f.accepted AND (a.federated OR $2) AND a.deleted_at IS NULL
               AND f.id < $3 AND f.id > $4 ORDER BY f.id ASC LIMIT $5"
        }
    };
    let rows: Vec<(i64, ActorId)> = on_db!(db, c => sqlx::query_as(sql)
        .bind(of).bind(dark_too).bind(paging.below()).bind(paging.above()).bind(paging.limit_and_one())
        .fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

pub(crate) async fn between_in(
    tx: &mut Tx,
    follower: ActorId,
    followee: ActorId,
) -> Result<Option<Follow>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT follower_id, followee_id, uri, accepted FROM federation_follow
         WHERE follower_id = $1 AND followee_id = $2")
        .bind(follower).bind(followee).fetch_optional(c).await)?)
}

pub(crate) async fn local_followers_in(tx: &mut Tx, of: ActorId) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT f.follower_id FROM federation_follow f JOIN federation_actor a ON a.id = f.follower_id
         WHERE f.followee_id = $1 AND f.accepted AND a.local AND a.deleted_at IS NULL")
        .bind(of).fetch_all(c).await)?)
}

/// The addresses of the accepted followers of one server (FEP-8fcf).
pub(crate) async fn followers_of_origin(
    db: &Db,
    of: ActorId,
    origin: &str,
) -> Result<Vec<String>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT a.uri FROM federation_follow f JOIN federation_actor a ON a.id = f.follower_id
         WHERE f.followee_id = $1 AND f.accepted AND NOT a.local AND a.deleted_at IS NULL AND a.origin = $2
         ORDER BY a.id")
        .bind(of).bind(origin).fetch_all(c).await)?)
}

/// By the id of the Follow, however it is spelt.
pub(crate) async fn by_uri(db: &Db, uri: &str) -> Result<Option<Follow>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT follower_id, followee_id, uri, accepted FROM federation_follow WHERE canonical = $1
         ORDER BY id LIMIT 1").bind(canonical(uri)).fetch_optional(c).await)?)
}

/// Whom it followed and who followed it, all of it.
pub(crate) async fn remove_all_of(tx: &mut Tx, actor: ActorId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM federation_follow WHERE follower_id = $1 OR followee_id = $1")
        .bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Our own people who follow it, asked or accepted.
pub(crate) async fn local_followers(db: &Db, of: ActorId) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT f.follower_id FROM federation_follow f JOIN federation_actor a ON a.id = f.follower_id
         WHERE f.followee_id = $1 AND a.local AND a.deleted_at IS NULL ORDER BY f.id")
        .bind(of).fetch_all(c).await)?)
}

/// The ids of all remote followers of a local actor with the origins of these ids.
pub(crate) async fn uris_by_origin(db: &Db, of: ActorId) -> Result<Vec<(String, String)>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT a.origin, a.uri FROM federation_follow f JOIN federation_actor a ON a.id = f.follower_id
         WHERE f.followee_id = $1 AND f.accepted AND NOT a.local AND a.deleted_at IS NULL")
        .bind(of).fetch_all(c).await)?)
}

/// Removes all that an actor follows: nothing reaches it any more.
pub(crate) async fn remove_all(tx: &mut Tx, follower: ActorId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM federation_follow WHERE follower_id = $1")
        .bind(follower).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Removes all that the remote actors behind an inbox follow.
pub(crate) async fn remove_behind_inbox(tx: &mut Tx, inbox: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "DELETE FROM federation_follow WHERE follower_id IN (
             SELECT id FROM federation_actor WHERE (inbox = $1 OR shared_inbox = $1) AND NOT local)")
        .bind(inbox).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Our own people who follow it, accepted, with their addresses.
pub(crate) async fn local_accepted(db: &Db, of: ActorId) -> Result<Vec<(ActorId, String)>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT a.id, a.uri FROM federation_follow f JOIN federation_actor a ON a.id = f.follower_id
         WHERE f.followee_id = $1 AND f.accepted AND a.local AND a.deleted_at IS NULL")
        .bind(of).fetch_all(c).await)?)
}

pub(crate) async fn requests(db: &Db, of: ActorId) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT f.follower_id FROM federation_follow f JOIN federation_actor a ON a.id = f.follower_id
         WHERE f.followee_id = $1 AND NOT f.accepted AND a.deleted_at IS NULL ORDER BY f.id LIMIT 1000")
        .bind(of).fetch_all(c).await)?)
}
