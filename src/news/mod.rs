//! What the mayor publishes. Edited with history, deleted with a tombstone, commented through `discussion`.
//!
//! Owns the tables `news_*`, the pages `/{commune}/actualites…`, the objects `/ap/posts/…`, and what other
//! servers' actors publish and somebody here follows or carries.

pub mod actions;
mod api;
mod author;
mod cards;
pub mod carry;
mod federation;
mod media;
pub mod model;
mod notices;
mod object;
mod owner;
pub mod pages;
mod receive;
mod store;
mod tasks;

pub use author::Author;
pub use model::{NewAttachment, NewPost, Post, PostId, PostRefusal, PostState, Publication, Topic};
pub use owner::Posts;
pub use pages::front;

/// The section, for the composition.
pub fn section() -> shell::Section {
    shell::Section {
        name: "news",
        nav: Some(pages::nav()),
        sitemap: Some("/sitemaps/actualites.xml"),
        front: None,
        running: None,
        routes: pages::routes(),
        api: platform::web::api::ApiRouter::new,
        tasks: |registry| {
            registry.on::<tasks::PublishScheduled>().on::<tasks::FetchCard>();
        },
        claims: receive::claims,
        objects: object::objects,
    }
}
