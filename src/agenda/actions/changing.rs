//! Changing an event, and moving one date of a series.

use std::time::Duration;

use federation::{Ctx, actors};
use platform::{Timestamp, Tx};

use super::announcing::{self, Whole};
use super::{EventError, dates, own_date, own_event, planning, refuse, seats};
use crate::author::Author;
use crate::model::{
    Event, EventId, EventRefusal, EventState, Move, NewEvent, Occurrence, OccurrenceId, OccurrenceState,
    local_of,
};
use crate::notices::{self, Told};
use crate::store;

/// Changes an event with all its dates to come. `seen` is the last change the editor had before its eyes; a later
/// one is not overwritten.
///
/// # Errors
/// [`EventError::Refused`]: missing, not the author's, cancelled, changed meanwhile, or faulty.
pub async fn change_event(
    ctx: &Ctx,
    author: &Author,
    id: EventId,
    new: &NewEvent,
    seen: Option<Timestamp>,
) -> Result<Event, EventError> {
    let now = ctx.clock.now();
    refuse(new.refusals(local_of(now, &new.zone)))?;
    let html = planning::html_of(ctx, new).await?;
    let mut tx = ctx.db.begin().await?;
    let mut event = own_event(&mut tx, author, id).await?;
    if event.state == EventState::Cancelled {
        return Err(EventRefusal::Cancelled.into());
    }
    if seen.is_some_and(|seen| event.edited_at.is_some_and(|edited| edited > seen)) {
        return Err(EventRefusal::Changed.into());
    }
    let before = event.clone();
    planning::fill(&mut event, new, &html);
    if new.excluded.is_empty() {
        event.excluded.clone_from(&before.excluded);
    }
    // What was private may be published; what is out cannot be taken back by calling it private.
    event.private = before.private && new.private;
    event.byline.clone_from(&author.byline);
    event.delegated = author.delegated;
    event.sequence += 1;
    event.edited_at = Some(strictly_after(now, before.edited_at.or(Some(before.created_at))));
    planning::hang_image(ctx, &mut tx, author, &mut event, new).await?;
    let published_now = before.private && !event.private;
    let timed = when_differs(&before, &event);
    let remade = if timed || published_now {
        dates::remake(ctx, &mut tx, &mut event, before.is_series(), now).await?
    } else {
        dates::Remade {
            kept: store::occurrences::of_event_for_change(&mut tx, id).await?,
            dropped: Vec::new(),
        }
    };
    store::events::update(&mut tx, &event).await?;
    for mut date in remade.kept {
        if date.is_over(now) && event.is_series() {
            continue;
        }
        seats::give_seats(ctx, &mut tx, author, &event, &mut date).await?;
        let told = timed || before.place != event.place;
        tell(ctx, &mut tx, author, &event, &date, told.then_some(Told::Changed)).await?;
    }
    for date in remade.dropped {
        tell(ctx, &mut tx, author, &event, &date, Some(Told::Cancelled)).await?;
    }
    if published_now {
        publish(ctx, &mut tx, author, &event, now).await?;
    }
    tx.commit().await?;
    Ok(event)
}

/// Whether dates take place at other times.
fn when_differs(before: &Event, after: &Event) -> bool {
    let of = |event: &Event| {
        (
            event.all_day,
            event.zone.clone(),
            event.starts_local.clone(),
            event.ends_local.clone(),
            event.rule.clone(),
            event.until_local.clone(),
            event.excluded.clone(),
        )
    };
    of(before) != of(after)
}

/// Tells those who come here, and other servers if they know of the date.
pub(super) async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    event: &Event,
    date: &Occurrence,
    told: Option<Told>,
) -> Result<(), EventError> {
    if event.private {
        return Ok(());
    }
    if let Some(told) = told {
        notices::to_attendees(ctx, tx, author, event, date, told).await?;
    }
    if date.announced_at.is_some()
        || store::attendances::all_in(tx, date.id)
            .await?
            .iter()
            .any(|one| one.join_uri.is_some())
    {
        let whole = Whole {
            office: &author.office,
            commune: &author.commune,
            event,
            date,
        };
        announcing::say(ctx, tx, "Update", &whole).await?;
    }
    Ok(())
}

/// Tells of what was private until now as of something new.
async fn publish(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    event: &Event,
    now: Timestamp,
) -> Result<(), EventError> {
    let mut all = store::occurrences::of_event_for_change(tx, event.id).await?;
    all.sort_by_key(|one| one.starts_at);
    let next = all
        .into_iter()
        .find(|one| !one.is_over(now) && one.state == OccurrenceState::Scheduled);
    if let Some(mut next) = next {
        announcing::announce(ctx, tx, author, event, &mut next, now).await?;
        notices::planned(ctx, tx, author, event, &next).await?;
    }
    Ok(())
}

/// Moves one date of a series.
///
/// # Errors
/// [`EventError::Refused`]: missing, not the author's, cancelled, over, or an impossible time.
pub async fn move_date(
    ctx: &Ctx,
    author: &Author,
    (event_id, id): (EventId, OccurrenceId),
    to: Move,
) -> Result<Occurrence, EventError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let (mut event, mut date) = own_date(&mut tx, author, id, event_id).await?;
    refuse(to.refusals(local_of(now, &event.zone)))?;
    if date.is_cancelled() {
        return Err(EventRefusal::Cancelled.into());
    }
    if date.is_over(now) {
        return Err(EventRefusal::Over.into());
    }
    dates::set_times(&event.zone, &mut date, to.starts, to.ends);
    if event.is_series() {
        date.moved = date.starts_local != date.rule_local;
    } else {
        event.starts_local = date.starts_local.clone();
        event.ends_local = date.ends_local.clone();
        date.rule_local = date.starts_local.clone();
        date.day = to.starts.date().to_string();
    }
    date.changed_at = now;
    date.reminded_at = None;
    event.sequence += 1;
    event.edited_at = Some(strictly_after(now, event.edited_at.or(Some(event.created_at))));
    store::occurrences::update(&mut tx, &date).await?;
    store::events::update(&mut tx, &event).await?;
    tell(ctx, &mut tx, author, &event, &date, Some(Told::Changed)).await?;
    tx.commit().await?;
    Ok(date)
}

/// Readers elsewhere take a change only when its instant is later than the last they know.
pub(super) fn strictly_after(now: Timestamp, before: Option<Timestamp>) -> Timestamp {
    before.map_or(now, |before| now.max(before.plus(Duration::from_secs(1))))
}

/// The office of an event, for deeds that no author does.
pub(super) async fn office(tx: &mut Tx, event: &Event) -> Result<Option<federation::Actor>, EventError> {
    Ok(actors::by_id_in(tx, event.actor_id).await?)
}
