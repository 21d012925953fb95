//! "Je participe".

use account::Citizen;
use axum::extract::Path;
use axum::response::Response;
use platform::web::{Failure, FlashKind, Submitted, see_other};

use super::place::Place;
use crate::actions::{self, Via};
use crate::model::{OccurrenceId, Outcome};

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
