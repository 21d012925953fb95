//! What sections share around what they publish: comments, likes, shares, flags and the moderation desk.
//!
//! Owns the tables `discussion_*`, the objects `/ap/comments/…`, the activities `Like`, `Announce`, `Flag`
//! and replies (`Create`, `Update`, `Delete` of `Note`) about things that sections describe as a [`Subject`].
//! Refuses to know what those things are.

pub mod actions;
pub mod circles;
pub mod documents;
mod holding;
mod mails;
pub mod model;
pub mod pages;
mod people;
mod store;
mod subjects;
mod tasks;

#[cfg(test)]
mod tests;
mod wire;

pub use actions::{Counts, DiscussionError, Mine, subject_gone};
pub use holding::holding;
pub use model::{
    Attachment, Circle, Comment, CommentId, CommentMode, CommentState, DiscussionRefusal, FlagCategory,
    Labels, Moderates, NewComment, Participant, Subject, Target, Thing, Under,
};
pub use pages::routes;
pub use subjects::{Answer, Owner, Subjects};
pub use tasks::tasks;
pub use wire::{claims, collections_of, objects};
