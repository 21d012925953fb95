//! Reading the documents of other servers: for rooms that take in what is said elsewhere.

pub use crate::wire::read::{
    Document, TYPES, content, in_reply_to, in_words, instant, is_vote, page, reaches, title, visibility,
};
