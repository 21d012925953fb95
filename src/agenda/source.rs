//! Public dates as statuses of the client API, to be read in phone apps; they are written by their own door.

use account::Citizen;
use client_api::{
    Answer, Attached, Figures, List, NewStatus, Once, Outcome, Record, Source, StatusEdit, of_upload,
};
use federation::{ActorId, Ctx, actors, author_of};
use platform::i18n::Lang;
use platform::media::{self, MediaId};
use platform::store::{Page, Paging};
use platform::text::Html;
use platform::web::{Failure, Message};
use platform::{StoreError, Timestamp};
use serde_json::Value;

use crate::model::{Event, Occurrence, OccurrenceState};
use crate::owner::{Events, dates};
use crate::store::{self, lists};
use crate::wire::{KIND, subject, take_in};
use crate::words;

impl Source for Events {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Record>> {
        Box::pin(records(ctx, ids))
    }

    fn list<'a>(&'a self, ctx: &'a Ctx, list: List<'a>, paging: &'a Paging) -> Answer<'a, Page<Record>> {
        Box::pin(async move {
            let told = match list {
                List::OfActor { only_media: true, .. } | List::Pinned { .. } | List::Tag(..) => {
                    return Ok(none());
                }
                List::OfActor { actor, .. } => lists::Told::Of(actor),
                List::Home { reader } => lists::Told::FollowedBy(reader.actor.id),
                List::Public(filter) => lists::Told::All {
                    local: filter.local,
                    remote: filter.remote,
                    pictures: filter.only_media,
                },
            };
            let page = lists::told(&ctx.db, told, paging).await?;
            let mut items = records(ctx, &page.items).await?;
            items.sort_by_key(|record| std::cmp::Reverse(record.id()));
            Ok(Page {
                items,
                has_more: page.has_more,
            })
        })
    }

    fn figures<'a>(&'a self, ctx: &'a Ctx, actor: ActorId) -> Answer<'a, Figures> {
        Box::pin(async move {
            let (count, last_at) = store::occurrences::figures(&ctx.db, actor).await?;
            Ok(Figures { count, last_at })
        })
    }

    fn id_of_page(&self, path: &str) -> Option<i64> {
        let (place, id) = path.trim_end_matches('/').rsplit_once('/')?;
        let is_ours = place == "/agenda" || place.ends_with("/agenda");
        is_ours.then(|| id.parse().ok()).flatten()
    }

    fn take_in<'a>(&'a self, ctx: &'a Ctx, object: &'a Value) -> Outcome<'a, Option<i64>> {
        Box::pin(take(ctx, object))
    }

    fn publish<'a>(
        &'a self,
        _: &'a Ctx,
        _: &'a Citizen,
        _: NewStatus,
        _: Option<&'a Once>,
    ) -> Outcome<'a, i64> {
        Box::pin(async { Err(own_door()) })
    }

    fn edit<'a>(&'a self, _: &'a Ctx, _: &'a Citizen, _: i64, _: StatusEdit) -> Outcome<'a, ()> {
        Box::pin(async { Err(own_door()) })
    }

    fn delete<'a>(&'a self, _: &'a Ctx, _: &'a Citizen, _: i64) -> Outcome<'a, ()> {
        Box::pin(async { Err(own_door()) })
    }

    fn pin<'a>(&'a self, _: &'a Ctx, _: &'a Citizen, _: i64, _: bool) -> Outcome<'a, ()> {
        Box::pin(async { Err(own_door()) })
    }

    fn scheduled<'a>(&'a self, _: &'a Ctx, _: &'a Citizen) -> Outcome<'a, Vec<Record>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn reschedule<'a>(&'a self, _: &'a Ctx, _: &'a Citizen, _: i64, _: Timestamp) -> Outcome<'a, ()> {
        Box::pin(async { Err(own_door()) })
    }
}

fn none() -> Page<Record> {
    Page {
        items: Vec::new(),
        has_more: false,
    }
}

/// An event has times and a place, which a status has not.
fn own_door() -> Failure {
    Failure::unprocessable("event", Message::new("agenda-api-own-door"))
}

async fn records(ctx: &Ctx, ids: &[i64]) -> Result<Vec<Record>, StoreError> {
    let mut all = Vec::with_capacity(ids.len());
    for (event, one) in dates(ctx, ids).await? {
        if !event.private && one.state != OccurrenceState::Deleted {
            all.push(record(ctx, &event, &one).await?);
        }
    }
    Ok(all)
}

/// The event as a text: title, when, where, and what is said of it.
fn text(ctx: &Ctx, event: &Event, one: &Occurrence) -> String {
    let bold = |line: &str| {
        let inner = Html::paragraph(line).into_string();
        let inner = inner.trim_start_matches("<p>").trim_end_matches("</p>");
        format!("<p><strong>{inner}</strong></p>")
    };
    let mut html = bold(&event.title);
    if one.is_cancelled() {
        let word = ctx.words.t(Lang::Fr, "agenda-cancelled");
        let line = if one.reason.is_empty() {
            word
        } else {
            format!("{word} – {}", one.reason)
        };
        html.push_str(Html::paragraph(&line).as_str());
    }
    let when = words::when(&ctx.words, Lang::Fr, event, one);
    let place = event.place.line();
    let line = [when, place]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    html.push_str(Html::paragraph(&line).as_str());
    html.push_str(&event.html);
    html
}

async fn record(ctx: &Ctx, event: &Event, one: &Occurrence) -> Result<Record, StoreError> {
    let subject = subject(ctx, event, one).await?;
    let url = match &event.url {
        Some(url) if !event.local => url.clone(),
        _ => ctx.urls.to(&subject.page),
    };
    let mut attached: Vec<Attached> = Vec::new();
    if let Some(id) = event.image_id {
        match media::by_id(&ctx.db, MediaId(id)).await {
            Ok(medium) => {
                let mut one = of_upload(ctx, &medium);
                one.alt.clone_from(&event.image_alt);
                attached.push(one);
            }
            Err(StoreError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let created_at = one.announced_at.unwrap_or(event.created_at);
    Ok(Record {
        subject,
        url,
        created_at,
        edited_at: event.edited_at.filter(|at| *at > created_at),
        scheduled_at: None,
        html: text(ctx, event, one),
        text: event.source.clone(),
        summary: String::new(),
        sensitive: false,
        language: Some(event.language.clone()).filter(|code| !code.is_empty() && code != "und"),
        attached,
        tags: Vec::new(),
        card: None,
        pinned: false,
    })
}

/// Keeps an event that somebody searched for by its address.
async fn take(ctx: &Ctx, object: &Value) -> Result<Option<i64>, Failure> {
    let Some(document) = object.as_object() else {
        return Ok(None);
    };
    let (Some(uri), Some(by)) = (object.get("id").and_then(Value::as_str), author_of(document)) else {
        return Ok(None);
    };
    if federation::kind_of(object) != Some("Event") || actors::origin(uri) != actors::origin(by) {
        return Ok(None);
    }
    let host = match actors::resolve(ctx, by).await {
        Ok(host) => host,
        Err(error) => {
            tracing::debug!(%error, "the host of an event cannot be read");
            return Ok(None);
        }
    };
    take_in(ctx, &host, uri, document).await?;
    Ok(store::occurrences::by_uri(&ctx.db, uri)
        .await?
        .map(|one| one.id.0))
}
