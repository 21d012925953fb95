//! Telling, reading, forgetting.

use federation::{ActorId, Ctx};
use platform::store::{Page, Paging};
use platform::{StoreError, Tx};

use crate::model::{Kind, Notice, NoticeId, Told};
use crate::store;

/// Tells one local actor, in the transaction of the deed. Nobody is told of what he did himself.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn notify(ctx: &Ctx, tx: &mut Tx, to: ActorId, notice: &Notice) -> Result<(), StoreError> {
    if notice.from == Some(to) {
        return Ok(());
    }
    store::insert(tx, NoticeId::new(ctx), to, notice, ctx.clock.now()).await
}

/// Tells several local actors; nobody of what he did himself.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn notify_each(ctx: &Ctx, tx: &mut Tx, to: &[ActorId], notice: &Notice) -> Result<(), StoreError> {
    let rows: Vec<(NoticeId, ActorId)> = to
        .iter()
        .filter(|actor| notice.from != Some(**actor))
        .map(|actor| (NoticeId::new(ctx), *actor))
        .collect();
    store::insert_many(tx, &rows, notice, ctx.clock.now()).await
}

/// Tells everybody of this server who follows an actor.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn notify_followers(
    ctx: &Ctx,
    tx: &mut Tx,
    of: ActorId,
    notice: &Notice,
) -> Result<(), StoreError> {
    let followers = federation::follows::local_followers_in(tx, of).await?;
    notify_each(ctx, tx, &followers, notice).await
}

/// Forgets what was told about a thing that is gone.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn retract(tx: &mut Tx, target_kind: &str, target_id: i64) -> Result<(), StoreError> {
    store::retract(tx, target_kind, target_id).await
}

/// How many notices an actor has not read.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn unread(ctx: &Ctx, actor: ActorId) -> Result<i64, StoreError> {
    store::count_unread(&ctx.db, actor).await
}

/// The notices of an actor, newest first.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn of_actor(ctx: &Ctx, actor: ActorId, paging: &Paging) -> Result<Page<Told>, StoreError> {
    store::of_actor(&ctx.db, actor, paging).await
}

/// One notice of an actor.
///
/// # Errors
/// [`StoreError::NotFound`] when it has none with this id.
pub async fn one(ctx: &Ctx, actor: ActorId, id: NoticeId) -> Result<Told, StoreError> {
    store::by_id(&ctx.db, actor, id)
        .await?
        .ok_or(StoreError::NotFound("notice"))
}

/// Marks everything up to this one as read.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn mark_read(ctx: &Ctx, actor: ActorId, up_to: NoticeId) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    store::mark_read(&mut tx, actor, up_to, ctx.clock.now()).await?;
    tx.commit().await
}

/// Removes one notice, or all when `id` is `None`.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn dismiss(ctx: &Ctx, actor: ActorId, id: Option<NoticeId>) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    store::remove(&mut tx, actor, id).await?;
    tx.commit().await
}

/// The notices of an actor of some kinds only, newest first.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn of_kinds(
    ctx: &Ctx,
    actor: ActorId,
    kinds: &[Kind],
    paging: &Paging,
) -> Result<Page<Told>, StoreError> {
    store::of_kinds(&ctx.db, actor, kinds, paging).await
}

/// How many notices of some kinds an actor has not read.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn unread_of(ctx: &Ctx, actor: ActorId, kinds: &[Kind]) -> Result<i64, StoreError> {
    store::count_unread_of(&ctx.db, actor, kinds).await
}

/// Removes all notices of some kinds.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn dismiss_all_of(ctx: &Ctx, actor: ActorId, kinds: &[Kind]) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    store::remove_of(&mut tx, actor, kinds).await?;
    tx.commit().await
}
