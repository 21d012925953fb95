//! Sessions: opened, recognised, ended.

use std::time::Duration;

use federation::Ctx;
use platform::{StoreError, Tx};

use crate::audit::{self, Deed};
use crate::model::{AccountId, SessionId, SessionLife, device};
use crate::store::{self, NewSession, SessionRow};
use crate::viewer::{Citizen, Person, person};

/// How exactly it is known when a session was used last: one write in so long.
const EXACTNESS: Duration = Duration::from_secs(10 * 60);
/// The same for tokens of the API.
const TOKEN_EXACTNESS: Duration = Duration::from_secs(24 * 3600);

/// What a secret is stored as.
pub(crate) fn digest(parts: &[&str]) -> Vec<u8> {
    let mut digest = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    for part in parts {
        digest.update(part.as_bytes());
        digest.update(b"\n");
    }
    digest.finish().as_ref().to_vec()
}

/// Whose session a cookie's token opens; `None` when it opens none or no longer.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn of_token(ctx: &Ctx, token: &str) -> Result<Option<Citizen>, StoreError> {
    if token.len() != 43 {
        return Ok(None);
    }
    let Some((session, account)) = store::session_by_token(&ctx.db, &digest(&[token])).await? else {
        return Ok(None);
    };
    let now = ctx.clock.now();
    if !SessionLife::of(session.lasting).holds(session.seen_at, session.expires_at, now) {
        return Ok(None);
    }
    let id = account.id;
    let citizen = person(ctx, account, Some(session.id)).await?;
    if citizen.is_some() && now.since(session.seen_at) >= EXACTNESS {
        let mut tx = ctx.db.begin().await?;
        store::mark_seen(&mut tx, Some(session.id), id, now).await?;
        tx.commit().await?;
    }
    Ok(citizen)
}

/// Notes that somebody was here by a token of the API, so that her account is not taken for abandoned.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn mark_used(ctx: &Ctx, person: &Person) -> Result<(), StoreError> {
    let now = ctx.clock.now();
    if now.since(person.account.seen_at) < TOKEN_EXACTNESS {
        return Ok(());
    }
    let mut tx = ctx.db.begin().await?;
    store::mark_seen(&mut tx, None, person.id(), now).await?;
    tx.commit().await
}

/// Opens a session in the transaction of the deed that signs in. Gives the token for the cookie.
pub(crate) async fn open(
    ctx: &Ctx,
    tx: &mut Tx,
    account: AccountId,
    user_agent: &str,
    lasting: bool,
) -> Result<(SessionId, String), StoreError> {
    let token = ctx.rng.token();
    let now = ctx.clock.now();
    let id = SessionId::new(ctx);
    let session = NewSession {
        id,
        account,
        token_hash: &digest(&[&token]),
        device: &device(user_agent),
        lasting,
        now,
        expires_at: now.plus(SessionLife::of(lasting).whole),
    };
    store::insert_session(tx, &session).await?;
    store::mark_seen(tx, None, account, now).await?;
    Ok((id, token))
}

/// Ends the session of a cookie's token in the transaction of another deed.
pub(crate) async fn end_token(tx: &mut Tx, token: &str) -> Result<(), StoreError> {
    store::remove_session_of_token(tx, &digest(&[token])).await
}

/// Ends the session of this browser.
pub(crate) async fn sign_out(ctx: &Ctx, token: &str) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    end_token(&mut tx, token).await?;
    tx.commit().await
}

/// Ends all sessions and voids all tokens of the API; `but` keeps one session.
pub(crate) async fn end_all(
    ctx: &Ctx,
    tx: &mut Tx,
    account: AccountId,
    but: Option<SessionId>,
) -> Result<(), StoreError> {
    store::remove_other_sessions(tx, account, but).await?;
    store::secure(tx, account, ctx.clock.now()).await
}

/// Logs out everywhere, or everywhere else.
pub(crate) async fn sign_out_everywhere(
    ctx: &Ctx,
    person: &Person,
    but: Option<SessionId>,
) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    end_all(ctx, &mut tx, person.id(), but).await?;
    audit::record(ctx, &mut tx, Deed::own("signed-out-everywhere", person.id())).await?;
    tx.commit().await
}

/// Ends one of her sessions; `false` when there is none of this id.
pub(crate) async fn end_one(ctx: &Ctx, person: &Person, id: SessionId) -> Result<bool, StoreError> {
    let mut tx = ctx.db.begin().await?;
    let ended = store::remove_session(&mut tx, person.id(), id).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Her sessions that are still good, the last used first.
pub(crate) async fn of_person(ctx: &Ctx, person: &Person) -> Result<Vec<SessionRow>, StoreError> {
    let now = ctx.clock.now();
    let all = store::sessions_of(&ctx.db, person.id()).await?;
    Ok(all
        .into_iter()
        .filter(|session| SessionLife::of(session.lasting).holds(session.seen_at, session.expires_at, now))
        .collect())
}
