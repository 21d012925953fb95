//! `/api/parvis/v1/…`: anonymous polls for programs. See `docs/develop/api-polls.md`.

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use client_api::{Bearer, Params};
use commune::InseeCode;
use federation::Ctx;
use platform::web::{Failure, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::actions::{self, PollError};
use crate::blind::PublicKey;
use crate::model::{Opinion, Poll, PollId, PollRefusal, PollState, Receipt, shown_votes};
use crate::pages::{Sent, given_back, tally_json};
use crate::store::{opinions, polls};
use crate::wire::{ANONYMOUS, OPINIONS, page_of};

/// How many of each kind are listed at once.
const PAGE: i64 = 40;

pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/api/parvis/v1/communes/{code}/polls", get(index))
        .route("/api/parvis/v1/polls/{id}", get(show))
        .route("/api/parvis/v1/polls/{id}/token", post(token))
        .route("/api/parvis/v1/polls/{id}/ballots", get(list).post(cast))
        .route("/api/parvis/v1/polls/{id}/results", post(results))
        .route("/api/parvis/v1/polls/{id}/register", get(register))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Before {
    max_id: Option<i64>,
}

async fn index(
    State(ctx): State<Ctx>,
    visit: Visit,
    Path(code): Path<String>,
    Query(before): Query<Before>,
) -> Result<Json<Value>, Failure> {
    let code: InseeCode = code.parse().map_err(|_| Failure::not_found())?;
    if commune::actions::by_code(&ctx, code).await?.is_none() {
        return Err(Failure::not_found());
    }
    let before = before.max_id.unwrap_or(i64::MAX);
    let mut anonymous = Vec::new();
    for poll in polls::of_commune(&ctx.db, code.as_str(), before, PAGE).await? {
        anonymous.push(poll_json(&ctx, &visit, &poll).await?);
    }
    let mut open = Vec::new();
    for opinion in opinions::of_commune(&ctx.db, code.as_str(), before, PAGE).await? {
        open.push(opinion_json(&ctx, &opinion).await?);
    }
    Ok(Json(json!({ "polls": anonymous, "public_opinions": open })))
}

async fn of_id(ctx: &Ctx, id: i64) -> Result<Poll, Failure> {
    let poll = polls::by_id(&ctx.db, PollId(id))
        .await?
        .ok_or_else(Failure::not_found)?;
    if commune::actions::is_closed(ctx, &poll.commune, "polls").await? {
        return Err(Failure::not_found());
    }
    if poll.state == PollState::Withdrawn {
        return Err(Failure::gone());
    }
    Ok(poll)
}

async fn show(State(ctx): State<Ctx>, visit: Visit, Path(id): Path<i64>) -> Result<Json<Value>, Failure> {
    let poll = of_id(&ctx, id).await?;
    poll_json(&ctx, &visit, &poll).await.map(Json)
}

/// A poll for programs. Counts stand in it once it is closed, for everybody alike.
async fn poll_json(ctx: &Ctx, visit: &Visit, poll: &Poll) -> Result<Value, Failure> {
    let (options, _) = actions::counts(ctx, poll).await?;
    let tally = actions::shown(ctx, poll).await?;
    let key = PublicKey::from_der(&poll.public_key).map_err(PollError::from)?;
    let page = page_of(ctx, &poll.commune, poll.id.0, ANONYMOUS).await?;
    let words: Vec<&String> = options.iter().map(|option| &option.words).collect();
    Ok(json!({
        "id": poll.id.to_string(),
        "uri": poll.uri,
        "url": ctx.urls.to(&page),
        "commune": poll.commune,
        "question": poll.question,
        "text_html": poll.html,
        "language": poll.language,
        "options": words,
        "multiple": poll.multiple,
        "verified_residents_only": poll.verified_only,
        "opened_at": poll.opened_at.rfc3339(),
        "closes_at": poll.closes_at.rfc3339(),
        "open": poll.takes_votes(ctx.clock.now()),
        "counted": poll.is_counted(),
        "key": {
            "scheme": "RSABSSA-SHA384-PSS-Randomized",
            "modulus": hex::encode(key.modulus()),
            "exponent": hex::encode(key.exponent()),
        },
        "results": tally.map(|tally| tally_json(ctx, visit.lang, poll, &options, &tally)),
    }))
}

async fn opinion_json(ctx: &Ctx, opinion: &Opinion) -> Result<Value, Failure> {
    let page = page_of(ctx, &opinion.commune, opinion.id.0, OPINIONS).await?;
    let options: Vec<Value> = opinions::options(&ctx.db, opinion.id)
        .await?
        .iter()
        .map(|option| {
            let shown = opinion.is_shown().then(|| shown_votes(opinion, option));
            let apart = opinion.is_apart();
            json!({
                "words": option.words,
                "votes": shown,
                "residents": apart.then_some(option.residents),
                "elsewhere": apart.then_some(option.outside),
            })
        })
        .collect();
    Ok(json!({
        "id": opinion.id.to_string(),
        "uri": opinion.uri,
        "url": ctx.urls.to(&page),
        "commune": opinion.commune,
        "question": opinion.question,
        "text_html": opinion.html,
        "multiple": opinion.multiple,
        "opened_at": opinion.opened_at.rfc3339(),
        "closes_at": opinion.closes_at.rfc3339(),
        "closed": opinion.state == PollState::Closed,
        "voters": opinion.is_shown().then(|| opinion.voters()),
        "options": options,
    }))
}

/// Signs a blinded ballot for the bearer of a token.
async fn token(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(id): Path<i64>,
    params: Params,
) -> Result<Response, Failure> {
    let citizen = bearer.person("write:statuses")?;
    let poll = of_id(&ctx, id).await?;
    let blinded = params.get("blinded").and_then(|text| hex::decode(text).ok());
    let blinded = blinded.ok_or_else(|| PollError::from(PollRefusal::BadBlinding))?;
    let signature = actions::issue_token(&ctx, &citizen.account, poll.id, blinded).await?;
    Ok(not_kept(json!({ "signature": hex::encode(signature) })))
}

fn not_kept(value: Value) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(value)).into_response()
}

/// Drops a ballot into the box; no token is looked at.
async fn cast(State(ctx): State<Ctx>, Path(id): Path<i64>, sent: Sent) -> Result<Response, Failure> {
    let poll = of_id(&ctx, id).await?;
    let receipt = Receipt::read(&sent.value, poll.id).map_err(PollError::from)?;
    actions::cast_ballot(&ctx, poll.id, &receipt).await?;
    Ok((StatusCode::OK, not_kept(given_back(poll.id, &receipt))).into_response())
}

/// Shows the counts to a receipt.
async fn results(
    State(ctx): State<Ctx>,
    visit: Visit,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Failure> {
    let poll = of_id(&ctx, id).await?;
    let receipt = Receipt::read(&sent.value, poll.id).map_err(PollError::from)?;
    let seen = actions::look_into_the_box(&ctx, &poll, &receipt).await?;
    Ok(not_kept(
        crate::pages::seen_json(&ctx, visit.lang, &poll, &seen).await?,
    ))
}

async fn address(ctx: &Ctx, poll: &Poll) -> Result<String, Failure> {
    let page = page_of(ctx, &poll.commune, poll.id.0, ANONYMOUS).await?;
    Ok(ctx.urls.to(&page))
}

async fn list(State(ctx): State<Ctx>, Path(id): Path<i64>) -> Result<Json<Value>, Failure> {
    let poll = of_id(&ctx, id).await?;
    let address = address(&ctx, &poll).await?;
    let list = actions::published_list(&ctx, &poll, &address).await?;
    list.map(Json).ok_or_else(Failure::not_found)
}

async fn register(State(ctx): State<Ctx>, Path(id): Path<i64>) -> Result<Json<Value>, Failure> {
    let poll = of_id(&ctx, id).await?;
    let address = address(&ctx, &poll).await?;
    let list = actions::published_register(&ctx, &poll, &address).await?;
    list.map(Json).ok_or_else(Failure::not_found)
}
