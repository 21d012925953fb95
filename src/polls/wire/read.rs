//! Reading questions and answers of other servers.

use federation::{Envelope, id_of, kind_of, list};
use platform::Timestamp;
use platform::text;
use serde_json::{Map, Value};

/// Choices of one question that are kept.
const MOST: usize = 100;
/// The longest words of one.
const LONGEST: usize = 300;

/// A question as its server tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadQuestion {
    pub(crate) multiple: bool,
    pub(crate) closes_at: Option<Timestamp>,
    pub(crate) closed: bool,
    pub(crate) voters: Option<i64>,
    /// Words and votes.
    pub(crate) choices: Vec<(String, i64)>,
}

/// Reads a `Question`; `None` for one without choices, or with two that read the same.
pub(crate) fn read_question(document: &Map<String, Value>) -> Option<ReadQuestion> {
    let (any, one) = (list(document, "anyOf"), list(document, "oneOf"));
    let multiple = !any.is_empty();
    let mut choices: Vec<(String, i64)> = Vec::new();
    for choice in if multiple { any } else { one }.into_iter().take(MOST) {
        let words = choice
            .get("name")
            .or_else(|| choice.get("content"))
            .and_then(Value::as_str)?;
        let words = text::clean_line(words, LONGEST);
        if words.is_empty() || choices.iter().any(|(known, _)| *known == words) {
            return None;
        }
        let votes = choice
            .get("replies")
            .and_then(|replies| replies.get("totalItems"));
        choices.push((words, count(votes).unwrap_or(0)));
    }
    if choices.is_empty() {
        return None;
    }
    let instant = |name: &str| {
        document
            .get(name)
            .and_then(Value::as_str)
            .and_then(Timestamp::parse_rfc3339)
    };
    let closed = document.get("closed");
    let is_closed = match closed {
        Some(Value::Bool(closed)) => *closed,
        Some(Value::String(_)) => true,
        _ => false,
    };
    // GoToSocial writes `closed` with an instant to come beside an `endTime`.
    let closes_at = instant("closed").or_else(|| instant("endTime"));
    Some(ReadQuestion {
        multiple,
        closed: is_closed && instant("closed").is_none(),
        closes_at,
        voters: count(document.get("votersCount")),
        choices,
    })
}

fn count(value: Option<&Value>) -> Option<i64> {
    value
        .and_then(Value::as_i64)
        .filter(|count| (0..1_000_000_000).contains(count))
}

/// Answers of one activity: which question, and the words that were chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answers {
    pub(crate) question: String,
    pub(crate) words: Vec<String>,
}

/// Reads answers: notes with a name and no content, one or several (GoToSocial), all to one question.
pub(crate) fn answers(envelope: &Envelope) -> Option<Answers> {
    let notes: Vec<&Value> = match &envelope.object {
        Value::Array(notes) => notes.iter().collect(),
        one => vec![one],
    };
    let mut question = None;
    let mut words = Vec::new();
    for note in notes.into_iter().take(MOST) {
        let document = note.as_object()?;
        if kind_of(note) != Some("Note") || has(document, "content") || document.contains_key("contentMap") {
            return None;
        }
        let name = document.get("name").and_then(Value::as_str)?;
        let answered = document.get("inReplyTo").and_then(id_of)?;
        if question.get_or_insert(answered) != &answered {
            return None;
        }
        words.push(name.trim().to_owned());
    }
    Some(Answers {
        question: question?.to_owned(),
        words,
    })
}

fn has(document: &Map<String, Value>, name: &str) -> bool {
    document
        .get(name)
        .and_then(Value::as_str)
        .is_some_and(|text| !text.trim().is_empty())
}

/// Whether every answer is the actor's own.
pub(crate) fn are_own(envelope: &Envelope) -> bool {
    let own = |note: &Value| {
        let by = note.as_object().and_then(federation::author_of);
        by.is_none_or(|by| by == envelope.actor.uri)
    };
    match &envelope.object {
        Value::Array(notes) => notes.iter().all(own),
        one => own(one),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Option<ReadQuestion> {
        read_question(value.as_object().unwrap())
    }

    #[test]
    fn questions_of_mastodon_and_gotosocial_are_read() {
        let mastodon = read(json!({
            "type": "Question", "endTime": "2026-12-01T10:00:00Z", "votersCount": 3,
            "oneOf": [
                { "type": "Note", "name": "Oui", "replies": { "type": "Collection", "totalItems": 2 } },
                { "type": "Note", "name": "Non", "replies": { "type": "Collection", "totalItems": 1 } },
            ],
        }))
        .unwrap();
        assert!(!mastodon.multiple && !mastodon.closed);
        assert_eq!(mastodon.choices, [("Oui".to_owned(), 2), ("Non".to_owned(), 1)]);
        assert_eq!(mastodon.voters, Some(3));
        let over = read(json!({ "anyOf": [{ "name": "a" }], "closed": "2026-11-01T10:00:00Z" })).unwrap();
        assert!(over.multiple && over.closes_at.is_some());
        assert!(
            read(json!({ "oneOf": [{ "name": "a" }], "closed": true }))
                .unwrap()
                .closed
        );
    }

    #[test]
    fn what_is_no_question_is_none() {
        for value in [
            json!({ "oneOf": [] }),
            json!({ "oneOf": [{ "name": "a" }, { "name": " a " }] }),
            json!({ "oneOf": [{ "type": "Note" }] }),
            json!({ "content": "?" }),
        ] {
            assert_eq!(read(value), None);
        }
    }
}
