//! Actors of other servers: found, read from their origin, kept, and read again when they are a day old.

use std::time::Duration;

use platform::{StoreError, Timestamp, Tx};
use serde_json::Value;
use url::Url;

use crate::fetch::{FetchError, Freshness, Profile, document, webfinger};
use crate::keys::{KeyKind, PublicKey};
use crate::signatures::{KeySearch, KeyUse, Step};
use crate::store::actors as store;
use crate::{Actor, ActorId, Ctx, address, envelope, policy};

/// How long an actor is believed without looking again.
const FRESH: Duration = Duration::from_secs(24 * 3600);
/// Keys kept of one actor.
const MOST_KEYS: usize = 8;

/// The actor with this address: from the database when it was read within a day, from its origin otherwise.
/// One that cannot be read again stays as it was. One of ours is found whether it is federated or not.
///
/// # Errors
/// [`FetchError`]; [`FetchError::Gone`] for one that was deleted.
pub async fn resolve(ctx: &Ctx, uri: &str) -> Result<Actor, FetchError> {
    let uri = address::canonical(uri).ok_or(FetchError::Refused("not an address"))?;
    let known = store::by_uri(&ctx.db, &uri).await?;
    if let Some(actor) = &known {
        if actor.deleted_at.is_some() {
            return Err(FetchError::Gone);
        }
        if actor.local || is_fresh(actor, ctx.clock.now()) {
            return Ok(actor.clone());
        }
    }
    match read(ctx, &uri, Freshness::Lately).await {
        Ok(actor) => Ok(actor),
        Err(error @ (FetchError::Gone | FetchError::Blocked)) => Err(error),
        Err(error) => {
            let Some(actor) = known else { return Err(error) };
            tracing::debug!(%error, actor.uri, "an actor cannot be read again");
            Ok(actor)
        }
    }
}

/// Reads an actor from its origin now.
///
/// # Errors
/// [`FetchError`]
pub async fn refresh(ctx: &Ctx, uri: &str) -> Result<Actor, FetchError> {
    read(ctx, uri, Freshness::Now).await
}

/// Who bears a handle (`user@host`, `@user@host`, `acct:user@host`), asking its server if need be. Without
/// host, or with ours, one of ours.
///
/// # Errors
/// [`FetchError`]; nobody of that name is `Ok(None)`.
pub async fn lookup(ctx: &Ctx, handle: &str) -> Result<Option<Actor>, FetchError> {
    let bare = handle.trim().trim_start_matches('@');
    if !bare.contains('@') {
        return Ok(crate::actors::by_handle(ctx, bare, None).await?);
    }
    let Some((user, host)) = webfinger::parse_account(handle) else {
        return Ok(None);
    };
    if host == ctx.urls.authority() {
        return Ok(crate::actors::by_handle(ctx, &user, None).await?);
    }
    if let Some(actor) = store::by_handle(&ctx.db, &user, &host).await?
        && actor.deleted_at.is_none()
        && is_fresh(&actor, ctx.clock.now())
    {
        return Ok(Some(actor));
    }
    if policy::is_blocked(ctx, &format!("https://{host}/")).await? {
        return Err(FetchError::Blocked);
    }
    let uri = match webfinger::find(ctx, &user, &host).await {
        Ok(uri) => uri,
        Err(FetchError::Gone | FetchError::Status(400 | 404)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let actor = resolve(ctx, &uri).await?;
    // The host may say of an actor whatever it likes: the actor has to say it too.
    let is_bearer = actor.handle.eq_ignore_ascii_case(&user)
        && (actor.host == host
            || address::parse(&actor.uri).is_some_and(|url| address::authority(&url) == host));
    if is_bearer {
        Ok(Some(actor))
    } else {
        Err(FetchError::Refused("the actor bears another name"))
    }
}

fn is_fresh(actor: &Actor, now: Timestamp) -> bool {
    actor.fetched_at.is_some_and(|at| now.since(at) < FRESH)
}

async fn read(ctx: &Ctx, uri: &str, freshness: Freshness) -> Result<Actor, FetchError> {
    if ctx.urls.is_ours(uri) {
        return Err(FetchError::Refused("there is no such actor here"));
    }
    if crate::actors::is_buried(ctx, uri).await? {
        return Err(FetchError::Gone);
    }
    let document = document(ctx, uri, freshness).await?;
    remember(ctx, &document.id, &document.value).await
}

/// Keeps an actor whose document was read from its own address.
pub(crate) async fn remember(ctx: &Ctx, id: &str, value: &Value) -> Result<Actor, FetchError> {
    let url = address::parse(id).ok_or(FetchError::Refused("not an address"))?;
    let profile = Profile::read(id, value)?;
    let known = store::by_uri(&ctx.db, id).await?;
    if known.as_ref().is_some_and(|actor| actor.deleted_at.is_some()) {
        return Err(FetchError::Gone);
    }
    let (handle, host) = match &known {
        Some(actor) if actor.handle == profile.username && recently_named(actor, ctx.clock.now()) => {
            (actor.handle.clone(), actor.host.clone())
        }
        _ => webfinger::name_of(ctx, &url, &profile.username).await?,
    };
    let actor = actor_of(ctx, id, profile, handle, host, known.as_ref());
    let keys = keys_of(ctx, &url, value);
    Ok(keep(ctx, &actor, &keys).await?)
}

/// The next signature finds the keys as they are now: those that were taken away count no more.
fn forget(ctx: &Ctx, before: Vec<store::KeyRow>, now: &[(String, PublicKey)]) {
    let before = before.into_iter().map(|row| row.uri);
    for key_id in before.chain(now.iter().map(|(key_id, _)| key_id.clone())) {
        ctx.memory().keys.remove(&key_id);
        ctx.memory().no_keys.remove(&key_id);
    }
}

/// A name that was confirmed in the last day need not be confirmed at each change of the profile.
fn recently_named(actor: &Actor, now: Timestamp) -> bool {
    is_fresh(actor, now)
}

fn actor_of(
    ctx: &Ctx,
    id: &str,
    profile: Profile,
    handle: String,
    host: String,
    known: Option<&Actor>,
) -> Actor {
    let now = ctx.clock.now();
    let list = |value: Result<String, serde_json::Error>| value.unwrap_or_else(|_| "[]".to_owned());
    Actor {
        id: known.map_or_else(|| ActorId::new(ctx), |actor| actor.id),
        uri: id.to_owned(),
        local: false,
        kind: profile.kind,
        handle,
        host,
        name: profile.name,
        summary: profile.summary,
        url: profile.url,
        inbox: profile.inbox,
        shared_inbox: profile.shared_inbox,
        outbox: profile.outbox,
        followers: profile.followers,
        following: profile.following,
        featured: profile.featured,
        icon_url: profile.icon_url,
        image_url: profile.image_url,
        fields_json: list(serde_json::to_string(&profile.fields)),
        aliases_json: list(serde_json::to_string(&profile.aliases)),
        moved_to: profile.moved_to,
        federated: true,
        discoverable: profile.discoverable,
        locked: profile.locked,
        suspended: known.is_some_and(|actor| actor.suspended),
        created_at: known.map_or(now, |actor| actor.created_at),
        updated_at: now,
        fetched_at: Some(now),
        deleted_at: None,
        veiled: false,
    }
}

async fn keep(ctx: &Ctx, actor: &Actor, keys: &[(String, PublicKey)]) -> Result<Actor, StoreError> {
    let before = store::keys_of(&ctx.db, actor.id).await?;
    let mut tx = ctx.db.begin().await?;
    store::upsert(&mut tx, actor).await?;
    // Another process may have been first: its row id stands.
    let kept = store::by_uri_in(&mut tx, &actor.uri)
        .await?
        .ok_or(StoreError::NotFound("actor"))?;
    write_keys(ctx, &mut tx, kept.id, keys).await?;
    tx.commit().await?;
    forget(ctx, before, keys);
    Ok(kept)
}

/// Forgets an actor that was read only to hear something that had no effect: nothing here speaks of it.
///
/// # Errors
/// [`StoreError`] from the driver; also when something did speak of it meanwhile, and nothing is forgotten then.
pub(crate) async fn forget_stranger(ctx: &Ctx, uri: &str) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    let Some(actor) = store::by_uri_in(&mut tx, uri).await?.filter(|actor| !actor.local) else {
        return Ok(());
    };
    let before = store::keys_of_in(&mut tx, actor.id).await?;
    store::forget_keys(&mut tx, actor.id).await?;
    store::remove(&mut tx, actor.id).await?;
    tx.commit().await?;
    forget(ctx, before, &[]);
    Ok(())
}

/// Keeps the keys of an actor we know, as its own document lists them now.
pub(crate) async fn keep_keys(ctx: &Ctx, actor: &Actor, document: &Value) -> Result<(), StoreError> {
    let Some(url) = address::parse(&actor.uri) else {
        return Ok(());
    };
    let keys = keys_of(ctx, &url, document);
    let before = store::keys_of(&ctx.db, actor.id).await?;
    let mut tx = ctx.db.begin().await?;
    write_keys(ctx, &mut tx, actor.id, &keys).await?;
    tx.commit().await?;
    forget(ctx, before, &keys);
    Ok(())
}

async fn write_keys(
    ctx: &Ctx,
    tx: &mut Tx,
    of: ActorId,
    keys: &[(String, PublicKey)],
) -> Result<(), StoreError> {
    store::forget_keys(tx, of).await?;
    for (key_id, key) in keys {
        let row = store::KeyRow {
            uri: key_id.clone(),
            actor_id: of,
            kind: match key.kind() {
                KeyKind::Rsa | KeyKind::RsaPss => "rsa",
                KeyKind::Ed25519 => "ed25519",
            }
            .to_owned(),
            public_der: key.to_der().to_vec(),
            private_der: None,
            fetched_at: ctx.clock.now(),
        };
        store::upsert_key(tx, &row).await?;
    }
    Ok(())
}

/// The keys the actor's own document binds both ways.
fn keys_of(ctx: &Ctx, actor: &Url, value: &Value) -> Vec<(String, PublicKey)> {
    let Some(document) = value.as_object() else {
        return Vec::new();
    };
    let listed = envelope::list(document, "publicKey")
        .into_iter()
        .chain(envelope::list(document, "assertionMethod"));
    listed
        .filter_map(|key| key.get("id").and_then(Value::as_str))
        .filter(|key_id| is_under(key_id, actor.as_str()))
        .take(MOST_KEYS)
        .filter_map(|key_id| {
            let search = KeySearch::new(key_id, KeyUse::Request).ok()?;
            match search.read(actor, value, ctx.clock.now()) {
                Ok(Step::Found(found)) => Some((found.key_id, found.key)),
                _ => None,
            }
        })
        .collect()
}

/// Whether a key id is made from the actor's own id. One that is not could be another actor's of the same
/// server, and is looked for at its own address each time.
fn is_under(key_id: &str, actor: &str) -> bool {
    key_id
        .strip_prefix(actor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['#', '/', '?']))
}
