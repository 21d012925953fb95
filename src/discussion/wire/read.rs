//! Reading the documents of other servers.

use federation::{Actor, Ctx, Visibility, actors, id_of, ids, kind_in, kind_of, list, tags};
use platform::text::{self, Html};
use platform::{StoreError, Timestamp};
use serde_json::{Map, Value};
use url::Url;

use crate::actions::Incoming;
use crate::model::{Attachment, Circle, CommentId, LONGEST_REMOTE, Labels, MOST_ATTACHMENTS};

/// The types that are read as a comment when they answer something.
pub const TYPES: [&str; 8] = [
    "Note", "Article", "Page", "Question", "Event", "Image", "Video", "Audio",
];
/// The longest description of a picture kept, in characters.
const LONGEST_ALT: usize = 1500;
/// The longest content warning kept, in characters.
const LONGEST_WARNING: usize = 500;

/// A document of another server.
pub type Document = Map<String, Value>;

/// Who may read it: as the object says, else as the activity does.
pub fn visibility(author: &Actor, object: &Document, activity: &Document) -> Visibility {
    let has_own = !list(object, "to").is_empty() || !list(object, "cc").is_empty();
    let of = if has_own { object } else { activity };
    if of.get("directMessage").and_then(Value::as_bool) == Some(true) {
        return Visibility::Direct;
    }
    Visibility::of_addresses(&ids(of, "to"), &ids(of, "cc"), author.followers.as_deref())
}

/// Whether it is addressed to a circle: to its actor or to its members, by the object or the activity.
pub fn reaches(circle: &Circle, object: &Document, activity: &Document) -> bool {
    [object, activity].iter().any(|of| {
        ["to", "cc", "audience"].iter().any(|name| {
            ids(of, name)
                .iter()
                .any(|id| *id == circle.uri || *id == circle.followers)
        })
    })
}

/// A vote is written like an answer and is none: it names a choice and says nothing.
pub fn is_vote(object: &Document) -> bool {
    let has = |name: &str| {
        object
            .get(name)
            .and_then(Value::as_str)
            .is_some_and(|text| !text.trim().is_empty())
    };
    has("name") && !has("content") && !object.contains_key("contentMap")
}

/// What it answers.
pub fn in_reply_to(object: &Document) -> Option<&str> {
    object.get("inReplyTo").and_then(id_of)
}

/// The comment in a document; `None` when nothing is left to be read.
pub(crate) async fn incoming(
    ctx: &Ctx,
    author: &Actor,
    uri: &str,
    object: &Document,
    activity: &Document,
) -> Result<Option<Incoming>, StoreError> {
    let now = ctx.clock.now();
    let (language, content) = content(object);
    let mut raw = String::new();
    if kind_in(object) != Some("Note") {
        let title = title(object);
        if !title.is_empty() {
            raw.push_str(&format!("<p><strong>{}</strong></p>", escaped(&title)));
        }
    }
    raw.extend(content.chars().take(LONGEST_REMOTE));
    let html = text::sanitise_remote(&raw);
    let attachments = attachments(object);
    if text::plain_text(&html).trim().is_empty() && attachments.is_empty() {
        return Ok(None);
    }
    let published_at = instant(object, "published")
        .or_else(|| instant(activity, "published"))
        .unwrap_or(now);
    Ok(Some(Incoming {
        uri: uri.to_owned(),
        html,
        summary: text::clean_line(&in_words(object, "summary", "summaryMap"), LONGEST_WARNING),
        language,
        visibility: visibility(author, object, activity),
        in_reply_to: in_reply_to(object).unwrap_or_default().to_owned(),
        context: ["context", "conversation"].iter().find_map(|name| {
            let context = object.get(*name).and_then(id_of)?;
            (context.len() <= 1000).then(|| context.to_owned())
        }),
        url: page(object.get("url")),
        published_at: published_at.min(now),
        updated_at: instant(object, "updated"),
        mentioned: mentioned(ctx, object, activity).await?,
        attachments,
        labels: Labels {
            named: tags::mentioned(object),
            hashtags: tags::hashtags(object),
        },
        is_limited: false,
        activity: None,
        is_restored: false,
    }))
}

/// Its title as plain text.
pub fn title(object: &Document) -> String {
    in_words(object, "name", "nameMap")
}

/// A property as plain text, or the first of its map of languages.
pub fn in_words(object: &Document, name: &str, map: &str) -> String {
    let direct = object.get(name).and_then(Value::as_str);
    let mapped = || {
        let entries = object.get(map)?.as_object()?;
        ["fr", "en"]
            .iter()
            .filter_map(|language| entries.get(*language))
            .chain(entries.values())
            .find_map(Value::as_str)
    };
    let raw = direct.or_else(mapped).unwrap_or_default();
    let some: String = raw.chars().take(LONGEST_REMOTE).collect();
    text::plain_text(&text::sanitise_remote(&some))
}

fn escaped(text: &str) -> String {
    let paragraph = Html::paragraph(text).into_string();
    paragraph
        .trim_start_matches("<p>")
        .trim_end_matches("</p>")
        .to_owned()
}

/// The text and its language: the entry of `contentMap` that is `content`, else its first, else `content`.
pub fn content(object: &Document) -> (String, String) {
    let plain = object.get("content").and_then(Value::as_str);
    let map = object.get("contentMap").and_then(Value::as_object);
    let entries = map.into_iter().flatten().filter_map(|(language, content)| {
        let content = content.as_str()?;
        is_language(language).then(|| (language.clone(), content.to_owned()))
    });
    let entries: Vec<(String, String)> = entries.take(20).collect();
    let same = entries
        .iter()
        .find(|(_, content)| Some(content.as_str()) == plain);
    match same.or(entries.first()) {
        Some(found) => found.clone(),
        None => ("und".to_owned(), plain.unwrap_or_default().to_owned()),
    }
}

fn is_language(tag: &str) -> bool {
    (2..=16).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Pictures and files, which stay where they are.
fn attachments(object: &Document) -> Vec<Attachment> {
    let files = list(object, "attachment")
        .into_iter()
        .chain(list(object, "image"));
    let mut found: Vec<Attachment> = Vec::new();
    for file in files.take(4 * MOST_ATTACHMENTS) {
        let Some(one) = attachment(file) else { continue };
        if found.len() < MOST_ATTACHMENTS && !found.iter().any(|known| known.url == one.url) {
            let position = found.len() as i64;
            found.push(Attachment { position, ..one });
        }
    }
    found
}

fn attachment(file: &Value) -> Option<Attachment> {
    let url = page(file.get("url").or_else(|| file.get("href")))?;
    let text_of = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default();
    let link = match file.get("url") {
        Some(Value::Array(links)) => links.first(),
        other => other,
    };
    let mime = match text_of("mediaType") {
        "" => link
            .and_then(|link| link.get("mediaType")?.as_str())
            .unwrap_or_default(),
        mime => mime,
    };
    let is_mime = mime.len() <= 100 && mime.bytes().all(|b| b.is_ascii_graphic());
    let kind = match (mime.split('/').next().unwrap_or_default(), kind_of(file)) {
        ("image", _) | ("", Some("Image")) => "image",
        ("video", _) | ("", Some("Video")) => "video",
        ("audio", _) | ("", Some("Audio")) => "audio",
        _ => "document",
    };
    // GoToSocial describes in `summary`, the others in `name`; who sends both means `summary`.
    let alt = ["summary", "name"]
        .iter()
        .map(|name| text::clean_text(text_of(name), LONGEST_ALT))
        .find(|words| !words.is_empty());
    let pixels = |name: &str| {
        file.get(name)
            .and_then(Value::as_i64)
            .filter(|n| (1..100_000).contains(n))
    };
    Some(Attachment {
        comment_id: CommentId(0),
        position: 0,
        url,
        kind: kind.to_owned(),
        mime: if is_mime { mime.to_owned() } else { String::new() },
        alt: alt.unwrap_or_default(),
        width: pixels("width"),
        height: pixels("height"),
        blurhash: Some(text_of("blurhash"))
            .filter(|hash| (6..120).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_graphic()))
            .map(ToOwned::to_owned),
    })
}

/// A web address: text, a Link, or the first good one of a list.
pub fn page(value: Option<&Value>) -> Option<String> {
    let href = match value? {
        Value::String(text) => text.as_str(),
        Value::Object(link) => link.get("href")?.as_str()?,
        Value::Array(links) => return links.iter().take(20).find_map(|one| page(Some(one))),
        _ => return None,
    };
    let url = Url::parse(href).ok()?;
    let is_web = matches!(url.scheme(), "https" | "http") && url.has_host() && url.username().is_empty();
    (is_web && href.len() <= 2000).then(|| url.to_string())
}

/// A moment it says.
pub fn instant(object: &Document, name: &str) -> Option<Timestamp> {
    object
        .get(name)
        .and_then(Value::as_str)
        .and_then(Timestamp::parse_rfc3339)
}

/// Our people that it names, and addresses: a name outside the audience is only a word.
async fn mentioned(ctx: &Ctx, object: &Document, activity: &Document) -> Result<Vec<Actor>, StoreError> {
    let mut addressed = ids(object, "to");
    addressed.extend(ids(object, "cc"));
    addressed.extend(ids(activity, "to"));
    addressed.extend(ids(activity, "cc"));
    let mut found: Vec<Actor> = Vec::new();
    let ours = tags::mentioned(object)
        .into_iter()
        .filter(|href| ctx.urls.is_ours(href) && addressed.contains(&href.as_str()));
    for href in ours {
        let actor = actors::by_uri(ctx, &href).await?;
        if let Some(actor) = actor.filter(|actor| actor.local && actor.is_visible())
            && !found.iter().any(|known| known.id == actor.id)
        {
            found.push(actor);
        }
    }
    Ok(found)
}

/// Whether it speaks to one of ours by name.
pub(crate) fn addresses_us(ctx: &Ctx, object: &Document, activity: &Document) -> bool {
    [object, activity]
        .iter()
        .flat_map(|of| ids(of, "to").into_iter().chain(ids(of, "cc")))
        .take(200)
        .any(|address| ctx.urls.is_ours(address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(value: Value) -> Document {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn the_language_is_that_of_the_words() {
        let of = |value| content(&document(value));
        let both =
            json!({ "content": "<p>oui</p>", "contentMap": { "en": "<p>yes</p>", "fr": "<p>oui</p>" } });
        assert_eq!(of(both), ("fr".to_owned(), "<p>oui</p>".to_owned()));
        assert_eq!(
            of(json!({ "contentMap": { "<b>": "x", "de": "ja" } })),
            ("de".to_owned(), "ja".to_owned())
        );
        assert_eq!(of(json!({ "content": 3 })), ("und".to_owned(), String::new()));
    }

    #[test]
    fn attachments_stay_where_they_are_and_keep_their_words() {
        let object = document(json!({ "attachment": [
            { "type": "Document", "mediaType": "image/png", "url": "https://s.example/a.png", "name": "Un <b>chat</b>",
              "width": 640, "height": -3, "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj" },
            { "type": "Image", "url": [{ "type": "Link", "href": "https://s.example/b.webp?x=1&y=2",
              "mediaType": "image/webp" }], "summary": "Une vue", "name": "b.webp" },
            { "type": "Link", "href": "https://s.example/page", "mediaType": "text/\nhtml", "blurhash": "\u{0}" },
            { "type": "Document", "url": "javascript:alert(1)", "name": "x" },
            { "type": "Document", "url": "https://s.example/a.png" },
            { "type": "PropertyValue", "name": "x", "value": "y" },
            "https://s.example/c.png", null, 3,
        ], "image": { "type": "Image", "url": "https://s.example/d.png" }}));
        let found = attachments(&object);
        let short: Vec<_> = found
            .iter()
            .map(|one| (one.position, one.kind.as_str(), one.url.as_str(), one.label()))
            .collect();
        assert_eq!(
            short,
            [
                (0, "image", "https://s.example/a.png", "Un <b>chat</b>".to_owned()),
                (
                    1,
                    "image",
                    "https://s.example/b.webp?x=1&y=2",
                    "Une vue".to_owned()
                ),
                (2, "document", "https://s.example/page", "page".to_owned()),
                (3, "image", "https://s.example/d.png", "d.png".to_owned()),
            ]
        );
        assert_eq!((found[0].width, found[0].height), (Some(640), None));
        assert_eq!(found[0].blurhash.as_deref(), Some("LEHV6nWB2yk8pyo0adR*.7kCMdnj"));
        assert_eq!(found[1].mime, "image/webp");
        assert_eq!((found[2].mime.as_str(), &found[2].blurhash), ("", &None));
        let many: Vec<Value> = (0..5000)
            .map(|n| json!({ "url": format!("https://s.example/{n}") }))
            .collect();
        let found = attachments(&document(json!({ "attachment": many })));
        assert_eq!(found.len(), MOST_ATTACHMENTS);
    }

    #[test]
    fn a_title_may_stand_in_a_language() {
        let of = |value| title(&document(value));
        assert_eq!(
            of(json!({ "name": "Un <b>mot</b>", "nameMap": { "fr": "Autre" } })),
            "Un mot"
        );
        assert_eq!(
            of(json!({ "nameMap": { "fr": "Autre", "de": "Andere" } })),
            "Autre"
        );
        assert_eq!(of(json!({ "name": null, "nameMap": ["x"] })), "");
    }

    #[test]
    fn a_vote_is_no_comment() {
        assert!(is_vote(&document(
            json!({ "name": "Oui", "inReplyTo": "https://x.example/1" })
        )));
        assert!(!is_vote(&document(
            json!({ "name": "Titre", "content": "<p>mot</p>" })
        )));
        assert!(!is_vote(&document(json!({ "content": "<p>mot</p>" }))));
    }
}
