//! What actors of other servers say of themselves: changed, moved, gone.

use std::time::Duration;

use platform::StoreError;

use crate::fetch::FetchError;
use crate::store::{actors as store, follows as follow_store, received};
use crate::{Actor, Ctx, Envelope, Verdict, actors, follows};

/// How long an actor that moved must stay where it is.
const COOLDOWN: Duration = Duration::from_secs(7 * 24 * 3600);

/// `Update` of an actor: what it is now is read from its server.
pub(super) async fn changed(ctx: Ctx, envelope: Envelope) -> Verdict {
    if envelope.object_id() != Some(envelope.actor.uri.as_str()) {
        return Verdict::Reject("the profile of somebody else");
    }
    match actors::refresh(&ctx, &envelope.actor.uri).await {
        Ok(_) => Verdict::Done,
        Err(error) => error.into(),
    }
}

/// `Delete` of an actor by itself.
pub(super) async fn gone(ctx: Ctx, envelope: Envelope) -> Verdict {
    match end(&ctx, envelope.actor).await {
        Ok(()) => Verdict::Done,
        Err(error) => error.into(),
    }
}

/// Ends an actor of another server here: what it said, whom it followed, its keys. Its address stays known
/// as gone.
///
/// # Errors
/// [`StoreError`] from the driver or from a room.
pub(crate) async fn end(ctx: &Ctx, mut actor: Actor) -> Result<(), StoreError> {
    // The rooms first: should they fail, all of it is tried again.
    ctx.objects().tell_gone(ctx, &actor).await?;
    let now = ctx.clock.now();
    let keys = store::keys_of(&ctx.db, actor.id).await?;
    actor.name = String::new();
    actor.summary = String::new();
    actor.icon_url = None;
    actor.image_url = None;
    actor.fields_json = "[]".to_owned();
    actor.aliases_json = "[]".to_owned();
    actor.deleted_at = Some(now);
    let mut tx = ctx.db.begin().await?;
    follow_store::remove_all_of(&mut tx, actor.id).await?;
    store::forget_keys(&mut tx, actor.id).await?;
    store::upsert(&mut tx, &actor).await?;
    store::bury(&mut tx, &actor.uri, "", Some(actor.kind.code()), now).await?;
    tx.commit().await?;
    for key in keys {
        ctx.memory().keys.remove(&key.uri);
    }
    Ok(())
}

/// `Move` of an actor: our people who followed it follow it to where it went, if it says so there too.
pub(super) async fn moved(ctx: Ctx, envelope: Envelope) -> Verdict {
    match try_moved(&ctx, &envelope).await {
        Ok(verdict) => verdict,
        Err(error) => error.into(),
    }
}

async fn try_moved(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, FetchError> {
    let old = &envelope.actor;
    if envelope.object_id() != Some(old.uri.as_str()) {
        return Ok(Verdict::Reject("somebody else is moved"));
    }
    let target = envelope.whole.get("target").and_then(crate::id_of);
    let Some(target) = target.and_then(crate::address::canonical) else {
        return Ok(Verdict::Reject("moved nowhere"));
    };
    if target == old.uri {
        return Ok(Verdict::Reject("moved nowhere"));
    }
    let since = ctx.clock.now().minus(COOLDOWN);
    if received::has_moved_since(&ctx.db, &old.uri, &envelope.id, since).await? {
        return Ok(Verdict::Ignore("it moved a short while ago"));
    }
    let new = if ctx.urls.is_ours(&target) {
        actors::by_uri(ctx, &target)
            .await?
            .filter(|actor| actor.local && actor.is_visible())
            .ok_or(FetchError::Gone)?
    } else {
        // Its other names must be read now: an old copy would let a stolen name in.
        actors::refresh(ctx, &target).await?
    };
    let aliases: Vec<String> = serde_json::from_str(&new.aliases_json).unwrap_or_default();
    if !aliases.iter().any(|alias| crate::address::same(alias, &old.uri)) {
        return Ok(Verdict::Reject("the new actor does not know the old one"));
    }
    let mut tx = ctx.db.begin().await?;
    store::set_moved(&mut tx, old.id, &new.uri).await?;
    tx.commit().await?;
    for follower in follow_store::local_followers(&ctx.db, old.id).await? {
        // Each for itself: one transaction for all could hold the writer for long.
        let mut tx = ctx.db.begin().await?;
        if let Some(follower) = store::by_id_in(&mut tx, follower).await?
            && follower.id != new.id
        {
            follows::follow(ctx, &mut tx, &follower, &new).await?;
            follows::unfollow(ctx, &mut tx, &follower, old).await?;
        }
        tx.commit().await?;
    }
    Ok(Verdict::Done)
}
