//! Calendars for programs: iCalendar, OpenAgenda's fields, the site map. Public events only.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use federation::Ctx;
use platform::Timestamp;
use platform::i18n::Lang;
use platform::text::{Html, excerpt, plain_text};
use platform::web::{Failure, holds};
use serde_json::{Value, json};

use super::place::Place;
use crate::ical::{Calendar, Entry, calendar};
use crate::model::{Event, EventId, Occurrence, OccurrenceId, OccurrenceState, instant};
use crate::store::{self, lists};
use crate::wire::{KIND, commune_of, path};

/// How long what is over stays in the calendar.
const PAST: Duration = Duration::from_secs(183 * 24 * 3600);
/// Events of one calendar.
const EVENTS: i64 = 2000;
const ADDRESSES: i64 = 40_000;

/// Public events with their dates, in the order of the first.
async fn events(ctx: &Ctx, ids: &[EventId]) -> Result<Vec<(Event, Vec<Occurrence>)>, Failure> {
    let mut dates: HashMap<EventId, Vec<Occurrence>> = HashMap::new();
    for one in store::occurrences::of_events(&ctx.db, ids).await? {
        dates.entry(one.event_id).or_default().push(one);
    }
    let mut known: HashMap<EventId, Event> = store::events::by_ids(&ctx.db, ids)
        .await?
        .into_iter()
        .filter(|event| !event.private)
        .map(|event| (event.id, event))
        .collect();
    Ok(ids
        .iter()
        .filter_map(|id| Some((known.remove(id)?, dates.remove(id)?)))
        .collect())
}

fn tag_of(events: &[(Event, Vec<Occurrence>)]) -> String {
    let changed = events
        .iter()
        .flat_map(|(event, dates)| {
            let own = event.edited_at.unwrap_or(event.created_at);
            dates.iter().map(|one| one.changed_at).chain([own])
        })
        .max()
        .unwrap_or_default();
    let count: usize = events.iter().map(|(_, dates)| dates.len()).sum();
    format!("\"{}-{}-{count}\"", changed.as_millis(), events.len())
}

fn file(place: &Place, name: String, events: &[(Event, Vec<Occurrence>)]) -> String {
    let ctx = &place.ctx;
    let head = Calendar {
        name,
        zone: place.zone().to_owned(),
        now: place.now(),
    };
    let entries: Vec<Entry<'_>> = events
        .iter()
        .map(|(event, dates)| {
            let next = dates
                .iter()
                .find(|one| !one.is_over(place.now()))
                .or(dates.last());
            let page = next.map_or_else(String::new, |one| path(Some(&place.commune), one));
            Entry {
                event,
                dates,
                uid: federation::objects::uri(ctx, KIND, event.id),
                page: ctx.urls.to(&page),
                image: event.image_id.map(|_| ctx.urls.to(&event.image_path)),
            }
        })
        .collect();
    calendar(&head, &entries)
}

fn answer(text: String, tag: String, name: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}.ics\""),
        ),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        (header::ETAG, tag),
    ];
    (headers, text).into_response()
}

pub(super) async fn calendar_of_commune(place: Place, headers: HeaderMap) -> Result<Response, Failure> {
    let since = place.now().minus(PAST);
    let ids = lists::events_since(&place.ctx.db, place.commune.code.as_str(), since, EVENTS).await?;
    let events = events(&place.ctx, &ids).await?;
    let tag = tag_of(&events);
    if holds(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let name = place
        .ctx
        .words
        .ta(Lang::Fr, "agenda-feed-title", &[("of", &place.commune.name.of())]);
    let text = file(&place, name, &events);
    Ok(answer(text, tag, &format!("agenda-{}", place.commune.address)))
}

pub(super) async fn calendar_of_event(
    place: Place,
    Path((_, id)): Path<(String, OccurrenceId)>,
) -> Result<Response, Failure> {
    let (event, _) = place.date(id).await?;
    if event.private {
        // Who keeps the agenda sees it on its page; a file goes everywhere.
        return Err(Failure::not_found());
    }
    let events = events(&place.ctx, &[event.id]).await?;
    let tag = tag_of(&events);
    let text = file(&place, String::new(), &events);
    Ok(answer(text, tag, &format!("agenda-{id}")))
}

/// The agenda in the fields of OpenAgenda, so that an agenda there can read it as a source.
pub(super) async fn open_agenda(place: Place, headers: HeaderMap) -> Result<Response, Failure> {
    let ids = lists::events_since(&place.ctx.db, place.commune.code.as_str(), place.now(), EVENTS).await?;
    let events = events(&place.ctx, &ids).await?;
    let tag = tag_of(&events);
    if holds(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let items: Vec<Value> = events
        .iter()
        .map(|(event, dates)| item(&place, event, dates))
        .collect();
    let whole = json!({ "total": items.len(), "events": items });
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        (header::ETAG, tag),
    ];
    Ok((headers, whole.to_string()).into_response())
}

fn item(place: &Place, event: &Event, dates: &[Occurrence]) -> Value {
    let (ctx, commune) = (&place.ctx, &place.commune);
    let html = Html::from_store(event.html.clone());
    let short = excerpt(&html, 190);
    let short = if short.is_empty() {
        event.title.clone()
    } else {
        short
    };
    let or = |text: &str, other: String| if text.is_empty() { other } else { text.to_owned() };
    let locality = or(&event.place.locality, commune.name.shown());
    let postal = commune.postal_codes.first().cloned().unwrap_or_default();
    let next = dates
        .iter()
        .find(|one| !one.is_over(place.now()))
        .or(dates.last());
    let timings: Vec<Value> = dates
        .iter()
        .filter(|one| one.state == OccurrenceState::Scheduled && !one.is_over(place.now()))
        .flat_map(|one| timings(event, one))
        .take(800)
        .collect();
    let address = event.place.address();
    // 1: takes place, 6: cancelled, as OpenAgenda counts.
    let status = if timings.is_empty() { 6 } else { 1 };
    json!({
        "uid": event.id.to_string(),
        "slug": event.id.to_string(),
        "title": { "fr": event.title },
        "description": { "fr": short },
        "longDescription": { "fr": event.source.clone().unwrap_or_else(|| plain_text(&html)) },
        "keywords": { "fr": [ctx.words.t(Lang::Fr, &format!("agenda-category-{}", event.category.code()))] },
        "conditions": { "fr": Value::Null },
        "timezone": event.zone,
        "timings": timings,
        "status": status,
        "location": {
            "name": or(&event.place.place_name, commune.name.shown()),
            "address": or(&address, format!("{postal} {locality}")),
            "postalCode": or(&event.place.postal_code, postal.clone()),
            "city": locality,
            "insee": commune.code,
            "countryCode": "FR",
            "latitude": event.place.latitude,
            "longitude": event.place.longitude,
        },
        "onlineAccessLink": Some(&event.place.online_url).filter(|url| !url.is_empty()),
        "registration": registration(event),
        "image": event.image_id.map(|_| ctx.urls.to(&event.image_path)),
        "imageAlt": event.image_id.map(|_| &event.image_alt),
        "imageCredits": Value::Null,
        "links": [{ "link": next.map(|one| ctx.urls.to(&path(Some(commune), one))) }],
        "createdAt": event.created_at.rfc3339(),
        "updatedAt": event.edited_at.unwrap_or(event.created_at).rfc3339(),
    })
}

fn registration(event: &Event) -> Vec<Value> {
    [
        ("email", &event.contact_email),
        ("phone", &event.contact_phone),
        ("link", &event.join_url),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(kind, value)| json!({ "type": kind, "value": value }))
    .collect()
}

/// OpenAgenda wants each timing shorter than a day: what lasts longer is told day by day.
fn timings(event: &Event, one: &Occurrence) -> Vec<Value> {
    let (starts, ends) = (one.starts_local.civil(), one.ends_local.civil());
    let mut all = Vec::new();
    let mut begin = starts;
    while begin < ends || all.is_empty() {
        let last_minute = begin.date().at(23, 59, 0, 0);
        let end = if ends <= last_minute {
            ends.max(begin)
        } else {
            last_minute
        };
        all.push(json!({ "begin": offset(event, begin), "end": offset(event, end) }));
        match begin.date().tomorrow() {
            Ok(next) if all.len() < 110 => begin = next.at(0, 0, 0, 0),
            _ => break,
        }
    }
    all
}

fn offset(event: &Event, at: jiff::civil::DateTime) -> String {
    instant(at, &event.zone)
        .in_zone(&event.zone)
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

pub(super) async fn sitemap(State(ctx): State<Ctx>) -> Result<Response, Failure> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let mut known = HashMap::<String, Option<String>>::new();
    let since: Timestamp = ctx.clock.now().minus(PAST);
    for (id, code, changed) in lists::addresses(&ctx.db, since, ADDRESSES).await? {
        if !known.contains_key(&code) {
            let address = commune_of(&ctx, Some(&code)).await?.map(|commune| commune.path());
            known.insert(code.clone(), address);
        }
        if let Some(Some(place)) = known.get(&code) {
            xml.push_str(&format!(
                "<url><loc>{}</loc><lastmod>{}</lastmod></url>\n",
                ctx.urls.to(&format!("{place}/agenda/{id}")),
                changed.rfc3339()
            ));
        }
    }
    xml.push_str("</urlset>\n");
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], xml).into_response())
}
