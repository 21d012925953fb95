//! Posts of other servers: taken in when somebody here follows their author, or a commune's page carries him.

mod read;
mod take;

use federation::{Ctx, Envelope, Inbox, Visibility, address, id_of};
use platform::StoreError;

use crate::model::PostState;
use crate::store;

pub(crate) use take::{forget_actor, take_in};

/// The types that are read as a post.
const TYPES: [&str; 7] = ["Note", "Article", "Page", "Question", "Image", "Video", "Audio"];

/// What this room takes in. After `discussion`, which takes the answers.
pub(crate) fn claims(inbox: &mut Inbox) {
    for kind in TYPES {
        inbox
            .on("Create", kind)
            .when(is_wanted)
            .then("news: post", take::created);
        inbox
            .on("Update", kind)
            .when(is_known_or_wanted)
            .then("news: edit", take::updated);
        inbox
            .on("Delete", kind)
            .when(is_known)
            .then("news: deletion", take::deleted);
    }
    inbox
        .on("Undo", "Delete")
        .when(is_deleted)
        .then("news: restored", take::restored);
    inbox
        .on("Delete", "Tombstone")
        .when(is_known)
        .then("news: deletion", take::deleted);
    inbox
        .on("Delete", "*")
        .when(is_known)
        .then("news: deletion", take::deleted);
}

/// Somebody here follows its author, or a page here carries him; and it is not a private message.
async fn is_wanted(ctx: Ctx, envelope: Envelope) -> bool {
    wanted(&ctx, &envelope).await.unwrap_or(false)
}

async fn wanted(ctx: &Ctx, envelope: &Envelope) -> Result<bool, StoreError> {
    if read::visibility(&envelope.actor, &envelope.whole, envelope.object_document()) == Visibility::Direct {
        return Ok(false);
    }
    // Answers are the discussion's; an answer to somebody else's thread is nobody's here.
    let answers = envelope
        .object_document()
        .and_then(|document| document.get("inReplyTo"));
    if answers.and_then(id_of).is_some() {
        return Ok(false);
    }
    // What is said in a group of ours stands there.
    let nothing = serde_json::Map::new();
    let object = envelope.object_document().unwrap_or(&nothing);
    if federation::actors::addressed_group(ctx, object, &envelope.whole)
        .await?
        .is_some()
    {
        return Ok(false);
    }
    Ok(
        federation::follows::count_followers(ctx, envelope.actor.id).await? > 0
            || store::carried_commune(&ctx.db, envelope.actor.id)
                .await?
                .is_some(),
    )
}

/// A post that is kept here as deleted is said to be there again.
async fn is_deleted(ctx: Ctx, envelope: Envelope) -> bool {
    let about = envelope.object.get("object").and_then(id_of);
    let Some(uri) = about.and_then(address::canonical) else {
        return false;
    };
    let known = store::by_uri(&ctx.db, &uri).await;
    matches!(known, Ok(Some(post)) if !post.local && post.state == PostState::Deleted
        && post.actor_id == envelope.actor.id)
}

/// An edit may come before what it edits.
async fn is_known_or_wanted(ctx: Ctx, envelope: Envelope) -> bool {
    is_known(ctx.clone(), envelope.clone()).await || is_wanted(ctx, envelope).await
}

async fn is_known(ctx: Ctx, envelope: Envelope) -> bool {
    let Some(id) = envelope.object_id() else {
        return false;
    };
    matches!(store::by_uri(&ctx.db, id).await, Ok(Some(post)) if !post.local)
}
