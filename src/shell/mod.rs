//! The pages of the whole server: home, menu, legal pages, display settings, what search engines and
//! browsers ask for; and the type each section returns.
//!
//! Owns no table. The layout itself is `templates/base.html`; errors are drawn by [`platform::web`] with
//! `templates/error.html`. Refuses to know what a section shows: it lists the menu as the sections declare it.

mod display;
mod front;
mod home;
mod legal;
mod machines;
mod menu;
mod section;
mod switches;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use federation::Ctx;
use platform::web::is_own_path;

pub use front::{Column, Front, OnFront, Piece, Pieces};
pub use section::{Running, Section, gated};
pub use switches::{Switch, Switches};

/// The routes of this room. `sitemaps` are the paths of the site maps that the sections make of their own
/// content.
pub fn routes(sitemaps: Vec<&'static str>) -> Router<Ctx> {
    Router::new()
        .route("/", get(home::show))
        .route("/plus", get(menu::show))
        .route("/{commune}/plus", get(menu::show_in_commune))
        .route("/{commune}/rubriques", get(switches::edit).post(switches::update))
        .route("/affichage", get(display::edit).post(display::update))
        .route("/langue", get(display::switch_language))
        .route("/a-propos", get(legal::about))
        .route("/mentions-legales", get(legal::legal_notice))
        .route("/confidentialite", get(legal::privacy))
        .route("/accessibilite", get(legal::accessibility))
        .merge(machines::routes(sitemaps))
}

/// A path of this site where a link or a form wants to come back to; anything else leads home.
fn way_back(wanted: &str) -> &str {
    if is_own_path(wanted) { wanted } else { "/" }
}
