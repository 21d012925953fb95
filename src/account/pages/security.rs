//! `/compte/securite`, `/compte/adresse`, `/compte/sessions`.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use federation::Ctx;
use platform::Timestamp;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, clear_cookie, html, see_other};

use super::sign_in::signed_out;
use super::sign_up::{goodness, wait_for_code};
use super::{CODE, SIGN_UP, brake, code_token, refused, sub_page};
use crate::actions::{secrets, sessions as deeds};
use crate::error::AccountError;
use crate::model::{PASSWORD_MIN, Refusal, SessionId};
use crate::viewer::Citizen;

const COOKIE: &str = "email";

#[derive(Template)]
#[template(path = "account/security.html")]
struct SecurityPage {
    page: Page,
    form: FormState,
    email: String,
    password_min: String,
}

async fn security_page(
    ctx: &Ctx,
    visit: &Visit,
    citizen: &Citizen,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let mut page = sub_page(ctx, visit, citizen, "account-security-title").await?;
    page.in_error = form.has_errors();
    let shown = SecurityPage {
        page,
        form,
        email: citizen.account.email.clone(),
        password_min: PASSWORD_MIN.to_string(),
    };
    html(status, &shown)
}

pub(super) async fn edit(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
) -> Result<Response, Failure> {
    security_page(&ctx, &visit, &citizen, FormState::default(), StatusCode::OK).await
}

pub(super) async fn update(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    let (old, new) = (sent.raw("password"), sent.raw("password-new"));
    match secrets::change_password(&ctx, &citizen, old, new).await {
        Ok(()) => {
            let flash = (FlashKind::Success, "account-flash-password");
            Ok(see_other(&ctx, "/compte/securite", Some(flash)))
        }
        Err(error) => {
            let mut form = FormState::default();
            let status = refused::note(&ctx, visit.lang, &mut form, error)?;
            security_page(&ctx, &visit, &citizen, form, status).await
        }
    }
}

#[derive(Template)]
#[template(path = "account/email.html")]
struct EmailPage {
    page: Page,
    form: FormState,
    email: String,
}

#[derive(Template)]
#[template(path = "account/email_code.html")]
struct EmailCodePage {
    page: Page,
    form: FormState,
    email: String,
    good: String,
}

async fn email_page(
    ctx: &Ctx,
    visit: &Visit,
    citizen: &Citizen,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let mut page = sub_page(ctx, visit, citizen, "account-email-title").await?;
    page.in_error = form.has_errors();
    let email = citizen.account.email.clone();
    html(status, &EmailPage { page, form, email })
}

pub(super) async fn email(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
) -> Result<Response, Failure> {
    email_page(&ctx, &visit, &citizen, FormState::default(), StatusCode::OK).await
}

pub(super) async fn update_email(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    let (email, password) = (sent.get("email"), sent.raw("password"));
    let begun = match brake(&ctx, &visit, SIGN_UP) {
        Ok(()) => secrets::begin_email(&ctx, &citizen, email, password, visit.lang).await,
        Err(refusal) => Err(refusal.into()),
    };
    match begun {
        Ok(token) => Ok(wait_for_code(&ctx, COOKIE, &token, "/compte/adresse/code", None)),
        Err(error) => {
            let mut form = sent.state();
            let status = refused::note(&ctx, visit.lang, &mut form, error)?;
            email_page(&ctx, &visit, &citizen, form, status).await
        }
    }
}

fn begin_again(ctx: &Ctx) -> Response {
    let flash = (FlashKind::Attention, "account-flash-begin-again");
    see_other(ctx, "/compte/adresse", Some(flash))
}

async fn email_code_page(
    ctx: &Ctx,
    visit: &Visit,
    citizen: &Citizen,
    headers: &HeaderMap,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let token = code_token(ctx, headers, COOKIE);
    let Some((waiting, pending)) = secrets::waiting_email(ctx, citizen, token).await? else {
        return Ok(begin_again(ctx));
    };
    let page = sub_page(ctx, visit, citizen, "account-code-title").await?;
    let label = page.t("account-email-title");
    let mut page = page.back_to(label, "/compte/adresse");
    page.in_error = form.has_errors();
    let shown = EmailCodePage {
        good: goodness(ctx, visit, page.zone(), &waiting),
        email: pending.email.to_string(),
        form,
        page,
    };
    html(status, &shown)
}

pub(super) async fn email_code(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    email_code_page(
        &ctx,
        &visit,
        &citizen,
        &headers,
        FormState::default(),
        StatusCode::OK,
    )
    .await
}

pub(super) async fn confirm_email(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    headers: HeaderMap,
    sent: Submitted,
) -> Result<Response, Failure> {
    let token = code_token(&ctx, &headers, COOKIE);
    let confirmed = match brake(&ctx, &visit, CODE) {
        Ok(()) => secrets::confirm_email(&ctx, &citizen, token, sent.get("code")).await,
        Err(refusal) => Err(refusal.into()),
    };
    match confirmed {
        Ok(()) => {
            let flash = (FlashKind::Success, "account-flash-email");
            let mut response = see_other(&ctx, "/compte/adresse", Some(flash));
            response
                .headers_mut()
                .append(header::SET_COOKIE, clear_cookie(&ctx.urls, COOKIE));
            Ok(response)
        }
        Err(error) => {
            let mut form = sent.state();
            let status = refused::note(&ctx, visit.lang, &mut form, error)?;
            email_code_page(&ctx, &visit, &citizen, &headers, form, status).await
        }
    }
}

pub(super) async fn send_email_again(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    headers: HeaderMap,
    sent: Submitted,
) -> Result<Response, Failure> {
    let token = code_token(&ctx, &headers, COOKIE);
    let again = match brake(&ctx, &visit, SIGN_UP) {
        Ok(()) => secrets::send_email_again(&ctx, &citizen, token).await,
        Err(refusal) => Err(refusal.into()),
    };
    match again {
        Ok(()) => {
            let flash = (FlashKind::Success, "account-flash-code-sent");
            Ok(see_other(&ctx, "/compte/adresse/code", Some(flash)))
        }
        Err(AccountError::Refused(Refusal::SpentCode)) => Ok(begin_again(&ctx)),
        Err(error) => {
            let mut form = sent.state();
            let status = refused::note(&ctx, visit.lang, &mut form, error)?;
            email_code_page(&ctx, &visit, &citizen, &headers, form, status).await
        }
    }
}

/// A session in the list.
struct Listed {
    id: SessionId,
    device: String,
    here: bool,
    opened: Timestamp,
    used: Timestamp,
}

#[derive(Template)]
#[template(path = "account/sessions.html")]
struct SessionsPage {
    page: Page,
    sessions: Vec<Listed>,
}

pub(super) async fn sessions(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
) -> Result<Response, Failure> {
    let page = sub_page(&ctx, &visit, &citizen, "account-sessions-title").await?;
    let unknown = page.t("account-sessions-unknown");
    let listed = |session: crate::store::SessionRow| Listed {
        device: if session.device.is_empty() {
            unknown.clone()
        } else {
            session.device
        },
        here: citizen.session == Some(session.id),
        id: session.id,
        opened: session.created_at,
        used: session.seen_at,
    };
    let mut sessions: Vec<Listed> = deeds::of_person(&ctx, &citizen)
        .await?
        .into_iter()
        .map(listed)
        .collect();
    sessions.sort_by_key(|session| !session.here);
    html(StatusCode::OK, &SessionsPage { page, sessions })
}

/// One session, all others, or all of them.
pub(super) async fn end_sessions(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    let ended = |flash| {
        let flash = (FlashKind::Success, flash);
        Ok(see_other(&ctx, "/compte/sessions", Some(flash)))
    };
    match sent.get("which") {
        "all" => {
            deeds::sign_out_everywhere(&ctx, &citizen, None).await?;
            Ok(signed_out(&ctx, "account-flash-signed-out-everywhere"))
        }
        "others" => {
            deeds::sign_out_everywhere(&ctx, &citizen, citizen.session).await?;
            ended("account-flash-others-ended")
        }
        id => {
            let id: SessionId = id.parse().map_err(|_| Failure::bad_request("unknown-session"))?;
            deeds::end_one(&ctx, &citizen, id).await?;
            if citizen.session == Some(id) {
                return Ok(signed_out(&ctx, "account-flash-signed-out"));
            }
            // Ended twice is ended all the same.
            ended("account-flash-session-ended")
        }
    }
}
