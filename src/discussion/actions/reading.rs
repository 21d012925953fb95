//! Who may read what.

use std::collections::HashMap;

use federation::{ActorId, Ctx, Visibility, follows};
use platform::StoreError;
use platform::store::{Page, Paging};

use super::around_circle;
use crate::model::{
    Attachment, COMMENTS, Circle, Comment, CommentId, CommentState, Labels, Participant, Revision, Subject,
    Thing,
};
use crate::store::{self, comments::Reader};

/// What hangs on comments. The caller knows that the reader may read them.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn attachments(
    ctx: &Ctx,
    comments: &[CommentId],
) -> Result<HashMap<CommentId, Vec<Attachment>>, StoreError> {
    let mut all: HashMap<CommentId, Vec<Attachment>> = HashMap::new();
    for one in store::attachments::of(&ctx.db, comments).await? {
        all.entry(one.comment_id).or_default().push(one);
    }
    Ok(all)
}

/// Whom comments of other servers name, and their hashtags. The caller knows that the reader may read them.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn labels(ctx: &Ctx, comments: &[CommentId]) -> Result<HashMap<CommentId, Labels>, StoreError> {
    let mut all: HashMap<CommentId, Labels> = HashMap::new();
    for (comment, uri) in store::labels::named(&ctx.db, comments).await? {
        all.entry(comment).or_default().named.push(uri);
    }
    for (comment, folded, shown) in store::labels::hashtags(&ctx.db, comments).await? {
        all.entry(comment).or_default().hashtags.push((folded, shown));
    }
    Ok(all)
}

/// Whether this reader may read the subject.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn may_read(
    ctx: &Ctx,
    reader: Option<&Participant>,
    subject: &Subject,
) -> Result<bool, StoreError> {
    if !subject.open {
        return Ok(false);
    }
    if subject.visibility.is_open() {
        return Ok(true);
    }
    let Some(reader) = reader else {
        return Ok(false);
    };
    if let Some(circle) = subject.private_circle() {
        return may_read_circle(ctx, reader, circle).await;
    }
    if reader.actor.id == subject.author_id {
        return Ok(true);
    }
    match subject.visibility {
        Visibility::Public | Visibility::Unlisted => Ok(true),
        Visibility::Direct => Ok(false),
        Visibility::Residents => {
            Ok(reader.resides_in(subject.commune.as_deref())
                || reader.may_moderate(subject.commune.as_deref()))
        }
        Visibility::Followers if reader.may_moderate(subject.commune.as_deref()) => Ok(true),
        Visibility::Followers => {
            let follow = follows::between(ctx, reader.actor.id, subject.author_id).await?;
            Ok(follow.is_some_and(|follow| follow.accepted))
        }
    }
}

/// Whether somebody may read what is said in a private circle. Who was put out may not, whatever she wrote in it.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn may_read_circle(ctx: &Ctx, reader: &Participant, circle: &Circle) -> Result<bool, StoreError> {
    if circle.has_put_out(reader.actor.id) || reader.actor.suspended || reader.actor.deleted_at.is_some() {
        return Ok(false);
    }
    if circle.is_moderated_by(reader) {
        return Ok(true);
    }
    if circle.residents {
        return Ok(reader.resides_in(Some(circle.commune.as_str())));
    }
    around_circle::is_member(ctx, reader, circle).await
}

/// Whether this reader may read the comment, whose subject she may read.
pub(crate) async fn may_read_comment(
    ctx: &Ctx,
    reader: Option<&Participant>,
    comment: &Comment,
    subject: &Subject,
) -> Result<bool, StoreError> {
    let moderates = reader.is_some_and(|reader| subject.is_moderated_by(reader));
    let id = reader.map(|reader| reader.actor.id);
    match comment.state {
        CommentState::Deleted => Ok(false),
        _ if id == Some(comment.actor_id) || moderates => Ok(true),
        CommentState::Held | CommentState::Hidden => Ok(false),
        CommentState::Shown if !comment.narrow || id == Some(subject.author_id) => Ok(true),
        CommentState::Shown => match comment.parent_id {
            Some(parent) => {
                let parent = store::comments::by_id(&ctx.db, parent).await?;
                Ok(parent.is_some_and(|parent| Some(parent.actor_id) == id))
            }
            None => Ok(false),
        },
    }
}

/// Whether this reader may read the thing.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn may_read_thing(
    ctx: &Ctx,
    reader: Option<&Participant>,
    thing: &Thing,
) -> Result<bool, StoreError> {
    if !may_read(ctx, reader, thing.subject()).await? {
        return Ok(false);
    }
    match thing {
        Thing::Subject(_) => Ok(true),
        Thing::Comment(comment, subject) => may_read_comment(ctx, reader, comment, subject).await,
    }
}

/// A comment by id, whoever may read it: ask [`may_read_thing`] before showing any of it.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn comment_by_id(ctx: &Ctx, id: CommentId) -> Result<Option<Comment>, StoreError> {
    store::comments::by_id(&ctx.db, id).await
}

/// What a comment said before its edits, the oldest first. Only for who may read the comment.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn history(ctx: &Ctx, id: CommentId) -> Result<Vec<Revision>, StoreError> {
    store::comments::revisions(&ctx.db, id).await
}

/// The reader of what is about this subject, as the store wants her.
pub(crate) fn reader_of(reader: Option<&Participant>, subject: &Subject) -> Reader {
    Reader {
        actor: reader.map_or(ActorId(0), |reader| reader.actor.id),
        moderates: reader.is_some_and(|reader| subject.is_moderated_by(reader)),
        subject_author: subject.author_id,
    }
}

/// Everything about a subject that this reader may read, the oldest first, for programs; the caller knows
/// that she may read the subject. Comments of dark citizens are for people of this server only.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn all_about(
    ctx: &Ctx,
    reader: Option<&Participant>,
    subject: &Subject,
    limit: i64,
) -> Result<Vec<Comment>, StoreError> {
    let target = (subject.target.kind, subject.target.id);
    let all = store::comments::of_subject(&ctx.db, target, reader_of(reader, subject), limit).await?;
    let authors = super::thread::authors(ctx, all.iter().map(|comment| comment.actor_id)).await?;
    let from_here = reader.is_some_and(|reader| reader.actor.local);
    Ok(all
        .into_iter()
        .filter(|comment| {
            authors.get(&comment.actor_id).is_some_and(|author| {
                author.deleted_at.is_none() && !author.suspended && (from_here || author.federated)
            })
        })
        .collect())
}

/// The comments of an actor that anybody may read, newest first. The caller leaves out dark actors.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn comments_of_actor(
    ctx: &Ctx,
    actor: ActorId,
    paging: &Paging,
) -> Result<Page<Comment>, StoreError> {
    store::comments::of_actor(&ctx.db, actor, paging).await
}

/// For the `replies` collection of a subject or comment: how many direct answers other servers may know of,
/// and a page of them (row id, ActivityPub id), the oldest first; `max_id` of the paging is the row id after
/// which it begins.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn public_answers(
    ctx: &Ctx,
    thing: &Thing,
    paging: &Paging,
) -> Result<(i64, Page<(i64, String)>), StoreError> {
    let target = thing.subject().target;
    let subject = (target.kind, target.id);
    let parent = thing.comment().map(|comment| comment.id);
    let circle = thing.subject().private_circle().is_some();
    let count = store::comments::count_public_answers(&ctx.db, parent, subject, circle).await?;
    let after = paging.max_id.unwrap_or(0);
    let limit = paging.limit_and_one();
    let rows = store::comments::public_answers(&ctx.db, parent, subject, circle, after, limit).await?;
    Ok((count, Page::new(rows, &Paging::first(paging.limit))))
}

/// For the `context` collection of a subject: what other servers may know of the conversation about it (row
/// id, ActivityPub id), the oldest first, after a row id.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn public_conversation(
    ctx: &Ctx,
    subject: &Subject,
    after: Option<i64>,
    limit: i64,
) -> Result<Page<(i64, String)>, StoreError> {
    let target = (subject.target.kind, subject.target.id);
    let circle = subject.private_circle().is_some();
    let after = after.unwrap_or(0);
    let rows = store::comments::public_conversation(&ctx.db, target, circle, after, limit + 1).await?;
    Ok(Page::new(rows, &Paging::first(limit)))
}

/// How many comments of this server can be read.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn count_local(ctx: &Ctx) -> Result<i64, StoreError> {
    store::comments::count_local(&ctx.db).await
}

/// A comment and its subject.
pub(crate) async fn comment_and_subject(
    ctx: &Ctx,
    subjects: &crate::Subjects,
    id: CommentId,
) -> Result<Option<(Comment, Subject)>, StoreError> {
    Ok(match subjects.thing(ctx, COMMENTS, id.0).await? {
        Some(Thing::Comment(comment, subject)) => Some((comment, subject)),
        _ => None,
    })
}
