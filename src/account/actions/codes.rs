//! Codes sent by mail: made, tried, made again. What waits for one is known by a token in a cookie of the browser
//! that asked, so a code is good in that browser only.

use std::time::Duration;

use federation::Ctx;
use platform::{StoreError, Timestamp, Tx};

use super::sessions::digest;
use crate::error::AccountError;
use crate::model::{
    AccountId, CODE_ATTEMPTS, CODE_LIFE, CODES_PER_DAY, CODES_PER_HOUR, Purpose, Refusal, clean_code,
};
use crate::store::{self, CodeRow, NewCode};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What waits, for the page that asks for the code.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) row: CodeRow,
    token: String,
}

impl Waiting {
    /// Until when the code is good; `None` when it is good no longer.
    pub(crate) fn good_till(&self, now: Timestamp) -> Option<Timestamp> {
        (now < self.row.expires_at && self.row.attempts < CODE_ATTEMPTS).then_some(self.row.expires_at)
    }
}

/// A new deed that waits for its code.
#[derive(Debug)]
pub(crate) struct Deed<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) account: Option<AccountId>,
    /// The address as compared.
    pub(crate) address: &'a str,
    pub(crate) payload: &'a str,
}

fn code_hash(token: &str, code: &str) -> Vec<u8> {
    digest(&["code", token, code])
}

/// Writes a deed that waits. Gives the token for the cookie and the code for the mail.
pub(crate) async fn begin(ctx: &Ctx, tx: &mut Tx, deed: &Deed<'_>) -> Result<(String, String), AccountError> {
    let address = digest(&["address", deed.address]);
    count_sent(ctx, tx, &address).await?;
    let (token, code) = (ctx.rng.token(), ctx.rng.six_digits());
    let now = ctx.clock.now();
    let new = NewCode {
        id: ctx.new_id(),
        purpose: deed.purpose,
        token_hash: &digest(&[&token]),
        account: deed.account,
        address: &address,
        payload: deed.payload,
        code_hash: &code_hash(&token, &code),
        expires_at: now.plus(CODE_LIFE),
        now,
    };
    store::insert_code(tx, &new).await?;
    Ok((token, code))
}

/// An address is written to so often and no more, whether it has an account or not.
async fn count_sent(ctx: &Ctx, tx: &mut Tx, address: &[u8]) -> Result<(), AccountError> {
    let now = ctx.clock.now();
    store::lock_address(tx, address).await?;
    let in_hour = store::codes_sent(tx, address, now.minus(HOUR)).await?;
    let in_day = store::codes_sent(tx, address, now.minus(DAY)).await?;
    if in_hour >= CODES_PER_HOUR || in_day >= CODES_PER_DAY {
        return Err(Refusal::TooManyCodes.into());
    }
    store::record_code_sent(tx, ctx.new_id(), address, now).await?;
    Ok(())
}

/// What waits in this browser.
pub(crate) async fn waiting(ctx: &Ctx, token: &str, purpose: Purpose) -> Result<Option<Waiting>, StoreError> {
    if token.len() != 43 {
        return Ok(None);
    }
    let since = ctx.clock.now().minus(DAY);
    let row = store::code_by_token(&ctx.db, &digest(&[token]), purpose, since).await?;
    Ok(row.map(|row| Waiting {
        row,
        token: token.to_owned(),
    }))
}

/// What waits in this browser, or the refusal that sends back to the beginning.
pub(crate) async fn expected(ctx: &Ctx, token: &str, purpose: Purpose) -> Result<Waiting, AccountError> {
    waiting(ctx, token, purpose)
        .await?
        .ok_or_else(|| Refusal::SpentCode.into())
}

/// Compares what was typed. The attempt is counted before, in a transaction of its own.
pub(crate) async fn attempt(ctx: &Ctx, waiting: &Waiting, typed: &str) -> Result<(), AccountError> {
    let code = clean_code(typed).ok_or(Refusal::NoCode)?;
    let mut tx = ctx.db.begin().await?;
    let taken = store::take_code_attempt(&mut tx, waiting.row.id, CODE_ATTEMPTS, ctx.clock.now()).await?;
    tx.commit().await?;
    let attempts = taken.ok_or(Refusal::SpentCode)?;
    let hash = code_hash(&waiting.token, &code);
    if aws_lc_rs::constant_time::verify_slices_are_equal(&hash, &waiting.row.code_hash).is_ok() {
        Ok(())
    } else {
        Err(wrong(attempts).into())
    }
}

/// The answer to a wrong code; also to a right one that leads nowhere.
pub(crate) const fn wrong(attempts: i64) -> Refusal {
    if attempts >= CODE_ATTEMPTS {
        Refusal::SpentCode
    } else {
        Refusal::WrongCode {
            left: CODE_ATTEMPTS - attempts,
        }
    }
}

/// Puts a new code in the place of the old one, which is good no longer.
pub(crate) async fn renew(ctx: &Ctx, tx: &mut Tx, waiting: &Waiting) -> Result<String, AccountError> {
    count_sent(ctx, tx, &waiting.row.address).await?;
    let code = ctx.rng.six_digits();
    let expires_at = ctx.clock.now().plus(CODE_LIFE);
    store::renew_code(tx, waiting.row.id, &code_hash(&waiting.token, &code), expires_at).await?;
    Ok(code)
}

/// Ends the waiting in the transaction of the deed.
pub(crate) async fn finish(tx: &mut Tx, waiting: &Waiting) -> Result<(), AccountError> {
    if store::remove_code(tx, waiting.row.id).await? {
        Ok(())
    } else {
        Err(Refusal::SpentCode.into())
    }
}

/// Reads what was typed when the deed began.
pub(crate) fn payload<T: serde::de::DeserializeOwned>(waiting: &Waiting) -> Result<T, StoreError> {
    serde_json::from_str(&waiting.row.payload).map_err(|_| StoreError::Inconsistent {
        table: "account_code",
        column: "payload",
        row: waiting.row.id.to_string(),
    })
}

/// Writes what was typed.
pub(crate) fn to_payload(typed: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(typed).map_err(|_| StoreError::Inconsistent {
        table: "account_code",
        column: "payload",
        row: "new".to_owned(),
    })
}
