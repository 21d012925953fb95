//! Any activity of another server: verified, and before any room has looked at it.

use serde_json::{Map, Value};

use crate::Actor;

/// The public collection in its three spellings.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

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
        let mut object = whole.get("object")?.clone();
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

/// The type of a document: the first that is text.
pub fn kind_of(value: &Value) -> Option<&str> {
    match value.get("type")? {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => kinds.iter().find_map(Value::as_str),
        _ => None,
    }
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
