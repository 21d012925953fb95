//! The SQL of this room: `poll*`.

pub(crate) mod ballots;
pub(crate) mod opinions;
pub(crate) mod polls;
pub(crate) mod questions;
pub(crate) mod register;
