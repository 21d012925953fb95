//! Which activities this room takes in.
//!
//! Asked before the sections: an answer to something known here is a comment, whoever follows its author.

use federation::{Ctx, Envelope, Inbox, Verdict, id_of};
use platform::StoreError;
use serde_json::{Map, Value};

use super::read::{self, TYPES};
use super::take::{self, Undone};
use super::{again, asked};
use crate::Subjects;
use crate::model::Thing;
use crate::store;
use crate::store::reactions::Reaction;

/// Registers the claims; `subjects` tells what is known here.
pub fn claims(inbox: &mut Inbox, subjects: &Subjects) {
    answers(inbox, subjects);
    again(inbox, subjects);
    asked::claims(inbox, subjects);
    reactions(inbox, subjects);
    let known = subjects.clone();
    inbox
        .on("Delete", "*")
        .when(move |ctx, envelope| {
            let subjects = known.clone();
            async move { is_comment(&ctx, &subjects, &envelope).await }
        })
        .then("discussion: deletion", {
            let taken = subjects.clone();
            move |ctx, envelope| {
                let subjects = taken.clone();
                async move { take::deleted(ctx, subjects, envelope).await }
            }
        });
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
    passed_on(inbox, subjects);
}

/// What groups (FEP-1b12) and relays pass on: an activity or an object of somebody else in an `Announce`.
fn passed_on(inbox: &mut Inbox, subjects: &Subjects) {
    for kind in ["Create", "Update"].into_iter().chain(TYPES) {
        let (known, taken) = (subjects.clone(), subjects.clone());
        inbox
            .on("Announce", kind)
            .when(move |ctx, envelope| {
                let subjects = known.clone();
                async move { is_passed_on_answer(&ctx, &subjects, &envelope).await }
            })
            .then("discussion: comment passed on", move |ctx, envelope| {
                let subjects = taken.clone();
                async move { take::passed_on(ctx, subjects, envelope).await }
            });
    }
    inbox
        .on("Announce", "Delete")
        .when(is_passed_on_deletion)
        .then("discussion: deletion passed on", take::deletion_passed_on);
}

/// Likes that groups pass on, and what was deleted and is restored.
fn again(inbox: &mut Inbox, subjects: &Subjects) {
    for (activity, inner) in [
        ("Announce", "Like"),
        ("Announce", "EmojiReact"),
        ("Announce", "Undo"),
    ] {
        let (known, taken) = (subjects.clone(), subjects.clone());
        inbox
            .on(activity, inner)
            .when(move |ctx, envelope| {
                let subjects = known.clone();
                async move { again::is_passed_on_like(&ctx, &subjects, &envelope).await }
            })
            .then("discussion: like passed on", move |ctx, envelope| {
                let subjects = taken.clone();
                async move { again::like_passed_on(ctx, subjects, envelope).await }
            });
    }
    for (activity, inner) in [("Undo", "Delete"), ("Announce", "Undo")] {
        let taken = subjects.clone();
        inbox.on(activity, inner).when(again::is_restored).then(
            "discussion: restored comment",
            move |ctx, envelope| {
                let subjects = taken.clone();
                async move { again::restored(ctx, subjects, envelope).await }
            },
        );
    }
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
    let (known, taken) = (subjects.clone(), subjects.clone());
    inbox
        .on("Undo", "*")
        .when(move |ctx, envelope| {
            let subjects = known.clone();
            async move { is_reaction(&ctx, &subjects, &envelope).await }
        })
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
    if read::is_vote(object) {
        return Ok(false);
    }
    if read::visibility(&envelope.actor, object, &envelope.whole) == federation::Visibility::Direct {
        return in_a_circle(ctx, subjects, envelope, object).await;
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

/// An answer to something said in a private circle, addressed to that circle and to nobody else by name.
async fn in_a_circle(
    ctx: &Ctx,
    subjects: &Subjects,
    envelope: &Envelope,
    object: &Map<String, Value>,
) -> Result<bool, StoreError> {
    let known = envelope.object_id().unwrap_or_default();
    for uri in [known, read::in_reply_to(object).unwrap_or_default()] {
        if let Some(thing) = subjects.by_uri(ctx, uri).await?
            && let Some(circle) = thing.subject().private_circle()
            && read::reaches(circle, object, &envelope.whole)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Something that is not here and says that it answers something that is. Whether it does, its own server
/// says.
async fn is_passed_on_answer(ctx: &Ctx, subjects: &Subjects, envelope: &Envelope) -> bool {
    let Some(object) = take::innermost(&envelope.object).as_object() else {
        return false;
    };
    let Some(uri) = object.get("id").and_then(Value::as_str) else {
        return false;
    };
    if ctx.urls.is_ours(uri) {
        return false;
    }
    let is_edit = envelope.object_kind() == Some("Update");
    match subjects.by_uri(ctx, uri).await {
        Ok(Some(Thing::Comment(..))) => is_edit,
        Ok(None) => match read::in_reply_to(object) {
            Some(parent) => matches!(subjects.by_uri(ctx, parent).await, Ok(Some(_))),
            None => false,
        },
        Ok(Some(Thing::Subject(_))) | Err(_) => false,
    }
}

async fn is_passed_on_deletion(ctx: Ctx, envelope: Envelope) -> bool {
    let Some(uri) = id_of(take::innermost(&envelope.object)) else {
        return false;
    };
    matches!(store::comments::by_uri(&ctx.db, uri).await, Ok(Some(comment)) if !ctx.urls.is_ours(&comment.uri))
}

/// Whether an `Undo` that does not say of what kind names a like or share: by its id, or what it was about.
async fn is_reaction(ctx: &Ctx, subjects: &Subjects, envelope: &Envelope) -> bool {
    if let Some(document) = envelope.object_document()
        && envelope.object_kind().is_none()
        && let Some(about) = document.get("object").and_then(id_of)
        && matches!(subjects.by_uri(ctx, about).await, Ok(Some(_)))
    {
        return true;
    }
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
