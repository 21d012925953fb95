//! "Autour de nous": events of other servers that the town hall chose to show.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use federation::{ActorId, actors};
use platform::web::{Failure, FlashKind, FormState, Message, Page, Submitted, html, see_other};
use serde::Deserialize;

use super::index::{mark, mark_of};
use super::place::{Desk, Place};
use super::view::{Row, mine, row};
use crate::actions::around::{self, AroundError};
use crate::store::lists;

const PER_PAGE: i64 = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    apres: Option<String>,
}

/// Whose events are shown.
struct Source {
    id: String,
    name: String,
    handle: String,
}

#[derive(Template)]
#[template(path = "agenda/around.html")]
struct Around {
    page: Page,
    form: FormState,
    rows: Vec<Row>,
    newer: String,
    older: String,
    range: String,
    sources: Vec<Source>,
    team: bool,
    below: String,
}

pub(super) async fn show(place: Place, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    draw(&place, FormState::default(), wanted.apres.as_deref()).await
}

async fn draw(place: &Place, form: FormState, after: Option<&str>) -> Result<Response, Failure> {
    let (ctx, code) = (&place.ctx, place.commune.code);
    let after = mark(after);
    let mut lines = lists::around(&ctx.db, code.as_str(), place.now(), after, PER_PAGE + 1).await?;
    let has_more = lines.len() as i64 > PER_PAGE;
    lines.truncate(usize::try_from(PER_PAGE).unwrap_or(0));
    let below = place.commune.below("agenda/alentour");
    let older = lines
        .last()
        .filter(|_| has_more)
        .map_or_else(String::new, |last| format!("{below}?apres={}", mark_of(last)));
    let hosts = actors::by_ids(ctx, &lines.iter().map(|line| line.actor_id).collect::<Vec<_>>()).await?;
    let own = place.viewer.citizen().map(|citizen| citizen.actor.id);
    let mine = mine(ctx, own, &lines).await?;
    let rows: Vec<Row> = lines
        .iter()
        .map(|line| {
            let host = hosts.iter().find(|actor| actor.id == line.actor_id);
            Row {
                host: host.map(|actor| actor.host.clone()).unwrap_or_default(),
                ..row(ctx, place.visit.lang, place.zone(), "/agenda", line, &mine)
            }
        })
        .collect();
    let sources = if place.team {
        around::list(ctx, code)
            .await?
            .into_iter()
            .map(|actor| Source {
                id: actor.id.to_string(),
                name: actor.display_name().to_owned(),
                handle: actor.full_handle(),
            })
            .collect()
    } else {
        Vec::new()
    };
    let mut page = place.page(place.t("agenda-around"));
    page.noindex = true;
    page.in_error = form.has_errors();
    let label = page.t("agenda-nav");
    let page = page.back_to(label, place.commune.below("agenda"));
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let shown = Around {
        range: page.tn("agenda-range", &(rows.len() as i64)),
        newer: if after.is_some() {
            below.clone()
        } else {
            String::new()
        },
        older,
        rows,
        sources,
        team: place.team,
        below,
        form,
        page,
    };
    html(status, &shown)
}

pub(super) async fn add(desk: Desk, sent: Submitted) -> Result<Response, Failure> {
    let place = &desk.place;
    let key = match around::add(&place.ctx, place.commune.code, sent.get("handle")).await {
        Ok(_) => {
            let to = place.commune.below("agenda/alentour");
            let flash = (FlashKind::Success, "agenda-flash-source-added");
            return Ok(see_other(&place.ctx, &to, Some(flash)));
        }
        Err(AroundError::Store(error)) => return Err(error.into()),
        Err(AroundError::TooMany) => "agenda-source-too-many",
        Err(AroundError::NoActor | AroundError::Fetch(_)) => "agenda-source-unknown",
    };
    let mut form = sent.state();
    form.refuse(&place.ctx, place.visit.lang, "handle", &Message::new(key));
    draw(place, form, None).await
}

pub(super) async fn remove(desk: Desk, sent: Submitted) -> Result<Response, Failure> {
    let place = &desk.place;
    let id: i64 = sent.get("actor").parse().map_err(|_| Failure::not_found())?;
    around::remove(&place.ctx, place.commune.code, ActorId(id)).await?;
    let to = place.commune.below("agenda/alentour");
    let flash = (FlashKind::Success, "agenda-flash-source-removed");
    Ok(see_other(&place.ctx, &to, Some(flash)))
}
