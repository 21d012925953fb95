//! `/api/parvis/v1/…`: anonymous polls for programs. See `docs/develop/api-polls.md`.

use axum::extract::{Path, State};
use client_api::{Bearer, Fields};
use commune::{ByCode, InseeCode};
use federation::Ctx;
use platform::web::api::{Answer, ApiRouter, Asked, get_with, post_with, scoped, told};
use platform::web::{Failure, Visit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shown::{OpinionShown, PollShown, Polls, opinion_shown, poll_shown};
use crate::actions::{self, BallotList, PollError, Register};
use crate::model::{Poll, PollId, PollRefusal, PollState, Receipt};
use crate::pages::{GivenBack, SeenShown, Sent, given_back};
use crate::store::{opinions, polls};
use crate::wire::{ANONYMOUS, page_of};

/// What a program must be let to do, to be given a ballot.
const WRITE: &str = "write:statuses";
/// How many of each kind are listed at once.
const PAGE: i64 = 40;

pub(crate) fn routes() -> ApiRouter<Ctx> {
    let one = "/api/parvis/v1/polls/{id}";
    ApiRouter::new()
        .api_route(
            "/api/parvis/v1/communes/{code}/polls",
            get_with(
                index,
                told("Polls and public opinions of a commune, the newest first", &[404]),
            ),
        )
        .api_route(one, get_with(show, told("One poll", &[400, 404, 410])))
        .api_route(
            &format!("{one}/token"),
            post_with(
                token,
                scoped(
                    WRITE,
                    "Signs a blinded ballot for the bearer of the token",
                    &[404, 409, 410],
                ),
            ),
        )
        .api_route(
            &format!("{one}/ballots"),
            get_with(
                list,
                told(
                    "The signed list of ballots, once it is published",
                    &[400, 404, 410],
                ),
            )
            .post_with(
                cast,
                told(
                    "Drops a ballot into the box. Never send a token with it",
                    &[404, 409, 410, 422],
                ),
            ),
        )
        .api_route(
            &format!("{one}/results"),
            post_with(
                results,
                told("The counts, to whoever shows a receipt", &[404, 409, 410, 422]),
            ),
        )
        .api_route(
            &format!("{one}/register"),
            get_with(
                register,
                told(
                    "The signed register of ballots given out, once it is published",
                    &[400, 404, 410],
                ),
            ),
        )
}

/// A poll in the address.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
struct ById {
    /// Its number.
    id: PollId,
}

/// Which page.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Before {
    /// The last number of the page before.
    max_id: Option<i64>,
}

/// What is to be signed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["blinded"]))]
struct Blinding {
    /// The blinded message, in hexadecimal.
    #[schemars(regex(pattern = "^([0-9A-Fa-f]{2})+$"))]
    blinded: String,
}

/// A signature over what was sent.
#[derive(Debug, Serialize, JsonSchema)]
struct Signature {
    /// Hexadecimal.
    signature: String,
}

async fn index(
    State(ctx): State<Ctx>,
    visit: Visit,
    Path(ByCode { code }): Path<ByCode>,
    Asked(before): Asked<Before>,
) -> Result<Answer<Polls>, Failure> {
    let code: InseeCode = code.parse().map_err(|_| Failure::not_found())?;
    if commune::actions::by_code(&ctx, code).await?.is_none() {
        return Err(Failure::not_found());
    }
    let before = before.max_id.unwrap_or(i64::MAX);
    let mut anonymous = Vec::new();
    for poll in polls::of_commune(&ctx.db, code.as_str(), before, PAGE).await? {
        anonymous.push(poll_shown(&ctx, &visit, &poll).await?);
    }
    let mut open: Vec<OpinionShown> = Vec::new();
    for opinion in opinions::of_commune(&ctx.db, code.as_str(), before, PAGE).await? {
        open.push(opinion_shown(&ctx, &opinion).await?);
    }
    Ok(Answer::new(Polls {
        polls: anonymous,
        public_opinions: open,
    }))
}

async fn of_id(ctx: &Ctx, id: PollId) -> Result<Poll, Failure> {
    let poll = polls::by_id(&ctx.db, id).await?.ok_or_else(Failure::not_found)?;
    if commune::actions::is_closed(ctx, &poll.commune, "polls").await? {
        return Err(Failure::not_found());
    }
    if poll.state == PollState::Withdrawn {
        return Err(Failure::gone());
    }
    if poll.hidden {
        return Err(Failure::not_found());
    }
    Ok(poll)
}

async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    Path(ById { id }): Path<ById>,
) -> Result<Answer<PollShown>, Failure> {
    let poll = of_id(&ctx, id).await?;
    poll_shown(&ctx, &visit, &poll).await.map(Answer::new)
}

/// Signs a blinded ballot for the bearer of a token.
async fn token(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(ById { id }): Path<ById>,
    Fields(sent): Fields<Blinding>,
) -> Result<Answer<Signature>, Failure> {
    let citizen = bearer.person(WRITE)?;
    let poll = of_id(&ctx, id).await?;
    let blinded = hex::decode(&sent.blinded).map_err(|_| PollError::from(PollRefusal::BadBlinding))?;
    let signature = actions::issue_token(&ctx, &citizen.account, poll.id, blinded).await?;
    let signature = hex::encode(signature);
    Ok(Answer::new(Signature { signature }).not_kept())
}

/// Drops a ballot into the box; no token is looked at.
async fn cast(
    State(ctx): State<Ctx>,
    Path(ById { id }): Path<ById>,
    sent: Sent,
) -> Result<Answer<GivenBack>, Failure> {
    let poll = of_id(&ctx, id).await?;
    let receipt = Receipt::read(&sent.value, poll.id).map_err(PollError::from)?;
    actions::cast_ballot(&ctx, poll.id, &receipt).await?;
    Ok(Answer::new(given_back(poll.id, &receipt)).not_kept())
}

/// Shows the counts to a receipt.
async fn results(
    State(ctx): State<Ctx>,
    visit: Visit,
    Path(ById { id }): Path<ById>,
    sent: Sent,
) -> Result<Answer<SeenShown>, Failure> {
    let poll = of_id(&ctx, id).await?;
    let receipt = Receipt::read(&sent.value, poll.id).map_err(PollError::from)?;
    let seen = actions::look_into_the_box(&ctx, &poll, &receipt).await?;
    let shown = crate::pages::seen_json(&ctx, visit.lang, &poll, &seen).await?;
    Ok(Answer::new(shown).not_kept())
}

async fn address(ctx: &Ctx, poll: &Poll) -> Result<String, Failure> {
    let page = page_of(ctx, &poll.commune, poll.id.0, ANONYMOUS).await?;
    Ok(ctx.urls.to(&page))
}

async fn list(State(ctx): State<Ctx>, Path(ById { id }): Path<ById>) -> Result<Answer<BallotList>, Failure> {
    let poll = of_id(&ctx, id).await?;
    let address = address(&ctx, &poll).await?;
    let list = actions::published_list(&ctx, &poll, &address).await?;
    list.map(Answer::new).ok_or_else(Failure::not_found)
}

async fn register(
    State(ctx): State<Ctx>,
    Path(ById { id }): Path<ById>,
) -> Result<Answer<Register>, Failure> {
    let poll = of_id(&ctx, id).await?;
    let address = address(&ctx, &poll).await?;
    let list = actions::published_register(&ctx, &poll, &address).await?;
    list.map(Answer::new).ok_or_else(Failure::not_found)
}
