//! Somebody elsewhere follows one of ours, or no longer.

use platform::StoreError;
use serde_json::Value;

use crate::follows::Follow;
use crate::objects::Admission;
use crate::store::{actors, follows as store, relays};
use crate::{Actor, Ctx, Envelope, Verdict, address, envelope, follows, instance_uri};

/// `Follow` of an actor of ours.
pub(super) async fn asked(ctx: Ctx, envelope: Envelope) -> Verdict {
    match try_asked(&ctx, &envelope).await {
        Ok(verdict) => verdict,
        Err(error) => error.into(),
    }
}

async fn try_asked(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, StoreError> {
    let target = envelope.object_id().unwrap_or_default();
    let Some(followee) = actors::by_uri(&ctx.db, target)
        .await?
        .filter(|actor| actor.local && (actor.is_visible() || actor.is_veiled()))
    else {
        return Ok(Verdict::Ignore("there is no such actor here"));
    };
    let follower = &envelope.actor;
    let admission = ctx.objects().admission(ctx, follower, &followee).await?;
    if admission == Admission::Unknown {
        return Ok(Verdict::Ignore("there is no such actor here"));
    }
    if admission == Admission::Refuse {
        let mut tx = ctx.db.begin().await?;
        let follow = follow_of(envelope, follower, &followee, false);
        follows::answer(ctx, &mut tx, "Reject", &followee, follower, &follow).await?;
        tx.commit().await?;
        return Ok(Verdict::Done);
    }
    if target == instance_uri(ctx) && !is_our_relay(ctx, follower).await? {
        let mut tx = ctx.db.begin().await?;
        let follow = follow_of(envelope, follower, &followee, false);
        follows::answer(ctx, &mut tx, "Reject", &followee, follower, &follow).await?;
        tx.commit().await?;
        return Ok(Verdict::Done);
    }
    let mut tx = ctx.db.begin().await?;
    let known = store::between_in(&mut tx, follower.id, followee.id).await?;
    let accepted = admission == Admission::Let || known.as_ref().is_some_and(|follow| follow.accepted);
    let follow = follow_of(envelope, follower, &followee, accepted);
    store::upsert(&mut tx, ctx.new_id(), &follow, ctx.clock.now()).await?;
    if accepted {
        // Asked again, the answer may have been lost: it is given again.
        follows::answer(ctx, &mut tx, "Accept", &followee, follower, &follow).await?;
    }
    tx.commit().await?;
    if known.is_none() {
        ctx.objects()
            .tell_follow(ctx, follower, &followee, accepted)
            .await?;
    }
    Ok(Verdict::Done)
}

/// With the id as its sender wrote it: it is echoed.
fn follow_of(envelope: &Envelope, follower: &Actor, followee: &Actor, accepted: bool) -> Follow {
    let uri = envelope
        .whole
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or(&envelope.id);
    Follow {
        follower_id: follower.id,
        followee_id: followee.id,
        uri: uri.to_owned(),
        accepted,
    }
}

/// Relays that we asked to be let in follow our server's own actor back.
async fn is_our_relay(ctx: &Ctx, actor: &Actor) -> Result<bool, StoreError> {
    let inboxes = relays::inboxes(&ctx.db).await?;
    Ok(inboxes
        .iter()
        .any(|inbox| address::same_origin(inbox, &actor.uri)))
}

/// Whether an `Undo` names by its id a follow we have.
pub(super) async fn is_follow_by_id(ctx: Ctx, envelope: Envelope) -> bool {
    let Some(id) = envelope.object_id() else {
        return false;
    };
    let found = store::by_uri(&ctx.db, id).await;
    matches!(found, Ok(Some(follow)) if follow.follower_id == envelope.actor.id)
}

/// `Undo` of a `Follow`: by its id, or by who followed whom.
pub(super) async fn undone(ctx: Ctx, envelope: Envelope) -> Verdict {
    match try_undone(&ctx, &envelope).await {
        Ok(verdict) => verdict,
        Err(error) => error.into(),
    }
}

async fn try_undone(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, StoreError> {
    let follower = &envelope.actor;
    let document = envelope.object_document();
    if let Some(document) = document
        && document
            .get("actor")
            .and_then(envelope::id_of)
            .is_some_and(|actor| actor != follower.uri)
    {
        return Ok(Verdict::Reject("somebody else's follow"));
    }
    let by_id = match envelope.object_id() {
        Some(id) => store::by_uri(&ctx.db, id)
            .await?
            .filter(|follow| follow.follower_id == follower.id)
            .map(|follow| follow.followee_id),
        None => None,
    };
    let followee = match by_id {
        Some(followee) => Some(followee),
        None => {
            let target = document
                .and_then(|document| document.get("object"))
                .and_then(envelope::id_of);
            match target {
                Some(uri) => actors::by_uri(&ctx.db, uri)
                    .await?
                    .filter(|actor| actor.local)
                    .map(|actor| actor.id),
                None => None,
            }
        }
    };
    let Some(followee) = followee else {
        return Ok(Verdict::Ignore("nobody here was followed"));
    };
    let mut tx = ctx.db.begin().await?;
    let removed = store::remove(&mut tx, follower.id, followee).await?;
    tx.commit().await?;
    Ok(if removed {
        Verdict::Done
    } else {
        Verdict::Ignore("it did not follow")
    })
}

/// `Block` of an actor of ours: neither follows the other any more.
pub(super) async fn blocked(ctx: Ctx, envelope: Envelope) -> Verdict {
    let result = async {
        let target = envelope.object_id().unwrap_or_default();
        let Some(target) = actors::by_uri(&ctx.db, target)
            .await?
            .filter(|actor| actor.local && actor.is_visible())
        else {
            return Ok(Verdict::Ignore("there is no such actor here"));
        };
        let mut tx = ctx.db.begin().await?;
        store::remove(&mut tx, envelope.actor.id, target.id).await?;
        store::remove(&mut tx, target.id, envelope.actor.id).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(Verdict::Done)
    };
    result.await.unwrap_or_else(Verdict::from)
}
