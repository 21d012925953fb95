//! What an activity is about, in full: an object of which only the address or a part was sent is read from
//! its own server, so that the rooms see documents only.

use serde_json::{Map, Value};

use crate::{ActorKind, Ctx, Envelope, Verdict, address, fetch};

/// Where the words of an object may stand. A document with none of them is a part of one.
const WORDS: [&str; 7] = [
    "content",
    "contentMap",
    "name",
    "nameMap",
    "summary",
    "summaryMap",
    "attachment",
];

/// Puts the whole object into a `Create` or `Update`.
pub(super) async fn complete(ctx: &Ctx, mut envelope: Envelope) -> Result<Envelope, Verdict> {
    if !matches!(envelope.kind.as_str(), "Create" | "Update") || !is_part(&envelope) {
        return Ok(envelope);
    }
    let Some(uri) = envelope.object_id().and_then(address::canonical) else {
        return Err(Verdict::Reject("the object has no id"));
    };
    if uri == envelope.actor.uri {
        // Its profile, which is read by whoever takes it in.
        return Ok(envelope);
    }
    if !address::same_origin(&uri, &envelope.actor.uri) {
        return Err(Verdict::Reject("the object is of another server than its actor"));
    }
    envelope.object = fetch::object(ctx, &uri).await?;
    Ok(envelope)
}

fn is_part(envelope: &Envelope) -> bool {
    match &envelope.object {
        Value::String(_) => true,
        Value::Object(document) => {
            let is_actor = |kind: &str| ActorKind::from_code(kind).is_some();
            match envelope.object_kind() {
                Some(kind) if is_actor(kind) => false,
                Some(_) => lacks(document),
                None => true,
            }
        }
        _ => false,
    }
}

fn lacks(document: &Map<String, Value>) -> bool {
    let has = |name: &str| document.get(name).is_some_and(|value| !value.is_null());
    !(has("attributedTo") || has("actor")) || !WORDS.into_iter().any(has)
}
