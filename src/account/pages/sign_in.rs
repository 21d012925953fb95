//! `/connexion` and `/deconnexion`.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use federation::Ctx;
use platform::web::{
    Failure, FlashKind, FormState, Page, Submitted, Visit, clear_cookie, cookie, cookie_value, html,
    see_other,
};
use serde::Deserialize;

use super::{SIGN_IN, brake, door_page, refused, suite_query, user_agent, way_back};
use crate::actions::sessions;
use crate::actions::sign_in::{SignIn, sign_in};
use crate::error::AccountError;
use crate::http::{SESSION, session_cookie};
use crate::viewer::Viewer;

/// Where to go on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) suite: String,
}

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignInPage {
    page: Page,
    form: FormState,
    registrations: bool,
    sign_up: String,
}

fn shown(ctx: &Ctx, mut page: Page, form: FormState, suite: Option<&str>) -> SignInPage {
    if ctx.instance.registrations {
        page.signup_href = format!("/inscription{}", suite_query(suite));
    }
    SignInPage {
        page,
        form,
        registrations: ctx.instance.registrations,
        sign_up: format!("/inscription{}", suite_query(suite)),
    }
}

pub(super) async fn new(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let suite = way_back(&asked.suite);
    if viewer.is_signed_in() {
        return Ok(see_other(&ctx, suite.unwrap_or("/"), None));
    }
    let page = door_page(&ctx, &visit, "account-sign-in", suite).await?;
    let form = FormState::default().with("suite", suite.unwrap_or_default());
    html(StatusCode::OK, &shown(&ctx, page, form, suite))
}

pub(super) async fn create(
    State(ctx): State<Ctx>,
    visit: Visit,
    headers: HeaderMap,
    sent: Submitted,
) -> Result<Response, Failure> {
    let suite = way_back(sent.get("suite"));
    let wanted = SignIn {
        name: sent.get("email"),
        password: sent.raw("password"),
        lasting: sent.has("keep"),
        user_agent: user_agent(&headers),
        former: cookie_value(&headers, &ctx.urls, SESSION),
    };
    let opened = match brake(&ctx, &visit, SIGN_IN) {
        Ok(()) => sign_in(&ctx, &wanted).await,
        Err(refusal) => Err(refusal.into()),
    };
    match opened {
        Ok(opened) => {
            let response = see_other(&ctx, suite.unwrap_or("/"), None);
            Ok(signed_in(&ctx, response, &opened.token, wanted.lasting))
        }
        Err(error) => {
            let mut page = door_page(&ctx, &visit, "account-sign-in", suite).await?;
            page.in_error = true;
            let mut form = sent.state();
            let wait = match &error {
                AccountError::Refused(refusal) => refusal.wait(),
                _ => None,
            };
            let status = refused::note(&ctx, visit.lang, &mut form, error)?;
            let mut response = html(status, &shown(&ctx, page, form, suite))?;
            if let Some(wait) = wait {
                let seconds = HeaderValue::from(wait.as_secs());
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
            }
            Ok(response)
        }
    }
}

/// Hands the session over. The token of forms changes too: what a page of before holds is good no longer.
pub(super) fn signed_in(ctx: &Ctx, mut response: Response, token: &str, lasting: bool) -> Response {
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, session_cookie(ctx, token, lasting));
    headers.append(
        header::SET_COOKIE,
        cookie(&ctx.urls, "visit", &ctx.rng.token(), None),
    );
    response
}

/// Whoever opens the address by hand gets the page with the button.
pub(super) async fn leave(State(ctx): State<Ctx>, viewer: Viewer) -> Response {
    let target = if viewer.is_signed_in() { "/compte" } else { "/" };
    see_other(&ctx, target, None)
}

pub(super) async fn remove(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    _sent: Submitted,
) -> Result<Response, Failure> {
    if let Some(token) = cookie_value(&headers, &ctx.urls, SESSION) {
        sessions::sign_out(&ctx, token).await?;
    }
    Ok(signed_out(&ctx, "account-flash-signed-out"))
}

/// Takes the session back.
pub(super) fn signed_out(ctx: &Ctx, flash: &str) -> Response {
    let mut response = see_other(ctx, "/", Some((FlashKind::Success, flash)));
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, clear_cookie(&ctx.urls, SESSION));
    headers.append(
        header::SET_COOKIE,
        cookie(&ctx.urls, "visit", &ctx.rng.token(), None),
    );
    response
}
