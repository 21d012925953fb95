//! Taking an event from sight and showing it again, as moderators decide (`discussion` asks who may).

use federation::{Ctx, actors, outbox};
use platform::media::{self, MediaId};
use platform::{StoreError, Tx};
use serde_json::json;

use super::announcing;
use crate::model::{Event, EventState, Occurrence, OccurrenceId, OccurrenceState};
use crate::store;
use crate::wire::KIND;

/// Hides an event with all its dates, or shows a hidden one; `false` when there is nothing to hide or show.
///
/// What is hidden is as private: for the town hall's own team alone, which cannot change it meanwhile. One of ours is
/// taken back from other servers and given to them again; another server's is hidden here only.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn set_hidden(
    ctx: &Ctx,
    tx: &mut Tx,
    id: OccurrenceId,
    hidden: bool,
) -> Result<bool, StoreError> {
    let found = store::occurrences::by_ids(&ctx.db, &[id.0]).await?;
    let Some(of) = found.first().map(|date| date.event_id) else {
        return Ok(false);
    };
    let Some(mut event) = store::events::by_id_for_change(tx, of).await? else {
        return Ok(false);
    };
    let is_hidden = event.state == EventState::Hidden;
    // A private appointment is nobody's to moderate: to show it again would publish it.
    let nothing_to_do = event.private && !is_hidden;
    if event.state == EventState::Deleted || nothing_to_do || is_hidden == hidden {
        return Ok(hidden && is_hidden);
    }
    let mut dates = store::occurrences::of_event_for_change(tx, of).await?;
    event.private = hidden;
    event.state = if hidden {
        EventState::Hidden
    } else if dates.iter().any(|date| date.state == OccurrenceState::Scheduled) {
        EventState::Published
    } else {
        EventState::Cancelled
    };
    event.sequence += 1;
    store::events::update(tx, &event).await?;
    if let Some(image) = event.image_id {
        media::withhold(tx, MediaId(image), hidden).await?;
    }
    for date in &mut dates {
        if date.state == OccurrenceState::Deleted {
            continue;
        }
        date.private = hidden;
        date.changed_at = ctx.clock.now();
        store::occurrences::update(tx, date).await?;
        if hidden {
            notifications::retract(tx, KIND, date.id.0).await?;
            discussion::subject_gone(tx, KIND, date.id.0).await?;
        }
        tell_servers(ctx, tx, &event, date).await?;
    }
    Ok(true)
}

/// What other servers were told of is taken back, and told again.
async fn tell_servers(ctx: &Ctx, tx: &mut Tx, event: &Event, date: &Occurrence) -> Result<(), StoreError> {
    if !event.local || date.announced_at.is_none() {
        return Ok(());
    }
    let Some(office) = actors::by_id_in(tx, event.actor_id).await? else {
        return Ok(());
    };
    let audience = announcing::audience(tx, &office, Some(date.id)).await?;
    if event.state == EventState::Hidden {
        outbox::unlist(tx, office.id, &date.uri).await?;
        let gone = json!({ "id": date.uri, "type": "Tombstone", "formerType": "Event" });
        let activity = json!({ "type": "Delete", "object": gone });
        outbox::say(ctx, tx, &office, activity, &audience).await?;
        return Ok(());
    }
    outbox::undo_delete(ctx, tx, &office, &date.uri, &audience).await?;
    let Some(Ok(code)) = event.commune.as_deref().map(str::parse) else {
        return Ok(());
    };
    let Some(commune) = commune::actions::by_code_in(tx, code).await? else {
        return Ok(());
    };
    let whole = announcing::Whole {
        office: &office,
        commune: &commune,
        event,
        date,
    };
    announcing::say(ctx, tx, "Create", &whole).await
}
