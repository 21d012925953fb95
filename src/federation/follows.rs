//! Who follows whom, here and elsewhere.

use platform::store::{Page, Paging};
use platform::{StoreError, Tx};
use serde_json::json;

use crate::objects::Admission;
use crate::store::follows as store;
use crate::{Actor, ActorId, Audience, Ctx, outbox};

/// One following another.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Follow {
    /// Who follows.
    pub follower_id: ActorId,
    /// Who is followed.
    pub followee_id: ActorId,
    /// The id of the Follow activity.
    pub uri: String,
    /// Whether the followed one agreed.
    pub accepted: bool,
}

/// What came of asking to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Follows now.
    Following,
    /// Waits for an answer.
    Requested,
}

/// A local actor follows another. Following one's own server's actor takes effect at once; for a remote one
/// the Follow is sent and nothing is believed before its server accepts. Asking again changes nothing.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn follow(ctx: &Ctx, tx: &mut Tx, follower: &Actor, followee: &Actor) -> Result<Asked, StoreError> {
    let now = ctx.clock.now();
    if let Some(known) = store::between_in(tx, follower.id, followee.id).await? {
        return Ok(if known.accepted {
            Asked::Following
        } else {
            Asked::Requested
        });
    }
    let id = ctx.new_id();
    let accepted = if followee.local {
        match ctx.objects().admission(ctx, follower, followee).await? {
            Admission::Let => true,
            Admission::Wait => false,
            // As one who asks and never hears an answer.
            Admission::Refuse | Admission::Unknown => return Ok(Asked::Requested),
        }
    } else {
        false
    };
    let uri = outbox::activity_uri(ctx, id);
    let follow = Follow {
        follower_id: follower.id,
        followee_id: followee.id,
        uri: uri.clone(),
        accepted,
    };
    store::upsert(tx, ctx.new_id(), &follow, now).await?;
    if !followee.local {
        let activity = json!({ "type": "Follow", "object": followee.uri });
        outbox::say_as(ctx, tx, follower, id, activity, &Audience::only(&[followee])).await?;
    }
    Ok(if accepted {
        Asked::Following
    } else {
        Asked::Requested
    })
}

/// An actor of ours lets one of our people follow it, whatever its gate would say: the caller has looked.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn let_in(
    ctx: &Ctx,
    tx: &mut Tx,
    followee: &Actor,
    follower: &Actor,
    accepted: bool,
) -> Result<(), StoreError> {
    let id = ctx.new_id();
    let follow = Follow {
        follower_id: follower.id,
        followee_id: followee.id,
        uri: outbox::activity_uri(ctx, id),
        accepted,
    };
    store::upsert(tx, id, &follow, ctx.clock.now()).await
}

/// A local actor stops following.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn unfollow(ctx: &Ctx, tx: &mut Tx, follower: &Actor, followee: &Actor) -> Result<(), StoreError> {
    let Some(known) = store::between_in(tx, follower.id, followee.id).await? else {
        return Ok(());
    };
    store::remove(tx, follower.id, followee.id).await?;
    if !followee.local {
        let undone =
            json!({ "id": known.uri, "type": "Follow", "actor": follower.uri, "object": followee.uri });
        let activity = json!({ "type": "Undo", "object": undone });
        outbox::say(ctx, tx, follower, activity, &Audience::only(&[followee])).await?;
    }
    Ok(())
}

/// The follow between two, if there is one.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn between(ctx: &Ctx, follower: ActorId, followee: ActorId) -> Result<Option<Follow>, StoreError> {
    store::between(&ctx.db, follower, followee).await
}

/// How many follow it.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn count_followers(ctx: &Ctx, of: ActorId) -> Result<i64, StoreError> {
    store::count_followers(&ctx.db, of).await
}

/// How many it follows of those whom anybody may know of.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn count_following(ctx: &Ctx, of: ActorId) -> Result<i64, StoreError> {
    store::count_following(&ctx.db, of).await
}

/// Who follows it, newest first: row id (for paging) and actor. Dark citizens only for those who may know.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn followers(
    ctx: &Ctx,
    of: ActorId,
    dark_too: bool,
    paging: &Paging,
) -> Result<Page<(i64, ActorId)>, StoreError> {
    store::page(&ctx.db, of, true, dark_too, paging).await
}

/// Whom it follows, newest first.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn following(
    ctx: &Ctx,
    of: ActorId,
    dark_too: bool,
    paging: &Paging,
) -> Result<Page<(i64, ActorId)>, StoreError> {
    store::page(&ctx.db, of, false, dark_too, paging).await
}

/// Our own people who follow an actor, dark or not; for telling them, never for showing.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn local_followers_in(tx: &mut Tx, of: ActorId) -> Result<Vec<ActorId>, StoreError> {
    store::local_followers_in(tx, of).await
}

/// Who waits for an answer of a locked actor, oldest first.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn requests(ctx: &Ctx, of: ActorId) -> Result<Vec<ActorId>, StoreError> {
    store::requests(&ctx.db, of).await
}

/// A locked actor of ours lets somebody follow it; `false` when nobody asked.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn accept_request(
    ctx: &Ctx,
    tx: &mut Tx,
    followee: &Actor,
    follower: &Actor,
) -> Result<bool, StoreError> {
    let Some(follow) = store::between_in(tx, follower.id, followee.id).await? else {
        return Ok(false);
    };
    if store::accept(tx, follower.id, followee.id).await? {
        answer(ctx, tx, "Accept", followee, follower, &follow).await?;
    }
    Ok(true)
}

/// An actor of ours refuses a follow, or ends one it had accepted; `false` when there was none.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn reject(ctx: &Ctx, tx: &mut Tx, followee: &Actor, follower: &Actor) -> Result<bool, StoreError> {
    let Some(follow) = store::between_in(tx, follower.id, followee.id).await? else {
        return Ok(false);
    };
    store::remove(tx, follower.id, followee.id).await?;
    answer(ctx, tx, "Reject", followee, follower, &follow).await?;
    Ok(true)
}

/// Ends a follow of an actor of ours without a word; `false` when there was none.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn end(tx: &mut Tx, followee: ActorId, follower: ActorId) -> Result<bool, StoreError> {
    store::remove(tx, follower, followee).await
}

/// The follow between two, inside a transaction.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn between_in(
    tx: &mut Tx,
    follower: ActorId,
    followee: ActorId,
) -> Result<Option<Follow>, StoreError> {
    store::between_in(tx, follower, followee).await
}

/// Whether somebody of a server follows an actor of ours.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn is_followed_from(ctx: &Ctx, of: ActorId, origin: &str) -> Result<bool, StoreError> {
    Ok(!store::followers_of_origin(&ctx.db, of, origin).await?.is_empty())
}

/// Sends an answer to a Follow, which is echoed as it was sent.
pub(crate) async fn answer(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: &str,
    followee: &Actor,
    follower: &Actor,
    follow: &Follow,
) -> Result<(), StoreError> {
    if follower.local {
        return Ok(());
    }
    let asked = json!({ "id": follow.uri, "type": "Follow", "actor": follower.uri, "object": followee.uri });
    let activity = json!({ "type": kind, "object": asked });
    outbox::say(ctx, tx, followee, activity, &Audience::only(&[follower])).await?;
    Ok(())
}
