//! The form for a new poll or public opinion, read again before it is opened: it cannot be changed after.

use account::Citizen;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use discussion::CommentMode;
use federation::{Ctx, Visibility};
use platform::text::{self, Html, Links};
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};
use serde::Deserialize;

use super::{author, words};
use crate::actions;
use crate::author::Author;
use crate::model::{Genre, MOST_OPTIONS, NewPoll, close_instant};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    genre: String,
}

/// What residents will see.
struct Preview {
    question: String,
    text: Html,
    options: Vec<String>,
    until: String,
}

#[derive(Template)]
#[template(path = "polls/compose.html")]
struct Compose {
    page: Page,
    form: FormState,
    action: String,
    anonymous: bool,
    genre: &'static str,
    byline: String,
    delegated: bool,
    fields: Vec<(String, String)>,
    multiples: Vec<(String, String, String)>,
    electorates: Vec<(String, String, String)>,
    modes: Vec<(String, String)>,
    longest: usize,
    preview: Option<Preview>,
}

pub(super) async fn new(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &commune).await?;
    let genre = Genre::from_code(&wanted.genre).unwrap_or(Genre::Anonymous);
    let in_two_weeks = ctx
        .clock
        .now()
        .plus(std::time::Duration::from_secs(14 * 86_400))
        .in_zone(commune.time_zone());
    let form = FormState::default()
        .with("multiple", "non")
        .with("electorate", "declared")
        .with("comment_mode", CommentMode::Open.code())
        .with("date", in_two_weeks.date())
        .with("time", "20:00");
    draw(&ctx, &visit, &commune, &author, genre, form, None, StatusCode::OK)
}

pub(super) async fn create(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    sent: Submitted,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &commune).await?;
    let new = read(&commune, &sent)?;
    let mut form = sent.state();
    let refusals = new.refusals(ctx.clock.now());
    if refusals.is_empty() && sent.get("action") == "publish" {
        return publish(&ctx, &commune, &author, new).await;
    }
    let looks = sent.get("action") == "preview";
    for refusal in refusals {
        form.refuse(&ctx, visit.lang, refusal.field(), &words(refusal));
    }
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let preview = (looks && !form.has_errors()).then(|| preview(&ctx, &visit, &commune, &new));
    draw(&ctx, &visit, &commune, &author, new.genre, form, preview, status)
}

async fn publish(ctx: &Ctx, commune: &Commune, author: &Author, new: NewPoll) -> Result<Response, Failure> {
    let (path, flash) = match new.genre {
        Genre::Anonymous => {
            let poll = actions::open_poll(ctx, author, new).await?;
            (format!("sondages/{}", poll.id), "polls-flash-opened")
        }
        Genre::Opinion => {
            let opinion = actions::ask(ctx, author, new, Visibility::Public).await?;
            (format!("avis-publics/{}", opinion.id), "polls-flash-asked")
        }
    };
    Ok(see_other(
        ctx,
        &commune.below(&path),
        Some((FlashKind::Success, flash)),
    ))
}

/// The poll that the form describes.
fn read(commune: &Commune, sent: &Submitted) -> Result<NewPoll, Failure> {
    let yes_or_no = |yes: &'static str, no: &'static str| {
        move |code: &str| (code == yes || code == no).then_some(code == yes)
    };
    Ok(NewPoll {
        genre: sent.choice("genre", Some(Genre::Anonymous), Genre::from_code)?,
        question: sent.get("question").to_owned(),
        source: sent.get("source").to_owned(),
        options: sent
            .numbered("option-")
            .into_iter()
            .map(ToOwned::to_owned)
            .collect(),
        multiple: sent.choice("multiple", Some(false), yes_or_no("oui", "non"))?,
        verified_only: sent.choice("electorate", Some(false), yes_or_no("verified", "declared"))?,
        language: "fr".to_owned(),
        comment_mode: sent.choice("comment_mode", Some(CommentMode::Open), CommentMode::from_code)?,
        closes_at: close_instant(sent.get("date"), sent.get("time"), commune.time_zone()),
    })
}

fn preview(ctx: &Ctx, visit: &Visit, commune: &Commune, new: &NewPoll) -> Preview {
    let text = text::french_html(&text::markdown_to_html(&new.source, &Links::NONE));
    let until = new.closes_at.unwrap_or_default().in_zone(commune.time_zone());
    let at = platform::i18n::datetime(visit.lang, &until);
    Preview {
        question: text::clean_line(&new.question, crate::model::LONGEST_QUESTION),
        text,
        options: new.clean_options(),
        until: ctx.words.ta(visit.lang, "polls-until", &[("at", &at)]),
    }
}

#[expect(clippy::too_many_arguments, reason = "everything the page shows")]
fn draw(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    author: &Author,
    genre: Genre,
    form: FormState,
    preview: Option<Preview>,
    status: StatusCode,
) -> Result<Response, Failure> {
    let anonymous = genre == Genre::Anonymous;
    let key = if anonymous {
        "polls-new-title"
    } else {
        "polls-new-opinion-title"
    };
    let mut page = commune::page_of(ctx, visit, commune, "polls", ctx.words.t(visit.lang, key));
    page.noindex = true;
    page.in_error = form.has_errors();
    let label = page.t("polls-nav");
    let page = page.back_to(label, commune.below("sondages"));
    let t = |key: &str| page.t(key);
    let triple = |value: &str, key: &str, help: &str| {
        let help = if help.is_empty() { String::new() } else { t(help) };
        (value.to_owned(), t(key), help)
    };
    let shown = Compose {
        action: commune.below("sondages/nouveau"),
        anonymous,
        genre: genre.code(),
        byline: author.byline.clone(),
        delegated: author.delegated,
        fields: (1..=MOST_OPTIONS)
            .map(|n| {
                let words = page.ta("polls-field-option", &[("n", n.to_string().as_str())]);
                (format!("option-{n}"), words)
            })
            .collect(),
        multiples: vec![
            triple("non", "polls-multiple-no", ""),
            triple("oui", "polls-multiple-yes", ""),
        ],
        electorates: vec![
            triple(
                "declared",
                "polls-electorate-declared",
                "polls-electorate-declared-help",
            ),
            triple(
                "verified",
                "polls-electorate-verified",
                "polls-electorate-verified-help",
            ),
        ],
        modes: [
            (CommentMode::Open, "polls-comments-open"),
            (CommentMode::AllHeld, "polls-comments-held"),
            (CommentMode::Off, "polls-comments-closed"),
        ]
        .map(|(mode, key)| (mode.code().to_owned(), t(key)))
        .to_vec(),
        longest: crate::model::LONGEST_QUESTION,
        page,
        form,
        preview,
    };
    html(status, &shown)
}
