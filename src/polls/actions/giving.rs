//! Giving out ballots: the register is signed, and what cannot be read is signed with it.

use account::Account;
use aws_lc_rs::hmac;
use federation::Ctx;
use platform::StoreError;

use super::{PollError, aside};
use crate::keys;
use crate::model::{Poll, PollId, PollRefusal};
use crate::store::polls::{self as store, Hold};
use crate::store::register::{self, Given};

/// How somebody stands in the register of one poll: keyed hashes of her account and of her address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    /// Of the account.
    pub voter: Vec<u8>,
    /// Of the address, so that an account made again with it takes no second ballot.
    pub address: Vec<u8>,
}

/// Her marks in the register of a running poll.
///
/// # Errors
/// [`PollError`]; refused when the keys are destroyed already.
pub async fn marks(ctx: &Ctx, account: &Account, poll: PollId) -> Result<Marks, PollError> {
    let keys = keys::of(ctx, poll).await?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &keys.register);
    let mark = |about: String| hmac::sign(&key, about.as_bytes()).as_ref().to_vec();
    Ok(Marks {
        voter: mark(format!("account {}", account.id)),
        address: mark(format!("address {}", account.email.trim().to_lowercase())),
    })
}

/// Whether she may vote in this poll now.
///
/// # Errors
/// [`PollError::Refused`]: closed, of another commune, not verified.
pub async fn eligible(ctx: &Ctx, account: &Account, poll: &Poll) -> Result<(), PollError> {
    if !poll.takes_votes(ctx.clock.now()) {
        return Err(PollRefusal::Closed.into());
    }
    if account.commune.as_str() != poll.commune {
        return Err(PollRefusal::NotResident.into());
    }
    if poll.verified_only && !account::actions::people::is_verified_resident(ctx, account).await? {
        return Err(PollRefusal::NotVerified.into());
    }
    Ok(())
}

/// Whether a ballot was given to her, or to her address.
///
/// # Errors
/// [`PollError`].
pub async fn has_taken(ctx: &Ctx, account: &Account, poll: &Poll) -> Result<bool, PollError> {
    let marks = match marks(ctx, account, poll.id).await {
        Err(PollError::Refused(_)) => return Ok(false),
        other => other?,
    };
    Ok(register::given(&ctx.db, poll.id, &marks.voter).await?.is_some()
        || register::is_spent(&ctx.db, poll.id, &marks.address).await?)
}

/// Signs a blinded ballot for somebody who may vote, once. The same blinded ballot gets the same signature again,
/// since an answer may have been lost on its way; a different one is refused.
///
/// # Errors
/// [`PollError::Refused`].
pub async fn issue_token(
    ctx: &Ctx,
    account: &Account,
    id: PollId,
    blinded: Vec<u8>,
) -> Result<Vec<u8>, PollError> {
    let poll = store::by_id(&ctx.db, id).await?.ok_or(PollRefusal::Missing)?;
    eligible(ctx, account, &poll).await?;
    let marks = marks(ctx, account, id).await?;
    if let Some(given) = register::given(&ctx.db, id, &marks.voter).await? {
        return again(given, &blinded);
    }
    if register::is_spent(&ctx.db, id, &marks.address).await? {
        return Err(PollRefusal::AlreadyTaken.into());
    }
    let keys = keys::of(ctx, id).await?;
    let seed = ctx.rng.bytes();
    let given = aside(move || {
        let signature = keys
            .private
            .blind_sign(seed, &blinded)
            .map_err(|_| PollRefusal::BadBlinding)?;
        Ok(Given { blinded, signature })
    })
    .await?;
    sign(ctx, id, &marks, given).await
}

/// What she was given, if she asks for the same.
fn again(given: Given, blinded: &[u8]) -> Result<Vec<u8>, PollError> {
    if given.blinded == blinded {
        Ok(given.signature)
    } else {
        Err(PollRefusal::AlreadyTaken.into())
    }
}

async fn sign(ctx: &Ctx, id: PollId, marks: &Marks, given: Given) -> Result<Vec<u8>, PollError> {
    let mut tx = ctx.db.begin().await?;
    let poll = store::held(&mut tx, id, Hold::Voting).await?;
    if !poll.is_some_and(|poll| poll.takes_votes(ctx.clock.now())) {
        return Err(PollRefusal::Closed.into());
    }
    match register::sign(&mut tx, id, &marks.voter, &marks.address, &given).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(given.signature)
        }
        Err(StoreError::Conflict(_)) => {
            tx.rollback().await?;
            match register::given(&ctx.db, id, &marks.voter).await? {
                Some(before) => again(before, &given.blinded),
                None => Err(PollRefusal::AlreadyTaken.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}
