//! `Join` and `Leave` of people of other servers.

use federation::{Ctx, Envelope, Inbox, Verdict, objects};
use platform::text::clean_text;
use serde_json::Value;

use super::KIND;
use crate::actions::{self, EventError, Via};
use crate::model::{EventRefusal, OccurrenceId};
use crate::store;

/// What somebody writes with a `Join`, in characters.
const LONGEST_MESSAGE: usize = 500;

pub(super) fn claims(inbox: &mut Inbox) {
    for kind in ["*", "Event"] {
        inbox
            .on("Join", kind)
            .when(is_ours)
            .then("agenda: somebody comes", joined);
        inbox
            .on("Leave", kind)
            .when(is_ours)
            .then("agenda: somebody does not come", left);
    }
    inbox
        .on("Undo", "Join")
        .then("agenda: somebody does not come", undone);
    inbox
        .on("Undo", "*")
        .when(is_known_join)
        .then("agenda: somebody does not come", undone);
}

/// The date of ours that an address names.
fn date_of(ctx: &Ctx, uri: Option<&str>) -> Option<OccurrenceId> {
    match objects::parse(ctx, uri?) {
        Some((KIND, id)) => Some(OccurrenceId(id)),
        _ => None,
    }
}

async fn is_ours(ctx: Ctx, envelope: Envelope) -> bool {
    date_of(&ctx, envelope.object_id()).is_some()
}

async fn is_known_join(ctx: Ctx, envelope: Envelope) -> bool {
    let Some(uri) = envelope.object_id() else {
        return false;
    };
    let found = store::attendances::by_join_uri(&ctx.db, uri).await;
    matches!(found, Ok(Some(one)) if one.actor_id == envelope.actor.id)
}

async fn joined(ctx: Ctx, envelope: Envelope) -> Verdict {
    let Some(id) = date_of(&ctx, envelope.object_id()) else {
        return Verdict::Reject("no event of ours");
    };
    match is_closed(&ctx, id).await {
        Ok(false) => {}
        Ok(true) => return Verdict::Ignore("the agenda of this commune is switched off"),
        Err(error) => return error.into(),
    }
    let message = envelope
        .whole
        .get("participationMessage")
        .or_else(|| envelope.whole.get("content"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    let message = clean_text(message, LONGEST_MESSAGE);
    match actions::join(&ctx, &envelope.actor, id, Via::Join(&envelope.id, &message)).await {
        Ok(_) => Verdict::Done,
        Err(EventError::Store(error)) => error.into(),
        Err(EventError::Refused(refusals)) => refused(&ctx, &envelope, id, &refusals).await,
    }
}

/// Whether the commune of a date has its agenda switched off.
async fn is_closed(ctx: &Ctx, id: OccurrenceId) -> Result<bool, platform::StoreError> {
    match actions::date(ctx, id).await? {
        Some((event, _)) => match &event.commune {
            Some(code) => commune::actions::is_closed(ctx, code, "agenda").await,
            None => Ok(ctx.closed.contains(&"agenda")),
        },
        None => Ok(false),
    }
}

/// A refusal is told, unless there is nothing that anybody may know of.
async fn refused(ctx: &Ctx, envelope: &Envelope, id: OccurrenceId, refusals: &[EventRefusal]) -> Verdict {
    let reason = refusals.first().copied().unwrap_or(EventRefusal::Missing);
    if reason == EventRefusal::Missing {
        return Verdict::Reject("no such event");
    }
    match actions::date(ctx, id).await {
        Ok(Some((_, date))) => {
            match actions::answer_again(ctx, &envelope.actor, &date, &envelope.id, reason).await {
                Ok(()) => Verdict::Done,
                Err(error) => error.into(),
            }
        }
        Ok(None) => Verdict::Reject("no such event"),
        Err(error) => error.into(),
    }
}

async fn left(ctx: Ctx, envelope: Envelope) -> Verdict {
    match date_of(&ctx, envelope.object_id()) {
        Some(id) => leave(&ctx, &envelope, id).await,
        None => Verdict::Reject("no event of ours"),
    }
}

async fn undone(ctx: Ctx, envelope: Envelope) -> Verdict {
    let about = envelope
        .object_document()
        .and_then(|join| join.get("object"))
        .and_then(federation::id_of);
    let named = match date_of(&ctx, about) {
        Some(id) => Some(id),
        None => match envelope.object_id() {
            Some(uri) => match store::attendances::by_join_uri(&ctx.db, uri).await {
                Ok(found) => found
                    .filter(|one| one.actor_id == envelope.actor.id)
                    .map(|one| one.occurrence_id),
                Err(error) => return error.into(),
            },
            None => None,
        },
    };
    match named {
        Some(id) => leave(&ctx, &envelope, id).await,
        None => Verdict::Ignore("no Join that is known here"),
    }
}

async fn leave(ctx: &Ctx, envelope: &Envelope, id: OccurrenceId) -> Verdict {
    match actions::leave(ctx, envelope.actor.id, id).await {
        Ok(true) => Verdict::Done,
        Ok(false) => Verdict::Ignore("did not want to come"),
        Err(EventError::Store(error)) => error.into(),
        Err(EventError::Refused(_)) => Verdict::Reject("no such event"),
    }
}
