//! The day before.

use std::time::Duration;

use federation::{Ctx, actors};
use jiff::ToSpan as _;
use platform::StoreError;

use crate::model::{Event, Occurrence, OccurrenceState, instant};
use crate::notices::{self, Told};
use crate::store::{events, occurrences};

/// At which hour of the day before people are reminded.
const HOUR: i8 = 9;
/// Dates looked at in one go.
const AT_ONCE: i64 = 200;

/// Reminds those who come to what begins tomorrow, from nine o'clock on the spot on. Gives how many dates.
pub(crate) async fn remind(ctx: &Ctx) -> Result<usize, StoreError> {
    let now = ctx.clock.now();
    // From nine on the day before to the last moment of the day: at most 39 hours, and one of a change of clocks.
    let latest = now.plus(Duration::from_secs(40 * 3600));
    let mut done = 0;
    for found in occurrences::to_remind(&ctx.db, now, latest, AT_ONCE).await? {
        let mut tx = ctx.db.begin().await?;
        let still = occurrences::by_id_for_change(&mut tx, found.id)
            .await?
            .filter(|date| date.reminded_at.is_none() && date.state == OccurrenceState::Scheduled);
        let Some(mut date) = still else {
            continue;
        };
        let Some(event) = events::by_id_in(&mut tx, date.event_id).await? else {
            continue;
        };
        if !is_due(&event, &date, now) {
            continue;
        }
        date.reminded_at = Some(now);
        occurrences::update(&mut tx, &date).await?;
        if !event.private
            && let Some(office) = actors::by_id_in(&mut tx, event.actor_id).await?
        {
            notices::of_office(ctx, &mut tx, &office, &event, &date, Told::Tomorrow).await?;
        }
        tx.commit().await?;
        done += 1;
    }
    Ok(done)
}

/// Whether it is nine o'clock of the day before, or later.
fn is_due(event: &Event, date: &Occurrence, now: platform::Timestamp) -> bool {
    let day = date.starts_local.civil().date();
    let before = day.checked_sub(1.day()).unwrap_or(day);
    instant(before.at(HOUR, 0, 0, 0), &event.zone) <= now
}
