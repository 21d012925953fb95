//! The names of the wire: contexts that need no fetching.

use std::sync::LazyLock;

use serde_json::Value;

static CONTEXT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("context.json")).unwrap_or_default());

/// The `@context` of everything we send: ActivityStreams, the security vocabulary and our extensions inline,
/// so that no reader has to fetch a document of another host (INTEROP.md 2.7).
pub fn context() -> Value {
    CONTEXT.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_is_well_formed() {
        assert_eq!(context().as_array().map(Vec::len), Some(3));
    }

    /// What a term of ours stands for, as a JSON-LD processor resolves it.
    fn expanded(term: &str) -> Option<String> {
        let ours = context().get(2)?.as_object()?.clone();
        let mut name = match ours.get(term)? {
            Value::String(name) => name.clone(),
            definition => definition.get("@id")?.as_str()?.to_owned(),
        };
        // Prefixes may stand for one another; `as` is ActivityStreams' own.
        for _ in 0..3 {
            let (prefix, rest) = name.split_once(':')?;
            name = match (prefix, ours.get(prefix).and_then(Value::as_str)) {
                (_, _) if rest.starts_with("//") => break,
                ("as", _) => format!("https://www.w3.org/ns/activitystreams#{rest}"),
                (_, Some(base)) => format!("{base}{rest}"),
                (_, None) => return None,
            };
        }
        name.starts_with("http").then_some(name)
    }

    #[test]
    fn every_term_stands_for_an_address() {
        let context = context();
        let ours = context.get(2).and_then(Value::as_object).unwrap();
        for term in ours.keys() {
            assert!(expanded(term).is_some(), "{term}");
        }
        for (term, address) in [
            ("Lock", "https://join-lemmy.org/ns#Lock"),
            ("Hashtag", "https://www.w3.org/ns/activitystreams#Hashtag"),
            ("featured", "http://joinmastodon.org/ns#featured"),
            ("canQuote", "https://gotosocial.org/ns#canQuote"),
        ] {
            assert_eq!(expanded(term).as_deref(), Some(address));
        }
    }
}
