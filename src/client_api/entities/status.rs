//! `Status`.

use std::collections::HashMap;

use discussion::actions::{attachments, counts, labels, mine};
use discussion::{Attachment, Comment, CommentId, Counts, Labels, Mine, Subject, Target, Thing};
use federation::{Actor, ActorId, Visibility, actors};
use platform::{StoreError, text};
use serde_json::{Map, Value, json};

use super::account::accounts;
use super::item::{Item, people};
use super::media;
use super::poll::poll;
use crate::door::View;
use crate::source::{Attached, Card, Record};

/// Names in one status that are looked up.
const MOST_MENTIONS: usize = 20;

/// What is needed to draw statuses, read at once for all of them.
struct Around {
    accounts: HashMap<ActorId, Value>,
    counts: HashMap<Target, Counts>,
    mine: HashMap<Target, Mine>,
    /// Who wrote the comments that are answered.
    parents: HashMap<CommentId, ActorId>,
    /// What hangs on comments of other servers.
    attachments: HashMap<CommentId, Vec<Attachment>>,
    /// Hashtags of comments of other servers.
    labels: HashMap<CommentId, Labels>,
    mentions: HashMap<i64, Vec<Value>>,
    polls: HashMap<Target, Value>,
}

/// Statuses in this order. One whose author is gone is left out.
pub(crate) async fn draw(view: &View<'_>, items: &[Item]) -> Result<Vec<Value>, StoreError> {
    let around = around(view, items).await?;
    Ok(items.iter().filter_map(|item| one(view, &around, item)).collect())
}

/// One status; `None` when its author is gone.
pub(crate) async fn draw_one(view: &View<'_>, item: &Item) -> Result<Option<Value>, StoreError> {
    Ok(draw(view, std::slice::from_ref(item)).await?.pop())
}

async fn around(view: &View<'_>, items: &[Item]) -> Result<Around, StoreError> {
    let ctx = view.ctx;
    let targets: Vec<Target> = items.iter().map(|item| item.thing().target()).collect();
    let mut parents = HashMap::new();
    let mut comments = Vec::new();
    for item in items {
        if let Item::Comment(comment, _) = item.proper() {
            comments.push(comment.id);
            if let Some(parent) = comment.parent_id
                && let Some(found) = discussion::actions::comment_by_id(ctx, parent).await?
            {
                parents.insert(parent, found.actor_id);
            }
        }
    }
    // To whom nobody dark is named, her comment is not there: its answers hang on what it is about.
    if view.reader_id().is_none() {
        let answered = people(view, parents.values().copied()).await?;
        parents.retain(|_, actor| answered.get(actor).is_some_and(Actor::is_visible));
    }
    let labels = labels(ctx, &comments).await?;
    let writers = items
        .iter()
        .flat_map(|item| [item.actor(), item.proper().actor()]);
    let writers: Vec<Actor> = people(view, writers).await?.into_values().collect();
    Ok(Around {
        accounts: accounts(view, &writers).await?,
        counts: counts(ctx, &targets).await?,
        mine: mine(ctx, view.reader_id(), &targets).await?,
        parents,
        attachments: attachments(ctx, &comments).await?,
        mentions: mentions(view, items, &labels).await?,
        labels,
        polls: polls(view, items).await?,
    })
}

/// Those named by each of these: in what was typed here, or as the documents of other servers say.
async fn mentions(
    view: &View<'_>,
    items: &[Item],
    labels: &HashMap<CommentId, Labels>,
) -> Result<HashMap<i64, Vec<Value>>, StoreError> {
    let mut drawn: HashMap<i64, Vec<Value>> = HashMap::new();
    let mut elsewhere: Vec<(i64, String)> = Vec::new();
    let mut records: HashMap<&str, Vec<i64>> = HashMap::new();
    for item in items.iter().map(Item::proper) {
        let typed = match item {
            Item::Record(record) => {
                if !record.subject.local {
                    records
                        .entry(record.subject.target.kind)
                        .or_default()
                        .push(item.id());
                }
                record.text.as_deref()
            }
            Item::Comment(comment, _) => {
                let named = labels.get(&comment.id).map(|labels| labels.named.iter());
                elsewhere.extend(named.into_iter().flatten().map(|uri| (item.id(), uri.clone())));
                comment.source.as_deref()
            }
            Item::Share(..) => None,
        };
        if let Some(text) = typed.filter(|text| text.contains('@')) {
            drawn.insert(item.id(), mentioned(view, text).await?);
        }
    }
    for (kind, ids) in records {
        if let Some(source) = view.api.source(kind) {
            elsewhere.extend(source.named(view.ctx, &ids).await?);
        }
    }
    let mut uris: Vec<String> = elsewhere.iter().map(|(_, uri)| uri.clone()).collect();
    uris.sort_unstable();
    uris.dedup();
    // Who is not known here is a word in the text: nobody is looked up to draw a list.
    let known: HashMap<String, Actor> = actors::by_uris(view.ctx, &uris)
        .await?
        .into_iter()
        .map(|actor| (actor.uri.clone(), actor))
        .collect();
    for (id, uri) in elsewhere {
        let shown = known.get(&uri).and_then(|actor| mention(view, actor));
        drawn.entry(id).or_default().extend(shown);
    }
    Ok(drawn)
}

/// The polls of these, by what they belong to.
async fn polls(view: &View<'_>, items: &[Item]) -> Result<HashMap<Target, Value>, StoreError> {
    let Some(ballots) = &view.api.ballots else {
        return Ok(HashMap::new());
    };
    let subjects: Vec<&Subject> = items
        .iter()
        .filter_map(|item| match item.proper() {
            Item::Record(record) => Some(&record.subject),
            _ => None,
        })
        .collect();
    let found = ballots.of(view.ctx, &subjects, view.reader.as_ref()).await?;
    Ok(found
        .into_iter()
        .map(|(target, drawn)| (target, poll(&drawn)))
        .collect())
}

/// The people named in a text.
async fn mentioned(view: &View<'_>, text: &str) -> Result<Vec<Value>, StoreError> {
    let mut named = Vec::new();
    for mention_of in text::mentions(text).into_iter().take(MOST_MENTIONS) {
        let found = actors::by_handle(view.ctx, &mention_of.user, mention_of.host.as_deref()).await?;
        named.extend(found.and_then(|actor| mention(view, &actor)));
    }
    Ok(named)
}

/// `Mention`. Nobody dark is named, but to herself.
fn mention(view: &View<'_>, actor: &Actor) -> Option<Value> {
    let shown = actor.is_visible() || Some(actor.id) == view.reader_id();
    shown.then(|| {
        json!({
            "id": actor.id.to_string(),
            "username": actor.handle,
            "url": actor.page(),
            "acct": actor.acct(),
        })
    })
}

fn one(view: &View<'_>, around: &Around, item: &Item) -> Option<Value> {
    match item {
        Item::Record(record) => of_record(view, around, record).map(Value::Object),
        Item::Comment(comment, subject) => of_comment(view, around, comment, subject).map(Value::Object),
        Item::Share(share, inner) => {
            let shared = one(view, around, inner)?;
            let mut drawn = shared.as_object()?.clone();
            drawn.insert("id".to_owned(), json!(share.id.to_string()));
            drawn.insert("uri".to_owned(), json!(share.uri));
            drawn.insert("url".to_owned(), json!(share.uri));
            drawn.insert("created_at".to_owned(), json!(share.created_at.rfc3339()));
            drawn.insert(
                "account".to_owned(),
                around.accounts.get(&share.actor_id)?.clone(),
            );
            drawn.insert("in_reply_to_id".to_owned(), Value::Null);
            drawn.insert("in_reply_to_account_id".to_owned(), Value::Null);
            drawn.insert("edited_at".to_owned(), Value::Null);
            drawn.insert("media_attachments".to_owned(), json!([]));
            drawn.insert("card".to_owned(), Value::Null);
            drawn.insert("reblog".to_owned(), shared);
            Some(Value::Object(drawn))
        }
    }
}

fn of_record(view: &View<'_>, around: &Around, record: &Record) -> Option<Map<String, Value>> {
    let tags: Vec<Value> = record
        .tags
        .iter()
        .map(|(folded, shown)| tag(view, folded, shown))
        .collect();
    let mut drawn = common(view, around, &record.thing())?;
    let own = view.reader_id() == Some(record.subject.author_id);
    drawn.extend(fields(json!({
        "created_at": record.created_at.rfc3339(),
        "edited_at": record.edited_at.map(|at| at.rfc3339()),
        "in_reply_to_id": null,
        "in_reply_to_account_id": null,
        "sensitive": record.sensitive,
        "spoiler_text": record.summary,
        "visibility": visibility(record.subject.visibility),
        "language": record.language,
        "uri": record.subject.uri,
        "url": record.url,
        "content": record.html,
        "media_attachments": record.attached.iter().map(media::attached).collect::<Vec<_>>(),
        "tags": tags,
        "card": record.card.as_ref().map(card),
    })));
    if let Some(poll) = around.polls.get(&record.subject.target) {
        drawn.insert("poll".to_owned(), poll.clone());
    }
    if own && record.subject.visibility != Visibility::Direct {
        drawn.insert("pinned".to_owned(), json!(record.pinned));
    }
    Some(drawn)
}

fn of_comment(
    view: &View<'_>,
    around: &Around,
    comment: &Comment,
    subject: &Subject,
) -> Option<Map<String, Value>> {
    let thing = Thing::Comment(comment.clone(), subject.clone());
    let (parent, answered) = match comment.parent_id {
        Some(parent) if around.parents.contains_key(&parent) => {
            (parent.0, around.parents.get(&parent).copied())
        }
        _ => (subject.target.id, Some(subject.author_id)),
    };
    let url = comment
        .url
        .clone()
        .unwrap_or_else(|| view.ctx.urls.to(&thing.page()));
    // Pictures nobody has looked at are looked at on the moderation desk.
    let files = match around.attachments.get(&comment.id) {
        Some(files) if comment.is_shown() => files.as_slice(),
        _ => &[],
    };
    let tags: Vec<Value> = match around.labels.get(&comment.id) {
        Some(labels) => labels
            .hashtags
            .iter()
            .map(|(folded, shown)| tag(view, folded, shown))
            .collect(),
        None => Vec::new(),
    };
    let mut drawn = common(view, around, &thing)?;
    drawn.extend(fields(json!({
        "created_at": comment.created_at.rfc3339(),
        "edited_at": comment.edited_at.map(|at| at.rfc3339()),
        "in_reply_to_id": parent.to_string(),
        "in_reply_to_account_id": answered.map(|id| id.to_string()),
        "sensitive": !comment.summary.is_empty(),
        "spoiler_text": comment.summary,
        "visibility": if comment.narrow { "direct" } else { visibility(comment.visibility) },
        "language": Some(comment.language.as_str()).filter(|code| known_language(code)),
        "uri": comment.uri,
        "url": url,
        "content": comment.html,
        "media_attachments": files.iter().map(elsewhere).collect::<Vec<_>>(),
        "tags": tags,
        "card": null,
    })));
    Some(drawn)
}

/// Another server's picture or file as a link: to show it would tell that server who reads.
fn elsewhere(file: &Attachment) -> Value {
    media::attached(&Attached {
        id: format!("{}-{}", file.comment_id, file.position),
        kind: "document".to_owned(),
        url: file.url.clone(),
        preview: None,
        remote_url: Some(file.url.clone()),
        alt: file.alt.clone(),
        blurhash: file.blurhash.clone(),
        size: file.width.zip(file.height),
        focus: (0.0, 0.0),
    })
}

/// What all statuses have.
fn common(view: &View<'_>, around: &Around, thing: &Thing) -> Option<Map<String, Value>> {
    let target = thing.target();
    let counts = around.counts.get(&target).copied().unwrap_or_default();
    let mine = around.mine.get(&target).copied().unwrap_or_default();
    let mut drawn = fields(json!({
        "id": target.id.to_string(),
        "account": around.accounts.get(&thing.author_id())?,
        "replies_count": counts.comments,
        "reblogs_count": counts.shares,
        "favourites_count": counts.likes,
        "quotes_count": 0,
        "reblog": null,
        "application": null,
        "mentions": around.mentions.get(&target.id).cloned().unwrap_or_default(),
        "emojis": [],
        "poll": null,
        "quote": null,
        "quote_approval": { "automatic": [], "manual": [], "current_user": "unknown" },
    }));
    if view.reader.is_some() {
        drawn.extend(fields(json!({
            "favourited": mine.liked,
            "reblogged": mine.shared,
            "muted": false,
            "bookmarked": false,
            "filtered": [],
        })));
    }
    Some(drawn)
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// What stays on this server is as private as it gets in Mastodon's words.
pub(crate) const fn visibility(of: Visibility) -> &'static str {
    match of {
        Visibility::Residents => Visibility::Followers.code(),
        other => other.code(),
    }
}

/// Whether a language was said.
pub(crate) fn known_language(code: &str) -> bool {
    !code.is_empty() && code != "und"
}

/// A hashtag in a status.
fn tag(view: &View<'_>, folded: &str, shown: &str) -> Value {
    json!({ "name": shown, "url": view.ctx.urls.to(&format!("/mots-cles/{folded}")) })
}

fn card(card: &Card) -> Value {
    json!({
        "url": card.url,
        "title": card.title,
        "description": card.description,
        "language": null,
        "type": "link",
        "author_name": "",
        "author_url": "",
        "authors": [],
        "provider_name": card.site,
        "provider_url": "",
        "html": "",
        "width": 0,
        "height": 0,
        "image": null,
        "image_description": "",
        "embed_url": "",
        "blurhash": null,
        "published_at": null,
        "missing_attribution": false,
    })
}
