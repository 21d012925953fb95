//! The third door: letters from and to other servers.

mod claims;
mod note;
mod objects;
mod read;

pub(crate) use claims::claims;
pub(crate) use note::{Deed, say};
pub(crate) use objects::objects;
