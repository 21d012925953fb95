//! Whose events of other servers a commune shows "around here".

use commune::InseeCode;
use federation::fetch::FetchError;
use federation::{Actor, Ctx, actors, follows};
use platform::StoreError;

use crate::store::sources;

/// Why somebody's events cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum AroundError {
    /// Nobody of another server answers to this handle.
    #[error("nobody of another server answers to this handle")]
    NoActor,
    /// There are enough.
    #[error("there are {MOST} already")]
    TooMany,
    /// The other server could not be asked.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whose events one commune may show at most.
pub const MOST: usize = 50;

/// Shows the events of `handle` (`agenda@mobilizon.example.org`) around a commune from now on; this server follows
/// that actor.
///
/// # Errors
/// [`AroundError`], and then nothing is changed.
pub async fn add(ctx: &Ctx, code: InseeCode, handle: &str) -> Result<Actor, AroundError> {
    let handle = handle.trim().trim_start_matches('@');
    if !handle.contains('@') || handle.len() > 300 {
        return Err(AroundError::NoActor);
    }
    if sources::of_commune(&ctx.db, code.as_str()).await?.len() >= MOST {
        return Err(AroundError::TooMany);
    }
    let found = actors::lookup(ctx, handle).await?;
    let actor = found.filter(|actor| !actor.local).ok_or(AroundError::NoActor)?;
    let instance = actors::ensure_instance(ctx).await?;
    let mut tx = ctx.db.begin().await?;
    sources::insert(&mut tx, code.as_str(), actor.id, ctx.clock.now()).await?;
    follows::follow(ctx, &mut tx, &instance, &actor).await?;
    tx.commit().await?;
    Ok(actor)
}

/// No longer. The server goes on following an actor that others here show or carry.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn remove(ctx: &Ctx, code: InseeCode, actor: federation::ActorId) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    sources::remove(&mut tx, code.as_str(), actor).await?;
    tx.commit().await
}

/// The same, by handle.
///
/// # Errors
/// [`AroundError::NoActor`] when nobody here is known by it.
pub async fn remove_by_handle(ctx: &Ctx, code: InseeCode, handle: &str) -> Result<(), AroundError> {
    let handle = handle.trim().trim_start_matches('@');
    let (user, host) = handle.split_once('@').ok_or(AroundError::NoActor)?;
    let actor = actors::by_handle(ctx, user, Some(host))
        .await?
        .ok_or(AroundError::NoActor)?;
    Ok(remove(ctx, code, actor.id).await?)
}

/// Whose events are shown around a commune.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn list(ctx: &Ctx, code: InseeCode) -> Result<Vec<Actor>, StoreError> {
    let ids = sources::of_commune(&ctx.db, code.as_str()).await?;
    let mut found = actors::by_ids(ctx, &ids).await?;
    found.sort_by_key(|actor| ids.iter().position(|id| *id == actor.id));
    Ok(found)
}
