//! Signing up: nothing has any effect before the code is typed.

use commune::InseeCode;
use federation::Ctx;
use platform::StoreError;
use platform::i18n::Lang;
use platform::mail::EmailAddress;
use serde::{Deserialize, Serialize};

use super::codes::{self, Waiting};
use super::people::{self, NewPerson};
use super::sessions;
use crate::audit;
use crate::error::AccountError;
use crate::mails::{self, CodeFor, To};
use crate::model::{AccountId, Password, Purpose, Refusal, clean_name};
use crate::password;
use crate::store;

/// What the form of step 2 holds.
#[derive(Debug)]
pub(crate) struct SignUp<'a> {
    pub(crate) commune: InseeCode,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    pub(crate) password: &'a str,
    pub(crate) is_fifteen: bool,
    pub(crate) terms: bool,
    pub(crate) lang: Lang,
}

/// A sign-up that waits for its code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) commune: InseeCode,
    pub(crate) name: String,
    pub(crate) email: EmailAddress,
    password_hash: String,
    lang: Lang,
}

/// A session that was opened.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) account: AccountId,
    pub(crate) token: String,
}

struct Checked {
    name: String,
    email: EmailAddress,
    password: Password,
}

/// All that is wrong with the form, at once.
fn check(form: &SignUp<'_>) -> Result<Checked, AccountError> {
    let mut wrong = Vec::new();
    let mut note = |field: &'static str, refusal: Refusal| wrong.push((field, refusal));
    let name = clean_name(form.name)
        .map_err(|refusal| note("name", refusal))
        .ok();
    let email = EmailAddress::parse(form.email)
        .map_err(|_| note("email", Refusal::NoEmail))
        .ok();
    let local = form.email.split('@').next().unwrap_or_default();
    let about = [form.name, form.email, local];
    let password = Password::chosen(form.password, &about)
        .map_err(|refusal| note("password", refusal))
        .ok();
    if !form.is_fifteen {
        note("age", Refusal::TooYoung);
    }
    if !form.terms {
        note("terms", Refusal::TermsNotAccepted);
    }
    match (name, email, password) {
        (Some(name), Some(email), Some(password)) if wrong.is_empty() => Ok(Checked {
            name,
            email,
            password,
        }),
        _ => Err(AccountError::Fields(wrong)),
    }
}

/// Begins a sign-up and sends the code. With an address that has an account everything is the same but the mail,
/// which says so to its owner. Gives the token for the cookie.
pub(crate) async fn begin(ctx: &Ctx, form: &SignUp<'_>) -> Result<String, AccountError> {
    if !ctx.instance.registrations {
        return Err(Refusal::Closed.into());
    }
    let commune = commune::actions::by_code(ctx, form.commune)
        .await?
        .filter(|commune| commune.status.has_mayor())
        .ok_or(Refusal::NoCommune)?;
    let checked = check(form)?;
    // Before anything is asked of the database, so that the time says nothing about the address.
    let password_hash = password::hash(ctx.rng.bytes(), &checked.password).await?;
    let pending = Pending {
        commune: commune.code,
        name: checked.name,
        email: checked.email,
        password_hash,
        lang: form.lang,
    };
    let deed = codes::Deed {
        purpose: Purpose::SignUp,
        account: None,
        address: &pending.email.folded(),
        payload: &codes::to_payload(&pending)?,
    };
    let mut tx = ctx.db.begin().await?;
    let (token, code) = codes::begin(ctx, &mut tx, &deed).await?;
    send(ctx, &mut tx, &pending, &code).await?;
    tx.commit().await?;
    Ok(token)
}

async fn send(ctx: &Ctx, tx: &mut platform::Tx, pending: &Pending, code: &str) -> Result<(), StoreError> {
    let to = To {
        address: &pending.email,
        lang: pending.lang,
    };
    match store::by_email_in(tx, &pending.email.folded()).await? {
        Some(_) => mails::already(ctx, tx, to).await,
        None => mails::code(ctx, tx, to, CodeFor::SignUp, code).await,
    }
}

/// The sign-up that waits in this browser.
pub(crate) async fn waiting(ctx: &Ctx, token: &str) -> Result<Option<(Waiting, Pending)>, StoreError> {
    match codes::waiting(ctx, token, Purpose::SignUp).await? {
        Some(waiting) => {
            let pending = codes::payload(&waiting)?;
            Ok(Some((waiting, pending)))
        }
        None => Ok(None),
    }
}

/// Sends another code.
pub(crate) async fn send_again(ctx: &Ctx, token: &str) -> Result<(), AccountError> {
    let waiting = codes::expected(ctx, token, Purpose::SignUp).await?;
    let pending: Pending = codes::payload(&waiting)?;
    let mut tx = ctx.db.begin().await?;
    let code = codes::renew(ctx, &mut tx, &waiting).await?;
    send(ctx, &mut tx, &pending, &code).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes the account once the code is right, and signs in.
pub(crate) async fn confirm(
    ctx: &Ctx,
    token: &str,
    typed: &str,
    user_agent: &str,
) -> Result<Opened, AccountError> {
    let waiting = codes::expected(ctx, token, Purpose::SignUp).await?;
    let pending: Pending = codes::payload(&waiting)?;
    codes::attempt(ctx, &waiting, typed).await?;
    if store::by_email(&ctx.db, &pending.email.folded()).await?.is_some() {
        // Nobody was sent this code: it was guessed, or the account was made in another browser meanwhile.
        return Err(codes::wrong(waiting.row.attempts + 1).into());
    }
    for _ in 0..5 {
        let handle = people::free_handle(ctx, &pending.name).await?;
        match make(ctx, &waiting, &pending, &handle, user_agent).await {
            // Somebody of the same name was quicker.
            Err(AccountError::Refused(Refusal::HandleTaken)) => {}
            other => return other,
        }
    }
    Err(StoreError::Conflict("handle").into())
}

async fn make(
    ctx: &Ctx,
    waiting: &Waiting,
    pending: &Pending,
    handle: &str,
    user_agent: &str,
) -> Result<Opened, AccountError> {
    let new = NewPerson {
        name: &pending.name,
        handle,
        email: &pending.email,
        password_hash: &pending.password_hash,
        commune: pending.commune,
        lang: pending.lang,
    };
    let commune = commune::actions::by_code(ctx, pending.commune).await?;
    let mut tx = ctx.db.begin().await?;
    codes::finish(&mut tx, waiting).await?;
    let (account, actor) = people::insert(ctx, &mut tx, &new).await?;
    if let Some(commune) = &commune {
        people::follow_commune(ctx, &mut tx, &actor, commune).await?;
    }
    audit::record(ctx, &mut tx, audit::Deed::own("signed-up", account)).await?;
    let (_, token) = sessions::open(ctx, &mut tx, account, user_agent, false).await?;
    tx.commit().await?;
    Ok(Opened { account, token })
}
