//! The door of other servers: our comments as their objects, their activities as our deeds.

mod again;
mod asked;
mod claims;
mod collections;
pub(crate) mod note;
mod objects;
pub(crate) mod read;
mod take;

pub use claims::claims;
pub use collections::collections_of;
pub use objects::objects;
