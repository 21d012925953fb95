//! What this room asks the accounts: who somebody is, and who moderates a commune.

use account::{Person, Right, actions::roles};
use commune::{Commune, InseeCode};
use federation::{Actor, ActorId, Ctx};
use platform::StoreError;

use crate::model::{Moderates, Participant};

impl From<&Person> for Participant {
    /// Somebody signed in, or a program with her token: herself, or the office the token speaks for.
    fn from(person: &Person) -> Self {
        let commune = person
            .office
            .as_ref()
            .map_or(person.commune(), |office| office.commune);
        Self::of_commune(person.face().clone(), commune.as_str()).moderating(moderates(person))
    }
}

impl Participant {
    /// Somebody who acts for an office of a commune; the caller has asked `Person::acting_for`.
    pub fn for_office(person: &Person, commune: &Commune, office: Actor) -> Self {
        Self::of_commune(office, commune.code.as_str()).moderating(moderates(person))
    }
}

fn moderates(person: &Person) -> Moderates {
    if person.is_operator() {
        return Moderates::Everywhere;
    }
    let communes: Vec<String> = person
        .communes()
        .into_iter()
        .filter(|commune| person.may(Right::Moderation, *commune))
        .map(String::from)
        .collect();
    if communes.is_empty() {
        Moderates::Nowhere
    } else {
        Moderates::In(communes)
    }
}

/// Those who are told when something waits on a commune's desk.
pub(crate) async fn moderators(ctx: &Ctx, commune: InseeCode) -> Result<Vec<ActorId>, StoreError> {
    let accounts = roles::who_may(ctx, Right::Moderation, commune).await?;
    Ok(accounts.into_iter().map(|account| account.actor).collect())
}
