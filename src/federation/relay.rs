//! Relays: servers that pass what is public on to all who asked for it.
//!
//! This server's own actor asks a relay's inbox to be let in, by a `Follow` of the public collection, as
//! Mastodon does. Once the relay has accepted, it gets what our actors say in public. Owns the table
//! `federation_relay`; answers of relays are taken in by the core's claims.

use platform::{StoreError, Timestamp};
use serde_json::json;

use crate::store::relays as store;
use crate::{Actor, Audience, Ctx, PUBLIC, actors, delivery, outbox, policy};

/// A relay as stored.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct Relay {
    /// Where it receives.
    pub inbox: String,
    /// Its actor, once it has answered.
    pub actor_uri: Option<String>,
    /// The id of our Follow.
    pub follow_uri: String,
    /// `pending`, `accepted` or `rejected`.
    pub state: String,
    /// When it was asked.
    pub created_at: Timestamp,
}

/// Why a relay was not asked.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The text is no address of an inbox.
    #[error("`{0}` is not the address of a relay's inbox (https://relay.example.org/inbox)")]
    Address(String),
    /// Our own server, or one that is blocked.
    #[error("nothing may be sent to {0}")]
    ShutOut(String),
    /// This server speaks with no other.
    #[error("federation is switched off")]
    Off,
    /// From the driver.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks a relay to be let in. Asking one that has not refused changes nothing.
///
/// # Errors
/// [`RelayError`]
pub async fn add(ctx: &Ctx, inbox: &str) -> Result<Relay, RelayError> {
    let wrong = || RelayError::Address(inbox.to_owned());
    let lane = delivery::lane_of(inbox).ok_or_else(wrong)?;
    if lane.starts_with("http:") && !ctx.federation().allow_loopback {
        return Err(wrong());
    }
    if ctx.urls.is_ours(inbox) || policy::is_blocked(ctx, inbox).await? {
        return Err(RelayError::ShutOut(lane));
    }
    if !ctx.federation().enabled {
        return Err(RelayError::Off);
    }
    let instance = actors::ensure_instance(ctx).await?;
    let mut tx = ctx.db.begin().await?;
    if let Some(known) = store::get(&mut tx, inbox).await?
        && known.state != "rejected"
    {
        return Ok(known);
    }
    let id = ctx.new_id();
    let relay = Relay {
        inbox: inbox.to_owned(),
        actor_uri: None,
        follow_uri: outbox::activity_uri(ctx, id),
        state: "pending".to_owned(),
        created_at: ctx.clock.now(),
    };
    store::put(&mut tx, &relay, &lane).await?;
    let follow = json!({ "type": "Follow", "object": PUBLIC });
    outbox::say_as(ctx, &mut tx, &instance, id, follow, &to(inbox)).await?;
    tx.commit().await?;
    Ok(relay)
}

/// Takes leave of a relay; `false` when there was none at this inbox.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn remove(ctx: &Ctx, inbox: &str) -> Result<bool, StoreError> {
    let instance: Actor = actors::ensure_instance(ctx).await?;
    let mut tx = ctx.db.begin().await?;
    let Some(relay) = store::get(&mut tx, inbox).await? else {
        return Ok(false);
    };
    store::remove(&mut tx, inbox).await?;
    let follow = json!({
        "id": relay.follow_uri, "type": "Follow", "actor": instance.uri, "object": PUBLIC,
    });
    let undo = json!({ "type": "Undo", "object": follow });
    outbox::say(ctx, &mut tx, &instance, undo, &to(inbox)).await?;
    tx.commit().await?;
    Ok(true)
}

/// All relays, by inbox.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn list(ctx: &Ctx) -> Result<Vec<Relay>, StoreError> {
    store::all(&ctx.db).await
}

fn to(inbox: &str) -> Audience {
    Audience {
        inboxes: vec![inbox.to_owned()],
        ..Audience::default()
    }
}
