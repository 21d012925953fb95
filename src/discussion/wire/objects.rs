//! `/ap/comments/{id}`, and the collections under it.

use federation::objects::{Found, Objects, Part};
use federation::{Actor, Ctx, actors};
use platform::StoreError;

use super::collections::{self, counts_of, total};
use super::note;
use crate::Subjects;
use crate::actions::{Counts, around, forget_actor, may_read_circle, mentioned_in};
use crate::model::{COMMENTS, Comment, CommentId, CommentState, Participant, Subject, Target};
use crate::store;

/// Registers what other servers may ask for: comments and the collections under them. Those under subjects
/// are their owners'.
pub fn objects(objects: &mut Objects, subjects: &Subjects) {
    let known = subjects.clone();
    objects.own(COMMENTS, move |ctx, id, reader| {
        let subjects = known.clone();
        async move { find(&ctx, &subjects, CommentId(id), reader).await }
    });
    let known = subjects.clone();
    objects
        .collection(COMMENTS, "replies", move |ctx, id, after, limit| {
            let subjects = known.clone();
            async move { replies(&ctx, &subjects, id, after, limit).await }
        })
        .collection(COMMENTS, "likes", |ctx, id, _, _| async move {
            Ok(total(of_comment(&ctx, id).await?.open_likes))
        })
        .collection(COMMENTS, "shares", |ctx, id, _, _| async move {
            Ok(total(of_comment(&ctx, id).await?.open_shares))
        });
    super::asked::objects(objects, subjects);
    objects.on_actor_gone(|ctx, actor| async move { forget_actor(&ctx, &actor).await });
}

async fn find(
    ctx: &Ctx,
    subjects: &Subjects,
    id: CommentId,
    reader: Option<Actor>,
) -> Result<Found, StoreError> {
    let Some(comment) = store::comments::by_id(&ctx.db, id).await? else {
        return Ok(Found::Missing);
    };
    let subject = subjects
        .by_id(ctx, &comment.subject_kind, comment.subject_id)
        .await?;
    let author = actors::by_id(ctx, comment.actor_id).await?;
    let (Some(subject), Some(author)) = (subject, author) else {
        return Ok(Found::Missing);
    };
    if comment.state == CommentState::Deleted && subject.private_circle().is_some() {
        return Ok(Found::Missing);
    }
    if comment.state == CommentState::Deleted {
        // Only what other servers had heard of is gone for them.
        let was_known = author.local && actors::is_buried(ctx, &comment.uri).await?;
        return Ok(if was_known { Found::Gone } else { Found::Missing });
    }
    let is_told = author.local && author.is_visible() && comment.told_at.is_some();
    if !is_told || comment.state != CommentState::Shown || !subject.open {
        return Ok(Found::Missing);
    }
    shown(ctx, &comment, &subject, &author, reader).await
}

async fn shown(
    ctx: &Ctx,
    comment: &Comment,
    subject: &Subject,
    author: &Actor,
    reader: Option<Actor>,
) -> Result<Found, StoreError> {
    let around = around(ctx, comment, subject, mentioned_in(ctx, comment).await?).await?;
    let document = note::of(comment, author, &around);
    let page = comment.page();
    if comment.is_shown() && comment.visibility.is_open() && subject.is_open() {
        return Ok(Found::Public { document, page });
    }
    if let (Some(circle), Some(reader)) = (subject.private_circle(), &reader)
        && comment.is_shown()
    {
        let guest = Participant::guest(reader.clone());
        return Ok(if may_read_circle(ctx, &guest, circle).await? {
            Found::Restricted { document, page }
        } else {
            Found::Missing
        });
    }
    if subject.private_circle().is_some() {
        return Ok(Found::Missing);
    }
    let is_named =
        reader.is_some_and(|reader| around.named(comment).iter().any(|actor| actor.id == reader.id));
    Ok(if is_named {
        Found::Restricted { document, page }
    } else {
        Found::Missing
    })
}

async fn of_comment(ctx: &Ctx, id: i64) -> Result<Counts, StoreError> {
    counts_of(ctx, Target { kind: COMMENTS, id }).await
}

async fn replies(
    ctx: &Ctx,
    subjects: &Subjects,
    id: i64,
    after: Option<i64>,
    limit: i64,
) -> Result<Part, StoreError> {
    match subjects.thing(ctx, COMMENTS, id).await? {
        Some(thing) => collections::replies(ctx, &thing, after, limit).await,
        None => Ok(Part::default()),
    }
}
