//! The session cookie, the layer that reads it once per request, and the extractors for handlers.

use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use federation::Ctx;
use platform::web::{
    Failure, SignInFirst, ViewerBadge, Visit, Wants, clear_cookie, cookie, cookie_value, see_other,
};

use crate::actions::sessions;
use crate::viewer::{Citizen, Viewer, avatar};

/// The name of the session cookie, before the platform's prefix.
pub(crate) const SESSION: &str = "session";

/// Reads the session of each request for a page. Doors that do not believe cookies (the API, other servers) are
/// left alone: there a cookie would let other sites act in a citizen's name.
pub fn layer(ctx: &Ctx, router: Router) -> Router {
    router.layer(from_fn_with_state(ctx.clone(), session_layer))
}

/// Paths where a cookie says nothing.
fn is_without_session(path: &str) -> bool {
    const PREFIXES: [&str; 9] = [
        "/api/",
        "/ap/",
        "/inbox",
        "/static/",
        "/media/",
        "/carreaux/",
        "/.well-known/",
        "/nodeinfo",
        "/oauth/token",
    ];
    path.starts_with("/oauth/revoke") || PREFIXES.iter().any(|prefix| path.starts_with(prefix))
}

async fn session_layer(State(ctx): State<Ctx>, mut request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let token = cookie_value(request.headers(), &ctx.urls, SESSION).map(str::to_owned);
    let Some(token) = token.filter(|_| !is_without_session(request.uri().path())) else {
        return next.run(request).await;
    };
    let citizen = match sessions::of_token(&ctx, &token).await {
        Ok(citizen) => citizen,
        Err(error) => return Failure::from(error).into_response(),
    };
    let Some(citizen) = citizen else {
        let mut response = next.run(request).await;
        forget(&ctx, &mut response);
        return response;
    };
    if let Some(visit) = request.extensions_mut().get_mut::<Visit>() {
        let own = |name: &str| cookie_value(&headers, &ctx.urls, name).is_some();
        dress(visit, &citizen, own);
    }
    let visit = request.extensions().get::<Visit>().cloned();
    request.extensions_mut().insert(citizen);
    let mut response = next.run(request).await;
    // What was drawn for her stays in no cache, nor behind the "back" of a shared computer.
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-store"));
    if let Some(visit) = visit {
        // Pages drawn outside of this layer (errors) are for her too.
        response.extensions_mut().insert(visit);
    }
    response
}

/// Removes a cookie that is good for nothing, unless the answer has just set a new one.
fn forget(ctx: &Ctx, response: &mut Response) {
    let gone = clear_cookie(&ctx.urls, SESSION);
    let name = gone
        .as_bytes()
        .split(|byte| *byte == b'=')
        .next()
        .unwrap_or_default()
        .to_owned();
    let is_set = response
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .any(|value| value.as_bytes().starts_with(&name));
    if !is_set {
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
}

/// The header and the preferences of somebody signed in. What was chosen on this device (`chosen`: there is a
/// cookie that says so) goes before what was chosen for the account.
fn dress(visit: &mut Visit, citizen: &Citizen, chosen: impl Fn(&str) -> bool) {
    visit.viewer = Some(ViewerBadge {
        name: citizen.name().to_owned(),
        href: "/compte".to_owned(),
        avatar: Some(avatar(&citizen.actor)),
        unread: 0,
        home: format!("/communes/{}", citizen.commune()),
    });
    let preferences = citizen.account.preferences;
    if !chosen("lang") {
        visit.lang = preferences.lang.unwrap_or(visit.lang);
    }
    if !chosen("theme") {
        visit.theme = preferences.theme.map_or(visit.theme, |theme| theme.code());
    }
    if !chosen("font") {
        visit.font = preferences.font.map_or(visit.font, |font| font.code());
    }
}

/// The cookie of a new session.
pub(crate) fn session_cookie(ctx: &Ctx, token: &str, lasting: bool) -> HeaderValue {
    let life = crate::model::SessionLife::of(lasting);
    cookie(&ctx.urls, SESSION, token, lasting.then_some(life.whole))
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<Citizen>().cloned()))
    }
}

impl FromRequestParts<Ctx> for Citizen {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Response> {
        if let Some(citizen) = parts.extensions.get::<Self>() {
            return Ok(citizen.clone());
        }
        let visit = parts.extensions.get::<Visit>();
        Err(sign_in_first(ctx, visit, &parts.method, &parts.headers))
    }
}

/// People are sent to the sign-in page and come back to the page they were on; programs get a 401.
fn sign_in_first(ctx: &Ctx, visit: Option<&Visit>, method: &Method, headers: &HeaderMap) -> Response {
    let Some(visit) = visit.filter(|visit| visit.wants == Wants::Html) else {
        return Failure::unauthorized().into_response();
    };
    let text = |name: &'static str| headers.get(name).and_then(|value| value.to_str().ok());
    let page = if visit.partial {
        text("hx-current-url")
    } else if method == Method::GET || method == Method::HEAD {
        None
    } else {
        // A form cannot be sent again by itself: she comes back to the page that holds it.
        text("referer")
    };
    let back = match page {
        Some(page) => ctx.urls.path_of(page).unwrap_or("/").to_owned(),
        None if method == Method::GET || method == Method::HEAD => visit.path.clone(),
        None => "/".to_owned(),
    };
    let after: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
    let target = format!("/connexion?suite={after}");
    if visit.partial {
        let mut response = StatusCode::UNAUTHORIZED.into_response();
        if let Ok(target) = HeaderValue::try_from(target) {
            let name = HeaderName::from_static("hx-redirect");
            response.headers_mut().insert(name, target);
        }
        return response;
    }
    let mut response = see_other(ctx, &target, None);
    response.extensions_mut().insert(SignInFirst { back });
    response
}
