//! The object door: `/ap/events/{id}` and what hangs under it.

use discussion::{Subject, collections_of};
use federation::objects::{Found, Objects, Part};
use federation::{Actor, Ctx, actors};
use platform::StoreError;

use super::{KIND, commune_of, document, forget_actor, path, subject};
use crate::actions::{Whole, date};
use crate::model::{EventState, OccurrenceId, OccurrenceState};

pub(crate) fn objects(objects: &mut Objects) {
    collections_of(objects, KIND, subject_of);
    objects
        .own(KIND, find)
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

/// How many come, and not who: that is between them and the town hall.
async fn attendees(ctx: Ctx, id: i64, _: Option<i64>, _: i64) -> Result<Part, StoreError> {
    let found = date(&ctx, OccurrenceId(id)).await?;
    Ok(Part {
        total: found.map_or(0, |(_, date)| date.taken),
        ..Part::default()
    })
}

async fn subject_of(ctx: Ctx, id: i64) -> Result<Option<Subject>, StoreError> {
    match date(&ctx, OccurrenceId(id)).await? {
        Some((event, date)) => Ok(Some(subject(&ctx, &event, &date).await?)),
        None => Ok(None),
    }
}
