//! Taking posts of other servers in, changing and removing them as their authors do.

use std::time::Duration;

use discussion::CommentMode;
use federation::{Actor, Ctx, Envelope, Verdict, Visibility, actors, author_of, fetch, id_of, kind_of, tags};
use platform::{StoreError, Timestamp, Tx};
use serde_json::{Map, Value};

use super::TYPES;
use super::read::{self, fill, instant};
use crate::actions::wipe;
use crate::federation::KIND;
use crate::model::{Post, PostId, PostState};
use crate::store;

/// The first moment whose ids have 18 digits: 2018.
const EARLIEST: i64 = 1_514_764_800_000;
/// An edit of something unknown brings it here if it is younger: the `Create` is still on its way.
const YOUNG: Duration = Duration::from_secs(24 * 3600);
/// How far another server's clock may be ahead.
const AHEAD: Duration = Duration::from_secs(300);

pub(super) async fn created(ctx: Ctx, envelope: Envelope) -> Verdict {
    let Some(uri) = envelope.object_id().map(ToOwned::to_owned) else {
        return Verdict::Reject("the object has no id");
    };
    let document = match document(&envelope, &uri) {
        Ok(document) => document,
        Err(verdict) => return verdict,
    };
    match take_in(&ctx, &envelope.actor, &uri, &document, &envelope.whole).await {
        Ok(verdict) => verdict,
        Err(error) => error.into(),
    }
}

/// The object as its author's server says it: the core has read what was not embedded.
fn document(envelope: &Envelope, uri: &str) -> Result<Map<String, Value>, Verdict> {
    let Some(document) = envelope.object_document().cloned() else {
        return Err(Verdict::Reject("the object is no document"));
    };
    let by = author_of(&document).unwrap_or_default();
    if by != envelope.actor.uri || actors::origin(uri) != actors::origin(&envelope.actor.uri) {
        return Err(Verdict::Reject("the object is not its actor's"));
    }
    Ok(document)
}

/// Stores a remote post once; a buried or known one stays as it is.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn take_in(
    ctx: &Ctx,
    author: &Actor,
    uri: &str,
    document: &Map<String, Value>,
    activity: &Map<String, Value>,
) -> Result<Verdict, StoreError> {
    let whole = Value::Object(document.clone());
    let Some(kind) = kind_of(&whole).filter(|kind| TYPES.contains(kind)) else {
        return Ok(Verdict::Ignore("not a post"));
    };
    let visibility = read::visibility(author, activity, Some(document));
    if visibility == Visibility::Direct {
        return Ok(Verdict::Ignore("a private message"));
    }
    let commune = store::carried_commune(&ctx.db, author.id).await?;
    let now = ctx.clock.now();
    let published = instant(document, "published")
        .filter(|at| *at <= now)
        .unwrap_or(now);
    let id = PostId(platform_id(ctx, published));
    let mut post = Post {
        id,
        uri: uri.to_owned(),
        actor_id: author.id,
        commune,
        local: false,
        account_id: None,
        byline: String::new(),
        delegated: false,
        title: String::new(),
        source: None,
        html: String::new(),
        summary: String::new(),
        sensitive: false,
        language: "und".to_owned(),
        topic: None,
        visibility,
        // Nobody answers in another server's name: comments here leave for the author's server or do not exist.
        comment_mode: CommentMode::Open,
        state: PostState::Published,
        scheduled_at: None,
        published_at: Some(published),
        edited_at: instant(document, "updated").filter(|at| *at > published && *at <= now.plus(AHEAD)),
        pinned_at: None,
        url: None,
        card_url: None,
        in_reply_to: document.get("inReplyTo").and_then(id_of).map(ToOwned::to_owned),
        created_at: now,
    };
    fill(&mut post, kind, document);
    ctx.objects().tell_kept(ctx, author, uri, document).await?;
    let mut tx = ctx.db.begin().await?;
    // The tombstone is looked at inside the transaction: a Delete that came first wins.
    if actors::is_buried_in(&mut tx, uri).await? {
        return Ok(Verdict::Ignore("deleted before it came"));
    }
    if store::by_uri_for_change(&mut tx, uri).await?.is_some() {
        return Ok(Verdict::Ignore("known already"));
    }
    store::insert_post(&mut tx, &post).await?;
    write_details(&mut tx, &post, document).await?;
    tx.commit().await?;
    Ok(Verdict::Done)
}

/// An id at the moment of publication, so that a post that comes late stands where it belongs.
fn platform_id(ctx: &Ctx, published: Timestamp) -> i64 {
    // Older ones would have ids of fewer digits, which do not sort as text.
    let published = published.max(Timestamp::from_millis(EARLIEST));
    platform::ids::next(published, ctx.rng.below(1 << 15) as u16)
}

/// Writes what hangs on a post: hashtags, whom it names, pictures, files.
async fn write_details(tx: &mut Tx, post: &Post, document: &Map<String, Value>) -> Result<(), StoreError> {
    store::set_tags(tx, post.id, &tags::hashtags(document)).await?;
    store::set_named(tx, post.id, &tags::mentioned(document)).await?;
    store::remove_attachments(tx, post.id).await?;
    for attachment in read::attachments(post.id, document) {
        store::insert_attachment(tx, &attachment).await?;
    }
    Ok(())
}

pub(super) async fn updated(ctx: Ctx, envelope: Envelope) -> Verdict {
    match update(&ctx, &envelope).await {
        Ok(verdict) => verdict,
        Err(error) => error.into(),
    }
}

async fn update(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, StoreError> {
    let Some(uri) = envelope.object_id().map(ToOwned::to_owned) else {
        return Ok(Verdict::Reject("the object has no id"));
    };
    let document = match document(envelope, &uri) {
        Ok(document) => document,
        Err(verdict) => return Ok(verdict),
    };
    let known = store::by_uri(&ctx.db, &uri).await?;
    let now = ctx.clock.now();
    if known.is_none() {
        let is_young = instant(&document, "published").is_some_and(|at| now.since(at) < YOUNG);
        return if is_young {
            take_in(ctx, &envelope.actor, &uri, &document, &envelope.whole).await
        } else {
            Ok(Verdict::Ignore("an edit of something old that is not here"))
        };
    }
    if known.is_some_and(|post| post.actor_id == envelope.actor.id) {
        // Counts of a question change without `updated`.
        ctx.objects()
            .tell_kept(ctx, &envelope.actor, &uri, &document)
            .await?;
    }
    let mut tx = ctx.db.begin().await?;
    let Some(mut post) = store::by_uri_for_change(&mut tx, &uri).await? else {
        return Ok(Verdict::Ignore("unknown post"));
    };
    // New words of a hidden one are kept, hidden.
    let is_there = matches!(post.state, PostState::Published | PostState::Hidden);
    if post.actor_id != envelope.actor.id || !is_there {
        return Ok(Verdict::Reject("not its author's, or gone"));
    }
    let known = post.edited_at.or(post.published_at).unwrap_or(post.created_at);
    let Some(at) = instant(&document, "updated").filter(|at| *at > known) else {
        return Ok(Verdict::Ignore("not newer than what is known"));
    };
    if at > now.plus(AHEAD) {
        return Ok(Verdict::Reject("from the future"));
    }
    let kind = kind_of(&envelope.object).unwrap_or("Note").to_owned();
    store::insert_revision(&mut tx, &post).await?;
    fill(&mut post, &kind, &document);
    post.edited_at = Some(at);
    store::update_post(&mut tx, post.id, &post).await?;
    write_details(&mut tx, &post, &document).await?;
    tx.commit().await?;
    Ok(Verdict::Done)
}

pub(super) async fn deleted(ctx: Ctx, envelope: Envelope) -> Verdict {
    match delete(&ctx, &envelope).await {
        Ok(verdict) => verdict,
        Err(error) => error.into(),
    }
}

async fn delete(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, StoreError> {
    let Some(uri) = envelope.object_id() else {
        return Ok(Verdict::Reject("the object has no id"));
    };
    let mut tx = ctx.db.begin().await?;
    let Some(post) = store::by_uri_for_change(&mut tx, uri).await? else {
        return Ok(Verdict::Ignore("unknown post"));
    };
    if post.local || post.actor_id != envelope.actor.id {
        return Ok(Verdict::Reject("not its author's"));
    }
    erase(ctx, &mut tx, post).await?;
    tx.commit().await?;
    Ok(Verdict::Done)
}

/// `Undo` of a `Delete`: the post is read again from its own server.
pub(super) async fn restored(ctx: Ctx, envelope: Envelope) -> Verdict {
    let about = envelope.object.get("object").and_then(id_of).unwrap_or_default();
    let object = match fetch::object_again(&ctx, about).await {
        Ok(Value::Object(object)) => object,
        Ok(_) => return Verdict::Reject("the object is no document"),
        Err(error) => return error.into(),
    };
    match restore(&ctx, &envelope.actor, &object).await {
        Ok(verdict) => verdict,
        Err(error) => error.into(),
    }
}

async fn restore(ctx: &Ctx, author: &Actor, document: &Map<String, Value>) -> Result<Verdict, StoreError> {
    let uri = document.get("id").and_then(Value::as_str).unwrap_or_default();
    let whole = Value::Object(document.clone());
    let kind = kind_of(&whole).filter(|kind| TYPES.contains(kind));
    let (Some(kind), true) = (kind, author_of(document) == Some(author.uri.as_str())) else {
        return Ok(Verdict::Ignore("its server does not show it"));
    };
    let visibility = read::visibility(author, document, Some(document));
    if visibility == Visibility::Direct {
        return Ok(Verdict::Ignore("a private message"));
    }
    let mut tx = ctx.db.begin().await?;
    let Some(mut post) = store::by_uri_for_change(&mut tx, uri).await? else {
        return Ok(Verdict::Ignore("unknown post"));
    };
    if post.state != PostState::Deleted || post.actor_id != author.id {
        return Ok(Verdict::Ignore("it was not deleted"));
    }
    actors::unbury(&mut tx, uri, &author.uri).await?;
    post.state = PostState::Published;
    post.visibility = visibility;
    post.edited_at = instant(document, "updated").filter(|at| *at <= ctx.clock.now());
    fill(&mut post, kind, document);
    store::update_post(&mut tx, post.id, &post).await?;
    write_details(&mut tx, &post, document).await?;
    tx.commit().await?;
    Ok(Verdict::Done)
}

/// Removes what an actor of another server published: it is gone for good, and so are its posts.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn forget_actor(ctx: &Ctx, actor: &Actor) -> Result<(), StoreError> {
    loop {
        let posts = store::left_of_actor(&ctx.db, actor.id, 100).await?;
        if posts.is_empty() {
            return Ok(());
        }
        let mut tx = ctx.db.begin().await?;
        for post in posts {
            erase(ctx, &mut tx, post).await?;
        }
        tx.commit().await?;
    }
}

/// Leaves of a remote post only that it was.
async fn erase(ctx: &Ctx, tx: &mut Tx, mut post: Post) -> Result<(), StoreError> {
    let now = ctx.clock.now();
    wipe(&mut post, now);
    store::update_post(tx, post.id, &post).await?;
    store::remove_revisions(tx, post.id).await?;
    store::set_tags(tx, post.id, &[]).await?;
    store::set_named(tx, post.id, &[]).await?;
    store::remove_attachments(tx, post.id).await?;
    notifications::retract(tx, KIND, post.id.0).await?;
    discussion::subject_gone(tx, KIND, post.id.0).await?;
    actors::bury(tx, &post.uri, "Note", now).await
}
