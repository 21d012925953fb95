//! The directory as JSON, for other programs: `/api/parvis/v1/communes`.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use federation::Ctx;
use platform::web::{Failure, Message, redirect};
use serde::{Deserialize, Serialize};

use crate::actions;
use crate::model::{Commune, InseeCode, Territory};
use crate::search::FoundBy;

const LIMIT_DEFAULT: usize = 20;
const LIMIT_MAX: usize = 100;

/// The routes.
pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/api/parvis/v1/communes", get(index))
        .route("/api/parvis/v1/communes/{code}", get(show))
}

/// What stands after the question mark.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    limit: Option<usize>,
    offset: Option<usize>,
}

#[derive(Serialize)]
struct Answer<'a> {
    query: &'a str,
    /// `name`, `postal-code`, `insee-code`, or `likeness` when nothing fits and these names come close.
    found_by: &'static str,
    total: usize,
    /// How many of them, the first ones, bear exactly this name.
    namesakes: usize,
    items: Vec<CommuneJson>,
}

/// A commune as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct CommuneJson {
    code: InseeCode,
    name: String,
    /// After "la commune": "d’Èze".
    name_after_of: String,
    status: &'static str,
    department: Named,
    region: Named,
    district: Option<String>,
    epci: Option<EpciJson>,
    siren: Option<String>,
    population: Option<i64>,
    postal_codes: Vec<String>,
    time_zone: &'static str,
    url: String,
    handle: String,
    mayor_handle: String,
    claimed: bool,
    /// ActivityPub ids, once the town hall is here.
    actors: Option<ActorsJson>,
    /// The commune into which it has merged.
    merged_into: Option<InseeCode>,
}

#[derive(Debug, Serialize)]
struct Named {
    code: String,
    name: String,
}

#[derive(Debug, Serialize)]
struct EpciJson {
    siren: String,
    name: String,
    kind: String,
}

#[derive(Debug, Serialize)]
struct ActorsJson {
    mayor: String,
    commune: String,
}

impl CommuneJson {
    fn new(ctx: &Ctx, commune: Commune) -> Self {
        let named = |territory: Territory| Named {
            code: territory.code,
            name: territory.name,
        };
        Self {
            url: ctx.urls.to(&commune.path()),
            mayor_handle: commune.mayor_handle(),
            claimed: commune.is_claimed(),
            actors: commune.claim.as_ref().map(|claim| ActorsJson {
                mayor: federation::local_uri(ctx, claim.mayor),
                commune: federation::local_uri(ctx, claim.commune),
            }),
            time_zone: commune.time_zone(),
            name: commune.name.official().to_owned(),
            name_after_of: commune.name.of(),
            status: commune.status.as_str(),
            code: commune.code,
            department: named(commune.department),
            region: named(commune.region),
            district: commune.district,
            epci: commune.epci.map(|epci| EpciJson {
                siren: epci.code,
                name: epci.name,
                kind: epci.kind,
            }),
            siren: commune.siren,
            population: commune.population,
            postal_codes: commune.postal_codes,
            handle: commune.handle,
            merged_into: commune.successor,
        }
    }
}

async fn index(
    State(ctx): State<Ctx>,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Failure> {
    let Query(asked) = asked.map_err(|_| Failure::bad_request("bad-query"))?;
    let question = asked.q.trim();
    if question.is_empty() {
        return Err(Failure::bad_request("no-query").saying(Message::new("commune-api-no-query")));
    }
    let limit = asked.limit.unwrap_or(LIMIT_DEFAULT).clamp(1, LIMIT_MAX);
    let offset = asked.offset.unwrap_or(0).min(100_000);
    let (found, communes) = actions::search(&ctx, question, offset..offset + limit).await?;
    let answer = Answer {
        query: question,
        found_by: match found.by {
            FoundBy::Name => "name",
            FoundBy::PostalCode => "postal-code",
            FoundBy::InseeCode => "insee-code",
            FoundBy::Likeness => "likeness",
        },
        total: found.total,
        namesakes: found.namesakes,
        items: communes
            .into_iter()
            .map(|commune| CommuneJson::new(&ctx, commune))
            .collect(),
    };
    let mut response = Json(answer).into_response();
    if offset + limit < found.total {
        let q: String = url::form_urlencoded::byte_serialize(question.as_bytes()).collect();
        let next = ctx.urls.to(&format!(
            "/api/parvis/v1/communes?q={q}&limit={limit}&offset={}",
            offset + limit
        ));
        if let Ok(link) = HeaderValue::try_from(format!("<{next}>; rel=\"next\"")) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
    Ok(open(response))
}

async fn show(State(ctx): State<Ctx>, Path(code): Path<String>) -> Result<Response, Failure> {
    let asked: InseeCode = code.parse().map_err(|_| Failure::not_found())?;
    let commune = actions::by_code(&ctx, asked)
        .await?
        .ok_or_else(Failure::not_found)?;
    if commune.code.as_str() != code {
        let today = format!("/api/parvis/v1/communes/{}", commune.code);
        return Ok(open(redirect(StatusCode::PERMANENT_REDIRECT, &today)));
    }
    Ok(open(Json(CommuneJson::new(&ctx, commune)).into_response()))
}

/// Open data: any site may read it.
fn open(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
