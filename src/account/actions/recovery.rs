//! A new password for somebody who forgot hers. The page answers the same, and does the same, whether the address has
//! an account or not: what differs happens in a task.

use federation::Ctx;
use platform::StoreError;
use platform::i18n::Lang;
use platform::mail::EmailAddress;
use platform::queue::{self, Job, Task, TaskError, When};
use serde::{Deserialize, Serialize};

use super::codes::{self, Waiting};
use super::sign_in::name_key;
use super::sign_up::Opened;
use super::{people, sessions};
use crate::audit;
use crate::error::AccountError;
use crate::mails::{self, CodeFor, Notice, To};
use crate::model::{Account, Password, Purpose, Refusal};
use crate::password;
use crate::store;

/// A recovery that waits for its code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) email: EmailAddress,
    lang: Lang,
}

/// Sends the code to the owner of the address, if there is one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SendPasswordCode {
    email: EmailAddress,
    lang: Lang,
    code: String,
}

impl Task<Ctx> for SendPasswordCode {
    const NAME: &'static str = "account.send_password_code";

    async fn run(self, ctx: Ctx, job: Job) -> Result<(), TaskError> {
        let mut tx = ctx.db.begin().await?;
        if let Some(account) = store::by_email_in(&mut tx, &self.email.folded()).await? {
            let to = To {
                address: &self.email,
                lang: account.preferences.lang.unwrap_or(self.lang),
            };
            mails::code(&ctx, &mut tx, to, CodeFor::Password, &self.code).await?;
        }
        job.finish(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Begins. Gives the token for the cookie.
pub(crate) async fn begin(ctx: &Ctx, typed: &str, lang: Lang) -> Result<String, AccountError> {
    let email = EmailAddress::parse(typed).map_err(|_| Refusal::NoEmail)?;
    let pending = Pending { email, lang };
    let deed = codes::Deed {
        purpose: Purpose::Password,
        account: None,
        address: &pending.email.folded(),
        payload: &codes::to_payload(&pending)?,
    };
    let mut tx = ctx.db.begin().await?;
    let (token, code) = codes::begin(ctx, &mut tx, &deed).await?;
    send(ctx, &mut tx, &pending, code).await?;
    tx.commit().await?;
    Ok(token)
}

async fn send(ctx: &Ctx, tx: &mut platform::Tx, pending: &Pending, code: String) -> Result<(), StoreError> {
    let task = SendPasswordCode {
        email: pending.email.clone(),
        lang: pending.lang,
        code,
    };
    queue::enqueue::<Ctx, _>(ctx, tx, &task, When::now()).await
}

/// The recovery that waits in this browser.
pub(crate) async fn waiting(ctx: &Ctx, token: &str) -> Result<Option<(Waiting, Pending)>, StoreError> {
    match codes::waiting(ctx, token, Purpose::Password).await? {
        Some(waiting) => {
            let pending = codes::payload(&waiting)?;
            Ok(Some((waiting, pending)))
        }
        None => Ok(None),
    }
}

/// Sends another code.
pub(crate) async fn send_again(ctx: &Ctx, token: &str) -> Result<(), AccountError> {
    let waiting = codes::expected(ctx, token, Purpose::Password).await?;
    let pending: Pending = codes::payload(&waiting)?;
    let mut tx = ctx.db.begin().await?;
    let code = codes::renew(ctx, &mut tx, &waiting).await?;
    send(ctx, &mut tx, &pending, code).await?;
    tx.commit().await?;
    Ok(())
}

/// Sets the new password once the code is right: every session ends, a new one begins.
pub(crate) async fn confirm(
    ctx: &Ctx,
    token: &str,
    typed: &str,
    password: &str,
    user_agent: &str,
) -> Result<Opened, AccountError> {
    let waiting = codes::expected(ctx, token, Purpose::Password).await?;
    let pending: Pending = codes::payload(&waiting)?;
    // Looked at first: a good code must not be spent on a password that is turned away.
    let password = Password::chosen(password, &[pending.email.as_str()])
        .map_err(|refusal| AccountError::Fields(vec![("password", refusal)]))?;
    codes::attempt(ctx, &waiting, typed).await?;
    let Some(account) = store::by_email(&ctx.db, &pending.email.folded()).await? else {
        return Err(codes::wrong(waiting.row.attempts + 1).into());
    };
    let hash = password::hash(ctx.rng.bytes(), &password).await?;
    let handle = people::handle_of(ctx, &account).await?;
    let mut tx = ctx.db.begin().await?;
    codes::finish(&mut tx, &waiting).await?;
    store::set_password(&mut tx, account.id, &hash).await?;
    sessions::end_all(ctx, &mut tx, account.id, None).await?;
    for name in [pending.email.folded(), handle] {
        store::forget_attempts(&mut tx, &name_key(&name)).await?;
    }
    let (_, token) = sessions::open(ctx, &mut tx, account.id, user_agent, false).await?;
    tell(ctx, &mut tx, &account, Notice::PasswordChanged).await?;
    audit::record(ctx, &mut tx, audit::Deed::own("password-recovered", account.id)).await?;
    tx.commit().await?;
    Ok(Opened {
        account: account.id,
        token,
    })
}

/// Tells the owner of an account at her address.
pub(crate) async fn tell(
    ctx: &Ctx,
    tx: &mut platform::Tx,
    account: &Account,
    what: Notice,
) -> Result<(), StoreError> {
    // An address that was good once and is none for the mailer today is no reason to refuse the deed.
    let Ok(address) = EmailAddress::parse(&account.email) else {
        return Ok(());
    };
    let to = To {
        address: &address,
        lang: account.preferences.lang.unwrap_or_default(),
    };
    mails::notice(ctx, tx, to, what).await
}
