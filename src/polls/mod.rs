//! Anonymous polls, and the *avis public* that federates.

use axum::Router;

/// The section, for the composition.
pub fn section() -> shell::Section {
    shell::Section {
        name: "polls",
        nav: None,
        sitemap: None,
        front: None,
        routes: Router::new(),
        tasks: |_| {},
        claims: |_| {},
        objects: |_| {},
    }
}
