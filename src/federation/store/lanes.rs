//! `federation_lane`, `federation_runner`: who delivers where, and when.

use platform::store::Link;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use super::deliveries::json_of;
use crate::signatures::Scheme;

/// A lane taken under a lease.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Claimed {
    pub(crate) lane: String,
    pub(crate) asked: i64,
    pub(crate) failures: i64,
    pub(crate) failing_since: Option<Timestamp>,
    pub(crate) scheme: Option<String>,
    pub(crate) scheme_at: Option<Timestamp>,
}

/// A lane to be given back: what it knew when it was found empty, and when what is held back may be tried.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Release {
    pub(crate) lane: String,
    pub(crate) asked: i64,
    pub(crate) held_until: Option<i64>,
    pub(crate) succeeded_at: Option<i64>,
}

/// What an operator sees of a lane.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct LaneView {
    /// Scheme, host and port.
    pub lane: String,
    /// Deliveries that wait.
    pub waiting: i64,
    /// Deliveries given up for now.
    pub parked: i64,
    /// No attempt before.
    pub due_at: Timestamp,
    /// Attempts that failed one after the other.
    pub failures: i64,
    /// Since when.
    pub failing_since: Option<Timestamp>,
    /// When something was delivered last.
    pub last_success_at: Option<Timestamp>,
    /// What the last failure said: of the server, or else of its oldest delivery that failed.
    pub last_error: Option<String>,
}

/// Whether there is anything to do now: activities whose lanes do not know yet, or lanes that are due.
pub(crate) async fn anything_due(db: &Db, now: Timestamp) -> Result<bool, StoreError> {
    Ok(next_due(db).await?.is_some_and(|due| due <= now))
}

/// When there is something to do next.
pub(crate) async fn next_due(db: &Db) -> Result<Option<Timestamp>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM federation_addressed) THEN 0
                ELSE (SELECT MIN(due_at) FROM federation_lane WHERE waiting AND lease_owner IS NULL) END")
        .fetch_one(c).await)?)
}

/// Tells the lanes of newly addressed activities that something waits in them: now, unless the server is
/// down (an inbox that is held back does not hold up its neighbours). Rows are locked in the order
/// of their names, here and wherever several lanes are written at once, so that two processes never wait for
/// each other.
pub(crate) async fn tell(tx: &mut Tx, limit: i64, now: Timestamp) -> Result<usize, StoreError> {
    let told = match tx.link() {
        Link::Lite(c) => {
            let ids: Vec<i64> = sqlx::query_scalar(
                "DELETE FROM federation_addressed WHERE activity_id IN
                     (SELECT activity_id FROM federation_addressed ORDER BY activity_id LIMIT $1)
                 RETURNING activity_id",
            )
            .bind(limit)
            .fetch_all(&mut **c)
            .await?;
            sqlx::query(
                "INSERT INTO federation_lane (lane, waiting, asked, due_at)
                 SELECT DISTINCT lane, TRUE, 1, $2 FROM federation_delivery
                 WHERE activity_id IN (SELECT value FROM json_each($1)) ORDER BY lane
                 ON CONFLICT (lane) DO UPDATE SET waiting = TRUE, asked = federation_lane.asked + 1,
                     due_at = CASE WHEN federation_lane.failures = 0 AND federation_lane.due_at > excluded.due_at
                              THEN excluded.due_at ELSE federation_lane.due_at END",
            )
            .bind(json_of(&ids))
            .bind(now)
            .execute(&mut **c)
            .await?;
            ids.len()
        }
        Link::Pg(c) => {
            let ids: Vec<i64> = sqlx::query_scalar(
                "DELETE FROM federation_addressed WHERE activity_id IN
                     (SELECT activity_id FROM federation_addressed ORDER BY activity_id LIMIT $1
                      FOR UPDATE SKIP LOCKED)
                 RETURNING activity_id",
            )
            .bind(limit)
            .fetch_all(&mut **c)
            .await?;
            sqlx::query(
                "INSERT INTO federation_lane (lane, waiting, asked, due_at)
                 SELECT DISTINCT lane, TRUE, 1, $2::bigint FROM federation_delivery
                 WHERE activity_id = ANY($1) ORDER BY lane
                 ON CONFLICT (lane) DO UPDATE SET waiting = TRUE, asked = federation_lane.asked + 1,
                     due_at = CASE WHEN federation_lane.failures = 0 AND federation_lane.due_at > excluded.due_at
                              THEN excluded.due_at ELSE federation_lane.due_at END",
            )
            .bind(&ids)
            .bind(now)
            .execute(&mut **c)
            .await?;
            ids.len()
        }
    };
    Ok(told)
}

/// Takes up to `limit` due lanes that nobody works on.
pub(crate) async fn claim(
    tx: &mut Tx,
    owner: i64,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Claimed>, StoreError> {
    let claimed = match tx.link() {
        Link::Lite(c) => {
            sqlx::query_as(
                "UPDATE federation_lane SET lease_owner = $1
                 WHERE lease_owner IS NULL AND lane IN (
                     SELECT lane FROM federation_lane WHERE waiting AND due_at <= $2 AND lease_owner IS NULL
                     ORDER BY due_at, lane LIMIT $3)
                 RETURNING lane, asked, failures, failing_since, scheme, scheme_at",
            )
            .bind(owner)
            .bind(now)
            .bind(limit)
            .fetch_all(&mut **c)
            .await?
        }
        Link::Pg(c) => {
            sqlx::query_as(
                "UPDATE federation_lane SET lease_owner = $1
                 WHERE lease_owner IS NULL AND lane IN (
                     SELECT lane FROM federation_lane WHERE waiting AND due_at <= $2 AND lease_owner IS NULL
                     ORDER BY due_at, lane LIMIT $3 FOR UPDATE SKIP LOCKED)
                 RETURNING lane, asked, failures, failing_since, scheme, scheme_at",
            )
            .bind(owner)
            .bind(now)
            .bind(limit)
            .fetch_all(&mut **c)
            .await?
        }
    };
    Ok(claimed)
}

/// How often a lane of ours was told that something waits; `None` when it is no longer ours.
pub(crate) async fn asked(db: &Db, lane: &str, owner: i64) -> Result<Option<i64>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT asked FROM federation_lane WHERE lane = $1 AND lease_owner = $2")
        .bind(lane).bind(owner).fetch_optional(c).await)?)
}

/// Locks lanes in the order of their names, before several are written in one transaction.
pub(crate) async fn lock(tx: &mut Tx, lanes: &[String]) -> Result<(), StoreError> {
    if let Link::Pg(c) = tx.link() {
        sqlx::query("SELECT 1 FROM federation_lane WHERE lane = ANY($1) ORDER BY lane FOR UPDATE")
            .bind(lanes)
            .execute(&mut **c)
            .await?;
    }
    Ok(())
}

/// Gives lanes back in which nothing waits that could be sent now. Gives those that were given back: a lane
/// that was told of something new in the meantime stays with its owner.
pub(crate) async fn release(
    tx: &mut Tx,
    owner: i64,
    releases: &[Release],
) -> Result<Vec<String>, StoreError> {
    let released = match tx.link() {
        Link::Lite(c) => {
            sqlx::query_scalar(
                "UPDATE federation_lane SET lease_owner = NULL, waiting = x.held_until IS NOT NULL,
                     due_at = COALESCE(x.held_until, due_at),
                     last_success_at = COALESCE(x.succeeded_at, last_success_at)
                 FROM (SELECT value->>'lane' AS name, value->>'asked' AS asked, value->>'held_until' AS held_until,
                              value->>'succeeded_at' AS succeeded_at FROM json_each($2)) AS x
                 WHERE federation_lane.lane = x.name AND federation_lane.asked = x.asked
                   AND federation_lane.lease_owner = $1
                 RETURNING federation_lane.lane",
            )
            .bind(owner)
            .bind(json_of(releases))
            .fetch_all(&mut **c)
            .await?
        }
        Link::Pg(c) => {
            let lanes: Vec<&str> = releases.iter().map(|one| one.lane.as_str()).collect();
            let asked: Vec<i64> = releases.iter().map(|one| one.asked).collect();
            let held: Vec<Option<i64>> = releases.iter().map(|one| one.held_until).collect();
            let succeeded: Vec<Option<i64>> = releases.iter().map(|one| one.succeeded_at).collect();
            sqlx::query_scalar(
                "UPDATE federation_lane AS l SET lease_owner = NULL, waiting = x.held_until IS NOT NULL,
                     due_at = COALESCE(x.held_until, l.due_at),
                     last_success_at = COALESCE(x.succeeded_at, l.last_success_at)
                 FROM UNNEST($2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
                      AS x (name, asked, held_until, succeeded_at)
                 WHERE l.lane = x.name AND l.asked = x.asked AND l.lease_owner = $1
                 RETURNING l.lane",
            )
            .bind(owner)
            .bind(lanes)
            .bind(asked)
            .bind(held)
            .bind(succeeded)
            .fetch_all(&mut **c)
            .await?
        }
    };
    Ok(released)
}

/// Gives a lane back after a failure: no attempt before `due_at`.
pub(crate) async fn back_off(
    tx: &mut Tx,
    lane: &str,
    owner: i64,
    due_at: Timestamp,
    error: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE federation_lane SET lease_owner = NULL, due_at = $3, failures = failures + 1,
             failing_since = COALESCE(failing_since, $5), last_error = $4
         WHERE lane = $1 AND lease_owner = $2")
        .bind(lane).bind(owner).bind(due_at).bind(error).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Forgets the failures of a lane whose server answers again.
pub(crate) async fn recovered(tx: &mut Tx, lane: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE federation_lane SET failures = 0, failing_since = NULL, last_error = NULL WHERE lane = $1")
        .bind(lane).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Remembers how a server wants requests signed.
pub(crate) async fn set_scheme(
    tx: &mut Tx,
    lane: &str,
    scheme: Scheme,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE federation_lane SET scheme = $2, scheme_at = $3 WHERE lane = $1")
        .bind(lane).bind(scheme.name()).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Makes a lane that waits for its time due now. Gives whether there was one.
pub(crate) async fn hasten(tx: &mut Tx, lane: &str, now: Timestamp) -> Result<bool, StoreError> {
    let rows = on_tx!(tx, c => sqlx::query(
        "UPDATE federation_lane SET due_at = $2, asked = asked + 1 WHERE lane = $1 AND due_at > $2")
        .bind(lane).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Tells one lane that something waits in it, and makes it due now.
pub(crate) async fn wake(tx: &mut Tx, lane: &str, now: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE federation_lane SET waiting = TRUE, asked = asked + 1,
             due_at = CASE WHEN due_at > $2 THEN $2 ELSE due_at END
         WHERE lane = $1").bind(lane).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The lanes that wait for their time after failures.
pub(crate) async fn backing_off(db: &Db, after: Timestamp) -> Result<Vec<String>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT lane FROM federation_lane WHERE waiting AND due_at > $1 AND failures > 0 LIMIT 10000")
        .bind(after).fetch_all(c).await)?)
}

/// Gives back every lane of an owner as it is: another attempt is due at once.
pub(crate) async fn release_all(tx: &mut Tx, owner: i64) -> Result<u64, StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM federation_runner WHERE id = $1")
        .bind(owner).execute(c).await.map(|_| ()))?;
    take_back(tx, owner).await
}

async fn take_back(tx: &mut Tx, owner: i64) -> Result<u64, StoreError> {
    let lanes: Vec<String> = on_tx!(tx, c => sqlx::query_scalar(
        "SELECT lane FROM federation_lane WHERE lease_owner = $1").bind(owner).fetch_all(c).await)?;
    lock(tx, &lanes).await?;
    Ok(
        on_tx!(tx, c => sqlx::query("UPDATE federation_lane SET lease_owner = NULL WHERE lease_owner = $1")
        .bind(owner).execute(c).await.map(|done| done.rows_affected()))?,
    )
}

/// Says that this process lives.
pub(crate) async fn sign_on(tx: &mut Tx, owner: i64, alive_until: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_runner (id, alive_until) VALUES ($1, $2)
         ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until")
        .bind(owner).bind(alive_until).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Says that this process still lives; `false` when others took it for dead already.
pub(crate) async fn renew(tx: &mut Tx, owner: i64, alive_until: Timestamp) -> Result<bool, StoreError> {
    let rows = on_tx!(tx, c => sqlx::query("UPDATE federation_runner SET alive_until = $2 WHERE id = $1")
        .bind(owner).bind(alive_until).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// The processes whose lease has ended; with `everybody`, all of them.
pub(crate) async fn dead(db: &Db, now: Timestamp, everybody: bool) -> Result<Vec<i64>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT id FROM federation_runner WHERE alive_until < $1 OR $2 ORDER BY id")
        .bind(now).bind(everybody).fetch_all(c).await)?)
}

/// Takes the lanes of a process back, unless it has renewed its lease after all. Gives their number.
pub(crate) async fn bury(
    tx: &mut Tx,
    owner: i64,
    now: Timestamp,
    everybody: bool,
) -> Result<u64, StoreError> {
    let gone = on_tx!(tx, c => sqlx::query(
        "DELETE FROM federation_runner WHERE id = $1 AND (alive_until < $2 OR $3)")
        .bind(owner).bind(now).bind(everybody).execute(c).await.map(|done| done.rows_affected()))?;
    if gone == 0 {
        return Ok(0);
    }
    take_back(tx, owner).await
}

/// The lanes in which something waits or is parked, those in trouble first.
pub(crate) async fn overview(db: &Db, limit: i64) -> Result<Vec<LaneView>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT d.lane, d.waiting, d.parked, COALESCE(l.due_at, 0) AS due_at, COALESCE(l.failures, 0) AS failures,
                l.failing_since, l.last_success_at,
                COALESCE(l.last_error, (SELECT e.last_error FROM federation_delivery e
                     WHERE e.lane = d.lane AND e.last_error IS NOT NULL ORDER BY e.id LIMIT 1)) AS last_error
         FROM (SELECT lane, CAST(SUM(CASE WHEN parked THEN 0 ELSE 1 END) AS BIGINT) AS waiting,
                      CAST(SUM(CASE WHEN parked THEN 1 ELSE 0 END) AS BIGINT) AS parked
               FROM federation_delivery GROUP BY lane) d
         LEFT JOIN federation_lane l ON l.lane = d.lane
         ORDER BY COALESCE(l.failures, 0) DESC, d.parked DESC, d.waiting DESC, d.lane LIMIT $1")
        .bind(limit).fetch_all(c).await)?)
}

/// Forgets lanes in which nothing waits and nothing went for long.
pub(crate) async fn forget_idle(tx: &mut Tx, before: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "DELETE FROM federation_lane WHERE NOT waiting AND lease_owner IS NULL AND due_at < $1
           AND COALESCE(last_success_at, 0) < $1 AND NOT EXISTS
               (SELECT 1 FROM federation_delivery d WHERE d.lane = federation_lane.lane)")
        .bind(before).execute(c).await.map(|_| ()))?;
    Ok(())
}
