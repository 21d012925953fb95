//! Deleting a post for good.

use federation::{Actor, Audience, Ctx, Visibility, actors, outbox};
use platform::{StoreError, Timestamp, Tx};
use serde_json::json;

use super::{PostError, mentioned_by, own_post};
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
    let was_out = post.published_at.is_some();
    wipe(&mut post, now);
    store::update_post(&mut tx, id, &post).await?;
    store::remove_revisions(&mut tx, id).await?;
    store::set_tags(&mut tx, id, &[]).await?;
    media::detach(ctx, &mut tx, id).await?;
    notifications::retract(&mut tx, KIND, id.0).await?;
    discussion::subject_gone(&mut tx, KIND, id.0).await?;
    if was_out && post.visibility != Visibility::Residents {
        actors::bury(&mut tx, &post.uri, "Note", now).await?;
    }
    if before.state == PostState::Published {
        unsay(ctx, &mut tx, &author.office, &before).await?;
    }
    tx.commit().await?;
    Ok(before)
}

/// Asks other servers to forget a post; what is for residents they never had.
pub(super) async fn unsay(ctx: &Ctx, tx: &mut Tx, office: &Actor, post: &Post) -> Result<(), StoreError> {
    if post.visibility == Visibility::Residents {
        return Ok(());
    }
    outbox::unlist(tx, office.id, &post.uri).await?;
    // Those it names have it too, whether they follow or not.
    let mentioned = mentioned_by(ctx, post.source.as_deref().unwrap_or_default()).await?;
    let audience = Audience::of(office, post.visibility, &mentioned);
    let tombstone = json!({ "id": post.uri, "type": "Tombstone", "formerType": "Note" });
    let activity = json!({ "type": "Delete", "object": tombstone });
    outbox::say(ctx, tx, office, activity, &audience).await?;
    Ok(())
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
