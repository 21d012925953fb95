//! One delivery judged, in an order that lets nothing be fetched for what cannot be right.

use std::time::Duration;

use http::{HeaderMap, Method, Uri};
use platform::StoreError;
use platform::limits::Brake;

use super::door;
use super::shape::Shape;
use super::verify::{Signed, Turned, examine, key_origin, signer};
use crate::json::{self, JsonRefusal};
use crate::signatures::{Incoming, Refusal};
use crate::store::{actors, relays};
use crate::{Ctx, address};

/// A delivery as it came.
pub(crate) struct Delivery<'a> {
    pub(crate) method: &'a Method,
    /// As in the request line.
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    /// Where it came from, for brakes.
    pub(crate) address: &'a str,
}

/// Why a delivery is turned away.
#[derive(Debug)]
pub(crate) enum NotTaken {
    /// 400 or 401, and the key id that was named.
    Signature(Refusal, Option<String>),
    /// 400: not a document.
    Json(JsonRefusal),
    /// 400: not an activity.
    Shape(&'static str),
    /// 403.
    Blocked,
    /// 429.
    Later(Duration),
    /// 503.
    Store(StoreError),
}

impl From<StoreError> for NotTaken {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Judges a delivery and writes it down. `Ok` means: it lies in the database, or needs not.
pub(crate) async fn arrive(ctx: &Ctx, delivery: &Delivery<'_>) -> Result<(), NotTaken> {
    brake(ctx, "deliveries of an address", delivery.address)?;
    let request = Incoming::new(delivery.method, delivery.uri, delivery.headers, delivery.body);
    let candidate = examine(ctx, &request).map_err(|refusal| NotTaken::Signature(refusal, None))?;
    let key_id = candidate.key_id().to_owned();
    let unbelieved = |refusal| NotTaken::Signature(refusal, Some(key_id.clone()));
    let key_url = key_origin(ctx, &key_id).map_err(unbelieved)?;
    brake(
        ctx,
        "deliveries of a server",
        &key_url.origin().ascii_serialization(),
    )?;
    let value = json::parse(delivery.body).map_err(NotTaken::Json)?;
    let shape = Shape::read(&value).map_err(NotTaken::Shape)?;
    if shape.is_farewell() && is_stranger(ctx, &shape.actor).await? {
        return Ok(());
    }
    let relay = if address::same_origin(&shape.actor, key_url.as_str()) {
        None
    } else {
        // Somebody else's letter: no key is looked up for it, unless a relay of ours carries it.
        let relay = relays::by_origin(&ctx.db, key_url.as_str()).await?;
        Some(relay.ok_or_else(|| unbelieved(Refusal::KeyNotFound))?)
    };
    let mut signed = match signer(ctx, &candidate, delivery.address).await {
        Ok(signed) => signed,
        Err(Turned::Gone) if shape.is_farewell() => return bid_farewell(ctx, shape, delivery.body).await,
        Err(turned) => return Err(turned_away(turned, &key_id)),
    };
    if is_replay(ctx, &signed) {
        signed.believed();
        return Ok(());
    }
    let arrival = if signed.owner == shape.actor {
        shape.arrival(text(delivery.body))
    } else if relay.as_deref() == Some(signed.owner.as_str()) {
        // What a relay passes on is not believed: it only tells where something can be read.
        match passed_on(&shape, &signed.owner) {
            Some(arrival) => arrival,
            None => return Ok(()),
        }
    } else {
        return Err(unbelieved(Refusal::KeyNotFound));
    };
    door::arrived(ctx, arrival).await?;
    heard(ctx, delivery, &signed.owner).await;
    let (key, until) = (signed.verified.replay_key, signed.verified.replayable_until);
    ctx.memory().replays.insert(key, until);
    signed.believed();
    Ok(())
}

/// What a believed delivery tells besides: its server is up, and perhaps whom it counts among the followers.
/// Neither can make the delivery fail.
async fn heard(ctx: &Ctx, delivery: &Delivery<'_>, owner: &str) {
    if let Err(error) = crate::delivery::heard_from(ctx, owner).await {
        tracing::warn!(%error, "deliveries to a server cannot be hastened");
    }
    if let Err(error) = crate::synchronise::compare(ctx, delivery.headers, owner).await {
        tracing::warn!(%error, "followers cannot be compared");
    }
}

fn brake(ctx: &Ctx, name: &'static str, key: &str) -> Result<(), NotTaken> {
    let most = ctx.federation().inbox_per_minute;
    if most == 0 {
        return Ok(());
    }
    ctx.limits
        .check(Brake::new(name, most, 60), key)
        .map_err(NotTaken::Later)
}

fn turned_away(turned: Turned, key_id: &str) -> NotTaken {
    match turned {
        Turned::Refused(refusal) => NotTaken::Signature(refusal, Some(key_id.to_owned())),
        Turned::Gone => NotTaken::Signature(Refusal::KeyNotFound, Some(key_id.to_owned())),
        Turned::Blocked => NotTaken::Blocked,
        Turned::Later(wait) => NotTaken::Later(wait),
        Turned::Store(error) => NotTaken::Store(error),
    }
}

/// Whether nothing here is of this actor: then its end is no news, and nothing is fetched to prove it.
async fn is_stranger(ctx: &Ctx, actor: &str) -> Result<bool, StoreError> {
    let known = actors::by_uri(&ctx.db, actor).await?;
    Ok(known.is_none_or(|actor| actor.deleted_at.is_some()))
}

/// The key cannot be read any more since the actor is gone, and that is what the activity says: its origin
/// answers 410 for the actor itself.
async fn bid_farewell(ctx: &Ctx, shape: Shape, body: &[u8]) -> Result<(), NotTaken> {
    match crate::fetch::document(ctx, &shape.actor, crate::fetch::Freshness::Now).await {
        Err(crate::fetch::FetchError::Gone) => {
            door::arrived(ctx, shape.arrival(text(body))).await?;
            Ok(())
        }
        _ => Err(NotTaken::Signature(Refusal::KeyNotFound, None)),
    }
}

fn is_replay(ctx: &Ctx, signed: &Signed) -> bool {
    ctx.memory()
        .replays
        .get(&signed.verified.replay_key)
        .is_some_and(|until| until > ctx.clock.now())
}

/// The bytes were parsed as JSON, so they are UTF-8.
fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}

/// What a relay forwards as it is becomes an Announce of its object by the relay.
fn passed_on(shape: &Shape, relay: &str) -> Option<super::Arrival> {
    let object = match shape.kind.as_str() {
        "Create" | "Update" | "Announce" => shape.object.clone()?,
        _ => return None,
    };
    let body = serde_json::json!({
        "id": shape.id, "type": "Announce", "actor": relay, "object": object,
    });
    Some(super::Arrival {
        uri: shape.id.clone(),
        actor_uri: relay.to_owned(),
        kind: "Announce".to_owned(),
        object_uri: Some(object),
        body: body.to_string(),
    })
}
