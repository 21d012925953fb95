//! Signing in with a password, and showing it again before something grave.

use federation::{Ctx, actors};
use platform::StoreError;
use platform::mail::EmailAddress;

use super::sessions::{self, digest};
use super::sign_up::Opened;
use crate::error::AccountError;
use crate::model::{Account, Attempts, Password, Refusal};
use crate::password::{self, Verdict};
use crate::store;

/// What the sign-in form holds.
#[derive(Debug)]
pub(crate) struct SignIn<'a> {
    /// Address or handle.
    pub(crate) name: &'a str,
    pub(crate) password: &'a str,
    /// "Garder la connexion sur cet appareil".
    pub(crate) lasting: bool,
    pub(crate) user_agent: &'a str,
    /// The session this browser had; it ends.
    pub(crate) former: Option<&'a str>,
}

/// More is no name of anybody.
const LONGEST_NAME: usize = 400;

/// A name as it is compared, whether somebody bears it or not.
enum Named {
    Email(String),
    Handle(String),
}

impl Named {
    /// `alice`, `@alice` and `@alice@this.server` are handles; everything else with an at sign is an address.
    fn read(ctx: &Ctx, typed: &str) -> Self {
        let typed: String = typed.trim().chars().take(LONGEST_NAME).collect();
        let typed = typed.to_lowercase();
        let own = format!("@{}", ctx.urls.authority());
        let handle = match typed.strip_prefix('@') {
            Some(handle) => Some(handle.strip_suffix(own.as_str()).unwrap_or(handle)),
            None => (!typed.contains('@')).then_some(typed.as_str()),
        };
        match handle {
            Some(handle) => Self::Handle(handle.to_owned()),
            None => Self::Email(EmailAddress::parse(&typed).map_or(typed, |email| email.folded())),
        }
    }

    fn key(&self) -> Vec<u8> {
        match self {
            Self::Email(name) | Self::Handle(name) => name_key(name),
        }
    }

    async fn account(&self, ctx: &Ctx) -> Result<Option<Account>, StoreError> {
        match self {
            Self::Email(email) => store::by_email(&ctx.db, email).await,
            Self::Handle(handle) => super::people::by_handle(ctx, handle).await,
        }
    }
}

/// Under which a name's wrong passwords are counted.
pub(crate) fn name_key(name: &str) -> Vec<u8> {
    digest(&["name", name])
}

/// Signs in: the session of before ends, a new one begins.
pub(crate) async fn sign_in(ctx: &Ctx, form: &SignIn<'_>) -> Result<Opened, AccountError> {
    let named = Named::read(ctx, form.name);
    let key = named.key();
    let attempts = count(ctx, &key).await?;
    let account = named.account(ctx).await?;
    let stored = match &account {
        Some(account) => store::password_hash(&ctx.db, account.id).await?,
        None => String::new(),
    };
    let password = Password::typed(form.password);
    let verdict = password::verify(&password, Some(&stored)).await?;
    let Some(account) = account.filter(|_| verdict != Verdict::Wrong) else {
        return Err(refusal(ctx, attempts).into());
    };
    let actor = actors::by_id(ctx, account.actor).await?;
    if actor.is_none_or(|actor| actor.suspended) {
        return Err(Refusal::Suspended.into());
    }
    let renewed = if verdict == Verdict::RightButOld {
        Some(password::hash(ctx.rng.bytes(), &password).await?)
    } else {
        None
    };
    let mut tx = ctx.db.begin().await?;
    store::forget_attempts(&mut tx, &key).await?;
    if let Some(hash) = renewed {
        store::set_password(&mut tx, account.id, &hash).await?;
    }
    if let Some(former) = form.former {
        sessions::end_token(&mut tx, former).await?;
    }
    let (_, token) = sessions::open(ctx, &mut tx, account.id, form.user_agent, form.lasting).await?;
    tx.commit().await?;
    Ok(Opened {
        account: account.id,
        token,
    })
}

/// Counts an attempt before the password is looked at.
async fn count(ctx: &Ctx, key: &[u8]) -> Result<Attempts, AccountError> {
    let mut tx = ctx.db.begin().await?;
    let counted = store::count_attempt(&mut tx, key, ctx.clock.now()).await?;
    tx.commit().await?;
    counted.map_err(|minutes| Refusal::ClosedSignIn { minutes }.into())
}

fn refusal(ctx: &Ctx, attempts: Attempts) -> Refusal {
    let now = ctx.clock.now();
    match attempts.left(now) {
        0 => Refusal::ClosedSignIn {
            minutes: attempts.minutes_closed(now),
        },
        left => Refusal::WrongSignIn { left },
    }
}

/// Asks somebody signed in for her password again. Wrong ones are counted as at the door.
pub(crate) async fn prove(ctx: &Ctx, account: &Account, typed: &str) -> Result<(), AccountError> {
    let key = digest(&["account", &account.id.to_string()]);
    count(ctx, &key).await?;
    let stored = store::password_hash(&ctx.db, account.id).await?;
    if password::verify(&Password::typed(typed), Some(&stored)).await? == Verdict::Wrong {
        return Err(Refusal::WrongPassword.into());
    }
    let mut tx = ctx.db.begin().await?;
    store::forget_attempts(&mut tx, &key).await?;
    tx.commit().await?;
    Ok(())
}
