//! `account_code` and `account_code_sent`.

use platform::store::Link;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::{AccountId, Purpose};

/// A deed that waits for its code.
#[derive(Debug)]
pub(crate) struct NewCode<'a> {
    pub(crate) id: i64,
    pub(crate) purpose: Purpose,
    pub(crate) token_hash: &'a [u8],
    pub(crate) account: Option<AccountId>,
    pub(crate) address: &'a [u8],
    pub(crate) payload: &'a str,
    pub(crate) code_hash: &'a [u8],
    pub(crate) expires_at: Timestamp,
    pub(crate) now: Timestamp,
}

/// A deed that waits for its code, as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct CodeRow {
    pub(crate) id: i64,
    pub(crate) account_id: Option<AccountId>,
    pub(crate) address: Vec<u8>,
    pub(crate) payload: String,
    pub(crate) code_hash: Vec<u8>,
    pub(crate) attempts: i64,
    pub(crate) expires_at: Timestamp,
}

pub(crate) async fn insert_code(tx: &mut Tx, new: &NewCode<'_>) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO account_code (id, purpose, token_hash, account_id, address, payload, code_hash, expires_at,
             created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(new.id).bind(new.purpose).bind(new.token_hash).bind(new.account).bind(new.address).bind(new.payload)
        .bind(new.code_hash).bind(new.expires_at).bind(new.now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// What waits in this browser for this purpose, not older than `since`.
pub(crate) async fn code_by_token(
    db: &Db,
    token_hash: &[u8],
    purpose: Purpose,
    since: Timestamp,
) -> Result<Option<CodeRow>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT id, account_id, address, payload, code_hash, attempts, expires_at FROM account_code
         WHERE token_hash = $1 AND purpose = $2 AND created_at > $3")
        .bind(token_hash).bind(purpose).bind(since).fetch_optional(c).await)?)
}

/// Counts an attempt before it is looked at, so that many at once are no more than many in a row. Gives how many
/// there were with this one; `None` when there may be no more.
pub(crate) async fn take_code_attempt(
    tx: &mut Tx,
    id: i64,
    most: i64,
    now: Timestamp,
) -> Result<Option<i64>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "UPDATE account_code SET attempts = attempts + 1 WHERE id = $1 AND attempts < $2 AND expires_at > $3
         RETURNING attempts")
        .bind(id).bind(most).bind(now).fetch_optional(c).await)?)
}

/// Puts a new code in the place of the old one.
pub(crate) async fn renew_code(
    tx: &mut Tx,
    id: i64,
    code_hash: &[u8],
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE account_code SET code_hash = $2, attempts = 0, expires_at = $3 WHERE id = $1")
        .bind(id).bind(code_hash).bind(expires_at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Removes what waited; `false` when it was gone already (done in another tab).
pub(crate) async fn remove_code(tx: &mut Tx, id: i64) -> Result<bool, StoreError> {
    let gone = on_tx!(tx, c => sqlx::query("DELETE FROM account_code WHERE id = $1")
        .bind(id).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(gone > 0)
}

/// Lets one request at a time count for an address; the others wait for the end of its transaction.
pub(crate) async fn lock_address(tx: &mut Tx, address: &[u8]) -> Result<(), StoreError> {
    let key = address
        .iter()
        .take(8)
        .fold(0_i64, |key, byte| (key << 8) | i64::from(*byte));
    // SQLite has one writer anyway.
    if let Link::Pg(link) = tx.link() {
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(key)
            .execute(&mut **link)
            .await?;
    }
    Ok(())
}

/// How many codes an address was sent since then.
pub(crate) async fn codes_sent(tx: &mut Tx, address: &[u8], since: Timestamp) -> Result<i64, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM account_code_sent WHERE address = $1 AND sent_at > $2")
        .bind(address).bind(since).fetch_one(c).await)?)
}

pub(crate) async fn record_code_sent(
    tx: &mut Tx,
    id: i64,
    address: &[u8],
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("INSERT INTO account_code_sent (id, address, sent_at) VALUES ($1, $2, $3)")
        .bind(id).bind(address).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn remove_codes_of(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM account_code WHERE account_id = $1")
        .bind(account).execute(c).await.map(|_| ()))?;
    Ok(())
}
