//! Lists of dates, with what a list shows of their events.

use federation::ActorId;
use platform::store::{Page, Paging};
use platform::{Db, StoreError, Timestamp, on_db};

use crate::model::{Category, EventId, Local, OccurrenceId, OccurrenceState};

/// The longest event, in milliseconds, so that what began before a month and still lasts is found by the index.
const LONGEST: i64 = (crate::model::LONGEST_DAYS as i64 + 1) * 24 * 3600 * 1000;
/// Dates drawn at once.
const MOST: i64 = 5000;

/// A date as a list shows it.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub(crate) struct Line {
    pub(crate) id: OccurrenceId,
    pub(crate) starts_local: Local,
    pub(crate) ends_local: Local,
    pub(crate) starts_at: Timestamp,
    pub(crate) ends_at: Timestamp,
    pub(crate) state: OccurrenceState,
    pub(crate) reason: String,
    pub(crate) taken: i64,
    pub(crate) private: bool,
    pub(crate) actor_id: ActorId,
    pub(crate) title: String,
    pub(crate) category: Category,
    pub(crate) all_day: bool,
    pub(crate) place_name: String,
    pub(crate) locality: String,
    pub(crate) capacity: Option<i64>,
}

macro_rules! dated {
    ($rest:literal) => {
        concat!(
            "SELECT o.id, o.starts_local, o.ends_local, o.starts_at, o.ends_at, o.state, o.reason,
                 o.taken, o.private, e.actor_id, e.title, e.category, e.all_day, e.place_name,
                 e.locality, e.capacity
             FROM agenda_occurrence o JOIN agenda_event e ON e.id = o.event_id ",
            $rest
        )
    };
}

/// The dates of a commune that touch a span of time, in its order. Private ones only for the team.
pub(crate) async fn between(
    db: &Db,
    commune: &str,
    team: bool,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Line>, StoreError> {
    let since = Timestamp::from_millis(from.as_millis().saturating_sub(LONGEST));
    Ok(on_db!(db, c => sqlx::query_as(dated!(
        "WHERE o.commune = $1 AND o.state <> 'deleted' AND o.starts_at >= $2 AND o.starts_at < $3
           AND (o.ends_at > $4 OR o.starts_at >= $4) AND (NOT o.private OR $5)
         ORDER BY o.starts_at, o.id LIMIT $6"))
        .bind(commune).bind(since).bind(to).bind(from).bind(team).bind(MOST).fetch_all(c).await)?)
}

/// What comes in a commune, the next first, after a place in the list (start and id).
pub(crate) async fn coming(
    db: &Db,
    commune: &str,
    team: bool,
    now: Timestamp,
    after: Option<(Timestamp, OccurrenceId)>,
    limit: i64,
) -> Result<Vec<Line>, StoreError> {
    let since = Timestamp::from_millis(now.as_millis().saturating_sub(LONGEST));
    let (start, id) = after.unwrap_or((since, OccurrenceId(0)));
    Ok(on_db!(db, c => sqlx::query_as(dated!(
        "WHERE o.commune = $1 AND o.state <> 'deleted' AND o.starts_at >= $2 AND o.ends_at > $3
           AND (o.starts_at > $4 OR (o.starts_at = $4 AND o.id > $5)) AND (NOT o.private OR $6)
         ORDER BY o.starts_at, o.id LIMIT $7"))
        .bind(commune).bind(since).bind(now).bind(start).bind(id).bind(team).bind(limit).fetch_all(c).await)?)
}

/// What is over in a commune, the latest first, before a place in the list.
pub(crate) async fn past(
    db: &Db,
    commune: &str,
    team: bool,
    now: Timestamp,
    before: Option<(Timestamp, OccurrenceId)>,
    limit: i64,
) -> Result<Vec<Line>, StoreError> {
    let (start, id) = before.unwrap_or((now, OccurrenceId(i64::MAX)));
    Ok(on_db!(db, c => sqlx::query_as(dated!(
        "WHERE o.commune = $1 AND o.state <> 'deleted' AND o.ends_at <= $2
           AND (o.starts_at < $3 OR (o.starts_at = $3 AND o.id < $4)) AND (NOT o.private OR $5)
         ORDER BY o.starts_at DESC, o.id DESC LIMIT $6"))
        .bind(commune).bind(now).bind(start).bind(id).bind(team).bind(limit).fetch_all(c).await)?)
}

/// What comes elsewhere, by those whose events a commune shows.
pub(crate) async fn around(
    db: &Db,
    commune: &str,
    now: Timestamp,
    after: Option<(Timestamp, OccurrenceId)>,
    limit: i64,
) -> Result<Vec<Line>, StoreError> {
    let since = Timestamp::from_millis(now.as_millis().saturating_sub(LONGEST));
    let (start, id) = after.unwrap_or((since, OccurrenceId(0)));
    Ok(on_db!(db, c => sqlx::query_as(dated!(
        "JOIN agenda_source s ON s.actor_id = e.actor_id AND s.commune = $1
         WHERE NOT e.local AND NOT e.private AND o.state <> 'deleted' AND o.starts_at >= $2 AND o.ends_at > $3
           AND (o.starts_at > $4 OR (o.starts_at = $4 AND o.id > $5))
         ORDER BY o.starts_at, o.id LIMIT $6"))
        .bind(commune).bind(since).bind(now).bind(start).bind(id).bind(limit).fetch_all(c).await)?)
}

/// The public events of a commune that have a date after this one, for feeds; the next first.
pub(crate) async fn events_since(
    db: &Db,
    commune: &str,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<EventId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT event_id FROM agenda_occurrence WHERE commune = $1 AND NOT private AND state <> 'deleted'
           AND ends_at > $2 GROUP BY event_id ORDER BY MIN(starts_at), event_id LIMIT $3")
        .bind(commune).bind(since).bind(limit).fetch_all(c).await)?)
}

/// Public dates of this server, for the site map.
pub(crate) async fn addresses(
    db: &Db,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<(OccurrenceId, String, Timestamp)>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT id, commune, changed_at FROM agenda_occurrence WHERE local AND NOT private AND state <> 'deleted'
           AND commune IS NOT NULL AND ends_at > $1 AND NOT EXISTS (SELECT 1 FROM commune_section s
               WHERE s.code = agenda_occurrence.commune AND s.section = 'agenda')
         ORDER BY id LIMIT $2")
        .bind(since).bind(limit).fetch_all(c).await)?)
}

/// Which list of the client API is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Told {
    /// Of one actor.
    Of(ActorId),
    /// Of those whom an actor follows.
    FollowedBy(ActorId),
    /// Everything: of ours, of others.
    All {
        local: bool,
        remote: bool,
        pictures: bool,
    },
}

/// Dates that were told to others, newest first, as the client API pages through them.
pub(crate) async fn told(db: &Db, list: Told, paging: &Paging) -> Result<Page<i64>, StoreError> {
    macro_rules! by_id {
        ($where:literal) => {
            if paging.is_ascending() {
                concat!(
                    "SELECT o.id FROM agenda_occurrence o JOIN agenda_event e ON e.id = o.event_id
                     WHERE o.announced_at IS NOT NULL AND o.state <> 'deleted' AND NOT o.private
                       AND o.id < $1 AND o.id > $2 AND ",
                    $where,
                    " ORDER BY o.id ASC LIMIT $3"
                )
            } else {
                concat!(
                    "SELECT o.id FROM agenda_occurrence o JOIN agenda_event e ON e.id = o.event_id
                     WHERE o.announced_at IS NOT NULL AND o.state <> 'deleted' AND NOT o.private
                       AND o.id < $1 AND o.id > $2 AND ",
                    $where,
                    " ORDER BY o.id DESC LIMIT $3"
                )
            }
        };
    }
    let (below, above, limit) = (paging.below(), paging.above(), paging.limit_and_one());
    let rows: Vec<i64> = match list {
        Told::Of(actor) => {
            let sql = by_id!("e.actor_id = $4");
            on_db!(db, c => sqlx::query_scalar(sql).bind(below).bind(above).bind(limit).bind(actor)
                .fetch_all(c).await)?
        }
        Told::FollowedBy(actor) => {
            let sql = by_id!(
                "(e.actor_id = $4 OR EXISTS (SELECT 1 FROM federation_follow f
                    WHERE f.follower_id = $4 AND f.followee_id = e.actor_id AND f.accepted))"
            );
            on_db!(db, c => sqlx::query_scalar(sql).bind(below).bind(above).bind(limit).bind(actor)
                .fetch_all(c).await)?
        }
        Told::All {
            local,
            remote,
            pictures,
        } => {
            let sql = by_id!(
                "(e.local OR NOT $4) AND (NOT e.local OR NOT $5) AND (NOT $6 OR e.image_id IS NOT NULL)"
            );
            on_db!(db, c => sqlx::query_scalar(sql).bind(below).bind(above).bind(limit).bind(local).bind(remote)
                .bind(pictures).fetch_all(c).await)?
        }
    };
    Ok(Page::new(rows, paging))
}
