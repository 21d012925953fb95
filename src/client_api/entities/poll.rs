//! `Poll`.

use serde_json::{Value, json};

use crate::source::Poll;

/// A poll as its reader sees it.
pub(crate) fn poll(poll: &Poll) -> Value {
    let options: Vec<Value> = poll
        .options
        .iter()
        .map(|(title, votes)| json!({ "title": title, "votes_count": votes }))
        .collect();
    let mut drawn = json!({
        "id": poll.id.to_string(),
        "expires_at": poll.expires_at.map(|at| at.rfc3339()),
        "expired": poll.expired,
        "multiple": poll.multiple,
        "votes_count": poll.votes,
        "voters_count": poll.voters,
        "options": options,
        "emojis": [],
    });
    if let (Some(own), Some(map)) = (&poll.own, drawn.as_object_mut()) {
        map.insert("voted".to_owned(), json!(!own.is_empty()));
        map.insert("own_votes".to_owned(), json!(own));
    }
    drawn
}
