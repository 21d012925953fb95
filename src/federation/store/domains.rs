//! `federation_domain`.

use platform::{Db, StoreError, Tx, on_db, on_tx};

use crate::policy::DomainRule;

pub(crate) async fn all(db: &Db) -> Result<Vec<DomainRule>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT host, rule, reason, created_at FROM federation_domain ORDER BY host").fetch_all(c).await)?)
}

pub(crate) async fn all_in(tx: &mut Tx) -> Result<Vec<DomainRule>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT host, rule, reason, created_at FROM federation_domain ORDER BY host").fetch_all(c).await)?)
}

pub(crate) async fn put(tx: &mut Tx, rule: &DomainRule) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_domain (host, rule, reason, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (host) DO UPDATE SET rule = excluded.rule, reason = excluded.reason,
             created_at = excluded.created_at")
        .bind(&rule.host).bind(rule.rule).bind(&rule.reason).bind(rule.created_at)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn remove(tx: &mut Tx, host: &str) -> Result<bool, StoreError> {
    let rows = on_tx!(tx, c => sqlx::query("DELETE FROM federation_domain WHERE host = $1")
        .bind(host).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}
