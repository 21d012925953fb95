//! Posts of other servers: taken in when somebody here follows their author, or a commune's page carries him.

use discussion::CommentMode;
use federation::{
    Actor, Ctx, Envelope, Inbox, Verdict, Visibility, actors, author_of, id_of, ids, kind_of, list, objects,
};
use platform::text::{self, Html};
use platform::{StoreError, Timestamp};
use serde_json::{Map, Value};

use crate::actions::wipe;
use crate::federation::KIND;
use crate::model::{LONGEST_TITLE, LONGEST_WARNING, MOST_ATTACHMENTS, Post, PostId, PostState};
use crate::store::{self, Attachment};

/// The types that are read as a post.
const TYPES: [&str; 8] = [
    "Note", "Article", "Page", "Question", "Event", "Image", "Video", "Audio",
];
/// Hashtags of one post.
const MOST_TAGS: usize = 30;
/// The first moment whose ids have 18 digits: 2018.
const EARLIEST: i64 = 1_514_764_800_000;
/// Characters of HTML kept of one post.
const LONGEST_HTML: usize = 200_000;

/// What this room takes in. After `discussion`, which takes the answers.
pub(crate) fn claims(inbox: &mut Inbox) {
    for kind in TYPES {
        inbox
            .on("Create", kind)
            .when(is_wanted)
            .then("news: post", created);
        inbox
            .on("Update", kind)
            .when(is_known)
            .then("news: edit", updated);
        inbox
            .on("Delete", kind)
            .when(is_known)
            .then("news: deletion", deleted);
    }
    inbox
        .on("Delete", "Tombstone")
        .when(is_known)
        .then("news: deletion", deleted);
    inbox
        .on("Delete", "*")
        .when(is_known)
        .then("news: deletion", deleted);
}

/// Somebody here follows its author, or a page here carries him; and it is not a private message.
async fn is_wanted(ctx: Ctx, envelope: Envelope) -> bool {
    wanted(&ctx, &envelope).await.unwrap_or(false)
}

async fn wanted(ctx: &Ctx, envelope: &Envelope) -> Result<bool, StoreError> {
    if visibility(&envelope.actor, &envelope.whole, envelope.object_document()) == Visibility::Direct {
        return Ok(false);
    }
    // Answers are the discussion's; an answer to somebody else's thread is nobody's here.
    let answers = envelope
        .object_document()
        .and_then(|document| document.get("inReplyTo"));
    if answers.and_then(id_of).is_some() {
        return Ok(false);
    }
    Ok(
        federation::follows::count_followers(ctx, envelope.actor.id).await? > 0
            || store::carried_commune(&ctx.db, envelope.actor.id)
                .await?
                .is_some(),
    )
}

async fn is_known(ctx: Ctx, envelope: Envelope) -> bool {
    let Some(id) = envelope.object_id() else {
        return false;
    };
    matches!(store::by_uri(&ctx.db, id).await, Ok(Some(post)) if !post.local)
}

/// The audience: of the object, else of the activity.
fn visibility(
    author: &Actor,
    activity: &Map<String, Value>,
    object: Option<&Map<String, Value>>,
) -> Visibility {
    let of = object
        .filter(|object| !list(object, "to").is_empty() || !list(object, "cc").is_empty())
        .unwrap_or(activity);
    Visibility::of_addresses(&ids(of, "to"), &ids(of, "cc"), author.followers.as_deref())
}

async fn created(ctx: Ctx, envelope: Envelope) -> Verdict {
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
    let visibility = visibility(author, activity, Some(document));
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
        edited_at: None,
        pinned_at: None,
        url: None,
        card_url: None,
        in_reply_to: document.get("inReplyTo").and_then(id_of).map(ToOwned::to_owned),
        created_at: now,
    };
    fill(&mut post, kind, document);
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

/// Reads the text of a remote object into a post.
fn fill(post: &mut Post, kind: &str, document: &Map<String, Value>) {
    let text_of = |name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default();
    let (language, content) = content(document);
    post.language = language;
    let name = text::clean_line(
        &text::plain_text(&text::sanitise_remote(title(document))),
        LONGEST_TITLE,
    );
    let html: String = content.chars().take(LONGEST_HTML).collect();
    post.html = text::sanitise_remote(&html).into_string();
    post.title = if kind == "Note" { String::new() } else { name };
    let warning = text::plain_text(&text::sanitise_remote(text_of("summary")));
    if kind == "Note" || kind == "Question" {
        post.summary = text::clean_line(&warning, LONGEST_WARNING);
    } else if post.html.is_empty() {
        post.html = Html::paragraph(&warning).into_string();
    }
    post.sensitive = document
        .get("sensitive")
        .and_then(Value::as_bool)
        .unwrap_or(false)
        || !post.summary.is_empty();
    post.url = link(document.get("url")).or_else(|| Some(post.uri.clone()));
}

/// `name`, or the first of its map of languages.
fn title(document: &Map<String, Value>) -> &str {
    let direct = document.get("name").and_then(Value::as_str);
    let mapped = || {
        let map = document.get("nameMap")?.as_object()?;
        map.values().find_map(Value::as_str)
    };
    direct.or_else(mapped).unwrap_or_default()
}

/// The text and its language: the entry of `contentMap` that is `content`, else its first, else `content`.
fn content(document: &Map<String, Value>) -> (String, String) {
    let mapped = document
        .get("contentMap")
        .and_then(Value::as_object)
        .and_then(|map| {
            let plain = document.get("content");
            let same = map.iter().find(|(_, content)| Some(*content) == plain);
            same.into_iter()
                .chain(map)
                .find_map(|(language, content)| Some((language.clone(), content.as_str()?.to_owned())))
        });
    let (language, content) = mapped.unwrap_or_else(|| {
        let content = document
            .get("content")
            .and_then(Value::as_str)
            .unwrap_or_default();
        ("und".to_owned(), content.to_owned())
    });
    let plain = !language.is_empty()
        && language.len() <= 16
        && language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (if plain { language } else { "und".to_owned() }, content)
}

/// A web address: text, a Link, or the first good one of a list.
fn link(value: Option<&Value>) -> Option<String> {
    let href = match value? {
        Value::String(text) => text.as_str(),
        Value::Object(link) => link.get("href")?.as_str()?,
        Value::Array(links) => return links.iter().take(20).find_map(|one| link(Some(one))),
        _ => return None,
    };
    let url = url::Url::parse(href).ok()?;
    matches!(url.scheme(), "https" | "http").then(|| url.to_string())
}

fn instant(document: &Map<String, Value>, name: &str) -> Option<Timestamp> {
    document
        .get(name)
        .and_then(Value::as_str)
        .and_then(Timestamp::parse_rfc3339)
}

async fn write_details(
    tx: &mut platform::Tx,
    post: &Post,
    document: &Map<String, Value>,
) -> Result<(), StoreError> {
    let mut tags: Vec<(String, String)> = Vec::new();
    for tag in list(document, "tag")
        .into_iter()
        .filter(|tag| kind_of(tag) == Some("Hashtag"))
        .take(MOST_TAGS)
    {
        let shown = tag
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim_start_matches('#');
        let shown = text::clean_line(shown, 80);
        let folded = text::fold(&shown);
        if !folded.is_empty() && !tags.iter().any(|(known, _)| *known == folded) {
            tags.push((folded, shown));
        }
    }
    store::set_tags(tx, post.id, &tags).await?;
    store::remove_attachments(tx, post.id).await?;
    for (at, file) in list(document, "attachment")
        .into_iter()
        .take(MOST_ATTACHMENTS)
        .enumerate()
    {
        if let Some(attachment) = attachment(post.id, at, file) {
            store::insert_attachment(tx, &attachment).await?;
        }
    }
    Ok(())
}

fn attachment(post: PostId, at: usize, file: &Value) -> Option<Attachment> {
    let remote_url = link(file.get("url").or_else(|| file.get("href")))?;
    let text_of = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default();
    let mime = text::clean_line(text_of("mediaType"), 100);
    let kind = match mime.split('/').next().unwrap_or_default() {
        "image" => "image",
        "video" => "video",
        "audio" => "audio",
        _ => "document",
    };
    // Mastodon reads the description from `summary` before `name`; so do we.
    let described = if text_of("summary").is_empty() {
        text_of("name")
    } else {
        text_of("summary")
    };
    let number = |name: &str| {
        file.get(name)
            .and_then(Value::as_i64)
            .filter(|n| (1..100_000).contains(n))
    };
    Some(Attachment {
        post_id: post,
        position: at as i64,
        media_id: None,
        remote_url: Some(remote_url),
        preview_url: None,
        kind: kind.to_owned(),
        mime,
        name: text::clean_line(text_of("name"), 200),
        alt: text::clean_text(described, 1500),
        width: number("width"),
        height: number("height"),
        blurhash: Some(text_of("blurhash"))
            .filter(|hash| hash.len() < 120 && hash.is_ascii())
            .map(ToOwned::to_owned),
        bytes: None,
    })
}

async fn updated(ctx: Ctx, envelope: Envelope) -> Verdict {
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
    let mut tx = ctx.db.begin().await?;
    let Some(mut post) = store::by_uri_for_change(&mut tx, &uri).await? else {
        return Ok(Verdict::Ignore("unknown post"));
    };
    if post.actor_id != envelope.actor.id || post.state != PostState::Published {
        return Ok(Verdict::Reject("not its author's, or gone"));
    }
    let known = post.edited_at.or(post.published_at).unwrap_or(post.created_at);
    let Some(at) = instant(&document, "updated").filter(|at| *at > known) else {
        return Ok(Verdict::Ignore("not newer than what is known"));
    };
    if at > ctx.clock.now().plus(std::time::Duration::from_secs(300)) {
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

async fn deleted(ctx: Ctx, envelope: Envelope) -> Verdict {
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

/// Removes what an actor of another server published: it is gone for good, and so are its posts.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn forget_actor(ctx: &Ctx, actor: &Actor) -> Result<(), StoreError> {
    loop {
        let paging = platform::store::Paging::first(100);
        let everything = store::Reader {
            follower: true,
            resident: true,
        };
        let posts = store::of_actor(&ctx.db, actor.id, everything, false, &paging)
            .await?
            .items;
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
async fn erase(ctx: &Ctx, tx: &mut platform::Tx, mut post: Post) -> Result<(), StoreError> {
    let now = ctx.clock.now();
    wipe(&mut post, now);
    store::update_post(tx, post.id, &post).await?;
    store::remove_revisions(tx, post.id).await?;
    store::set_tags(tx, post.id, &[]).await?;
    store::remove_attachments(tx, post.id).await?;
    notifications::retract(tx, KIND, post.id.0).await?;
    discussion::subject_gone(tx, KIND, post.id.0).await?;
    actors::bury(tx, &post.uri, "Note", now).await
}

/// The address by which other servers know a post of ours, for tests and logs.
pub(crate) fn uri_of(ctx: &Ctx, id: PostId) -> String {
    objects::uri(ctx, KIND, id)
}
