//! What this room asks the accounts: who somebody is, and who moderates a commune.

use account::{Person, Right, Role, actions::roles};
use commune::{Commune, InseeCode};
use federation::{Actor, ActorId, Ctx, actors};
use platform::{StoreError, Tx};

use crate::model::{Moderates, Participant};

impl From<&Person> for Participant {
    /// Somebody signed in, or a program with her token: herself, or the office the token speaks for.
    fn from(person: &Person) -> Self {
        let commune = person
            .office
            .as_ref()
            .map_or(person.commune(), |office| office.commune);
        let delegated = person
            .office
            .as_ref()
            .is_some_and(|office| !person.holds(Role::Mayor, office.commune));
        Self {
            delegated,
            ..Self::of_commune(person.face().clone(), commune.as_str()).moderating(moderates(person))
        }
    }
}

impl Participant {
    /// Somebody who acts for an office of a commune; the caller has asked `Person::acting_for`.
    pub fn for_office(person: &Person, commune: &Commune, office: Actor) -> Self {
        Self {
            delegated: !person.holds(Role::Mayor, commune.code),
            ..Self::of_commune(office, commune.code.as_str()).moderating(moderates(person))
        }
    }

    /// Somebody who acts for the mayor's office of a commune with this right, if she may.
    ///
    /// # Errors
    /// [`StoreError`] from the driver.
    pub async fn at_office(
        ctx: &Ctx,
        person: &Person,
        right: Right,
        commune: &Commune,
    ) -> Result<Option<Self>, StoreError> {
        let Some(acting) = person.acting_for(right, commune) else {
            return Ok(None);
        };
        let office = actors::by_id(ctx, acting.actor).await?;
        Ok(office.map(|office| Self::for_office(person, commune, office)))
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

/// Those who are told when something waits on a commune's desk; the operators where there is nobody, and of
/// what stands under no commune.
pub(crate) async fn moderators(tx: &mut Tx, commune: Option<InseeCode>) -> Result<Vec<ActorId>, StoreError> {
    let mut accounts = match commune {
        Some(commune) => roles::who_may(tx, Right::Moderation, commune).await?,
        None => Vec::new(),
    };
    if accounts.is_empty() {
        accounts = roles::operators(tx).await?;
    }
    Ok(accounts.into_iter().map(|account| account.actor).collect())
}
