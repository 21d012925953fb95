//! What is published at the end, for people and for programs: the ballots, the register of nobody, the counts.

use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use federation::Ctx;
use platform::text::french;
use platform::web::{Failure, Page, Visit, html};
use serde::{Deserialize, Serialize};

use super::place::{OpinionPlace, PollPlace};
use crate::actions;
use crate::model::{Choices, Tally, number, shown_votes};
use crate::store::{ballots, opinions};

/// Ballots on one page.
const PAGE: usize = 200;

pub(super) async fn ballots(State(ctx): State<Ctx>, place: PollPlace) -> Result<Response, Failure> {
    let address = ctx.urls.to(&place.path());
    document(actions::published_list(&ctx, &place.poll, &address).await?)
}

pub(super) async fn register(State(ctx): State<Ctx>, place: PollPlace) -> Result<Response, Failure> {
    let address = ctx.urls.to(&place.path());
    document(actions::published_register(&ctx, &place.poll, &address).await?)
}

fn document(found: Option<impl Serialize>) -> Result<Response, Failure> {
    let found = found.ok_or_else(Failure::not_found)?;
    Ok(Json(found).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    apres: String,
}

/// A ballot in the list.
struct Line {
    number: String,
    words: Vec<String>,
}

#[derive(Template)]
#[template(path = "polls/ballots.html")]
struct List {
    page: Page,
    question: String,
    lines: Vec<Line>,
    next: String,
    json: String,
}

pub(super) async fn list(
    State(ctx): State<Ctx>,
    visit: Visit,
    place: PollPlace,
    Query(after): Query<After>,
) -> Result<Response, Failure> {
    let (options, tally) = actions::counts(&ctx, &place.poll).await?;
    if !place.poll.is_counted() || !tally.is_enough() {
        return Err(Failure::not_found());
    }
    let after = hex::decode(&after.apres).map_err(|_| Failure::not_found())?;
    let mut rows = ballots::part(&ctx.db, place.poll.id, &after, PAGE as i64 + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let path = place.path();
    let next = match rows.last() {
        Some(last) if more => format!("{path}/bulletins?apres={}", hex::encode(&last.hash)),
        _ => String::new(),
    };
    let lines = rows
        .into_iter()
        .map(|row| Line {
            number: number(&row.hash),
            words: Choices::read(&row.choices)
                .iter()
                .flat_map(|choices| choices.positions().collect::<Vec<_>>())
                .filter_map(|at| options.get(at).map(|option| french(&option.words)))
                .collect(),
        })
        .collect();
    let title = ctx.words.t(visit.lang, "polls-list-title");
    let page = commune::page_of(&ctx, &visit, &place.commune, "polls", title);
    let label = page.t("polls-back");
    let page = page.back_to(label, path.clone());
    let shown = List {
        page,
        question: french(&place.poll.question),
        lines,
        next,
        json: format!("{path}/bulletins.json"),
    };
    html(StatusCode::OK, &shown)
}

/// The counts everybody may see, with columns as docs/guide/sondages.md tells them.
pub(super) async fn csv(State(ctx): State<Ctx>, place: PollPlace) -> Result<Response, Failure> {
    let tally = actions::shown(&ctx, &place.poll)
        .await?
        .ok_or_else(Failure::not_found)?;
    let (options, _) = actions::counts(&ctx, &place.poll).await?;
    let paper = Some(place.poll.paper_ballots).filter(|ballots| *ballots >= crate::model::FEWEST);
    let mut text =
        "reponse,voix,part_pour_mille,bulletins,inscrits,voix_papier,bulletins_papier\r\n".to_owned();
    for (option, count) in options.iter().zip(&tally.counts) {
        let of_paper = |count: i64| paper.map(|_| count.to_string()).unwrap_or_default();
        text.push_str(&line(&[
            &option.words,
            &count.to_string(),
            &tally.share(*count).to_string(),
            &tally.ballots.to_string(),
            &tally.eligible.to_string(),
            &of_paper(option.paper),
            &of_paper(place.poll.paper_ballots),
        ]));
    }
    Ok(as_csv(text, &format!("sondage-{}.csv", place.poll.id)))
}

pub(super) async fn opinion_csv(State(ctx): State<Ctx>, place: OpinionPlace) -> Result<Response, Failure> {
    let opinion = place.opinion;
    if !opinion.is_shown() {
        return Err(Failure::not_found());
    }
    let voters = Tally {
        ballots: opinion.voters(),
        eligible: 0,
        counts: Vec::new(),
    };
    let mut text = "reponse,reponses,part_pour_mille,habitants,ailleurs\r\n".to_owned();
    for option in opinions::options(&ctx.db, opinion.id).await? {
        let all = shown_votes(&opinion, &option);
        let apart = |count: i64| {
            if opinion.is_apart() {
                count.to_string()
            } else {
                String::new()
            }
        };
        text.push_str(&line(&[
            &option.words,
            &all.to_string(),
            &voters.share(all).to_string(),
            &apart(option.residents),
            &apart(option.outside),
        ]));
    }
    Ok(as_csv(text, &format!("avis-public-{}.csv", opinion.id)))
}

/// A line of CSV. A text that a spreadsheet would take for a formula is kept a text.
fn line(cells: &[&str]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| {
            let formula = cell.starts_with(['=', '+', '-', '@', '\t']);
            let guarded = if formula {
                format!("'{cell}")
            } else {
                (*cell).to_owned()
            };
            if guarded.contains([',', '"', '\n', '\r', ';']) {
                format!("\"{}\"", guarded.replace('"', "\"\""))
            } else {
                guarded
            }
        })
        .collect();
    format!("{}\r\n", cells.join(","))
}

fn as_csv(text: String, name: &str) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    (
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        text,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn cells_are_quoted_and_no_formula() {
        assert_eq!(line(&["Oui", "3"]), "Oui,3\r\n");
        assert_eq!(line(&["a,\"b\"", "=1+1"]), "\"a,\"\"b\"\"\",'=1+1\r\n");
    }
}
