//! `federation_delivery`, `federation_addressed`: what waits to be delivered.

use platform::store::Link;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

/// A delivery that waits.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Waiting {
    pub(crate) lane: String,
    pub(crate) id: i64,
    pub(crate) activity_id: i64,
    pub(crate) inbox: String,
    pub(crate) attempts: i64,
}

/// An activity as it leaves.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Leaving {
    pub(crate) actor_id: crate::ActorId,
    pub(crate) body: String,
    pub(crate) to_followers: bool,
}

/// Ids as one parameter: SQLite has no arrays.
pub(super) fn json_of<T: serde::Serialize>(list: &[T]) -> String {
    serde_json::to_string(list).unwrap_or_else(|_| "[]".to_owned())
}

/// Addresses a public activity to the relays that accepted us.
pub(crate) async fn address_relays(tx: &mut Tx, activity: i64, now: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_delivery (activity_id, inbox, lane, created_at)
         SELECT $1, inbox, lane, $2 FROM federation_relay WHERE state = 'accepted'
         ON CONFLICT (activity_id, inbox) DO NOTHING")
        .bind(activity).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Takes out what would come back to ourselves, and what has no address of the web.
pub(crate) async fn drop_own(tx: &mut Tx, activity: i64, own_lane: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "DELETE FROM federation_delivery WHERE activity_id = $1 AND (lane = $2 OR lane = '')")
        .bind(activity).bind(own_lane).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The lanes an activity goes to.
pub(crate) async fn lanes_of(tx: &mut Tx, activity: i64) -> Result<Vec<String>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT DISTINCT lane FROM federation_delivery WHERE activity_id = $1")
        .bind(activity).fetch_all(c).await)?)
}

/// Takes an activity out of lanes in which nothing may leave.
pub(crate) async fn drop_lanes(tx: &mut Tx, activity: i64, lanes: &[String]) -> Result<(), StoreError> {
    match tx.link() {
        Link::Lite(c) => {
            sqlx::query(
                "DELETE FROM federation_delivery
                 WHERE activity_id = $1 AND lane IN (SELECT value FROM json_each($2))",
            )
            .bind(activity)
            .bind(json_of(lanes))
            .execute(&mut **c)
            .await?;
        }
        Link::Pg(c) => {
            sqlx::query("DELETE FROM federation_delivery WHERE activity_id = $1 AND lane = ANY($2)")
                .bind(activity)
                .bind(lanes)
                .execute(&mut **c)
                .await?;
        }
    }
    Ok(())
}

/// Notes that the lanes of an activity are to be told.
pub(crate) async fn note_addressed(tx: &mut Tx, activity: i64) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_addressed (activity_id)
         SELECT $1 WHERE EXISTS (SELECT 1 FROM federation_delivery WHERE activity_id = $1)")
        .bind(activity).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The next `limit` deliveries of each of these lanes, in order; nothing of an inbox that is held back.
pub(crate) async fn heads(
    db: &Db,
    lanes: &[String],
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Waiting>, StoreError> {
    let rows = match db {
        Db::Lite(lite) => {
            sqlx::query_as(
                "SELECT d.lane, d.id, d.activity_id, d.inbox, d.attempts
                 FROM json_each($1) l CROSS JOIN federation_delivery d
                 WHERE d.id IN (
                     SELECT n.id FROM federation_delivery n
                     WHERE n.lane = l.value AND NOT n.parked AND NOT EXISTS (
                         SELECT 1 FROM federation_delivery h
                         WHERE h.lane = n.lane AND h.inbox = n.inbox AND h.held_until > $3 AND NOT h.parked)
                     ORDER BY n.activity_id, n.id LIMIT $2)
                 ORDER BY d.lane, d.activity_id, d.id",
            )
            .bind(json_of(lanes))
            .bind(limit)
            .bind(now)
            .fetch_all(lite.readers())
            .await?
        }
        Db::Pg(pg) => {
            sqlx::query_as(
                "SELECT d.lane, d.id, d.activity_id, d.inbox, d.attempts
                 FROM UNNEST($1::text[]) AS l (lane) CROSS JOIN LATERAL (
                     SELECT n.lane, n.id, n.activity_id, n.inbox, n.attempts FROM federation_delivery n
                     WHERE n.lane = l.lane AND NOT n.parked AND NOT EXISTS (
                         SELECT 1 FROM federation_delivery h
                         WHERE h.lane = n.lane AND h.inbox = n.inbox AND h.held_until > $3 AND NOT h.parked)
                     ORDER BY n.activity_id, n.id LIMIT $2) d
                 ORDER BY d.lane, d.activity_id, d.id",
            )
            .bind(lanes)
            .bind(limit)
            .bind(now)
            .fetch_all(pg.pool())
            .await?
        }
    };
    Ok(rows)
}

/// For each of these lanes that holds an inbox back: when the first of them may be tried again.
pub(crate) async fn held(
    db: &Db,
    lanes: &[String],
    now: Timestamp,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let rows = match db {
        Db::Lite(lite) => {
            sqlx::query_as(
                "SELECT lane, MIN(held_until) FROM federation_delivery
                 WHERE held_until > $2 AND NOT parked AND lane IN (SELECT value FROM json_each($1))
                 GROUP BY lane",
            )
            .bind(json_of(lanes))
            .bind(now)
            .fetch_all(lite.readers())
            .await?
        }
        Db::Pg(pg) => {
            sqlx::query_as(
                "SELECT lane, MIN(held_until) FROM federation_delivery
                 WHERE held_until > $2 AND NOT parked AND lane = ANY($1) GROUP BY lane",
            )
            .bind(lanes)
            .bind(now)
            .fetch_all(pg.pool())
            .await?
        }
    };
    Ok(rows)
}

/// Those of these lanes in which something is parked.
pub(crate) async fn with_parked(db: &Db, lanes: &[String]) -> Result<Vec<String>, StoreError> {
    let rows = match db {
        Db::Lite(lite) => {
            sqlx::query_scalar(
                "SELECT DISTINCT lane FROM federation_delivery
                 WHERE parked AND lane IN (SELECT value FROM json_each($1))",
            )
            .bind(json_of(lanes))
            .fetch_all(lite.readers())
            .await?
        }
        Db::Pg(pg) => {
            sqlx::query_scalar(
                "SELECT DISTINCT lane FROM federation_delivery WHERE parked AND lane = ANY($1)",
            )
            .bind(lanes)
            .fetch_all(pg.pool())
            .await?
        }
    };
    Ok(rows)
}

/// Whether something is parked for this inbox.
pub(crate) async fn has_parked(db: &Db, lane: &str, inbox: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = on_db!(db, c => sqlx::query_scalar(
        "SELECT id FROM federation_delivery WHERE parked AND lane = $1 AND inbox = $2 LIMIT 1")
        .bind(lane).bind(inbox).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Gives what is parked for an inbox that lets us in again another try, unless it has had `most` already.
pub(crate) async fn unpark_inbox(tx: &mut Tx, lane: &str, inbox: &str, most: i64) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE federation_delivery SET parked = FALSE, held_until = NULL
         WHERE parked AND lane = $1 AND inbox = $2 AND attempts < $3")
        .bind(lane).bind(inbox).bind(most).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// What an activity says, as bytes on the wire.
pub(crate) async fn leaving(db: &Db, activity: i64) -> Result<Option<Leaving>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT actor_id, body, to_followers FROM federation_activity WHERE id = $1")
        .bind(activity).fetch_optional(c).await)?)
}

/// Removes what was delivered, or given up for good.
pub(crate) async fn remove(tx: &mut Tx, ids: &[i64]) -> Result<(), StoreError> {
    match tx.link() {
        Link::Lite(c) => {
            sqlx::query("DELETE FROM federation_delivery WHERE id IN (SELECT value FROM json_each($1))")
                .bind(json_of(ids))
                .execute(&mut **c)
                .await?;
        }
        Link::Pg(c) => {
            sqlx::query("DELETE FROM federation_delivery WHERE id = ANY($1)")
                .bind(ids)
                .execute(&mut **c)
                .await?;
        }
    }
    Ok(())
}

/// Removes everything that waits for one inbox, parked or not.
pub(crate) async fn remove_inbox(tx: &mut Tx, lane: &str, inbox: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM federation_delivery WHERE lane = $1 AND inbox = $2")
        .bind(lane).bind(inbox).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Removes everything that waits in a lane, parked or not. Gives the number.
pub(crate) async fn remove_lane(tx: &mut Tx, lane: &str) -> Result<u64, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query("DELETE FROM federation_delivery WHERE lane = $1")
        .bind(lane).execute(c).await.map(|done| done.rows_affected()))?,
    )
}

/// Records an attempt that failed and after which the delivery stays.
pub(crate) async fn failed(
    tx: &mut Tx,
    id: i64,
    error: &str,
    held_until: Option<Timestamp>,
    parked: bool,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE federation_delivery SET attempts = attempts + 1, last_error = $2, held_until = $3, parked = $4
         WHERE id = $1")
        .bind(id).bind(error).bind(held_until).bind(parked).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Gives up what has waited in a failing lane since before `cutoff`. Gives the number.
pub(crate) async fn expire(tx: &mut Tx, lane: &str, cutoff: Timestamp) -> Result<u64, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query(
        "DELETE FROM federation_delivery WHERE lane = $1 AND NOT parked AND created_at < $2")
        .bind(lane).bind(cutoff).execute(c).await.map(|done| done.rows_affected()))?)
}

/// Gives up what was parked before `cutoff`. Gives the number.
pub(crate) async fn expire_parked(tx: &mut Tx, cutoff: Timestamp) -> Result<u64, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query(
        "DELETE FROM federation_delivery WHERE parked AND created_at < $1")
        .bind(cutoff).execute(c).await.map(|done| done.rows_affected()))?)
}

/// Lets everything of a lane be tried again, parked and held back or not. Gives the number.
pub(crate) async fn unpark(tx: &mut Tx, lane: &str) -> Result<u64, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query(
        "UPDATE federation_delivery SET parked = FALSE, held_until = NULL, attempts = 0 WHERE lane = $1")
        .bind(lane).execute(c).await.map(|done| done.rows_affected()))?)
}

/// Deliveries that wait and that are parked.
pub(crate) async fn counts(db: &Db) -> Result<(i64, i64), StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN parked THEN 1 ELSE 0 END), 0) AS BIGINT)
         FROM federation_delivery").fetch_one(c).await)
    .map(|(all, parked): (i64, i64)| (all - parked, parked))?)
}
