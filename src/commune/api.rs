//! The directory as JSON, for other programs: `/api/parvis/v1/communes`.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use federation::Ctx;
use platform::web::api::{Answer, ApiRouter, Asked, get_with, told};
use platform::web::{Failure, Message};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions;
use crate::model::{Commune, InseeCode, Territory};
use crate::search::FoundBy;

const LIMIT_DEFAULT: usize = 20;
const LIMIT_MAX: usize = 100;

/// The routes.
pub fn routes() -> ApiRouter<Ctx> {
    ApiRouter::new()
        .api_route(
            "/api/parvis/v1/communes",
            get_with(index, told("Looks for communes", &[])),
        )
        .api_route(
            "/api/parvis/v1/communes/{code}",
            get_with(show, told("One commune, for ever under its code", &[308, 404])),
        )
}

/// A commune in the address.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct ByCode {
    /// INSEE code: `06059`.
    #[schemars(regex(pattern = "^(2[AB]|[0-9]{2})[0-9]{3}$"))]
    pub code: String,
}

/// What is looked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(extend("required" = ["q"]))]
struct Search {
    /// A name or the beginning of one, a postal code, an INSEE code.
    #[serde(default)]
    #[schemars(length(min = 1))]
    q: String,
    /// How many at most: 20 without it, never more than 100.
    limit: Option<usize>,
    /// How many of the first ones are left out.
    offset: Option<usize>,
}

/// Communes that were found; `Link` leads to the next ones.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Communes")]
struct Found {
    /// What was looked for.
    query: String,
    /// `name`, `postal-code`, `insee-code`, or `likeness` when nothing fits and these names come close.
    found_by: &'static str,
    /// How many there are in all.
    total: usize,
    /// How many of them, the first ones, bear exactly this name.
    namesakes: usize,
    items: Vec<CommuneJson>,
}

/// A commune.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Commune")]
struct CommuneJson {
    /// INSEE code.
    #[schemars(with = "String")]
    code: InseeCode,
    /// Official name.
    name: String,
    /// After "la commune": "d’Èze".
    name_after_of: String,
    status: &'static str,
    department: Named,
    region: Named,
    /// Code of the arrondissement.
    district: Option<String>,
    /// The federation of communes it belongs to.
    epci: Option<EpciJson>,
    siren: Option<String>,
    population: Option<i64>,
    postal_codes: Vec<String>,
    time_zone: &'static str,
    url: String,
    handle: String,
    mayor_handle: String,
    /// Whether the town hall is here.
    claimed: bool,
    /// ActivityPub ids, once the town hall is here.
    actors: Option<ActorsJson>,
    /// The commune into which it has merged.
    #[schemars(with = "Option<String>")]
    merged_into: Option<InseeCode>,
}

/// A territory with its code.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Territory")]
struct Named {
    code: String,
    name: String,
}

/// A federation of communes.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Epci")]
struct EpciJson {
    siren: String,
    name: String,
    kind: String,
}

/// ActivityPub ids.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Actors")]
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

async fn index(State(ctx): State<Ctx>, Asked(asked): Asked<Search>) -> Result<Answer<Found>, Failure> {
    let question = asked.q.trim();
    if question.is_empty() {
        return Err(Failure::bad_request("no-query").saying(Message::new("commune-api-no-query")));
    }
    let limit = asked.limit.unwrap_or(LIMIT_DEFAULT).clamp(1, LIMIT_MAX);
    let offset = asked.offset.unwrap_or(0).min(100_000);
    let (found, communes) = actions::search(&ctx, question, offset..offset + limit).await?;
    let answer = Answer::new(Found {
        query: question.to_owned(),
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
    });
    if offset + limit >= found.total {
        return Ok(answer.open());
    }
    let q: String = url::form_urlencoded::byte_serialize(question.as_bytes()).collect();
    let next = ctx.urls.to(&format!(
        "/api/parvis/v1/communes?q={q}&limit={limit}&offset={}",
        offset + limit
    ));
    Ok(answer.open().next(&next))
}

async fn show(
    State(ctx): State<Ctx>,
    Path(ByCode { code }): Path<ByCode>,
) -> Result<Answer<CommuneJson>, Failure> {
    let asked: InseeCode = code.parse().map_err(|_| Failure::not_found())?;
    let commune = actions::by_code(&ctx, asked)
        .await?
        .ok_or_else(Failure::not_found)?;
    if commune.code.as_str() != code {
        let today = format!("/api/parvis/v1/communes/{}", commune.code);
        // Open data: any site may read it.
        return Err(
            Failure::moved(&today).header(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))
        );
    }
    Ok(Answer::new(CommuneJson::new(&ctx, commune)).open())
}
