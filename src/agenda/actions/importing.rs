//! Importing a calendar file, after somebody has seen what is in it.

use federation::Ctx;
use platform::{StoreError, Tx};

use super::planning::{html_of, plan_in};
use super::{EventError, dates};
use crate::author::Author;
use crate::ical::{Change, Found};
use crate::model::{Event, EventState, OccurrenceState, local_of};
use crate::store;

/// An event of a file that is to be taken.
#[derive(Debug, Clone)]
pub struct Chosen {
    pub(crate) found: Found,
    /// For the town hall's team only.
    pub private: bool,
}

/// Takes events of a file into the agenda; what is refused or known already is left out. Nobody is told of each: it
/// would be hundreds. Other servers hear of each two weeks before. Gives how many were taken.
///
/// # Errors
/// [`StoreError`] from the driver; then nothing is stored.
pub async fn import(ctx: &Ctx, author: &Author, chosen: Vec<Chosen>) -> Result<usize, EventError> {
    let now = ctx.clock.now();
    let mut prepared = Vec::with_capacity(chosen.len());
    let uids: Vec<String> = chosen
        .iter()
        .filter_map(|one| one.found.event.import_uid.clone())
        .collect();
    let known = store::events::imported(&ctx.db, author.commune.code.as_str(), &uids).await?;
    for one in chosen {
        let mut new = one.found.event.clone();
        new.private = one.private;
        let is_known = new.import_uid.as_ref().is_some_and(|uid| known.contains(uid));
        let refused = one.found.refusal.is_some() || !new.refusals(local_of(now, &new.zone)).is_empty();
        if !(is_known || refused) {
            let html = html_of(ctx, &new).await?;
            prepared.push((one, new, html));
        }
    }
    let mut tx = ctx.db.begin().await?;
    let mut taken = 0;
    for (one, new, html) in prepared {
        let (mut event, _) = plan_in(ctx, &mut tx, author, &new, &html, now).await?;
        apply(ctx, &mut tx, &mut event, &one.found.changes, one.found.cancelled).await?;
        taken += 1;
    }
    tx.commit().await?;
    Ok(taken)
}

/// Moves and cancels the dates that the file says are not as the rule says.
async fn apply(
    ctx: &Ctx,
    tx: &mut Tx,
    event: &mut Event,
    changes: &[Change],
    cancelled: bool,
) -> Result<(), StoreError> {
    if changes.is_empty() && !cancelled {
        return Ok(());
    }
    let now = ctx.clock.now();
    for mut date in store::occurrences::of_event_for_change(tx, event.id).await? {
        let change = changes.iter().find(|change| change.day.to_string() == date.day);
        match change.map(|change| change.to) {
            Some(Some((starts, ends))) => {
                dates::set_times(&event.zone, &mut date, starts, ends);
                date.moved = date.starts_local != date.rule_local;
            }
            Some(None) => date.state = OccurrenceState::Cancelled,
            None if cancelled => {}
            None => continue,
        }
        if cancelled {
            date.state = OccurrenceState::Cancelled;
        }
        date.changed_at = now;
        store::occurrences::update(tx, &date).await?;
    }
    if cancelled {
        event.state = EventState::Cancelled;
        store::events::update(tx, event).await?;
    }
    Ok(())
}
