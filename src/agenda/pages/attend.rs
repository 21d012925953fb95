//! "Je participe".

use account::Citizen;
use axum::extract::{Path, State};
use axum::response::Response;
use federation::Ctx;
use platform::web::{Failure, FlashKind, Submitted, see_other};

use super::place::Place;
use crate::actions::{self, Via};
use crate::model::{AttendanceState, OccurrenceId, Outcome};

pub(super) async fn attend(
    citizen: Citizen,
    place: Place,
    Path((_, id)): Path<(String, OccurrenceId)>,
    form: Submitted,
) -> Result<Response, Failure> {
    // A date of another commune is not joined under this one's address.
    place.date(id).await?;
    let flash = if form.get("coming") == "0" {
        actions::leave(&place.ctx, citizen.actor.id, id).await?;
        (FlashKind::Information, "agenda-flash-left")
    } else {
        match actions::join(&place.ctx, &citizen.actor, id, Via::Here).await? {
            Outcome::Accepted => (FlashKind::Success, "agenda-flash-come"),
            Outcome::Waiting(_) => (FlashKind::Attention, "agenda-flash-queued"),
        }
    };
    let here = place.commune.below(&format!("agenda/{id}"));
    Ok(see_other(&place.ctx, &here, Some(flash)))
}

/// To an event of another server.
pub(super) async fn attend_elsewhere(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Path(id): Path<OccurrenceId>,
    form: Submitted,
) -> Result<Response, Failure> {
    let flash = if form.get("coming") == "0" {
        actions::leave_elsewhere(&ctx, &citizen.actor, id).await?;
        (FlashKind::Information, "agenda-flash-left")
    } else {
        match actions::join_elsewhere(&ctx, &citizen.actor, id).await? {
            AttendanceState::Accepted => (FlashKind::Success, "agenda-flash-come"),
            _ => (FlashKind::Information, "agenda-flash-asked"),
        }
    };
    Ok(see_other(&ctx, &format!("/agenda/{id}"), Some(flash)))
}
