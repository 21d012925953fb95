//! Importing a calendar file: what is in it is shown before anything is saved. Nothing is kept between the two
//! pages: the second form carries the file.

use std::collections::BTreeSet;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use platform::web::{Failure, FlashKind, FormState, Message, Page, Submitted, html, see_other};

use super::place::Desk;
use super::words;
use crate::actions::{self, Chosen};
use crate::ical::{self, FileRefusal, Found};
use crate::model::{EventRefusal, Local, local_of};
use crate::store;
use crate::words as phrases;

#[derive(Template)]
#[template(path = "agenda/import.html")]
struct Choose {
    page: Page,
    form: FormState,
    action: String,
}

/// An event of the file, as it would be.
struct Line {
    number: String,
    title: String,
    when: String,
    repetition: String,
    place: String,
    /// What is to be known of it.
    notes: Vec<String>,
    /// Why it cannot be taken.
    refusal: String,
    known: bool,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "agenda/preview.html")]
struct Preview {
    page: Page,
    form: FormState,
    action: String,
    file: String,
    lines: Vec<Line>,
}

impl Desk {
    fn import_path(&self) -> String {
        self.place.commune.below("agenda/importer")
    }
}

pub(super) async fn choose(desk: Desk) -> Result<Response, Failure> {
    draw(&desk, FormState::default())
}

fn draw(desk: &Desk, form: FormState) -> Result<Response, Failure> {
    let mut page = desk.page("agenda-import-title", desk.place.commune.below("agenda"));
    page.in_error = form.has_errors();
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let action = desk.import_path();
    html(status, &Choose { page, form, action })
}

pub(super) async fn import(desk: Desk, sent: Submitted) -> Result<Response, Failure> {
    let bytes = match sent.files("file").next() {
        Some(file) => file.bytes.to_vec(),
        None => sent.get("content").as_bytes().to_vec(),
    };
    let read = if bytes.is_empty() {
        Err("agenda-file-none".to_owned())
    } else {
        let zone = desk.place.zone();
        ical::read(&bytes, zone).map_err(|refusal: FileRefusal| format!("agenda-file-{}", refusal.code()))
    };
    let found = match read {
        Ok(found) => found,
        Err(key) => {
            let mut form = FormState::default();
            form.refuse(&desk.place.ctx, desk.place.visit.lang, "file", &Message::new(key));
            return draw(&desk, form);
        }
    };
    if sent.get("action") == "import" {
        take(&desk, &sent, found).await
    } else {
        preview(&desk, &bytes, found).await
    }
}

async fn take(desk: &Desk, sent: &Submitted, found: Vec<Found>) -> Result<Response, Failure> {
    let numbers: BTreeSet<usize> = sent.all("take").filter_map(|n| n.parse().ok()).collect();
    let all_private = sent.has("private");
    let chosen = found
        .into_iter()
        .enumerate()
        .filter(|(at, _)| numbers.contains(&(at + 1)))
        .map(|(_, found)| Chosen {
            private: all_private || found.event.private,
            found,
        })
        .collect();
    let taken = actions::import(&desk.place.ctx, &desk.author, chosen).await?;
    let flash = if taken > 0 {
        (FlashKind::Success, "agenda-flash-imported")
    } else {
        (FlashKind::Attention, "agenda-flash-nothing-imported")
    };
    let to = desk.place.commune.below("agenda");
    Ok(see_other(&desk.place.ctx, &to, Some(flash)))
}

async fn preview(desk: &Desk, bytes: &[u8], found: Vec<Found>) -> Result<Response, Failure> {
    let ctx = &desk.place.ctx;
    let uids: Vec<String> = found
        .iter()
        .filter_map(|one| one.event.import_uid.clone())
        .collect();
    let code = desk.place.commune.code;
    let known = store::events::imported(&ctx.db, code.as_str(), &uids).await?;
    let page = desk.page("agenda-import-title", desk.import_path());
    let lines = found
        .iter()
        .zip(1..)
        .map(|(one, number)| {
            let is_known = one
                .event
                .import_uid
                .as_ref()
                .is_some_and(|uid| known.contains(uid));
            line(desk, &page, one, number, is_known)
        })
        .collect();
    let shown = Preview {
        form: FormState::default(),
        action: desk.import_path(),
        file: ical::text_of(bytes),
        lines,
        page,
    };
    html(StatusCode::OK, &shown)
}

fn line(desk: &Desk, page: &Page, one: &Found, number: i64, known: bool) -> Line {
    let (ctx, lang) = (&desk.place.ctx, desk.place.visit.lang);
    let event = &one.event;
    let today = local_of(ctx.clock.now(), &event.zone);
    let refusal = one.refusal.or_else(|| event.refusals(today).first().copied());
    let mut notes = Vec::new();
    if event.private {
        notes.push(page.t("agenda-import-private"));
    }
    if one.cancelled {
        notes.push(page.t("agenda-import-cancelled"));
    }
    if !one.changes.is_empty() {
        notes.push(page.tn("agenda-import-changes", &(one.changes.len() as i64)));
    }
    notes.extend(
        one.losses
            .iter()
            .map(|loss| page.t(&format!("agenda-import-{loss}"))),
    );
    let when = match refusal {
        Some(EventRefusal::StartUnreadable) => String::new(),
        // So far away that no instant is that late.
        Some(EventRefusal::TooFar) => event.starts.strftime("%d/%m/%Y").to_string(),
        _ => phrases::between(
            &ctx.words,
            lang,
            event.all_day,
            &event.zone,
            &Local::from(event.starts),
            &Local::from(event.ends),
        ),
    };
    Line {
        number: number.to_string(),
        title: if event.title.is_empty() {
            page.t("agenda-import-untitled")
        } else {
            event.title.clone()
        },
        when,
        repetition: phrases::repetition(&ctx.words, lang, event.repeat.as_ref(), &event.zone),
        place: event.place.line(),
        notes,
        refusal: refusal.map_or_else(String::new, |refusal| words(refusal).say(ctx, lang)),
        known,
        ticked: refusal.is_none() && !known,
    }
}
