//! Writing, editing and deleting comments of people here.

use std::time::Duration;

use federation::{Actor, Ctx, Named, Visibility, actors, objects};
use platform::text::{Links, french_html, markdown_to_html};
use platform::{StoreError, Timestamp, Tx};

use super::around_circle::{self, Admitted};
use super::telling::{around, tell_desk, tell_people, tell_servers, untell_servers};
use super::{DiscussionError, is_town_hall, reading, would_leave};
use crate::Subjects;
use crate::model::{
    COMMENTS, Comment, CommentId, CommentMode, CommentState, DiscussionRefusal, NewComment, Participant,
    Subject, text_of_comment, warning_of_comment,
};
use crate::store;
use crate::store::reactions::Reaction;

/// Names in one comment that are looked up; the others stay text.
const MOST_MENTIONS: usize = 20;

/// New words for a comment of one's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Markdown-light, as typed.
    pub text: String,
    /// A content warning; usually empty.
    pub summary: String,
    /// BCP 47.
    pub language: String,
}

/// A text as it will be kept, and the people it names.
struct Rendered {
    html: String,
    mentioned: Vec<Actor>,
}

async fn render(ctx: &Ctx, text: &str, language: &str) -> Result<Rendered, StoreError> {
    let named = Named::in_text(ctx, text, MOST_MENTIONS).await?;
    let links = Links {
        mention: &|mention| named.page(mention),
        hashtag: &|_| None,
    };
    let html = markdown_to_html(text, &links);
    let html = if language.starts_with("fr") {
        french_html(&html)
    } else {
        html
    };
    Ok(Rendered {
        html: html.into_string(),
        mentioned: named.people(),
    })
}

/// The people named in a comment of ours, found again from its source.
pub(crate) async fn mentioned_in(ctx: &Ctx, comment: &Comment) -> Result<Vec<Actor>, StoreError> {
    match &comment.source {
        Some(source) => Ok(render(ctx, source, &comment.language).await?.mentioned),
        None => Ok(Vec::new()),
    }
}

/// The rule under which a new comment on this subject stands: the stricter of the commune's and its own.
pub(crate) async fn mode_in(tx: &mut Tx, subject: &Subject) -> Result<CommentMode, StoreError> {
    // A private circle has rules of its own.
    let of_commune = match &subject.commune {
        Some(commune) if subject.private_circle().is_none() => {
            store::rules::of_commune_in(tx, commune).await?
        }
        _ => None,
    };
    Ok(subject.mode.stricter(of_commune.unwrap_or(CommentMode::Open)))
}

/// A comment that may be written, not stored yet.
#[derive(Debug)]
pub struct Drafted {
    comment: Comment,
    subject: Subject,
    by: Actor,
    town_hall: bool,
    waits: bool,
    around: super::telling::Around,
}

/// Comments on a subject, or answers a comment on it.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn comment(
    ctx: &Ctx,
    by: &Participant,
    subject: &Subject,
    new: NewComment,
) -> Result<Comment, DiscussionError> {
    let drafted = draft_comment(ctx, by, subject, new).await?;
    let mut tx = ctx.db.begin().await?;
    let comment = comment_in(ctx, &mut tx, drafted).await?;
    tx.commit().await?;
    Ok(comment)
}

/// The first half of [`comment`], before a transaction: whether it may be written, and how it reads.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn draft_comment(
    ctx: &Ctx,
    by: &Participant,
    subject: &Subject,
    new: NewComment,
) -> Result<Drafted, DiscussionError> {
    let text = text_of_comment(&new.text)?;
    let summary = warning_of_comment(&new.summary)?;
    if by.actor.suspended || by.actor.deleted_at.is_some() {
        return Err(DiscussionRefusal::Suspended.into());
    }
    if !reading::may_read(ctx, Some(by), subject).await? {
        return Err(DiscussionRefusal::Missing.into());
    }
    if would_leave(&by.actor, subject, subject.local) {
        return Err(DiscussionRefusal::WouldLeave.into());
    }
    let admitted = match &subject.circle {
        Some(circle) => around_circle::admitted(ctx, by, circle).await?,
        None => Admitted::Freely,
    };
    let parent = answered(ctx, by, subject, new.parent).await?;
    let rendered = render(ctx, text, &new.language).await?;
    let now = ctx.clock.now();
    let id = CommentId::new(ctx);
    let comment = Comment {
        id,
        uri: objects::uri(ctx, COMMENTS, id),
        html: rendered.html,
        source: Some(text.to_owned()),
        summary,
        language: new.language,
        url: None,
        created_at: now,
        delegated: by.delegated,
        ..blank(subject, parent.as_ref(), &by.actor, id)
    };
    let town_hall = is_town_hall(ctx, by, subject).await?;
    let around = around(ctx, &comment, subject, rendered.mentioned).await?;
    Ok(Drafted {
        comment,
        subject: subject.clone(),
        by: by.actor.clone(),
        town_hall,
        waits: admitted == Admitted::Waiting,
        around,
    })
}

/// The second half of [`comment`], in a transaction of the caller's.
///
/// # Errors
/// [`DiscussionRefusal::Closed`] when comments were closed meanwhile.
pub async fn comment_in(ctx: &Ctx, tx: &mut Tx, drafted: Drafted) -> Result<Comment, DiscussionError> {
    let Drafted {
        mut comment,
        subject,
        by,
        town_hall,
        waits,
        around,
    } = drafted;
    settle(tx, &mut comment, &subject, town_hall).await?;
    if waits {
        comment.state = CommentState::Held;
    }
    store::comments::insert(tx, &comment).await?;
    if comment.state == CommentState::Shown {
        tell_people(ctx, tx, &comment, &subject, &around).await?;
        tell_servers(ctx, tx, &mut comment, &by, &around).await?;
    } else {
        tell_desk(ctx, tx, &subject.under(), comment.target(), Some(by.id)).await?;
    }
    Ok(comment)
}

/// What every new comment has, its words aside.
pub(super) fn blank(subject: &Subject, parent: Option<&Comment>, author: &Actor, id: CommentId) -> Comment {
    // Other servers are pointed at what they can read.
    let in_reply_to = match parent {
        Some(parent) if parent.told_at.is_some() => parent.uri.clone(),
        Some(parent) => parent.in_reply_to.clone(),
        None => subject.uri.clone(),
    };
    let visibility = match parent {
        Some(parent) if parent.visibility == Visibility::Unlisted && subject.visibility.is_open() => {
            Visibility::Unlisted
        }
        _ => subject.visibility,
    };
    Comment {
        id,
        uri: String::new(),
        subject_kind: subject.target.kind.to_owned(),
        subject_id: subject.target.id,
        parent_id: parent.map(|parent| parent.id),
        root_id: parent.map_or(id, |parent| parent.root_id),
        actor_id: author.id,
        delegated: false,
        commune: subject.under().key(),
        in_reply_to,
        context: match parent {
            Some(parent) => parent.context.clone(),
            None if subject.local => Some(format!("{}/context", subject.uri)),
            None => None,
        },
        html: String::new(),
        source: None,
        summary: String::new(),
        language: String::new(),
        visibility,
        narrow: parent.is_some_and(|parent| parent.narrow),
        state: CommentState::Shown,
        url: None,
        created_at: Timestamp::default(),
        edited_at: None,
        told_at: None,
    }
}

/// The comment that is answered, if this participant may read it and it is there to be answered.
async fn answered(
    ctx: &Ctx,
    by: &Participant,
    subject: &Subject,
    parent: Option<CommentId>,
) -> Result<Option<Comment>, DiscussionError> {
    let Some(id) = parent else {
        return Ok(None);
    };
    let parent = store::comments::by_id(&ctx.db, id)
        .await?
        .filter(|parent| parent.subject_kind == subject.target.kind && parent.subject_id == subject.target.id)
        .filter(|parent| parent.state == CommentState::Shown)
        .ok_or(DiscussionRefusal::Missing)?;
    if !reading::may_read_comment(ctx, Some(by), &parent, subject).await? {
        return Err(DiscussionRefusal::Missing.into());
    }
    Ok(Some(parent))
}

/// Decides how a new comment stands.
pub(super) async fn settle(
    tx: &mut Tx,
    comment: &mut Comment,
    subject: &Subject,
    town_hall: bool,
) -> Result<(), DiscussionError> {
    let known = store::comments::was_shown(tx, comment.actor_id, comment.commune.as_deref()).await?;
    comment.state = mode_in(tx, subject)
        .await?
        .state_of_new(town_hall, known)
        .ok_or(DiscussionRefusal::Closed)?;
    Ok(())
}

/// Edits one's own comment; what it said before is kept and can be read.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn edit_comment(
    ctx: &Ctx,
    subjects: &Subjects,
    by: &Participant,
    id: CommentId,
    edit: Edit,
) -> Result<Comment, DiscussionError> {
    let text = text_of_comment(&edit.text)?;
    let summary = warning_of_comment(&edit.summary)?;
    let (known, subject) = own_comment(ctx, subjects, by, id).await?;
    if would_leave(&by.actor, &subject, subject.local) {
        return Err(DiscussionRefusal::WouldLeave.into());
    }
    let rendered = render(ctx, text, &edit.language).await?;
    let town_hall = is_town_hall(ctx, by, &subject).await?;
    let around = around(ctx, &known, &subject, rendered.mentioned).await?;
    let mut tx = ctx.db.begin().await?;
    let old = still_there(&mut tx, id).await?;
    let mut new = Comment {
        html: rendered.html,
        source: Some(text.to_owned()),
        summary,
        language: edit.language,
        ..old.clone()
    };
    if old.source == new.source && old.summary == new.summary && old.language == new.language {
        return Ok(old);
    }
    let next = old.written_at().plus(Duration::from_millis(1));
    new.edited_at = Some(ctx.clock.now().max(next));
    if old.state == CommentState::Shown && !town_hall {
        // Where everything is read first, so are new words.
        if mode_in(&mut tx, &subject).await? == CommentMode::AllHeld {
            new.state = CommentState::Held;
        }
    }
    store::comments::rewrite(&mut tx, &old, &new).await?;
    match (old.state, new.state) {
        (_, CommentState::Shown) => tell_servers(ctx, &mut tx, &mut new, &by.actor, &around).await?,
        (CommentState::Shown, CommentState::Held) => {
            tell_desk(ctx, &mut tx, &subject.under(), new.target(), Some(by.actor.id)).await?;
        }
        _ => {}
    }
    tx.commit().await?;
    Ok(new)
}

/// The comment and its subject, if this participant wrote it and may still change it.
async fn own_comment(
    ctx: &Ctx,
    subjects: &Subjects,
    by: &Participant,
    id: CommentId,
) -> Result<(Comment, Subject), DiscussionError> {
    let (comment, subject) = reading::comment_and_subject(ctx, subjects, id)
        .await?
        .filter(|(comment, _)| comment.state != CommentState::Deleted)
        .ok_or(DiscussionRefusal::Missing)?;
    if comment.actor_id != by.actor.id {
        // Whoever may not read it does not learn that it is there.
        let may_read = reading::may_read(ctx, Some(by), &subject).await?
            && reading::may_read_comment(ctx, Some(by), &comment, &subject).await?;
        return Err(if may_read {
            DiscussionRefusal::NotYours.into()
        } else {
            DiscussionRefusal::Missing.into()
        });
    }
    Ok((comment, subject))
}

async fn still_there(tx: &mut Tx, id: CommentId) -> Result<Comment, DiscussionError> {
    let comment = store::comments::locked(tx, id)
        .await?
        .ok_or(DiscussionRefusal::Missing)?;
    match comment.state {
        CommentState::Deleted => Err(DiscussionRefusal::Missing.into()),
        CommentState::Hidden => Err(DiscussionRefusal::Moderated.into()),
        CommentState::Shown | CommentState::Held => Ok(comment),
    }
}

/// Deletes one's own comment for good. Answers to it stay, under a line that says it was here.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn delete_comment(
    ctx: &Ctx,
    subjects: &Subjects,
    by: &Participant,
    id: CommentId,
) -> Result<(), DiscussionError> {
    let (known, subject) = own_comment(ctx, subjects, by, id).await?;
    let around = around(ctx, &known, &subject, mentioned_in(ctx, &known).await?).await?;
    let mut tx = ctx.db.begin().await?;
    let mut comment = store::comments::locked(&mut tx, id)
        .await?
        .filter(|comment| comment.state != CommentState::Deleted)
        .ok_or(DiscussionRefusal::Missing)?;
    // What other servers never knew of is not gone for them either.
    if comment.told_at.is_some() {
        actors::bury(&mut tx, &comment.uri, "Note", ctx.clock.now()).await?;
    }
    untell_servers(ctx, &mut tx, &mut comment, &by.actor, &around).await?;
    erase(&mut tx, &comment).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes the words and what was said of them.
pub(super) async fn erase(tx: &mut Tx, comment: &Comment) -> Result<(), StoreError> {
    store::comments::erase(tx, comment.id).await?;
    store::attachments::remove(tx, comment.id).await?;
    store::labels::remove(tx, comment.id).await?;
    store::reactions::remove_all(tx, Reaction::Like, comment.target()).await?;
    store::reactions::remove_all(tx, Reaction::Share, comment.target()).await?;
    notifications::retract(tx, COMMENTS, comment.id.0).await
}
