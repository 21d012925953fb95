//! `account_audit`: written, never changed.

use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::AccountId;

/// A deed as it is shown to the person it is about.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct AuditRow {
    pub(crate) by_account: Option<AccountId>,
    pub(crate) deed: String,
    pub(crate) commune: String,
    pub(crate) detail: String,
    pub(crate) done_at: Timestamp,
}

pub(crate) async fn insert_audit(
    tx: &mut Tx,
    id: i64,
    by: Option<AccountId>,
    deed: &str,
    about: Option<AccountId>,
    commune: &str,
    detail: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO account_audit (id, by_account, deed, account_id, commune, detail, done_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id).bind(by).bind(deed).bind(about).bind(commune).bind(detail).bind(now)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// What was done about an account, newest first.
pub(crate) async fn audit_of_account(
    db: &Db,
    account: AccountId,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT by_account, deed, commune, detail, done_at FROM account_audit
         WHERE account_id = $1 ORDER BY id DESC LIMIT $2")
        .bind(account).bind(limit).fetch_all(c).await)?)
}
