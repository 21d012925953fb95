//! The JSON door: `/api/parvis/v1/…/events`, for what Mastodon's API has no word for.
//!
//! Private appointments are not in it, for nobody: a token lies on many machines.

mod written;

use account::Citizen;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use client_api::{Bearer, MaybeBearer};
use commune::{Commune, InseeCode};
use federation::Ctx;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use platform::Timestamp;
use platform::web::{Failure, Message};
use serde::Deserialize;
use serde_json::{Value, json};

use self::written::Written;
use crate::actions::{self, Via, date};
use crate::author::Author;
use crate::model::{
    Event, EventState, NewImage, Occurrence, OccurrenceId, OccurrenceState, Outcome, instant,
};
use crate::pages::author_of;
use crate::store::{self, lists};
use crate::wire::{commune_of, path};

/// What a program must be let to write.
const WRITE: &str = "write:statuses";
/// What it must be let to read, to be told where its person comes.
const READ: &str = "read:statuses";
/// The longest span of one list, in days.
const LONGEST_SPAN: i64 = 366;

pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/api/parvis/v1/communes/{code}/events", get(index).post(create))
        .route("/api/parvis/v1/events/{id}", get(show).put(update).delete(remove))
        .route("/api/parvis/v1/events/{id}/cancel", post(cancel))
        .route("/api/parvis/v1/events/{id}/restore", post(restore))
        .route("/api/parvis/v1/events/{id}/join", post(join))
        .route("/api/parvis/v1/events/{id}/leave", post(leave))
}

/// What stands after the question mark.
#[derive(Debug, Deserialize)]
struct Asked {
    from: Option<String>,
    to: Option<String>,
}

fn malformed(error: &JsonRejection) -> Failure {
    tracing::debug!(%error, "an event in JSON cannot be read");
    Failure::bad_request("bad-json")
}

/// A public date of ours.
async fn public(ctx: &Ctx, id: OccurrenceId) -> Result<(Event, Occurrence, Commune), Failure> {
    let (event, one) = date(ctx, id).await?.ok_or_else(Failure::not_found)?;
    if !event.local || event.private || one.private {
        return Err(Failure::not_found());
    }
    if event.state == EventState::Deleted || one.state == OccurrenceState::Deleted {
        return Err(Failure::gone());
    }
    let commune = commune_of(ctx, event.commune.as_deref())
        .await?
        .filter(|commune| commune::actions::offers(ctx, commune, "agenda"))
        .ok_or_else(Failure::not_found)?;
    Ok((event, one, commune))
}

async fn place(ctx: &Ctx, code: &str) -> Result<Commune, Failure> {
    let code: InseeCode = code.parse().map_err(|_| Failure::not_found())?;
    commune::actions::by_code(ctx, code)
        .await?
        .ok_or_else(Failure::not_found)
}

async fn author(ctx: &Ctx, bearer: &Bearer, commune: &Commune) -> Result<Author, Failure> {
    author_of(ctx, bearer.person(WRITE)?, commune).await
}

/// A date as JSON.
async fn shown(
    ctx: &Ctx,
    reader: Option<&Citizen>,
    (event, one, commune): (&Event, &Occurrence, &Commune),
) -> Result<Value, Failure> {
    let mine = match reader {
        Some(citizen) => store::attendances::of_actor_at(&ctx.db, citizen.actor.id, &[one.id])
            .await?
            .pop()
            .map(|mine| mine.state.code()),
        None => None,
    };
    let page = path(Some(commune), one);
    let local = |at: DateTime| at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let place = &event.place;
    let image = event
        .image_id
        .map(|_| json!({ "url": ctx.urls.to(&event.image_path), "alt": event.image_alt }));
    let mut shown = json!({
        "id": one.id, "series_id": event.id, "uri": one.uri, "url": ctx.urls.to(&page),
        "commune": commune.code,
        "title": event.title, "description": event.source, "description_html": event.html,
        "language": event.language, "category": event.category.code(),
        "start": local(one.starts_local.civil()), "end": local(one.ends_local.civil()),
        "starts_at": one.starts_at.rfc3339(), "ends_at": one.ends_at.rfc3339(),
        "time_zone": event.zone, "all_day": event.all_day,
        "rrule": event.recurrence().map(|rule| rule.value(&event.zone, event.all_day)),
        "status": one.state.code(), "reason": one.reason, "moved": one.moved,
    });
    let more = json!({
        "place": { "name": place.place_name, "street": place.street, "postal_code": place.postal_code,
            "locality": place.locality, "latitude": place.latitude, "longitude": place.longitude },
        "online_url": place.online_url, "website": event.website,
        "contact": event.contact, "contact_email": event.contact_email, "contact_phone": event.contact_phone,
        "capacity": event.capacity, "seats_left": one.left(event), "participants": one.taken,
        "join_mode": event.join_mode.code(), "join_url": event.join_url,
        "comments": event.comment_mode.code(), "image": image,
        "calendar": ctx.urls.to(&format!("{page}/agenda.ics")),
        "mine": mine,
        "updated_at": event.edited_at.unwrap_or(event.created_at).max(one.changed_at).rfc3339(),
    });
    if let (Some(map), Value::Object(more)) = (shown.as_object_mut(), more) {
        map.extend(more);
    }
    Ok(shown)
}

async fn index(
    State(ctx): State<Ctx>,
    bearer: MaybeBearer,
    Path(code): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Failure> {
    let bad = || Failure::bad_request("bad-dates").saying(Message::new("agenda-api-dates"));
    let Query(asked) = asked.map_err(|_| bad())?;
    let commune = place(&ctx, &code).await?;
    let zone = commune.time_zone();
    let today = ctx.clock.now().in_zone(zone).date();
    let day = |text: Option<String>| text.map(|text| text.parse::<Date>()).transpose();
    let from = day(asked.from).map_err(|_| bad())?.unwrap_or(today);
    let to = match day(asked.to).map_err(|_| bad())? {
        Some(to) => to,
        None => from.checked_add(90.days()).map_err(|_| bad())?,
    };
    let most = from.checked_add(LONGEST_SPAN.days()).map_err(|_| bad())?;
    if to < from || to > most || !(1970..=2200).contains(&from.year()) {
        return Err(bad());
    }
    let midnight = |day: Date| -> Timestamp { instant(day.at(0, 0, 0, 0), zone) };
    let lines = lists::between(
        &ctx.db,
        commune.code.as_str(),
        false,
        midnight(from),
        midnight(to),
    )
    .await?;
    let ids: Vec<i64> = lines.iter().take(500).map(|line| line.id.0).collect();
    let mut dates = crate::owner::dates(&ctx, &ids).await?;
    dates.sort_by_key(|(_, one)| (one.starts_at, one.id));
    let reader = bearer.citizen(READ);
    let mut items = Vec::with_capacity(dates.len());
    for (event, one) in dates.iter().filter(|(event, _)| !event.private) {
        items.push(shown(&ctx, reader, (event, one, &commune)).await?);
    }
    let answer =
        json!({ "from": from.to_string(), "to": to.to_string(), "total": lines.len(), "items": items });
    let mut response = Json(answer).into_response();
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}

async fn show(
    State(ctx): State<Ctx>,
    bearer: MaybeBearer,
    Path(id): Path<OccurrenceId>,
) -> Result<Response, Failure> {
    let (event, one, commune) = public(&ctx, id).await?;
    let reader = bearer.citizen(READ);
    Ok(Json(shown(&ctx, reader, (&event, &one, &commune)).await?).into_response())
}

async fn create(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(code): Path<String>,
    written: Result<Json<Written>, JsonRejection>,
) -> Result<Response, Failure> {
    let commune = place(&ctx, &code).await?;
    let author = author(&ctx, &bearer, &commune).await?;
    let Json(written) = written.map_err(|error| malformed(&error))?;
    let new = written.event(commune.time_zone())?;
    let (event, one) = actions::plan_event(&ctx, &author, &new).await?;
    let body = shown(&ctx, bearer.citizen.as_ref(), (&event, &one, &commune)).await?;
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

async fn update(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(id): Path<OccurrenceId>,
    written: Result<Json<Written>, JsonRejection>,
) -> Result<Response, Failure> {
    let (event, _, commune) = public(&ctx, id).await?;
    let author = author(&ctx, &bearer, &commune).await?;
    let Json(written) = written.map_err(|error| malformed(&error))?;
    let mut new = written.event(&event.zone)?;
    if new.image.is_none() {
        new.image = event.image_id.map(|media_id| NewImage {
            media_id,
            alt: event.image_alt.clone(),
        });
    }
    actions::change_event(&ctx, &author, event.id, &new, None).await?;
    let (event, one, commune) = public(&ctx, id).await?;
    let body = shown(&ctx, bearer.citizen.as_ref(), (&event, &one, &commune)).await?;
    Ok(Json(body).into_response())
}

/// Why, and whether all dates of the series.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Cancelling {
    reason: String,
    series: bool,
}

async fn cancel(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(id): Path<OccurrenceId>,
    written: Result<Json<Cancelling>, JsonRejection>,
) -> Result<Response, Failure> {
    let (event, _, commune) = public(&ctx, id).await?;
    let author = author(&ctx, &bearer, &commune).await?;
    let Json(wish) = written.map_err(|error| malformed(&error))?;
    if wish.series {
        actions::cancel_event(&ctx, &author, event.id, &wish.reason).await?;
    } else {
        actions::cancel_date(&ctx, &author, (event.id, id), &wish.reason).await?;
    }
    show(State(ctx), MaybeBearer(Some(bearer)), Path(id)).await
}

async fn restore(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(id): Path<OccurrenceId>,
) -> Result<Response, Failure> {
    let (event, _, commune) = public(&ctx, id).await?;
    let author = author(&ctx, &bearer, &commune).await?;
    actions::restore_date(&ctx, &author, (event.id, id)).await?;
    show(State(ctx), MaybeBearer(Some(bearer)), Path(id)).await
}

async fn remove(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(id): Path<OccurrenceId>,
) -> Result<Response, Failure> {
    let (event, _, commune) = public(&ctx, id).await?;
    let author = author(&ctx, &bearer, &commune).await?;
    actions::delete_event(&ctx, &author, event.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// She herself: an office does not come to what it invites to.
fn herself(bearer: &Bearer) -> Result<&Citizen, Failure> {
    let citizen = bearer.person(WRITE)?;
    if citizen.office.is_some() {
        return Err(Failure::forbidden());
    }
    Ok(citizen)
}

/// Whether it is an event of another server.
async fn is_theirs(ctx: &Ctx, id: OccurrenceId) -> Result<bool, Failure> {
    Ok(date(ctx, id).await?.is_some_and(|(event, _)| !event.local))
}

async fn join(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(id): Path<OccurrenceId>,
) -> Result<Response, Failure> {
    let citizen = herself(&bearer)?;
    if is_theirs(&ctx, id).await? {
        let state = actions::join_elsewhere(&ctx, &citizen.actor, id).await?;
        return Ok(Json(json!({ "state": state.code() })).into_response());
    }
    let answer = match actions::join(&ctx, &citizen.actor, id, Via::Here).await? {
        Outcome::Accepted => json!({ "state": "accepted" }),
        Outcome::Waiting(place) => json!({ "state": "waiting", "place": place }),
    };
    Ok(Json(answer).into_response())
}

async fn leave(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(id): Path<OccurrenceId>,
) -> Result<Response, Failure> {
    let citizen = herself(&bearer)?;
    let left = if is_theirs(&ctx, id).await? {
        actions::leave_elsewhere(&ctx, &citizen.actor, id).await?
    } else {
        actions::leave(&ctx, citizen.actor.id, id).await?
    };
    Ok(Json(json!({ "state": Value::Null, "left": left })).into_response())
}
