//! Publishing, editing, deleting, pinning: the only writers of posts, called by all three doors.

use federation::{Audience, Ctx, Visibility, actors, objects, outbox};
use platform::queue::{self, When};
use platform::text::{self, Html, Links};
use platform::{StoreError, Timestamp, Tx};
use serde_json::json;

use crate::author::Author;
use crate::federation::{KIND, page_of, page_of_in};
use crate::model::{MOST_PINNED, NewPost, Post, PostId, PostRefusal, PostState, Publication};
use crate::store::{self, Attachment};
use crate::tasks::{FetchCard, PublishScheduled};
use crate::{federation as wire, media};

/// Why a post could not be published, edited, deleted or pinned.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// Against the rules: all the reasons at once.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<PostRefusal>),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PostRefusal> for PostError {
    fn from(refusal: PostRefusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

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

fn refuse(refusals: Vec<PostRefusal>) -> Result<(), PostError> {
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(PostError::Refused(refusals))
    }
}

/// The text of a post as it will be shown, with those it names. Made before the transaction.
#[derive(Debug, Clone)]
pub struct Written {
    html: Html,
    mentioned: Vec<federation::Actor>,
    tags: Vec<(String, String)>,
    card_url: Option<String>,
}

impl Written {
    /// The text as it will be shown.
    pub fn html(&self) -> Html {
        self.html.clone()
    }

    /// Renders the text; mentions lead to actors known here.
    ///
    /// # Errors
    /// [`StoreError`] from the driver.
    pub async fn of(ctx: &Ctx, new: &NewPost) -> Result<Self, StoreError> {
        let mut mentioned: Vec<federation::Actor> = Vec::new();
        for mention in text::mentions(&new.source).into_iter().take(50) {
            let found = actors::by_handle(ctx, &mention.user, mention.host.as_deref()).await?;
            if let Some(actor) = found.filter(federation::Actor::is_visible) {
                if !mentioned.iter().any(|known| known.id == actor.id) {
                    mentioned.push(actor);
                }
            }
        }
        let page_of_mention = |mention: &text::Mention| {
            mentioned
                .iter()
                .find(|actor| {
                    actor.handle.eq_ignore_ascii_case(&mention.user)
                        && mention
                            .host
                            .as_deref()
                            .is_none_or(|host| host.eq_ignore_ascii_case(&actor.host))
                })
                .map(|actor| actor.page().to_owned())
        };
        let page_of_tag = |tag: &text::Hashtag| Some(ctx.urls.to(&format!("/mots-cles/{}", tag.folded)));
        let links = Links {
            mention: &page_of_mention,
            hashtag: &page_of_tag,
        };
        let html = text::markdown_to_html(&new.source, &links);
        let html = if new.language == "fr" {
            text::french_html(&html)
        } else {
            html
        };
        let tags = text::hashtags(&new.source)
            .into_iter()
            .map(|tag| (tag.folded, tag.display))
            .collect();
        let card_url = if new.attachments.iter().any(|a| a.is_image) {
            None
        } else {
            first_link(ctx, &html)
        };
        Ok(Self {
            html,
            mentioned,
            tags,
            card_url,
        })
    }
}

/// The first link of a text to another site.
fn first_link(ctx: &Ctx, html: &Html) -> Option<String> {
    html.as_str()
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.replace("&amp;", "&"))
        .find(|href| href.starts_with("https://") && !ctx.urls.is_ours(href))
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
    let title = text::clean_line(&new.title, crate::model::LONGEST_TITLE);
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
        summary: text::clean_line(&new.summary, crate::model::LONGEST_WARNING),
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
    office: &federation::Actor,
    post: &Post,
    attachments: &[Attachment],
    mentioned: &[federation::Actor],
) -> Result<(), StoreError> {
    if post.visibility != Visibility::Residents {
        let tags = store::tags_in(tx, post.id).await?;
        let audience = Audience::of(office, post.visibility, mentioned);
        let page = page_of_in(tx, post).await?;
        let note = wire::note(ctx, office, post, attachments, &tags, mentioned, &audience, &page);
        outbox::say(
            ctx,
            tx,
            office,
            json!({ "type": "Create", "object": note }),
            &audience,
        )
        .await?;
    }
    crate::notices::new_post(ctx, tx, office, post).await?;
    if post.card_url.is_some() {
        let when = When::now().once(format!("news.card {}", post.id));
        queue::enqueue::<Ctx, _>(ctx, tx, &FetchCard { post: post.id }, when).await?;
    }
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
    let mentioned = mentioned_in(ctx, tx, &post).await?;
    announce(ctx, tx, &office, &post, &attachments, &mentioned).await?;
    Ok(post)
}

async fn mentioned_in(ctx: &Ctx, _: &mut Tx, post: &Post) -> Result<Vec<federation::Actor>, StoreError> {
    let mut mentioned = Vec::new();
    for mention in text::mentions(post.source.as_deref().unwrap_or_default())
        .into_iter()
        .take(50)
    {
        let found = actors::by_handle(ctx, &mention.user, mention.host.as_deref()).await?;
        mentioned.extend(found.filter(federation::Actor::is_visible));
    }
    Ok(mentioned)
}

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
    post.title = text::clean_line(&new.title, crate::model::LONGEST_TITLE);
    post.source = Some(new.source.clone());
    written.html.as_str().clone_into(&mut post.html);
    post.summary = text::clean_line(&new.summary, crate::model::LONGEST_WARNING);
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
        say_update(ctx, &mut tx, author, &post, &attachments, &written.mentioned).await?;
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
    let next_second = |at: Timestamp| at.plus(std::time::Duration::from_secs(1));
    before.map_or(now, |before| now.max(next_second(before)))
}

async fn say_update(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    post: &Post,
    attachments: &[Attachment],
    mentioned: &[federation::Actor],
) -> Result<(), StoreError> {
    if post.visibility == Visibility::Residents {
        return Ok(());
    }
    let tags = store::tags_in(tx, post.id).await?;
    let audience = Audience::of(&author.office, post.visibility, mentioned);
    let page = page_of_in(tx, post).await?;
    let note = wire::note(
        ctx,
        &author.office,
        post,
        attachments,
        &tags,
        mentioned,
        &audience,
        &page,
    );
    outbox::say(
        ctx,
        tx,
        &author.office,
        json!({ "type": "Update", "object": note }),
        &audience,
    )
    .await?;
    Ok(())
}

async fn own_post(tx: &mut Tx, author: &Author, id: PostId) -> Result<Post, PostError> {
    let post = store::by_id_for_change(tx, id)
        .await?
        .filter(|post| post.state != PostState::Deleted);
    let post = post.ok_or(PostRefusal::Missing)?;
    if !post.local || post.actor_id != author.office.id {
        return Err(PostRefusal::NotYours.into());
    }
    Ok(post)
}

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

/// The path of a post's page.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn page(ctx: &Ctx, post: &Post) -> Result<String, StoreError> {
    page_of(ctx, post).await
}
