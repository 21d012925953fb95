//! A topic as other servers read it.

use discussion::Circle;
use federation::{Actor, Audience, Ctx};
use platform::text::Html;
use serde_json::{Map, Value, json};

use crate::model::Topic;

/// The `Note` of a topic of ours, without `@context`: its title stands in `name`, and in bold above its text for
/// those who show no titles.
pub(crate) fn of(
    ctx: &Ctx,
    topic: &Topic,
    author: &Actor,
    circle: &Circle,
    mentioned: &[Actor],
    audience: &Audience,
) -> Value {
    let content = content(topic);
    let tag: Vec<Value> = mentioned
        .iter()
        .map(|actor| json!({ "type": "Mention", "href": actor.uri, "name": actor.full_handle() }))
        .collect();
    let mut note = Map::new();
    let mut put = |name: &str, value: Value| {
        note.insert(name.to_owned(), value);
    };
    put("id", json!(topic.uri));
    put("type", json!("Note"));
    put("attributedTo", json!(author.uri));
    put("to", json!(audience.to));
    put("cc", json!(audience.cc));
    put("audience", json!(circle.uri));
    put("published", json!(topic.created_at.rfc3339()));
    if let Some(at) = topic.edited_at {
        put("updated", json!(at.rfc3339()));
    }
    put("url", json!(ctx.urls.to(&page_of(topic, circle))));
    put("name", json!(topic.title));
    put("content", json!(content));
    put("contentMap", json!({ &topic.language: content }));
    if let Some(source) = &topic.source {
        put(
            "source",
            json!({ "content": source, "mediaType": "text/markdown" }),
        );
    }
    if !topic.summary.is_empty() {
        put("summary", json!(topic.summary));
    }
    put("sensitive", json!(!topic.summary.is_empty()));
    put("tag", json!(tag));
    put("attachment", json!([]));
    let context = format!("{}/context", topic.uri);
    put("context", json!(context));
    put("conversation", json!(context));
    for name in ["replies", "likes", "shares"] {
        put(name, json!(format!("{}/{name}", topic.uri)));
    }
    put(
        "interactionPolicy",
        json!({ "canQuote": { "automaticApproval": [author.uri] } }),
    );
    Value::Object(note)
}

/// The path of a topic's page.
pub(crate) fn page_of(topic: &Topic, circle: &Circle) -> String {
    format!("{}/sujets/{}", circle.page, topic.id)
}

/// The text with its title in bold above it.
pub(crate) fn content(topic: &Topic) -> String {
    let title = Html::paragraph(&topic.title).into_string();
    let title = title.trim_start_matches("<p>").trim_end_matches("</p>");
    format!("<p><strong>{title}</strong></p>{}", topic.html)
}
