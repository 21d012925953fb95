//! What other servers are told.
//!
//! Each date is an `Event` of its own. Of a series only the next date is told: a reader of another server sees one
//! event at a time, and the following one when that is over.

use std::time::Duration;

use commune::Commune;
use federation::{Actor, Audience, Ctx, Visibility, actors, outbox};
use platform::{StoreError, Timestamp, Tx};
use serde_json::json;

use crate::author::Author;
use crate::model::{Event, Occurrence, OccurrenceId, OccurrenceState};
use crate::store::{attendances, events, occurrences};
use crate::wire;

/// How soon before it begins a date is told that was not told when it was planned.
const SOON: Duration = Duration::from_secs(14 * 24 * 3600);

/// A date with all that its document is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole<'a> {
    pub(crate) office: &'a Actor,
    pub(crate) commune: &'a Commune,
    pub(crate) event: &'a Event,
    pub(crate) date: &'a Occurrence,
}

/// Tells other servers of a date for the first time.
pub(crate) async fn announce(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    event: &Event,
    date: &mut Occurrence,
    now: Timestamp,
) -> Result<(), StoreError> {
    announce_by(ctx, tx, (&author.office, &author.commune), event, date, now).await
}

async fn announce_by(
    ctx: &Ctx,
    tx: &mut Tx,
    (office, commune): (&Actor, &Commune),
    event: &Event,
    date: &mut Occurrence,
    now: Timestamp,
) -> Result<(), StoreError> {
    date.announced_at = Some(now);
    occurrences::update(tx, date).await?;
    let whole = Whole {
        office,
        commune,
        event,
        date,
    };
    say(ctx, tx, "Create", &whole).await
}

/// Says something about a date as it now stands, to the followers of its office and to those who come.
pub(crate) async fn say(ctx: &Ctx, tx: &mut Tx, kind: &str, whole: &Whole<'_>) -> Result<(), StoreError> {
    let audience = audience(tx, whole.office, Some(whole.date.id)).await?;
    let document = wire::document(ctx, whole);
    let activity = json!({ "type": kind, "object": document });
    outbox::say(ctx, tx, whole.office, activity, &audience).await?;
    Ok(())
}

/// Everybody; delivered to the followers, and to those of other servers who come. They are not named: who comes is
/// between them and the town hall.
pub(crate) async fn audience(
    tx: &mut Tx,
    office: &Actor,
    date: Option<OccurrenceId>,
) -> Result<Audience, StoreError> {
    let mut audience = Audience::of(office, Visibility::Public, &[]);
    if let Some(date) = date {
        let ids: Vec<_> = attendances::all_in(tx, date)
            .await?
            .into_iter()
            .filter(|one| one.join_uri.is_some())
            .map(|one| one.actor_id)
            .collect();
        audience.actors = ids;
    }
    Ok(audience)
}

/// Tells of dates that begin soon: the next of each series whose last told date is over, and what was imported.
/// Gives how many.
pub(crate) async fn announce_next(ctx: &Ctx, limit: i64) -> Result<usize, StoreError> {
    let now = ctx.clock.now();
    let due = occurrences::to_announce(&ctx.db, now, now.plus(SOON), limit).await?;
    let count = due.len();
    for id in due {
        let mut tx = ctx.db.begin().await?;
        if announce_due(ctx, &mut tx, id, now).await? {
            tx.commit().await?;
        }
    }
    Ok(count)
}

async fn announce_due(ctx: &Ctx, tx: &mut Tx, id: OccurrenceId, now: Timestamp) -> Result<bool, StoreError> {
    let Some(mut date) = occurrences::by_id_for_change(tx, id).await? else {
        return Ok(false);
    };
    let due = date.announced_at.is_none() && date.state == OccurrenceState::Scheduled && !date.private;
    let Some(event) = events::by_id_in(tx, date.event_id).await?.filter(|_| due) else {
        return Ok(false);
    };
    let Some(Ok(code)) = event.commune.as_deref().map(str::parse) else {
        return Ok(false);
    };
    let office = actors::by_id_in(tx, event.actor_id).await?;
    let commune = commune::actions::by_code_in(tx, code).await?;
    let Some((office, commune)) = office.zip(commune) else {
        return Ok(false);
    };
    announce_by(ctx, tx, (&office, &commune), &event, &mut date, now).await?;
    Ok(true)
}
