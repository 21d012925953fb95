//! What is discussed, as its owner describes it.

use std::sync::Arc;

use account::Right;
use federation::{ActorId, Visibility};

use super::{Circle, Comment, CommentMode};

/// Kind and id of something that can be liked, shared, flagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Target {
    /// `posts`, `comments`, … as in the object's address.
    pub kind: &'static str,
    /// Its row id.
    pub id: i64,
}

/// The kind of comments themselves.
pub const COMMENTS: &str = "comments";

/// A thing under discussion, as its owner describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Which thing.
    pub target: Target,
    /// Its ActivityPub id.
    pub uri: String,
    /// Who said it.
    pub author_id: ActorId,
    /// Whether it is ours (else comments on it leave for its server).
    pub local: bool,
    /// Under which commune it stands.
    pub commune: Option<String>,
    /// By which right somebody speaks for the town hall that said it.
    pub right: Right,
    /// The path of its page.
    pub page: String,
    /// A few words of it.
    pub excerpt: String,
    /// Its own rule for comments.
    pub mode: CommentMode,
    /// Who may read it: comments never reach further.
    pub visibility: Visibility,
    /// Whether it is there to be seen (published, not deleted).
    pub open: bool,
    /// The circle of people in which it is said; none: it is said to everybody whom `visibility` names.
    pub circle: Option<Arc<Circle>>,
}

impl Subject {
    /// Whether anybody at all may read it.
    pub const fn is_open(&self) -> bool {
        self.open && self.visibility.is_open()
    }

    /// By which right somebody comments it in the town hall's name.
    pub const fn right_to_comment(&self) -> Right {
        match self.circle {
            Some(_) => Right::Groups,
            None => Right::News,
        }
    }
}

/// Something that can be liked, shared, flagged: a subject, or a comment about one.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "most things are comments, and few are held at once"
)]
pub enum Thing {
    /// What a section published.
    Subject(Subject),
    /// A comment and what it is about.
    Comment(Comment, Subject),
}

impl Thing {
    /// By which right somebody speaks for the town hall, if that wrote it.
    pub const fn right(&self) -> Right {
        match self {
            Self::Subject(subject) => subject.right,
            Self::Comment(_, subject) => subject.right_to_comment(),
        }
    }

    /// Kind and id.
    pub const fn target(&self) -> Target {
        match self {
            Self::Subject(subject) => subject.target,
            Self::Comment(comment, _) => comment.target(),
        }
    }

    /// The subject, or what the comment is about.
    pub const fn subject(&self) -> &Subject {
        match self {
            Self::Subject(subject) | Self::Comment(_, subject) => subject,
        }
    }

    /// The comment, if it is one.
    pub const fn comment(&self) -> Option<&Comment> {
        match self {
            Self::Subject(_) => None,
            Self::Comment(comment, _) => Some(comment),
        }
    }

    /// Its ActivityPub id.
    pub fn uri(&self) -> &str {
        match self {
            Self::Subject(subject) => &subject.uri,
            Self::Comment(comment, _) => &comment.uri,
        }
    }

    /// Who said it.
    pub const fn author_id(&self) -> ActorId {
        match self {
            Self::Subject(subject) => subject.author_id,
            Self::Comment(comment, _) => comment.actor_id,
        }
    }

    /// Under which commune it stands.
    pub fn commune(&self) -> Option<&str> {
        self.subject().commune.as_deref()
    }

    /// The path of its page.
    pub fn page(&self) -> String {
        match self {
            Self::Subject(subject) => subject.page.clone(),
            Self::Comment(comment, _) => comment.page(),
        }
    }

    /// Whether anybody at all may read it.
    pub const fn is_open(&self) -> bool {
        match self {
            Self::Subject(subject) => subject.is_open(),
            Self::Comment(comment, subject) => {
                comment.is_shown() && comment.visibility.is_open() && subject.is_open()
            }
        }
    }

    /// A few words of it that may stand in notices: none of what is not for everybody or has a warning.
    pub fn excerpt(&self) -> String {
        match self {
            _ if !self.is_open() => String::new(),
            Self::Subject(subject) => subject.excerpt.clone(),
            Self::Comment(comment, _) => comment.excerpt(),
        }
    }
}
