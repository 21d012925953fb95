//! Who asks: nobody, a citizen, the holder of an office; and what she may do.

use std::ops::Deref;
use std::sync::Arc;

use commune::{Commune, InseeCode};
use federation::{Actor, ActorId, Ctx};
use platform::StoreError;

use crate::model::{Account, AccountId, Acting, Capacity, Grant, Right, Rights, Role, SessionId};
use crate::store;

/// An office that a token of the API speaks for.
#[derive(Debug, Clone)]
pub struct Office {
    /// The commune.
    pub commune: InseeCode,
    /// The actor of the mayor's office.
    pub actor: Actor,
}

/// Somebody known by her session or her token.
#[derive(Debug)]
pub struct Person {
    /// Her account.
    pub account: Account,
    /// Her own actor, dark unless she chose otherwise.
    pub actor: Actor,
    /// What she is beyond being a citizen of her commune.
    pub grants: Vec<Grant>,
    /// The browser she is signed in with; none for a token of the API.
    pub session: Option<SessionId>,
    /// The office her token speaks for; on the web she acts as herself unless a deed says otherwise.
    pub office: Option<Office>,
}

impl Person {
    /// Her account's id.
    pub const fn id(&self) -> AccountId {
        self.account.id
    }

    /// The name shown.
    pub fn name(&self) -> &str {
        self.actor.display_name()
    }

    /// The commune she belongs to.
    pub const fn commune(&self) -> InseeCode {
        self.account.commune
    }

    /// Everything she may do in a commune.
    pub fn rights_in(&self, commune: InseeCode) -> Rights {
        let held = self
            .grants
            .iter()
            .filter(|grant| grant.is_in(commune))
            .fold(Rights::NONE, |rights, grant| rights.and(grant.rights()));
        if self.is_operator() {
            held.and(Rights::from_iter([Right::Moderation]))
        } else {
            held
        }
    }

    /// Whether she may do this in a commune. The operator may moderate everywhere and speaks for nobody.
    pub fn may(&self, right: Right, commune: InseeCode) -> bool {
        self.rights_in(commune).has(right)
    }

    /// Whether she runs this server.
    pub fn is_operator(&self) -> bool {
        self.grants.iter().any(|grant| grant.role == Role::Operator)
    }

    /// Whether she has this role in a commune.
    pub fn holds(&self, role: Role, commune: InseeCode) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.role == role && grant.is_in(commune))
    }

    /// Communes in which she has a role, each once.
    pub fn communes(&self) -> Vec<InseeCode> {
        let mut codes: Vec<InseeCode> = self.grants.iter().filter_map(|grant| grant.commune).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// How she acts for the mayor's office with this right; `None` when she may not, or when the town hall is not
    /// here.
    pub fn acting_for(&self, right: Right, commune: &Commune) -> Option<Acting> {
        let claim = commune.claim.as_ref()?;
        let capacity = if self.holds(Role::Mayor, commune.code) {
            Capacity::Mayor
        } else if self.delegated_in(commune.code).has(right) {
            Capacity::Delegate
        } else {
            return None;
        };
        Some(Acting {
            account: self.account.id,
            actor: claim.mayor,
            capacity,
            commune: Some(commune.code),
        })
    }

    fn delegated_in(&self, commune: InseeCode) -> Rights {
        self.grants
            .iter()
            .filter(|grant| grant.role == Role::Delegate && grant.is_in(commune))
            .fold(Rights::NONE, |rights, grant| rights.and(grant.delegated))
    }

    /// How she acts for herself.
    pub const fn herself(&self) -> Acting {
        Acting {
            account: self.account.id,
            actor: self.actor.id,
            capacity: Capacity::Oneself,
            commune: None,
        }
    }

    /// How she acts when nothing else is said: for the office of her token, else for herself.
    pub fn acting(&self) -> Acting {
        let Some(office) = &self.office else {
            return self.herself();
        };
        let capacity = if self.holds(Role::Mayor, office.commune) {
            Capacity::Mayor
        } else {
            Capacity::Delegate
        };
        Acting {
            account: self.account.id,
            actor: office.actor.id,
            capacity,
            commune: Some(office.commune),
        }
    }

    /// Who is seen to act when nothing else is said: the office of her token, else herself.
    pub fn face(&self) -> &Actor {
        self.office.as_ref().map_or(&self.actor, |office| &office.actor)
    }

    /// The id of [`Person::face`].
    pub fn face_id(&self) -> ActorId {
        self.face().id
    }
}

/// Somebody signed in. As an extractor it sends everybody else to the sign-in page, and programs a 401.
#[derive(Debug, Clone)]
pub struct Citizen(pub(crate) Arc<Person>);

impl Deref for Citizen {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.0
    }
}

/// Whoever asks, signed in or not.
#[derive(Debug, Clone, Default)]
pub struct Viewer(pub(crate) Option<Citizen>);

impl Viewer {
    /// Nobody.
    pub const fn nobody() -> Self {
        Self(None)
    }

    /// Who it is.
    pub const fn citizen(&self) -> Option<&Citizen> {
        self.0.as_ref()
    }

    /// Whether somebody is signed in.
    pub const fn is_signed_in(&self) -> bool {
        self.0.is_some()
    }

    /// Her actor's id (the office's when a token speaks for one).
    pub fn actor_id(&self) -> Option<ActorId> {
        self.citizen().map(|citizen| citizen.face_id())
    }

    /// Whether she may do this in a commune.
    pub fn may(&self, right: Right, commune: InseeCode) -> bool {
        self.citizen().is_some_and(|citizen| citizen.may(right, commune))
    }

    /// How she acts for the mayor's office with this right.
    pub fn acting_for(&self, right: Right, commune: &Commune) -> Option<Acting> {
        self.citizen()?.acting_for(right, commune)
    }

    /// Whether she runs this server.
    pub fn is_operator(&self) -> bool {
        self.citizen().is_some_and(|citizen| citizen.is_operator())
    }
}

impl From<Citizen> for Viewer {
    fn from(citizen: Citizen) -> Self {
        Self(Some(citizen))
    }
}

/// Puts together what is known of the owner of an account; `None` when she is gone or suspended.
pub(crate) async fn person(
    ctx: &Ctx,
    account: Account,
    session: Option<SessionId>,
) -> Result<Option<Citizen>, StoreError> {
    let Some(actor) = federation::actors::by_id(ctx, account.actor).await? else {
        return Ok(None);
    };
    if actor.suspended || actor.deleted_at.is_some() {
        return Ok(None);
    }
    let grants = store::grants_of(&ctx.db, account.id).await?;
    Ok(Some(Citizen(Arc::new(Person {
        account,
        actor,
        grants,
        session,
        office: None,
    }))))
}

/// The owner of an account, for doors that know her otherwise than by a session (tokens of the API). With
/// `office` she speaks for the mayor's office of that commune, as long as she holds it.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn of_account(
    ctx: &Ctx,
    id: AccountId,
    office: Option<InseeCode>,
) -> Result<Option<Citizen>, StoreError> {
    let Some(account) = store::by_id(&ctx.db, id).await? else {
        return Ok(None);
    };
    let Some(citizen) = person(ctx, account, None).await? else {
        return Ok(None);
    };
    let Some(code) = office else {
        return Ok(Some(citizen));
    };
    if !citizen.holds(Role::Mayor, code) && citizen.delegated_in(code).is_empty() {
        return Ok(None);
    }
    let Some(claim) = commune::actions::by_code(ctx, code)
        .await?
        .and_then(|commune| commune.claim)
    else {
        return Ok(None);
    };
    let Some(actor) = federation::actors::by_id(ctx, claim.mayor).await? else {
        return Ok(None);
    };
    let Some(person) = Arc::into_inner(citizen.0) else {
        return Ok(None);
    };
    Ok(Some(Citizen(Arc::new(Person {
        office: Some(Office { commune: code, actor }),
        ..person
    }))))
}

/// The picture of an actor: its own, or the cement tile drawn from its id, which tells nothing of the name.
pub fn avatar(actor: &Actor) -> String {
    match &actor.icon_url {
        Some(address) => address.clone(),
        None => crate::pages::tile_address(actor.id),
    }
}
