//! `poll_sealed`, `poll_ballot`: the ballot box. No voter, no time, no order.

use platform::{Db, StoreError, Tx, on_db, on_tx};

use crate::model::PollId;

/// A locked ballot.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Sealed {
    pub(crate) tag: Vec<u8>,
    pub(crate) ballot: Vec<u8>,
    pub(crate) fresh: bool,
}

/// An opened one.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Opened {
    pub(crate) hash: Vec<u8>,
    pub(crate) choices: String,
    pub(crate) serial: Vec<u8>,
    pub(crate) randomizer: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

/// Drops a locked ballot into the box; one that is in it stays.
pub(crate) async fn drop_in(
    tx: &mut Tx,
    poll: PollId,
    tag: &[u8],
    ballot: &[u8],
    fresh: bool,
) -> Result<bool, StoreError> {
    let rows = on_tx!(tx, c => sqlx::query(
        "INSERT INTO poll_sealed (poll_id, tag, ballot, fresh) VALUES ($1, $2, $3, $4)
         ON CONFLICT (poll_id, tag) DO NOTHING")
        .bind(poll).bind(tag).bind(ballot).bind(fresh).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Whether the box holds it.
pub(crate) async fn holds(db: &Db, poll: PollId, tag: &[u8]) -> Result<bool, StoreError> {
    let found: Option<i64> = on_db!(db, c => sqlx::query_scalar(
        "SELECT poll_id FROM poll_sealed WHERE poll_id = $1 AND tag = $2")
        .bind(poll).bind(tag).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// How many ballots are not in the shown counts; at most `most` are looked at.
pub(crate) async fn fresh(db: &Db, poll: PollId, most: i64) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM poll_sealed WHERE poll_id = $1 AND fresh LIMIT $2) AS few")
        .bind(poll).bind(most).fetch_one(c).await)?)
}

/// All locked ballots.
pub(crate) async fn sealed(tx: &mut Tx, poll: PollId) -> Result<Vec<Sealed>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("SELECT tag, ballot, fresh FROM poll_sealed WHERE poll_id = $1")
        .bind(poll).fetch_all(c).await)?,
    )
}

/// Empties the locked box.
pub(crate) async fn empty(tx: &mut Tx, poll: PollId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM poll_sealed WHERE poll_id = $1")
        .bind(poll).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Writes locked ballots again, none of them fresh; the caller has put them in the order of their tags.
pub(crate) async fn refill(tx: &mut Tx, poll: PollId, rows: &[(Vec<u8>, Vec<u8>)]) -> Result<(), StoreError> {
    for rows in rows.chunks(200) {
        on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new("INSERT INTO poll_sealed (poll_id, tag, ballot, fresh) ");
            query.push_values(rows, |mut row, (tag, ballot)| {
                row.push_bind(poll).push_bind(tag).push_bind(ballot).push_bind(false);
            });
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Writes the opened box; the caller has put it in the order of the hash.
pub(crate) async fn publish(tx: &mut Tx, poll: PollId, rows: &[Opened]) -> Result<(), StoreError> {
    for rows in rows.chunks(100) {
        on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO poll_ballot (poll_id, hash, choices, serial, randomizer, signature) ");
            query.push_values(rows, |mut row, one| {
                row.push_bind(poll).push_bind(&one.hash).push_bind(&one.choices).push_bind(&one.serial)
                    .push_bind(&one.randomizer).push_bind(&one.signature);
            });
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// The opened box, in its order.
pub(crate) async fn opened(db: &Db, poll: PollId) -> Result<Vec<Opened>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT hash, choices, serial, randomizer, signature FROM poll_ballot WHERE poll_id = $1 ORDER BY hash")
        .bind(poll).fetch_all(c).await)?)
}

/// A part of the opened box after a hash.
pub(crate) async fn part(db: &Db, poll: PollId, after: &[u8], limit: i64) -> Result<Vec<Opened>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT hash, choices, serial, randomizer, signature FROM poll_ballot
         WHERE poll_id = $1 AND hash > $2 ORDER BY hash LIMIT $3")
        .bind(poll).bind(after).bind(limit).fetch_all(c).await)?)
}

/// Whether the opened box holds this one.
pub(crate) async fn published(db: &Db, poll: PollId, hash: &[u8]) -> Result<bool, StoreError> {
    let found: Option<i64> = on_db!(db, c => sqlx::query_scalar(
        "SELECT poll_id FROM poll_ballot WHERE poll_id = $1 AND hash = $2")
        .bind(poll).bind(hash).fetch_optional(c).await)?;
    Ok(found.is_some())
}
