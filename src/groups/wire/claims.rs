//! Which activities this room takes in: topics addressed to a group of ours, and what its moderators on other
//! servers order.

use discussion::documents::{self, TYPES};
use federation::{Actor, Ctx, Envelope, Inbox, actors, id_of};
use platform::StoreError;
use serde_json::{Map, Value};

use super::{orders, take};
use crate::model::Topic;
use crate::store;

pub(crate) fn claims(inbox: &mut Inbox) {
    for kind in TYPES {
        inbox
            .on("Create", kind)
            .when(is_new_topic)
            .then("groups: topic", take::created);
        inbox
            .on("Update", kind)
            .when(is_topic)
            .then("groups: edited topic", take::updated);
    }
    inbox
        .on("Delete", "*")
        .when(is_topic)
        .then("groups: deletion", take::deleted);
    inbox
        .on("Undo", "Delete")
        .then("groups: shown again", orders::restored);
    inbox
        .on("Lock", "*")
        .when(is_topic)
        .then("groups: lock", orders::locked);
    inbox.on("Undo", "Lock").then("groups: unlock", orders::unlocked);
    inbox
        .on("Block", "*")
        .when(is_from_group)
        .then("groups: put out", orders::put_out);
    inbox
        .on("Undo", "Block")
        .when(is_from_group)
        .then("groups: let back", orders::let_back);
    for change in ["Add", "Remove"] {
        inbox
            .on(change, "*")
            .when(is_of_collection)
            .then("groups: pin", orders::pinned);
    }
    inbox
        .on("Update", "Group")
        .when(is_group)
        .then("groups: new face", orders::renamed);
}

/// Something that answers nothing and is addressed to a group of ours.
async fn is_new_topic(ctx: Ctx, envelope: Envelope) -> bool {
    let Some(object) = envelope.object_document() else {
        return false;
    };
    documents::in_reply_to(object).is_none()
        && !documents::is_vote(object)
        && matches!(
            actors::addressed_group(&ctx, object, &envelope.whole).await,
            Ok(Some(_))
        )
}

pub(super) async fn topic(ctx: &Ctx, envelope: &Envelope) -> Result<Option<Topic>, StoreError> {
    match envelope.object_id() {
        Some(uri) => store::topics::by_uri(&ctx.db, uri).await,
        None => Ok(None),
    }
}

async fn is_topic(ctx: Ctx, envelope: Envelope) -> bool {
    matches!(topic(&ctx, &envelope).await, Ok(Some(_)))
}

/// The group of ours that stands in a property of an activity.
pub(super) async fn group_in(
    ctx: &Ctx,
    activity: &Map<String, Value>,
    name: &str,
) -> Result<Option<Actor>, StoreError> {
    let Some(uri) = activity.get(name).and_then(id_of) else {
        return Ok(None);
    };
    let uri = ["/moderators", "/featured"]
        .iter()
        .find_map(|end| uri.strip_suffix(end))
        .unwrap_or(uri);
    if !ctx.urls.is_ours(uri) {
        return Ok(None);
    }
    Ok(actors::by_uri(ctx, uri)
        .await?
        .filter(|actor| actor.local && actor.kind == federation::ActorKind::Group))
}

/// A `Block` out of a group of ours, or its `Undo`.
async fn is_from_group(ctx: Ctx, envelope: Envelope) -> bool {
    let block = match envelope.kind.as_str() {
        "Undo" => envelope.object_document(),
        _ => Some(&envelope.whole),
    };
    match block {
        Some(block) => matches!(group_in(&ctx, block, "target").await, Ok(Some(_))),
        None => false,
    }
}

async fn is_of_collection(ctx: Ctx, envelope: Envelope) -> bool {
    matches!(group_in(&ctx, &envelope.whole, "target").await, Ok(Some(_)))
}

async fn is_group(ctx: Ctx, envelope: Envelope) -> bool {
    match envelope.object_id() {
        Some(uri) => {
            matches!(actors::by_uri(&ctx, uri).await, Ok(Some(actor)) if actor.local
                && actor.kind == federation::ActorKind::Group)
        }
        None => false,
    }
}
