//! What the core itself takes in: who follows whom, and what actors say of themselves.
//!
//! Everything else is claimed by the rooms. An actor speaks for itself alone: what it says of another one,
//! even of its own server, is refused.

mod answers;
mod follow;
mod profile;

pub(crate) use profile::end as end_actor;

use crate::{Ctx, Envelope, Inbox, instance_uri, objects};

/// Registers the core's claims.
pub fn claims(inbox: &mut Inbox) {
    inbox
        .on("Follow", "*")
        .when(is_of_our_actor)
        .then("federation: follow", follow::asked);
    inbox
        .on("Undo", "Follow")
        .then("federation: unfollow", follow::undone);
    inbox
        .on("Undo", "*")
        .when(follow::is_follow_by_id)
        .then("federation: unfollow", follow::undone);
    inbox
        .on("Block", "*")
        .when(is_of_our_actor_alone)
        .then("federation: block", follow::blocked);
    for answer in ["Accept", "Reject"] {
        inbox
            .on(answer, "Follow")
            .then("federation: answer", answers::answered);
        inbox
            .on(answer, "*")
            .when(answers::is_follow_by_id)
            .then("federation: answer", answers::answered);
    }
    for kind in ["Person", "Organization", "Group", "Service", "Application"] {
        inbox
            .on("Update", kind)
            .when(is_of_no_actor_of_ours)
            .then("federation: profile", profile::changed);
    }
    inbox
        .on("Update", "*")
        .when(is_of_itself)
        .then("federation: profile", profile::changed);
    inbox
        .on("Delete", "*")
        .when(is_of_itself)
        .then("federation: farewell", profile::gone);
    inbox.on("Move", "*").then("federation: move", profile::moved);
}

/// Whether the object is an actor of ours, visible or not.
async fn is_of_our_actor(ctx: Ctx, envelope: Envelope) -> bool {
    envelope
        .object_id()
        .is_some_and(|id| id == instance_uri(&ctx) || matches!(objects::parse(&ctx, id), Some(("actors", _))))
}

/// The same for what is nobody else's matter: a block out of a group names the group.
async fn is_of_our_actor_alone(ctx: Ctx, envelope: Envelope) -> bool {
    let from_ours = envelope
        .whole
        .get("target")
        .and_then(crate::id_of)
        .is_some_and(|target| ctx.urls.is_ours(target));
    !from_ours && is_of_our_actor(ctx, envelope).await
}

/// What others say of an actor of ours is the room's that made it.
async fn is_of_no_actor_of_ours(ctx: Ctx, envelope: Envelope) -> bool {
    !is_of_our_actor(ctx, envelope).await
}

async fn is_of_itself(_: Ctx, envelope: Envelope) -> bool {
    envelope.object_id() == Some(envelope.actor.uri.as_str())
}
