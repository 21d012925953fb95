//! The polls and public opinions of a commune.

use account::{Right, Viewer};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::CommuneRef;
use federation::Ctx;
use platform::Timestamp;
use platform::text::french;
use platform::web::{Failure, Page, Visit, html};
use serde::Deserialize;

use crate::model::{Opinion, Poll, PollState};
use crate::store::{opinions, polls};

/// How many stand on one page.
const PAGE: usize = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Before {
    avant: Option<i64>,
}

/// A line of the list.
struct Line {
    id: i64,
    href: String,
    question: String,
    anonymous: bool,
    running: bool,
    counted: bool,
    closes_at: Timestamp,
}

#[derive(Template)]
#[template(path = "polls/index.html")]
struct Index {
    page: Page,
    running: Vec<Line>,
    over: Vec<Line>,
    older: String,
    new_poll: String,
    new_opinion: String,
    residents: String,
    may_open: bool,
}

pub(super) async fn index(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    CommuneRef(commune): CommuneRef,
    Query(before): Query<Before>,
) -> Result<Response, Failure> {
    let title = ctx.words.t(visit.lang, "polls-title");
    let page = commune::page_of(&ctx, &visit, &commune, "polls", title);
    let before = before.avant.unwrap_or(i64::MAX);
    let now = ctx.clock.now();
    let code = commune.code.as_str();
    let limit = PAGE as i64 + 1;
    let of_poll = |poll: Poll| Line {
        id: poll.id.0,
        href: commune.below(&format!("sondages/{}", poll.id)),
        running: poll.takes_votes(now),
        counted: poll.is_counted(),
        question: french(&poll.question),
        anonymous: true,
        closes_at: poll.closes_at,
    };
    let of_opinion = |opinion: Opinion| Line {
        id: opinion.id.0,
        href: commune.below(&format!("avis-publics/{}", opinion.id)),
        running: opinion.takes_votes(now),
        counted: opinion.state == PollState::Closed,
        question: french(&opinion.question),
        anonymous: false,
        closes_at: opinion.closes_at,
    };
    let found = polls::of_commune(&ctx.db, code, before, limit).await?;
    let mut lines: Vec<Line> = found.into_iter().map(of_poll).collect();
    let found = opinions::of_commune(&ctx.db, code, before, limit).await?;
    lines.extend(found.into_iter().map(of_opinion));
    lines.sort_by_key(|line| std::cmp::Reverse(line.id));
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let older = match lines.last() {
        Some(last) if more => format!("{}?avant={}", commune.below("sondages"), last.id),
        _ => String::new(),
    };
    let (running, over) = lines.into_iter().partition(|line| line.running);
    html(
        StatusCode::OK,
        &Index {
            may_open: viewer.acting_for(Right::Polls, &commune).is_some(),
            new_poll: commune.below("sondages/nouveau"),
            new_opinion: commune.below("sondages/nouveau?genre=avis"),
            residents: commune.below("sondages/habitants"),
            page,
            running,
            over,
            older,
        },
    )
}
