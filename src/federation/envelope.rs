//! Any activity of another server: verified, and before any room has looked at it.

use serde_json::{Map, Value};

use crate::Actor;

/// The public collection in its three spellings.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// What the names of ActivityStreams begin with when they are written in full.
const NAMESPACE: &str = "https://www.w3.org/ns/activitystreams#";

/// Types that win over others in a list of types.
const KINDS: [&str; 37] = [
    "Accept",
    "Add",
    "Announce",
    "Application",
    "Article",
    "Audio",
    "Block",
    "Create",
    "Delete",
    "Dislike",
    "Document",
    "EmojiReact",
    "Event",
    "Flag",
    "Follow",
    "Group",
    "Hashtag",
    "Image",
    "Join",
    "Leave",
    "Like",
    "Mention",
    "Move",
    "Note",
    "Organization",
    "Page",
    "Person",
    "Place",
    "PropertyValue",
    "Question",
    "Reject",
    "Remove",
    "Service",
    "Tombstone",
    "Undo",
    "Update",
    "Video",
];

/// An activity whose signer is its actor, or that was fetched from its actor's own server.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// Its id.
    pub id: String,
    /// `Create`, `Like`, …
    pub kind: String,
    /// Who did it.
    pub actor: Actor,
    /// The object as sent: text (an id), a document, or a list.
    pub object: Value,
    /// The whole activity.
    pub whole: Map<String, Value>,
}

impl Envelope {
    /// An activity whose actor is proven. `id` and the ids in `object` come out in canonical form; `whole` is
    /// as it was sent. `None` when it is not one.
    pub fn read(actor: Actor, activity: Value) -> Option<Self> {
        let kind = kind_of(&activity)?.to_owned();
        let Value::Object(whole) = activity else {
            return None;
        };
        let id = crate::address::canonical(whole.get("id")?.as_str()?)?;
        let mut object = only(whole.get("object")?).clone();
        match &mut object {
            Value::String(id) => {
                if let Some(canonical) = crate::address::canonical(id) {
                    *id = canonical;
                }
            }
            other => canonicalise(other),
        }
        Some(Self {
            id,
            kind,
            actor,
            object,
            whole,
        })
    }

    /// The id of the object, whether sent as text or as a document.
    pub fn object_id(&self) -> Option<&str> {
        id_of(&self.object)
    }

    /// The type of the object; `None` when only its id was sent.
    pub fn object_kind(&self) -> Option<&str> {
        kind_of(&self.object)
    }

    /// The object as a document, if it was sent as one.
    pub fn object_document(&self) -> Option<&Map<String, Value>> {
        self.object.as_object()
    }
}

/// The id of a value that is text or a document.
pub fn id_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(id) => Some(id),
        Value::Object(document) => document.get("id").and_then(Value::as_str),
        Value::Array(items) => match items.as_slice() {
            [one] => id_of(one),
            _ => None,
        },
        _ => None,
    }
}

/// What stands in a list of one, however deep.
fn only(mut value: &Value) -> &Value {
    while let Some([one]) = value.as_array().map(Vec::as_slice) {
        value = one;
    }
    value
}

/// The type of a document: of several the first that ActivityStreams knows, else the first. Without the
/// prefix some write before it.
pub fn kind_of(value: &Value) -> Option<&str> {
    value.as_object().and_then(kind_in)
}

/// [`kind_of`] a document.
pub fn kind_in(document: &Map<String, Value>) -> Option<&str> {
    match document.get("type")? {
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(bare)
            .find(|kind| KINDS.contains(kind))
            .or_else(|| kinds.iter().find_map(bare)),
        kind => bare(kind),
    }
}

fn bare(kind: &Value) -> Option<&str> {
    let kind = kind.as_str()?;
    let short = [NAMESPACE, "as:"]
        .iter()
        .find_map(|prefix| kind.strip_prefix(prefix));
    Some(short.unwrap_or(kind))
}

/// Who wrote an object: `attributedTo`, else `actor`. Where a person and the channel are named (PeerTube),
/// the person.
pub fn author_of(document: &Map<String, Value>) -> Option<&str> {
    let named = match list(document, "attributedTo") {
        none if none.is_empty() => list(document, "actor"),
        some => some,
    };
    let is_channel = |one: &&&Value| matches!(kind_of(one), Some("Group"));
    let person = named.iter().find(|one| !is_channel(one));
    person.or(named.first()).and_then(|one| id_of(one))
}

/// The texts and ids of a property that may be absent, single or a list.
pub fn ids<'a>(document: &'a Map<String, Value>, property: &str) -> Vec<&'a str> {
    match document.get(property) {
        Some(Value::Array(items)) => items.iter().filter_map(id_of).collect(),
        Some(value) => id_of(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// A property that may be absent, single or a list, as a list.
pub fn list<'a>(document: &'a Map<String, Value>, property: &str) -> Vec<&'a Value> {
    match document.get(property) {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(value) => vec![value],
    }
}

/// Whether an address means everybody.
pub fn is_public(address: &str) -> bool {
    matches!(address, PUBLIC | "as:Public" | "Public")
}

/// Names whose values are ids, brought to canonical form.
const IDS: [&str; 8] = [
    "id",
    "actor",
    "object",
    "attributedTo",
    "inReplyTo",
    "target",
    "origin",
    "instrument",
];

/// Brings the ids of a received document to their canonical form, so that spellings do not make two things
/// of one. What is no address stays as it is.
pub(crate) fn canonicalise(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(canonicalise),
        Value::Object(map) => {
            for name in IDS {
                match map.get_mut(name) {
                    Some(Value::String(id)) => {
                        if let Some(canonical) = crate::address::canonical(id) {
                            *id = canonical;
                        }
                    }
                    Some(Value::Array(items)) => {
                        for item in items {
                            match item {
                                Value::String(id) => {
                                    if let Some(canonical) = crate::address::canonical(id) {
                                        *id = canonical;
                                    }
                                }
                                other => canonicalise(other),
                            }
                        }
                    }
                    Some(nested) => canonicalise(nested),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_is_found_among_others_and_without_its_prefix() {
        for (kinds, found) in [
            (json!("Note"), Some("Note")),
            (json!("as:Note"), Some("Note")),
            (
                json!("https://www.w3.org/ns/activitystreams#Create"),
                Some("Create"),
            ),
            (json!(["x:Comment", "Note"]), Some("Note")),
            (json!([7, "as:Page", "x:Post"]), Some("Page")),
            (json!(["x:Review"]), Some("x:Review")),
            (json!([]), None),
            (json!({ "a": "Note" }), None),
        ] {
            assert_eq!(kind_of(&json!({ "type": kinds })), found, "{kinds}");
        }
    }

    #[test]
    fn the_author_is_the_person_of_those_named() {
        let of = |value: Value| author_of(value.as_object().unwrap()).map(ToOwned::to_owned);
        let (paul, channel) = ("https://v.test/paul", "https://v.test/channel");
        let group = json!({ "type": "Group", "id": channel });
        let person = json!({ "type": "Person", "id": paul });
        for document in [
            json!({ "attributedTo": paul }),
            json!({ "attributedTo": [paul], "actor": channel }),
            json!({ "attributedTo": [group, person] }),
            json!({ "attributedTo": person }),
            json!({ "actor": paul }),
            json!({ "attributedTo": null, "actor": [person] }),
        ] {
            assert_eq!(of(document.clone()).as_deref(), Some(paul), "{document}");
        }
        assert_eq!(of(json!({ "attributedTo": [group] })).as_deref(), Some(channel));
        assert_eq!(of(json!({ "attributedTo": [{ "type": "Person" }] })), None);
        assert_eq!(of(json!({})), None);
    }
}
