//! What was answered to our own asking: `Accept` and `Reject` of a `Follow`, by the followed one alone.

use platform::StoreError;

use crate::follows::Follow;
use crate::store::{actors, follows as store, relays};
use crate::{Ctx, Envelope, Verdict, address, envelope};

/// Whether an answer names by its id a follow of ours or a relay's.
pub(super) async fn is_follow_by_id(ctx: Ctx, envelope: Envelope) -> bool {
    let Some(id) = envelope.object_id() else {
        return false;
    };
    let follow = matches!(store::by_uri(&ctx.db, id).await, Ok(Some(_)));
    follow || matches!(relays::inbox_of(&ctx.db, id).await, Ok(Some(_)))
}

/// `Accept` or `Reject`.
pub(super) async fn answered(ctx: Ctx, envelope: Envelope) -> Verdict {
    match try_answered(&ctx, &envelope).await {
        Ok(verdict) => verdict,
        Err(error) => error.into(),
    }
}

async fn try_answered(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, StoreError> {
    let agreed = envelope.kind == "Accept";
    if let Some(verdict) = by_relay(ctx, envelope, agreed).await? {
        return Ok(verdict);
    }
    let Some(follow) = follow_meant(ctx, envelope).await? else {
        return Ok(Verdict::Ignore("nobody here asked that"));
    };
    if follow.followee_id != envelope.actor.id {
        return Ok(Verdict::Reject("the answer of somebody who was not asked"));
    }
    let mut tx = ctx.db.begin().await?;
    if agreed {
        store::accept(&mut tx, follow.follower_id, follow.followee_id).await?;
    } else {
        store::remove(&mut tx, follow.follower_id, follow.followee_id).await?;
    }
    tx.commit().await?;
    Ok(Verdict::Done)
}

async fn by_relay(ctx: &Ctx, envelope: &Envelope, agreed: bool) -> Result<Option<Verdict>, StoreError> {
    let Some(id) = envelope.object_id() else {
        return Ok(None);
    };
    let Some(inbox) = relays::inbox_of(&ctx.db, id).await? else {
        return Ok(None);
    };
    if !address::same_origin(&inbox, &envelope.actor.uri) {
        return Ok(Some(Verdict::Reject("the answer of somebody who was not asked")));
    }
    let state = if agreed { "accepted" } else { "rejected" };
    let mut tx = ctx.db.begin().await?;
    relays::answered(&mut tx, id, &envelope.actor.uri, state).await?;
    tx.commit().await?;
    Ok(Some(Verdict::Done))
}

/// The follow an answer speaks of: by its id, or by who asked whom. Of ours only.
async fn follow_meant(ctx: &Ctx, envelope: &Envelope) -> Result<Option<Follow>, StoreError> {
    let by_id = match envelope.object_id() {
        Some(id) => store::by_uri(&ctx.db, id).await?,
        None => None,
    };
    let by_both = match (by_id, envelope.object_document()) {
        (Some(follow), _) => Some(follow),
        (None, Some(document)) => {
            let named = |name| document.get(name).and_then(envelope::id_of);
            match (named("actor"), named("object")) {
                (Some(asker), Some(asked)) if asked == envelope.actor.uri => {
                    match actors::by_uri(&ctx.db, asker).await? {
                        Some(asker) => store::between(&ctx.db, asker.id, envelope.actor.id).await?,
                        None => None,
                    }
                }
                _ => None,
            }
        }
        (None, None) => None,
    };
    let Some(follow) = by_both else {
        return Ok(None);
    };
    let asker = actors::by_id(&ctx.db, follow.follower_id).await?;
    Ok(asker.filter(|asker| asker.local).map(|_| follow))
}
