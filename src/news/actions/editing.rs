//! Changing what a post says, and where it stands.

use std::time::Duration;

use federation::{Audience, Ctx, Visibility, outbox};
use platform::Timestamp;
use platform::queue::{self, When};
use platform::text;
use serde_json::json;

use super::publishing::{publish_now, say_note};
use super::{PostError, Written, own_post, refuse};
use crate::author::Author;
use crate::media;
use crate::model::{
    LONGEST_TITLE, LONGEST_WARNING, MOST_PINNED, NewPost, Post, PostId, PostRefusal, PostState, Publication,
};
use crate::store;
use crate::tasks::PublishScheduled;

/// Changes a post. A published one keeps what it said before, and its followers elsewhere are told.
///
/// `seen` is the last change the editor had before its eyes; a later one is not overwritten.
///
/// # Errors
/// [`PostError::Refused`]: missing, not the author's commune, changed meanwhile, or faulty.
pub async fn edit_post(
    ctx: &Ctx,
    author: &Author,
    id: PostId,
    new: NewPost,
    seen: Option<Timestamp>,
) -> Result<Post, PostError> {
    let now = ctx.clock.now();
    let written = Written::of(ctx, &new).await?;
    let mut tx = ctx.db.begin().await?;
    let mut post = own_post(&mut tx, author, id).await?;
    if seen.is_some_and(|seen| post.edited_at.is_some_and(|edited| edited > seen)) {
        return Err(PostRefusal::Changed.into());
    }
    if post.state == PostState::Hidden {
        return Err(PostRefusal::Moderated.into());
    }
    let published = post.state == PostState::Published;
    let mut checked = new.clone();
    if published {
        // What is out cannot become a draft again, nor wider or narrower: others have it already.
        checked.publication = Publication::Now;
        checked.visibility = post.visibility;
    }
    refuse(checked.refusals(now))?;
    if published {
        store::insert_revision(&mut tx, &post).await?;
        post.edited_at = Some(strictly_after(now, post.edited_at.or(post.published_at)));
    } else {
        post.visibility = new.visibility;
    }
    post.title = text::clean_line(&new.title, LONGEST_TITLE);
    post.source = Some(new.source.clone());
    written.html.as_str().clone_into(&mut post.html);
    post.summary = text::clean_line(&new.summary, LONGEST_WARNING);
    post.sensitive = new.sensitive || !post.summary.is_empty();
    post.language.clone_from(&new.language);
    post.topic = new.topic;
    post.comment_mode = new.comment_mode;
    post.card_url.clone_from(&written.card_url);
    if !published {
        (post.state, post.scheduled_at) = match new.publication {
            Publication::At(at) => (PostState::Scheduled, Some(at)),
            Publication::Draft | Publication::Now => (PostState::Draft, None),
        };
    }
    store::update_post(&mut tx, id, &post).await?;
    store::set_tags(&mut tx, post.id, &written.tags).await?;
    let attachments = media::replace(ctx, &mut tx, author, &post, &new.attachments).await?;
    if published {
        let (office, named) = (&author.office, &written.mentioned);
        say_note(ctx, &mut tx, "Update", office, &post, &attachments, named).await?;
    } else if new.publication == Publication::Now {
        post = publish_now(ctx, &mut tx, id).await?;
    } else if let Some(at) = post.scheduled_at {
        let when = When::at(at).once(format!("news.publish {} {at}", post.id));
        queue::enqueue::<Ctx, _>(ctx, &mut tx, &PublishScheduled { post: post.id }, when).await?;
    }
    tx.commit().await?;
    Ok(post)
}

/// Readers elsewhere take a change only when its instant is later than the last they know.
fn strictly_after(now: Timestamp, before: Option<Timestamp>) -> Timestamp {
    let next_second = |at: Timestamp| at.plus(Duration::from_secs(1));
    before.map_or(now, |before| now.max(next_second(before)))
}

/// Puts a post at the top of its author's page, or takes it down.
///
/// # Errors
/// [`PostRefusal::NotPinnable`] when it is not published for everybody, or enough others are pinned.
pub async fn pin_post(ctx: &Ctx, author: &Author, id: PostId, pinned: bool) -> Result<Post, PostError> {
    let others = store::pinned(&ctx.db, author.office.id).await?;
    let mut tx = ctx.db.begin().await?;
    let mut post = own_post(&mut tx, author, id).await?;
    if post.pinned_at.is_some() == pinned {
        return Ok(post);
    }
    let room = others.iter().filter(|other| other.id != id).count() < MOST_PINNED;
    if pinned && !(post.state == PostState::Published && post.visibility.is_open() && room) {
        return Err(PostRefusal::NotPinnable.into());
    }
    post.pinned_at = pinned.then(|| ctx.clock.now());
    store::update_post(&mut tx, id, &post).await?;
    let audience = Audience::of(&author.office, Visibility::Public, &[]);
    let kind = if pinned { "Add" } else { "Remove" };
    let activity = json!({ "type": kind, "object": post.uri, "target": author.office.featured });
    outbox::say(ctx, &mut tx, &author.office, activity, &audience).await?;
    tx.commit().await?;
    Ok(post)
}
