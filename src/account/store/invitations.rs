//! `account_invitation`.

use commune::InseeCode;
use platform::mail::EmailAddress;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::{AccountId, Rights, Role};

/// An offer of a role as stored.
#[derive(Debug, Clone)]
pub(crate) struct Invitation {
    pub(crate) id: i64,
    pub(crate) email: String,
    pub(crate) commune: InseeCode,
    pub(crate) role: Role,
    pub(crate) rights: Rights,
    pub(crate) by: AccountId,
    pub(crate) expires_at: Timestamp,
}

/// An offer to be made.
#[derive(Debug)]
pub(crate) struct NewInvitation<'a> {
    pub(crate) id: i64,
    pub(crate) token_hash: &'a [u8],
    pub(crate) email: &'a EmailAddress,
    pub(crate) commune: InseeCode,
    pub(crate) role: Role,
    pub(crate) rights: Rights,
    pub(crate) by: AccountId,
    pub(crate) now: Timestamp,
    pub(crate) expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    email: String,
    commune: String,
    role: Role,
    rights: String,
    invited_by: AccountId,
    expires_at: Timestamp,
}

impl Row {
    fn invitation(self) -> Result<Invitation, StoreError> {
        let wrong = |column| StoreError::Inconsistent {
            table: "account_invitation",
            column,
            row: self.id.to_string(),
        };
        Ok(Invitation {
            commune: self.commune.parse().map_err(|_| wrong("commune"))?,
            rights: self.rights.parse().map_err(|_| wrong("rights"))?,
            id: self.id,
            email: self.email,
            role: self.role,
            by: self.invited_by,
            expires_at: self.expires_at,
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, email, commune, role, rights, invited_by, expires_at FROM account_invitation WHERE ",
            $rest
        )
    };
}

pub(crate) async fn insert_invitation(tx: &mut Tx, new: &NewInvitation<'_>) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO account_invitation (id, token_hash, email, commune, role, rights, invited_by, created_at,
             expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(new.id).bind(new.token_hash).bind(new.email.as_str()).bind(new.commune.as_str()).bind(new.role)
        .bind(new.rights.to_string()).bind(new.by).bind(new.now).bind(new.expires_at)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn invitation_by_token(
    db: &Db,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    let row: Option<Row> = on_db!(db, c => sqlx::query_as(select!("token_hash = $1 AND expires_at > $2"))
        .bind(token_hash).bind(now).fetch_optional(c).await)?;
    row.map(Row::invitation).transpose()
}

/// The offers of a commune that were not taken up yet.
pub(crate) async fn invitations_of(
    db: &Db,
    commune: InseeCode,
    now: Timestamp,
) -> Result<Vec<Invitation>, StoreError> {
    let rows: Vec<Row> = on_db!(db, c => sqlx::query_as(select!("commune = $1 AND expires_at > $2 ORDER BY id"))
        .bind(commune.as_str()).bind(now).fetch_all(c).await)?;
    rows.into_iter().map(Row::invitation).collect()
}

/// Ends an offer of a commune; `false` when there is none of this id.
pub(crate) async fn remove_invitation(tx: &mut Tx, id: i64, commune: InseeCode) -> Result<bool, StoreError> {
    let gone = on_tx!(tx, c => sqlx::query("DELETE FROM account_invitation WHERE id = $1 AND commune = $2")
        .bind(id).bind(commune.as_str()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(gone > 0)
}

pub(crate) async fn remove_invitations_by(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM account_invitation WHERE invited_by = $1")
        .bind(account).execute(c).await.map(|_| ()))?;
    Ok(())
}
