//! Telling, reading, forgetting.

use account::Right;
use account::actions::roles;
use federation::{ActorId, Ctx};
use platform::store::{Page, Paging};
use platform::{StoreError, Tx};

use crate::model::{Kind, MailPace, Notice, NoticeId, Told};
use crate::{store, tasks};

/// Tells one local actor, in the transaction of the deed. Nobody is told of what he did himself. What is told
/// to the mayor's office is told to those who may publish for it, too.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn notify(ctx: &Ctx, tx: &mut Tx, to: ActorId, notice: &Notice) -> Result<(), StoreError> {
    notify_by(ctx, tx, to, None, notice).await
}

/// [`notify`], where those who speak for an office do so by another right than that to publish news.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn notify_by(
    ctx: &Ctx,
    tx: &mut Tx,
    to: ActorId,
    right: Option<Right>,
    notice: &Notice,
) -> Result<(), StoreError> {
    let people = people_behind(tx, to, right.unwrap_or(Right::News)).await?;
    if people.is_empty() {
        return tell(ctx, tx, &[to], notice).await;
    }
    // An office reads through its programs, and gets no mail of its own.
    if notice.from != Some(to) {
        store::insert(
            tx,
            NoticeId::new(ctx),
            to,
            notice,
            MailPace::Never,
            ctx.clock.now(),
        )
        .await?;
        tell(ctx, tx, &people, notice).await?;
    }
    Ok(())
}

/// Those who act for an office by this right; nobody for a person.
async fn people_behind(tx: &mut Tx, actor: ActorId, right: Right) -> Result<Vec<ActorId>, StoreError> {
    let Some(commune) = commune::actions::by_actor_in(tx, actor).await? else {
        return Ok(Vec::new());
    };
    let accounts = roles::who_may(tx, right, commune.code).await?;
    Ok(accounts.into_iter().map(|account| account.actor).collect())
}

async fn tell(ctx: &Ctx, tx: &mut Tx, to: &[ActorId], notice: &Notice) -> Result<(), StoreError> {
    let to: Vec<ActorId> = to
        .iter()
        .copied()
        .filter(|actor| notice.from != Some(*actor))
        .collect();
    let paces = store::paces(tx, &to, notice.kind).await?;
    let rows: Vec<(NoticeId, ActorId, MailPace)> = to
        .into_iter()
        .map(|actor| {
            let pace = paces.get(&actor).copied().unwrap_or(notice.kind.usual());
            (NoticeId::new(ctx), actor, pace)
        })
        .collect();
    let now = ctx.clock.now();
    store::insert_many(tx, &rows, notice, now).await?;
    if rows.iter().any(|(_, _, pace)| *pace == MailPace::Now) {
        tasks::mail_now(ctx, tx).await?;
    }
    Ok(())
}

/// Tells several local actors; nobody of what he did himself.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn notify_each(ctx: &Ctx, tx: &mut Tx, to: &[ActorId], notice: &Notice) -> Result<(), StoreError> {
    tell(ctx, tx, to, notice).await
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
    tell(ctx, tx, &followers, notice).await
}

/// Tells everybody who has an account in a commune (INSEE code).
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn notify_commune(
    ctx: &Ctx,
    tx: &mut Tx,
    commune: &str,
    notice: &Notice,
) -> Result<(), StoreError> {
    let residents = store::residents(tx, commune).await?;
    tell(ctx, tx, &residents, notice).await
}

/// How a person wants to be told of each kind by mail, in the order of the form.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn preferences(ctx: &Ctx, actor: ActorId) -> Result<Vec<(Kind, MailPace)>, StoreError> {
    let said = store::preferences(&ctx.db, actor).await?;
    Ok(Kind::ALL
        .into_iter()
        .map(|kind| {
            let said = said.iter().find(|(known, _)| *known == kind);
            (kind, said.map_or(kind.usual(), |(_, pace)| *pace))
        })
        .collect())
}

/// Changes how a person wants to be told by mail; what waits to be mailed follows the new wish.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn prefer(ctx: &Ctx, actor: ActorId, wishes: &[(Kind, MailPace)]) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    for (kind, pace) in wishes {
        store::prefer(&mut tx, actor, *kind, *pace).await?;
    }
    tx.commit().await
}

/// Ends the mails of one pace: the kinds that came with it are told on the site only.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn end_mails(ctx: &Ctx, actor: ActorId, pace: MailPace) -> Result<(), StoreError> {
    let wishes: Vec<(Kind, MailPace)> = preferences(ctx, actor)
        .await?
        .into_iter()
        .filter(|(_, wish)| *wish == pace)
        .map(|(kind, _)| (kind, MailPace::Never))
        .collect();
    prefer(ctx, actor, &wishes).await
}

/// Marks one notice as read, with those of the same kind about the same thing.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn mark_one(ctx: &Ctx, actor: ActorId, told: &Told) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    store::mark_one(&mut tx, actor, told, ctx.clock.now()).await?;
    tx.commit().await
}

/// Forgets what was told about a thing that is gone.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn retract(tx: &mut Tx, target_kind: &str, target_id: i64) -> Result<(), StoreError> {
    store::retract(tx, target_kind, target_id).await
}

/// Takes back what one actor was told: a notice of this kind about this thing.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn retract_of(tx: &mut Tx, actor: ActorId, notice: &Notice) -> Result<(), StoreError> {
    store::retract_of(tx, actor, notice.kind, (notice.target_kind, notice.target_id)).await
}

/// Forgets what was told about several things of one kind.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn retract_all(tx: &mut Tx, target_kind: &str, target_ids: &[i64]) -> Result<(), StoreError> {
    store::retract_all(tx, target_kind, target_ids).await
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
