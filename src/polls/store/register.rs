//! `poll_register`, `poll_spent`, `poll_signature`: to whom ballots were given. No time, no order.

use platform::store::OnUnique as _;
use platform::{Db, StoreError, Tx, on_db, on_tx};

use crate::model::PollId;

/// What was signed blind for somebody.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Given {
    pub(crate) blinded: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

/// What this voter was given.
pub(crate) async fn given(db: &Db, poll: PollId, voter: &[u8]) -> Result<Option<Given>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT blinded, signature FROM poll_register WHERE poll_id = $1 AND voter = $2")
        .bind(poll).bind(voter).fetch_optional(c).await)?)
}

pub(crate) async fn given_in(tx: &mut Tx, poll: PollId, voter: &[u8]) -> Result<Option<Given>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT blinded, signature FROM poll_register WHERE poll_id = $1 AND voter = $2")
        .bind(poll).bind(voter).fetch_optional(c).await)?)
}

/// Whether something was given to this address.
pub(crate) async fn is_spent(db: &Db, poll: PollId, address: &[u8]) -> Result<bool, StoreError> {
    let found: Option<i64> = on_db!(db, c => sqlx::query_scalar(
        "SELECT poll_id FROM poll_spent WHERE poll_id = $1 AND address = $2")
        .bind(poll).bind(address).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Signs the register. [`StoreError::Conflict`] when voter or address are in it.
pub(crate) async fn sign(
    tx: &mut Tx,
    poll: PollId,
    voter: &[u8],
    address: &[u8],
    given: &Given,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO poll_register (poll_id, voter, blinded, signature) VALUES ($1, $2, $3, $4)")
        .bind(poll).bind(voter).bind(&given.blinded).bind(&given.signature)
        .execute(c).await.map(|_| ()).on_unique("poll_register"))?;
    on_tx!(tx, c => sqlx::query("INSERT INTO poll_spent (poll_id, address) VALUES ($1, $2)")
        .bind(poll).bind(address).execute(c).await.map(|_| ()).on_unique("poll_spent"))
}

/// Notes another address of somebody who was given a ballot.
pub(crate) async fn spend(tx: &mut Tx, poll: PollId, address: &[u8]) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO poll_spent (poll_id, address) VALUES ($1, $2) ON CONFLICT (poll_id, address) DO NOTHING")
        .bind(poll).bind(address).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Everything that was given, of nobody.
pub(crate) async fn all(tx: &mut Tx, poll: PollId) -> Result<Vec<Given>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("SELECT blinded, signature FROM poll_register WHERE poll_id = $1")
        .bind(poll).fetch_all(c).await)?,
    )
}

/// Empties the register of a poll.
pub(crate) async fn empty(tx: &mut Tx, poll: PollId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM poll_register WHERE poll_id = $1")
        .bind(poll).execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query("DELETE FROM poll_spent WHERE poll_id = $1")
        .bind(poll).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Writes the register as published; the caller has put it in the order of the hash.
pub(crate) async fn publish(tx: &mut Tx, poll: PollId, rows: &[(Vec<u8>, Given)]) -> Result<(), StoreError> {
    for rows in rows.chunks(200) {
        on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO poll_signature (poll_id, hash, blinded, signature) ");
            query.push_values(rows, |mut row, (hash, given)| {
                row.push_bind(poll).push_bind(hash).push_bind(&given.blinded).push_bind(&given.signature);
            });
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// The published register, in its order.
pub(crate) async fn published(db: &Db, poll: PollId) -> Result<Vec<Given>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT blinded, signature FROM poll_signature WHERE poll_id = $1 ORDER BY hash")
        .bind(poll).fetch_all(c).await)?)
}
