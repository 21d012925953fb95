//! Who comes: one number of seats, whichever door somebody comes in by.

use federation::{Actor, ActorId, Audience, Ctx, actors, outbox};
use platform::{StoreError, Tx};
use serde_json::json;

use super::EventError;
use super::changing::office;
use super::elsewhere::give_up;
use crate::author::Author;
use crate::model::{
    Attendance, AttendanceId, AttendanceState, Event, EventRefusal, EventState, JoinMode, Occurrence,
    OccurrenceId, OccurrenceState, Outcome, seat_of_new,
};
use crate::notices;
use crate::store::{attendances, events, occurrences};

/// By which door somebody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via<'a> {
    /// The site or the API.
    Here,
    /// The `Join` of another server: its id, and what was written with it.
    Join(&'a str, &'a str),
}

/// Somebody wants to come. Whoever asks for the last seat at the same time waits for the row of the date, so that no
/// seat is given twice. Asking again changes nothing, and is answered again.
///
/// # Errors
/// [`EventError::Refused`]: there is no such date for her, it is cancelled or over, or nobody registers for it here.
pub async fn join(ctx: &Ctx, who: &Actor, id: OccurrenceId, via: Via<'_>) -> Result<Outcome, EventError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let (event, mut date) = open_date(&mut tx, id).await?;
    if date.is_cancelled() {
        return Err(EventRefusal::Cancelled.into());
    }
    if date.is_over(now) {
        return Err(EventRefusal::Over.into());
    }
    if event.join_mode != JoinMode::Free {
        return Err(EventRefusal::NotOpen.into());
    }
    let found = attendances::of_in(&mut tx, id, who.id).await?;
    let one = match found {
        Some(mut one) => {
            if let Via::Join(uri, _) = via {
                // Each of them may be undone; the last is answered.
                match one.join_uri.replace(uri.to_owned()) {
                    Some(before) if before != uri => attendances::keep_join(&mut tx, one.id, &before).await?,
                    _ => {}
                }
                attendances::update(&mut tx, &one).await?;
            }
            one
        }
        None => {
            let waiting = attendances::count_in(&mut tx, id, AttendanceState::Waiting).await?;
            let state = seat_of_new(event.capacity, date.taken, waiting);
            let (join_uri, message) = match via {
                Via::Here => (None, String::new()),
                Via::Join(uri, message) => (Some(uri.to_owned()), message.to_owned()),
            };
            let one = Attendance {
                id: AttendanceId::new(ctx),
                occurrence_id: id,
                actor_id: who.id,
                state,
                join_uri,
                message,
                created_at: now,
            };
            attendances::insert(&mut tx, &one).await?;
            if state == AttendanceState::Accepted {
                date.taken += 1;
                occurrences::update(&mut tx, &date).await?;
            }
            one
        }
    };
    let outcome = match one.state {
        AttendanceState::Accepted => Outcome::Accepted,
        _ => Outcome::Waiting(attendances::place_in(&mut tx, id, one.id).await?),
    };
    if let Via::Join(..) = via
        && let Some(office) = office(&mut tx, &event).await?
    {
        answer(ctx, &mut tx, &office, who, &one, &date).await?;
    }
    tx.commit().await?;
    Ok(outcome)
}

/// A date of ours that anybody may know of, held for change, with its event.
async fn open_date(tx: &mut Tx, id: OccurrenceId) -> Result<(Event, Occurrence), EventError> {
    let date = occurrences::by_id_for_change(tx, id)
        .await?
        .filter(|date| date.local && !date.private && date.state != OccurrenceState::Deleted)
        .ok_or(EventRefusal::Missing)?;
    let event = events::by_id_in(tx, date.event_id)
        .await?
        .filter(|event| event.state != EventState::Deleted)
        .ok_or(EventRefusal::Missing)?;
    Ok((event, date))
}

/// Tells somebody of another server where she stands: `Accept` with a seat; without one `Reject`, and an `Accept` of
/// the same `Join` when a seat is freed.
async fn answer(
    ctx: &Ctx,
    tx: &mut Tx,
    office: &Actor,
    who: &Actor,
    one: &Attendance,
    date: &Occurrence,
) -> Result<(), StoreError> {
    let Some(join_uri) = one.join_uri.as_ref().filter(|_| !who.local) else {
        return Ok(());
    };
    let join = json!({ "id": join_uri, "type": "Join", "actor": who.uri, "object": date.uri });
    let mut activity = match one.state {
        AttendanceState::Accepted => json!({ "type": "Accept", "object": join }),
        _ => json!({ "type": "Reject", "object": join }),
    };
    if one.state == AttendanceState::Waiting
        && let Some(map) = activity.as_object_mut()
    {
        let place = attendances::place_in(tx, date.id, one.id).await?;
        let words = ctx
            .words
            .tn(platform::i18n::Lang::Fr, "agenda-wire-waiting", place);
        map.insert("summary".to_owned(), json!(words));
    }
    outbox::say(ctx, tx, office, activity, &Audience::only(&[who])).await?;
    Ok(())
}

/// Refuses the `Join` of somebody of another server, with the reason in words.
pub(crate) async fn answer_again(
    ctx: &Ctx,
    who: &Actor,
    date: &Occurrence,
    join_uri: &str,
    refusal: EventRefusal,
) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    let event = events::by_id_in(&mut tx, date.event_id).await?;
    let Some(event) = event else {
        return Ok(());
    };
    if let Some(office) = actors::by_id_in(&mut tx, event.actor_id).await? {
        let join = json!({ "id": join_uri, "type": "Join", "actor": who.uri, "object": date.uri });
        let words = ctx.words.t(
            platform::i18n::Lang::Fr,
            &format!("agenda-refused-{}", refusal.code()),
        );
        let activity = json!({ "type": "Reject", "object": join, "summary": words });
        outbox::say(ctx, &mut tx, &office, activity, &Audience::only(&[who])).await?;
    }
    tx.commit().await
}

/// Somebody does not come after all; her seat goes to the first who waits. `false`: she did not want to come.
///
/// # Errors
/// [`EventError::Refused`] when there is no such date for her.
pub async fn leave(ctx: &Ctx, who: ActorId, id: OccurrenceId) -> Result<bool, EventError> {
    let mut tx = ctx.db.begin().await?;
    let (event, mut date) = open_date(&mut tx, id).await?;
    let left = leave_in(ctx, &mut tx, &event, &mut date, who).await?;
    tx.commit().await?;
    Ok(left)
}

async fn leave_in(
    ctx: &Ctx,
    tx: &mut Tx,
    event: &Event,
    date: &mut Occurrence,
    who: ActorId,
) -> Result<bool, EventError> {
    let Some(one) = attendances::of_in(tx, date.id, who).await? else {
        return Ok(false);
    };
    attendances::remove(tx, one.id).await?;
    if one.state == AttendanceState::Accepted {
        date.taken = (date.taken - 1).max(0);
        occurrences::update(tx, date).await?;
        if let Some(office) = office(tx, event).await? {
            give(ctx, tx, &office, event, date).await?;
        }
    }
    Ok(true)
}

/// Gives free seats to those who wait, after an event got more of them.
pub(crate) async fn give_seats(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    event: &Event,
    date: &mut Occurrence,
) -> Result<(), StoreError> {
    give(ctx, tx, &author.office, event, date).await
}

async fn give(
    ctx: &Ctx,
    tx: &mut Tx,
    office: &Actor,
    event: &Event,
    date: &mut Occurrence,
) -> Result<(), StoreError> {
    if date.is_cancelled() || date.is_over(ctx.clock.now()) {
        return Ok(());
    }
    let free = event.capacity.map_or(10_000, |seats| seats - date.taken);
    if free <= 0 {
        return Ok(());
    }
    for mut one in attendances::waiting_in(tx, date.id, free).await? {
        one.state = AttendanceState::Accepted;
        attendances::update(tx, &one).await?;
        date.taken += 1;
        if let Some(who) = actors::by_id_in(tx, one.actor_id).await? {
            answer(ctx, tx, office, &who, &one, date).await?;
            if who.local {
                notices::seat(ctx, tx, office, event, date, who.id).await?;
            }
        }
    }
    occurrences::update(tx, date).await
}

/// Removes everything somebody wanted to come to: her account ends. Seats of what is over stay counted.
pub(crate) async fn forget_attendances(ctx: &Ctx, tx: &mut Tx, who: ActorId) -> Result<(), StoreError> {
    let now = ctx.clock.now();
    for one in attendances::of_actor_in(tx, who).await? {
        let date = occurrences::by_id_for_change(tx, one.occurrence_id).await?;
        let event = match &date {
            Some(date) => events::by_id_in(tx, date.event_id).await?,
            None => None,
        };
        match date.zip(event) {
            Some((date, event)) if !date.is_over(now) && !event.local => {
                match actors::by_id_in(tx, who).await? {
                    Some(actor) => give_up(ctx, tx, &actor, (&event, &date), &one).await?,
                    None => attendances::remove(tx, one.id).await?,
                }
            }
            Some((mut date, event)) if !date.is_over(now) => {
                match leave_in(ctx, tx, &event, &mut date, who).await {
                    Ok(_) | Err(EventError::Refused(_)) => {}
                    Err(EventError::Store(error)) => return Err(error),
                }
            }
            _ => attendances::remove(tx, one.id).await?,
        }
    }
    Ok(())
}
