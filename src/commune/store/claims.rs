//! Town halls that are here: claims, mandates, presentations, and how many people wait for one.

use platform::store::OnUnique as _;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::{Claim, Gender, InseeCode, Mandate, Presentation};

/// Writes the claim of a town hall.
pub(crate) async fn insert_claim(tx: &mut Tx, code: InseeCode, claim: &Claim) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO commune_claim (code, mayor_actor_id, commune_actor_id, claimed_at, verified_by, verified_at)
         VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(code.as_str()).bind(claim.mayor).bind(claim.commune).bind(claim.claimed_at)
        .bind(&claim.verified_by).bind(claim.verified_at)
        .execute(c).await.map(|_| ()).on_unique("claim"))
}

/// Writes who holds the mayor's office now.
pub(crate) async fn insert_mandate(
    tx: &mut Tx,
    id: i64,
    code: InseeCode,
    mandate: &Mandate,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO commune_mandate (id, code, holder_name, gender, from_year, to_year, started_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id).bind(code.as_str()).bind(mandate.holder.trim()).bind(mandate.gender.code())
        .bind(mandate.from_year).bind(mandate.to_year).bind(now)
        .execute(c).await.map(|_| ()).on_unique("mandate"))
}

/// Ends the mandate that runs.
pub(crate) async fn end_mandate(tx: &mut Tx, code: InseeCode, now: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE commune_mandate SET ended_at = $2 WHERE code = $1 AND ended_at IS NULL")
        .bind(code.as_str()).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Who holds the mayor's office now.
pub(crate) async fn current_mandate(db: &Db, code: InseeCode) -> Result<Option<Mandate>, StoreError> {
    let row: Option<(String, String, i64, Option<i64>)> = on_db!(db, c => sqlx::query_as(
        "SELECT holder_name, gender, from_year, to_year FROM commune_mandate
         WHERE code = $1 AND ended_at IS NULL").bind(code.as_str()).fetch_optional(c).await)?;
    Ok(row.map(|(holder, gender, from_year, to_year)| Mandate {
        holder,
        gender: Gender::of_code(&gender),
        from_year,
        to_year,
    }))
}

/// What the town hall says of its commune.
pub(crate) async fn presentation(db: &Db, code: InseeCode) -> Result<Option<Presentation>, StoreError> {
    let row: Option<PresentationRow> = on_db!(db, c => sqlx::query_as(
        "SELECT body_source, body_html, address, phone, email, website, opening, edited_at
         FROM commune_presentation WHERE code = $1").bind(code.as_str()).fetch_optional(c).await)?;
    Ok(row.map(
        |(body_source, body_html, address, phone, email, website, opening, edited_at)| Presentation {
            body_source,
            body_html,
            address,
            phone,
            email,
            website,
            opening,
            edited_at,
        },
    ))
}

type PresentationRow = (String, String, String, String, String, String, String, Timestamp);

/// Writes what the town hall says of its commune.
pub(crate) async fn save_presentation(
    tx: &mut Tx,
    code: InseeCode,
    said: &Presentation,
    by: i64,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO commune_presentation
             (code, body_source, body_html, address, phone, email, website, opening, edited_by, edited_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (code) DO UPDATE SET body_source = excluded.body_source, body_html = excluded.body_html,
             address = excluded.address, phone = excluded.phone, email = excluded.email,
             website = excluded.website, opening = excluded.opening, edited_by = excluded.edited_by,
             edited_at = excluded.edited_at")
        .bind(code.as_str()).bind(&said.body_source).bind(&said.body_html).bind(&said.address).bind(&said.phone)
        .bind(&said.email).bind(&said.website).bind(&said.opening).bind(by).bind(said.edited_at)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Counts accounts that join a commune (or leave it, with a negative number).
pub(crate) async fn change_reach(tx: &mut Tx, code: InseeCode, by: i64) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO commune_reach (code, citizens) VALUES ($1, CASE WHEN $2 > 0 THEN $2 ELSE 0 END)
         ON CONFLICT (code) DO UPDATE SET citizens =
             CASE WHEN commune_reach.citizens + $2 > 0 THEN commune_reach.citizens + $2 ELSE 0 END")
        .bind(code.as_str()).bind(by).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// How many accounts belong to a commune.
pub(crate) async fn reach(db: &Db, code: InseeCode) -> Result<i64, StoreError> {
    let citizens: Option<i64> = on_db!(db, c => sqlx::query_scalar(
        "SELECT citizens FROM commune_reach WHERE code = $1").bind(code.as_str()).fetch_optional(c).await)?;
    Ok(citizens.unwrap_or(0))
}
