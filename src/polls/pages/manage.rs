//! What the town hall does with a poll: taking it back, entering paper ballots.

use account::Citizen;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use federation::Ctx;
use platform::text::french;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};

use super::author;
use super::place::{OpinionPlace, PollPlace};
use crate::actions::{self, PollError};
use crate::model::PollRefusal;

#[derive(Template)]
#[template(path = "polls/withdraw.html")]
struct Withdraw {
    page: Page,
    question: String,
    action: String,
    back: String,
}

pub(super) async fn confirm(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    place: PollPlace,
) -> Result<Response, Failure> {
    author(&ctx, &citizen, &place.commune).await?;
    if place.poll.is_counted() {
        return Err(PollError::from(PollRefusal::Closed).into());
    }
    let back = place.path();
    ask(&ctx, &visit, &place.commune, place.poll.question, back)
}

pub(super) async fn confirm_opinion(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    place: OpinionPlace,
) -> Result<Response, Failure> {
    author(&ctx, &citizen, &place.commune).await?;
    let back = place.path();
    ask(&ctx, &visit, &place.commune, place.opinion.question, back)
}

fn ask(
    ctx: &Ctx,
    visit: &Visit,
    commune: &commune::Commune,
    question: String,
    back: String,
) -> Result<Response, Failure> {
    let title = ctx.words.t(visit.lang, "polls-withdraw-title");
    let mut page = commune::page_of(ctx, visit, commune, "polls", title);
    page.noindex = true;
    let shown = Withdraw {
        page,
        question: french(&question),
        action: format!("{back}/retirer"),
        back,
    };
    html(StatusCode::OK, &shown)
}

pub(super) async fn withdraw(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    place: PollPlace,
    _form: Submitted,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &place.commune).await?;
    actions::withdraw_poll(&ctx, &author, place.poll.id).await?;
    Ok(withdrawn(&ctx, &place.commune))
}

pub(super) async fn withdraw_opinion(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    place: OpinionPlace,
    _form: Submitted,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &place.commune).await?;
    actions::withdraw_opinion(&ctx, &author, place.opinion.id).await?;
    Ok(withdrawn(&ctx, &place.commune))
}

fn withdrawn(ctx: &Ctx, commune: &commune::Commune) -> Response {
    see_other(
        ctx,
        &commune.below("sondages"),
        Some((FlashKind::Success, "polls-flash-withdrawn")),
    )
}

#[derive(Template)]
#[template(path = "polls/paper.html")]
struct Paper {
    page: Page,
    question: String,
    form: FormState,
    action: String,
    fields: Vec<(String, String)>,
}

pub(super) async fn paper(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    place: PollPlace,
) -> Result<Response, Failure> {
    author(&ctx, &citizen, &place.commune).await?;
    if !place.poll.is_counted() {
        return Err(PollError::from(PollRefusal::StillOpen).into());
    }
    let (options, _) = actions::counts(&ctx, &place.poll).await?;
    let mut form = FormState::default();
    if place.poll.paper_at.is_some() {
        form = form.with("ballots", place.poll.paper_ballots);
        for option in &options {
            form = form.with(&format!("count-{}", option.position), option.paper);
        }
    }
    draw(&ctx, &visit, place, form, StatusCode::OK).await
}

pub(super) async fn enter_paper(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    place: PollPlace,
    sent: Submitted,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &place.commune).await?;
    let (options, _) = actions::counts(&ctx, &place.poll).await?;
    let number = |name: &str| sent.get(name).parse::<i64>().ok();
    let counts: Option<Vec<i64>> = options
        .iter()
        .map(|option| number(&format!("count-{}", option.position)))
        .collect();
    let entered = match (number("ballots"), counts) {
        (Some(ballots), Some(counts)) => {
            actions::enter_paper(&ctx, &author, place.poll.id, ballots, &counts).await
        }
        _ => Err(PollRefusal::BadCount.into()),
    };
    match entered {
        Ok(()) => Ok(see_other(
            &ctx,
            &place.path(),
            Some((FlashKind::Success, "polls-flash-paper")),
        )),
        Err(PollError::Refused(refusals)) if refusals.contains(&PollRefusal::BadCount) => {
            let mut form = sent.state();
            form.refuse(&ctx, visit.lang, "ballots", &super::words(PollRefusal::BadCount));
            draw(&ctx, &visit, place, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn draw(
    ctx: &Ctx,
    visit: &Visit,
    place: PollPlace,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let path = place.path();
    let title = ctx.words.t(visit.lang, "polls-paper-enter");
    let mut page = commune::page_of(ctx, visit, &place.commune, "polls", title);
    page.noindex = true;
    page.in_error = form.has_errors();
    let label = page.t("polls-back");
    let page = page.back_to(label, path.clone());
    let (options, _) = actions::counts(ctx, &place.poll).await?;
    let fields = options
        .into_iter()
        .map(|option| {
            let words = page.ta("polls-paper-count", &[("choice", french(&option.words).as_str())]);
            (format!("count-{}", option.position), words)
        })
        .collect();
    let shown = Paper {
        page,
        question: french(&place.poll.question),
        form,
        action: format!("{path}/papier"),
        fields,
    };
    html(status, &shown)
}
