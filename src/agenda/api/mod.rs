//! The JSON door: `/api/parvis/v1/…/events`, for what Mastodon's API has no word for.
//!
//! Private appointments are not in it, for nobody: a token lies on many machines.

mod shown;
mod written;

use account::Citizen;
use axum::extract::{Path, State};
use client_api::{Bearer, MaybeBearer};
use commune::{ByCode, Commune, InseeCode};
use federation::Ctx;
use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::Timestamp;
use platform::web::api::{
    Answer, ApiRouter, Asked, Created, JsonBody, NoContent, get_with, post_with, scoped,
};
use platform::web::{Failure, Message};
use schemars::JsonSchema;
use serde::Deserialize;

use self::shown::{Absence, Attendance, Shown, Span, shown};
use self::written::Written;
use crate::actions::{self, Via, date};
use crate::author::Author;
use crate::model::{
    AttendanceState, Event, EventState, LONGEST_REASON, NewImage, Occurrence, OccurrenceId, OccurrenceState,
    Outcome, instant,
};
use crate::pages::author_of;
use crate::store::lists;
use crate::wire::commune_of;

/// What a program must be let to write.
const WRITE: &str = "write:statuses";
/// What it must be let to read, to be told where its person comes.
const READ: &str = "read:statuses";
/// The longest span of one list, in days.
const LONGEST_SPAN: i64 = 366;

pub(crate) fn routes() -> ApiRouter<Ctx> {
    let one = "/api/parvis/v1/events/{id}";
    ApiRouter::new()
        .api_route(
            "/api/parvis/v1/communes/{code}/events",
            get_with(index, scoped(READ, "Dates of a commune", &[404])).post_with(
                create,
                scoped(WRITE, "Plans an event; its next date is answered", &[404]),
            ),
        )
        .api_route(
            one,
            get_with(show, scoped(READ, "One date", &[400, 404, 410]))
                .put_with(
                    update,
                    scoped(WRITE, "Changes the event with all its dates to come", &[404, 410]),
                )
                .delete_with(
                    remove,
                    scoped(
                        WRITE,
                        "Deletes the event with all its dates for good",
                        &[400, 404, 410],
                    ),
                ),
        )
        .api_route(
            &format!("{one}/cancel"),
            post_with(
                cancel,
                scoped(WRITE, "Cancels the date, or the whole series", &[404, 410]),
            ),
        )
        .api_route(
            &format!("{one}/restore"),
            post_with(
                restore,
                scoped(WRITE, "Takes the cancelling of the date back", &[400, 404, 410]),
            ),
        )
        .api_route(
            &format!("{one}/join"),
            post_with(
                join,
                scoped(WRITE, "Says that the bearer comes", &[400, 404, 410]),
            ),
        )
        .api_route(
            &format!("{one}/leave"),
            post_with(
                leave,
                scoped(
                    WRITE,
                    "Says that the bearer does not come any more",
                    &[400, 404, 410],
                ),
            ),
        )
}

/// A date in the address.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
struct ById {
    /// Its number.
    id: OccurrenceId,
}

/// Which days.
#[derive(Debug, Deserialize, JsonSchema)]
struct Days {
    /// The first day: today without it.
    #[schemars(extend("format" = "date"))]
    from: Option<String>,
    /// The last day: 90 days later without it, at most 366 days later.
    #[schemars(extend("format" = "date"))]
    to: Option<String>,
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

/// A public date, of ours or of another server: this has no commune.
async fn readable(ctx: &Ctx, id: OccurrenceId) -> Result<(Event, Occurrence, Option<Commune>), Failure> {
    if !is_theirs(ctx, id).await? {
        let (event, one, commune) = public(ctx, id).await?;
        return Ok((event, one, Some(commune)));
    }
    let (event, one) = date(ctx, id).await?.ok_or_else(Failure::not_found)?;
    if event.private || ctx.closed.contains(&"agenda") {
        return Err(Failure::not_found());
    }
    if event.state == EventState::Deleted || one.state == OccurrenceState::Deleted {
        return Err(Failure::gone());
    }
    Ok((event, one, None))
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

async fn index(
    State(ctx): State<Ctx>,
    bearer: MaybeBearer,
    Path(ByCode { code }): Path<ByCode>,
    asked: Result<Asked<Days>, Failure>,
) -> Result<Answer<Span>, Failure> {
    let bad = || Failure::bad_request("bad-dates").saying(Message::new("agenda-api-dates"));
    let Asked(asked) = asked.map_err(|_| bad())?;
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
        items.push(shown(&ctx, reader, (event, one, Some(&commune))).await?);
    }
    let span = Span {
        from: from.to_string(),
        to: to.to_string(),
        total: lines.len(),
        items,
    };
    Ok(Answer::new(span).open())
}

async fn show(
    State(ctx): State<Ctx>,
    bearer: MaybeBearer,
    Path(ById { id }): Path<ById>,
) -> Result<Answer<Shown>, Failure> {
    let (event, one, commune) = readable(&ctx, id).await?;
    let reader = bearer.citizen(READ);
    shown(&ctx, reader, (&event, &one, commune.as_ref()))
        .await
        .map(Answer::new)
}

async fn create(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(ByCode { code }): Path<ByCode>,
    written: Result<JsonBody<Written>, Failure>,
) -> Result<Created<Shown>, Failure> {
    let commune = place(&ctx, &code).await?;
    let author = author(&ctx, &bearer, &commune).await?;
    let JsonBody(written) = written?;
    let new = written.event(commune.time_zone())?;
    let (event, one) = actions::plan_event(&ctx, &author, &new).await?;
    let body = shown(&ctx, bearer.citizen.as_ref(), (&event, &one, Some(&commune))).await?;
    Ok(Created::new(body))
}

async fn update(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(ById { id }): Path<ById>,
    written: Result<JsonBody<Written>, Failure>,
) -> Result<Answer<Shown>, Failure> {
    let (event, _, commune) = public(&ctx, id).await?;
    let author = author(&ctx, &bearer, &commune).await?;
    let JsonBody(written) = written?;
    let mut new = written.event(&event.zone)?;
    if new.image.is_none() {
        new.image = event.image_id.map(|media_id| NewImage {
            media_id,
            alt: event.image_alt.clone(),
        });
    }
    actions::change_event(&ctx, &author, event.id, &new, None).await?;
    let (event, one, commune) = public(&ctx, id).await?;
    let body = shown(&ctx, bearer.citizen.as_ref(), (&event, &one, Some(&commune))).await?;
    Ok(Answer::new(body))
}

/// Why, and whether all dates of the series.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Cancelling {
    /// Shown with the date.
    #[schemars(length(max = LONGEST_REASON))]
    reason: String,
    /// All dates to come, not this one alone.
    series: bool,
}

async fn cancel(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(ById { id }): Path<ById>,
    written: Result<JsonBody<Cancelling>, Failure>,
) -> Result<Answer<Shown>, Failure> {
    let (event, _, commune) = public(&ctx, id).await?;
    let author = author(&ctx, &bearer, &commune).await?;
    let JsonBody(wish) = written?;
    if wish.series {
        actions::cancel_event(&ctx, &author, event.id, &wish.reason).await?;
    } else {
        actions::cancel_date(&ctx, &author, (event.id, id), &wish.reason).await?;
    }
    show(State(ctx), MaybeBearer(Some(bearer)), Path(ById { id })).await
}

async fn restore(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(ById { id }): Path<ById>,
) -> Result<Answer<Shown>, Failure> {
    let (event, _, commune) = public(&ctx, id).await?;
    let author = author(&ctx, &bearer, &commune).await?;
    actions::restore_date(&ctx, &author, (event.id, id)).await?;
    show(State(ctx), MaybeBearer(Some(bearer)), Path(ById { id })).await
}

async fn remove(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(ById { id }): Path<ById>,
) -> Result<NoContent, Failure> {
    let (event, _, commune) = public(&ctx, id).await?;
    let author = author(&ctx, &bearer, &commune).await?;
    actions::delete_event(&ctx, &author, event.id).await?;
    Ok(NoContent)
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
    Path(ById { id }): Path<ById>,
) -> Result<Answer<Attendance>, Failure> {
    let citizen = herself(&bearer)?;
    if is_theirs(&ctx, id).await? {
        let state = actions::join_elsewhere(&ctx, &citizen.actor, id).await?;
        return Ok(Answer::new(Attendance { state, place: None }));
    }
    let (state, place) = match actions::join(&ctx, &citizen.actor, id, Via::Here).await? {
        Outcome::Accepted => (AttendanceState::Accepted, None),
        Outcome::Waiting(place) => (AttendanceState::Waiting, Some(place)),
    };
    Ok(Answer::new(Attendance { state, place }))
}

async fn leave(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(ById { id }): Path<ById>,
) -> Result<Answer<Absence>, Failure> {
    let citizen = herself(&bearer)?;
    let left = if is_theirs(&ctx, id).await? {
        actions::leave_elsewhere(&ctx, &citizen.actor, id).await?
    } else {
        actions::leave(&ctx, citizen.actor.id, id).await?
    };
    Ok(Answer::new(Absence { state: (), left }))
}
