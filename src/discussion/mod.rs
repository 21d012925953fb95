//! What sections share around what they publish: comments, likes, shares, flags and the moderation desk.
//!
//! Owns the tables `discussion_*`, the objects `/ap/comments/…`, the activities `Like`, `Announce`, `Flag`
//! and replies (`Create`, `Update`, `Delete` of `Note`) about things that sections describe as a [`Subject`].
//! Refuses to know what those things are.

pub mod model;

pub use model::{
    Comment, CommentId, CommentMode, CommentState, DiscussionRefusal, FlagCategory, Subject, Target,
};
