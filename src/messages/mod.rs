//! The private line between citizens and the town hall: conversations, formal requests, letters of other servers.
//!
//! Owns the tables `messages_*`, the pages `/{commune}/messages…`, the objects `/ap/messages/…`. What is between people
//! of this server is sealed in the database and never leaves; what comes from or goes to another server says so.
//! Refuses to show a thread to anybody but its writer and the agents who read it, and internal notes to the writer;
//! to write to a town hall that is not here; to let an answer go to more people than the letter did.

pub mod actions;
mod api;
mod error;
mod holding;
pub mod model;
mod pages;
mod pdf;
mod store;
mod tasks;
mod wire;

pub use api::Conversations;
pub use error::MessageError;
pub use holding::holding;
pub use pages::layer;

/// The columns that hold sealed values.
pub const SEALED: [platform::vault::Column; 6] = store::SEALED;

/// The section, for the composition.
pub fn section() -> shell::Section {
    shell::Section {
        name: "messages",
        nav: Some(pages::nav()),
        sitemap: None,
        front: Some(pages::pieces),
        running: None,
        routes: pages::routes(),
        api: api::routes,
        tasks: |registry| {
            registry.on::<tasks::Remind>();
        },
        claims: wire::claims,
        objects: wire::objects,
    }
}
