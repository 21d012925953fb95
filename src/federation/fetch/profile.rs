//! What the document of an actor says, cut to size and made safe to show.

use platform::text::{clean_line, sanitise_remote};
use serde_json::{Map, Value};

use super::FetchError;
use super::webfinger::{is_name, parse_account};
use crate::{ActorKind, address, envelope};

/// Longest name shown, in characters.
const NAME: usize = 200;
/// Longest description read, in bytes; Mastodon's own limit.
const SUMMARY: usize = 20_000;
/// Pairs shown under the description.
const FIELDS: usize = 16;
/// Other addresses of one person.
const ALIASES: usize = 32;

/// An actor of another server as its document describes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Profile {
    pub(crate) kind: ActorKind,
    pub(crate) username: String,
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) url: Option<String>,
    pub(crate) inbox: String,
    pub(crate) shared_inbox: Option<String>,
    pub(crate) outbox: Option<String>,
    pub(crate) followers: Option<String>,
    pub(crate) following: Option<String>,
    pub(crate) featured: Option<String>,
    pub(crate) icon_url: Option<String>,
    pub(crate) image_url: Option<String>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) aliases: Vec<String>,
    pub(crate) moved_to: Option<String>,
    pub(crate) locked: bool,
    pub(crate) discoverable: bool,
}

impl Profile {
    /// Reads the document with this id (in canonical form).
    pub(crate) fn read(id: &str, value: &Value) -> Result<Self, FetchError> {
        let refused = FetchError::Refused;
        let document = value.as_object().ok_or(refused("not a document"))?;
        let kind = kinds(document)
            .find_map(ActorKind::from_code)
            .ok_or(refused("it is not an actor"))?;
        // Its inbox and its collections are its own server's: nobody else is written to in its name.
        let own = |name: &str| own_address(id, document.get(name));
        let endpoints = document.get("endpoints").and_then(Value::as_object);
        let summary = text(document, "summary");
        Ok(Self {
            kind,
            username: username(document).ok_or(refused("the actor has no name that can be used"))?,
            name: clean_line(text(document, "name"), NAME),
            summary: sanitise_remote(start_of(summary, SUMMARY)).into_string(),
            url: page(document),
            inbox: own("inbox").ok_or(refused("the actor has no inbox on its server"))?,
            shared_inbox: endpoints.and_then(|ends| own_address(id, ends.get("sharedInbox"))),
            outbox: own("outbox"),
            followers: own("followers"),
            following: own("following"),
            featured: own("featured"),
            icon_url: picture(document, "icon"),
            image_url: picture(document, "image"),
            fields: fields(document),
            aliases: envelope::ids(document, "alsoKnownAs")
                .into_iter()
                .filter_map(address::canonical)
                .take(ALIASES)
                .collect(),
            moved_to: envelope::ids(document, "movedTo")
                .into_iter()
                .find_map(address::canonical),
            locked: flag(document, "manuallyApprovesFollowers"),
            discoverable: flag(document, "discoverable"),
        })
    }
}

fn kinds(document: &Map<String, Value>) -> impl Iterator<Item = &str> {
    envelope::list(document, "type")
        .into_iter()
        .filter_map(Value::as_str)
}

fn text<'a>(document: &'a Map<String, Value>, name: &str) -> &'a str {
    document.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn flag(document: &Map<String, Value>, name: &str) -> bool {
    document.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn start_of(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}

/// `preferredUsername`, or the name in `webfinger` (FEP-2c59).
fn username(document: &Map<String, Value>) -> Option<String> {
    let preferred = text(document, "preferredUsername");
    if is_name(preferred) {
        return Some(preferred.to_owned());
    }
    if !preferred.is_empty() {
        return None;
    }
    parse_account(text(document, "webfinger")).map(|(user, _)| user)
}

fn own_address(id: &str, value: Option<&Value>) -> Option<String> {
    value
        .and_then(envelope::id_of)
        .and_then(address::canonical)
        .filter(|address| address::same_origin(address, id))
}

/// The page for people: an address of the web, of whatever host.
fn page(document: &Map<String, Value>) -> Option<String> {
    let links = envelope::list(document, "url");
    let html = |link: &&&Value| {
        link.get("mediaType")
            .and_then(Value::as_str)
            .is_none_or(|kind| kind.starts_with("text/html"))
    };
    links.iter().filter(html).find_map(|link| href(link))
}

/// The address in text, in a Link or in an Image.
fn href(value: &Value) -> Option<String> {
    let address = match value {
        Value::String(address) => Some(address.as_str()),
        Value::Object(link) => link
            .get("href")
            .or_else(|| link.get("url"))
            .and_then(Value::as_str),
        _ => None,
    };
    address.and_then(address::link).map(String::from)
}

fn picture(document: &Map<String, Value>, name: &str) -> Option<String> {
    let pictures = envelope::list(document, name);
    pictures.into_iter().take(4).find_map(|picture| match picture {
        Value::Object(image) => match image.get("url") {
            Some(Value::Array(links)) => links.iter().take(4).find_map(href),
            Some(link) => href(link),
            None => href(picture),
        },
        other => href(other),
    })
}

fn fields(document: &Map<String, Value>) -> Vec<(String, String)> {
    envelope::list(document, "attachment")
        .into_iter()
        .filter_map(Value::as_object)
        .filter(|field| kinds(field).any(|kind| kind == "PropertyValue"))
        .take(FIELDS)
        .map(|field| {
            let value = sanitise_remote(start_of(text(field, "value"), 2_048)).into_string();
            (clean_line(text(field, "name"), 255), value)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "https://peer.test/users/paul";

    fn document() -> Value {
        json!({
            "id": ID, "type": "Person", "preferredUsername": "paul", "name": "Paul",
            "inbox": "https://peer.test/users/paul/inbox",
        })
    }

    fn read(change: Value) -> Result<Profile, FetchError> {
        let mut document = document();
        let map = document.as_object_mut().unwrap();
        map.extend(change.as_object().unwrap().clone());
        Profile::read(ID, &document)
    }

    #[test]
    fn an_actor_in_full_is_understood() {
        let profile = read(json!({
            "type": ["Person", "http://example.org/Mayor"],
            "summary": "<p>Bonjour<script>alert(1)</script></p>",
            "url": [{ "type": "Link", "mediaType": "text/html", "href": "https://peer.test/@paul" }],
            "endpoints": { "sharedInbox": "https://peer.test/inbox" },
            "icon": [{ "type": "Image", "url": [{ "type": "Link", "href": "https://media.test/i.png" }] }],
            "image": "https://media.test/h.png",
            "attachment": [
                { "type": "PropertyValue", "name": "Site", "value": "<a href=\"https://x.test\">x</a>" },
                { "type": "Image", "name": "non" },
            ],
            "alsoKnownAs": "https://old.test/p", "movedTo": null, "discoverable": true,
        }))
        .unwrap();
        assert_eq!(profile.kind, ActorKind::Person);
        assert!(profile.summary.contains("Bonjour") && !profile.summary.contains("script"));
        assert_eq!(profile.url.as_deref(), Some("https://peer.test/@paul"));
        assert_eq!(profile.shared_inbox.as_deref(), Some("https://peer.test/inbox"));
        assert_eq!(profile.icon_url.as_deref(), Some("https://media.test/i.png"));
        assert_eq!(profile.image_url.as_deref(), Some("https://media.test/h.png"));
        assert_eq!(profile.fields.len(), 1);
        assert_eq!(profile.aliases, ["https://old.test/p"]);
        assert!(profile.discoverable && !profile.locked);
    }

    #[test]
    fn names_that_play_tricks_are_cleaned() {
        let profile =
            read(json!({ "name": "\u{202e}eriaM\n\n\u{200b} d'Èze".to_owned() + &"a".repeat(5000) }))
                .unwrap();
        assert!(!profile.name.contains(['\u{202e}', '\n', '\u{200b}']));
        assert!(profile.name.chars().count() <= NAME);
    }

    #[test]
    fn what_is_no_usable_actor_is_refused() {
        for change in [
            json!({ "type": "Note" }),
            json!({ "type": 7 }),
            json!({ "inbox": null }),
            json!({ "inbox": 7 }),
            json!({ "inbox": "https://victim.test/inbox" }),
            json!({ "inbox": "http://peer.test/inbox" }),
            json!({ "inbox": "https://peer.test:8443/inbox" }),
            json!({ "preferredUsername": "" }),
            json!({ "preferredUsername": "a@b" }),
            json!({ "preferredUsername": "a b" }),
            json!({ "preferredUsername": "a/b" }),
            json!({ "preferredUsername": ["a"] }),
        ] {
            assert!(
                matches!(read(change.clone()), Err(FetchError::Refused(_))),
                "{change}"
            );
        }
        assert!(Profile::read(ID, &json!([])).is_err());
    }

    #[test]
    fn what_is_wrong_in_part_is_left_out_in_part() {
        let profile = read(json!({
            "name": 7, "summary": {}, "url": "javascript:alert(1)", "icon": [[]], "image": 7,
            "attachment": "x", "alsoKnownAs": [7, "x"], "endpoints": "x", "followers": "https://victim.test/f",
            "endpoints": { "sharedInbox": "https://victim.test/inbox" }, "outbox": {},
        }))
        .unwrap();
        assert_eq!((profile.name.as_str(), profile.summary.as_str()), ("", ""));
        assert_eq!(profile.url, None);
        assert_eq!(profile.shared_inbox, None);
        assert_eq!(profile.followers, None);
        assert_eq!(profile.outbox, None);
        assert!(profile.aliases.is_empty() && profile.fields.is_empty());
    }

    #[test]
    fn the_name_may_come_from_webfinger_alone() {
        let mut document = document();
        let map = document.as_object_mut().unwrap();
        map.remove("preferredUsername");
        map.insert("webfinger".to_owned(), json!("paul@peer.test"));
        assert_eq!(Profile::read(ID, &document).unwrap().username, "paul");
    }
}
