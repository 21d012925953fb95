//! `account_session`.

use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use super::accounts;
use crate::model::{Account, AccountId, SessionId};

/// A session to be made.
#[derive(Debug)]
pub(crate) struct NewSession<'a> {
    pub(crate) id: SessionId,
    pub(crate) account: AccountId,
    pub(crate) token_hash: &'a [u8],
    pub(crate) device: &'a str,
    pub(crate) lasting: bool,
    pub(crate) now: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// A session as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct SessionRow {
    pub(crate) id: SessionId,
    pub(crate) device: String,
    pub(crate) lasting: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) seen_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct WithAccount {
    session_id: SessionId,
    device: String,
    lasting: bool,
    session_created_at: Timestamp,
    session_seen_at: Timestamp,
    expires_at: Timestamp,
    #[sqlx(flatten)]
    account: accounts::Row,
}

pub(crate) async fn insert_session(tx: &mut Tx, new: &NewSession<'_>) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO account_session (id, account_id, token_hash, device, lasting, created_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)")
        .bind(new.id).bind(new.account).bind(new.token_hash).bind(new.device).bind(new.lasting).bind(new.now)
        .bind(new.expires_at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The session of a token and whose it is.
pub(crate) async fn session_by_token(
    db: &Db,
    token_hash: &[u8],
) -> Result<Option<(SessionRow, Account)>, StoreError> {
    let found: Option<WithAccount> = on_db!(db, c => sqlx::query_as(
        "SELECT s.id AS session_id, s.device, s.lasting, s.created_at AS session_created_at,
             s.seen_at AS session_seen_at, s.expires_at, a.id, a.actor_id, a.email, a.commune, a.lang, a.theme,
             a.font, a.bio, a.photo_id, a.created_at, a.seen_at, a.secured_at
         FROM account_session s JOIN account a ON a.id = s.account_id
         WHERE s.token_hash = $1 AND a.ended_at IS NULL")
        .bind(token_hash).fetch_optional(c).await)?;
    found
        .map(|row| {
            let session = SessionRow {
                id: row.session_id,
                device: row.device,
                lasting: row.lasting,
                created_at: row.session_created_at,
                seen_at: row.session_seen_at,
                expires_at: row.expires_at,
            };
            Ok((session, row.account.account()?))
        })
        .transpose()
}

/// Of one account, the last used first.
pub(crate) async fn sessions_of(db: &Db, account: AccountId) -> Result<Vec<SessionRow>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT id, device, lasting, created_at, seen_at, expires_at FROM account_session
         WHERE account_id = $1 ORDER BY seen_at DESC, id DESC")
        .bind(account).fetch_all(c).await)?)
}

/// Notes that an account, and its session if it was by one, was used.
pub(crate) async fn mark_seen(
    tx: &mut Tx,
    id: Option<SessionId>,
    account: AccountId,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(id) = id {
        on_tx!(tx, c => sqlx::query("UPDATE account_session SET seen_at = $2 WHERE id = $1")
            .bind(id).bind(now).execute(c).await.map(|_| ()))?;
    }
    on_tx!(tx, c => sqlx::query("UPDATE account SET seen_at = $2 WHERE id = $1")
        .bind(account).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Ends one session of an account; `false` when it has none of this id.
pub(crate) async fn remove_session(
    tx: &mut Tx,
    account: AccountId,
    id: SessionId,
) -> Result<bool, StoreError> {
    let gone = on_tx!(tx, c => sqlx::query("DELETE FROM account_session WHERE id = $1 AND account_id = $2")
        .bind(id).bind(account).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(gone > 0)
}

/// Ends the session of a token, if there is one.
pub(crate) async fn remove_session_of_token(tx: &mut Tx, token_hash: &[u8]) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM account_session WHERE token_hash = $1")
        .bind(token_hash).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Ends all sessions of an account but one, or all.
pub(crate) async fn remove_other_sessions(
    tx: &mut Tx,
    account: AccountId,
    but: Option<SessionId>,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM account_session WHERE account_id = $1 AND id <> $2")
        .bind(account).bind(but.map_or(0, |id| id.0)).execute(c).await.map(|_| ()))?;
    Ok(())
}
