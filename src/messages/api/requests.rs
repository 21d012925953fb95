//! Formal requests: `/api/parvis/v1/requests`, and whom one can write to. See `docs/develop/api-messages.md`.

use axum::extract::{Path, State};
use client_api::{Bearer, Fields, QueryFields, number};
use commune::{ByCode, Commune, InseeCode};
use federation::Ctx;
use platform::store::Paging;
use platform::web::Failure;
use platform::web::api::{Answer, ApiRouter, Created, Moment, get_with, scoped, told};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::line;
use crate::actions::{self, Letter, Line};
use crate::model::{Applicant, Kind, LONGEST_SUBJECT, LONGEST_TEXT, ThreadId, Warning};

const READ: &str = "read:conversations";
const WRITE: &str = "write:conversations";

pub(crate) fn routes() -> ApiRouter<Ctx> {
    ApiRouter::new()
        .api_route(
            "/api/parvis/v1/communes/{code}/counters",
            get_with(counters, told("Whom one can write to, the mayor first", &[404])),
        )
        .api_route(
            "/api/parvis/v1/requests",
            get_with(
                requests,
                scoped(
                    READ,
                    "The bearer's requests, or those her office reads; the newest first",
                    &[404],
                ),
            )
            .post_with(create, scoped(WRITE, "Hands a formal request in", &[404])),
        )
        .api_route(
            "/api/parvis/v1/requests/{id}",
            get_with(request, scoped(READ, "One request", &[404])),
        )
}

/// A request in the address.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
struct ById {
    /// Its number.
    id: String,
}

/// Whom one can write to.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Counter")]
struct CounterShown {
    /// `0`: the mayor.
    id: String,
    /// Of the service; empty for the mayor.
    name: String,
    /// What it is for.
    description: String,
}

/// A formal request, with the days by which the law wants an answer.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Request")]
struct Shown {
    id: String,
    /// As it stands on the acknowledgement.
    reference: String,
    /// INSEE code.
    commune: String,
    subject: String,
    registered_at: Moment,
    acknowledgement_due_at: Moment,
    acknowledged_at: Option<Moment>,
    answer_due_at: Moment,
    answered_at: Option<Moment>,
    closed_at: Option<Moment>,
    /// Messages that the bearer has not read.
    unread: i64,
}

impl Shown {
    fn of(line: &Line) -> Option<Self> {
        let request = line.request.as_ref()?;
        Some(Self {
            id: line.thread.id.to_string(),
            reference: request.reference.clone(),
            commune: line.thread.commune.clone(),
            subject: line.thread.subject.clone(),
            registered_at: request.registered_at.into(),
            acknowledgement_due_at: request.ack_due_at.into(),
            acknowledged_at: request.acknowledged_at.map(Moment),
            answer_due_at: request.answer_due_at.into(),
            answered_at: request.answered_at.map(Moment),
            closed_at: line.thread.closed_at.map(Moment),
            unread: line.unread,
        })
    }
}

/// Which page.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Wanted {
    /// The last message of the last request of the page before.
    #[schemars(with = "Option<i64>")]
    max_id: String,
    /// How many conversations are looked through: 40 without it, never more than 80.
    #[schemars(with = "Option<i64>")]
    limit: String,
}

/// A request as a program writes it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["commune", "subject", "text", "name", "address"]))]
struct Written {
    /// INSEE code.
    commune: String,
    /// The `id` of a counter; the mayor without it.
    counter: String,
    #[schemars(length(min = 1, max = LONGEST_SUBJECT))]
    subject: String,
    #[schemars(length(min = 1, max = LONGEST_TEXT))]
    text: String,
    /// Of the applicant, as the law asks.
    #[schemars(length(min = 1))]
    name: String,
    /// Where a letter reaches her.
    #[schemars(length(min = 1))]
    address: String,
    phone: String,
}

async fn commune(ctx: &Ctx, code: &str) -> Result<Commune, Failure> {
    let code: InseeCode = code.parse().map_err(|_| Failure::not_found())?;
    commune::actions::by_code(ctx, code)
        .await?
        .filter(Commune::is_claimed)
        .ok_or_else(Failure::not_found)
}

/// Whom one can write to; anybody may know.
async fn counters(
    State(ctx): State<Ctx>,
    Path(ByCode { code }): Path<ByCode>,
) -> Result<Answer<Vec<CounterShown>>, Failure> {
    let commune = commune(&ctx, &code).await?;
    let counters = actions::counters(&ctx, &commune).await?;
    let shown = counters.into_iter().map(|one| CounterShown {
        id: one.id.to_string(),
        name: one.name,
        description: one.description,
    });
    Ok(Answer::new(shown.collect()))
}

/// Her formal requests, or with the token of an office those it reads; the newest first.
async fn requests(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    QueryFields(wanted): QueryFields<Wanted>,
) -> Result<Answer<Vec<Shown>>, Failure> {
    let by = bearer.person(READ)?;
    let commune = match &by.office {
        Some(office) => commune::actions::by_code(&ctx, office.commune).await?,
        None => None,
    };
    let limit = number(&wanted.limit).unwrap_or(40).clamp(1, 80);
    let paging = Paging::before(number(&wanted.max_id), limit);
    let page = actions::inbox(&ctx, by, commune.as_ref(), by.office.is_some(), &paging).await?;
    let lines = page.items.iter().filter(|line| line.thread.kind == Kind::Request);
    Ok(Answer::new(lines.filter_map(Shown::of).collect()))
}

async fn request(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(ById { id }): Path<ById>,
) -> Result<Answer<Shown>, Failure> {
    let by = bearer.person(READ)?;
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let line = line(&ctx, by, ThreadId(id)).await?;
    Shown::of(&line).map(Answer::new).ok_or_else(Failure::not_found)
}

async fn create(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Fields(written): Fields<Written>,
) -> Result<Created<Shown>, Failure> {
    let by = bearer.person(WRITE)?;
    if by.office.is_some() {
        return Err(Failure::forbidden());
    }
    let commune = commune(&ctx, written.commune.trim()).await?;
    let letter = Letter {
        warning: Warning::default(),
        service: number(&written.counter).unwrap_or(0),
        subject: written.subject,
        text: written.text,
        files: Vec::new(),
        applicant: Some(Applicant {
            name: written.name,
            address: written.address,
            phone: written.phone,
        }),
    };
    let id = actions::write(&ctx, by, &commune, letter).await?;
    let line = line(&ctx, by, id).await?;
    Shown::of(&line).map(Created::new).ok_or_else(Failure::not_found)
}
