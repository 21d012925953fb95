//! Publishing: at once, at the chosen moment, or not yet.

use federation::{Actor, Audience, Ctx, Visibility, actors, objects, outbox};
use platform::queue::{self, When};
use platform::text;
use platform::{StoreError, Timestamp, Tx};
use serde_json::json;

use super::written::mentioned_by;
use super::{PostError, Written, refuse};
use crate::author::Author;
use crate::federation::{KIND, page_of_in};
use crate::model::{
    LONGEST_TITLE, LONGEST_WARNING, NewPost, Post, PostId, PostRefusal, PostState, Publication,
};
use crate::store::{self, Attachment};
use crate::tasks::{FetchCard, PublishScheduled};
use crate::{federation as wire, media};

/// Publishes a post, schedules it, or keeps it as a draft.
///
/// # Errors
/// [`PostError::Refused`] with every fault of it; then nothing is stored.
pub async fn publish_post(ctx: &Ctx, author: &Author, new: NewPost) -> Result<Post, PostError> {
    let now = ctx.clock.now();
    refuse(new.refusals(now))?;
    let written = Written::of(ctx, &new).await?;
    let mut tx = ctx.db.begin().await?;
    let post = insert(ctx, &mut tx, author, &new, &written, now).await?;
    tx.commit().await?;
    Ok(post)
}

/// [`publish_post`] in a transaction of the caller's, which has looked at the refusals.
///
/// # Errors
/// [`PostError`] as above.
pub async fn publish_in(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    new: &NewPost,
    written: &Written,
) -> Result<Post, PostError> {
    let now = ctx.clock.now();
    refuse(new.refusals(now))?;
    insert(ctx, tx, author, new, written, now).await
}

async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    new: &NewPost,
    written: &Written,
    now: Timestamp,
) -> Result<Post, PostError> {
    let id = PostId::new(ctx);
    let title = text::clean_line(&new.title, LONGEST_TITLE);
    let mut post = Post {
        id,
        uri: objects::uri(ctx, KIND, id),
        actor_id: author.office.id,
        commune: Some(author.commune.clone()),
        local: true,
        account_id: Some(author.account_id),
        byline: author.byline.clone(),
        delegated: author.delegated,
        title,
        source: Some(new.source.clone()),
        html: written.html.as_str().to_owned(),
        summary: text::clean_line(&new.summary, LONGEST_WARNING),
        sensitive: new.sensitive || !new.summary.trim().is_empty(),
        language: new.language.clone(),
        topic: new.topic,
        visibility: new.visibility,
        comment_mode: new.comment_mode,
        state: PostState::Draft,
        scheduled_at: None,
        published_at: None,
        edited_at: None,
        pinned_at: None,
        url: None,
        card_url: written.card_url.clone(),
        in_reply_to: None,
        created_at: now,
    };
    match new.publication {
        Publication::Draft => {}
        Publication::At(at) => {
            post.state = PostState::Scheduled;
            post.scheduled_at = Some(at);
        }
        Publication::Now => {
            post.state = PostState::Published;
            post.published_at = Some(now);
        }
    }
    store::insert_post(tx, &post).await?;
    store::set_tags(tx, post.id, &written.tags).await?;
    let attachments = media::attach(tx, author, &post, &new.attachments).await?;
    match new.publication {
        Publication::Draft => {}
        Publication::At(at) => {
            let when = When::at(at).once(format!("news.publish {}", post.id));
            queue::enqueue::<Ctx, _>(ctx, tx, &PublishScheduled { post: post.id }, when).await?;
        }
        Publication::Now => {
            announce(ctx, tx, &author.office, &post, &attachments, &written.mentioned).await?;
        }
    }
    Ok(post)
}

/// Tells everybody that a post is there: followers elsewhere, people here; has its card read.
pub(crate) async fn announce(
    ctx: &Ctx,
    tx: &mut Tx,
    office: &Actor,
    post: &Post,
    attachments: &[Attachment],
    mentioned: &[Actor],
) -> Result<(), StoreError> {
    say_note(ctx, tx, "Create", office, post, attachments, mentioned).await?;
    crate::notices::new_post(ctx, tx, office, post).await?;
    if post.card_url.is_some() {
        let when = When::now().once(format!("news.card {}", post.id));
        queue::enqueue::<Ctx, _>(ctx, tx, &FetchCard { post: post.id }, when).await?;
    }
    Ok(())
}

/// Says a post to other servers: `Create` or `Update`. What is for residents does not leave.
pub(super) async fn say_note(
    ctx: &Ctx,
    tx: &mut Tx,
    verb: &str,
    office: &Actor,
    post: &Post,
    attachments: &[Attachment],
    mentioned: &[Actor],
) -> Result<(), StoreError> {
    if post.visibility == Visibility::Residents {
        return Ok(());
    }
    let tags = store::tags_in(tx, post.id).await?;
    let audience = Audience::of(office, post.visibility, mentioned);
    let page = page_of_in(tx, post).await?;
    let note = wire::note(ctx, office, post, attachments, &tags, mentioned, &audience, &page);
    outbox::say(
        ctx,
        tx,
        office,
        json!({ "type": verb, "object": note }),
        &audience,
    )
    .await?;
    Ok(())
}

/// Publishes a draft or a scheduled post now. Its id changes, so that ids sort posts by publication.
///
/// # Errors
/// [`PostRefusal::Missing`] when there is none; a draft that is not complete is refused like a new post.
pub async fn publish_now(ctx: &Ctx, tx: &mut Tx, id: PostId) -> Result<Post, PostError> {
    let found = store::by_id_for_change(tx, id).await?;
    let mut post = found.filter(|post| matches!(post.state, PostState::Draft | PostState::Scheduled));
    let Some(mut post) = post.take() else {
        return Err(PostRefusal::Missing.into());
    };
    let office = actors::by_id_in(tx, post.actor_id)
        .await?
        .ok_or(StoreError::NotFound("actor"))?;
    let now = ctx.clock.now();
    post.id = PostId::new(ctx);
    post.uri = objects::uri(ctx, KIND, post.id);
    post.state = PostState::Published;
    post.scheduled_at = None;
    post.published_at = Some(now);
    store::update_post(tx, id, &post).await?;
    let attachments = store::attachments_in(tx, post.id).await?;
    let mentioned = mentioned_by(ctx, post.source.as_deref().unwrap_or_default()).await?;
    announce(ctx, tx, &office, &post, &attachments, &mentioned).await?;
    Ok(post)
}
