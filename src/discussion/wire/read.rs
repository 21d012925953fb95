//! Reading the documents of other servers.

use federation::{Actor, Ctx, Visibility, actors, id_of, ids, kind_of, list};
use platform::text::{self, Html};
use platform::{StoreError, Timestamp};
use serde_json::{Map, Value};
use url::Url;

use crate::actions::Incoming;
use crate::model::LONGEST_REMOTE;

/// The types that are read as a comment when they answer something.
pub(crate) const TYPES: [&str; 3] = ["Note", "Article", "Page"];
/// Names of one comment that are looked up.
const MOST_MENTIONS: usize = 50;
/// Attachments of one comment that are listed.
const MOST_ATTACHMENTS: usize = 10;
/// The longest content warning kept, in characters.
const LONGEST_WARNING: usize = 500;

pub(crate) type Document = Map<String, Value>;

/// Who may read it: as the object says, else as the activity does.
pub(crate) fn visibility(author: &Actor, object: &Document, activity: &Document) -> Visibility {
    let has_own = object.contains_key("to") || object.contains_key("cc");
    let of = if has_own { object } else { activity };
    if of.get("directMessage").and_then(Value::as_bool) == Some(true) {
        return Visibility::Direct;
    }
    Visibility::of_addresses(&ids(of, "to"), &ids(of, "cc"), author.followers.as_deref())
}

/// A vote is written like an answer and is none: it names a choice and says nothing.
pub(crate) fn is_vote(object: &Document) -> bool {
    let has = |name: &str| {
        object
            .get(name)
            .and_then(Value::as_str)
            .is_some_and(|text| !text.trim().is_empty())
    };
    has("name") && !has("content") && !object.contains_key("contentMap")
}

/// What it answers.
pub(crate) fn in_reply_to(object: &Document) -> Option<&str> {
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
    if !matches!(object.get("type"), Some(Value::String(kind)) if kind == "Note") {
        let title = plain(object, "name");
        if !title.is_empty() {
            raw.push_str(&format!("<p><strong>{}</strong></p>", escaped(&title)));
        }
    }
    raw.extend(content.chars().take(LONGEST_REMOTE));
    raw.push_str(&attachments(object));
    let html = text::sanitise_remote(&raw);
    if text::plain_text(&html).trim().is_empty() {
        return Ok(None);
    }
    let published_at = instant(object, "published")
        .or_else(|| instant(activity, "published"))
        .unwrap_or(now);
    Ok(Some(Incoming {
        uri: uri.to_owned(),
        html,
        summary: text::clean_line(&plain(object, "summary"), LONGEST_WARNING),
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
        is_limited: false,
    }))
}

fn plain(object: &Document, name: &str) -> String {
    let raw = object.get(name).and_then(Value::as_str).unwrap_or_default();
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
fn content(object: &Document) -> (String, String) {
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

/// Pictures and files stay where they are: a list of links, each with the words that describe it.
fn attachments(object: &Document) -> String {
    let links: Vec<String> = list(object, "attachment")
        .into_iter()
        .take(MOST_ATTACHMENTS)
        .filter_map(|file| {
            let href = page(file.get("url").or_else(|| file.get("href")))?;
            let words = ["summary", "name"].iter().find_map(|name| {
                let words = file.get(*name).and_then(Value::as_str).unwrap_or_default();
                let words = text::clean_line(words, 300);
                (!words.is_empty()).then_some(words)
            });
            let words = words.unwrap_or_else(|| last_of(&href));
            Some(format!(
                "<li><a href=\"{}\">{}</a></li>",
                escaped(&href),
                escaped(&words)
            ))
        })
        .collect();
    if links.is_empty() {
        String::new()
    } else {
        format!("<ul>{}</ul>", links.join(""))
    }
}

/// The name of a file in its address, or its host.
fn last_of(href: &str) -> String {
    let url = Url::parse(href).ok();
    let name = url.as_ref().and_then(|url| {
        let last = url.path_segments()?.next_back()?;
        (!last.is_empty()).then(|| last.to_owned())
    });
    name.or_else(|| url?.host_str().map(ToOwned::to_owned))
        .unwrap_or_default()
}

/// A web address: text, a Link, or the first good one of a list.
fn page(value: Option<&Value>) -> Option<String> {
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

fn instant(object: &Document, name: &str) -> Option<Timestamp> {
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
    let ours = list(object, "tag")
        .into_iter()
        .filter(|tag| kind_of(tag) == Some("Mention"))
        .filter_map(|tag| tag.get("href").and_then(Value::as_str))
        .filter(|href| ctx.urls.is_ours(href) && addressed.contains(href))
        .take(MOST_MENTIONS);
    for href in ours {
        let actor = actors::by_uri(ctx, href).await?;
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
    fn attachments_become_links_with_words() {
        let object = document(json!({ "attachment": [
            { "type": "Document", "url": "https://s.example/a.png", "name": "Un <b>chat</b>" },
            { "type": "Image", "url": [{ "type": "Link", "href": "https://s.example/b.png?x=1&y=2" }] },
            { "type": "Document", "url": "javascript:alert(1)", "name": "x" },
            "https://s.example/c.png", null, 3,
        ]}));
        assert_eq!(
            attachments(&object),
            "<ul><li><a href=\"https://s.example/a.png\">Un &lt;b&gt;chat&lt;/b&gt;</a></li>\
             <li><a href=\"https://s.example/b.png?x=1&amp;y=2\">b.png</a></li></ul>"
        );
        let many: Vec<Value> = (0..5000)
            .map(|n| json!({ "url": format!("https://s.example/{n}") }))
            .collect();
        let html = attachments(&document(json!({ "attachment": many })));
        assert_eq!(html.matches("<li>").count(), MOST_ATTACHMENTS);
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
