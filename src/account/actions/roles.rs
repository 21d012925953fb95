//! Roles given and taken.

use commune::{Commune, InseeCode};
use federation::Ctx;
use platform::{StoreError, Tx};

use crate::audit::{self, Deed};
use crate::error::AccountError;
use crate::model::{Account, AccountId, Grant, Refusal, Right, Rights, Role};
use crate::store;
use crate::viewer::Person;

/// A role to be given.
#[derive(Debug, Clone, Copy)]
pub struct NewGrant {
    /// To whom.
    pub account: AccountId,
    /// Which.
    pub role: Role,
    /// Where; nowhere for the operator.
    pub commune: Option<InseeCode>,
    /// A delegate's rights.
    pub rights: Rights,
}

/// Gives a role. `by` is the person who gives it; nobody: the command line, which may give any.
///
/// # Errors
/// [`AccountError::Refused`] when it is not hers to give, the commune has another mayor, its town hall is not here,
/// or a delegate would have no right.
pub async fn give(ctx: &Ctx, by: Option<&Person>, new: NewGrant) -> Result<(), AccountError> {
    let commune = match new.commune {
        Some(code) if new.role.is_of_a_commune() => Some(
            commune::actions::by_code(ctx, code)
                .await?
                .ok_or(Refusal::NoCommune)?,
        ),
        None if new.role.is_of_a_commune() => return Err(Refusal::NoCommune.into()),
        _ => None,
    };
    if let Some(by) = by {
        may_give(by, &new)?;
        // Giving fewer rights than somebody has is taking some: nobody takes what she does not have.
        may_take(ctx, by, new.account, new.role, new.commune).await?;
    }
    if let Some(commune) = &commune {
        is_possible(commune, &new)?;
    }
    let mut tx = ctx.db.begin().await?;
    if store::by_id_in(&mut tx, new.account).await?.is_none() {
        return Err(StoreError::NotFound("account").into());
    }
    give_in(ctx, &mut tx, by.map(Person::id), &new, commune.as_ref()).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes the rights of somebody who holds the role already: a role is offered, never imposed.
///
/// # Errors
/// As [`give`]; [`StoreError::NotFound`] when the role is not held.
pub async fn change(ctx: &Ctx, by: &Person, new: NewGrant) -> Result<(), AccountError> {
    let held = store::grants_of(&ctx.db, new.account).await?;
    let holds = held
        .iter()
        .any(|grant| grant.role == new.role && grant.commune == new.commune);
    if !holds {
        return Err(StoreError::NotFound("role").into());
    }
    give(ctx, Some(by), new).await
}

/// Gives a role in the transaction of another deed (an invitation taken up).
pub(crate) async fn give_in(
    ctx: &Ctx,
    tx: &mut Tx,
    by: Option<AccountId>,
    new: &NewGrant,
    commune: Option<&Commune>,
) -> Result<(), AccountError> {
    let code = commune.map(|commune| commune.code);
    if let (Role::Mayor, Some(commune)) = (new.role, commune) {
        let mayor = store::mayor_of_in(tx, commune.code).await?;
        if mayor.is_some_and(|mayor| mayor != new.account) {
            return Err(mayor_there(commune).into());
        }
    }
    let delegated = if new.role == Role::Delegate {
        new.rights
    } else {
        Rights::NONE
    };
    let grant = Grant {
        id: ctx.new_id(),
        account: new.account,
        role: new.role,
        commune: code,
        delegated,
        by,
        at: ctx.clock.now(),
    };
    match store::insert_grant(tx, &grant).await {
        Err(StoreError::Conflict(_)) => {
            return Err(commune.map_or(Refusal::NoCommune, mayor_there).into());
        }
        other => other?,
    }
    let deed = Deed {
        code: "role-given",
        by,
        about: Some(new.account),
        commune: code,
        detail: &format!("{} {delegated}", new.role.code()),
    };
    audit::record(ctx, tx, deed).await?;
    Ok(())
}

/// Takes a role; `false` when it was not held.
///
/// # Errors
/// [`AccountError::Refused`] when it is not hers to take.
pub async fn take(
    ctx: &Ctx,
    by: Option<&Person>,
    account: AccountId,
    role: Role,
    commune: Option<InseeCode>,
) -> Result<bool, AccountError> {
    if let Some(by) = by {
        let hers = commune.is_some_and(|commune| by.may(Right::Delegates, commune));
        let own = by.id() == account && role != Role::Mayor;
        let of_the_team = matches!(role, Role::Delegate | Role::Moderator);
        if !(by.is_operator() || own || (hers && of_the_team)) {
            return Err(Refusal::NotHersToGive.into());
        }
        if !own {
            may_take(ctx, by, account, role, commune).await?;
        }
    }
    let mut tx = ctx.db.begin().await?;
    let held =
        store::remove_grant(&mut tx, account, role, commune.filter(|_| role.is_of_a_commune())).await?;
    if held {
        let deed = Deed {
            code: "role-taken",
            by: by.map(Person::id),
            about: Some(account),
            commune,
            detail: role.code(),
        };
        audit::record(ctx, &mut tx, deed).await?;
    }
    tx.commit().await?;
    Ok(held)
}

/// Nobody takes a role that holds more than she has.
async fn may_take(
    ctx: &Ctx,
    by: &Person,
    account: AccountId,
    role: Role,
    commune: Option<InseeCode>,
) -> Result<(), AccountError> {
    let Some(commune) = commune.filter(|_| !by.is_operator()) else {
        return Ok(());
    };
    let held = by.rights_in(commune);
    let grants = store::grants_of(&ctx.db, account).await?;
    let beyond = grants
        .iter()
        .filter(|grant| grant.role == role && grant.is_in(commune))
        .any(|grant| !grant.rights().is_within(held));
    if beyond {
        Err(Refusal::NotHersToGive.into())
    } else {
        Ok(())
    }
}

/// Nobody gives more than she has, and nobody but the operator makes a mayor or an operator.
pub(crate) fn may_give(by: &Person, new: &NewGrant) -> Result<(), Refusal> {
    if by.is_operator() {
        return Ok(());
    }
    let Some(commune) = new.commune else {
        return Err(Refusal::NotHersToGive);
    };
    let held = by.rights_in(commune);
    let given = match new.role {
        Role::Delegate => new.rights,
        Role::Moderator => Rights::from_iter([Right::Moderation]),
        Role::Opposition => Rights::NONE,
        Role::Mayor | Role::Operator => return Err(Refusal::NotHersToGive),
    };
    if held.has(Right::Delegates) && given.is_within(held) {
        Ok(())
    } else {
        Err(Refusal::NotHersToGive)
    }
}

/// An office exists only where the town hall is here.
pub(crate) fn is_possible(commune: &Commune, new: &NewGrant) -> Result<(), Refusal> {
    if matches!(new.role, Role::Mayor | Role::Delegate) && !commune.is_claimed() {
        return Err(Refusal::NotClaimed {
            commune: commune.name.shown(),
        });
    }
    if new.role == Role::Delegate && new.rights.is_empty() {
        return Err(Refusal::NoRights);
    }
    Ok(())
}

fn mayor_there(commune: &Commune) -> Refusal {
    Refusal::MayorThere {
        commune: commune.name.shown(),
    }
}

/// Everybody who has a role in a commune.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn in_commune(ctx: &Ctx, commune: InseeCode) -> Result<Vec<Grant>, StoreError> {
    store::grants_in_commune(&ctx.db, commune).await
}

/// The accounts that may do this in a commune: whom to tell when something waits, in the transaction of the
/// deed.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn who_may(tx: &mut Tx, right: Right, commune: InseeCode) -> Result<Vec<Account>, StoreError> {
    let grants = store::grants_in_commune_in(tx, commune).await?;
    let holders = grants.into_iter().filter(|grant| grant.rights().has(right));
    accounts_of(tx, holders).await
}

/// The operators: whom to tell of what stands under no commune, or where nobody looks.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn operators(tx: &mut Tx) -> Result<Vec<Account>, StoreError> {
    let grants = store::operators_in(tx).await?;
    accounts_of(tx, grants.into_iter()).await
}

/// The accounts that hold these, each once.
async fn accounts_of(tx: &mut Tx, grants: impl Iterator<Item = Grant>) -> Result<Vec<Account>, StoreError> {
    let mut accounts: Vec<Account> = Vec::new();
    for grant in grants {
        let known = accounts.iter().any(|account| account.id == grant.account);
        if !known && let Some(account) = store::by_id_in(tx, grant.account).await? {
            accounts.push(account);
        }
    }
    Ok(accounts)
}

/// The accounts that may do this in a commune.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn holders(ctx: &Ctx, right: Right, commune: InseeCode) -> Result<Vec<AccountId>, StoreError> {
    let grants = store::grants_in_commune(&ctx.db, commune).await?;
    let holders = grants.into_iter().filter(|grant| grant.rights().has(right));
    Ok(holders.map(|grant| grant.account).collect())
}

/// The accounts of the operators.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn every_operator(ctx: &Ctx) -> Result<Vec<AccountId>, StoreError> {
    let grants = store::operators(&ctx.db).await?;
    Ok(grants.into_iter().map(|grant| grant.account).collect())
}

/// Who holds the mayor's office of a commune.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn mayor_of(ctx: &Ctx, commune: InseeCode) -> Result<Option<AccountId>, StoreError> {
    store::mayor_of(&ctx.db, commune).await
}
