//! Discussion groups in three scopes: public, members', residents'.

use axum::Router;

/// The section, for the composition.
pub fn section() -> shell::Section {
    shell::Section {
        name: "groups",
        nav: None,
        sitemap: None,
        front: None,
        routes: Router::new(),
        tasks: |_| {},
        claims: |_| {},
        objects: |_| {},
    }
}
