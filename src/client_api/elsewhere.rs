//! The page on which somebody brings in what another server shows at an address: a post, a question, an event. The
//! same as `resolve` of the search for programs.

use account::Citizen;
use askama::Template;
use axum::Extension;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use discussion::Participant;
use federation::Ctx;
use platform::limits::Brake;
use platform::web::{Failure, FormState, Message, Page, Submitted, Visit, html, see_other};

use crate::door::View;
use crate::doors::{Place, at_address};
use crate::source::Api;

/// Addresses that one person has looked up.
const LOOKED_UP: Brake = Brake::new("elsewhere", 20, 300);
/// The longest address.
const LONGEST: usize = 2000;

pub(crate) fn routes() -> Router<Ctx> {
    Router::new().route("/ailleurs", get(show).post(bring))
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
async fn show(State(ctx): State<Ctx>, visit: Visit, _citizen: Citizen) -> Result<Response, Failure> {
    html(StatusCode::OK, &page(&ctx, &visit, FormState::default()))
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
