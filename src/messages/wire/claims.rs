//! Which activities this room takes in. After `discussion` and the other sections: a direct note to a town hall is a
//! letter, whatever it answers.

use federation::{Actor, Ctx, Envelope, Inbox, Verdict, Visibility, actors, author_of, id_of};
use platform::StoreError;

use super::read::{self, TYPES};
use crate::actions::{elsewhere, readers};
use crate::error::MessageError;
use crate::store;

/// Town halls of this server one letter may go to.
const MOST_OFFICES: usize = 5;

/// Registers the claims.
pub(crate) fn claims(inbox: &mut Inbox) {
    for kind in TYPES {
        inbox
            .on("Create", kind)
            .when(is_letter)
            .then("messages: letter", created);
        inbox
            .on("Update", kind)
            .when(is_known)
            .then("messages: edit", updated);
        inbox
            .on("Delete", kind)
            .when(is_known)
            .then("messages: deletion", deleted);
    }
    for kind in ["Tombstone", "*"] {
        inbox
            .on("Delete", kind)
            .when(is_known)
            .then("messages: deletion", deleted);
    }
}

async fn is_letter(ctx: Ctx, envelope: Envelope) -> bool {
    letter(&ctx, &envelope).await.unwrap_or(false)
}

/// Direct, to a town hall of this server, and no vote; or an answer, however open, to a letter of its author's.
async fn letter(ctx: &Ctx, envelope: &Envelope) -> Result<bool, StoreError> {
    let Some(object) = envelope.object_document() else {
        return Ok(false);
    };
    if read::is_vote(object) {
        return Ok(false);
    }
    if offices(ctx, envelope).await?.is_empty() {
        return Ok(false);
    }
    if read::visibility(&envelope.actor, object, &envelope.whole) == Visibility::Direct {
        return Ok(true);
    }
    let Some(answered) = object.get("inReplyTo").and_then(id_of) else {
        return Ok(false);
    };
    elsewhere::is_among(ctx, &envelope.actor, answered).await
}

/// The town halls of this server that a letter is addressed to.
async fn offices(ctx: &Ctx, envelope: &Envelope) -> Result<Vec<Actor>, StoreError> {
    let Some(object) = envelope.object_document() else {
        return Ok(Vec::new());
    };
    let mut offices: Vec<Actor> = Vec::new();
    for uri in read::people(object, &envelope.whole) {
        if offices.len() >= MOST_OFFICES || !ctx.urls.is_ours(&uri) {
            continue;
        }
        let Some(actor) = actors::by_uri(ctx, &uri)
            .await?
            .filter(|actor| actor.local && actor.is_visible())
        else {
            continue;
        };
        let commune = commune::actions::by_actor(ctx, actor.id).await?;
        if commune.is_some_and(|commune| commune::actions::offers(ctx, &commune, "messages")) {
            offices.push(actor);
        }
    }
    Ok(offices)
}

async fn is_known(ctx: Ctx, envelope: Envelope) -> bool {
    let Some(id) = envelope.object_id().filter(|id| !ctx.urls.is_ours(id)) else {
        return false;
    };
    matches!(store::by_uri(&ctx.db, id).await, Ok(rows) if !rows.is_empty())
}

fn settled(result: Result<Verdict, MessageError>) -> Verdict {
    match result {
        Ok(verdict) => verdict,
        Err(MessageError::Refused(_)) => Verdict::Reject("against the rules of letters"),
        Err(MessageError::Store(error)) => error.into(),
    }
}

/// The signer wrote it, and its id is of his server.
fn is_theirs(envelope: &Envelope, uri: &str) -> bool {
    let by = envelope.object_document().and_then(author_of);
    by == Some(envelope.actor.uri.as_str())
        && actors::origin(uri).is_some()
        && actors::origin(uri) == actors::origin(&envelope.actor.uri)
        && !uri.contains('#')
}

async fn created(ctx: Ctx, envelope: Envelope) -> Verdict {
    let (Some(uri), Some(object)) = (envelope.object_id(), envelope.object_document()) else {
        return Verdict::Reject("the object has no id");
    };
    if !is_theirs(&envelope, uri) {
        return Verdict::Reject("the object is not its actor's");
    }
    let Some(mut incoming) = read::incoming(&envelope, uri, object, ctx.clock.now()) else {
        return Verdict::Ignore("it says nothing");
    };
    if let Err(error) = readers::learn(&ctx, &mut incoming.wire).await {
        return error.into();
    }
    let offices = match offices(&ctx, &envelope).await {
        Ok(offices) => offices,
        Err(error) => return error.into(),
    };
    settled(elsewhere::take_in(&ctx, &envelope.actor, &offices, &incoming).await)
}

async fn updated(ctx: Ctx, envelope: Envelope) -> Verdict {
    let (Some(uri), Some(object)) = (envelope.object_id(), envelope.object_document()) else {
        return Verdict::Reject("the object has no id");
    };
    if !is_theirs(&envelope, uri) {
        return Verdict::Reject("the object is not its actor's");
    }
    let Some(incoming) = read::incoming(&envelope, uri, object, ctx.clock.now()) else {
        return Verdict::Ignore("it says nothing");
    };
    settled(elsewhere::change(&ctx, &envelope.actor, &incoming).await)
}

async fn deleted(ctx: Ctx, envelope: Envelope) -> Verdict {
    let Some(uri) = envelope.object_id() else {
        return Verdict::Reject("the object has no id");
    };
    settled(elsewhere::remove(&ctx, &envelope.actor, uri).await)
}
