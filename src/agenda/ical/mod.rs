//! Calendar files (RFC 5545): ours as others read them, and those of others as a town hall imports them.

mod lines;
mod moments;
mod read;
mod write;
mod zones;

pub(crate) use read::{Change, FileRefusal, Found, read, text_of};
pub(crate) use write::{Calendar, Entry, calendar};
