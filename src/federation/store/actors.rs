//! `federation_actor`, `federation_key`, `federation_tombstone`.

use platform::store::OnUnique as _;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::delivery::lane_of;
use crate::{Actor, ActorId};

/// A key of ours or of another server's actor.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct KeyRow {
    pub(crate) uri: String,
    pub(crate) actor_id: ActorId,
    pub(crate) kind: String,
    pub(crate) public_der: Vec<u8>,
    pub(crate) private_der: Option<Vec<u8>>,
    pub(crate) fetched_at: Timestamp,
}

/// Inserts an actor, or brings the row with the same address up to date.
pub(crate) async fn upsert(tx: &mut Tx, actor: &Actor) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_actor (id, uri, local, kind, handle, host, name, summary, url, inbox,
             shared_inbox, outbox, followers, following, featured, icon_url, image_url, fields_json,
             aliases_json, moved_to, federated, discoverable, locked, suspended, created_at, updated_at,
             fetched_at, deleted_at, origin, inbox_lane, shared_lane, veiled)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
             $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
         ON CONFLICT (uri) DO UPDATE SET kind = excluded.kind, handle = excluded.handle, host = excluded.host,
             name = excluded.name, summary = excluded.summary, url = excluded.url, inbox = excluded.inbox,
             shared_inbox = excluded.shared_inbox, outbox = excluded.outbox, followers = excluded.followers,
             following = excluded.following, featured = excluded.featured, icon_url = excluded.icon_url,
             image_url = excluded.image_url, fields_json = excluded.fields_json,
             aliases_json = excluded.aliases_json, moved_to = excluded.moved_to,
             federated = excluded.federated, discoverable = excluded.discoverable, locked = excluded.locked,
             suspended = excluded.suspended, updated_at = excluded.updated_at,
             fetched_at = excluded.fetched_at, deleted_at = excluded.deleted_at, origin = excluded.origin,
             inbox_lane = excluded.inbox_lane, shared_lane = excluded.shared_lane")
        .bind(actor.id).bind(&actor.uri).bind(actor.local).bind(actor.kind).bind(&actor.handle)
        .bind(&actor.host).bind(&actor.name).bind(&actor.summary).bind(&actor.url).bind(&actor.inbox)
        .bind(&actor.shared_inbox).bind(&actor.outbox).bind(&actor.followers).bind(&actor.following)
        .bind(&actor.featured).bind(&actor.icon_url).bind(&actor.image_url).bind(&actor.fields_json)
        .bind(&actor.aliases_json).bind(&actor.moved_to).bind(actor.federated).bind(actor.discoverable)
        .bind(actor.locked).bind(actor.suspended).bind(actor.created_at).bind(actor.updated_at)
        .bind(actor.fetched_at).bind(actor.deleted_at).bind(lane_of(&actor.uri).unwrap_or_default())
        .bind(lane_of(&actor.inbox).unwrap_or_default()).bind(actor.shared_inbox.as_deref().and_then(lane_of))
        .bind(actor.veiled)
        .execute(c).await.map(|_| ()).on_unique("handle"))
}

pub(crate) async fn by_id(db: &Db, id: ActorId) -> Result<Option<Actor>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM federation_actor WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

/// Actors whose handle or name begins so, nobody dark, nor those of ours who do not want to be found.
pub(crate) async fn search(db: &Db, beginning: &str, limit: i64) -> Result<Vec<Actor>, StoreError> {
    let mut pattern = String::with_capacity(beginning.len() + 1);
    for letter in beginning.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM federation_actor
         WHERE (LOWER(handle) LIKE $1 ESCAPE '!' OR LOWER(name) LIKE $1 ESCAPE '!')
           AND federated AND deleted_at IS NULL AND NOT suspended AND (discoverable OR NOT local)
         ORDER BY local DESC, handle LIMIT $2")
        .bind(&pattern).bind(limit).fetch_all(c).await)?)
}

pub(crate) async fn by_id_in(tx: &mut Tx, id: ActorId) -> Result<Option<Actor>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("SELECT * FROM federation_actor WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

macro_rules! by_ids {
    ($c:ident, $ids:ident) => {{
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM federation_actor WHERE id IN (");
        let mut list = query.separated(", ");
        for id in $ids {
            list.push_bind(*id);
        }
        query.push(")");
        query.build_query_as().fetch_all($c).await
    }};
}

pub(crate) async fn by_ids(db: &Db, ids: &[ActorId]) -> Result<Vec<Actor>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => by_ids!(c, ids))?)
}

pub(crate) async fn by_ids_in(tx: &mut Tx, ids: &[ActorId]) -> Result<Vec<Actor>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_tx!(tx, c => by_ids!(c, ids))?)
}

pub(crate) async fn by_uri(db: &Db, uri: &str) -> Result<Option<Actor>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM federation_actor WHERE uri = $1")
        .bind(uri).fetch_optional(c).await)?,
    )
}

pub(crate) async fn by_uris(db: &Db, uris: &[String]) -> Result<Vec<Actor>, StoreError> {
    if uris.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM federation_actor WHERE uri IN (");
        let mut list = query.separated(", ");
        for uri in uris {
            list.push_bind(uri.clone());
        }
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?)
}

pub(crate) async fn by_handle(db: &Db, handle: &str, host: &str) -> Result<Option<Actor>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM federation_actor WHERE handle = $1 AND host = $2
         ORDER BY CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT 1")
        .bind(handle).bind(host).fetch_optional(c).await)?)
}

/// The local actor whose page for people this is.
pub(crate) async fn local_by_page(db: &Db, url: &str) -> Result<Option<Actor>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM federation_actor WHERE local AND url = $1
         ORDER BY CASE WHEN kind = 'Organization' THEN 0 ELSE 1 END, id LIMIT 1")
        .bind(url).fetch_optional(c).await)?)
}

/// Writes a key; a key with the same id is replaced.
pub(crate) async fn upsert_key(tx: &mut Tx, key: &KeyRow) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_key (uri, actor_id, kind, public_der, private_der, fetched_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (uri) DO UPDATE SET actor_id = excluded.actor_id, kind = excluded.kind,
             public_der = excluded.public_der, private_der = excluded.private_der,
             fetched_at = excluded.fetched_at")
        .bind(&key.uri).bind(key.actor_id).bind(&key.kind).bind(&key.public_der).bind(&key.private_der)
        .bind(key.fetched_at).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn key(db: &Db, uri: &str) -> Result<Option<KeyRow>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT uri, actor_id, kind, public_der, private_der, fetched_at FROM federation_key WHERE uri = $1")
        .bind(uri).fetch_optional(c).await)?)
}

/// A key of a remote actor that is not gone: the address of its owner, and the key in DER.
pub(crate) async fn remote_key(db: &Db, uri: &str) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT a.uri, k.public_der FROM federation_key k JOIN federation_actor a ON a.id = k.actor_id
         WHERE k.uri = $1 AND NOT a.local AND a.deleted_at IS NULL")
        .bind(uri).fetch_optional(c).await)?)
}

pub(crate) async fn keys_of(db: &Db, actor: ActorId) -> Result<Vec<KeyRow>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT uri, actor_id, kind, public_der, private_der, fetched_at FROM federation_key
         WHERE actor_id = $1 ORDER BY uri")
        .bind(actor).fetch_all(c).await)?)
}

/// Remembers that an address is gone for good; `by` is empty when the thing itself was known here.
pub(crate) async fn bury(
    tx: &mut Tx,
    uri: &str,
    by: &str,
    kind: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO federation_tombstone (uri, by_actor, former_kind, deleted_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (uri, by_actor) DO NOTHING")
        .bind(uri).bind(by).bind(kind).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Forgets that an address is gone, for everybody and for what `by` makes.
pub(crate) async fn unbury(tx: &mut Tx, uri: &str, by: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM federation_tombstone WHERE uri = $1 AND by_actor IN ('', $2)")
        .bind(uri).bind(by).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Whether the thing is gone for everybody, or for what `by` makes.
pub(crate) async fn is_buried(db: &Db, uri: &str, by: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = on_db!(db, c => sqlx::query_scalar(
        "SELECT deleted_at FROM federation_tombstone WHERE uri = $1 AND by_actor IN ('', $2) LIMIT 1")
        .bind(uri).bind(by).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Removes the keys of a remote actor that it no longer lists.
pub(crate) async fn forget_keys(tx: &mut Tx, actor: ActorId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM federation_key WHERE actor_id = $1 AND private_der IS NULL")
        .bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Removes an actor of another server of which nothing here speaks.
pub(crate) async fn remove(tx: &mut Tx, actor: ActorId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM federation_actor WHERE id = $1 AND NOT local AND deleted_at IS NULL")
        .bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn by_uri_in(tx: &mut Tx, uri: &str) -> Result<Option<Actor>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("SELECT * FROM federation_actor WHERE uri = $1")
        .bind(uri).fetch_optional(c).await)?,
    )
}

pub(crate) async fn keys_of_in(tx: &mut Tx, actor: ActorId) -> Result<Vec<KeyRow>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT uri, actor_id, kind, public_der, private_der, fetched_at FROM federation_key
         WHERE actor_id = $1 ORDER BY uri")
        .bind(actor).fetch_all(c).await)?)
}

pub(crate) async fn is_buried_in(tx: &mut Tx, uri: &str, by: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = on_tx!(tx, c => sqlx::query_scalar(
        "SELECT deleted_at FROM federation_tombstone WHERE uri = $1 AND by_actor IN ('', $2) LIMIT 1")
        .bind(uri).bind(by).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Where a remote actor went.
pub(crate) async fn set_moved(tx: &mut Tx, actor: ActorId, target: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE federation_actor SET moved_to = $2 WHERE id = $1")
        .bind(actor).bind(target).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Remote actors that receive at this inbox, those we have known longest first.
pub(crate) async fn behind_inbox(db: &Db, inbox: &str, limit: i64) -> Result<Vec<Actor>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM federation_actor WHERE (inbox = $1 OR shared_inbox = $1) AND NOT local
           AND deleted_at IS NULL AND EXISTS (SELECT 1 FROM federation_follow f WHERE f.follower_id = federation_actor.id)
         ORDER BY id LIMIT $2")
        .bind(inbox).bind(limit).fetch_all(c).await)?)
}
