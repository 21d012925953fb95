//! Sessions: opened, recognised, ended.

use std::time::Duration;

use federation::Ctx;
use platform::{StoreError, Tx};

use crate::model::{AccountId, SessionId, SessionLife, device};
use crate::store::{self, NewSession};
use crate::viewer::{Citizen, person};

/// How exactly it is known when a session was used last: one write in so long.
const EXACTNESS: Duration = Duration::from_secs(10 * 60);

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
        store::mark_seen(&mut tx, session.id, id, now).await?;
        tx.commit().await?;
    }
    Ok(citizen)
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
    Ok((id, token))
}
