//! The mayor's agenda: events, single and in series, with their dates, seats and calendars.
//!
//! Owns the tables `agenda_*`, the pages `/{commune}/agenda…`, the objects `/ap/events/…`, the activities `Join` and
//! `Leave`, and the `Event`s that other servers' actors publish. Comments, likes and shares are the discussion's.
//! Refuses to let a private appointment out by any door.

mod author;
mod ical;
pub mod model;
mod store;
mod words;

use axum::Router;

pub use author::Author;

/// The section, for the composition.
pub fn section() -> shell::Section {
    shell::Section {
        name: "agenda",
        nav: None,
        sitemap: None,
        front: None,
        routes: Router::new(),
        tasks: |_| {},
        claims: |_| {},
        objects: |_| {},
    }
}
