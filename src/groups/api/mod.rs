//! The JSON door: topics of public groups as statuses of the client API, and `/api/parvis/v1/groups` for what
//! Mastodon's API has no word for.

mod civic;
mod shown;
mod statuses;

use account::{Citizen, Right};
use discussion::Participant;
use platform::web::Failure;

pub(crate) use civic::routes;

/// Whether a program speaks in groups: for an office only when its holder is entrusted with groups.
fn may_speak(citizen: &Citizen) -> bool {
    citizen
        .office
        .as_ref()
        .is_none_or(|office| citizen.may(Right::Groups, office.commune))
}

/// Who writes: the person, or the office her token speaks for.
fn speaker(citizen: &Citizen) -> Result<Participant, Failure> {
    if may_speak(citizen) {
        Ok(Participant::from(&**citizen))
    } else {
        Err(Failure::forbidden())
    }
}
