//! `/communes`: finding a commune.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use federation::Ctx;
use platform::web::{Failure, Page, Visit, html};
use serde::Deserialize;

use super::views::{Listed, Pager};
use crate::actions;
use crate::model::Territory;
use crate::search::FoundBy;
use crate::store;

/// How many communes stand on a page of answers.
const ANSWERS: usize = 20;
/// How many stand in the list of suggestions under the field.
const SUGGESTIONS: usize = 8;
/// How many stand on a page of a département.
const OF_DEPARTMENT: usize = 100;
/// No list has more pages than this many.
const PAGES_MAX: usize = 2_000;

/// What stands after the question mark.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    departement: String,
    page: String,
}

impl Asked {
    fn page(&self) -> usize {
        self.page.parse().unwrap_or(1).clamp(1, PAGES_MAX)
    }
}

#[derive(Template)]
#[template(path = "commune/search.html")]
struct SearchPage {
    page: Page,
    title: String,
    question: String,
    answers: Answers,
    departments: Vec<(String, String, String)>,
    present: Vec<Listed>,
}

#[derive(Template)]
#[template(path = "commune/_answers.html")]
struct AnswersOnly {
    page: Page,
    question: String,
    answers: Answers,
}

#[derive(Debug, Default)]
struct Answers {
    /// What was found, in words.
    said: String,
    listed: Vec<Listed>,
    pager: Pager,
    /// Nothing was found: what to do.
    nothing: bool,
}

/// The page, or for htmx the answers alone.
pub(super) async fn index(
    State(ctx): State<Ctx>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let title = ctx.words.t(visit.lang, "commune-search-title");
    let mut page = Page::new(&ctx, &visit, title.clone());
    page.description = page.t("commune-search-description");
    let question = asked.q.trim().chars().take(200).collect::<String>();
    let department = department(&ctx, &asked.departement).await?;
    page.noindex = !question.is_empty();
    page.canonical = Some(ctx.urls.to("/communes"));
    let mut title = title;
    let answers = match (&department, question.is_empty()) {
        (_, false) => found(&ctx, &page, &question, asked.page(), visit.partial).await?,
        (Some((department, communes)), true) => {
            title = page.ta(
                "commune-department-title",
                &[("of", &department.of()), ("name", &department.shown())],
            );
            page.title.clone_from(&title);
            page.canonical = Some(ctx.urls.to(&department_href(&department.code, asked.page())));
            listed(&ctx, &page, department, *communes, asked.page()).await?
        }
        (None, true) => Answers::default(),
    };
    let mut response = if visit.partial {
        html(
            StatusCode::OK,
            &AnswersOnly {
                page,
                question,
                answers,
            },
        )?
    } else {
        let at_rest = question.is_empty() && department.is_none();
        let departments = if at_rest {
            departments(&ctx).await?
        } else {
            Vec::new()
        };
        let present = if at_rest {
            present(&ctx, &page).await?
        } else {
            Vec::new()
        };
        html(
            StatusCode::OK,
            &SearchPage {
                page,
                title,
                question,
                answers,
                departments,
                present,
            },
        )?
    };
    response
        .headers_mut()
        .append("vary", HeaderValue::from_static("HX-Request"));
    Ok(response)
}

async fn found(
    ctx: &Ctx,
    page: &Page,
    question: &str,
    number: usize,
    suggesting: bool,
) -> Result<Answers, Failure> {
    let size = if suggesting { SUGGESTIONS } else { ANSWERS };
    let (found, communes) = actions::search(ctx, question, (number - 1) * size..number * size).await?;
    let href = |number: usize| {
        let question: String = url::form_urlencoded::byte_serialize(question.as_bytes()).collect();
        format!("/communes?q={question}&page={number}")
    };
    let said = match found.by {
        _ if found.total == 0 => page.ta("commune-search-none", &[("question", question)]),
        FoundBy::Likeness => page.t("commune-search-like"),
        FoundBy::Name if found.namesakes > 1 => namesakes(page, found.namesakes),
        _ => page.tn("commune-search-found", &(found.total as i64)),
    };
    let mut pager = Pager::new(page, number, size, found.total, href);
    if suggesting {
        // The whole list has pages of another size: it begins at the beginning.
        let whole = if pager.older.is_empty() {
            String::new()
        } else {
            href(1)
        };
        pager = Pager {
            older: whole,
            newer: String::new(),
            ..pager
        };
    }
    let listed = communes
        .iter()
        .map(|commune| Listed::by_name(page, commune))
        .collect();
    Ok(Answers {
        said,
        listed,
        pager,
        nothing: found.total == 0,
    })
}

fn namesakes(page: &Page, count: usize) -> String {
    format!(
        "{} {}",
        page.tn("commune-search-namesakes", &(count as i64)),
        page.t("commune-search-which")
    )
}

async fn listed(
    ctx: &Ctx,
    page: &Page,
    department: &Territory,
    communes: i64,
    number: usize,
) -> Result<Answers, Failure> {
    let offset = ((number - 1) * OF_DEPARTMENT) as i64;
    let here = store::of_department(&ctx.db, &department.code, offset, OF_DEPARTMENT as i64).await?;
    let href = |number| department_href(&department.code, number);
    Ok(Answers {
        said: page.tn("commune-department-count", &communes),
        listed: here
            .iter()
            .map(|commune| Listed::by_name(page, commune))
            .collect(),
        pager: Pager::new(page, number, OF_DEPARTMENT, communes as usize, href),
        nothing: false,
    })
}

fn department_href(code: &str, number: usize) -> String {
    let page = if number > 1 {
        format!("&page={number}")
    } else {
        String::new()
    };
    format!("/communes?departement={code}{page}")
}

/// The département asked for and the number of its communes; an unknown one is a wrong address.
async fn department(ctx: &Ctx, code: &str) -> Result<Option<(Territory, i64)>, Failure> {
    if code.is_empty() {
        return Ok(None);
    }
    let all = store::departments(&ctx.db).await?;
    let found = all
        .into_iter()
        .find(|(department, _)| department.code.eq_ignore_ascii_case(code));
    found.map(Some).ok_or_else(Failure::not_found)
}

async fn departments(ctx: &Ctx) -> Result<Vec<(String, String, String)>, Failure> {
    let all = store::departments(&ctx.db).await?;
    let shown = |(department, _): (Territory, i64)| {
        (
            department.code.clone(),
            department.shown(),
            department_href(&department.code, 1),
        )
    };
    Ok(all.into_iter().map(shown).collect())
}

async fn present(ctx: &Ctx, page: &Page) -> Result<Vec<Listed>, Failure> {
    let claimed = actions::claimed(ctx, 12).await?;
    Ok(claimed
        .iter()
        .map(|commune| Listed::by_name(page, commune))
        .collect())
}
