//! What a section of the product hands to the composition: the only door between it and the rest.

use axum::Router;
use federation::objects::Objects;
use federation::{Ctx, Inbox};
use platform::queue::Registry;
use platform::web::NavEntry;

use crate::front::OnFront;

/// A section: its routes, its menu entry, what it does in the background, what it claims from other servers.
#[derive(Debug)]
pub struct Section {
    /// Its name in code and settings (`news`).
    pub name: &'static str,
    /// Its place in the menu; a section without pages of its own has none.
    pub nav: Option<NavEntry>,
    /// The path of the site map of its own public content (`/sitemaps/actualites.xml`).
    pub sitemap: Option<&'static str>,
    /// What it shows beside the news on the front page of a commune.
    pub front: Option<OnFront>,
    /// Pages and API.
    pub routes: Router<Ctx>,
    /// Kinds of background work.
    pub tasks: fn(&mut Registry<Ctx>),
    /// Activities it takes in.
    pub claims: fn(&mut Inbox),
    /// Objects it answers for.
    pub objects: fn(&mut Objects),
}
