//! Anonymous polls, and the *avis public* that federates.
//!
//! Owns the tables `poll*`, the pages `/{commune}/sondages…` and `/{commune}/avis-publics…`, the objects `/ap/polls/…`,
//! `/ap/results/…` and `/ap/questions/…`, the keys of ballot boxes (`urnes/` in the data folder) and the script by
//! which a browser blinds a ballot. Refuses to know who cast which ballot: the register (who took a ballot) and the
//! ballot box (what was cast) share no request, no transaction, no id, no time and no order. The reasoning stands in
//! `docs/decisions/0008-secret-ballot.md`.

pub mod actions;
mod api;
mod author;
pub mod blind;
pub mod holding;
pub mod keys;
pub mod model;
mod owner;
mod pages;
pub mod seal;
mod settings;
mod store;
mod tasks;
#[cfg(test)]
mod tests;
mod wire;
mod words;

use platform::vault::Column;

pub use api::Ballots;
pub use author::Author;
pub use owner::{Opinions, Polls};
pub use pages::BallotBeside;

/// The section, for the composition.
pub fn section() -> shell::Section {
    shell::Section {
        name: "polls",
        nav: Some(pages::nav()),
        sitemap: None,
        front: Some(pages::pieces),
        running: Some(|ctx, commune| {
            Box::pin(async move { store::running(&ctx.db, commune.as_deref()).await })
        }),
        routes: pages::routes(),
        api: api::routes,
        tasks: tasks::tasks,
        claims: wire::claims,
        objects: wire::objects,
    }
}

/// The columns that hold encrypted values.
pub fn sealed_columns() -> [Column; 3] {
    let of_poll = |column| Column {
        table: "poll",
        id: "id",
        column,
    };
    [
        of_poll("private_key"),
        of_poll("register_key"),
        Column {
            table: "poll_opinion",
            id: "id",
            column: "voter_key",
        },
    ]
}
