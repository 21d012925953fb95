//! What any web program needs and that knows nothing of communes nor of ActivityPub:
//! settings, storage on SQLite and PostgreSQL, the task queue, the web layer, words, time, chance.
//!
//! Owns the tables `task`, `task_failed`, `mail`, `media` and `platform_setting`, and the key file of what is encrypted at rest.
//! Refuses to import any other room.

pub mod clock;
pub mod config;
pub mod ctx;
pub mod http;
pub mod i18n;
pub mod ids;
pub mod limits;
pub mod mail;
pub mod media;
pub mod memory;
pub mod queue;
pub mod rng;
pub mod store;
pub mod testing;
pub mod text;
pub mod urls;
pub mod vault;
pub mod web;
pub mod work;

/// For the macros of this room.
#[doc(hidden)]
pub use schemars;

pub use clock::{Clock, Timestamp};
pub use config::Secret;
pub use ctx::Ctx;
pub use store::{Db, StoreError, Tx};
