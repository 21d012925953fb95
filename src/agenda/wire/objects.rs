//! The object door: `/ap/events/{id}` and what hangs under it.

use discussion::{Counts, Target, Thing};
use federation::objects::{Found, Objects, Part};
use federation::{Actor, Ctx, actors};
use platform::StoreError;
use platform::store::Paging;
use serde_json::{Value, json};

use super::{KIND, commune_of, document, forget_actor, path, subject};
use crate::actions::{Whole, date};
use crate::model::{EventState, OccurrenceId, OccurrenceState};

pub(crate) fn objects(objects: &mut Objects) {
    objects
        .own(KIND, find)
        .collection(KIND, "replies", replies)
        .collection(KIND, "likes", |ctx, id, _, _| async move {
            Ok(total(counts(&ctx, id).await?.open_likes))
        })
        .collection(KIND, "shares", |ctx, id, _, _| async move {
            Ok(total(counts(&ctx, id).await?.open_shares))
        })
        .collection(KIND, "context", context)
        .collection(KIND, "attendees", attendees)
        .on_actor_gone(|ctx, actor| async move { forget_actor(&ctx, &actor).await });
}

async fn find(ctx: Ctx, id: i64, _: Option<Actor>) -> Result<Found, StoreError> {
    let Some((event, date)) = date(&ctx, OccurrenceId(id)).await? else {
        return Ok(Found::Missing);
    };
    if !event.local || event.private || date.private {
        return Ok(Found::Missing);
    }
    if event.state == EventState::Deleted || date.state == OccurrenceState::Deleted {
        return Ok(Found::Gone);
    }
    let commune = commune_of(&ctx, event.commune.as_deref()).await?;
    let office = actors::by_id(&ctx, event.actor_id).await?;
    let Some((commune, office)) = commune.zip(office) else {
        return Ok(Found::Missing);
    };
    let whole = Whole {
        office: &office,
        commune: &commune,
        event: &event,
        date: &date,
    };
    Ok(Found::Public {
        document: document(&ctx, &whole),
        page: path(Some(&commune), &date),
    })
}

async fn counts(ctx: &Ctx, id: i64) -> Result<Counts, StoreError> {
    let target = Target { kind: KIND, id };
    let all = discussion::actions::counts(ctx, &[target]).await?;
    Ok(all.get(&target).copied().unwrap_or_default())
}

/// How many, and not who: that is between the reader and her own server.
fn total(total: i64) -> Part {
    Part {
        total,
        ..Part::default()
    }
}

/// How many come, and not who: that is between them and the town hall.
async fn attendees(ctx: Ctx, id: i64, _: Option<i64>, _: i64) -> Result<Part, StoreError> {
    let found = date(&ctx, OccurrenceId(id)).await?;
    Ok(total(found.map_or(0, |(_, date)| date.taken)))
}

async fn replies(ctx: Ctx, id: i64, after: Option<i64>, limit: i64) -> Result<Part, StoreError> {
    let Some((event, date)) = date(&ctx, OccurrenceId(id)).await? else {
        return Ok(Part::default());
    };
    let thing = Thing::Subject(subject(&ctx, &event, &date).await?);
    let (total, page) =
        discussion::actions::public_answers(&ctx, &thing, &Paging::before(after, limit)).await?;
    let has_more = page.has_more;
    let items = page
        .items
        .into_iter()
        .map(|(id, uri)| (id, Value::String(uri)))
        .collect();
    Ok(Part {
        total,
        items,
        has_more,
    })
}

/// The whole conversation, the oldest first: the event and what other servers may know of its comments.
async fn context(ctx: Ctx, id: i64, after: Option<i64>, limit: i64) -> Result<Part, StoreError> {
    let Some((event, date)) = date(&ctx, OccurrenceId(id)).await? else {
        return Ok(Part::default());
    };
    let subject = subject(&ctx, &event, &date).await?;
    let total = 1 + counts(&ctx, id).await?.open_comments;
    let page = discussion::actions::public_conversation(&ctx, &subject, after, limit).await?;
    let mut items: Vec<(i64, Value)> = page
        .items
        .into_iter()
        .map(|(id, uri)| (id, Value::String(uri)))
        .collect();
    if after.is_none() && limit > 0 {
        items.insert(0, (date.id.0, json!(date.uri)));
    }
    Ok(Part {
        total,
        items,
        has_more: page.has_more,
    })
}
