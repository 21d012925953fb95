//! The HTML door: month, week and list; a date; the composer; calendars for programs.

mod around;
mod attend;
mod compose;
mod feeds;
mod form;
mod front;
mod import;
mod index;
mod manage;
mod place;
mod show;
mod view;

use axum::Router;
use axum::routing::{get, post};
use federation::Ctx;
use platform::web::{Failure, Message, NavEntry};

use crate::actions::EventError;
use crate::model::{self, EventRefusal};

pub(crate) use front::pieces;
pub(crate) use place::author_of;

pub(crate) const SITEMAP: &str = "/sitemaps/agenda.xml";

pub(crate) fn nav() -> NavEntry {
    NavEntry {
        section: "agenda",
        icon: "calendar-days",
        label: "agenda-nav",
        path: "/agenda",
        in_bar: true,
    }
}

pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/{commune}/agenda", get(index::show))
        .route("/{commune}/agenda.ics", get(feeds::calendar_of_commune))
        .route("/{commune}/agenda.json", get(feeds::open_agenda))
        .route("/{commune}/agenda/passes", get(index::archive))
        .route("/{commune}/agenda/alentour", get(around::show))
        .route("/{commune}/agenda/alentour/ajouter", post(around::add))
        .route("/{commune}/agenda/alentour/retirer", post(around::remove))
        .route(
            "/{commune}/agenda/nouveau",
            get(compose::new).post(compose::create),
        )
        .route(
            "/{commune}/agenda/importer",
            get(import::choose).post(import::import),
        )
        .route("/{commune}/agenda/{id}", get(show::show))
        .route("/{commune}/agenda/{id}/agenda.ics", get(feeds::calendar_of_event))
        .route("/{commune}/agenda/{id}/participer", post(attend::attend))
        .route("/{commune}/agenda/{id}/participants", get(manage::participants))
        .route(
            "/{commune}/agenda/{id}/modifier",
            get(compose::edit).post(compose::update),
        )
        .route(
            "/{commune}/agenda/{id}/deplacer",
            get(manage::moving).post(manage::shift),
        )
        .route(
            "/{commune}/agenda/{id}/annuler",
            get(manage::cancelling).post(manage::cancel),
        )
        .route("/{commune}/agenda/{id}/retablir", post(manage::restore))
        .route(
            "/{commune}/agenda/{id}/supprimer",
            get(manage::deleting).post(manage::delete),
        )
        .route("/agenda/{id}", get(show::show_alone))
        .route("/agenda/{id}/participer", post(attend::attend_elsewhere))
        .route(SITEMAP, get(feeds::sitemap))
}

impl From<EventError> for Failure {
    fn from(error: EventError) -> Self {
        match error {
            EventError::Store(error) => error.into(),
            EventError::Refused(refusals) => match refusals.first() {
                Some(EventRefusal::Missing) | None => Self::not_found(),
                Some(EventRefusal::NotYours) => Self::forbidden(),
                Some(refusal) => Self::unprocessable(refusal.code(), words(*refusal)),
            },
        }
    }
}

/// The sentence of a refusal.
pub(crate) fn words(refusal: EventRefusal) -> Message {
    let message = Message::new(format!("agenda-refused-{}", refusal.code()));
    match refusal {
        EventRefusal::TitleTooLong => message.with("max", model::LONGEST_TITLE),
        EventRefusal::TextTooLong => message.with("max", model::LONGEST_TEXT),
        EventRefusal::LineTooLong => message.with("max", model::LONGEST_LINE),
        EventRefusal::ReasonTooLong => message.with("max", model::LONGEST_REASON),
        EventRefusal::LastsTooLong => message.with("max", model::LONGEST_DAYS),
        EventRefusal::SeatsImpossible => message.with("max", model::MOST_SEATS),
        _ => message,
    }
}
