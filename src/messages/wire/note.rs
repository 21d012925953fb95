//! An answer as a `Note`, addressed to those who were in the letter and to nobody else.

use federation::{Actor, Audience, Ctx, outbox};
use platform::text::Html;
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use crate::actions::shown_html;
use crate::model::Message;

/// What is said of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// It was written.
    Create,
    /// It was changed.
    Update,
    /// It was taken back.
    Delete,
}

/// The `Note` of an answer of ours (INTEROP 7.1), without `@context`, as it is for these people. `None` for what never
/// left.
pub(crate) fn note(office: &Actor, message: &Message, people: &[Actor]) -> Option<Value> {
    let (uri, known) = (message.uri.as_ref()?, message.wire.as_ref()?);
    let to: Vec<&str> = people.iter().map(|actor| actor.uri.as_str()).collect();
    let content = content(&shown_html(message), people);
    let tag: Vec<Value> = people
        .iter()
        .map(|actor| json!({ "type": "Mention", "href": actor.uri, "name": actor.full_handle() }))
        .collect();
    let mut note = json!({
        "id": uri,
        "type": "Note",
        "attributedTo": office.uri,
        "to": to,
        "cc": [],
        "published": message.created_at.rfc3339(),
        "url": uri,
        "content": content,
        "contentMap": { "fr": content },
        "sensitive": known.sensitive || !known.summary.is_empty(),
        "inReplyTo": known.answers,
        "tag": tag,
        "attachment": [],
        "directMessage": true,
        "interactionPolicy": { "canQuote": { "automaticApproval": [office.uri] } },
    });
    if let Some(map) = note.as_object_mut() {
        if !known.summary.is_empty() {
            map.insert("summary".to_owned(), json!(known.summary));
        }
        if let Some(context) = &known.context {
            map.insert("context".to_owned(), json!(context));
            map.insert("conversation".to_owned(), json!(context));
        }
        if let Some(edited) = message.edited_at {
            map.insert("updated".to_owned(), json!(edited.rfc3339()));
        }
    }
    Some(note)
}

/// The words, after the names of those they are for: Mastodon shows a private message so.
fn content(html: &Html, people: &[Actor]) -> String {
    let named: Vec<String> = people
        .iter()
        .map(|actor| {
            let page = Html::paragraph(actor.page()).into_string();
            let page = page.trim_start_matches("<p>").trim_end_matches("</p>").replace('"', "%22");
            format!(
                "<span class=\"h-card\"><a href=\"{page}\" class=\"u-url mention\">@<span>{}</span></a></span>",
                bare(&actor.handle)
            )
        })
        .collect();
    let html = html.as_str();
    match html.strip_prefix("<p>") {
        Some(rest) if !named.is_empty() => format!("<p>{} {rest}", named.join(" ")),
        _ if !named.is_empty() => format!("<p>{}</p>{html}", named.join(" ")),
        _ => html.to_owned(),
    }
}

fn bare(handle: &str) -> String {
    let html = Html::paragraph(handle).into_string();
    html.trim_start_matches("<p>").trim_end_matches("</p>").to_owned()
}

/// Says it, at the personal inboxes of those who are to read it.
pub(crate) async fn say(
    ctx: &Ctx,
    tx: &mut Tx,
    office: &Actor,
    message: &Message,
    people: &[Actor],
    deed: Deed,
) -> Result<(), StoreError> {
    if message.wire.is_none() {
        return Ok(());
    }
    let audience = Audience::only(&people.iter().collect::<Vec<_>>());
    let activity = match deed {
        Deed::Create | Deed::Update => {
            let Some(note) = note(office, message, people) else {
                return Ok(());
            };
            let kind = if deed == Deed::Create { "Create" } else { "Update" };
            json!({ "type": kind, "object": note, "directMessage": true })
        }
        Deed::Delete => {
            let uri = message.uri.clone().unwrap_or_default();
            federation::actors::bury(tx, &uri, "Note", ctx.clock.now()).await?;
            let tombstone = json!({ "id": uri, "type": "Tombstone", "formerType": "Note" });
            json!({ "type": "Delete", "object": tombstone })
        }
    };
    outbox::say(ctx, tx, office, activity, &audience).await?;
    Ok(())
}
