//! The dates of events.

use federation::ActorId;
use platform::store::Link;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::{EventId, Occurrence, OccurrenceId};

pub(crate) async fn insert(tx: &mut Tx, one: &Occurrence) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO agenda_occurrence (id, uri, event_id, commune, private, local, day, rule_local, starts_local,
             ends_local, starts_at, ends_at, state, reason, moved, taken, announced_at, reminded_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)")
        .bind(one.id).bind(&one.uri).bind(one.event_id).bind(&one.commune).bind(one.private).bind(one.local)
        .bind(&one.day).bind(&one.rule_local).bind(&one.starts_local).bind(&one.ends_local).bind(one.starts_at)
        .bind(one.ends_at).bind(one.state).bind(&one.reason).bind(one.moved).bind(one.taken)
        .bind(one.announced_at).bind(one.reminded_at).bind(one.changed_at)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Writes everything of a date that can change.
pub(crate) async fn update(tx: &mut Tx, one: &Occurrence) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE agenda_occurrence SET private = $2, day = $3, rule_local = $4, starts_local = $5, ends_local = $6,
             starts_at = $7, ends_at = $8, state = $9, reason = $10, moved = $11, taken = $12, announced_at = $13,
             reminded_at = $14, changed_at = $15, commune = $16
         WHERE id = $1")
        .bind(one.id).bind(one.private).bind(&one.day).bind(&one.rule_local).bind(&one.starts_local)
        .bind(&one.ends_local).bind(one.starts_at).bind(one.ends_at).bind(one.state).bind(&one.reason)
        .bind(one.moved).bind(one.taken).bind(one.announced_at).bind(one.reminded_at).bind(one.changed_at)
        .bind(&one.commune)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn remove(tx: &mut Tx, id: OccurrenceId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM agenda_occurrence WHERE id = $1").bind(id)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn by_id(db: &Db, id: OccurrenceId) -> Result<Option<Occurrence>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM agenda_occurrence WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

/// Several at once, the latest first.
pub(crate) async fn by_ids(db: &Db, ids: &[i64]) -> Result<Vec<Occurrence>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM agenda_occurrence WHERE id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        query.push(") ORDER BY id DESC");
        query.build_query_as().fetch_all(c).await
    })?)
}

pub(crate) async fn by_uri(db: &Db, uri: &str) -> Result<Option<Occurrence>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM agenda_occurrence WHERE uri = $1")
        .bind(uri).fetch_optional(c).await)?,
    )
}

pub(crate) async fn by_uri_in(tx: &mut Tx, uri: &str) -> Result<Option<Occurrence>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("SELECT * FROM agenda_occurrence WHERE uri = $1")
        .bind(uri).fetch_optional(c).await)?,
    )
}

/// Reads a date to change it or its seats: whoever wants the next seat waits here.
pub(crate) async fn by_id_for_change(
    tx: &mut Tx,
    id: OccurrenceId,
) -> Result<Option<Occurrence>, StoreError> {
    let found = match tx.link() {
        Link::Lite(c) => {
            sqlx::query_as("SELECT * FROM agenda_occurrence WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut **c)
                .await?
        }
        Link::Pg(c) => {
            sqlx::query_as("SELECT * FROM agenda_occurrence WHERE id = $1 FOR UPDATE")
                .bind(id)
                .fetch_optional(&mut **c)
                .await?
        }
    };
    Ok(found)
}

/// All dates of an event, to change them, in the order of their ids so that two changes never wait for each other.
pub(crate) async fn of_event_for_change(tx: &mut Tx, event: EventId) -> Result<Vec<Occurrence>, StoreError> {
    let found = match tx.link() {
        Link::Lite(c) => {
            sqlx::query_as("SELECT * FROM agenda_occurrence WHERE event_id = $1 AND state <> 'deleted' ORDER BY id")
                .bind(event)
                .fetch_all(&mut **c)
                .await?
        }
        Link::Pg(c) => {
            sqlx::query_as(
                "SELECT * FROM agenda_occurrence WHERE event_id = $1 AND state <> 'deleted' ORDER BY id FOR UPDATE",
            )
            .bind(event)
            .fetch_all(&mut **c)
            .await?
        }
    };
    Ok(found)
}

/// The dates of an event that are not over, the next first.
pub(crate) async fn coming(
    db: &Db,
    event: EventId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Occurrence>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM agenda_occurrence WHERE event_id = $1 AND ends_at > $2 AND state <> 'deleted'
         ORDER BY starts_at, id LIMIT $3").bind(event).bind(now).bind(limit).fetch_all(c).await)?)
}

/// The dates of several events that are not deleted, in the order of time.
pub(crate) async fn of_events(db: &Db, events: &[EventId]) -> Result<Vec<Occurrence>, StoreError> {
    let mut all = Vec::new();
    for chunk in events.chunks(500) {
        let part: Vec<Occurrence> = on_db!(db, c => {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT * FROM agenda_occurrence WHERE state <> 'deleted' AND event_id IN (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(*id);
            }
            query.push(") ORDER BY starts_at, id");
            query.build_query_as().fetch_all(c).await
        })?;
        all.extend(part);
    }
    Ok(all)
}

/// Dates of which those who come are to be reminded now: they begin within these bounds.
pub(crate) async fn to_remind(
    db: &Db,
    from: Timestamp,
    to: Timestamp,
    limit: i64,
) -> Result<Vec<Occurrence>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM agenda_occurrence WHERE state = 'scheduled' AND reminded_at IS NULL
           AND (local OR EXISTS (SELECT 1 FROM agenda_attendance a WHERE a.occurrence_id = agenda_occurrence.id))
           AND starts_at > $1 AND starts_at <= $2 AND NOT EXISTS (SELECT 1 FROM commune_section s
                WHERE s.code = agenda_occurrence.commune AND s.section = 'agenda')
         ORDER BY starts_at LIMIT $3")
        .bind(from).bind(to).bind(limit).fetch_all(c).await)?)
}

/// Public dates of ours that begin soon and that other servers do not know of: of each series the next, unless
/// they know of one that is not over; and what was imported.
pub(crate) async fn to_announce(
    db: &Db,
    now: Timestamp,
    soon: Timestamp,
    limit: i64,
) -> Result<Vec<OccurrenceId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT o.id FROM agenda_occurrence o JOIN agenda_event e ON e.id = o.event_id
         WHERE o.state = 'scheduled' AND o.starts_at > $1 AND o.starts_at <= $2 AND o.announced_at IS NULL
           AND o.local AND NOT o.private AND e.state = 'published'
           AND NOT EXISTS (SELECT 1 FROM commune_section s WHERE s.code = o.commune AND s.section = 'agenda')
           AND NOT EXISTS (SELECT 1 FROM agenda_occurrence n WHERE n.event_id = o.event_id AND n.state <> 'deleted'
                AND n.ends_at > $1
                AND (n.announced_at IS NOT NULL
                     OR (n.state = 'scheduled' AND n.starts_at > $1 AND n.starts_at < o.starts_at)))
         ORDER BY o.starts_at LIMIT $3").bind(now).bind(soon).bind(limit).fetch_all(c).await)?)
}

/// How many open dates an actor announced, and when the last.
pub(crate) async fn figures(db: &Db, actor: ActorId) -> Result<(i64, Option<Timestamp>), StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT COUNT(*), MAX(o.announced_at) FROM agenda_occurrence o JOIN agenda_event e ON e.id = o.event_id
         WHERE e.actor_id = $1 AND NOT e.private AND o.announced_at IS NOT NULL AND o.state <> 'deleted'")
        .bind(actor).fetch_one(c).await)?)
}
