//! The composer of events.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use discussion::CommentMode;
use platform::Timestamp;
use platform::media::{self, Fit, MediaError, MediaId, NewUpload};
use platform::web::{Failure, FlashKind, FormState, Message, Page, Submitted, html, see_other};
use serde::Deserialize;

use super::form::{DAYS, filled, read};
use super::place::Desk;
use super::words;
use crate::actions::{self, EventError};
use crate::model::{Category, Event, EventRefusal, JoinMode, NewImage, OccurrenceId, local_of};

/// The picture in the composer.
struct Picture {
    id: i64,
    src: String,
}

#[derive(Template)]
#[template(path = "agenda/compose.html")]
struct Compose {
    page: Page,
    form: FormState,
    action: String,
    picture: Option<Picture>,
    editing: bool,
    published: bool,
    delegated: bool,
    byline: String,
    categories: Vec<(String, String)>,
    repeats: Vec<(String, String)>,
    days: Vec<(String, String, String)>,
    modes: Vec<(String, String)>,
    joins: Vec<(String, String, String)>,
    visibilities: Vec<(String, String, String)>,
}

/// On which day a new event begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    date: Option<String>,
}

pub(super) async fn new(desk: Desk, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let day = wanted
        .date
        .filter(|day| day.parse::<jiff::civil::Date>().is_ok())
        .unwrap_or_default();
    let form = FormState::default()
        .with("start_date", day)
        .with("repeat", "never")
        .with("interval", "1")
        .with("category", Category::TownHall.code())
        .with("locality", desk.place.commune.name.shown())
        .with(
            "postal_code",
            desk.place
                .commune
                .postal_codes
                .first()
                .cloned()
                .unwrap_or_default(),
        )
        .with("join_mode", JoinMode::Free.code())
        .with("comment_mode", CommentMode::Open.code())
        .with("visibility", "public");
    draw(&desk, None, form, None).await
}

pub(super) async fn create(desk: Desk, sent: Submitted) -> Result<Response, Failure> {
    save(&desk, None, sent).await
}

pub(super) async fn edit(
    desk: Desk,
    Path((_, id)): Path<(String, OccurrenceId)>,
) -> Result<Response, Failure> {
    let (event, _) = desk.date(id).await?;
    let form = filled(&event);
    let image = event.image_id;
    draw(&desk, Some((&event, id)), form, image).await
}

pub(super) async fn update(
    desk: Desk,
    Path((_, id)): Path<(String, OccurrenceId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let (event, _) = desk.date(id).await?;
    save(&desk, Some((&event, id)), sent).await
}

/// Reads the form, takes the picture in, and does it.
async fn save(
    desk: &Desk,
    before: Option<(&Event, OccurrenceId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let ctx = &desk.place.ctx;
    let mut form = sent.state();
    let mut image: Option<i64> = sent.get("image_id").parse().ok();
    if sent.has("image_remove") {
        image = None;
    }
    if let Some(file) = sent.files("image").next() {
        let new = NewUpload {
            owner_id: desk.author.office.id.0,
            bytes: file.bytes.clone(),
            file_name: file.file_name.clone(),
            alt: sent.get("image_alt").to_owned(),
            fit: Fit::Whole,
            pictures_only: true,
        };
        match media::upload(ctx, new).await {
            Ok(medium) => image = Some(medium.id.0),
            Err(MediaError::Refused(refusal)) => {
                let message = refusal
                    .args()
                    .into_iter()
                    .fold(Message::new(refusal.key()), |m, (k, v)| m.with(k, v));
                form.refuse(ctx, desk.place.visit.lang, "image", &message);
            }
            Err(other) => return Err(Failure::internal(other)),
        }
    }
    let picture = image.map(|media_id| NewImage {
        media_id,
        alt: sent.get("image_alt").to_owned(),
    });
    let (new, unreadable) = read(&sent, desk.place.zone(), before.map(|(event, _)| event), picture)?;
    let outcome = if form.has_errors() || !unreadable.is_empty() {
        let today = local_of(ctx.clock.now(), &new.zone);
        Err(EventError::Refused(all_faults(unreadable, new.refusals(today))))
    } else {
        match before {
            None => actions::plan_event(ctx, &desk.author, &new)
                .await
                .map(|(_, date)| (date.id, "agenda-flash-planned")),
            Some((event, id)) => {
                let seen = sent.get("seen").parse().ok().map(Timestamp::from_millis);
                actions::change_event(ctx, &desk.author, event.id, &new, seen)
                    .await
                    .map(|_| (id, "agenda-flash-changed"))
            }
        }
    };
    match outcome {
        Ok((id, flash)) => {
            let found = actions::date(ctx, id).await?;
            // The date that was edited may be of those that take place no more and nobody knew of.
            let to = match found {
                Some(_) => desk.place.commune.below(&format!("agenda/{id}")),
                None => desk.place.commune.below("agenda"),
            };
            Ok(see_other(ctx, &to, Some((FlashKind::Success, flash))))
        }
        Err(EventError::Store(error)) => Err(error.into()),
        Err(EventError::Refused(refusals)) => {
            for refusal in refusals {
                form.refuse(ctx, desk.place.visit.lang, refusal.field(), &words(refusal));
            }
            draw(desk, before, form, image).await
        }
    }
}

/// What cannot be read, and what is wrong with the rest: of a field that cannot be read nothing else is said.
fn all_faults(unreadable: Vec<EventRefusal>, wrong: Vec<EventRefusal>) -> Vec<EventRefusal> {
    let fields: Vec<&str> = unreadable.iter().map(|one| one.field()).collect();
    let are_times_known = !fields
        .iter()
        .any(|field| matches!(*field, "start_date" | "end_date"));
    let mut all = unreadable;
    all.extend(wrong.into_iter().filter(|one| {
        let is_of_times = matches!(one.field(), "start_date" | "end_date" | "until");
        (are_times_known || !is_of_times) && !fields.contains(&one.field())
    }));
    all
}

async fn draw(
    desk: &Desk,
    before: Option<(&Event, OccurrenceId)>,
    form: FormState,
    image: Option<i64>,
) -> Result<Response, Failure> {
    let (ctx, commune) = (&desk.place.ctx, &desk.place.commune);
    let (key, action, back) = match before {
        None => (
            "agenda-new-title",
            commune.below("agenda/nouveau"),
            commune.below("agenda"),
        ),
        Some((_, id)) => {
            let here = commune.below(&format!("agenda/{id}"));
            ("agenda-edit-title", format!("{here}/modifier"), here)
        }
    };
    let mut page = desk.page(key, back);
    page.in_error = form.has_errors();
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let ids: Vec<MediaId> = image.into_iter().map(MediaId).collect();
    let picture = media::by_ids(&ctx.db, &ids)
        .await?
        .into_iter()
        .find(|medium| medium.owner_id == desk.author.office.id.0)
        .map(|medium| Picture {
            id: medium.id.0,
            src: medium.thumb_address(),
        });
    let word = |key: String| page.t(&key);
    let pair = |code: &str, key: &str| (code.to_owned(), word(format!("{key}-{code}")));
    let triple = |code: &str, key: String, help: String| (code.to_owned(), word(key), help);
    let mut repeats: Vec<_> = ["never", "daily", "weekly", "monthly", "monthly-weekday", "yearly"]
        .into_iter()
        .map(|code| pair(code, "agenda-repeat"))
        .collect();
    if form.value("repeat") == "custom" {
        repeats.push(pair("custom", "agenda-repeat"));
    }
    let shown = Compose {
        action,
        picture,
        editing: before.is_some(),
        published: before.is_some_and(|(event, _)| !event.private),
        delegated: desk.author.delegated,
        byline: desk.author.byline.clone(),
        categories: Category::ALL
            .iter()
            .map(|one| pair(one.code(), "agenda-category"))
            .collect(),
        repeats,
        days: DAYS
            .iter()
            .zip(1..)
            .map(|(code, n)| triple(code, format!("agenda-weekday-{n}"), String::new()))
            .collect(),
        modes: CommentMode::ALL
            .iter()
            .map(|mode| {
                let key = format!("agenda-comments-{}", mode.code().replace('_', "-"));
                (mode.code().to_owned(), word(key))
            })
            .collect(),
        joins: JoinMode::ALL
            .iter()
            .map(|mode| triple(mode.code(), format!("agenda-join-{}", mode.code()), String::new()))
            .collect(),
        visibilities: ["public", "private"]
            .into_iter()
            .map(|code| {
                let key = format!("agenda-visibility-{code}");
                let help = word(format!("{key}-help"));
                triple(code, key, help)
            })
            .collect(),
        page,
        form,
    };
    html(status, &shown)
}
