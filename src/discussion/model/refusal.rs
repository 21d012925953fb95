//! Why something is turned away.

use super::{LONGEST, LONGEST_WARNING};

/// Why a comment, like, share or flag is turned away; the words are `discussion-refused-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DiscussionRefusal {
    /// Nothing is written in it.
    #[error("the comment is empty")]
    Empty,
    /// Longer than [`LONGEST`].
    #[error("the comment is longer than {LONGEST} characters")]
    TooLong,
    /// The words of its warning are longer than [`LONGEST_WARNING`].
    #[error("the warning is longer than {LONGEST_WARNING} characters")]
    WarningTooLong,
    /// Comments are closed here.
    #[error("comments are closed under this post")]
    Closed,
    /// The thing is gone or was never there for this person.
    #[error("there is nothing here to discuss")]
    Missing,
    /// Somebody else's.
    #[error("this is not yours to change")]
    NotYours,
    /// Only what everybody may read can be shared.
    #[error("this cannot be shared")]
    NotShareable,
    /// It would leave this server and its author did not agree to that.
    #[error("this would leave for another server and you have not agreed to that")]
    WouldLeave,
    /// Not a moderator here.
    #[error("this is the moderators' work")]
    NotModerator,
    /// A decision needs a reason.
    #[error("say why in a sentence")]
    NoReason,
    /// The ground of a decision is none of those on the list.
    #[error("choose a ground from the list")]
    NoGround,
    /// A moderator has hidden it.
    #[error("a moderator has hidden this comment")]
    Moderated,
    /// A decision is contested once.
    #[error("this decision was contested already")]
    Contested,
    /// Somebody else is to decide about what one wrote or decided.
    #[error("somebody else has to decide this")]
    OwnCause,
    /// An operator decided it.
    #[error("an operator of this server has to decide this")]
    OperatorsWork,
    /// A moderator has put her out of the group.
    #[error("you were put out of this group")]
    PutOut,
    /// Only members speak here.
    #[error("only members of the group write here")]
    NotMember,
    /// The account is suspended.
    #[error("this account may not write for now")]
    Suspended,
}

impl DiscussionRefusal {
    /// A stable word: the end of the words' key, the code of the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too-long",
            Self::WarningTooLong => "warning-too-long",
            Self::Closed => "closed",
            Self::Missing => "missing",
            Self::NotYours => "not-yours",
            Self::NotShareable => "not-shareable",
            Self::WouldLeave => "would-leave",
            Self::NotModerator => "not-moderator",
            Self::NoReason => "no-reason",
            Self::NoGround => "no-ground",
            Self::Moderated => "moderated",
            Self::Contested => "contested",
            Self::OwnCause => "own-cause",
            Self::OperatorsWork => "operators-work",
            Self::PutOut => "put-out",
            Self::NotMember => "not-member",
            Self::Suspended => "suspended",
        }
    }
}
