//! Writing to the town hall: a letter, or a formal request.

use account::Citizen;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::text::clean_line;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};

use super::{files, home, place, refuse};
use crate::actions::{self, Letter};
use crate::error::MessageError;
use crate::model::{Applicant, LONGEST_SUBJECT, Refusal, Settings, Warning, letter_faults};

#[derive(Template)]
#[template(path = "messages/write.html")]
struct Write {
    page: Page,
    formal: bool,
    action: String,
    other: String,
    form: FormState,
    counters: Vec<(String, String, String)>,
    settings: Settings,
}

pub(super) async fn new(
    State(ctx): State<Ctx>,
    visit: Visit,
    _citizen: Citizen,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    let form = FormState::default().with("service", "0");
    draw(&ctx, &visit, &commune, false, form, StatusCode::OK).await
}

pub(super) async fn new_request(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    let form = FormState::default()
        .with("service", "0")
        .with("name", citizen.name());
    draw(&ctx, &visit, &commune, true, form, StatusCode::OK).await
}

pub(super) async fn create(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    sent: Submitted,
) -> Result<Response, Failure> {
    send(&ctx, &visit, &citizen, &commune, &sent, false).await
}

pub(super) async fn create_request(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    sent: Submitted,
) -> Result<Response, Failure> {
    send(&ctx, &visit, &citizen, &commune, &sent, true).await
}

async fn send(
    ctx: &Ctx,
    visit: &Visit,
    citizen: &Citizen,
    commune: &Commune,
    sent: &Submitted,
    formal: bool,
) -> Result<Response, Failure> {
    let mut form = sent.state();
    let files = files(ctx, visit, sent, &mut form).await;
    let applicant = formal.then(|| Applicant {
        name: sent.get("name").to_owned(),
        address: sent.get("address").to_owned(),
        phone: sent.get("phone").to_owned(),
    });
    let letter = Letter {
        warning: Warning::default(),
        service: sent.get("service").parse().unwrap_or(-1),
        subject: sent.get("subject").to_owned(),
        text: sent.get("text").to_owned(),
        files,
        applicant,
    };
    for refusal in faults(&letter) {
        refuse(ctx, visit, &mut form, refusal);
    }
    if !form.has_errors() {
        match actions::write(ctx, citizen, commune, letter).await {
            Ok(id) => {
                let flash = if formal {
                    "messages-flash-registered"
                } else {
                    "messages-flash-sent"
                };
                let path = place(commune, id);
                return Ok(see_other(ctx, &path, Some((FlashKind::Success, flash))));
            }
            Err(MessageError::Refused(Refusal::NotHere)) => {
                return Err(MessageError::from(Refusal::NotHere).into());
            }
            Err(MessageError::Refused(refusal)) => refuse(ctx, visit, &mut form, refusal),
            Err(error) => return Err(error.into()),
        }
    }
    draw(
        ctx,
        visit,
        commune,
        formal,
        form,
        StatusCode::UNPROCESSABLE_ENTITY,
    )
    .await
}

/// All that is missing in a letter or too long, said at once.
fn faults(letter: &Letter) -> Vec<Refusal> {
    let mut all = letter
        .applicant
        .as_ref()
        .map_or_else(Vec::new, |applicant| applicant.cleaned().faults());
    let subject = clean_line(&letter.subject, LONGEST_SUBJECT + 1);
    all.extend(letter_faults(&subject, &letter.text, &letter.files));
    all
}

async fn draw(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    formal: bool,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    if !commune.is_claimed() {
        return Err(MessageError::from(Refusal::NotHere).into());
    }
    let key = if formal {
        "messages-request-title"
    } else {
        "messages-write-title"
    };
    let title = ctx.words.t(visit.lang, key);
    let mut page = super::page(ctx, visit, commune, title);
    page.in_error = form.has_errors();
    let label = page.t("messages-nav");
    let page = page.back_to(label, home(commune));
    let counters = actions::counters(ctx, commune)
        .await?
        .into_iter()
        .map(|one| {
            let name = if one.id == 0 {
                page.t("messages-counter-mayor")
            } else {
                one.name
            };
            (one.id.to_string(), name, one.description)
        })
        .collect();
    let below = |formal: bool| {
        commune.below(if formal {
            "messages/demande"
        } else {
            "messages/nouveau"
        })
    };
    let shown = Write {
        counters,
        settings: actions::settings(ctx, commune).await?,
        action: below(formal),
        other: below(!formal),
        formal,
        form,
        page,
    };
    html(status, &shown)
}
