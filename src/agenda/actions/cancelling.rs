//! Cancelling, which stays visible; taking that back; and deleting for good.

use federation::{Ctx, actors, outbox};
use platform::media::{self, MediaId};
use platform::text::clean_line;
use platform::{Timestamp, Tx};
use serde_json::json;

use super::announcing;
use super::changing::{strictly_after, tell};
use super::{EventError, own_date, own_event};
use crate::author::Author;
use crate::model::{
    Event, EventId, EventRefusal, EventState, LONGEST_REASON, Occurrence, OccurrenceId, OccurrenceState,
    Place,
};
use crate::notices::{self, Told};
use crate::store;
use crate::wire::KIND;

fn reason(reason: &str) -> Result<String, EventError> {
    if reason.chars().count() > LONGEST_REASON {
        return Err(EventRefusal::ReasonTooLong.into());
    }
    Ok(clean_line(reason, LONGEST_REASON))
}

/// Calls off a whole event: all its dates that are not over. They stay where they are, marked.
///
/// # Errors
/// [`EventError::Refused`]: missing, not the author's, cancelled already.
pub async fn cancel_event(ctx: &Ctx, author: &Author, id: EventId, why: &str) -> Result<(), EventError> {
    let (now, why) = (ctx.clock.now(), reason(why)?);
    let mut tx = ctx.db.begin().await?;
    let mut event = own_event(&mut tx, author, id).await?;
    if event.state == EventState::Cancelled {
        return Err(EventRefusal::Cancelled.into());
    }
    event.state = EventState::Cancelled;
    changed(&mut tx, &mut event, now).await?;
    for mut date in store::occurrences::of_event_for_change(&mut tx, id).await? {
        if date.is_cancelled() || (date.is_over(now) && event.is_series()) {
            continue;
        }
        call_off(ctx, &mut tx, author, &event, &mut date, &why).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Calls off one date of a series; of an event that happens once, the event.
///
/// # Errors
/// [`EventError::Refused`]: missing, not the author's, cancelled already.
pub async fn cancel_date(
    ctx: &Ctx,
    author: &Author,
    (event_id, id): (EventId, OccurrenceId),
    why: &str,
) -> Result<(), EventError> {
    let (now, why) = (ctx.clock.now(), reason(why)?);
    let mut tx = ctx.db.begin().await?;
    let (mut event, mut date) = own_date(&mut tx, author, id, event_id).await?;
    if date.is_cancelled() {
        return Err(EventRefusal::Cancelled.into());
    }
    if !event.is_series() {
        event.state = EventState::Cancelled;
    }
    changed(&mut tx, &mut event, now).await?;
    call_off(ctx, &mut tx, author, &event, &mut date, &why).await?;
    tx.commit().await?;
    Ok(())
}

async fn changed(tx: &mut Tx, event: &mut Event, now: Timestamp) -> Result<(), EventError> {
    event.sequence += 1;
    event.edited_at = Some(strictly_after(now, event.edited_at.or(Some(event.created_at))));
    store::events::update(tx, event).await?;
    Ok(())
}

async fn call_off(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    event: &Event,
    date: &mut Occurrence,
    why: &str,
) -> Result<(), EventError> {
    date.state = OccurrenceState::Cancelled;
    why.clone_into(&mut date.reason);
    date.changed_at = ctx.clock.now();
    store::occurrences::update(tx, date).await?;
    tell(ctx, tx, author, event, date, Some(Told::Cancelled)).await
}

/// Takes a cancellation back: the date takes place after all.
///
/// # Errors
/// [`EventError::Refused`]: missing, not the author's, not cancelled, over.
pub async fn restore_date(
    ctx: &Ctx,
    author: &Author,
    (event_id, id): (EventId, OccurrenceId),
) -> Result<(), EventError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let (mut event, mut date) = own_date(&mut tx, author, id, event_id).await?;
    if !date.is_cancelled() {
        return Err(EventRefusal::Missing.into());
    }
    if date.is_over(now) {
        return Err(EventRefusal::Over.into());
    }
    event.state = EventState::Published;
    changed(&mut tx, &mut event, now).await?;
    date.state = OccurrenceState::Scheduled;
    date.reason = String::new();
    date.changed_at = now;
    store::occurrences::update(&mut tx, &date).await?;
    tell(ctx, &mut tx, author, &event, &date, Some(Told::Changed)).await?;
    tx.commit().await?;
    Ok(())
}

/// Deletes an event for good with all its dates: its text and picture go, its addresses answer 410, and other
/// servers are told. For what should never have been there; what does not take place is cancelled.
///
/// # Errors
/// [`EventError::Refused`] when it is missing or another's.
pub async fn delete_event(ctx: &Ctx, author: &Author, id: EventId) -> Result<(), EventError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let mut event = own_event(&mut tx, author, id).await?;
    for mut date in store::occurrences::of_event_for_change(&mut tx, id).await? {
        if date.announced_at.is_some() && !event.private {
            let audience = announcing::audience(&mut tx, &author.office, Some(date.id)).await?;
            actors::bury(&mut tx, &date.uri, "Event", now).await?;
            outbox::unlist(&mut tx, author.office.id, &date.uri).await?;
            let gone = json!({ "id": date.uri, "type": "Tombstone", "formerType": "Event" });
            let activity = json!({ "type": "Delete", "object": gone });
            outbox::say(ctx, &mut tx, &author.office, activity, &audience).await?;
        }
        notifications::retract(&mut tx, KIND, date.id.0).await?;
        discussion::subject_gone(&mut tx, KIND, date.id.0).await?;
        // Who meant to come is not to find nobody there.
        if date.is_awaited(now) && !event.private {
            notices::to_attendees(ctx, &mut tx, author, &event, &date, Told::Cancelled).await?;
        }
        store::attendances::remove_all(&mut tx, date.id).await?;
        date.state = OccurrenceState::Deleted;
        date.reason = String::new();
        date.taken = 0;
        date.changed_at = now;
        store::occurrences::update(&mut tx, &date).await?;
    }
    if let Some(image) = event.image_id.take() {
        media::detach(&mut tx, MediaId(image), now).await?;
    }
    wipe(&mut event);
    changed(&mut tx, &mut event, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes what it said.
fn wipe(event: &mut Event) {
    event.state = EventState::Deleted;
    event.title = String::new();
    event.source = None;
    event.html = String::new();
    event.place = Place::default();
    event.website = String::new();
    event.contact = String::new();
    event.contact_email = String::new();
    event.contact_phone = String::new();
    event.join_url = String::new();
    event.image_path = String::new();
    event.image_small = String::new();
    event.image_alt = String::new();
    event.import_uid = None;
}
