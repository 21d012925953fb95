//! Whom a document names and under which words it stands: its `tag`.

use platform::text;
use serde_json::{Map, Value};

use crate::{kind_of, list};

/// Names kept of one document.
const MOST_MENTIONS: usize = 50;
/// Addresses of one document that are looked at.
const MOST_ADDRESSED: usize = 200;
/// Hashtags kept of one document.
const MOST_HASHTAGS: usize = 30;
/// The longest hashtag, in characters.
const LONGEST_HASHTAG: usize = 80;

/// The ids of those whom a document names, each once.
pub fn mentioned(document: &Map<String, Value>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for tag in of_kind(document, "Mention") {
        let href = tag.get("href").and_then(Value::as_str).unwrap_or_default();
        if !href.is_empty() && href.len() <= 2000 && !all.iter().any(|known| known == href) {
            all.push(href.to_owned());
        }
        if all.len() == MOST_MENTIONS {
            break;
        }
    }
    all
}

/// The hashtags of a document: folded and as typed, each once.
pub fn hashtags(document: &Map<String, Value>) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for tag in of_kind(document, "Hashtag").take(MOST_HASHTAGS) {
        let name = tag.get("name").and_then(Value::as_str).unwrap_or_default();
        let shown = text::clean_line(name.trim_start_matches('#'), LONGEST_HASHTAG);
        let folded = text::fold(&shown);
        if !folded.is_empty() && !all.iter().any(|(known, _)| *known == folded) {
            all.push((folded, shown));
        }
    }
    all
}

/// All that a document or the activity around it is addressed to: `to`, `cc`, `audience`, and those it names.
pub fn addressed<'a>(document: &'a Map<String, Value>, activity: &'a Map<String, Value>) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for of in [document, activity] {
        for name in ["to", "cc", "audience"] {
            all.extend(crate::ids(of, name));
        }
    }
    all.extend(of_kind(document, "Mention").filter_map(|tag| tag.get("href").and_then(Value::as_str)));
    all.sort_unstable();
    all.dedup();
    all.truncate(MOST_ADDRESSED);
    all
}

fn of_kind<'a>(document: &'a Map<String, Value>, kind: &'static str) -> impl Iterator<Item = &'a Value> + 'a {
    list(document, "tag")
        .into_iter()
        .filter(move |tag| kind_of(tag) == Some(kind))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_and_hashtags_are_read_once_each() {
        let document = json!({ "tag": [
            { "type": "Mention", "href": "https://a.example/u/1", "name": "@un@a.example" },
            { "type": "Mention", "href": "https://a.example/u/1" },
            { "type": "Mention", "href": 3 }, { "type": "Mention" }, "x", null,
            { "type": "Hashtag", "name": "#Éze" }, { "type": "Hashtag", "name": "#eze" },
            { "type": "Hashtag", "name": "" }, { "type": "Emoji", "name": ":x:" },
        ]});
        let document = document.as_object().unwrap();
        assert_eq!(mentioned(document), ["https://a.example/u/1"]);
        assert_eq!(hashtags(document), [("eze".to_owned(), "Éze".to_owned())]);
        let many: Vec<Value> = (0..5000)
            .map(|n| json!({ "type": "Mention", "href": format!("https://a.example/{n}") }))
            .collect();
        let many = json!({ "tag": many });
        assert_eq!(mentioned(many.as_object().unwrap()).len(), MOST_MENTIONS);
    }
}
