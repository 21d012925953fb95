//! The SQL of this room.

pub(crate) mod activities;
pub(crate) mod actors;
pub(crate) mod follows;
