//! Comments, likes, shares, flags: the rules.

use federation::{ActorId, Visibility};
use platform::{Timestamp, id_type};

id_type!(
    /// A comment.
    CommentId
);
id_type!(
    /// A red flag.
    FlagId
);
id_type!(
    /// A moderator's decision.
    DecisionId
);

/// The longest comment, in characters.
pub const LONGEST: usize = 5000;
/// The longest comment of another server kept whole, in characters of HTML.
pub const LONGEST_REMOTE: usize = 100_000;

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

/// Who may comment, and what is read first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CommentMode {
    /// Shown at once.
    Open,
    /// A person's first comment in the commune is read first.
    FirstHeld,
    /// Every comment is read first.
    AllHeld,
    /// No comments.
    Off,
}

impl CommentMode {
    /// All of them, from open to closed.
    pub const ALL: [Self; 4] = [Self::Open, Self::FirstHeld, Self::AllHeld, Self::Off];

    /// In the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::FirstHeld => "first_held",
            Self::AllHeld => "all_held",
            Self::Off => "off",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }

    /// The stricter of the commune's rule and the post's.
    pub fn stricter(self, other: Self) -> Self {
        self.max(other)
    }

    /// How a new comment stands. The town hall's own are shown at once; so is what comes from somebody whose
    /// comments were shown here before, unless everything is held.
    pub const fn state_of_new(self, by_town_hall: bool, known_author: bool) -> Option<CommentState> {
        match self {
            _ if by_town_hall => Some(CommentState::Shown),
            Self::Off => None,
            Self::Open => Some(CommentState::Shown),
            Self::FirstHeld if known_author => Some(CommentState::Shown),
            Self::FirstHeld | Self::AllHeld => Some(CommentState::Held),
        }
    }
}

platform::coded!(CommentMode);

/// Where a comment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentState {
    /// Everybody who may read the subject reads it.
    Shown,
    /// Waits for a moderator; its author sees it.
    Held,
    /// Hidden by a moderator, with a reason.
    Hidden,
    /// Removed by its author.
    Deleted,
}

impl CommentState {
    /// In the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Held => "held",
            Self::Hidden => "hidden",
            Self::Deleted => "deleted",
        }
    }

    /// From the database.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Shown, Self::Held, Self::Hidden, Self::Deleted]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

platform::coded!(CommentState);

/// Why something is flagged; the words are `discussion-flag-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagCategory {
    /// Insults, hatred.
    Abuse,
    /// Against the law.
    Illegal,
    /// Somebody's private life.
    Privacy,
    /// Advertising, repetition.
    Spam,
    /// Anything else.
    Other,
}

impl FlagCategory {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 5] = [Self::Abuse, Self::Illegal, Self::Privacy, Self::Spam, Self::Other];

    /// In the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Abuse => "abuse",
            Self::Illegal => "illegal",
            Self::Privacy => "privacy",
            Self::Spam => "spam",
            Self::Other => "other",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.code() == code)
    }
}

platform::coded!(FlagCategory);

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
}

/// A comment as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Comment {
    /// Row id.
    pub id: CommentId,
    /// ActivityPub id.
    pub uri: String,
    /// What is discussed: kind.
    pub subject_kind: String,
    /// What is discussed: id.
    pub subject_id: i64,
    /// The comment it answers.
    pub parent_id: Option<CommentId>,
    /// Who wrote it.
    pub actor_id: ActorId,
    /// Under which commune's rules it stands.
    pub commune: Option<String>,
    /// Sanitised.
    pub html: String,
    /// What was typed.
    pub source: Option<String>,
    /// A content warning.
    pub summary: String,
    /// BCP 47.
    pub language: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// Where it stands.
    pub state: CommentState,
    /// Its page on its own server.
    pub url: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub edited_at: Option<Timestamp>,
}

impl Comment {
    /// The comment as a target of likes, shares and flags.
    pub const fn target(&self) -> Target {
        Target {
            kind: COMMENTS,
            id: self.id.0,
        }
    }
}

/// Why a comment, like, share or flag is turned away; the words are `discussion-refused-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DiscussionRefusal {
    /// Nothing is written in it.
    #[error("the comment is empty")]
    Empty,
    /// Longer than [`LONGEST`].
    #[error("the comment is longer than {LONGEST} characters")]
    TooLong,
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
            Self::Closed => "closed",
            Self::Missing => "missing",
            Self::NotYours => "not-yours",
            Self::NotShareable => "not-shareable",
            Self::WouldLeave => "would-leave",
            Self::NotModerator => "not-moderator",
            Self::NoReason => "no-reason",
            Self::Suspended => "suspended",
        }
    }
}

/// The text of a comment as it will be kept.
///
/// # Errors
/// [`DiscussionRefusal::Empty`] or [`DiscussionRefusal::TooLong`].
pub fn text_of_comment(typed: &str) -> Result<&str, DiscussionRefusal> {
    let text = typed.trim();
    if text.is_empty() {
        Err(DiscussionRefusal::Empty)
    } else if text.chars().count() > LONGEST {
        Err(DiscussionRefusal::TooLong)
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_rule_holds() {
        assert_eq!(
            CommentMode::Open.stricter(CommentMode::AllHeld),
            CommentMode::AllHeld
        );
        assert_eq!(CommentMode::Off.stricter(CommentMode::Open), CommentMode::Off);
    }

    #[test]
    fn a_new_comment_stands_as_the_rule_says() {
        use CommentState::{Held, Shown};
        assert_eq!(CommentMode::Open.state_of_new(false, false), Some(Shown));
        assert_eq!(CommentMode::FirstHeld.state_of_new(false, false), Some(Held));
        assert_eq!(CommentMode::FirstHeld.state_of_new(false, true), Some(Shown));
        assert_eq!(CommentMode::AllHeld.state_of_new(false, true), Some(Held));
        assert_eq!(CommentMode::Off.state_of_new(false, true), None);
        assert_eq!(CommentMode::Off.state_of_new(true, true), Some(Shown));
    }

    #[test]
    fn an_empty_or_endless_comment_is_refused() {
        assert_eq!(text_of_comment("  \n "), Err(DiscussionRefusal::Empty));
        assert_eq!(
            text_of_comment(&"é".repeat(LONGEST + 1)),
            Err(DiscussionRefusal::TooLong)
        );
        assert_eq!(text_of_comment(" oui "), Ok("oui"));
    }
}
