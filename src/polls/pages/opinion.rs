//! A public opinion: the question, the answer of who is signed in, what came out.

use account::{Citizen, Right, Viewer};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use discussion::Participant;
use federation::{Ctx, actors};
use platform::text::{Html, french};
use platform::web::{
    Failure, FeedLink, FlashKind, FormState, Page, Submitted, Visit, Wants, html, redirect, see_other,
};

use super::place::OpinionPlace;
use super::show::{Around, ThreadPage};
use crate::actions::{self, PollError};
use crate::model::{Opinion, PollRefusal, PollState, Tally, shown_votes};
use crate::store::opinions;
use crate::wire::subject_of_opinion;
use crate::words::percent;

/// One choice with its answers.
struct Row {
    words: String,
    all: i64,
    share: String,
    percent: i64,
    residents: i64,
    outside: i64,
}

#[derive(Template)]
#[template(path = "polls/opinion.html")]
struct Show {
    page: Page,
    opinion: Opinion,
    path: String,
    text: Html,
    options: Vec<(i64, String)>,
    standing: &'static str,
    form: FormState,
    rows: Vec<Row>,
    apart: bool,
    shown: bool,
    turnout: String,
    handle: String,
    signin_href: String,
    withheld: Html,
    actions: Html,
    thread: Html,
    may_manage: bool,
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    place: OpinionPlace,
    Query(wanted): Query<ThreadPage>,
) -> Result<Response, Failure> {
    if visit.wants == Wants::Activity && place.opinion.is_out() {
        return Ok(redirect(StatusCode::SEE_OTHER, &place.opinion.uri));
    }
    let shown = drawn(&ctx, &visit, &viewer, place, FormState::default(), wanted.depuis).await?;
    html(StatusCode::OK, &shown)
}

async fn standing(ctx: &Ctx, viewer: &Viewer, opinion: &Opinion) -> Result<&'static str, Failure> {
    if !opinion.takes_votes(ctx.clock.now()) {
        return Ok("over");
    }
    let Some(citizen) = viewer.citizen() else {
        return Ok("stranger");
    };
    let answered = actions::answered(ctx, &citizen.actor, opinion).await?;
    Ok(if answered.is_empty() { "may" } else { "taken" })
}

async fn drawn(
    ctx: &Ctx,
    visit: &Visit,
    viewer: &Viewer,
    place: OpinionPlace,
    form: FormState,
    from: Option<i64>,
) -> Result<Show, Failure> {
    let path = place.path();
    let OpinionPlace { commune, mut opinion } = place;
    let subject = subject_of_opinion(ctx, &opinion).await?;
    opinion.question = french(&opinion.question);
    let mut page = commune::page_of(ctx, visit, &commune, "polls", opinion.question.clone());
    page.in_error = form.has_errors();
    page.description = page.t("polls-opinion-hidden");
    page.canonical = Some(ctx.urls.to(&path));
    page.noindex = opinion.visibility != federation::Visibility::Public || opinion.hidden;
    if opinion.is_out() {
        page.feeds.push(FeedLink {
            title: page.title.clone(),
            href: opinion.uri.clone(),
            kind: "application/activity+json",
        });
        page.og = [
            ("og:type", "article".to_owned()),
            ("og:title", page.title.clone()),
            ("og:description", page.description.clone()),
            ("og:url", ctx.urls.to(&path)),
            ("og:image", ctx.urls.to("/static/icon-512.png")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec();
    }
    let label = page.t("polls-nav");
    let signin_href = page.signin_href.clone();
    let page = page.back_to(label, commune.below("sondages"));
    let Around {
        withheld,
        actions,
        thread,
    } = Around::of(ctx, visit, viewer, &commune, &subject, from).await?;
    let office = actors::by_id(ctx, opinion.actor_id).await?;
    let options = opinions::options(&ctx.db, opinion.id).await?;
    let voters = Tally {
        ballots: opinion.voters(),
        eligible: 0,
        counts: Vec::new(),
    };
    let rows = options
        .iter()
        .filter(|_| opinion.is_shown())
        .map(|option| {
            let all = shown_votes(&opinion, option);
            Row {
                words: french(&option.words),
                all,
                share: percent(visit.lang, voters.share(all)),
                percent: voters.share(all) / 10,
                residents: option.residents,
                outside: option.outside,
            }
        })
        .collect();
    Ok(Show {
        standing: standing(ctx, viewer, &opinion).await?,
        text: Html::from_store(opinion.html.clone()),
        options: options
            .into_iter()
            .map(|option| (option.position, french(&option.words)))
            .collect(),
        turnout: turnout(ctx, visit, &opinion),
        apart: opinion.is_apart(),
        shown: opinion.is_shown(),
        handle: office.map(|office| office.full_handle()).unwrap_or_default(),
        may_manage: !opinion.hidden && viewer.acting_for(Right::Polls, &commune).is_some(),
        page,
        opinion,
        path,
        form,
        rows,
        withheld,
        actions,
        thread,
        signin_href,
    })
}

fn turnout(ctx: &Ctx, visit: &Visit, opinion: &Opinion) -> String {
    if !opinion.is_shown() {
        return String::new();
    }
    let answers = |count: i64| ctx.words.tn(visit.lang, "polls-answers", count);
    if opinion.is_apart() {
        ctx.words.ta(
            visit.lang,
            "polls-opinion-turnout",
            &[
                ("residents", &answers(opinion.resident_voters)),
                ("outside", &answers(opinion.outside_voters)),
            ],
        )
    } else {
        ctx.words.ta(
            visit.lang,
            "polls-opinion-turnout-together",
            &[("all", &answers(opinion.voters()))],
        )
    }
}

pub(super) async fn answer(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    place: OpinionPlace,
    sent: Submitted,
) -> Result<Response, Failure> {
    let wanted: Option<Vec<u8>> = sent.all("choices").map(|at| at.parse().ok()).collect();
    let by = Participant::from(&*citizen);
    let path = place.path();
    match actions::answer_here(&ctx, &by, place.opinion.id, &wanted.unwrap_or_default()).await {
        Ok(()) => Ok(see_other(
            &ctx,
            &path,
            Some((FlashKind::Success, "polls-flash-answered")),
        )),
        Err(PollError::Refused(refusals)) if refusals.contains(&PollRefusal::BadChoice) => {
            let mut form = sent.state();
            form.refuse(&ctx, visit.lang, "choices", &super::words(PollRefusal::BadChoice));
            let viewer = Viewer::from(citizen);
            let shown = drawn(&ctx, &visit, &viewer, place, form, None).await?;
            html(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether the counts of a question that was counted are shown.
impl Show {
    fn counted(&self) -> bool {
        self.opinion.state == PollState::Closed
    }
}
