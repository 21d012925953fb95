//! Private messages between citizens and the town hall, formal requests, and what comes from other servers.

use axum::Router;

/// The section, for the composition.
pub fn section() -> shell::Section {
    shell::Section {
        name: "messages",
        nav: None,
        sitemap: None,
        front: None,
        routes: Router::new(),
        tasks: |_| {},
        claims: |_| {},
        objects: |_| {},
    }
}
