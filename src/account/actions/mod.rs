//! What is done with accounts. All writing of this room happens here; each action commits its own transaction.

pub(crate) mod codes;
pub mod erasure;
pub(crate) mod export;
pub(crate) mod invitations;
pub mod people;
pub mod profile;
pub(crate) mod recovery;
pub mod roles;
pub(crate) mod secrets;
pub mod sessions;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
