//! The agenda: a month, a week, a list; and what is over.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use commune::Commune;
use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::Timestamp;
use platform::i18n;
use platform::web::{Failure, Page, html};
use serde::Deserialize;

use super::place::Place;
use super::view::{Day, Frame, Row, legend, mine, row};
use crate::model::{OccurrenceId, Span, View, instant, month_grid};
use crate::store::lists::{self, Line};
use crate::words;

/// Dates of a list on one page.
const PER_PAGE: i64 = 30;
/// Dates of a day in the month; the others are in the week.
const IN_A_DAY: usize = 6;
/// Dates beside the month.
const BESIDE: i64 = 5;

/// What stands after the question mark.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    vue: Option<String>,
    date: Option<String>,
    apres: Option<String>,
    avant: Option<String>,
}

/// A place in a list: the start and the id of the last one shown.
pub(super) fn mark(text: Option<&str>) -> Option<(Timestamp, OccurrenceId)> {
    let (at, id) = text?.split_once('-')?;
    Some((Timestamp::from_millis(at.parse().ok()?), id.parse().ok()?))
}

pub(super) fn mark_of(line: &Line) -> String {
    format!("{}-{}", line.starts_at.as_millis(), line.id)
}

/// A link of the switch between the views.
struct Switch {
    label: String,
    href: String,
    icon: &'static str,
    current: bool,
}

#[derive(Template)]
#[template(path = "agenda/index.html")]
struct Index {
    page: Page,
    commune: Commune,
    switches: Vec<Switch>,
    view: &'static str,
    heading: String,
    before: (String, String),
    after: (String, String),
    today_href: String,
    weekdays: Vec<(String, String)>,
    weeks: Vec<Vec<Day>>,
    days: Vec<Day>,
    rows: Vec<Row>,
    older: String,
    beside: Vec<Row>,
    legend: Vec<(String, &'static str)>,
    team: bool,
    ics: String,
    empty: bool,
}

pub(super) async fn show(place: Place, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let today = place.now().in_zone(place.zone()).date();
    let view = wanted
        .vue
        .as_deref()
        .and_then(View::from_code)
        .unwrap_or(View::Month);
    let day = wanted.date.as_deref().and_then(day_of).unwrap_or(today);
    let shown = match view {
        View::Month => month(&place, day, today).await?,
        View::Week => week(&place, day, today).await?,
        View::List => list(&place, mark(wanted.apres.as_deref())).await?,
    };
    let is_default = wanted.vue.is_none() && wanted.date.is_none();
    draw(place, view, day, shown, is_default).await
}

/// `2026-11` or `2026-11-23`, within reason.
fn day_of(text: &str) -> Option<Date> {
    let day: Date = text.parse().ok().or_else(|| format!("{text}-01").parse().ok())?;
    (1990..=2150).contains(&day.year()).then_some(day)
}

/// What one view shows.
#[derive(Default)]
struct Shown {
    heading: String,
    before: (String, String),
    after: (String, String),
    weeks: Vec<Vec<Day>>,
    days: Vec<Day>,
    rows: Vec<Row>,
    older: String,
    empty: bool,
}

/// The dates that touch these days.
async fn lines(place: &Place, first: Date, last: Date) -> Result<Vec<Line>, Failure> {
    let zone = place.zone();
    let midnight = |day: Date| instant(day.at(0, 0, 0, 0), zone);
    let end = last.tomorrow().unwrap_or(last);
    let code = place.commune.code.as_str();
    Ok(lists::between(&place.ctx.db, code, place.team, midnight(first), midnight(end)).await?)
}

async fn month(place: &Place, day: Date, today: Date) -> Result<Shown, Failure> {
    let (ctx, lang) = (&place.ctx, place.visit.lang);
    let weeks = month_grid(day);
    let first = weeks.first().map_or(day, |week| week.first);
    let last = weeks.last().map_or(day, |week| week.last);
    let lines = lines(place, first, last).await?;
    let below = place.commune.below("agenda");
    let frame = Frame {
        ctx,
        lang,
        zone: place.zone(),
        below: &below,
        today,
        month: Some(day),
        most: IN_A_DAY,
    };
    let all = frame.days(weeks.iter().flat_map(|week| week.days()), &lines);
    let near = |months: i32| {
        let other = day.first_of_month().checked_add(months.months()).unwrap_or(day);
        let href = format!("{below}?vue=mois&date={}", other.strftime("%Y-%m"));
        (words::month(&ctx.words, lang, other), href)
    };
    Ok(Shown {
        heading: ctx.words.ta(
            lang,
            "agenda-month-of",
            &[
                ("month", &words::month(&ctx.words, lang, day)),
                ("year", &day.year().to_string()),
            ],
        ),
        before: near(-1),
        after: near(1),
        empty: all.iter().all(|day| day.cells.is_empty() || day.outside),
        weeks: all.chunks(7).map(<[Day]>::to_vec).collect(),
        ..Shown::default()
    })
}

async fn week(place: &Place, day: Date, today: Date) -> Result<Shown, Failure> {
    let (ctx, lang) = (&place.ctx, place.visit.lang);
    let span = Span::week_of(day);
    let lines = lines(place, span.first, span.last).await?;
    let below = place.commune.below("agenda");
    let frame = Frame {
        ctx,
        lang,
        zone: place.zone(),
        below: &below,
        today,
        month: None,
        most: 500,
    };
    let days = frame.days(span.days(), &lines);
    let written = |day: Date| {
        let at = instant(day.at(12, 0, 0, 0), place.zone()).in_zone(place.zone());
        i18n::date(lang, &at)
    };
    let near = |days: i32| {
        let other = span.first.checked_add(days.days()).unwrap_or(span.first);
        let label = ctx.words.ta(lang, "agenda-week-of", &[("day", &written(other))]);
        (label, format!("{below}?vue=semaine&date={other}"))
    };
    Ok(Shown {
        heading: near(0).0,
        before: near(-7),
        after: near(7),
        empty: days.iter().all(|day| day.cells.is_empty()),
        days,
        ..Shown::default()
    })
}

async fn list(place: &Place, after: Option<(Timestamp, OccurrenceId)>) -> Result<Shown, Failure> {
    let (rows, next) = coming(place, after, PER_PAGE).await?;
    let below = place.commune.below("agenda");
    let back = if after.is_some() {
        (place.t("agenda-back"), format!("{below}?vue=liste"))
    } else {
        (String::new(), String::new())
    };
    Ok(Shown {
        heading: place.t("agenda-coming"),
        before: back,
        empty: rows.is_empty(),
        rows,
        older: next.map_or_else(String::new, |mark| format!("{below}?vue=liste&apres={mark}")),
        ..Shown::default()
    })
}

/// What comes, and the mark of the next page.
async fn coming(
    place: &Place,
    after: Option<(Timestamp, OccurrenceId)>,
    most: i64,
) -> Result<(Vec<Row>, Option<String>), Failure> {
    let code = place.commune.code.as_str();
    let mut lines = lists::coming(&place.ctx.db, code, place.team, place.now(), after, most + 1).await?;
    let has_more = lines.len() as i64 > most;
    lines.truncate(usize::try_from(most).unwrap_or(0));
    let next = lines.last().filter(|_| has_more).map(mark_of);
    Ok((rows(place, &lines).await?, next))
}

/// Dates as rows of a list.
pub(super) async fn rows(place: &Place, lines: &[Line]) -> Result<Vec<Row>, Failure> {
    let mine = mine(&place.ctx, place.viewer.actor_id(), lines).await?;
    let below = place.commune.below("agenda");
    Ok(lines
        .iter()
        .map(|line| row(&place.ctx, place.visit.lang, place.zone(), &below, line, &mine))
        .collect())
}

async fn draw(
    place: Place,
    view: View,
    day: Date,
    shown: Shown,
    is_default: bool,
) -> Result<Response, Failure> {
    let below = place.commune.below("agenda");
    let beside = if view == View::List {
        Vec::new()
    } else {
        coming(&place, None, BESIDE).await?.0
    };
    let mut page = place.page(place.t("agenda-title"));
    dress(&place, &mut page);
    // One address for search engines: months without end say nothing new.
    page.noindex |= !is_default;
    let switches = View::ALL
        .iter()
        .map(|one| Switch {
            label: page.t(&format!("agenda-view-{}", one.code())),
            href: match one {
                View::List => format!("{below}?vue=liste"),
                _ => format!("{below}?vue={}&date={day}", one.code()),
            },
            icon: match one {
                View::Month => "calendar-days",
                View::Week => "library",
                View::List => "list",
            },
            current: *one == view,
        })
        .collect();
    let weekdays = (1..=7)
        .map(|n| {
            let short = page.t(&format!("agenda-weekday-short-{n}"));
            (short, page.t(&format!("agenda-weekday-{n}")))
        })
        .collect();
    let today_href = format!("{below}?vue={}", view.code());
    let ics = place.ctx.urls.to(&place.commune.below("agenda.ics"));
    let template = Index {
        switches,
        view: view.code(),
        heading: shown.heading,
        before: shown.before,
        after: shown.after,
        today_href,
        weekdays,
        weeks: shown.weeks,
        days: shown.days,
        rows: shown.rows,
        older: shown.older,
        beside,
        legend: legend(),
        team: place.team,
        ics,
        empty: shown.empty,
        page,
        commune: place.commune,
    };
    html(StatusCode::OK, &template)
}

fn dress(place: &Place, page: &mut Page) {
    let commune = &place.commune;
    let here = place.ctx.urls.to(&commune.below("agenda"));
    page.description = page.ta("agenda-description", &[("of", &commune.name.of())]);
    page.canonical = Some(here.clone());
    page.og = vec![
        ("og:type".to_owned(), "website".to_owned()),
        ("og:title".to_owned(), page.title.clone()),
        ("og:description".to_owned(), page.description.clone()),
        ("og:url".to_owned(), here),
        ("og:image".to_owned(), place.ctx.urls.to("/static/icon-512.png")),
    ];
}

#[derive(Template)]
#[template(path = "agenda/archive.html")]
struct Archive {
    page: Page,
    rows: Vec<Row>,
    range: String,
    intro: String,
    newer: String,
    older: String,
}

pub(super) async fn archive(place: Place, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let before = mark(wanted.avant.as_deref());
    let code = place.commune.code.as_str();
    let mut lines = lists::past(&place.ctx.db, code, place.team, place.now(), before, PER_PAGE + 1).await?;
    let has_more = lines.len() as i64 > PER_PAGE;
    lines.truncate(usize::try_from(PER_PAGE).unwrap_or(0));
    let here = place.commune.below("agenda/passes");
    let older = lines
        .last()
        .filter(|_| has_more)
        .map_or_else(String::new, |last| format!("{here}?avant={}", mark_of(last)));
    let rows = rows(&place, &lines).await?;
    let mut page = place.page(place.t("agenda-archive"));
    page.noindex = before.is_some();
    let label = page.t("agenda-nav");
    let page = page.back_to(label, place.commune.below("agenda"));
    let template = Archive {
        range: page.tn("agenda-range", &(rows.len() as i64)),
        intro: page.ta("agenda-archive-intro", &[("at", &place.commune.name.at())]),
        newer: if before.is_some() { here } else { String::new() },
        older,
        rows,
        page,
    };
    html(StatusCode::OK, &template)
}
