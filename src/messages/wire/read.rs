//! Reading the letters of other servers.

use federation::{Actor, Envelope, Visibility, id_of, ids, kind_of, list};
use platform::Timestamp;
use platform::text::{self, Html};
use serde_json::{Map, Value};
use url::Url;

use crate::actions::elsewhere::Incoming;
use crate::model::Wire;

/// Types that are read as a letter. `ChatMessage` is what Lemmy and Pleroma send to some.
pub(super) const TYPES: [&str; 4] = ["Note", "ChatMessage", "Article", "Page"];
/// Characters of HTML read.
const LONGEST: usize = 100_000;
/// People of one letter.
const MOST_PEOPLE: usize = 50;
/// Files of one letter.
const MOST_FILES: usize = 16;

pub(super) type Document = Map<String, Value>;

/// The addresses of an object, else of its activity.
fn addressed<'a>(object: &'a Document, activity: &'a Document) -> &'a Document {
    let has_own = !list(object, "to").is_empty() || !list(object, "cc").is_empty();
    if has_own { object } else { activity }
}

/// Who may read it.
pub(super) fn visibility(author: &Actor, object: &Document, activity: &Document) -> Visibility {
    let of = addressed(object, activity);
    if of.get("directMessage").and_then(Value::as_bool) == Some(true) {
        return Visibility::Direct;
    }
    Visibility::of_addresses(&ids(of, "to"), &ids(of, "cc"), author.followers.as_deref())
}

/// Everybody it is addressed to, each once.
pub(super) fn people(object: &Document, activity: &Document) -> Vec<String> {
    let of = addressed(object, activity);
    let mut people: Vec<String> = Vec::new();
    for uri in ids(of, "to").into_iter().chain(ids(of, "cc")) {
        if people.len() < MOST_PEOPLE && uri.len() <= 1000 && !people.iter().any(|known| known == uri) {
            people.push(uri.to_owned());
        }
    }
    people
}

/// A vote is written like a letter and is none: it names a choice and says nothing.
pub(super) fn is_vote(object: &Document) -> bool {
    let has = |name: &str| {
        object
            .get(name)
            .and_then(Value::as_str)
            .is_some_and(|text| !text.trim().is_empty())
    };
    has("name") && !has("content") && !object.contains_key("contentMap")
}

/// The letter in a document; `None` when nothing is left to be read.
pub(super) fn incoming(
    envelope: &Envelope,
    uri: &str,
    object: &Document,
    now: Timestamp,
) -> Option<Incoming> {
    let author = &envelope.actor;
    let mut raw = String::new();
    let title = words(object, "name");
    if kind_of(&Value::Object(object.clone())) != Some("Note") && !title.is_empty() {
        raw.push_str(&Html::paragraph(&title).into_string());
    }
    raw.extend(content(object).chars().take(LONGEST));
    let html = text::sanitise_remote(&raw);
    let files = files(object);
    let plain = text::plain_text(&html);
    if plain.trim().is_empty() && files.is_empty() {
        return None;
    }
    let public = visibility(author, object, &envelope.whole) != Visibility::Direct;
    let mut people = people(object, &envelope.whole);
    let followers = author.followers_uri();
    let to_followers = people.contains(&followers);
    people.retain(|uri| !federation::is_public(uri) && *uri != followers);
    people.insert(0, author.uri.clone());
    people.dedup();
    let context = ["context", "conversation"].iter().find_map(|name| {
        let context = object.get(*name).and_then(id_of)?;
        (context.len() <= 1000).then(|| context.to_owned())
    });
    let names_us = list(object, "tag")
        .iter()
        .any(|tag| kind_of(tag) == Some("Mention"));
    let updated = instant(object, "updated");
    Some(Incoming {
        uri: uri.to_owned(),
        published: instant(object, "published").unwrap_or(now).min(now),
        subject: subject(&words(object, "summary"), &title, &plain),
        html: html.into_string(),
        answers: object.get("inReplyTo").and_then(id_of).map(ToOwned::to_owned),
        // Lemmy's letters hang together by nothing but their two people.
        is_loose: !names_us && context.is_none(),
        updated,
        wire: Wire {
            people,
            answers: object.get("inReplyTo").and_then(id_of).map(ToOwned::to_owned),
            context,
            url: page(object.get("url")),
            summary: words(object, "summary"),
            sensitive: object.get("sensitive").and_then(Value::as_bool) == Some(true),
            to_followers,
            files,
            public,
            updated: updated.map(Timestamp::as_millis),
        },
    })
}

/// Letters of other servers have no subject: the warning, the title, or the first words stand for it.
fn subject(warning: &str, title: &str, plain: &str) -> String {
    let without_names: Vec<&str> = plain
        .split_whitespace()
        .skip_while(|word| word.starts_with('@'))
        .collect();
    let said = [warning, title, &without_names.join(" ")]
        .iter()
        .map(|text| text::clean_line(text, 61))
        .find(|text| !text.is_empty())
        .unwrap_or_default();
    if said.chars().count() > 60 {
        let mut cut: String = said.chars().take(59).collect();
        cut.push('…');
        cut
    } else {
        said
    }
}

fn words(object: &Document, name: &str) -> String {
    let raw = object.get(name).and_then(Value::as_str).unwrap_or_default();
    let some: String = raw.chars().take(2000).collect();
    text::clean_line(&text::plain_text(&text::sanitise_remote(&some)), 300)
}

fn content(object: &Document) -> String {
    if let Some(content) = object.get("content").and_then(Value::as_str) {
        return content.to_owned();
    }
    let map = object.get("contentMap").and_then(Value::as_object);
    map.and_then(|map| map.values().find_map(Value::as_str))
        .unwrap_or_default()
        .to_owned()
}

fn files(object: &Document) -> Vec<(String, String)> {
    list(object, "attachment")
        .into_iter()
        .filter_map(|file| {
            let url = page(file.get("url").or_else(|| file.get("href")))?;
            let name = ["name", "summary"]
                .iter()
                .map(|name| file.get(*name).and_then(Value::as_str).unwrap_or_default())
                .find(|words| !words.is_empty())
                .unwrap_or_default();
            Some((url, text::clean_line(name, 200)))
        })
        .take(MOST_FILES)
        .collect()
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_words_stand_for_a_subject() {
        assert_eq!(
            subject("", "", "@maire-eze@parvis.test Bonjour, un lampadaire est cassé."),
            "Bonjour, un lampadaire est cassé."
        );
        assert_eq!(subject("Voirie", "", "x"), "Voirie");
        assert_eq!(subject("", "", &"mot ".repeat(40)).chars().count(), 60);
    }

    #[test]
    fn everybody_in_a_letter_is_known_once() {
        let object = json!({ "to": ["https://a.test/1", "https://b.test/2"], "cc": "https://a.test/1" });
        let object = object.as_object().unwrap();
        assert_eq!(
            people(object, &Document::new()),
            ["https://a.test/1", "https://b.test/2"]
        );
        let activity = json!({ "to": "https://c.test/3" });
        assert_eq!(
            people(&Document::new(), activity.as_object().unwrap()),
            ["https://c.test/3"]
        );
    }
}
