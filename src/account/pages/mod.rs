//! The pages of signing up, signing in and "Mon compte".

mod data;
mod overview;
mod profile;
mod recovery;
mod refused;
mod security;
mod sign_in;
mod sign_up;
mod team;
mod tile;

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use federation::Ctx;
use platform::limits::Brake;
use platform::web::{Failure, Page, Visit, cookie_value, is_own_path};

use crate::viewer::Person;

pub(crate) use tile::tile_address;

/// The routes of this room.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/inscription", get(sign_up::new).post(sign_up::create))
        .route("/inscription/code", get(sign_up::code).post(sign_up::confirm))
        .route("/inscription/code/autre", post(sign_up::send_again))
        .route("/connexion", get(sign_in::new).post(sign_in::create))
        .route("/deconnexion", get(sign_in::leave).post(sign_in::remove))
        .route("/mot-de-passe", get(recovery::new).post(recovery::create))
        .route("/mot-de-passe/code", get(recovery::code).post(recovery::confirm))
        .route("/mot-de-passe/code/autre", post(recovery::send_again))
        .route("/invitation/{token}", get(team::invitation).post(team::accept))
        .route("/carreaux/{file}", get(tile::show))
        .merge(own_routes())
}

/// "Mon compte": nothing of it is kept by the browser, so that the "back" button shows it to nobody else.
fn own_routes() -> Router<Ctx> {
    Router::new()
        .route("/compte", get(overview::show))
        .route("/compte/profil", get(profile::edit).post(profile::update))
        .route("/compte/profil/photo", post(profile::update_photo))
        .route("/compte/profil/commune", post(profile::update_commune))
        .route(
            "/compte/preferences",
            get(profile::preferences).post(profile::update_preferences),
        )
        .route("/compte/securite", get(security::edit).post(security::update))
        .route(
            "/compte/adresse",
            get(security::email).post(security::update_email),
        )
        .route(
            "/compte/adresse/code",
            get(security::email_code).post(security::confirm_email),
        )
        .route("/compte/adresse/code/autre", post(security::send_email_again))
        .route(
            "/compte/sessions",
            get(security::sessions).post(security::end_sessions),
        )
        .route("/compte/donnees", get(data::show))
        .route("/compte/donnees/visibilite", post(data::update_visibility))
        .route("/compte/donnees/export.json", get(data::export))
        .route("/compte/suppression", get(data::delete).post(data::destroy))
        .route("/compte/equipe", get(team::index).post(team::update))
        .route("/compte/equipe/invitations", post(team::invite))
        .layer(map_response(unkept))
}

async fn unkept(mut response: Response) -> Response {
    let value = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}

/// Sign-ins of one address of the network.
const SIGN_IN: Brake = Brake::new("sign-in", 30, 600);
/// Sign-ups of one address of the network; a town hall may help a whole class of citizens from one.
const SIGN_UP: Brake = Brake::new("sign-up", 20, 3600);
/// Recoveries of one address of the network.
const RECOVERY: Brake = Brake::new("recovery", 10, 3600);
/// Codes typed from one address of the network.
const CODE: Brake = Brake::new("account-code", 60, 600);

/// Counts a deed of the visitor's address; the refusal says how long to wait.
fn brake(ctx: &Ctx, visit: &Visit, brake: Brake) -> Result<(), crate::Refusal> {
    ctx.limits
        .check(brake, &visit.ip_key())
        .map_err(|wait| crate::Refusal::Braked {
            minutes: i64::try_from(wait.as_secs().div_ceil(60)).unwrap_or(i64::MAX),
        })
}

/// A path of this site to come back to after signing in; anything else, and the doors themselves, are nowhere.
fn way_back(wanted: &str) -> Option<&str> {
    let path = wanted.split(['?', '#']).next().unwrap_or_default();
    let ours = is_own_path(wanted) && wanted.len() <= 1000;
    let door = ["/connexion", "/deconnexion", "/inscription", "/mot-de-passe"]
        .iter()
        .any(|door| path == *door || path.strip_prefix(door).is_some_and(|rest| rest.starts_with('/')));
    (ours && !door).then_some(wanted)
}

/// `?suite=…`, or nothing.
fn suite_query(suite: Option<&str>) -> String {
    suite.map_or_else(String::new, |suite| {
        let escaped: String = url::form_urlencoded::byte_serialize(suite.as_bytes()).collect();
        format!("?suite={escaped}")
    })
}

/// What a browser says of itself.
fn user_agent(headers: &HeaderMap) -> &str {
    headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// The token of what waits in this browser.
fn code_token<'a>(ctx: &Ctx, headers: &'a HeaderMap, name: &str) -> &'a str {
    cookie_value(headers, &ctx.urls, name).unwrap_or_default()
}

/// A page at the door: without menu, in the sign of the commune one comes from.
async fn door_page(ctx: &Ctx, visit: &Visit, key: &str, suite: Option<&str>) -> Result<Page, Failure> {
    let title = ctx.words.t(visit.lang, key);
    let address = suite
        .and_then(|suite| suite.strip_prefix('/'))
        .and_then(|suite| suite.split(['/', '?', '#']).next())
        .filter(|address| address.contains('-'));
    let place = match address {
        Some(address) => commune::actions::at(ctx, address).await?,
        None => commune::actions::Place::Nowhere,
    };
    let mut page = match place {
        commune::actions::Place::Here(commune) => commune::page_of(ctx, visit, &commune, "", title),
        _ => Page::new(ctx, visit, title),
    };
    page.hide_bar = true;
    page.noindex = true;
    page.signin_href = String::new();
    Ok(page)
}

/// A page that is somebody's own (her account, her notifications), in the sign and with the menu of her commune.
///
/// # Errors
/// [`Failure`] when the database does not answer.
pub async fn own_page(ctx: &Ctx, visit: &Visit, person: &Person, key: &str) -> Result<Page, Failure> {
    let title = ctx.words.t(visit.lang, key);
    let commune = commune::actions::by_code(ctx, person.commune()).await?;
    let mut page = match commune {
        Some(commune) => commune::page_of(ctx, visit, &commune, "", title),
        None => Page::new(ctx, visit, title),
    };
    page.noindex = true;
    Ok(page)
}

/// The same below the overview.
async fn sub_page(ctx: &Ctx, visit: &Visit, person: &Person, key: &str) -> Result<Page, Failure> {
    let page = own_page(ctx, visit, person, key).await?;
    let label = page.t("account-title");
    Ok(page.back_to(label, "/compte"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site_or_in_circles() {
        for good in [
            "/",
            "/eze-06/actualites?page=2",
            "/oauth/authorize?client_id=x&redirect_uri=https://a.example",
        ] {
            assert_eq!(way_back(good), Some(good));
        }
        for bad in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "eze-06",
            "/a\r\nSet-Cookie: x",
            "/connexion",
            "/connexion?suite=/",
            "/deconnexion",
            "/inscription/code",
            "javascript:alert(1)",
        ] {
            assert_eq!(way_back(bad), None, "{bad:?}");
        }
        assert_eq!(way_back("/connexions-06"), Some("/connexions-06"));
    }
}
