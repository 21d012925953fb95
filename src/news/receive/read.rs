//! Reading the documents of other servers.

use federation::{Actor, Visibility, ids, list};
use platform::Timestamp;
use platform::text::{self, Html};
use serde_json::{Map, Value};
use url::Url;

use crate::model::{LONGEST_TITLE, LONGEST_WARNING, MOST_ATTACHMENTS, Post, PostId};
use crate::store::Attachment;

/// Characters of HTML kept of one post.
const LONGEST_HTML: usize = 200_000;
/// Characters of an address.
const LONGEST_LINK: usize = 2_000;

/// The audience: of the object, else of the activity.
pub(super) fn visibility(
    author: &Actor,
    activity: &Map<String, Value>,
    object: Option<&Map<String, Value>>,
) -> Visibility {
    let of = object
        .filter(|object| !list(object, "to").is_empty() || !list(object, "cc").is_empty())
        .unwrap_or(activity);
    Visibility::of_addresses(&ids(of, "to"), &ids(of, "cc"), author.followers.as_deref())
}

/// Reads the text of a remote object into a post.
pub(super) fn fill(post: &mut Post, kind: &str, document: &Map<String, Value>) {
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
    let url = Url::parse(href).ok()?;
    (matches!(url.scheme(), "https" | "http") && href.len() <= LONGEST_LINK).then(|| url.to_string())
}

pub(super) fn instant(document: &Map<String, Value>, name: &str) -> Option<Timestamp> {
    document
        .get(name)
        .and_then(Value::as_str)
        .and_then(Timestamp::parse_rfc3339)
}

/// Its pictures and files.
pub(super) fn attachments(post: PostId, document: &Map<String, Value>) -> Vec<Attachment> {
    list(document, "attachment")
        .into_iter()
        .take(MOST_ATTACHMENTS)
        .enumerate()
        .filter_map(|(at, file)| attachment(post, at, file))
        .collect()
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
