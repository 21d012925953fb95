//! `/inscription`: the commune, then who one is, then the code.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use commune::{Commune, InseeCode};
use federation::Ctx;
use platform::i18n;
use platform::web::{
    Failure, FlashKind, FormState, Page, Submitted, Visit, clear_cookie, cookie, html, see_other,
};
use serde::Deserialize;

use super::sign_in::signed_in;
use super::{CODE, SIGN_UP, brake, code_token, door_page, refused, suite_query, user_agent, way_back};
use crate::actions::sign_up::{self, SignUp};
use crate::error::AccountError;
use crate::model::{CODE_LIFE, PASSWORD_MIN, Refusal};
use crate::viewer::Viewer;

/// The cookie of a sign-up that waits.
const COOKIE: &str = "sign-up";
/// How long a browser keeps it: what waits is removed after a day.
pub(super) const COOKIE_LIFE: std::time::Duration = std::time::Duration::from_secs(24 * 3600);
/// How many communes the first step lists.
const LISTED: usize = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    commune: String,
    suite: String,
}

/// A commune to be chosen.
struct Choice {
    title: String,
    meta: String,
    href: String,
    claimed: bool,
}

#[derive(Template)]
#[template(path = "account/sign_up_commune.html")]
struct CommunePage {
    page: Page,
    question: String,
    suite: String,
    sign_in: String,
    answered: String,
    choices: Vec<Choice>,
    closed: bool,
}

#[derive(Template)]
#[template(path = "account/sign_up.html")]
struct SignUpPage {
    page: Page,
    form: FormState,
    commune: String,
    claimed: bool,
    change: String,
    sign_in: String,
    password_min: String,
}

#[derive(Template)]
#[template(path = "account/sign_up_code.html")]
struct CodePage {
    page: Page,
    form: FormState,
    email: String,
    good: String,
    correct: String,
}

pub(super) async fn new(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let suite = way_back(&asked.suite);
    if viewer.is_signed_in() {
        return Ok(see_other(&ctx, suite.unwrap_or("/"), None));
    }
    let chosen = match asked.commune.parse::<InseeCode>() {
        Ok(code) if ctx.instance.registrations => commune::actions::by_code(&ctx, code).await?,
        _ => None,
    };
    match chosen.filter(|commune| commune.status.has_mayor()) {
        Some(commune) => {
            let mut form = FormState::default()
                .with("commune", commune.code)
                .with("suite", suite.unwrap_or_default());
            // Whoever comes back to correct something finds what she typed.
            if let Some((_, typed)) = sign_up::waiting(&ctx, code_token(&ctx, &headers, COOKIE)).await? {
                form = form.with("name", typed.name).with("email", typed.email);
            }
            who(&ctx, &visit, &commune, form, suite, StatusCode::OK)
        }
        None => where_from(&ctx, &visit, &asked, suite).await,
    }
}

/// Step 1: the commune.
async fn where_from(
    ctx: &Ctx,
    visit: &Visit,
    asked: &Asked,
    suite: Option<&str>,
) -> Result<Response, Failure> {
    let mut page = door_page(ctx, visit, "account-sign-up", suite).await?;
    page.signin_href = format!("/connexion{}", suite_query(suite));
    let question: String = asked.q.trim().chars().take(120).collect();
    let (mut answered, mut choices) = (String::new(), Vec::new());
    if !question.is_empty() {
        let (found, communes) = commune::actions::search(ctx, &question, 0..LISTED).await?;
        answered = if communes.is_empty() {
            page.ta("account-commune-none", &[("question", &question)])
        } else if found.total > communes.len() {
            page.tn("account-commune-more", &(LISTED as i64))
        } else {
            page.tn("account-commune-found", &(communes.len() as i64))
        };
        choices = communes
            .iter()
            .filter(|commune| commune.status.has_mayor())
            .map(|commune| choice(commune, suite))
            .collect();
    }
    let shown = CommunePage {
        question,
        suite: suite.unwrap_or_default().to_owned(),
        sign_in: format!("/connexion{}", suite_query(suite)),
        answered,
        choices,
        closed: !ctx.instance.registrations,
        page,
    };
    html(StatusCode::OK, &shown)
}

fn choice(commune: &Commune, suite: Option<&str>) -> Choice {
    let postal = commune.postal_range();
    let department = format!("{} ({})", commune.department.shown(), commune.department.code);
    Choice {
        title: commune.name.shown(),
        meta: if postal.is_empty() {
            department
        } else {
            format!("{postal} · {department}")
        },
        href: format!(
            "/inscription?commune={}{}",
            commune.code,
            suite_query(suite).replacen('?', "&", 1)
        ),
        claimed: commune.is_claimed(),
    }
}

/// Step 2: who one is.
fn who(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    form: FormState,
    suite: Option<&str>,
    status: StatusCode,
) -> Result<Response, Failure> {
    let title = ctx.words.t(visit.lang, "account-sign-up");
    let mut page = commune::page_of(ctx, visit, commune, "", title);
    page.hide_bar = true;
    page.noindex = true;
    page.signin_href = format!("/connexion{}", suite_query(suite));
    page.in_error = form.has_errors();
    let change = format!("/inscription{}", suite_query(suite));
    let label = page.t("account-step-commune");
    let shown = SignUpPage {
        page: page.back_to(label, change.clone()),
        form,
        commune: commune.name.shown(),
        claimed: commune.is_claimed(),
        change,
        sign_in: format!("/connexion{}", suite_query(suite)),
        password_min: PASSWORD_MIN.to_string(),
    };
    html(status, &shown)
}

pub(super) async fn create(
    State(ctx): State<Ctx>,
    visit: Visit,
    sent: Submitted,
) -> Result<Response, Failure> {
    let suite = way_back(sent.get("suite"));
    let code = sent.get("commune").parse::<InseeCode>().ok();
    let commune = match code {
        Some(code) => commune::actions::by_code(&ctx, code).await?,
        None => None,
    };
    let Some(commune) = commune else {
        return Ok(see_other(
            &ctx,
            &format!("/inscription{}", suite_query(suite)),
            None,
        ));
    };
    let form = SignUp {
        commune: commune.code,
        name: sent.get("name"),
        email: sent.get("email"),
        password: sent.raw("password"),
        is_fifteen: sent.has("age"),
        terms: sent.has("terms"),
        lang: visit.lang,
    };
    let begun = match brake(&ctx, &visit, SIGN_UP) {
        Ok(()) => sign_up::begin(&ctx, &form).await,
        Err(refusal) => Err(refusal.into()),
    };
    match begun {
        Ok(token) => Ok(wait_for_code(&ctx, COOKIE, &token, "/inscription/code", suite)),
        Err(error) => {
            let mut state = sent.state();
            let status = refused::note(&ctx, visit.lang, &mut state, error)?;
            who(&ctx, &visit, &commune, state, suite, status)
        }
    }
}

/// On to the page that asks for the code.
pub(super) fn wait_for_code(ctx: &Ctx, name: &str, token: &str, path: &str, suite: Option<&str>) -> Response {
    let mut response = see_other(ctx, &format!("{path}{}", suite_query(suite)), None);
    response.headers_mut().append(
        header::SET_COOKIE,
        cookie(&ctx.urls, name, token, Some(COOKIE_LIFE)),
    );
    response
}

/// "Valable 10 minutes, jusqu’à 10 h 42", or that it is good no longer.
pub(super) fn goodness(
    ctx: &Ctx,
    visit: &Visit,
    zone: &str,
    waiting: &crate::actions::codes::Waiting,
) -> String {
    match waiting.good_till(ctx.clock.now()) {
        Some(till) => {
            let time = i18n::time(visit.lang, &till.in_zone(zone));
            let minutes = (CODE_LIFE.as_secs() / 60).to_string();
            ctx.words.ta(
                visit.lang,
                "account-code-good",
                &[("minutes", &minutes), ("time", &time)],
            )
        }
        None => ctx.words.t(visit.lang, "account-code-spent"),
    }
}

pub(super) async fn code(
    State(ctx): State<Ctx>,
    visit: Visit,
    headers: HeaderMap,
    Query(asked): Query<super::sign_in::Asked>,
) -> Result<Response, Failure> {
    let form = FormState::default().with("suite", way_back(&asked.suite).unwrap_or_default());
    code_page(&ctx, &visit, &headers, form, StatusCode::OK).await
}

async fn code_page(
    ctx: &Ctx,
    visit: &Visit,
    headers: &HeaderMap,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let token = code_token(ctx, headers, COOKIE);
    let Some((waiting, pending)) = sign_up::waiting(ctx, token).await? else {
        return Ok(see_other(
            ctx,
            "/inscription",
            Some((FlashKind::Attention, "account-flash-begin-again")),
        ));
    };
    let suite = form.value("suite");
    let suite = way_back(&suite);
    let commune = commune::actions::by_code(ctx, pending.commune)
        .await?
        .ok_or_else(Failure::not_found)?;
    let title = ctx.words.t(visit.lang, "account-code-title");
    let mut page = commune::page_of(ctx, visit, &commune, "", title);
    page.hide_bar = true;
    page.noindex = true;
    page.signin_href = format!("/connexion{}", suite_query(suite));
    page.in_error = form.has_errors();
    let correct = format!(
        "/inscription?commune={}{}",
        pending.commune,
        suite_query(suite).replacen('?', "&", 1)
    );
    let shown = CodePage {
        good: goodness(ctx, visit, commune.time_zone(), &waiting),
        email: pending.email.to_string(),
        correct,
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
    let confirmed = match brake(&ctx, &visit, CODE) {
        Ok(()) => sign_up::confirm(&ctx, token, sent.get("code"), user_agent(&headers)).await,
        Err(refusal) => Err(refusal.into()),
    };
    match confirmed {
        Ok(opened) => {
            let pending = crate::actions::people::by_id(&ctx, opened.account).await?;
            let home = pending.map_or_else(
                || "/".to_owned(),
                |account| format!("/communes/{}", account.commune),
            );
            let target = way_back(sent.get("suite")).unwrap_or(&home);
            let mut response = see_other(&ctx, target, Some((FlashKind::Success, "account-flash-welcome")));
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
    let again = match brake(&ctx, &visit, SIGN_UP) {
        Ok(()) => sign_up::send_again(&ctx, token).await,
        Err(refusal) => Err(refusal.into()),
    };
    match again {
        Ok(()) => {
            let path = format!("/inscription/code{}", suite_query(way_back(sent.get("suite"))));
            let flash = (FlashKind::Success, "account-flash-code-sent");
            Ok(see_other(&ctx, &path, Some(flash)))
        }
        Err(AccountError::Refused(Refusal::SpentCode)) => Ok(see_other(
            &ctx,
            "/inscription",
            Some((FlashKind::Attention, "account-flash-begin-again")),
        )),
        Err(error) => refused_code(&ctx, &visit, &headers, &sent, error).await,
    }
}
