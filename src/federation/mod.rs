//! ActivityPub: who we are for other servers, what we accept from them, what we send them.
//!
//! Owns the tables `federation_*`, the routes `/ap/…`, `/inbox`, `/.well-known/…`, `/nodeinfo/…`, the keys
//! and the signatures. Knows no section of the product: rooms claim activities ([`Inbox`]), own objects
//! ([`objects::Objects`]) and say things in the transaction of their deed ([`outbox::say`]).

mod actor;
pub mod actors;
pub mod address;
mod audience;
mod claims;
mod config;
mod ctx;
pub mod delivery;
mod documents;
mod envelope;
pub mod fetch;
pub mod follows;
pub mod http;
mod inbox;
mod json;
pub mod keys;
mod memory;
mod mentions;
pub mod objects;
pub mod outbox;
pub mod policy;
pub mod receive;
pub mod relay;
mod remote;
pub mod signatures;
mod signing;
mod store;
mod synchronise;
pub mod tags;
#[cfg(test)]
mod tests;
pub mod vocabulary;

pub use actor::{Actor, ActorId, ActorKind, NewLocalActor, instance_uri, local_uri};
pub use audience::{Audience, Visibility};
pub use claims::claims;
pub use config::Config;
pub use ctx::Ctx;
pub use envelope::{Envelope, PUBLIC, author_of, id_of, ids, is_public, kind_in, kind_of, list};
pub use inbox::{Claiming, Inbox, Verdict};
pub use mentions::Named;
pub use signing::prove_in;
