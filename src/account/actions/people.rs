//! Accounts made, found, verified.

use std::time::Duration;

use commune::InseeCode;
use federation::{Actor, ActorId, ActorKind, Ctx, NewLocalActor, actors, follows};
use platform::i18n::Lang;
use platform::mail::EmailAddress;
use platform::{StoreError, Tx};

use crate::audit::{self, Deed};
use crate::error::AccountError;
use crate::model::{
    Account, AccountId, Password, Refusal, clean_name, handle_of_name, parse_operator_handle,
};
use crate::password;
use crate::store::{self, NewAccount};

/// Somebody to be given an account.
#[derive(Debug)]
pub(crate) struct NewPerson<'a> {
    pub(crate) name: &'a str,
    pub(crate) handle: &'a str,
    pub(crate) email: &'a EmailAddress,
    pub(crate) password_hash: &'a str,
    pub(crate) commune: InseeCode,
    pub(crate) lang: Lang,
}

/// Makes an account and its dark actor.
pub(crate) async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    new: &NewPerson<'_>,
) -> Result<(AccountId, Actor), AccountError> {
    let actor = NewLocalActor {
        kind: ActorKind::Person,
        handle: new.handle.to_owned(),
        name: new.name.to_owned(),
        summary: String::new(),
        page: None,
        federated: false,
        discoverable: false,
    };
    let taken = |refusal: Refusal| {
        move |error| match error {
            StoreError::Conflict(_) => AccountError::Refused(refusal),
            other => AccountError::Store(other),
        }
    };
    let actor = actors::create_local(ctx, tx, actor, None)
        .await
        .map_err(taken(Refusal::HandleTaken))?;
    let id = AccountId::new(ctx);
    let account = NewAccount {
        id,
        actor: actor.id,
        email: new.email,
        password_hash: new.password_hash,
        commune: new.commune,
        lang: new.lang,
        now: ctx.clock.now(),
    };
    store::insert(tx, &account)
        .await
        .map_err(taken(Refusal::EmailTaken))?;
    commune::actions::citizen_joins(tx, new.commune).await?;
    Ok((id, actor))
}

/// A citizen follows the mayor's office and the commune where she lives, if the town hall is here: what it
/// publishes reaches her without her asking. She may stop like with anybody else. Both are of this server, so
/// nothing leaves.
pub(crate) async fn follow_commune(
    ctx: &Ctx,
    tx: &mut Tx,
    citizen: &Actor,
    commune: &commune::Commune,
) -> Result<(), StoreError> {
    let Some(claim) = &commune.claim else {
        return Ok(());
    };
    for office in [claim.mayor, claim.commune] {
        if let Some(office) = actors::by_id_in(tx, office).await?.filter(|office| office.local) {
            follows::follow(ctx, tx, citizen, &office).await?;
        }
    }
    Ok(())
}

/// A handle nobody has, made from the name.
pub(crate) async fn free_handle(ctx: &Ctx, name: &str) -> Result<String, StoreError> {
    let mut salt = None;
    for digits in [100u64, 100, 10_000, 1_000_000, 1_000_000_000] {
        let handle = handle_of_name(name, salt);
        if is_free(ctx, &handle).await? {
            return Ok(handle);
        }
        salt = Some(ctx.rng.below(digits - digits / 10) + digits / 10);
    }
    Ok(handle_of_name("citoyen", Some(ctx.rng.below(1 << 50))))
}

/// Whether a citizen may take this handle.
pub(crate) async fn is_free(ctx: &Ctx, handle: &str) -> Result<bool, StoreError> {
    Ok(!commune::actions::is_handle_reserved(ctx, handle).await?
        && actors::by_handle(ctx, handle, None).await?.is_none())
}

/// An account made by the operator: no code is asked for, official handles are allowed but for those of communes.
///
/// # Errors
/// [`AccountError::Refused`] when handle or address are taken or unusable, or there is no such commune.
pub async fn create_by_operator(
    ctx: &Ctx,
    handle: &str,
    name: Option<&str>,
    email: &str,
    commune: InseeCode,
    password: &Password,
) -> Result<Account, AccountError> {
    let handle = parse_operator_handle(handle)?;
    let name = match name {
        Some(name) => clean_name(name)?,
        None => suggested_name(&handle),
    };
    let email = EmailAddress::parse(email).map_err(|_| Refusal::NoEmail)?;
    if commune::actions::by_handle(ctx, &handle).await?.is_some() || handle == actors::INSTANCE_HANDLE {
        return Err(Refusal::HandleReserved.into());
    }
    let commune = commune::actions::by_code(ctx, commune)
        .await?
        .ok_or(Refusal::NoCommune)?;
    let password_hash = password::hash(ctx.rng.bytes(), password).await?;
    let new = NewPerson {
        name: &name,
        handle: &handle,
        email: &email,
        password_hash: &password_hash,
        commune: commune.code,
        lang: Lang::Fr,
    };
    let mut tx = ctx.db.begin().await?;
    let (id, _) = insert(ctx, &mut tx, &new).await?;
    let deed = Deed {
        code: "account-made",
        about: Some(id),
        ..Deed::default()
    };
    audit::record(ctx, &mut tx, deed).await?;
    tx.commit().await?;
    by_id(ctx, id)
        .await?
        .ok_or(StoreError::NotFound("account").into())
}

/// `jeanne_lefevre` is called Jeanne Lefevre until she says otherwise.
fn suggested_name(handle: &str) -> String {
    let words: Vec<String> = handle
        .split(['_', '-'])
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        })
        .collect();
    words.join(" ")
}

/// By id; ended accounts are not found.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn by_id(ctx: &Ctx, id: AccountId) -> Result<Option<Account>, StoreError> {
    store::by_id(&ctx.db, id).await
}

/// By her own actor.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn by_actor(ctx: &Ctx, actor: ActorId) -> Result<Option<Account>, StoreError> {
    store::by_actor(&ctx.db, actor).await
}

/// By their own actors, in no order; actors without account (offices, communes, other servers') are left out.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn by_actors(ctx: &Ctx, actors: &[ActorId]) -> Result<Vec<Account>, StoreError> {
    store::by_actors(&ctx.db, actors).await
}

/// By handle.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn by_handle(ctx: &Ctx, handle: &str) -> Result<Option<Account>, StoreError> {
    match actors::by_handle(ctx, handle, None).await? {
        Some(actor) => store::by_actor(&ctx.db, actor.id).await,
        None => Ok(None),
    }
}

/// Her handle.
pub(crate) async fn handle_of(ctx: &Ctx, account: &Account) -> Result<String, StoreError> {
    let actor = actors::by_id(ctx, account.actor).await?;
    actor
        .map(|actor| actor.handle)
        .ok_or(StoreError::NotFound("actor"))
}

/// Notes that the town hall knows somebody to live in her commune.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn verify_resident(
    ctx: &Ctx,
    account: &Account,
    means: &str,
    by: Option<AccountId>,
) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    store::verify(&mut tx, account.id, account.commune, means, by, ctx.clock.now()).await?;
    let deed = Deed {
        code: "resident-verified",
        by,
        about: Some(account.id),
        commune: Some(account.commune),
        detail: "",
    };
    audit::record(ctx, &mut tx, deed).await?;
    tx.commit().await
}

/// Takes a verification back: she moved, or it was a mistake.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn unverify_resident(
    ctx: &Ctx,
    account: &Account,
    by: Option<AccountId>,
) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    store::unverify(&mut tx, account.id).await?;
    let deed = Deed {
        code: "resident-unverified",
        by,
        about: Some(account.id),
        commune: Some(account.commune),
        detail: "",
    };
    audit::record(ctx, &mut tx, deed).await?;
    tx.commit().await
}

/// Whether the town hall knows her to live in the commune she belongs to; otherwise she only says so.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn is_verified_resident(ctx: &Ctx, account: &Account) -> Result<bool, StoreError> {
    Ok(store::verification(&ctx.db, account.id, account.commune)
        .await?
        .is_some())
}

/// How many belong to a commune (INSEE code); with `verified`, of those only whom the town hall knows to live there.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn count_residents(ctx: &Ctx, commune: &str, verified: bool) -> Result<i64, StoreError> {
    store::count_residents(&ctx.db, commune, verified).await
}

/// How many accounts there are, how many were seen in the last 30 days, and in the last 180.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn figures(ctx: &Ctx) -> Result<(i64, i64, i64), StoreError> {
    let since = |days: u64| ctx.clock.now().minus(Duration::from_secs(days * 86_400));
    Ok((
        store::count(&ctx.db).await?,
        store::count_seen_since(&ctx.db, since(30)).await?,
        store::count_seen_since(&ctx.db, since(180)).await?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_suggests_a_name() {
        assert_eq!(suggested_name("jeanne_lefevre"), "Jeanne Lefevre");
        assert_eq!(suggested_name("secretaire"), "Secretaire");
    }
}
