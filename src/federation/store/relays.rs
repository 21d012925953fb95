//! `federation_relay`.

use platform::{Db, StoreError, Tx, on_db, on_tx};

use crate::address;
use crate::relay::Relay;

/// The actor of the relay at this server that accepted us.
pub(crate) async fn by_origin(db: &Db, uri: &str) -> Result<Option<String>, StoreError> {
    let actors: Vec<String> = on_db!(db, c => sqlx::query_scalar(
        "SELECT actor_uri FROM federation_relay WHERE state = 'accepted' AND actor_uri IS NOT NULL")
        .fetch_all(c).await)?;
    Ok(actors.into_iter().find(|actor| address::same_origin(actor, uri)))
}

/// Inboxes of the relays we asked to be let in, whatever they answered.
pub(crate) async fn inboxes(db: &Db) -> Result<Vec<String>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar("SELECT inbox FROM federation_relay").fetch_all(c).await)?)
}

/// A relay answered our Follow; `false` when there was none with this id.
pub(crate) async fn answered(
    tx: &mut Tx,
    follow_uri: &str,
    actor_uri: &str,
    state: &str,
) -> Result<bool, StoreError> {
    let rows = on_tx!(tx, c => sqlx::query(
        "UPDATE federation_relay SET state = $3, actor_uri = $2 WHERE follow_uri = $1")
        .bind(follow_uri).bind(actor_uri).bind(state).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// The inbox to which the Follow with this id was sent.
pub(crate) async fn inbox_of(db: &Db, follow_uri: &str) -> Result<Option<String>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_scalar("SELECT inbox FROM federation_relay WHERE follow_uri = $1")
        .bind(follow_uri).fetch_optional(c).await)?,
    )
}

/// The relay at this inbox.
pub(crate) async fn get(tx: &mut Tx, inbox: &str) -> Result<Option<Relay>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT inbox, actor_uri, follow_uri, state, created_at FROM federation_relay WHERE inbox = $1")
        .bind(inbox).fetch_optional(c).await)?)
}

/// All of them, by inbox.
pub(crate) async fn all(db: &Db) -> Result<Vec<Relay>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT inbox, actor_uri, follow_uri, state, created_at FROM federation_relay ORDER BY inbox")
        .fetch_all(c).await)?)
}

/// Writes a relay; the one at the same inbox is replaced.
pub(crate) async fn put(tx: &mut Tx, relay: &Relay, lane: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_relay (inbox, lane, actor_uri, follow_uri, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (inbox) DO UPDATE SET actor_uri = excluded.actor_uri, follow_uri = excluded.follow_uri,
             state = excluded.state, created_at = excluded.created_at")
        .bind(&relay.inbox).bind(lane).bind(&relay.actor_uri).bind(&relay.follow_uri).bind(&relay.state)
        .bind(relay.created_at).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn remove(tx: &mut Tx, inbox: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM federation_relay WHERE inbox = $1")
        .bind(inbox).execute(c).await.map(|_| ()))?;
    Ok(())
}
