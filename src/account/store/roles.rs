//! `account_role`.

use commune::InseeCode;
use platform::store::OnUnique as _;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::{AccountId, Grant, Rights, Role};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    account_id: AccountId,
    role: Role,
    commune: String,
    rights: String,
    granted_by: Option<AccountId>,
    granted_at: Timestamp,
}

impl Row {
    fn grant(self) -> Result<Grant, StoreError> {
        let wrong = |column| StoreError::Inconsistent {
            table: "account_role",
            column,
            row: self.id.to_string(),
        };
        let commune = match self.commune.as_str() {
            "" => None,
            code => Some(code.parse().map_err(|_| wrong("commune"))?),
        };
        Ok(Grant {
            delegated: self.rights.parse::<Rights>().map_err(|_| wrong("rights"))?,
            commune,
            id: self.id,
            account: self.account_id,
            role: self.role,
            by: self.granted_by,
            at: self.granted_at,
        })
    }
}

fn many(rows: Vec<Row>) -> Result<Vec<Grant>, StoreError> {
    rows.into_iter().map(Row::grant).collect()
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, account_id, role, commune, rights, granted_by, granted_at FROM account_role WHERE ",
            $rest
        )
    };
}

pub(crate) async fn grants_of(db: &Db, account: AccountId) -> Result<Vec<Grant>, StoreError> {
    many(
        on_db!(db, c => sqlx::query_as(select!("account_id = $1 ORDER BY id"))
        .bind(account).fetch_all(c).await)?,
    )
}

/// Everybody who holds a role in a commune, in the order in which they got it.
pub(crate) async fn grants_in_commune(db: &Db, commune: InseeCode) -> Result<Vec<Grant>, StoreError> {
    many(
        on_db!(db, c => sqlx::query_as(select!("commune = $1 ORDER BY id"))
        .bind(commune.as_str()).fetch_all(c).await)?,
    )
}

pub(crate) async fn grants_in_commune_in(tx: &mut Tx, commune: InseeCode) -> Result<Vec<Grant>, StoreError> {
    many(
        on_tx!(tx, c => sqlx::query_as(select!("commune = $1 ORDER BY id"))
        .bind(commune.as_str()).fetch_all(c).await)?,
    )
}

/// The operators.
pub(crate) async fn operators(db: &Db) -> Result<Vec<Grant>, StoreError> {
    many(on_db!(db, c => sqlx::query_as(select!("role = $1 ORDER BY id"))
        .bind(Role::Operator).fetch_all(c).await)?)
}

/// The same inside a transaction, in the order in which they became it.
pub(crate) async fn operators_in(tx: &mut Tx) -> Result<Vec<Grant>, StoreError> {
    many(on_tx!(tx, c => sqlx::query_as(select!("role = $1 ORDER BY id"))
        .bind(Role::Operator).fetch_all(c).await)?)
}

/// Whose is the mayor's office of a commune.
pub(crate) async fn mayor_of(db: &Db, commune: InseeCode) -> Result<Option<AccountId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT account_id FROM account_role WHERE commune = $1 AND role = 'mayor'")
        .bind(commune.as_str()).fetch_optional(c).await)?)
}

pub(crate) async fn mayor_of_in(tx: &mut Tx, commune: InseeCode) -> Result<Option<AccountId>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT account_id FROM account_role WHERE commune = $1 AND role = 'mayor'")
        .bind(commune.as_str()).fetch_optional(c).await)?)
}

/// Gives a role; who has it already has its new rights.
pub(crate) async fn insert_grant(tx: &mut Tx, grant: &Grant) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO account_role (id, account_id, role, commune, rights, granted_by, granted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (account_id, role, commune) DO UPDATE SET rights = excluded.rights,
             granted_by = excluded.granted_by, granted_at = excluded.granted_at")
        .bind(grant.id).bind(grant.account).bind(grant.role)
        .bind(grant.commune.map(String::from).unwrap_or_default()).bind(grant.delegated.to_string())
        .bind(grant.by).bind(grant.at).execute(c).await.map(|_| ()).on_unique("mayor"))
}

/// Takes a role; `false` when it was not held.
pub(crate) async fn remove_grant(
    tx: &mut Tx,
    account: AccountId,
    role: Role,
    commune: Option<InseeCode>,
) -> Result<bool, StoreError> {
    let gone = on_tx!(tx, c => sqlx::query(
        "DELETE FROM account_role WHERE account_id = $1 AND role = $2 AND commune = $3")
        .bind(account).bind(role).bind(commune.map(String::from).unwrap_or_default())
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(gone > 0)
}

pub(crate) async fn remove_grants_of(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM account_role WHERE account_id = $1")
        .bind(account).execute(c).await.map(|_| ()))?;
    Ok(())
}
