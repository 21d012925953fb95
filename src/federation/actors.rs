//! Making, finding and ending actors.

use platform::{StoreError, Timestamp, Tx};

use crate::actor::{Actor, ActorId, ActorKind, NewLocalActor, instance_uri, local_uri};
use crate::keys::PrivateKey;
use crate::store::actors as store;
use crate::{Audience, Ctx, outbox};

pub use crate::address::origin;
pub use crate::remote::{lookup, refresh, resolve};

/// The handle of this server's own actor.
pub const INSTANCE_HANDLE: &str = "instance";

/// The keys of a new actor: RSA for requests, Ed25519 for documents.
#[derive(Clone)]
pub struct NewKeys {
    rsa: PrivateKey,
    ed25519: PrivateKey,
}

impl std::fmt::Debug for NewKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewKeys")
    }
}

/// Makes keys, off the async threads. Before the transaction: it takes 50 ms and SQLite has one writer.
///
/// # Errors
/// [`StoreError::Unavailable`] when the cryptographic library fails.
pub async fn new_keys() -> Result<NewKeys, StoreError> {
    let failed = |cause: String| StoreError::Unavailable(format!("keys cannot be made: {cause}"));
    tokio::task::spawn_blocking(|| {
        Ok::<_, crate::keys::KeyRefusal>(NewKeys {
            rsa: PrivateKey::generate_rsa()?,
            ed25519: PrivateKey::generate_ed25519()?,
        })
    })
    .await
    .map_err(|error| failed(error.to_string()))?
    .map_err(|error| failed(error.to_string()))
}

/// Makes a local actor. With `keys` it can be federated.
///
/// # Errors
/// [`StoreError::Conflict`] when the handle is taken.
pub async fn create_local(
    ctx: &Ctx,
    tx: &mut Tx,
    new: NewLocalActor,
    keys: Option<&NewKeys>,
) -> Result<Actor, StoreError> {
    let id = ActorId::new(ctx);
    let actor = local(ctx, id, local_uri(ctx, id), new);
    store::upsert(tx, &actor).await?;
    if let Some(keys) = keys {
        write_keys(ctx, tx, &actor, keys).await?;
    }
    Ok(actor)
}

/// Makes a local actor that only those find whom it lets in.
///
/// # Errors
/// [`StoreError::Conflict`] when the handle is taken.
pub async fn create_veiled(
    ctx: &Ctx,
    tx: &mut Tx,
    new: NewLocalActor,
    keys: &NewKeys,
) -> Result<Actor, StoreError> {
    let id = ActorId::new(ctx);
    let mut actor = local(ctx, id, local_uri(ctx, id), new);
    actor.veiled = true;
    actor.federated = false;
    actor.discoverable = false;
    actor.locked = true;
    store::upsert(tx, &actor).await?;
    write_keys(ctx, tx, &actor, keys).await?;
    Ok(actor)
}

fn local(ctx: &Ctx, id: ActorId, uri: String, new: NewLocalActor) -> Actor {
    let now = ctx.clock.now();
    let page = new.page.unwrap_or_else(|| format!("/@{}", new.handle));
    let part = |name: &str| format!("{uri}/{name}");
    Actor {
        id,
        local: true,
        kind: new.kind,
        handle: new.handle,
        host: ctx.urls.authority().to_owned(),
        name: new.name,
        summary: new.summary,
        url: Some(ctx.urls.to(&page)),
        inbox: part("inbox"),
        shared_inbox: Some(ctx.urls.to("/inbox")),
        outbox: Some(part("outbox")),
        followers: Some(part("followers")),
        following: Some(part("following")),
        featured: Some(part("featured")),
        icon_url: None,
        image_url: None,
        fields_json: "[]".to_owned(),
        aliases_json: "[]".to_owned(),
        moved_to: None,
        federated: new.federated,
        discoverable: new.discoverable,
        locked: false,
        suspended: false,
        created_at: now,
        updated_at: now,
        fetched_at: None,
        deleted_at: None,
        veiled: false,
        uri,
    }
}

async fn write_keys(ctx: &Ctx, tx: &mut Tx, actor: &Actor, keys: &NewKeys) -> Result<(), StoreError> {
    let broken = |_| StoreError::Inconsistent {
        table: "federation_key",
        column: "private_der",
        row: actor.id.to_string(),
    };
    for (uri, kind, key) in [
        (actor.key_id(), "rsa", &keys.rsa),
        (actor.proof_key_id(), "ed25519", &keys.ed25519),
    ] {
        let row = store::KeyRow {
            uri,
            actor_id: actor.id,
            kind: kind.to_owned(),
            public_der: key.public_key().to_der().to_vec(),
            private_der: Some(key.to_der().map_err(broken)?),
            fetched_at: ctx.clock.now(),
        };
        store::upsert_key(tx, &row).await?;
    }
    Ok(())
}

/// This server's own actor, made at the first start.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn ensure_instance(ctx: &Ctx) -> Result<Actor, StoreError> {
    let uri = instance_uri(ctx);
    if let Some(actor) = store::by_uri(&ctx.db, &uri).await? {
        return Ok(actor);
    }
    let keys = new_keys().await?;
    let new = NewLocalActor {
        kind: ActorKind::Application,
        handle: INSTANCE_HANDLE.to_owned(),
        name: ctx.instance.name.clone(),
        summary: String::new(),
        page: Some("/a-propos".to_owned()),
        federated: true,
        discoverable: false,
    };
    let actor = local(ctx, ActorId::new(ctx), uri.clone(), new);
    let mut tx = ctx.db.begin().await?;
    // Two processes may start at once on one PostgreSQL: the first one's actor and keys stand.
    match store::upsert(&mut tx, &actor).await {
        Ok(()) => {}
        Err(StoreError::Conflict(_)) => {}
        Err(error) => return Err(error),
    }
    let stands = store::by_id_in(&mut tx, actor.id).await?.is_some();
    if stands {
        write_keys(ctx, &mut tx, &actor, &keys).await?;
    }
    tx.commit().await?;
    store::by_uri(&ctx.db, &uri)
        .await?
        .ok_or(StoreError::NotFound("instance actor"))
}

/// By row id.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn by_id(ctx: &Ctx, id: ActorId) -> Result<Option<Actor>, StoreError> {
    store::by_id(&ctx.db, id).await
}

/// By row id, inside a transaction.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn by_id_in(tx: &mut Tx, id: ActorId) -> Result<Option<Actor>, StoreError> {
    store::by_id_in(tx, id).await
}

/// Several at once, in no order.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn by_ids(ctx: &Ctx, ids: &[ActorId]) -> Result<Vec<Actor>, StoreError> {
    store::by_ids(&ctx.db, ids).await
}

/// Several at once inside a transaction, in no order.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn by_ids_in(tx: &mut Tx, ids: &[ActorId]) -> Result<Vec<Actor>, StoreError> {
    store::by_ids_in(tx, ids).await
}

/// By ActivityPub id, only what is known here already.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn by_uri(ctx: &Ctx, uri: &str) -> Result<Option<Actor>, StoreError> {
    store::by_uri(&ctx.db, uri).await
}

/// Several by ActivityPub id, in no order: those that are known here already.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn by_uris(ctx: &Ctx, uris: &[String]) -> Result<Vec<Actor>, StoreError> {
    store::by_uris(&ctx.db, uris).await
}

/// By handle and host, only what is known here already; without host, or with ours, a local one.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn by_handle(ctx: &Ctx, handle: &str, host: Option<&str>) -> Result<Option<Actor>, StoreError> {
    let host = host.unwrap_or(ctx.urls.authority()).to_ascii_lowercase();
    let handle = if host == ctx.urls.authority() {
        handle.to_ascii_lowercase()
    } else {
        handle.to_owned()
    };
    store::by_handle(&ctx.db, &handle, &host).await
}

/// Actors known here whose handle or name begins so. Nobody dark, nor those of ours who do not want to be
/// found.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn search(ctx: &Ctx, beginning: &str, limit: i64) -> Result<Vec<Actor>, StoreError> {
    if beginning.trim().is_empty() {
        return Ok(Vec::new());
    }
    store::search(&ctx.db, beginning.trim(), limit).await
}

/// A change of a local actor's profile. `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// The name shown.
    pub name: Option<String>,
    /// Another handle; only for an actor that no other server has ever known ([`was_federated`]).
    pub handle: Option<String>,
    /// Sanitised HTML.
    pub summary: Option<String>,
    /// The address of its picture; `Some(None)` removes it.
    pub icon_url: Option<Option<String>>,
    /// The address of the picture behind its header.
    pub image_url: Option<Option<String>>,
    /// Pairs shown under the description.
    pub fields: Option<Vec<(String, String)>>,
    /// Whether a Follow waits for an answer.
    pub locked: Option<bool>,
    /// Whether it may be suggested and indexed.
    pub discoverable: Option<bool>,
}

/// Changes a local actor's profile and tells its followers elsewhere (`Update`).
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such local actor, [`StoreError::Conflict`] when the handle is taken.
pub async fn change_profile(
    ctx: &Ctx,
    tx: &mut Tx,
    id: ActorId,
    change: ProfileChange,
) -> Result<Actor, StoreError> {
    let mut actor = local_in(tx, id).await?;
    if let Some(name) = change.name {
        actor.name = name;
    }
    if let Some(handle) = change.handle {
        actor.url = Some(ctx.urls.to(&format!("/@{handle}")));
        actor.handle = handle;
    }
    if let Some(summary) = change.summary {
        actor.summary = summary;
    }
    if let Some(icon) = change.icon_url {
        actor.icon_url = icon;
    }
    if let Some(image) = change.image_url {
        actor.image_url = image;
    }
    if let Some(fields) = change.fields {
        actor.fields_json = serde_json::to_string(&fields).unwrap_or_else(|_| "[]".to_owned());
    }
    actor.locked = change.locked.unwrap_or(actor.locked);
    actor.discoverable = change.discoverable.unwrap_or(actor.discoverable);
    actor.updated_at = ctx.clock.now();
    store::upsert(tx, &actor).await?;
    if actor.is_visible() || actor.is_veiled() {
        outbox::say_profile_changed(ctx, tx, &actor).await?;
    }
    Ok(actor)
}

/// Whether other servers know of a local actor, or have known of it.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn was_federated(ctx: &Ctx, id: ActorId) -> Result<bool, StoreError> {
    // Keys are made when an actor is federated for the first time, and kept.
    Ok(!store::keys_of(&ctx.db, id).await?.is_empty())
}

/// Lets other servers know of a local actor, or no longer. Going dark tells them to forget it.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such local actor.
pub async fn set_federated(
    ctx: &Ctx,
    tx: &mut Tx,
    id: ActorId,
    federated: bool,
    keys: &NewKeys,
) -> Result<Actor, StoreError> {
    let mut actor = local_in(tx, id).await?;
    if actor.federated == federated {
        return Ok(actor);
    }
    if !federated {
        let audience = Audience::of(&actor, crate::Visibility::Public, &[]);
        outbox::say_gone(ctx, tx, &actor, audience).await?;
    }
    actor.federated = federated;
    actor.updated_at = ctx.clock.now();
    store::upsert(tx, &actor).await?;
    if federated {
        // Keys that other servers have seen already stay the same.
        let known: Vec<store::KeyRow> = keys_in(tx, id).await?;
        if known.is_empty() {
            write_keys(ctx, tx, &actor, keys).await?;
        }
    }
    Ok(actor)
}

/// Ends a local actor for good: other servers are told, its address answers 410, its name stays taken, it follows
/// nobody and nobody follows it.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such local actor.
pub async fn delete_local(ctx: &Ctx, tx: &mut Tx, id: ActorId) -> Result<(), StoreError> {
    let mut actor = local_in(tx, id).await?;
    if actor.is_visible() {
        let audience = Audience::of(&actor, crate::Visibility::Public, &[]);
        outbox::say_gone(ctx, tx, &actor, audience).await?;
    }
    let now = ctx.clock.now();
    actor.name = String::new();
    actor.summary = String::new();
    actor.icon_url = None;
    actor.image_url = None;
    actor.fields_json = "[]".to_owned();
    actor.deleted_at = Some(now);
    store::upsert(tx, &actor).await?;
    crate::store::follows::remove_all_of(tx, id).await?;
    store::bury(tx, &actor.uri, "", Some(actor.kind.code()), now).await
}

async fn local_in(tx: &mut Tx, id: ActorId) -> Result<Actor, StoreError> {
    store::by_id_in(tx, id)
        .await?
        .filter(|actor| actor.local)
        .ok_or(StoreError::NotFound("actor"))
}

async fn keys_in(tx: &mut Tx, id: ActorId) -> Result<Vec<store::KeyRow>, StoreError> {
    store::keys_of_in(tx, id).await
}

/// Whether an address is gone for good.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn is_buried(ctx: &Ctx, uri: &str) -> Result<bool, StoreError> {
    store::is_buried(&ctx.db, uri, "").await
}

/// Whether an address is gone for good, or its maker has said so before we had heard of it (a `Delete` that
/// came before its `Create`).
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn is_buried_by(ctx: &Ctx, uri: &str, maker: &str) -> Result<bool, StoreError> {
    store::is_buried(&ctx.db, uri, maker).await
}

/// Remembers that an address is gone for good, so that a late `Create` cannot bring it back.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn bury(tx: &mut Tx, uri: &str, former_kind: &str, now: Timestamp) -> Result<(), StoreError> {
    store::bury(tx, uri, "", Some(former_kind), now).await
}

/// Forgets that an address is gone: its author has restored what lies there.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn unbury(tx: &mut Tx, uri: &str, author: &str) -> Result<(), StoreError> {
    store::unbury(tx, uri, author).await
}

/// [`is_buried`] inside a transaction.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn is_buried_in(tx: &mut Tx, uri: &str) -> Result<bool, StoreError> {
    store::is_buried_in(tx, uri, "").await
}

/// Gives a local actor its page for people, a path of ours.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such local actor.
pub async fn set_page(ctx: &Ctx, tx: &mut Tx, id: ActorId, path: &str) -> Result<Actor, StoreError> {
    let mut actor = local_in(tx, id).await?;
    actor.url = Some(ctx.urls.to(path));
    store::upsert(tx, &actor).await?;
    Ok(actor)
}

/// The group of ours that a document is addressed to, or names; the first, if there are several.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn addressed_group(
    ctx: &Ctx,
    document: &serde_json::Map<String, serde_json::Value>,
    activity: &serde_json::Map<String, serde_json::Value>,
) -> Result<Option<Actor>, StoreError> {
    for address in crate::tags::addressed(document, activity) {
        let actor = match address.strip_suffix("/followers") {
            _ if !ctx.urls.is_ours(address) => continue,
            Some(group) => by_uri(ctx, group).await?,
            None => by_uri(ctx, address).await?,
        };
        if let Some(group) = actor.filter(|actor| actor.local && actor.kind == ActorKind::Group) {
            return Ok(Some(group));
        }
    }
    Ok(None)
}
