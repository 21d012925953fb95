//! Comments of other servers: taken in, changed, taken back; and what the gone leave behind.

use federation::{Actor, Ctx, Visibility, actors};
use platform::text::Html;
use platform::{StoreError, Timestamp, Tx};
use serde_json::Value;

use super::around_circle::{self, Admitted, pass_on, withdraw};
use super::telling::{around, tell_desk, tell_people};
use super::writing::{blank, erase, mode_in, settle};
use super::{DiscussionError, is_town_hall};
use crate::circles;
use crate::model::{Attachment, Comment, CommentId, CommentMode, CommentState, Labels, Participant, Subject};
use crate::store;
use crate::store::reactions::Reaction;

/// A comment of another server, read from its document.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub(crate) uri: String,
    pub(crate) html: Html,
    pub(crate) summary: String,
    pub(crate) language: String,
    pub(crate) visibility: Visibility,
    pub(crate) in_reply_to: String,
    pub(crate) context: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) published_at: Timestamp,
    pub(crate) updated_at: Option<Timestamp>,
    pub(crate) mentioned: Vec<Actor>,
    /// What hangs on it; the comment they name is not known yet.
    pub(crate) attachments: Vec<Attachment>,
    /// Whom it names, and its hashtags.
    pub(crate) labels: Labels,
    /// Nobody's comments of this server are shown before they were read.
    pub(crate) is_limited: bool,
    /// The activity with which it came, when it came from its author.
    pub(crate) activity: Option<Value>,
    /// Its author deleted it and restored it; its own server shows it again.
    pub(crate) is_restored: bool,
}

/// What came of a comment of another server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is kept now.
    Kept,
    /// Its words were changed.
    Changed,
    /// We have it, or something newer.
    Known,
    /// Its author took it back before.
    Gone,
    /// It is somebody else's.
    NotTheirs,
    /// Comments are closed here.
    Closed,
}

/// Takes in a comment of another server, or newer words of one that is kept already.
pub(crate) async fn comment_from_elsewhere(
    ctx: &Ctx,
    author: &Actor,
    subject: &Subject,
    parent: Option<&Comment>,
    incoming: Incoming,
    is_edit: bool,
) -> Result<Taken, StoreError> {
    let now = ctx.clock.now();
    let id = CommentId::new(ctx);
    let narrow = !incoming.visibility.is_open() && subject.private_circle().is_none();
    let guest = Participant::guest(author.clone());
    let admitted = match &subject.circle {
        Some(circle) => match around_circle::admitted(ctx, &guest, circle).await {
            Ok(admitted) => admitted,
            Err(DiscussionError::Refused(_)) => return Ok(Taken::Closed),
            Err(DiscussionError::Store(error)) => return Err(error),
        },
        None => Admitted::Freely,
    };
    let common = blank(subject, parent, author, id);
    let mut comment = Comment {
        uri: incoming.uri,
        in_reply_to: incoming.in_reply_to,
        context: incoming.context.or(common.context.clone()),
        html: incoming.html.into_string(),
        summary: incoming.summary,
        language: incoming.language,
        visibility: match subject.private_circle() {
            Some(_) => subject.visibility,
            None => narrower(incoming.visibility, common.visibility),
        },
        narrow: narrow || common.narrow,
        url: incoming.url,
        created_at: incoming.published_at.min(now),
        edited_at: incoming.updated_at.filter(|at| *at > incoming.published_at),
        // Its own server serves it.
        told_at: Some(now),
        ..common
    };
    let around = around(ctx, &comment, subject, incoming.mentioned).await?;
    let town_hall = is_town_hall(ctx, &guest, subject).await?;
    let mut tx = ctx.db.begin().await?;
    store::gone::lock(&mut tx, &comment.uri).await?;
    if incoming.is_restored {
        store::gone::unmark(&mut tx, &author.uri, &comment.uri).await?;
        actors::unbury(&mut tx, &comment.uri, &author.uri).await?;
    }
    if store::gone::is_marked(&mut tx, &author.uri, &comment.uri).await? {
        return Ok(Taken::Gone);
    }
    if let Some(known) = store::comments::by_uri_in(&mut tx, &comment.uri).await? {
        if incoming.is_restored && known.state == CommentState::Deleted && known.actor_id == author.id {
            // Where comments are closed or read first, that holds for what comes back too.
            if let Err(error) = settle(&mut tx, &mut comment, subject, town_hall).await {
                return match error {
                    DiscussionError::Refused(_) => Ok(Taken::Closed),
                    DiscussionError::Store(error) => Err(error),
                };
            }
            store::comments::revive(&mut tx, known.id, &comment).await?;
            store::attachments::replace(&mut tx, known.id, &incoming.attachments).await?;
            store::labels::replace(&mut tx, known.id, &incoming.labels).await?;
            tx.commit().await?;
            return Ok(Taken::Changed);
        }
        let hold = !town_hall && mode_in(&mut tx, subject).await? == CommentMode::AllHeld;
        let taken = update(&mut tx, &known, comment, is_edit, hold).await?;
        if taken == Taken::Changed {
            store::attachments::replace(&mut tx, known.id, &incoming.attachments).await?;
            store::labels::replace(&mut tx, known.id, &incoming.labels).await?;
        }
        if taken == Taken::Changed && hold {
            tell_desk(ctx, &mut tx, &subject.under(), known.target(), Some(author.id)).await?;
        }
        if let (Taken::Changed, false, Some(circle)) = (taken, hold, &subject.circle)
            && known.state == CommentState::Shown
        {
            pass_on(ctx, &mut tx, circle, incoming.activity.as_ref(), None).await?;
        }
        tx.commit().await?;
        return Ok(taken);
    }
    match settle(&mut tx, &mut comment, subject, town_hall).await {
        Ok(()) => {}
        Err(DiscussionError::Refused(_)) => return Ok(Taken::Closed),
        Err(DiscussionError::Store(error)) => return Err(error),
    }
    if incoming.is_limited || admitted == Admitted::Waiting {
        comment.state = CommentState::Held;
    }
    store::comments::insert(&mut tx, &comment).await?;
    store::attachments::replace(&mut tx, comment.id, &incoming.attachments).await?;
    store::labels::replace(&mut tx, comment.id, &incoming.labels).await?;
    if comment.state == CommentState::Shown {
        tell_people(ctx, &mut tx, &comment, subject, &around).await?;
        if let Some(circle) = subject.circle.as_ref().filter(|_| !comment.narrow) {
            pass_on(
                ctx,
                &mut tx,
                circle,
                incoming.activity.as_ref(),
                Some(&comment.uri),
            )
            .await?;
        }
    } else {
        tell_desk(ctx, &mut tx, &subject.under(), comment.target(), Some(author.id)).await?;
    }
    tx.commit().await?;
    Ok(Taken::Kept)
}

/// Newer words of a comment that is kept: only its author's, and only if they are newer than those we have.
async fn update(
    tx: &mut Tx,
    known: &Comment,
    newer: Comment,
    is_edit: bool,
    hold: bool,
) -> Result<Taken, StoreError> {
    let Some(known) = store::comments::locked(tx, known.id).await? else {
        return Ok(Taken::Gone);
    };
    if known.actor_id != newer.actor_id {
        return Ok(Taken::NotTheirs);
    }
    if known.state == CommentState::Deleted {
        return Ok(Taken::Gone);
    }
    let is_newer = newer.edited_at.is_some_and(|at| at > known.written_at());
    if !is_edit || !is_newer {
        return Ok(Taken::Known);
    }
    let changed = Comment {
        html: newer.html,
        summary: newer.summary,
        language: newer.language,
        url: newer.url,
        edited_at: newer.edited_at,
        state: if hold && known.state == CommentState::Shown {
            CommentState::Held
        } else {
            known.state
        },
        ..known.clone()
    };
    store::comments::rewrite(tx, &known, &changed).await?;
    Ok(Taken::Changed)
}

fn narrower(one: Visibility, other: Visibility) -> Visibility {
    let rank = |visibility| match visibility {
        Visibility::Public => 0,
        Visibility::Unlisted => 1,
        Visibility::Followers => 2,
        Visibility::Residents => 3,
        Visibility::Direct => 4,
    };
    if rank(one) >= rank(other) { one } else { other }
}

/// Another server's author takes a comment back, whether it arrived or not: a late `Create` of it has no
/// effect any more.
pub(crate) async fn delete_from_elsewhere(
    ctx: &Ctx,
    author: &Actor,
    uri: &str,
    activity: Option<&Value>,
) -> Result<bool, StoreError> {
    // What stands on another server is not hers to delete, now or before it comes.
    if !federation::address::same_origin(&author.uri, uri) {
        return Ok(false);
    }
    let before = store::comments::by_uri(&ctx.db, uri).await?;
    let desk = before.as_ref().and_then(|comment| comment.commune.as_deref());
    let circle = circles::at_desk(ctx, desk).await?;
    let mut tx = ctx.db.begin().await?;
    store::gone::lock(&mut tx, uri).await?;
    let known = store::comments::by_uri_in(&mut tx, uri).await?;
    if known
        .as_ref()
        .is_some_and(|comment| comment.actor_id != author.id)
    {
        return Ok(false);
    }
    store::gone::mark(&mut tx, &author.uri, uri, ctx.clock.now()).await?;
    let theirs = known.filter(|comment| comment.state != CommentState::Deleted);
    if let Some(comment) = &theirs {
        store::comments::locked(&mut tx, comment.id).await?;
        erase(&mut tx, comment).await?;
        if let Some(circle) = circle.filter(|_| comment.state == CommentState::Shown) {
            withdraw(ctx, &mut tx, &circle, uri, activity).await?;
        }
    }
    tx.commit().await?;
    Ok(theirs.is_some())
}

/// Empties what somebody of another server wrote, and removes what she liked and shared: she is gone.
pub(crate) async fn forget_actor(ctx: &Ctx, actor: &Actor) -> Result<(), StoreError> {
    loop {
        let ids = store::comments::ids_of_actor(&ctx.db, actor.id, 200).await?;
        let mut tx = ctx.db.begin().await?;
        for id in &ids {
            if let Some(comment) = store::comments::locked(&mut tx, *id).await? {
                erase(&mut tx, &comment).await?;
            }
        }
        if ids.is_empty() {
            store::reactions::remove_of_actor(&mut tx, Reaction::Like, actor.id).await?;
            store::reactions::remove_of_actor(&mut tx, Reaction::Share, actor.id).await?;
        }
        tx.commit().await?;
        if ids.is_empty() {
            return Ok(());
        }
    }
}

/// Empties what people who are gone for good wrote, and removes what they liked and shared.
pub(crate) async fn forget_the_gone(ctx: &Ctx) -> Result<(), StoreError> {
    loop {
        let ids = store::comments::of_the_gone(&ctx.db, 200).await?;
        let mut tx = ctx.db.begin().await?;
        for id in &ids {
            if let Some(comment) = store::comments::locked(&mut tx, *id).await? {
                erase(&mut tx, &comment).await?;
            }
        }
        if ids.is_empty() {
            store::reactions::forget_gone(&mut tx, Reaction::Like).await?;
            store::reactions::forget_gone(&mut tx, Reaction::Share).await?;
        }
        tx.commit().await?;
        if ids.is_empty() {
            return Ok(());
        }
    }
}
