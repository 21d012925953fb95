//! The mayor's agenda: events, single and in series, with their dates, seats and calendars.
//!
//! Owns the tables `agenda_*`, the pages `/{commune}/agenda…`, the objects `/ap/events/…`, the activities `Join` and
//! `Leave`, and the `Event`s that other servers' actors publish. Comments, likes and shares are the discussion's.
//! Refuses to let a private appointment out by any door.

pub mod actions;
mod api;
mod author;
mod holding;
mod ical;
pub mod model;
mod notices;
mod owner;
mod pages;
mod source;
mod store;
mod tasks;
mod wire;
mod words;

use std::time::Duration;

pub use author::Author;
pub use holding::holding;
pub use owner::Events;

/// The section, for the composition.
pub fn section() -> shell::Section {
    shell::Section {
        name: "agenda",
        nav: Some(pages::nav()),
        sitemap: Some(pages::SITEMAP),
        front: Some(pages::pieces),
        running: None,
        routes: pages::routes(),
        api: api::routes,
        tasks: |registry| {
            registry
                .every(&tasks::ExtendSeries, Duration::from_secs(24 * 3600))
                .every(&tasks::AnnounceNext, Duration::from_secs(15 * 60))
                .every(&tasks::Remind, Duration::from_secs(15 * 60));
        },
        claims: wire::claims,
        objects: wire::objects,
    }
}
