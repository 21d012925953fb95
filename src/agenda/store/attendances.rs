//! Who comes.

use federation::ActorId;
use platform::{Db, StoreError, Tx, on_db, on_tx};

use crate::model::{Attendance, AttendanceId, AttendanceState, OccurrenceId};

/// Joins of one person to one date of which the ids are kept.
const MOST_JOINS: i64 = 20;

pub(crate) async fn insert(tx: &mut Tx, one: &Attendance) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO agenda_attendance (id, occurrence_id, actor_id, state, join_uri, message, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(one.id).bind(one.occurrence_id).bind(one.actor_id).bind(one.state).bind(&one.join_uri)
        .bind(&one.message).bind(one.created_at)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Writes state and the id of the Join.
pub(crate) async fn update(tx: &mut Tx, one: &Attendance) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE agenda_attendance SET state = $2, join_uri = $3 WHERE id = $1")
        .bind(one.id).bind(one.state).bind(&one.join_uri).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn remove(tx: &mut Tx, id: AttendanceId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM agenda_attendance WHERE id = $1").bind(id)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn remove_all(tx: &mut Tx, occurrence: OccurrenceId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM agenda_attendance WHERE occurrence_id = $1").bind(occurrence)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn of_in(
    tx: &mut Tx,
    occurrence: OccurrenceId,
    actor: ActorId,
) -> Result<Option<Attendance>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT * FROM agenda_attendance WHERE occurrence_id = $1 AND actor_id = $2")
        .bind(occurrence).bind(actor).fetch_optional(c).await)?)
}

/// Keeps the id of a Join that another one of the same person follows; the first [`MOST_JOINS`] of them.
pub(crate) async fn keep_join(tx: &mut Tx, id: AttendanceId, uri: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO agenda_join (attendance_id, uri)
         SELECT $1, $2 WHERE (SELECT COUNT(*) FROM agenda_join WHERE attendance_id = $1) < $3
         ON CONFLICT (attendance_id, uri) DO NOTHING")
        .bind(id).bind(uri).bind(MOST_JOINS).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Who came by a Join with this id: the last of hers, or one before it.
pub(crate) async fn by_join_uri(db: &Db, uri: &str) -> Result<Option<Attendance>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM agenda_attendance WHERE join_uri = $1
         UNION SELECT a.* FROM agenda_attendance a JOIN agenda_join j ON j.attendance_id = a.id WHERE j.uri = $1
         LIMIT 1")
        .bind(uri).fetch_optional(c).await)?)
}

/// How many stand so.
pub(crate) async fn count_in(
    tx: &mut Tx,
    occurrence: OccurrenceId,
    state: AttendanceState,
) -> Result<i64, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM agenda_attendance WHERE occurrence_id = $1 AND state = $2")
        .bind(occurrence).bind(state).fetch_one(c).await)?)
}

/// How many wait up to and with this one.
pub(crate) async fn place_in(
    tx: &mut Tx,
    occurrence: OccurrenceId,
    id: AttendanceId,
) -> Result<i64, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM agenda_attendance WHERE occurrence_id = $1 AND state = 'waiting' AND id <= $2")
        .bind(occurrence).bind(id).fetch_one(c).await)?)
}

/// [`place_in`] outside of a transaction, for showing it.
pub(crate) async fn place(db: &Db, occurrence: OccurrenceId, id: AttendanceId) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM agenda_attendance WHERE occurrence_id = $1 AND state = 'waiting' AND id <= $2")
        .bind(occurrence).bind(id).fetch_one(c).await)?)
}

/// Those who wait, the first first.
pub(crate) async fn waiting_in(
    tx: &mut Tx,
    occurrence: OccurrenceId,
    limit: i64,
) -> Result<Vec<Attendance>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT * FROM agenda_attendance WHERE occurrence_id = $1 AND state = 'waiting' ORDER BY id LIMIT $2")
        .bind(occurrence).bind(limit).fetch_all(c).await)?)
}

/// Everybody, those with a seat first.
pub(crate) async fn all_in(tx: &mut Tx, occurrence: OccurrenceId) -> Result<Vec<Attendance>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT * FROM agenda_attendance WHERE occurrence_id = $1 ORDER BY state, id")
        .bind(occurrence).fetch_all(c).await)?)
}

/// Everybody, those with a seat first, for the town hall.
pub(crate) async fn all(
    db: &Db,
    occurrence: OccurrenceId,
    limit: i64,
) -> Result<Vec<Attendance>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM agenda_attendance WHERE occurrence_id = $1 ORDER BY state, id LIMIT $2")
        .bind(occurrence).bind(limit).fetch_all(c).await)?)
}

/// Where somebody stands at several dates.
pub(crate) async fn of_actor_at(
    db: &Db,
    actor: ActorId,
    occurrences: &[OccurrenceId],
) -> Result<Vec<Attendance>, StoreError> {
    let mut all = Vec::new();
    for chunk in occurrences.chunks(500) {
        let part: Vec<Attendance> = on_db!(db, c => {
            let mut query = sqlx::QueryBuilder::new("SELECT * FROM agenda_attendance WHERE actor_id = ");
            query.push_bind(actor);
            query.push(" AND occurrence_id IN (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(*id);
            }
            query.push(")");
            query.build_query_as().fetch_all(c).await
        })?;
        all.extend(part);
    }
    Ok(all)
}

/// To which dates somebody comes or wants to come, for her to read.
pub(crate) async fn of_actor(db: &Db, actor: ActorId) -> Result<Vec<Attendance>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM agenda_attendance WHERE actor_id = $1 ORDER BY id")
        .bind(actor).fetch_all(c).await)?,
    )
}

/// The same in a transaction.
pub(crate) async fn of_actor_in(tx: &mut Tx, actor: ActorId) -> Result<Vec<Attendance>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("SELECT * FROM agenda_attendance WHERE actor_id = $1 ORDER BY occurrence_id")
        .bind(actor).fetch_all(c).await)?,
    )
}

/// How many wait.
pub(crate) async fn count_waiting(db: &Db, occurrence: OccurrenceId) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM agenda_attendance WHERE occurrence_id = $1 AND state = 'waiting'")
        .bind(occurrence).fetch_one(c).await)?)
}
