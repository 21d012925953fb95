//! The page on which somebody brings in what another server shows at an address: a post, a question, an event. The
//! same as `resolve` of the search for programs.

use account::Citizen;
use askama::Template;
use axum::Extension;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use discussion::Participant;
use federation::Ctx;
use platform::limits::Brake;
use platform::web::{Failure, FormState, Message, Page, Submitted, Visit, html, see_other};
use serde::Deserialize;

use crate::door::View;
use crate::doors::{Place, at_address};
use crate::source::Api;

/// Addresses that one person has looked up.
const LOOKED_UP: Brake = Brake::new("elsewhere", 20, 300);
/// The longest address.
const LONGEST: usize = 2000;

pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/ailleurs", get(show).post(bring))
        .route("/authorize_interaction", get(sent_here))
}

/// What another server sends our people with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Brought {
    uri: String,
}

/// What the page may begin with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    adresse: String,
}

/// The address that other servers know (WebFinger, `ostatus.org/schema/1.0/subscribe`).
async fn sent_here(State(ctx): State<Ctx>, brought: Result<Query<Brought>, QueryRejection>) -> Response {
    let uri = brought.map(|Query(brought)| brought.uri).unwrap_or_default();
    let address: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
    see_other(&ctx, &format!("/ailleurs?adresse={address}"), None)
}

#[derive(Template)]
#[template(path = "client_api/elsewhere.html")]
struct ElsewherePage {
    page: Page,
    form: FormState,
}

fn page(ctx: &Ctx, visit: &Visit, form: FormState) -> ElsewherePage {
    let mut page = Page::new(ctx, visit, ctx.words.t(visit.lang, "client-elsewhere-title"));
    page.noindex = true;
    page.in_error = form.has_errors();
    ElsewherePage { page, form }
}

/// Only who has an account makes this server ask others.
async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    _citizen: Citizen,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Failure> {
    let Query(asked) = asked.unwrap_or_default();
    let address: String = asked.adresse.chars().take(LONGEST).collect();
    html(
        StatusCode::OK,
        &page(&ctx, &visit, FormState::default().with("adresse", address)),
    )
}

async fn bring(
    State(ctx): State<Ctx>,
    Extension(api): Extension<Api>,
    visit: Visit,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    ctx.limits
        .check(LOOKED_UP, &citizen.id().to_string())
        .map_err(Failure::too_many)?;
    let address = sent.get("adresse").trim();
    let view = View {
        ctx: &ctx,
        api: &api,
        reader: Some(Participant::from(&*citizen)),
    };
    let is_address =
        address.len() <= LONGEST && (address.starts_with("https://") || address.starts_with("http://"));
    let refusal = if is_address {
        match at_address(&view, address, true).await? {
            Some(Place::Status(item)) => return Ok(see_other(&ctx, &item.thing().page(), None)),
            Some(Place::Person(actor)) => match ctx.urls.path_of(actor.page()).filter(|_| actor.local) {
                Some(path) => return Ok(see_other(&ctx, path, None)),
                None => "client-elsewhere-person",
            },
            None => "client-elsewhere-nothing",
        }
    } else {
        "client-elsewhere-no-address"
    };
    let mut form = sent.state();
    form.refuse(&ctx, visit.lang, "adresse", &Message::new(refusal));
    html(StatusCode::UNPROCESSABLE_ENTITY, &page(&ctx, &visit, form))
}
