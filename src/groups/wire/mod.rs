//! The door of other servers: topics as their objects, their activities as our deeds.

mod claims;
pub(crate) mod note;
mod objects;
mod orders;
mod take;

pub(crate) use claims::claims;
pub(crate) use objects::objects;
