//! The door of other servers: our comments as their objects, their activities as our deeds.

pub(crate) mod note;
