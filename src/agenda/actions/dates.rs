//! The dates of an event: made when it is planned, made anew when its times change, made on as time goes by.

use std::collections::{BTreeMap, BTreeSet};

use federation::Ctx;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use platform::{StoreError, Timestamp, Tx};

use super::planning::uri;
use crate::model::{
    Event, EventId, EventState, HORIZON_DAYS, LOOK_BACK_DAYS, Local, MOST_DATES, Occurrence, OccurrenceId,
    OccurrenceState, instant, local_of,
};
use crate::store::{events, occurrences};

/// How far ahead dates have rows.
fn horizon(now: Timestamp, zone: &str) -> DateTime {
    let today = local_of(now, zone);
    today.checked_add(HORIZON_DAYS.days()).unwrap_or(today)
}

/// When an event begins, from some moment on.
fn starts(event: &Event, from: DateTime, now: Timestamp) -> Vec<DateTime> {
    let first = event.starts_local.civil();
    match event.recurrence() {
        None => vec![first],
        Some(rule) => {
            let excluded: BTreeSet<Date> = event.excluded_days().collect();
            let mut dates = rule.dates(first, from, horizon(now, &event.zone), MOST_DATES);
            dates.retain(|at| !excluded.contains(&at.date()));
            dates
        }
    }
}

/// A date that the rule gives.
fn date_at(ctx: &Ctx, event: &Event, id: OccurrenceId, at: DateTime, now: Timestamp) -> Occurrence {
    let mut one = Occurrence {
        id,
        uri: uri(ctx, id.0),
        event_id: event.id,
        commune: event.commune.clone(),
        private: event.private,
        local: event.local,
        day: at.date().to_string(),
        rule_local: Local::from(at),
        starts_local: Local::from(at),
        ends_local: Local::from(at),
        starts_at: now,
        ends_at: now,
        state: OccurrenceState::Scheduled,
        reason: String::new(),
        moved: false,
        taken: 0,
        announced_at: None,
        reminded_at: None,
        changed_at: now,
    };
    put_at(event, &mut one, at);
    one
}

/// Puts a date where the rule says: as long as the first one, in clock time.
pub(super) fn put_at(event: &Event, one: &mut Occurrence, at: DateTime) {
    let first = event.starts_local.civil();
    let lasting = first.until(event.ends_local.civil()).unwrap_or_default();
    let ends = at.checked_add(lasting).unwrap_or(at);
    one.day = at.date().to_string();
    one.rule_local = Local::from(at);
    one.moved = false;
    set_times(&event.zone, one, at, ends);
}

/// Writes times, and the instants they mean.
pub(super) fn set_times(zone: &str, one: &mut Occurrence, starts: DateTime, ends: DateTime) {
    one.starts_local = Local::from(starts);
    one.ends_local = Local::from(ends);
    one.starts_at = instant(starts, zone);
    one.ends_at = instant(ends, zone).max(one.starts_at);
}

/// The dates of a new event. The first one bears the event's own id.
pub(super) async fn first_dates(
    ctx: &Ctx,
    tx: &mut Tx,
    event: &mut Event,
    now: Timestamp,
) -> Result<Vec<Occurrence>, StoreError> {
    let today = local_of(now, &event.zone);
    let from = today.checked_sub(LOOK_BACK_DAYS.days()).unwrap_or(today);
    let mut all = Vec::new();
    for at in starts(event, from, now) {
        let id = if all.is_empty() {
            OccurrenceId(event.id.0)
        } else {
            OccurrenceId::new(ctx)
        };
        let one = date_at(ctx, event, id, at, now);
        occurrences::insert(tx, &one).await?;
        all.push(one);
    }
    if event.is_series() {
        event.expanded_to = Some(Local::from(horizon(now, &event.zone)));
        events::update(tx, event).await?;
    }
    Ok(all)
}

/// What became of the dates of an event whose times were changed.
#[derive(Debug, Default)]
pub(super) struct Remade {
    /// Those that are as they were, or elsewhere in time; to be told.
    pub(super) kept: Vec<Occurrence>,
    /// Those that take place no more, and somebody knew of.
    pub(super) dropped: Vec<Occurrence>,
}

/// Makes the dates of a changed event anew. What is over stays as it was. A date to come keeps its page, its seats
/// and its comments as long as there is one on its day; the only date of an event that happens once always does.
pub(super) async fn remake(
    ctx: &Ctx,
    tx: &mut Tx,
    event: &mut Event,
    was_series: bool,
    now: Timestamp,
) -> Result<Remade, StoreError> {
    let old = occurrences::of_event_for_change(tx, event.id).await?;
    let mut remade = Remade::default();
    if !event.is_series() && !was_series {
        for mut one in old {
            put_at(event, &mut one, event.starts_local.civil());
            touch(tx, event, &mut one, now).await?;
            remade.kept.push(one);
        }
        return Ok(remade);
    }
    let (over, coming): (Vec<Occurrence>, Vec<Occurrence>) =
        old.into_iter().partition(|one| one.is_over(now));
    let taken: BTreeSet<String> = over.iter().map(|one| one.day.clone()).collect();
    let today = local_of(now, &event.zone);
    let mut wanted: BTreeMap<String, DateTime> = starts(event, today, now)
        .into_iter()
        .filter(|at| !taken.contains(&at.date().to_string()))
        .map(|at| (at.date().to_string(), at))
        .collect();
    for mut one in coming {
        match wanted.remove(&one.day) {
            Some(at) => {
                put_at(event, &mut one, at);
                touch(tx, event, &mut one, now).await?;
                remade.kept.push(one);
            }
            None if is_known(&one) => {
                one.state = OccurrenceState::Cancelled;
                touch(tx, event, &mut one, now).await?;
                remade.dropped.push(one);
            }
            None => {
                // Somebody may wait for a seat of it: then it is known after all.
                let waiting = crate::store::attendances::all_in(tx, one.id).await?;
                if waiting.is_empty() {
                    occurrences::remove(tx, one.id).await?;
                } else {
                    one.state = OccurrenceState::Cancelled;
                    touch(tx, event, &mut one, now).await?;
                    remade.dropped.push(one);
                }
            }
        }
    }
    for at in wanted.into_values() {
        let one = date_at(ctx, event, OccurrenceId::new(ctx), at, now);
        occurrences::insert(tx, &one).await?;
        remade.kept.push(one);
    }
    event.expanded_to = event.is_series().then(|| Local::from(horizon(now, &event.zone)));
    remade.kept.sort_by_key(|one| one.starts_at);
    Ok(remade)
}

/// Whether anybody may have heard of a date: then it is cancelled and not removed.
fn is_known(one: &Occurrence) -> bool {
    one.announced_at.is_some() || one.taken > 0 || one.is_cancelled()
}

/// Writes a changed date; a reminder that went out for its former time says nothing of the new one.
async fn touch(tx: &mut Tx, event: &Event, one: &mut Occurrence, now: Timestamp) -> Result<(), StoreError> {
    one.private = event.private;
    one.changed_at = now;
    if one.starts_at > now {
        one.reminded_at = None;
    }
    occurrences::update(tx, one).await
}

/// Gives a series the dates that have come within sight.
pub(crate) async fn extend_series(ctx: &Ctx, tx: &mut Tx, id: EventId) -> Result<(), StoreError> {
    let now = ctx.clock.now();
    let Some(mut event) = events::by_id_for_change(tx, id).await? else {
        return Ok(());
    };
    let Some(known) = event
        .expanded_to
        .clone()
        .filter(|_| event.state == EventState::Published)
    else {
        return Ok(());
    };
    let days: BTreeSet<String> = occurrences::of_event_for_change(tx, id)
        .await?
        .into_iter()
        .map(|one| one.day)
        .collect();
    for at in starts(&event, known.civil(), now) {
        if !days.contains(&at.date().to_string()) {
            let one = date_at(ctx, &event, OccurrenceId::new(ctx), at, now);
            occurrences::insert(tx, &one).await?;
        }
    }
    event.expanded_to = Some(Local::from(horizon(now, &event.zone)));
    events::update(tx, &event).await
}
