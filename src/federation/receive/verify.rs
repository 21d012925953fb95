//! Who signed a request: the key in the cache, in the database or at its origin, and the signature.

use std::sync::Arc;
use std::time::Duration;

use platform::StoreError;
use platform::limits::Brake;
use serde_json::Value;
use url::Url;

use crate::fetch::gauge::Turn;
use crate::fetch::{FetchError, keys};
use crate::memory::KnownKey;
use crate::policy::Standing;
use crate::signatures::{Candidate, Incoming, Refusal, Verified, Verifier};
use crate::store::actors as store;
use crate::{Ctx, address, policy, remote};

/// Keys looked up for requests of one address.
const BY_ADDRESS: Brake = Brake::new("keys looked up for an address", 600, 600);
/// How long a key is believed that is in no database.
const KEY_KEPT: Duration = Duration::from_secs(3600);
/// How long a key is believed without asking the database, by which processes tell one another that one changed.
const ASKED_AGAIN: Duration = Duration::from_secs(60);
/// How long nothing is looked for under a key id that led nowhere.
const NO_KEY: Duration = Duration::from_secs(60);
/// How often a key may be read again because a signature does not match.
const REFRESH: Duration = Duration::from_secs(300);

/// When to come back if too many wait for keys.
const CROWDED: Duration = Duration::from_secs(5);

/// Somebody whose signature is right.
pub(crate) struct Signed {
    /// The address of the actor, in canonical form.
    pub(crate) owner: String,
    pub(crate) verified: Verified,
    /// What looking up the key cost; given back by [`Signed::believed`].
    turn: Option<Turn>,
}

impl Signed {
    /// The whole request is in order: looking up its key was worth it.
    pub(crate) fn believed(&mut self) {
        if let Some(turn) = self.turn.take() {
            turn.believed();
        }
    }
}

/// Why a request is turned away.
#[derive(Debug)]
pub(crate) enum Turned {
    /// 400 or 401.
    Refused(Refusal),
    /// 403.
    Blocked,
    /// 401: there is no such key or actor any more.
    Gone,
    /// 429.
    Later(Duration),
    /// 503.
    Store(StoreError),
}

impl From<Refusal> for Turned {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Turned {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Reads the signature; nothing is asked of anybody.
pub(crate) fn examine(ctx: &Ctx, request: &Incoming<'_>) -> Result<Candidate, Refusal> {
    Url::parse(ctx.urls.base())
        .ok()
        .and_then(|base| Verifier::new(&base))
        .ok_or(Refusal::WrongHost)?
        .examine(request, ctx.clock.now())
}

/// The server of a key id, if the key can be asked for at all.
pub(crate) fn key_origin(ctx: &Ctx, key_id: &str) -> Result<Url, Refusal> {
    address::link(key_id)
        .filter(|url| !ctx.urls.is_ours(url.as_str()))
        .ok_or(Refusal::KeyNotFound)
}

/// Finds the key and checks the signature with it. `address` is where the request came from.
pub(crate) async fn signer(ctx: &Ctx, candidate: &Candidate, address: &str) -> Result<Signed, Turned> {
    let key_id = candidate.key_id();
    let url = key_origin(ctx, key_id)?;
    if policy::standing_of(ctx, &url).await? == Standing::Blocked {
        return Err(Turned::Blocked);
    }
    match with_known(ctx, candidate).await? {
        Known::Right(signed) => return Ok(signed),
        Known::Wrong(refusal) if !may_refresh(ctx, key_id) => return Err(refusal.into()),
        Known::Wrong(_) | Known::None => {}
    }
    let Ok(_place) = ctx.memory().waiting.try_acquire() else {
        return Err(Turned::Later(CROWDED));
    };
    let _flight = ctx.memory().flights.turn(&format!("key {key_id}")).await;
    // Somebody else may have brought it in the meantime.
    let wrong = match with_known(ctx, candidate).await? {
        Known::Right(signed) => return Ok(signed),
        Known::Wrong(refusal) if !may_refresh(ctx, key_id) => return Err(refusal.into()),
        Known::Wrong(_) => true,
        Known::None => false,
    };
    let now = ctx.clock.now();
    if !wrong && ctx.memory().no_keys.get(key_id).is_some_and(|until| until > now) {
        return Err(Refusal::KeyNotFound.into());
    }
    look_up(ctx, candidate, &url, address, wrong).await
}

enum Known {
    Right(Signed),
    Wrong(Refusal),
    None,
}

async fn with_known(ctx: &Ctx, candidate: &Candidate) -> Result<Known, Turned> {
    let Some(known) = known(ctx, candidate.key_id()).await? else {
        return Ok(Known::None);
    };
    match candidate.verify(&known.key) {
        Ok(verified) => Ok(Known::Right(Signed {
            owner: known.owner,
            verified,
            turn: None,
        })),
        Err(refusal) if refusal.may_be_old_key() => Ok(Known::Wrong(refusal)),
        Err(refusal) => Err(refusal.into()),
    }
}

/// The key in memory or in the database.
async fn known(ctx: &Ctx, key_id: &str) -> Result<Option<KnownKey>, StoreError> {
    let now = ctx.clock.now();
    let keys = &ctx.memory().keys;
    let kept = keys.get(key_id).filter(|known| known.until > now);
    if let Some(known) = kept
        .as_ref()
        .filter(|known| now.since(known.asked_at) < ASKED_AGAIN)
    {
        return Ok(Some(known.clone()));
    }
    let stored = match store::remote_key(&ctx.db, key_id).await? {
        Some((owner, der)) => crate::keys::PublicKey::from_der(&der)
            .ok()
            .map(|key| (owner, key)),
        None => None,
    };
    let known = match (stored, kept) {
        (Some((owner, key)), _) => KnownKey {
            owner,
            key,
            until: now.plus(KEY_KEPT),
            asked_at: now,
            is_stored: true,
        },
        // Of somebody who is not in the database yet.
        (None, Some(known)) if !known.is_stored => KnownKey {
            asked_at: now,
            ..known
        },
        (None, _) => {
            keys.remove(key_id);
            return Ok(None);
        }
    };
    keys.insert(key_id.to_owned(), known.clone());
    Ok(Some(known))
}

fn may_refresh(ctx: &Ctx, key_id: &str) -> bool {
    let now = ctx.clock.now();
    ctx.memory()
        .key_refreshes
        .get(key_id)
        .is_none_or(|at| now.since(at) >= REFRESH)
}

async fn look_up(
    ctx: &Ctx,
    candidate: &Candidate,
    url: &Url,
    address: &str,
    refresh: bool,
) -> Result<Signed, Turned> {
    let key_id = candidate.key_id();
    let memory = ctx.memory();
    let origin = url.origin().ascii_serialization();
    let turn = memory
        .gauges
        .turn(&origin, &ctx.clock)
        .await
        .map_err(Turned::Later)?;
    turn.check().map_err(Turned::Later)?;
    ctx.limits.check(BY_ADDRESS, address).map_err(Turned::Later)?;
    let now = ctx.clock.now();
    if refresh {
        memory.key_refreshes.insert(key_id.to_owned(), now);
    }
    let search = match keys::search(ctx, key_id, &turn).await {
        Ok(search) => search,
        Err(FetchError::Later(wait)) => return Err(Turned::Later(wait)),
        Err(FetchError::Blocked) => return Err(Turned::Blocked),
        Err(FetchError::Store(error)) => return Err(StoreError::Unavailable(error).into()),
        Err(error) => {
            tracing::debug!(%error, key_id, "a key cannot be found");
            memory
                .no_keys
                .insert(key_id.to_owned(), ctx.clock.now().plus(NO_KEY));
            return Err(match error {
                FetchError::Gone => Turned::Gone,
                _ => Refusal::KeyNotFound.into(),
            });
        }
    };
    let owner = address::canonical(&search.found.owner).ok_or(Refusal::KeyNotFound)?;
    let known = KnownKey {
        owner: owner.clone(),
        key: search.found.key,
        until: now.plus(KEY_KEPT),
        asked_at: now,
        is_stored: false,
    };
    let verified = candidate.verify(&known.key);
    memory.keys.insert(key_id.to_owned(), known);
    if refresh {
        keep(ctx, &owner, &search.last).await?;
    }
    Ok(Signed {
        owner,
        verified: verified?,
        turn: Some(turn),
    })
}

/// A changed key of somebody we know replaces the old one in the database too.
async fn keep(ctx: &Ctx, owner: &str, document: &Arc<Value>) -> Result<(), StoreError> {
    let Some(actor) = store::by_uri(&ctx.db, owner).await? else {
        return Ok(());
    };
    let is_its_own = document
        .get("id")
        .and_then(Value::as_str)
        .is_some_and(|id| address::same(id, owner));
    if is_its_own && !actor.local {
        remote::keep_keys(ctx, &actor, document).await?;
    }
    Ok(())
}
