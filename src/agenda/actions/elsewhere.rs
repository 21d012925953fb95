//! Coming to events of other servers: asked of who invites there, answered by that server, taken back.

use federation::{Actor, ActorId, ActorKind, Audience, Ctx, actors, outbox};
use platform::{StoreError, Tx};
use serde_json::json;

use super::EventError;
use crate::model::{
    Attendance, AttendanceId, AttendanceState, Event, EventRefusal, EventState, Occurrence, OccurrenceId,
    OccurrenceState,
};
use crate::notices;
use crate::store::{attendances, events, occurrences};

/// What another server answered to a `Join` of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answered {
    /// It is noted.
    Done,
    /// Nobody here asked that, or not any more.
    Unasked,
    /// By somebody who does not invite.
    NotTheHost,
}

/// Somebody here wants to come to an event of another server: who invites there is told her name. Asking twice tells
/// it once; who was refused may ask again.
///
/// # Errors
/// [`EventError::Refused`]: there is no such event, it is cancelled or over, its server takes no `Join`, or she is dark.
pub async fn join_elsewhere(ctx: &Ctx, who: &Actor, id: OccurrenceId) -> Result<AttendanceState, EventError> {
    if !who.is_visible() || !ctx.federation().enabled {
        return Err(EventRefusal::WouldLeave.into());
    }
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let (event, date) = theirs(&mut tx, id).await?;
    if date.is_cancelled() {
        return Err(EventRefusal::Cancelled.into());
    }
    if date.is_over(now) {
        return Err(EventRefusal::Over.into());
    }
    if !event.join_mode.takes_people() {
        return Err(EventRefusal::NotOpen.into());
    }
    let known = attendances::of_in(&mut tx, id, who.id).await?;
    if let Some(known) = known.as_ref().filter(|one| one.state != AttendanceState::Refused) {
        return Ok(known.state);
    }
    let host = actors::by_id_in(&mut tx, event.actor_id)
        .await?
        .ok_or(EventRefusal::Missing)?;
    let activity = ctx.new_id();
    let join_uri = Some(outbox::activity_uri(ctx, activity));
    match known {
        Some(mut again) => {
            again.state = AttendanceState::Asked;
            again.join_uri = join_uri;
            attendances::update(&mut tx, &again).await?;
        }
        None => {
            let one = Attendance {
                id: AttendanceId::new(ctx),
                occurrence_id: id,
                actor_id: who.id,
                state: AttendanceState::Asked,
                join_uri,
                message: String::new(),
                created_at: now,
            };
            attendances::insert(&mut tx, &one).await?;
        }
    }
    let join = json!({ "type": "Join", "object": date.uri });
    outbox::say_as(ctx, &mut tx, who, activity, join, &Audience::only(&[&host])).await?;
    tx.commit().await?;
    Ok(AttendanceState::Asked)
}

/// An event of another server, held for change.
async fn theirs(tx: &mut Tx, id: OccurrenceId) -> Result<(Event, Occurrence), EventError> {
    let date = occurrences::by_id_for_change(tx, id)
        .await?
        .filter(|date| !date.local && date.state != OccurrenceState::Deleted)
        .ok_or(EventRefusal::Missing)?;
    let event = events::by_id_in(tx, date.event_id)
        .await?
        .filter(|event| event.state != EventState::Deleted)
        .ok_or(EventRefusal::Missing)?;
    Ok((event, date))
}

/// She does not come after all. `false`: she did not want to.
///
/// # Errors
/// [`EventError::Refused`] when there is no such event.
pub async fn leave_elsewhere(ctx: &Ctx, who: &Actor, id: OccurrenceId) -> Result<bool, EventError> {
    let mut tx = ctx.db.begin().await?;
    let (event, date) = theirs(&mut tx, id).await?;
    let Some(one) = attendances::of_in(&mut tx, id, who.id).await? else {
        return Ok(false);
    };
    give_up(ctx, &mut tx, who, (&event, &date), &one).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes back what was asked; who invites is told, unless he said no himself. Who has gone dark meanwhile says nothing
/// any more: what left with her name is taken back with her whole actor.
pub(super) async fn give_up(
    ctx: &Ctx,
    tx: &mut Tx,
    who: &Actor,
    (event, date): (&Event, &Occurrence),
    one: &Attendance,
) -> Result<(), StoreError> {
    attendances::remove(tx, one.id).await?;
    if one.state == AttendanceState::Refused {
        return Ok(());
    }
    if let Some(host) = actors::by_id_in(tx, event.actor_id).await? {
        let leave = json!({ "type": "Leave", "object": date.uri });
        outbox::say(ctx, tx, who, leave, &Audience::only(&[&host])).await?;
    }
    Ok(())
}

/// Notes what was answered to a `Join` of ours, and tells who asked.
pub(crate) async fn answered(
    ctx: &Ctx,
    by: &Actor,
    (id, who): (OccurrenceId, ActorId),
    accepted: bool,
) -> Result<Answered, StoreError> {
    let mut tx = ctx.db.begin().await?;
    let (event, date) = match theirs(&mut tx, id).await {
        Ok(found) => found,
        Err(EventError::Refused(_)) => return Ok(Answered::Unasked),
        Err(EventError::Store(error)) => return Err(error),
    };
    let Some(host) = actors::by_id_in(&mut tx, event.actor_id).await? else {
        return Ok(Answered::Unasked);
    };
    if !answers_for(by, &host, &date) {
        return Ok(Answered::NotTheHost);
    }
    let Some(mut one) = attendances::of_in(&mut tx, id, who).await? else {
        return Ok(Answered::Unasked);
    };
    let state = if accepted {
        AttendanceState::Accepted
    } else {
        AttendanceState::Refused
    };
    if one.state != state {
        one.state = state;
        attendances::update(&mut tx, &one).await?;
        notices::answered(ctx, &mut tx, &host, &event, &date, who).await?;
    }
    tx.commit().await?;
    Ok(Answered::Done)
}

/// Who invites answers; for a group or a server, whoever of that server keeps its events (Mobilizon).
fn answers_for(by: &Actor, host: &Actor, date: &Occurrence) -> bool {
    by.id == host.id
        || (host.kind != ActorKind::Person
            && actors::origin(&by.uri) == actors::origin(&host.uri)
            && actors::origin(&by.uri) == actors::origin(&date.uri))
}
