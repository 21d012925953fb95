//! Who may read what. Asked anew at every request: a right taken back ends at once.

use account::{Person, Right, Role};
use commune::{Commune, InseeCode};
use federation::Ctx;
use platform::StoreError;

use crate::model::{Refusal, ServiceId, Thread};
use crate::store;

/// What somebody may read for a town hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Everything: she is the mayor.
    pub all: bool,
    /// The services she reads, if not all.
    pub services: Vec<ServiceId>,
    /// The mandate of the day.
    pub mandate: String,
    /// Whether conversations of other mandates are closed.
    pub seal: bool,
}

/// Somebody who acts for a town hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Her account.
    pub account: i64,
    /// Her own actor.
    pub actor: i64,
    /// How she signs.
    pub name: String,
    /// Whether she is the mayor.
    pub mayor: bool,
    /// What she may read.
    pub reach: Reach,
}

/// In what part somebody reads a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// She wrote it.
    Writer,
    /// She reads it for the town hall.
    Agent(Agent),
}

impl Party {
    /// The agent.
    pub const fn agent(&self) -> Option<&Agent> {
        match self {
            Self::Agent(agent) => Some(agent),
            Self::Writer => None,
        }
    }

    /// Whether she reads for the town hall.
    pub const fn is_office(&self) -> bool {
        matches!(self, Self::Agent(_))
    }
}

/// The mandate of the day, as threads remember it.
pub(crate) async fn mandate(ctx: &Ctx, commune: InseeCode) -> Result<String, StoreError> {
    let mandate = commune::actions::current_mandate(ctx, commune).await?;
    Ok(mandate.map_or_else(String::new, |one| format!("{} {}", one.from_year, one.holder)))
}

/// What somebody may read for a town hall; `None`: she works for it in no matter of messages.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn reach(ctx: &Ctx, person: &Person, commune: InseeCode) -> Result<Option<Reach>, StoreError> {
    // The operator runs the server and reads nobody's letters.
    if !person.may(Right::Messages, commune) {
        return Ok(None);
    }
    let code = commune.as_str();
    let services = store::agents(&ctx.db, code)
        .await?
        .into_iter()
        .filter(|(_, account)| *account == person.id().0)
        .map(|(service, _)| service)
        .collect();
    Ok(Some(Reach {
        all: person.holds(Role::Mayor, commune),
        services,
        mandate: mandate(ctx, commune).await?,
        seal: store::settings(&ctx.db, code).await?.seal,
    }))
}

impl Reach {
    /// Whether a thread is within it.
    pub fn holds(&self, thread: &Thread, account: i64) -> bool {
        let within = self.all || self.services.contains(&thread.service) || thread.assigned == Some(account);
        within && !thread.is_sealed(self.seal, &self.mandate)
    }
}

/// In what part somebody reads a thread.
///
/// Her own letters she reads as their writer, even when she works for the town hall: notes about her are not for her.
/// A program that speaks for an office reads for it alone.
///
/// # Errors
/// [`Refusal::Missing`] when she does not; the same as if there were none.
pub async fn party(ctx: &Ctx, person: &Person, thread: &Thread) -> Result<Party, crate::error::MessageError> {
    if commune::actions::is_closed(ctx, &thread.commune, "messages").await? {
        return Err(Refusal::Missing.into());
    }
    let own = thread.writer == Some(person.actor.id.0) && !thread.remote;
    if own {
        return if person.office.is_none() {
            Ok(Party::Writer)
        } else {
            Err(Refusal::Missing.into())
        };
    }
    let code: InseeCode = thread.commune.parse().map_err(|_| Refusal::Missing)?;
    if person
        .office
        .as_ref()
        .is_some_and(|office| office.commune != code)
    {
        return Err(Refusal::Missing.into());
    }
    match reach(ctx, person, code).await? {
        Some(reach) if reach.holds(thread, person.id().0) => {
            Ok(Party::Agent(agent(ctx, person, code, reach).await?))
        }
        _ => Err(Refusal::Missing.into()),
    }
}

/// Somebody as an agent.
pub(crate) async fn agent(
    ctx: &Ctx,
    person: &Person,
    commune: InseeCode,
    reach: Reach,
) -> Result<Agent, StoreError> {
    let mayor = person.holds(Role::Mayor, commune);
    let name = if mayor {
        commune::actions::current_mandate(ctx, commune)
            .await?
            .map_or_else(|| person.name().to_owned(), |mandate| mandate.signature())
    } else {
        person.name().to_owned()
    };
    Ok(Agent {
        account: person.id().0,
        actor: person.actor.id.0,
        name,
        mayor,
        reach,
    })
}

/// The town hall that is here.
pub(crate) fn claimed(commune: &Commune) -> Result<&commune::Claim, Refusal> {
    commune.claim.as_ref().ok_or(Refusal::NotHere)
}
