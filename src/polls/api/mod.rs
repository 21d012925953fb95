//! The JSON door: `/api/parvis/v1` for what Mastodon's API has no word for, and statuses with polls for what it has.

mod ballots;
mod civic;
mod opinions;
mod shown;
mod statuses;

pub use ballots::Ballots;
pub(crate) use civic::routes;
