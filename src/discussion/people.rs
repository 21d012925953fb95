//! What this room asks the accounts: who somebody is, and who moderates a commune.

use account::{Person, Right, actions::roles};
use commune::{Commune, InseeCode};
use federation::{ActorId, Ctx, actors};
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
    /// Somebody who acts for the mayor's office of a commune with this right, if she may.
    ///
    /// # Errors
    /// [`StoreError`] from the driver.
    pub async fn for_office(
        ctx: &Ctx,
        person: &Person,
        right: Right,
        commune: &Commune,
    ) -> Result<Option<Self>, StoreError> {
        let Some(acting) = person.acting_for(right, commune) else {
            return Ok(None);
        };
        let office = actors::by_id(ctx, acting.actor).await?;
        Ok(office.map(|office| Self {
            delegated: acting.capacity.is_delegated(),
            ..Self::of_commune(office, commune.code.as_str()).moderating(moderates(person))
        }))
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
