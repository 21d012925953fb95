//! What comes at second hand or a second time: likes that a group passes on, what was deleted and is restored.
//! Nobody's word is taken for it: its own server is asked.

use federation::fetch::{self, FetchError};
use federation::{Actor, Ctx, Envelope, Verdict, actors, address, id_of, kind_of};
use serde_json::Value;

use super::take::{Trouble, answer, innermost, settled};
use crate::Subjects;
use crate::actions::{Counted, react_from_elsewhere, take_back_from_elsewhere};
use crate::model::{CommentState, Thing};
use crate::store;
use crate::store::reactions::Reaction;

/// The address of what an `Undo` of a `Delete` restores.
fn restored_uri(deletion: &Value) -> Option<String> {
    if kind_of(deletion) != Some("Delete") {
        return None;
    }
    deletion
        .get("object")
        .and_then(id_of)
        .and_then(address::canonical)
}

/// The `Delete` that is taken back, by the sender or by whomever it passes on.
fn deletion(envelope: &Envelope) -> Option<&Value> {
    if envelope.kind == "Undo" {
        Some(&envelope.object)
    } else {
        envelope.object.get("object")
    }
}

/// Whether a comment that is kept here as deleted is said to be there again: by its author, or passed on.
pub(super) async fn is_restored(ctx: Ctx, envelope: Envelope) -> bool {
    let Some(uri) = deletion(&envelope).and_then(restored_uri) else {
        return false;
    };
    let known = store::comments::by_uri(&ctx.db, &uri).await;
    matches!(known, Ok(Some(comment)) if comment.state == CommentState::Deleted && !ctx.urls.is_ours(&uri)
        && (envelope.kind != "Undo" || comment.actor_id == envelope.actor.id))
}

/// Whether the author's own server shows the `Undo` that somebody passes on: nobody else brings back what the
/// author took away.
async fn took_it_back(ctx: &Ctx, announced: &Value, author: &Actor, uri: &str) -> Result<bool, FetchError> {
    let Some(id) = id_of(announced).filter(|id| address::same_origin(id, &author.uri)) else {
        return Ok(false);
    };
    let undo = match fetch::object(ctx, id).await {
        Ok(undo) => undo,
        Err(error) if error.is_temporary() => return Err(error),
        Err(_) => return Ok(false),
    };
    let by = undo.get("actor").and_then(id_of).and_then(address::canonical);
    Ok(kind_of(&undo) == Some("Undo")
        && by.as_deref() == Some(author.uri.as_str())
        && undo.get("object").and_then(restored_uri).as_deref() == Some(uri))
}

/// `Undo` of a `Delete`, by the author or passed on: the comment is read again from its own server.
pub(super) async fn restored(ctx: Ctx, subjects: Subjects, envelope: Envelope) -> Verdict {
    let result: Result<Verdict, Trouble> = async {
        let uri = deletion(&envelope).and_then(restored_uri).unwrap_or_default();
        let author = match store::comments::by_uri(&ctx.db, &uri).await? {
            Some(comment) => actors::by_id(&ctx, comment.actor_id).await?,
            None => None,
        };
        let is_there = |author: &Actor| !author.local && !author.suspended && author.deleted_at.is_none();
        let Some(author) = author.filter(is_there) else {
            return Ok(Verdict::Ignore("it is not here"));
        };
        let by_author = match envelope.kind.as_str() {
            "Undo" => envelope.actor.id == author.id,
            _ => took_it_back(&ctx, &envelope.object, &author, &uri).await?,
        };
        if !by_author {
            return Ok(super::claims::NOT_THEIRS);
        }
        let object = fetch::object_again(&ctx, &uri).await?;
        if kind_of(&object) == Some("Tombstone") {
            return Ok(Verdict::Ignore("its server does not show it"));
        }
        let said = Envelope {
            id: envelope.id.clone(),
            kind: "Undo".to_owned(),
            actor: author,
            object,
            whole: serde_json::Map::new(),
        };
        answer(&ctx, &subjects, &said).await
    }
    .await;
    settled(result)
}

/// Whether somebody passes on a like, or the end of one, of something that is kept here.
pub(super) async fn is_passed_on_like(ctx: &Ctx, subjects: &Subjects, envelope: &Envelope) -> bool {
    let Some(about) = liked(&envelope.object) else {
        return false;
    };
    matches!(subjects.by_uri(ctx, about).await, Ok(Some(_)))
}

/// What an announced `Like`, or `Undo` of one, is about.
fn liked(announced: &Value) -> Option<&str> {
    match kind_of(announced)? {
        "Like" | "EmojiReact" => id_of(announced.get("object")?),
        "Undo" => {
            let inner = announced.get("object")?;
            let is_like = matches!(kind_of(inner), Some("Like" | "EmojiReact"));
            is_like.then(|| inner.get("object").and_then(id_of)).flatten()
        }
        _ => None,
    }
}

/// `Announce` of a `Like` or of its `Undo`: counted when the server of whoever likes says so itself.
pub(super) async fn like_passed_on(ctx: Ctx, subjects: Subjects, envelope: Envelope) -> Verdict {
    let result: Result<Verdict, Trouble> = async {
        let Some(uri) = id_of(&envelope.object) else {
            return Ok(Verdict::Reject("the like has no id"));
        };
        let activity = match fetch::object(&ctx, uri).await {
            Ok(activity) => activity,
            // Many servers show no likes: then there is nothing to go by.
            Err(error) if !matches!(error, FetchError::Later(_) | FetchError::Store(_)) => {
                return Ok(Verdict::Ignore("its server does not confirm the like"));
            }
            Err(error) => return Err(error.into()),
        };
        let by = activity.get("actor").and_then(id_of).unwrap_or_default();
        let about = liked(&activity).unwrap_or_default();
        let Some(thing) = subjects.by_uri(&ctx, about).await? else {
            return Ok(Verdict::Ignore("it is not here"));
        };
        let actor = actors::resolve(&ctx, by).await?;
        let uri = activity.get("id").and_then(Value::as_str).unwrap_or_default();
        if actor.local || actor.suspended || !address::same_origin(&actor.uri, uri) {
            return Ok(super::claims::NOT_THEIRS);
        }
        if kind_of(&activity) == Some("Undo") {
            let like = id_of(innermost(&activity)).filter(|like| address::same_origin(like, &actor.uri));
            let whats = &[Reaction::Like];
            let done = take_back_from_elsewhere(&ctx, &actor, like, Some(&thing), whats).await?;
            return Ok(if done {
                Verdict::Done
            } else {
                Verdict::Ignore("there was nothing to take back")
            });
        }
        count(&ctx, &actor, &thing, uri).await
    }
    .await;
    settled(result)
}

async fn count(ctx: &Ctx, actor: &Actor, thing: &Thing, uri: &str) -> Result<Verdict, Trouble> {
    Ok(
        match react_from_elsewhere(ctx, actor, thing, Reaction::Like, uri).await? {
            Counted::Yes => Verdict::Done,
            Counted::Already => Verdict::Ignore("it counts already"),
            Counted::Undone => Verdict::Ignore("taken back before"),
            Counted::NotForThem => Verdict::Ignore("its author may not read that"),
        },
    )
}
