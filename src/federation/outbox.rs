//! What our actors say: written in the transaction of the deed, with one delivery row for each inbox.

use platform::store::Wake;
use platform::{StoreError, Timestamp, Tx};
use serde_json::{Map, Value, json};

use crate::store::{activities as store, actors};
use crate::{Actor, ActorId, Audience, Ctx};

/// An activity of ours as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Said {
    /// Row id.
    pub id: i64,
    /// ActivityPub id.
    pub uri: String,
    /// Who said it.
    pub actor_id: ActorId,
    /// Its type.
    pub kind: String,
    /// The id of its object.
    pub object_uri: Option<String>,
    /// The JSON as sent, byte for byte.
    pub body: String,
    /// Whether anybody may read it.
    pub public: bool,
    /// Whether it stands in the outbox.
    pub listed: bool,
    /// Whether it goes to the followers of its actor.
    pub to_followers: bool,
    /// When it was said.
    pub created_at: Timestamp,
}

/// The address of an activity of ours.
pub fn activity_uri(ctx: &Ctx, id: i64) -> String {
    ctx.urls.to(&format!("/ap/activities/{id}"))
}

/// Says something: `activity` has `type` and `object` (and what else belongs to it); `@context`, `id`,
/// `actor`, `to`, `cc` and `published` are added here. Nothing leaves for an actor that is dark.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn say(
    ctx: &Ctx,
    tx: &mut Tx,
    actor: &Actor,
    activity: Value,
    audience: &Audience,
) -> Result<Option<i64>, StoreError> {
    say_as(ctx, tx, actor, ctx.new_id(), activity, audience).await
}

/// Takes a deletion back: servers that remember it would not take the object again otherwise.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn undo_delete(
    ctx: &Ctx,
    tx: &mut Tx,
    actor: &Actor,
    uri: &str,
    audience: &Audience,
) -> Result<(), StoreError> {
    let deletion = json!({ "type": "Delete", "actor": actor.uri, "object": uri });
    let undo = json!({ "type": "Undo", "object": deletion });
    say(ctx, tx, actor, undo, audience).await?;
    Ok(())
}

/// [`say`] with an id made before (a Follow must know its own).
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn say_as(
    ctx: &Ctx,
    tx: &mut Tx,
    actor: &Actor,
    id: i64,
    activity: Value,
    audience: &Audience,
) -> Result<Option<i64>, StoreError> {
    if !actor.local || !(actor.is_visible() || actor.is_veiled()) || !ctx.federation().enabled {
        return Ok(None);
    }
    if actor.is_veiled() && audience.open {
        // Whoever is behind a veil says nothing to everybody.
        return Ok(None);
    }
    let mut document = written(ctx, actor, id, activity, audience);
    if audience.open {
        crate::signing::prove_in(ctx, tx, actor, &mut document).await?;
    }
    let said = said(ctx, actor, id, &document, audience);
    store::insert(tx, &said).await?;
    let now = ctx.clock.now();
    for of in &audience.followers_of {
        store::address_followers(tx, id, *of, audience.open, now).await?;
    }
    for to in &audience.actors {
        let Some(actor) = actors::by_id_in(tx, *to).await? else {
            continue;
        };
        if !actor.local && actor.deleted_at.is_none() && !actor.suspended {
            let inbox = if audience.open {
                actor.public_inbox()
            } else {
                &actor.inbox
            };
            store::address_inbox(tx, id, inbox, now).await?;
        }
    }
    for inbox in &audience.inboxes {
        store::address_inbox(tx, id, inbox, now).await?;
    }
    crate::delivery::addressed(ctx, tx, &said, audience).await?;
    tx.wake(Wake::Deliveries);
    Ok(Some(id))
}

/// The whole activity, without a proof.
fn written(ctx: &Ctx, actor: &Actor, id: i64, activity: Value, audience: &Audience) -> Value {
    let mut document = match activity {
        Value::Object(document) => document,
        _ => Map::new(),
    };
    document.insert("@context".to_owned(), crate::vocabulary::context());
    document.insert("id".to_owned(), json!(activity_uri(ctx, id)));
    document.insert("actor".to_owned(), json!(actor.uri));
    if !audience.to.is_empty() || !audience.cc.is_empty() {
        document.insert("to".to_owned(), json!(audience.to));
        document.insert("cc".to_owned(), json!(audience.cc));
    }
    let kind = document.get("type").and_then(Value::as_str);
    if matches!(kind, Some("Create" | "Announce")) {
        let now = ctx.clock.now().rfc3339();
        document.insert("published".to_owned(), json!(now));
    }
    Value::Object(document)
}

fn said(ctx: &Ctx, actor: &Actor, id: i64, document: &Value, audience: &Audience) -> Said {
    let kind = crate::kind_of(document).unwrap_or_default().to_owned();
    Said {
        id,
        uri: activity_uri(ctx, id),
        actor_id: actor.id,
        listed: audience.open && matches!(kind.as_str(), "Create" | "Announce"),
        kind,
        object_uri: document
            .get("object")
            .and_then(crate::id_of)
            .map(ToOwned::to_owned),
        body: document.to_string(),
        public: audience.open,
        // Behind a veil nobody is told of a list of followers.
        to_followers: audience.followers_of.contains(&actor.id) && !actor.veiled,
        created_at: ctx.clock.now(),
    }
}

/// What was said, whole, inside the transaction.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn said_in(tx: &mut Tx, id: i64) -> Result<Option<Value>, StoreError> {
    let body = store::body_in(tx, id).await?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}

/// The ids of what an actor said of this kind about an object and did not take back, the latest first.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn said_about(
    tx: &mut Tx,
    actor: ActorId,
    kind: &str,
    object_uri: &str,
) -> Result<Vec<String>, StoreError> {
    store::uris_about(tx, actor, kind, object_uri).await
}

/// What an actor said and still waits to leave for an inbox does not leave any more.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn withhold(tx: &mut Tx, actor: ActorId, inbox: &str) -> Result<(), StoreError> {
    store::withhold(tx, actor, inbox).await
}

/// Takes back from the outbox what was said about an object (it was deleted, or the boost undone).
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn unlist(tx: &mut Tx, actor: ActorId, object_uri: &str) -> Result<(), StoreError> {
    store::unlist(tx, actor, object_uri).await
}

/// Tells the followers that a profile changed.
pub(crate) async fn say_profile_changed(ctx: &Ctx, tx: &mut Tx, actor: &Actor) -> Result<(), StoreError> {
    let keys = actors::keys_of_in(tx, actor.id).await?;
    let document = crate::documents::actor(ctx, actor, &keys);
    let visibility = if actor.is_veiled() {
        crate::Visibility::Followers
    } else {
        crate::Visibility::Public
    };
    let audience = Audience::of(actor, visibility, &[]);
    say(
        ctx,
        tx,
        actor,
        json!({ "type": "Update", "object": document }),
        &audience,
    )
    .await?;
    Ok(())
}

/// Tells everybody who knew an actor that it is gone.
pub(crate) async fn say_gone(
    ctx: &Ctx,
    tx: &mut Tx,
    actor: &Actor,
    audience: Audience,
) -> Result<(), StoreError> {
    say(
        ctx,
        tx,
        actor,
        json!({ "type": "Delete", "object": actor.uri }),
        &audience,
    )
    .await?;
    Ok(())
}
