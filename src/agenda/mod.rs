//! The mayor's agenda: events, seats, calendars.

use axum::Router;

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
