//! What the command line does with accounts; the root prints what comes out.

use commune::{ClaimRefusal, Gender, InseeCode, Mandate};
use federation::Ctx;
use platform::StoreError;

use crate::actions::roles::{self, NewGrant};
use crate::actions::{erasure, people, secrets};
use crate::error::AccountError;
use crate::model::{Account, AccountId, Password, Refusal, Rights, Role};
use crate::store;

/// Why a command was not obeyed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// There is no such account.
    #[error("there is no account `{0}`")]
    Unknown(String),
    /// A rule forbids it.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The town hall cannot be let in.
    #[error(transparent)]
    Claim(#[from] commune::actions::ClaimError),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An account to be made.
#[derive(Debug)]
pub struct NewByOperator<'a> {
    /// The handle.
    pub handle: &'a str,
    /// The name shown; without one it is made from the handle.
    pub name: Option<&'a str>,
    /// Its address.
    pub email: &'a str,
    /// The commune it belongs to.
    pub commune: InseeCode,
    /// What it is beyond a citizen. A mayor's town hall is let in if it is not here yet.
    pub role: Option<Role>,
    /// A delegate's rights.
    pub rights: Rights,
    /// The password; without one it is generated.
    pub password: Option<&'a str>,
}

/// An account that was made.
#[derive(Debug)]
pub struct Created {
    /// The account.
    pub account: Account,
    /// Its password, to be told to its owner.
    pub password: String,
    /// The office it holds now: `maire-eze`.
    pub office: Option<String>,
}

/// A password to be told to somebody: 80 bits in letters that are not mistaken for one another.
pub fn generated_password(ctx: &Ctx) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut password = String::new();
    for (at, byte) in ctx.rng.bytes::<16>().into_iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            password.push('-');
        }
        password.push(
            LETTERS
                .get(usize::from(byte & 31))
                .copied()
                .map_or('a', char::from),
        );
    }
    password
}

/// `parvis account create`.
///
/// # Errors
/// [`CliError`]; then nothing was made but, at worst, an account without its role.
pub async fn create(ctx: &Ctx, new: &NewByOperator<'_>) -> Result<Created, CliError> {
    if let Some(role) = new.role {
        is_possible(ctx, role, new).await?;
    }
    let password = new
        .password
        .map_or_else(|| generated_password(ctx), str::to_owned);
    let chosen = Password::chosen(&password, &[new.handle, new.email]).map_err(AccountError::from)?;
    let account =
        people::create_by_operator(ctx, new.handle, new.name, new.email, new.commune, &chosen).await?;
    let office = match new.role {
        Some(role) => give_role(ctx, &account, role, Some(account.commune), new.rights).await?,
        None => None,
    };
    Ok(Created {
        account,
        password,
        office,
    })
}

/// What can be seen to be impossible before an account is made.
async fn is_possible(ctx: &Ctx, role: Role, new: &NewByOperator<'_>) -> Result<(), CliError> {
    let refused = |refusal: Refusal| CliError::Account(refusal.into());
    let commune = commune::actions::by_code(ctx, new.commune)
        .await?
        .ok_or_else(|| refused(Refusal::NoCommune))?;
    match role {
        Role::Mayor if store::mayor_of(&ctx.db, commune.code).await?.is_some() => {
            Err(refused(Refusal::MayorThere {
                commune: commune.name.shown(),
            }))
        }
        Role::Mayor if !commune.is_claimed() => Ok(commune
            .may_be_claimed()
            .map_err(commune::actions::ClaimError::from)?),
        Role::Delegate if !commune.is_claimed() => Err(refused(Refusal::NotClaimed {
            commune: commune.name.shown(),
        })),
        Role::Delegate if new.rights.is_empty() => Err(refused(Refusal::NoRights)),
        _ => Ok(()),
    }
}

/// `parvis account role add`. Gives the handle of the office that is held now, if any.
///
/// # Errors
/// [`CliError`].
pub async fn give_role(
    ctx: &Ctx,
    account: &Account,
    role: Role,
    commune: Option<InseeCode>,
    rights: Rights,
) -> Result<Option<String>, CliError> {
    let code = commune.unwrap_or(account.commune);
    if role == Role::Mayor {
        let mayor = store::mayor_of(&ctx.db, code).await?;
        if mayor.is_none() {
            let_in(ctx, account, code).await?;
        }
    }
    let new = NewGrant {
        account: account.id,
        role,
        commune: role.is_of_a_commune().then_some(code),
        rights,
    };
    roles::give(ctx, None, new).await?;
    let commune = commune::actions::by_code(ctx, code).await?;
    let has_office = matches!(role, Role::Mayor | Role::Delegate);
    Ok(commune
        .filter(|_| has_office)
        .map(|commune| commune.mayor_handle()))
}

/// Lets the town hall in on the operator's word, or hands the office to its new holder.
async fn let_in(ctx: &Ctx, account: &Account, code: InseeCode) -> Result<(), CliError> {
    let actor = federation::actors::by_id(ctx, account.actor)
        .await?
        .ok_or(StoreError::NotFound("actor"))?;
    let commune = commune::actions::by_code(ctx, code)
        .await?
        .ok_or(commune::actions::ClaimError::Refused(ClaimRefusal::Unknown))?;
    let mandate = Mandate {
        holder: actor.display_name().to_owned(),
        gender: Gender::Unsaid,
        from_year: term(i64::from(ctx.clock.now().in_zone("Europe/Paris").year())),
        to_year: Some(term(i64::from(ctx.clock.now().in_zone("Europe/Paris").year())) + 6),
    };
    if commune.is_claimed() {
        let mut tx = ctx.db.begin().await?;
        commune::actions::hand_over(ctx, &mut tx, code, &mandate).await?;
        tx.commit().await?;
        return Ok(());
    }
    let keys = commune::actions::claim_keys().await?;
    let mut tx = ctx.db.begin().await?;
    let by = ctx
        .words
        .t(platform::i18n::Lang::Fr, "account-verified-by-operator");
    commune::actions::claim(ctx, &mut tx, code, &keys, &mandate, &by).await?;
    tx.commit().await?;
    Ok(())
}

/// The year of the last municipal elections: 2020, 2026, and every six years from there.
fn term(year: i64) -> i64 {
    year - (year - 2020).rem_euclid(6)
}

/// `parvis account role remove`; `false` when the role was not held.
///
/// # Errors
/// [`CliError`].
pub async fn take_role(
    ctx: &Ctx,
    account: &Account,
    role: Role,
    commune: Option<InseeCode>,
) -> Result<bool, CliError> {
    let commune = role.is_of_a_commune().then(|| commune.unwrap_or(account.commune));
    Ok(roles::take(ctx, None, account.id, role, commune).await?)
}

/// `parvis account verify`.
///
/// # Errors
/// [`CliError`].
pub async fn verify(ctx: &Ctx, account: &Account, means: &str) -> Result<(), CliError> {
    Ok(people::verify_resident(ctx, account, means, None).await?)
}

/// `parvis account password`; without one it is generated. Gives it.
///
/// # Errors
/// [`CliError`].
pub async fn set_password(ctx: &Ctx, account: &Account, password: Option<&str>) -> Result<String, CliError> {
    let password = password.map_or_else(|| generated_password(ctx), str::to_owned);
    let chosen = Password::chosen(&password, &[&account.email]).map_err(AccountError::from)?;
    secrets::set_password(ctx, account.id, &chosen).await?;
    Ok(password)
}

/// `parvis account end`.
///
/// # Errors
/// [`CliError`].
pub async fn end(ctx: &Ctx, account: &Account) -> Result<(), CliError> {
    Ok(erasure::end(ctx, account, None).await?)
}

/// The account of a handle.
///
/// # Errors
/// [`CliError::Unknown`].
pub async fn find(ctx: &Ctx, handle: &str) -> Result<Account, CliError> {
    let plain = handle.trim_start_matches('@').to_lowercase();
    people::by_handle(ctx, &plain)
        .await?
        .ok_or_else(|| CliError::Unknown(handle.to_owned()))
}

/// A line of `parvis account list`.
#[derive(Debug)]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// Its handle.
    pub handle: String,
    /// The name shown.
    pub name: String,
    /// Its roles: `mayor of 06059`.
    pub roles: Vec<String>,
}

/// `parvis account list`: a page of accounts after `after`.
///
/// # Errors
/// [`CliError`].
pub async fn list(
    ctx: &Ctx,
    commune: Option<InseeCode>,
    after: AccountId,
    limit: i64,
) -> Result<Vec<Listed>, CliError> {
    let mut listed = Vec::new();
    for account in store::list(&ctx.db, commune, after, limit).await? {
        let actor = federation::actors::by_id(ctx, account.actor).await?;
        let grants = store::grants_of(&ctx.db, account.id).await?;
        let roles = grants
            .iter()
            .map(|grant| match grant.commune {
                Some(commune) => format!("{} of {commune}", grant.role.code()),
                None => grant.role.code().to_owned(),
            })
            .collect();
        listed.push(Listed {
            handle: actor
                .as_ref()
                .map(|actor| actor.handle.clone())
                .unwrap_or_default(),
            name: actor.map(|actor| actor.name).unwrap_or_default(),
            roles,
            account,
        });
    }
    Ok(listed)
}

/// How many accounts there are.
///
/// # Errors
/// [`CliError`].
pub async fn count(ctx: &Ctx) -> Result<i64, CliError> {
    Ok(store::count(&ctx.db).await?)
}

#[cfg(test)]
mod tests {
    use super::term;

    #[test]
    fn mayors_are_elected_every_six_years() {
        assert_eq!([2025, 2026, 2031, 2032].map(term), [2020, 2026, 2026, 2032]);
    }
}
