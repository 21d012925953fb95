//! Taking a post from sight and showing it again, as moderators decide (`discussion` asks who may).

use federation::{Audience, Ctx, Visibility, actors, outbox};
use platform::media::{self, MediaId};
use platform::{StoreError, Tx};

use super::mentioned_by;
use super::publishing::say_note;
use super::removing::unsay;
use crate::federation::KIND;
use crate::model::{Post, PostId, PostState};
use crate::store::{self, Attachment};

/// Hides a published post, or shows a hidden one; `false` when there is nothing to hide or show.
///
/// One of ours is taken back from other servers and given to them again. Another server's is hidden here only:
/// what its own server shows is not ours to decide.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn set_hidden(ctx: &Ctx, tx: &mut Tx, id: PostId, hidden: bool) -> Result<bool, StoreError> {
    let Some(mut post) = store::by_id_for_change(tx, id).await? else {
        return Ok(false);
    };
    let (from, to) = if hidden {
        (PostState::Published, PostState::Hidden)
    } else {
        (PostState::Hidden, PostState::Published)
    };
    if post.state != from {
        return Ok(hidden && post.state == PostState::Hidden);
    }
    post.state = to;
    store::update_post(tx, id, &post).await?;
    let attachments = store::attachments_in(tx, id).await?;
    for upload in attachments.iter().filter_map(|attachment| attachment.media_id) {
        media::withhold(tx, MediaId(upload), hidden).await?;
    }
    if hidden {
        notifications::retract(tx, KIND, id.0).await?;
        discussion::subject_gone(tx, KIND, id.0).await?;
    }
    if post.local {
        tell_servers(ctx, tx, &post, &attachments).await?;
    }
    Ok(true)
}

async fn tell_servers(
    ctx: &Ctx,
    tx: &mut Tx,
    post: &Post,
    attachments: &[Attachment],
) -> Result<(), StoreError> {
    let Some(office) = actors::by_id_in(tx, post.actor_id).await? else {
        return Ok(());
    };
    if post.visibility == Visibility::Residents {
        return Ok(());
    }
    if post.state == PostState::Hidden {
        return unsay(ctx, tx, &office, post).await;
    }
    let mentioned = mentioned_by(ctx, post.source.as_deref().unwrap_or_default()).await?;
    let audience = Audience::of(&office, post.visibility, &mentioned);
    outbox::undo_delete(ctx, tx, &office, &post.uri, &audience).await?;
    say_note(ctx, tx, "Create", &office, post, attachments, &mentioned).await
}
