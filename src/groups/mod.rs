//! Discussion groups in three scopes: public, members', residents'.
//!
//! Owns the tables `groups_*`, the pages `/{commune}/groupes…`, the objects `/ap/topics/…`, and the actors of the
//! groups; what is said about topics is the discussion's.

pub mod actions;
mod api;
mod circle;
mod holding;
pub mod model;
pub mod pages;
mod store;
mod tasks;
mod topics;
mod wire;

pub use actions::{Founder, GroupError, Known};
pub use circle::Groups;
pub use holding::holding;
pub use topics::{Places, Topics};

use std::time::Duration;

/// The section, for the composition.
pub fn section() -> shell::Section {
    shell::Section {
        name: "groups",
        nav: Some(pages::nav()),
        sitemap: None,
        front: None,
        running: None,
        routes: pages::routes(),
        api: api::routes,
        tasks: |registry| {
            registry
                .on::<tasks::CloseGroup>()
                .on::<tasks::ForgetTopics>()
                .every(&tasks::ForgetTheGone, Duration::from_secs(3600));
        },
        claims: wire::claims,
        objects: wire::objects,
    }
}
