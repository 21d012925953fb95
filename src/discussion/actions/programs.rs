//! What the client API asks besides.

use federation::{ActorId, Ctx};
use platform::StoreError;
use platform::store::{Page, Paging};

use super::Reacted;
use crate::model::Target;
use crate::store::programs as store;

/// A share by its id; whoever may know of it.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn share_by_id(ctx: &Ctx, id: i64) -> Result<Option<Reacted>, StoreError> {
    Ok(store::share_by_id(&ctx.db, id).await?.map(Into::into))
}

/// How an actor shared a thing, if it did.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn share_of(ctx: &Ctx, actor: ActorId, target: Target) -> Result<Option<Reacted>, StoreError> {
    Ok(store::share_of(&ctx.db, actor, target).await?.map(Into::into))
}

/// What those whom an actor follows shared, newest first. Nothing of dark citizens.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn shares_followed(
    ctx: &Ctx,
    follower: ActorId,
    paging: &Paging,
) -> Result<Page<Reacted>, StoreError> {
    let page = store::shares_followed(&ctx.db, follower, paging).await?;
    Ok(page.map(Into::into))
}

/// How many comments of an actor anybody may read.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn count_comments_of(ctx: &Ctx, actor: ActorId) -> Result<i64, StoreError> {
    store::count_comments(&ctx.db, actor).await
}
