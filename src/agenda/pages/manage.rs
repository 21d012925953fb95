//! What the town hall does with a date besides writing it: moving, cancelling, deleting, seeing who comes.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use federation::actors;
use jiff::ToSpan as _;
use platform::Timestamp;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, html, see_other};

use super::form::moment;
use super::place::Desk;
use super::words;
use crate::actions::{self, EventError};
use crate::model::{AttendanceState, Event, EventRefusal, Move, Occurrence, OccurrenceId};
use crate::store;
use crate::words as phrases;

/// People listed on one page.
const PEOPLE: i64 = 2000;

#[derive(Template)]
#[template(path = "agenda/deed.html")]
struct Deed {
    page: Page,
    form: FormState,
    deed: &'static str,
    title: String,
    when: String,
    series: bool,
    action: String,
    back: String,
}

impl Desk {
    fn here(&self, id: OccurrenceId) -> String {
        self.place.commune.below(&format!("agenda/{id}"))
    }

    fn ask(
        &self,
        deed: &'static str,
        (event, one): (&Event, &Occurrence),
        form: FormState,
    ) -> Result<Response, Failure> {
        let back = self.here(one.id);
        let (key, verb) = match deed {
            "move" => ("agenda-move-title", "deplacer"),
            "cancel" => ("agenda-cancel-title", "annuler"),
            _ => ("agenda-delete-title", "supprimer"),
        };
        let mut page = self.page(key, back.clone());
        page.in_error = form.has_errors();
        let status = if form.has_errors() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        };
        let shown = Deed {
            page,
            form,
            deed,
            title: event.title.clone(),
            when: phrases::when(&self.place.ctx.words, self.place.visit.lang, event, one),
            series: event.is_series(),
            action: format!("{back}/{verb}"),
            back,
        };
        html(status, &shown)
    }

    /// Back to the date with a word of what was done; with the form again when it was refused.
    fn done(
        &self,
        outcome: Result<(), EventError>,
        form: FormState,
        (deed, flash): (&'static str, &'static str),
        (event, one): (&Event, &Occurrence),
    ) -> Result<Response, Failure> {
        match outcome {
            Ok(()) => Ok(see_other(
                &self.place.ctx,
                &self.here(one.id),
                Some((FlashKind::Success, flash)),
            )),
            Err(EventError::Store(error)) => Err(error.into()),
            Err(EventError::Refused(refusals)) => {
                let mut form = form;
                for refusal in refusals {
                    if matches!(refusal, EventRefusal::Missing | EventRefusal::NotYours) {
                        return Err(EventError::from(refusal).into());
                    }
                    form.refuse(
                        &self.place.ctx,
                        self.place.visit.lang,
                        refusal.field(),
                        &words(refusal),
                    );
                }
                self.ask(deed, (event, one), form)
            }
        }
    }
}

pub(super) async fn moving(
    desk: Desk,
    Path((_, id)): Path<(String, OccurrenceId)>,
) -> Result<Response, Failure> {
    let (event, one) = desk.date(id).await?;
    let (starts, mut ends) = (one.starts_local.civil(), one.ends_local.civil());
    if event.all_day {
        // People say the last day, the table the midnight after.
        ends = ends.checked_sub(1.day()).unwrap_or(ends);
    }
    let form = FormState::default()
        .with("start_date", starts.date())
        .with("start_time", starts.strftime("%H:%M"))
        .with("end_date", ends.date())
        .with("end_time", ends.strftime("%H:%M"));
    desk.ask("move", (&event, &one), form)
}

pub(super) async fn shift(
    desk: Desk,
    Path((_, id)): Path<(String, OccurrenceId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let (event, one) = desk.date(id).await?;
    let read = |date: &str, time: &str| {
        let time = if event.all_day { "00:00" } else { sent.get(time) };
        moment(sent.get(date), time)
    };
    let starts = read("start_date", "start_time").ok_or(EventRefusal::StartUnreadable);
    let ends = read("end_date", "end_time")
        .and_then(|ends| {
            if event.all_day {
                ends.checked_add(1.day()).ok()
            } else {
                Some(ends)
            }
        })
        .ok_or(EventRefusal::EndUnreadable);
    let outcome = match (starts, ends) {
        (Ok(starts), Ok(ends)) => {
            let to = Move { starts, ends };
            actions::move_date(&desk.place.ctx, &desk.author, (event.id, id), to)
                .await
                .map(|_| ())
        }
        (Err(refusal), _) | (_, Err(refusal)) => Err(refusal.into()),
    };
    desk.done(
        outcome,
        sent.state(),
        ("move", "agenda-flash-moved"),
        (&event, &one),
    )
}

pub(super) async fn cancelling(
    desk: Desk,
    Path((_, id)): Path<(String, OccurrenceId)>,
) -> Result<Response, Failure> {
    let (event, one) = desk.date(id).await?;
    desk.ask("cancel", (&event, &one), FormState::default())
}

pub(super) async fn cancel(
    desk: Desk,
    Path((_, id)): Path<(String, OccurrenceId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let (event, one) = desk.date(id).await?;
    let why = sent.get("reason");
    let ctx = &desk.place.ctx;
    let outcome = if sent.get("which") == "all" {
        actions::cancel_event(ctx, &desk.author, event.id, why).await
    } else {
        actions::cancel_date(ctx, &desk.author, (event.id, id), why).await
    };
    desk.done(
        outcome,
        sent.state(),
        ("cancel", "agenda-flash-cancelled"),
        (&event, &one),
    )
}

pub(super) async fn restore(
    desk: Desk,
    Path((_, id)): Path<(String, OccurrenceId)>,
    _form: Submitted,
) -> Result<Response, Failure> {
    let (event, _) = desk.date(id).await?;
    actions::restore_date(&desk.place.ctx, &desk.author, (event.id, id)).await?;
    Ok(see_other(
        &desk.place.ctx,
        &desk.here(id),
        Some((FlashKind::Success, "agenda-flash-restored")),
    ))
}

pub(super) async fn deleting(
    desk: Desk,
    Path((_, id)): Path<(String, OccurrenceId)>,
) -> Result<Response, Failure> {
    let (event, one) = desk.date(id).await?;
    desk.ask("delete", (&event, &one), FormState::default())
}

pub(super) async fn delete(
    desk: Desk,
    Path((_, id)): Path<(String, OccurrenceId)>,
    _form: Submitted,
) -> Result<Response, Failure> {
    let (event, _) = desk.date(id).await?;
    actions::delete_event(&desk.place.ctx, &desk.author, event.id).await?;
    Ok(see_other(
        &desk.place.ctx,
        &desk.place.commune.below("agenda"),
        Some((FlashKind::Success, "agenda-flash-deleted")),
    ))
}

/// Somebody who comes.
struct Person {
    name: String,
    handle: String,
    waiting: bool,
    since: Timestamp,
    message: String,
}

#[derive(Template)]
#[template(path = "agenda/participants.html")]
struct Participants {
    page: Page,
    title: String,
    when: String,
    people: Vec<Person>,
    total: i64,
    seats: Option<i64>,
}

pub(super) async fn participants(
    desk: Desk,
    Path((_, id)): Path<(String, OccurrenceId)>,
) -> Result<Response, Failure> {
    let (event, one) = desk.date(id).await?;
    let ctx = &desk.place.ctx;
    let all = store::attendances::all(&ctx.db, id, PEOPLE).await?;
    let ids: Vec<_> = all.iter().map(|one| one.actor_id).collect();
    let known = actors::by_ids(ctx, &ids).await?;
    let people = all
        .into_iter()
        .filter_map(|one| {
            let actor = known.iter().find(|actor| actor.id == one.actor_id)?;
            Some(Person {
                name: actor.display_name().to_owned(),
                handle: if actor.local {
                    String::new()
                } else {
                    actor.full_handle()
                },
                waiting: one.state == AttendanceState::Waiting,
                since: one.created_at,
                message: one.message,
            })
        })
        .collect();
    let shown = Participants {
        page: desk.page("agenda-participants-title", desk.here(id)),
        when: phrases::when(&ctx.words, desk.place.visit.lang, &event, &one),
        title: event.title,
        people,
        total: one.taken,
        seats: event.capacity,
    };
    html(StatusCode::OK, &shown)
}
