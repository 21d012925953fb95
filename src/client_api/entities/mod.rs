//! Things as Mastodon's API shows them: lists are never null, ids are strings, instants are in UTC with
//! milliseconds.

pub(crate) mod account;
pub(crate) mod item;
pub(crate) mod media;
pub(crate) mod notice;
pub(crate) mod poll;
pub(crate) mod status;

pub(crate) use account::{account, accounts};
pub(crate) use item::{Item, find, readable};
pub(crate) use status::{draw, draw_one};
