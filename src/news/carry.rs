//! Carrying a commune of another instance: its mayor's posts stand on the commune's page here, with their origin.

use commune::InseeCode;
use federation::fetch::FetchError;
use federation::{Actor, Ctx, actors, follows};
use platform::StoreError;

use crate::store;

/// Why a commune cannot be carried.
#[derive(Debug, thiserror::Error)]
pub enum CarryError {
    /// There is no such commune.
    #[error("there is no commune with this INSEE code")]
    NoCommune,
    /// Its town hall is on this server: nobody else speaks on its page.
    #[error("the town hall of this commune is on this server")]
    Claimed,
    /// Nobody answers to this handle.
    #[error("nobody answers to this handle")]
    NoActor,
    /// The other server could not be asked.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Shows the posts of `handle` (`maire-eze@parvis.example.org`) on the page of a commune, from now on; the
/// server follows that actor.
///
/// # Errors
/// [`CarryError`], and then nothing is changed.
pub async fn add(ctx: &Ctx, code: InseeCode, handle: &str) -> Result<Actor, CarryError> {
    let commune = commune::actions::by_code(ctx, code)
        .await?
        .ok_or(CarryError::NoCommune)?;
    if commune.is_claimed() {
        return Err(CarryError::Claimed);
    }
    let handle = handle.trim().trim_start_matches('@');
    let found = actors::lookup(ctx, handle).await?;
    let actor = found.filter(|actor| !actor.local).ok_or(CarryError::NoActor)?;
    let instance = actors::ensure_instance(ctx).await?;
    let mut tx = ctx.db.begin().await?;
    store::carry(&mut tx, code.as_str(), actor.id, ctx.clock.now()).await?;
    follows::follow(ctx, &mut tx, &instance, &actor).await?;
    tx.commit().await?;
    Ok(actor)
}

/// No longer.
///
/// # Errors
/// [`CarryError`].
pub async fn remove(ctx: &Ctx, code: InseeCode, handle: &str) -> Result<(), CarryError> {
    let handle = handle.trim().trim_start_matches('@');
    let (user, host) = handle.split_once('@').ok_or(CarryError::NoActor)?;
    let actor = actors::by_handle(ctx, user, Some(host))
        .await?
        .ok_or(CarryError::NoActor)?;
    let instance = actors::ensure_instance(ctx).await?;
    let mut tx = ctx.db.begin().await?;
    store::drop_carried(&mut tx, code.as_str(), actor.id).await?;
    follows::unfollow(ctx, &mut tx, &instance, &actor).await?;
    tx.commit().await?;
    Ok(())
}

/// Whose posts are carried on a commune's page.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn list(ctx: &Ctx, code: InseeCode) -> Result<Vec<Actor>, StoreError> {
    let ids = store::carried_actors(&ctx.db, code.as_str()).await?;
    actors::by_ids(ctx, &ids).await
}
