//! Deleting a post for good.

use federation::{Audience, Ctx, Visibility, actors, outbox};
use platform::Timestamp;
use serde_json::json;

use super::{PostError, own_post};
use crate::author::Author;
use crate::federation::KIND;
use crate::model::{Post, PostId, PostState};
use crate::{media, store};

/// Deletes a post for good: its text and pictures go, its address answers 410, its followers are told.
///
/// # Errors
/// [`PostError::Refused`] when it is missing or another's.
pub async fn delete_post(ctx: &Ctx, author: &Author, id: PostId) -> Result<Post, PostError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let mut post = own_post(&mut tx, author, id).await?;
    let before = post.clone();
    let was_published = post.state == PostState::Published;
    wipe(&mut post, now);
    store::update_post(&mut tx, id, &post).await?;
    store::remove_revisions(&mut tx, id).await?;
    store::set_tags(&mut tx, id, &[]).await?;
    media::detach(ctx, &mut tx, id).await?;
    notifications::retract(&mut tx, KIND, id.0).await?;
    discussion::subject_gone(&mut tx, KIND, id.0).await?;
    if was_published && post.visibility != Visibility::Residents {
        actors::bury(&mut tx, &post.uri, "Note", now).await?;
        outbox::unlist(&mut tx, author.office.id, &post.uri).await?;
        let audience = Audience::of(&author.office, post.visibility, &[]);
        let tombstone = json!({ "id": post.uri, "type": "Tombstone", "formerType": "Note" });
        outbox::say(
            ctx,
            &mut tx,
            &author.office,
            json!({ "type": "Delete", "object": tombstone }),
            &audience,
        )
        .await?;
    }
    tx.commit().await?;
    Ok(before)
}

/// Leaves of a deleted post only that it was.
pub(crate) fn wipe(post: &mut Post, now: Timestamp) {
    post.state = PostState::Deleted;
    post.title = String::new();
    post.source = None;
    post.html = String::new();
    post.summary = String::new();
    post.card_url = None;
    post.pinned_at = None;
    post.scheduled_at = None;
    post.edited_at = Some(now);
}
