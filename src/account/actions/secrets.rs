//! Changing password and address, by somebody signed in.

use federation::Ctx;
use platform::StoreError;
use platform::i18n::Lang;
use platform::mail::EmailAddress;
use serde::{Deserialize, Serialize};

use super::codes::{self, Waiting};
use super::recovery::tell;
use super::sign_in::{name_key, prove};
use super::{people, sessions};
use crate::audit;
use crate::error::AccountError;
use crate::holdings;
use crate::mails::{self, CodeFor, Notice, To};
use crate::model::{AccountId, Password, Purpose, Refusal};
use crate::password;
use crate::store;
use crate::viewer::Person;

/// Changes the password; every other session ends, and so do the tokens of the API.
pub(crate) async fn change_password(
    ctx: &Ctx,
    person: &Person,
    old: &str,
    new: &str,
) -> Result<(), AccountError> {
    let at = |field| move |refusal| AccountError::Fields(vec![(field, refusal)]);
    let about = [person.account.email.as_str(), person.name()];
    let new = Password::chosen(new, &about).map_err(at("password-new"))?;
    match prove(ctx, &person.account, old).await {
        Err(AccountError::Refused(refusal)) => return Err(at("password")(refusal)),
        other => other?,
    }
    let hash = password::hash(ctx.rng.bytes(), &new).await?;
    let mut tx = ctx.db.begin().await?;
    store::set_password(&mut tx, person.id(), &hash).await?;
    sessions::end_all(ctx, &mut tx, person.id(), person.session).await?;
    tell(ctx, &mut tx, &person.account, Notice::PasswordChanged).await?;
    audit::record(ctx, &mut tx, audit::Deed::own("password-changed", person.id())).await?;
    tx.commit().await?;
    Ok(())
}

/// Sets a password by the command line; every session ends.
pub(crate) async fn set_password(ctx: &Ctx, account: AccountId, new: &Password) -> Result<(), AccountError> {
    let account = store::by_id(&ctx.db, account)
        .await?
        .ok_or(StoreError::NotFound("account"))?;
    let hash = password::hash(ctx.rng.bytes(), new).await?;
    let handle = people::handle_of(ctx, &account).await?;
    let mut tx = ctx.db.begin().await?;
    store::set_password(&mut tx, account.id, &hash).await?;
    sessions::end_all(ctx, &mut tx, account.id, None).await?;
    for name in [account.email.to_lowercase(), handle] {
        store::forget_attempts(&mut tx, &name_key(&name)).await?;
    }
    let deed = audit::Deed {
        code: "password-set",
        about: Some(account.id),
        ..audit::Deed::default()
    };
    audit::record(ctx, &mut tx, deed).await?;
    tx.commit().await?;
    Ok(())
}

/// A change of address that waits for its code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PendingEmail {
    pub(crate) email: EmailAddress,
    lang: Lang,
}

/// Begins a change of address: the code goes to the new one. Gives the token for the cookie.
pub(crate) async fn begin_email(
    ctx: &Ctx,
    person: &Person,
    typed: &str,
    password: &str,
    lang: Lang,
) -> Result<String, AccountError> {
    let at = |field| move |refusal| AccountError::Fields(vec![(field, refusal)]);
    let email = EmailAddress::parse(typed).map_err(|_| at("email")(Refusal::NoEmail))?;
    if email.folded() == person.account.email.to_lowercase() {
        return Err(at("email")(Refusal::SameEmail));
    }
    match prove(ctx, &person.account, password).await {
        Err(AccountError::Refused(refusal)) => return Err(at("password")(refusal)),
        other => other?,
    }
    let pending = PendingEmail { email, lang };
    let deed = codes::Deed {
        purpose: Purpose::Email,
        account: Some(person.id()),
        address: &pending.email.folded(),
        payload: &codes::to_payload(&pending)?,
    };
    let mut tx = ctx.db.begin().await?;
    let (token, code) = codes::begin(ctx, &mut tx, &deed).await?;
    send_email_code(ctx, &mut tx, &pending, &code).await?;
    tx.commit().await?;
    Ok(token)
}

/// An address that has another account gets the mail that says so; the page is the same.
async fn send_email_code(
    ctx: &Ctx,
    tx: &mut platform::Tx,
    pending: &PendingEmail,
    code: &str,
) -> Result<(), StoreError> {
    let to = To {
        address: &pending.email,
        lang: pending.lang,
    };
    match store::by_email_in(tx, &pending.email.folded()).await? {
        Some(_) => mails::already(ctx, tx, to).await,
        None => mails::code(ctx, tx, to, CodeFor::Email, code).await,
    }
}

/// The change of address that waits in this browser for this person.
pub(crate) async fn waiting_email(
    ctx: &Ctx,
    person: &Person,
    token: &str,
) -> Result<Option<(Waiting, PendingEmail)>, StoreError> {
    let waiting = codes::waiting(ctx, token, Purpose::Email).await?;
    match waiting.filter(|waiting| waiting.row.account_id == Some(person.id())) {
        Some(waiting) => {
            let pending = codes::payload(&waiting)?;
            Ok(Some((waiting, pending)))
        }
        None => Ok(None),
    }
}

/// Sends another code.
pub(crate) async fn send_email_again(ctx: &Ctx, person: &Person, token: &str) -> Result<(), AccountError> {
    let (waiting, pending) = waiting_email(ctx, person, token)
        .await?
        .ok_or(Refusal::SpentCode)?;
    let mut tx = ctx.db.begin().await?;
    let code = codes::renew(ctx, &mut tx, &waiting).await?;
    send_email_code(ctx, &mut tx, &pending, &code).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes the new address once the code is right; the old one is told.
pub(crate) async fn confirm_email(
    ctx: &Ctx,
    person: &Person,
    token: &str,
    typed: &str,
) -> Result<(), AccountError> {
    let (waiting, pending) = waiting_email(ctx, person, token)
        .await?
        .ok_or(Refusal::SpentCode)?;
    codes::attempt(ctx, &waiting, typed).await?;
    if store::by_email(&ctx.db, &pending.email.folded()).await?.is_some() {
        return Err(codes::wrong(waiting.row.attempts + 1).into());
    }
    let mut tx = ctx.db.begin().await?;
    codes::finish(&mut tx, &waiting).await?;
    holdings::address_given_up(ctx, &mut tx, &person.account).await?;
    store::set_email(&mut tx, person.id(), &pending.email).await?;
    tell(ctx, &mut tx, &person.account, Notice::EmailChanged).await?;
    audit::record(ctx, &mut tx, audit::Deed::own("email-changed", person.id())).await?;
    tx.commit().await?;
    Ok(())
}
