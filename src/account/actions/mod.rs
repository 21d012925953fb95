//! What is done with accounts. All writing of this room happens here; each action commits its own transaction.

pub mod people;
pub mod roles;
pub mod sessions;
