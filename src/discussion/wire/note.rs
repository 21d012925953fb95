//! A comment as other servers read it, and theirs as we read it.

use federation::{Actor, Audience};
use serde_json::{Map, Value, json};

use crate::actions::telling::Around;
use crate::model::Comment;

/// The `Note` of a comment of ours, without `@context`.
pub(crate) fn of(comment: &Comment, author: &Actor, around: &Around) -> Value {
    let Audience { to, cc, .. } = around.audience(author, comment);
    let tag: Vec<Value> = around
        .named(comment)
        .iter()
        .map(|actor| json!({ "type": "Mention", "href": actor.uri, "name": actor.full_handle() }))
        .collect();
    let mut note = Map::new();
    let mut put = |name: &str, value: Value| {
        note.insert(name.to_owned(), value);
    };
    put("id", json!(comment.uri));
    put("type", json!("Note"));
    put("attributedTo", json!(author.uri));
    put("to", json!(to));
    put("cc", json!(cc));
    put("published", json!(comment.created_at.rfc3339()));
    if let Some(at) = comment.edited_at {
        put("updated", json!(at.rfc3339()));
    }
    put("url", json!(page_of(&comment.uri, comment)));
    put("inReplyTo", json!(comment.in_reply_to));
    if let Some(circle) = &around.circle {
        put("audience", json!(circle.uri));
    }
    put("content", json!(comment.html));
    put("contentMap", json!({ &comment.language: comment.html }));
    if let Some(source) = &comment.source {
        put(
            "source",
            json!({ "content": source, "mediaType": "text/markdown" }),
        );
    }
    if !comment.summary.is_empty() {
        put("summary", json!(comment.summary));
    }
    put("sensitive", json!(!comment.summary.is_empty()));
    if let Some(context) = &comment.context {
        put("context", json!(context));
        put("conversation", json!(context));
    }
    put("tag", json!(tag));
    put("attachment", json!([]));
    for name in ["replies", "likes", "shares"] {
        put(name, json!(format!("{}/{name}", comment.uri)));
    }
    put(
        "interactionPolicy",
        json!({ "canQuote": { "automaticApproval": [author.uri] } }),
    );
    Value::Object(note)
}

/// The page of a comment of ours, from its address.
fn page_of(uri: &str, comment: &Comment) -> String {
    let base = uri.split("/ap/").next().unwrap_or_default();
    format!("{base}{}", comment.page())
}
