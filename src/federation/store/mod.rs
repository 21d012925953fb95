//! The SQL of this room.

pub(crate) mod activities;
pub(crate) mod actors;
pub(crate) mod deliveries;
pub(crate) mod domains;
pub(crate) mod follows;
pub(crate) mod lanes;
pub(crate) mod received;
pub(crate) mod relays;
