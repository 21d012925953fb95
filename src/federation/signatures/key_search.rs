//! From a key id to a key: what may be fetched, and what the fetched documents must say.
//!
//! The key must name its owner and the owner must list the key; key id, documents and owner must be of
//! one origin (scheme, host and port). At most two documents are asked for, and nothing is fetched here.

use platform::Timestamp;
use serde_json::{Map, Value};
use url::Url;

use crate::keys::{KeyRefusal, PublicKey};

/// Longest key id followed.
const LONGEST_ID: usize = 2048;
/// Most keys looked at in one document.
const MOST_KEYS: usize = 32;
/// What an owner of keys may be (ActivityStreams).
const ACTOR_TYPES: [&str; 5] = ["Person", "Service", "Group", "Organization", "Application"];

/// What the key is for: an actor lists its keys by purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyUse {
    /// To sign requests: listed in `publicKey` or in `assertionMethod`.
    Request,
    /// To sign documents: listed in `assertionMethod`.
    Document,
}

/// A search under way. Fetch [`Self::url`], hand the answer to [`Self::read`], until a key is found.
#[derive(Debug, Clone)]
pub struct KeySearch {
    key_id: String,
    usage: KeyUse,
    stage: Stage,
    url: Url,
}

/// What the next document has to be.
#[derive(Debug, Clone)]
enum Stage {
    /// Whatever lies at the key id.
    KeyId,
    /// The owner, who must list the key; the key itself, if it was already seen.
    Owner { key: Option<PublicKey> },
    /// The key, listed by this owner under its id alone.
    Key { owner: String },
}

/// How a document was understood.
#[derive(Debug)]
pub enum Step {
    /// The key and its owner agree.
    Found(FoundKey),
    /// Another document is needed.
    Fetch(KeySearch),
}

/// A key that its owner confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundKey {
    /// The key id searched for.
    pub key_id: String,
    /// The id of the actor to whom the key belongs, as its document writes it.
    pub owner: String,
    /// The key.
    pub key: PublicKey,
}

/// Why there is no key to be believed under a key id. Each means 401 for the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum KeySearchRefusal {
    /// Not an http(s) address, or too long, or with a user name.
    #[error("the key id is not an address that can be followed")]
    KeyId,
    /// A document, the key and its owner are not all of one scheme, host and port.
    #[error("the key and its owner are not of one origin")]
    Origin,
    /// The document is neither a key nor an actor, or not the one asked for.
    #[error("the document is not the key or the actor asked for")]
    Document,
    /// The actor does not list the key for this use.
    #[error("the actor does not list the key")]
    NotListed,
    /// Key and actor name different owners, or show different keys.
    #[error("the key and the actor contradict each other")]
    Disagreement,
    /// The key has been revoked or has expired.
    #[error("the key is no longer valid")]
    Revoked,
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyRefusal),
}

/// Whether two addresses are of the same scheme, host and port.
pub fn same_origin(one: &Url, other: &Url) -> bool {
    one.origin().is_tuple() && one.origin() == other.origin()
}

impl KeySearch {
    /// Begins with a key id as a signature gives it: `actor#main-key`, `actor/main-key`, `actor?key`,
    /// a bare actor, or the address of a key document.
    pub fn new(key_id: &str, usage: KeyUse) -> Result<Self, KeySearchRefusal> {
        Ok(Self {
            key_id: key_id.to_owned(),
            usage,
            stage: Stage::KeyId,
            url: followable(key_id)?,
        })
    }

    /// The document to fetch now.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Reads the document fetched from [`Self::url`].
    ///
    /// `fetched_from` is the address that answered in the end, after redirects: a document is believed
    /// only about its own address, so that no upload or redirect of a host can speak for its actors.
    pub fn read(
        self,
        fetched_from: &Url,
        document: &Value,
        now: Timestamp,
    ) -> Result<Step, KeySearchRefusal> {
        if !same_origin(&self.url, fetched_from) {
            return Err(KeySearchRefusal::Origin);
        }
        let document = document.as_object().ok_or(KeySearchRefusal::Document)?;
        let id = text(document, "id").ok_or(KeySearchRefusal::Document)?;
        let address = followable(id).map_err(|_refused| KeySearchRefusal::Document)?;
        if !same_origin(&self.url, &address) {
            return Err(KeySearchRefusal::Origin);
        }
        let mut plain = fetched_from.clone();
        plain.set_fragment(None);
        let at_home = plain == address;
        // What was asked for by its id must be what came, and from its own address.
        if !matches!(self.stage, Stage::KeyId) && (!at_home || address != self.url) {
            return Err(KeySearchRefusal::Document);
        }
        let is_key = document.contains_key("publicKeyPem") || document.contains_key("publicKeyMultibase");
        match (self.stage.clone(), is_key) {
            (Stage::KeyId, true) if at_home => self.key_document(document, id, now),
            (Stage::KeyId, false) if at_home => self.actor(document, id, None, now),
            // A stub of the actor at the address of its key (GoToSocial), or a redirect: ask the actor.
            (Stage::KeyId, false) => self.stub(document, id, now),
            (Stage::KeyId, true) => Err(KeySearchRefusal::Document),
            (Stage::Owner { key }, false) => self.actor(document, id, key, now),
            (Stage::Key { owner }, true) => self.listed_key(document, &owner, now),
            (Stage::Owner { .. } | Stage::Key { .. }, _) => Err(KeySearchRefusal::Document),
        }
    }

    /// A key with a document of its own: its owner must confirm it.
    fn key_document(
        self,
        document: &Map<String, Value>,
        id: &str,
        now: Timestamp,
    ) -> Result<Step, KeySearchRefusal> {
        if !same_id(id, &self.key_id) {
            return Err(KeySearchRefusal::Document);
        }
        let owner = owner(document)?.ok_or(KeySearchRefusal::Disagreement)?;
        let key = public_key(document, now)?;
        self.ask_owner(owner, Some(key))
    }

    /// A partial copy of an actor: what it says counts only if the actor says it too.
    fn stub(self, document: &Map<String, Value>, id: &str, now: Timestamp) -> Result<Step, KeySearchRefusal> {
        let key = match listed(document, &self.key_id, self.usage) {
            Some(Value::Object(key)) => Some(public_key(key, now)?),
            _ => None,
        };
        self.ask_owner(id, key)
    }

    fn ask_owner(self, owner: &str, key: Option<PublicKey>) -> Result<Step, KeySearchRefusal> {
        let url = followable(owner)?;
        if !same_origin(&self.url, &url) {
            return Err(KeySearchRefusal::Origin);
        }
        Ok(Step::Fetch(Self {
            stage: Stage::Owner { key },
            url,
            ..self
        }))
    }

    /// The actor itself, at its own address: it must list the key.
    fn actor(
        self,
        document: &Map<String, Value>,
        id: &str,
        seen: Option<PublicKey>,
        now: Timestamp,
    ) -> Result<Step, KeySearchRefusal> {
        if !is_actor(document) {
            return Err(KeySearchRefusal::Document);
        }
        let bare = same_id(id, &self.key_id);
        let entry = if bare {
            only_key(document, self.usage)
        } else {
            listed(document, &self.key_id, self.usage)
        };
        match entry.ok_or(KeySearchRefusal::NotListed)? {
            Value::Object(entry) => {
                let multikey = entry.contains_key("publicKeyMultibase");
                match owner(entry)? {
                    Some(owner) if !same_id(owner, id) => return Err(KeySearchRefusal::Disagreement),
                    // Within the actor an old key need not repeat whose it is; a Multikey must.
                    None if multikey => return Err(KeySearchRefusal::Disagreement),
                    _ => {}
                }
                let key = public_key(entry, now)?;
                if seen.is_some_and(|seen| seen != key) {
                    return Err(KeySearchRefusal::Disagreement);
                }
                Ok(self.found(id, key))
            }
            Value::String(listed) => match seen {
                Some(key) => Ok(self.found(id, key)),
                None if bare => {
                    let url = followable(listed)?;
                    if !same_origin(&self.url, &url) {
                        return Err(KeySearchRefusal::Origin);
                    }
                    Ok(Step::Fetch(Self {
                        stage: Stage::Key { owner: id.to_owned() },
                        url,
                        ..self
                    }))
                }
                None => Err(KeySearchRefusal::Document),
            },
            _ => Err(KeySearchRefusal::Document),
        }
    }

    /// The key document an actor pointed to.
    fn listed_key(
        self,
        document: &Map<String, Value>,
        listing: &str,
        now: Timestamp,
    ) -> Result<Step, KeySearchRefusal> {
        if !owner(document)?.is_some_and(|owner| same_id(owner, listing)) {
            return Err(KeySearchRefusal::Disagreement);
        }
        let key = public_key(document, now)?;
        Ok(self.found(listing, key))
    }

    fn found(self, owner: &str, key: PublicKey) -> Step {
        Step::Found(FoundKey {
            key_id: self.key_id,
            owner: owner.to_owned(),
            key,
        })
    }
}

/// The address behind an id, without its fragment.
fn followable(id: &str) -> Result<Url, KeySearchRefusal> {
    if id.len() > LONGEST_ID {
        return Err(KeySearchRefusal::KeyId);
    }
    let mut url = Url::parse(id).map_err(|_malformed| KeySearchRefusal::KeyId)?;
    let plain = url.username().is_empty() && url.password().is_none();
    if !matches!(url.scheme(), "https" | "http") || !url.has_host() || !plain {
        return Err(KeySearchRefusal::KeyId);
    }
    url.set_fragment(None);
    Ok(url)
}

/// Whether two ids are the same address, fragment included.
fn same_id(one: &str, other: &str) -> bool {
    one == other || matches!((Url::parse(one), Url::parse(other)), (Ok(one), Ok(other)) if one == other)
}

/// The keys an actor lists for a use.
fn keys(actor: &Map<String, Value>, usage: KeyUse) -> impl Iterator<Item = &Value> {
    let lists: &[&str] = match usage {
        KeyUse::Request => &["publicKey", "assertionMethod"],
        KeyUse::Document => &["assertionMethod"],
    };
    lists
        .iter()
        .filter_map(|list| actor.get(*list))
        .flat_map(|value| match value {
            Value::Array(entries) => entries.iter().take(MOST_KEYS).collect(),
            single => vec![single],
        })
}

/// The entry of this id, embedded or by its id alone; an embedded one first.
fn listed<'a>(actor: &'a Map<String, Value>, key_id: &str, usage: KeyUse) -> Option<&'a Value> {
    let of_id = |entry: &&Value| match entry {
        Value::Object(key) => text(key, "id").is_some_and(|id| same_id(id, key_id)),
        Value::String(id) => same_id(id, key_id),
        _ => false,
    };
    keys(actor, usage)
        .filter(of_id)
        .find(|entry| entry.is_object())
        .or_else(|| keys(actor, usage).find(of_id))
}

/// The key meant by the bare id of an actor: the only one of its first list.
fn only_key(actor: &Map<String, Value>, usage: KeyUse) -> Option<&Value> {
    let list = match usage {
        KeyUse::Request if actor.contains_key("publicKey") => actor.get("publicKey"),
        _ => actor.get("assertionMethod"),
    };
    match list? {
        Value::Array(entries) => match entries.as_slice() {
            [only] => Some(only),
            _ => None,
        },
        single => Some(single),
    }
}

fn is_actor(document: &Map<String, Value>) -> bool {
    let known = |value: &Value| value.as_str().is_some_and(|name| ACTOR_TYPES.contains(&name));
    match document.get("type") {
        Some(Value::Array(types)) => types.iter().any(known),
        Some(single) => known(single),
        None => false,
    }
}

/// Whom a key names as its owner.
fn owner(key: &Map<String, Value>) -> Result<Option<&str>, KeySearchRefusal> {
    let named = |name: &str| match key.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) => Ok(Some(id.as_str())),
        Some(Value::Object(actor)) => Ok(text(actor, "id")),
        Some(Value::Array(one)) => match &one[..] {
            [Value::String(id)] => Ok(Some(id.as_str())),
            [Value::Object(actor)] => Ok(text(actor, "id")),
            _ => Err(KeySearchRefusal::Disagreement),
        },
        Some(_) => Err(KeySearchRefusal::Disagreement),
    };
    match (named("owner")?, named("controller")?) {
        (Some(owner), Some(controller)) if owner != controller => Err(KeySearchRefusal::Disagreement),
        (owner, controller) => Ok(owner.or(controller)),
    }
}

/// The key in a key document or in an entry of an actor.
fn public_key(key: &Map<String, Value>, now: Timestamp) -> Result<PublicKey, KeySearchRefusal> {
    for end in ["expires", "revoked"] {
        match key.get(end) {
            None | Some(Value::Null) => {}
            Some(Value::String(end)) if Timestamp::parse_rfc3339(end).is_some_and(|end| end > now) => {}
            Some(_) => return Err(KeySearchRefusal::Revoked),
        }
    }
    match (text(key, "publicKeyPem"), text(key, "publicKeyMultibase")) {
        (Some(pem), _) => Ok(PublicKey::from_pem(pem)?),
        (None, Some(multibase)) => Ok(PublicKey::from_multibase(multibase)?),
        (None, None) => Err(KeySearchRefusal::Document),
    }
}

fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}
