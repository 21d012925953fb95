//! Polls of statuses: read, voted in, asked with a status.

use std::time::Duration;

use axum::Json;
use axum::extract::Path;
use platform::web::Failure;
use serde_json::Value;

use crate::door::{Door, View, id};
use crate::entities::{Item, draw_one, find};
use crate::params::Params;
use crate::source::NewPoll;

/// The thing a poll belongs to, if this reader may read it.
async fn thing(view: &View<'_>, poll: i64) -> Result<Item, Failure> {
    let ballots = view.api.ballots.clone().ok_or_else(Failure::not_found)?;
    let uri = ballots
        .thing_of(view.ctx, poll)
        .await?
        .ok_or_else(Failure::not_found)?;
    let thing = view
        .api
        .subjects
        .by_uri(view.ctx, &uri)
        .await?
        .ok_or_else(Failure::not_found)?;
    find(view, thing.target().id)
        .await?
        .ok_or_else(Failure::not_found)
}

async fn drawn(view: &View<'_>, poll: i64) -> Result<Json<Value>, Failure> {
    let item = thing(view, poll).await?;
    let status = draw_one(view, &item).await?.ok_or_else(Failure::not_found)?;
    match status.get("poll") {
        Some(poll) if !poll.is_null() => Ok(Json(poll.clone())),
        _ => Err(Failure::not_found()),
    }
}

/// `GET /api/v1/polls/:id`
pub(super) async fn show(door: Door, Path(poll): Path<String>) -> Result<Json<Value>, Failure> {
    let view = door.view(door.reader("read:statuses")?);
    drawn(&view, id(&poll)?).await
}

/// `POST /api/v1/polls/:id/votes`
pub(super) async fn vote(
    door: Door,
    Path(poll): Path<String>,
    params: Params,
) -> Result<Json<Value>, Failure> {
    let me = door.person("write:statuses")?;
    let poll = id(&poll)?;
    let view = door.view(Some(me.clone()));
    thing(&view, poll).await?;
    let choices: Option<Vec<u8>> = params
        .all("choices")
        .into_iter()
        .map(|choice| choice.trim().parse().ok())
        .collect();
    let ballots = door.api.ballots.clone().ok_or_else(Failure::not_found)?;
    ballots
        .vote(&door.ctx, &me, poll, &choices.unwrap_or_default())
        .await?;
    drawn(&view, poll).await
}

/// The poll that is asked with a status, if there is one.
pub(super) fn asked(params: &Params) -> Result<Option<NewPoll>, Failure> {
    if params.under("poll").next().is_none() {
        return Ok(None);
    }
    let refused = || Door::unprocessable("poll");
    let seconds = params
        .number("poll[expires_in]")
        .and_then(|seconds| u64::try_from(seconds).ok())
        .ok_or_else(refused)?;
    let options = params.all("poll[options]").into_iter().map(str::to_owned);
    Ok(Some(NewPoll {
        options: options.collect(),
        runs: Duration::from_secs(seconds),
        multiple: params.flag("poll[multiple]").unwrap_or(false),
    }))
}
