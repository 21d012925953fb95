//! `commune_section`: what a town hall switched off.

use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::InseeCode;

/// Whether the commune with this INSEE code switched a section off.
pub(crate) async fn is_closed(db: &Db, code: &str, section: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = on_db!(db, c => sqlx::query_scalar(
        "SELECT closed_at FROM commune_section WHERE code = $1 AND section = $2")
        .bind(code).bind(section).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Whether the commune at this address did.
pub(crate) async fn is_closed_at(db: &Db, address: &str, section: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = on_db!(db, c => sqlx::query_scalar(
        "SELECT o.closed_at FROM commune c JOIN commune_section o ON o.code = c.code
         WHERE c.address = $1 AND o.section = $2")
        .bind(address).bind(section).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Switches a section off; one that is off stays as it was.
pub(crate) async fn close(
    tx: &mut Tx,
    code: InseeCode,
    section: &str,
    by: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO commune_section (code, section, closed_by, closed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (code, section) DO NOTHING")
        .bind(code.as_str()).bind(section).bind(by).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Switches a section on again.
pub(crate) async fn open(tx: &mut Tx, code: InseeCode, section: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM commune_section WHERE code = $1 AND section = $2")
        .bind(code.as_str()).bind(section).execute(c).await.map(|_| ()))?;
    Ok(())
}
