//! Dates as things under discussion.

use std::collections::HashMap;

use discussion::{Answer, Owner, Subject};
use federation::Ctx;
use platform::Tx;

use crate::model::{Event, EventId, Occurrence, OccurrenceId};
use crate::wire::{KIND, subject};
use crate::{actions, store};

/// The owner of `events`.
#[derive(Debug)]
pub struct Events;

/// Dates with their events.
pub(crate) async fn dates(ctx: &Ctx, ids: &[i64]) -> Result<Vec<(Event, Occurrence)>, platform::StoreError> {
    let dates = store::occurrences::by_ids(&ctx.db, ids).await?;
    let mut of: Vec<EventId> = dates.iter().map(|date| date.event_id).collect();
    of.sort_unstable();
    of.dedup();
    let events: HashMap<EventId, Event> = store::events::by_ids(&ctx.db, &of)
        .await?
        .into_iter()
        .map(|event| (event.id, event))
        .collect();
    Ok(dates
        .into_iter()
        .filter_map(|date| Some((events.get(&date.event_id)?.clone(), date)))
        .collect())
}

impl Owner for Events {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn section(&self) -> Option<&'static str> {
        Some("agenda")
    }

    fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Subject>> {
        Box::pin(async move {
            let mut subjects = Vec::with_capacity(ids.len());
            for (event, date) in dates(ctx, ids).await? {
                subjects.push(subject(ctx, &event, &date).await?);
            }
            Ok(subjects)
        })
    }

    fn set_hidden<'a>(&'a self, ctx: &'a Ctx, tx: &'a mut Tx, id: i64, hidden: bool) -> Answer<'a, bool> {
        Box::pin(actions::set_hidden(ctx, tx, OccurrenceId(id), hidden))
    }

    fn by_uri<'a>(&'a self, ctx: &'a Ctx, uri: &'a str) -> Answer<'a, Option<Subject>> {
        Box::pin(async move {
            let Some(date) = store::occurrences::by_uri(&ctx.db, uri).await? else {
                return Ok(None);
            };
            match store::events::by_id(&ctx.db, date.event_id).await? {
                Some(event) => subject(ctx, &event, &date).await.map(Some),
                None => Ok(None),
            }
        })
    }
}
