//! `/mot-de-passe`: a new password for somebody who forgot hers.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use federation::Ctx;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, clear_cookie, html, see_other};

use super::sign_in::signed_in;
use super::sign_up::{goodness, wait_for_code};
use super::{CODE, RECOVERY, brake, code_token, door_page, refused, user_agent};
use crate::actions::recovery;
use crate::error::AccountError;
use crate::model::{PASSWORD_MIN, Refusal};
use crate::viewer::Viewer;

const COOKIE: &str = "recovery";

#[derive(Template)]
#[template(path = "account/recovery.html")]
struct RecoveryPage {
    page: Page,
    form: FormState,
}

#[derive(Template)]
#[template(path = "account/recovery_code.html")]
struct CodePage {
    page: Page,
    form: FormState,
    email: String,
    good: String,
    password_min: String,
}

pub(super) async fn new(State(ctx): State<Ctx>, visit: Visit, viewer: Viewer) -> Result<Response, Failure> {
    let email = viewer
        .citizen()
        .map_or("", |citizen| citizen.account.email.as_str());
    let form = FormState::default().with("email", email);
    recovery_page(&ctx, &visit, form, StatusCode::OK).await
}

async fn recovery_page(
    ctx: &Ctx,
    visit: &Visit,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let mut page = door_page(ctx, visit, "account-forgotten", None).await?;
    page.in_error = form.has_errors();
    let label = page.t("account-sign-in");
    let page = page.back_to(label, "/connexion");
    html(status, &RecoveryPage { page, form })
}

pub(super) async fn create(
    State(ctx): State<Ctx>,
    visit: Visit,
    sent: Submitted,
) -> Result<Response, Failure> {
    let begun = match brake(&ctx, &visit, RECOVERY) {
        Ok(()) => recovery::begin(&ctx, sent.get("email"), visit.lang).await,
        Err(refusal) => Err(refusal.into()),
    };
    match begun {
        Ok(token) => Ok(wait_for_code(&ctx, COOKIE, &token, "/mot-de-passe/code", None)),
        Err(error) => {
            let mut form = sent.state();
            let status = refused::note(&ctx, visit.lang, &mut form, error)?;
            recovery_page(&ctx, &visit, form, status).await
        }
    }
}

pub(super) async fn code(
    State(ctx): State<Ctx>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    code_page(&ctx, &visit, &headers, FormState::default(), StatusCode::OK).await
}

fn begin_again(ctx: &Ctx) -> Response {
    let flash = (FlashKind::Attention, "account-flash-begin-again");
    see_other(ctx, "/mot-de-passe", Some(flash))
}

async fn code_page(
    ctx: &Ctx,
    visit: &Visit,
    headers: &HeaderMap,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let token = code_token(ctx, headers, COOKIE);
    let Some((waiting, pending)) = recovery::waiting(ctx, token).await? else {
        return Ok(begin_again(ctx));
    };
    let mut page = door_page(ctx, visit, "account-recovery-title", None).await?;
    page.in_error = form.has_errors();
    let shown = CodePage {
        good: goodness(ctx, visit, page.zone(), &waiting),
        email: pending.email.to_string(),
        password_min: PASSWORD_MIN.to_string(),
        form,
        page,
    };
    html(status, &shown)
}

pub(super) async fn confirm(
    State(ctx): State<Ctx>,
    visit: Visit,
    headers: HeaderMap,
    sent: Submitted,
) -> Result<Response, Failure> {
    let token = code_token(&ctx, &headers, COOKIE);
    let (code, password) = (sent.get("code"), sent.raw("password"));
    let confirmed = match brake(&ctx, &visit, CODE) {
        Ok(()) => recovery::confirm(&ctx, token, code, password, user_agent(&headers)).await,
        Err(refusal) => Err(refusal.into()),
    };
    match confirmed {
        Ok(opened) => {
            let flash = (FlashKind::Success, "account-flash-password");
            let mut response = see_other(&ctx, "/compte", Some(flash));
            response
                .headers_mut()
                .append(header::SET_COOKIE, clear_cookie(&ctx.urls, COOKIE));
            Ok(signed_in(&ctx, response, &opened.token, false))
        }
        Err(error) => refused_code(&ctx, &visit, &headers, &sent, error).await,
    }
}

async fn refused_code(
    ctx: &Ctx,
    visit: &Visit,
    headers: &HeaderMap,
    sent: &Submitted,
    error: AccountError,
) -> Result<Response, Failure> {
    let mut form = sent.state();
    let status = refused::note(ctx, visit.lang, &mut form, error)?;
    code_page(ctx, visit, headers, form, status).await
}

pub(super) async fn send_again(
    State(ctx): State<Ctx>,
    visit: Visit,
    headers: HeaderMap,
    sent: Submitted,
) -> Result<Response, Failure> {
    let token = code_token(&ctx, &headers, COOKIE);
    let again = match brake(&ctx, &visit, RECOVERY) {
        Ok(()) => recovery::send_again(&ctx, token).await,
        Err(refusal) => Err(refusal.into()),
    };
    match again {
        Ok(()) => {
            let flash = (FlashKind::Success, "account-flash-code-sent");
            Ok(see_other(&ctx, "/mot-de-passe/code", Some(flash)))
        }
        Err(AccountError::Refused(Refusal::SpentCode)) => Ok(begin_again(&ctx)),
        Err(error) => refused_code(&ctx, &visit, &headers, &sent, error).await,
    }
}
