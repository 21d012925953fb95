//! Which activities this room takes in.
//!
//! Asked before the sections: an answer to something known here is a comment, whoever follows its author.

use federation::{Ctx, Envelope, Inbox, Verdict, actors, id_of};
use platform::StoreError;

use super::read::{self, TYPES};
use super::take::{self, Undone};
use crate::Subjects;
use crate::model::Thing;
use crate::store;
use crate::store::reactions::Reaction;

/// Registers the claims; `subjects` tells what is known here.
pub fn claims(inbox: &mut Inbox, subjects: &Subjects) {
    answers(inbox, subjects);
    reactions(inbox, subjects);
    let known = subjects.clone();
    inbox
        .on("Delete", "*")
        .when(move |ctx, envelope| {
            let subjects = known.clone();
            async move { is_comment(&ctx, &subjects, &envelope).await }
        })
        .then("discussion: deletion", take::deleted);
    let known = subjects.clone();
    inbox
        .on("Flag", "*")
        .then("discussion: flag", move |ctx, envelope| {
            let subjects = known.clone();
            async move { take::flagged(ctx, subjects, envelope).await }
        });
}

fn answers(inbox: &mut Inbox, subjects: &Subjects) {
    for (activity, name) in [
        ("Create", "discussion: comment"),
        ("Update", "discussion: edited comment"),
    ] {
        for kind in TYPES {
            let (known, taken) = (subjects.clone(), subjects.clone());
            inbox
                .on(activity, kind)
                .when(move |ctx, envelope| {
                    let subjects = known.clone();
                    async move { is_answer(&ctx, &subjects, &envelope).await }
                })
                .then(name, move |ctx, envelope| {
                    let subjects = taken.clone();
                    async move { take::answered(ctx, subjects, envelope).await }
                });
        }
    }
    let (known, taken) = (subjects.clone(), subjects.clone());
    inbox
        .on("Create", "*")
        .when(move |ctx, envelope| {
            let subjects = known.clone();
            async move { is_answer_by_address(&ctx, &subjects, envelope).await }
        })
        .then("discussion: comment by address", move |ctx, envelope| {
            let subjects = taken.clone();
            async move { take::answered(ctx, subjects, envelope).await }
        });
}

fn reactions(inbox: &mut Inbox, subjects: &Subjects) {
    for (activity, what, name) in [
        ("Like", Reaction::Like, "discussion: like"),
        ("EmojiReact", Reaction::Like, "discussion: like"),
        ("Announce", Reaction::Share, "discussion: share"),
    ] {
        let (known, taken) = (subjects.clone(), subjects.clone());
        inbox
            .on(activity, "*")
            .when(move |ctx, envelope| {
                let subjects = known.clone();
                async move { thing(&ctx, &subjects, &envelope).await.is_some() }
            })
            .then(name, move |ctx, envelope| {
                let subjects = taken.clone();
                async move { take::reacted(ctx, subjects, envelope, what).await }
            });
        let taken = subjects.clone();
        inbox
            .on("Undo", activity)
            .then("discussion: taken back", move |ctx, envelope| {
                let subjects = taken.clone();
                async move { take::undone(ctx, subjects, envelope, Undone::One(what)).await }
            });
    }
    let taken = subjects.clone();
    inbox
        .on("Undo", "*")
        .when(is_reaction_by_id)
        .then("discussion: taken back", move |ctx, envelope| {
            let subjects = taken.clone();
            async move { take::undone(ctx, subjects, envelope, Undone::Either).await }
        });
}

async fn thing(ctx: &Ctx, subjects: &Subjects, envelope: &Envelope) -> Option<Thing> {
    let found = subjects.by_uri(ctx, envelope.object_id()?).await;
    found.unwrap_or_default()
}

async fn is_comment(ctx: &Ctx, subjects: &Subjects, envelope: &Envelope) -> bool {
    matches!(thing(ctx, subjects, envelope).await, Some(Thing::Comment(..)))
}

async fn is_answer(ctx: &Ctx, subjects: &Subjects, envelope: &Envelope) -> bool {
    answer(ctx, subjects, envelope).await.unwrap_or(false)
}

/// An answer to something that is kept here, in the open or to followers, or new words of one; also an
/// answer within a conversation of ours to something that did not come here.
async fn answer(ctx: &Ctx, subjects: &Subjects, envelope: &Envelope) -> Result<bool, StoreError> {
    let Some(object) = envelope.object_document() else {
        return Ok(false);
    };
    if read::is_vote(object)
        || read::visibility(&envelope.actor, object, &envelope.whole) == federation::Visibility::Direct
    {
        return Ok(false);
    }
    if let Some(uri) = envelope.object_id()
        && store::comments::by_uri(&ctx.db, uri).await?.is_some()
    {
        return Ok(true);
    }
    let Some(parent) = read::in_reply_to(object) else {
        return Ok(false);
    };
    if subjects.by_uri(ctx, parent).await?.is_some() {
        return Ok(true);
    }
    let is_ours = ["context", "conversation"].iter().any(|name| {
        object
            .get(*name)
            .and_then(id_of)
            .is_some_and(|context| ctx.urls.is_ours(context))
    });
    Ok(is_ours && read::addresses_us(ctx, object, &envelope.whole))
}

/// Only the address was sent: what lies there is read from its origin.
async fn is_answer_by_address(ctx: &Ctx, subjects: &Subjects, mut envelope: Envelope) -> bool {
    let Some(uri) = envelope.object.as_str().map(ToOwned::to_owned) else {
        return false;
    };
    if actors::origin(&uri) != actors::origin(&envelope.actor.uri)
        || !read::addresses_us(ctx, &envelope.whole, &envelope.whole)
    {
        return false;
    }
    match federation::fetch::object(ctx, &uri).await {
        Ok(object) => {
            envelope.object = object;
            envelope.object_kind().is_some_and(|kind| TYPES.contains(&kind))
                && is_answer(ctx, subjects, &envelope).await
        }
        Err(_) => false,
    }
}

/// Whether an `Undo` names a like or share of its actor by its id alone.
async fn is_reaction_by_id(ctx: Ctx, envelope: Envelope) -> bool {
    let Some(uri) = envelope.object_id() else {
        return false;
    };
    for what in [Reaction::Like, Reaction::Share] {
        if matches!(
            store::reactions::is_known(&ctx.db, what, uri, envelope.actor.id).await,
            Ok(true)
        ) {
            return true;
        }
    }
    false
}

/// Words for the log.
pub(super) const NOT_THEIRS: Verdict = Verdict::Reject("the object is not its actor's");
