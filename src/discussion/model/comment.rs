//! A comment, where it stands and what may be in it.

use federation::{ActorId, Visibility};
use platform::text::{Html, clean_line, excerpt, shows_nothing};
use platform::{Timestamp, id_type};

use super::{COMMENTS, DiscussionRefusal, Target};

id_type!(
    /// A comment.
    CommentId
);
/// The longest comment, in characters.
pub const LONGEST: usize = 5000;
/// The longest words set before one, in characters.
pub const LONGEST_WARNING: usize = 200;
/// The longest comment of another server kept whole, in characters of HTML.
pub const LONGEST_REMOTE: usize = 100_000;

/// What the path of a comment's permanent link begins with.
pub(crate) const COMMENT_PAGE: &str = "/commentaires/";

/// What the place of a comment on its subject's page begins with.
pub(crate) const COMMENT_ANCHOR: &str = "commentaire-";

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
platform::worded!(CommentMode, CommentMode::ALL);

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
    /// The first comment of its branch; itself when it answers the subject.
    pub root_id: CommentId,
    /// Who wrote it.
    pub actor_id: ActorId,
    /// Written for the office by a delegate.
    pub delegated: bool,
    /// Under which commune's rules it stands.
    pub commune: Option<String>,
    /// What it answers, as other servers know it.
    pub in_reply_to: String,
    /// The id of the conversation.
    pub context: Option<String>,
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
    /// For fewer people than may read the subject: its author, those it answers and the moderators.
    pub narrow: bool,
    /// Where it stands.
    pub state: CommentState,
    /// Its page on its own server.
    pub url: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub edited_at: Option<Timestamp>,
    /// When other servers were told of it; without it they cannot ask for it either.
    pub told_at: Option<Timestamp>,
}

/// A comment to be written, from whichever door of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewComment {
    /// Markdown-light, as typed.
    pub text: String,
    /// A content warning; usually empty.
    pub summary: String,
    /// BCP 47.
    pub language: String,
    /// The comment it answers; none: the subject.
    pub parent: Option<CommentId>,
}

impl NewComment {
    /// A plain comment in French on the subject itself.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            summary: String::new(),
            language: "fr".to_owned(),
            parent: None,
        }
    }

    /// As an answer to a comment.
    pub const fn answering(mut self, parent: CommentId) -> Self {
        self.parent = Some(parent);
        self
    }
}

/// What a comment said before it was edited.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Revision {
    /// Sanitised.
    pub html: String,
    /// What was typed.
    pub source: Option<String>,
    /// A content warning.
    pub summary: String,
    /// Since when it read so.
    pub written_at: Timestamp,
}

impl Comment {
    /// The comment as a target of likes, shares and flags.
    pub const fn target(&self) -> Target {
        Target {
            kind: COMMENTS,
            id: self.id.0,
        }
    }

    /// When it got its present words.
    pub fn written_at(&self) -> Timestamp {
        self.edited_at.unwrap_or(self.created_at)
    }

    /// A few words of it; none behind a content warning.
    pub fn excerpt(&self) -> String {
        if self.summary.is_empty() {
            excerpt(&Html::from_store(self.html.clone()), 120)
        } else {
            self.summary.clone()
        }
    }

    /// The path of its permanent link.
    pub fn page(&self) -> String {
        format!("{COMMENT_PAGE}{}", self.id)
    }

    /// Whether anybody who may read the subject may read it.
    pub const fn is_shown(&self) -> bool {
        matches!(self.state, CommentState::Shown) && !self.narrow
    }
}

/// The text of a comment as it will be kept.
///
/// # Errors
/// [`DiscussionRefusal::Empty`] or [`DiscussionRefusal::TooLong`].
pub fn text_of_comment(typed: &str) -> Result<&str, DiscussionRefusal> {
    let text = typed.trim();
    if shows_nothing(text) {
        Err(DiscussionRefusal::Empty)
    } else if text.chars().count() > LONGEST {
        Err(DiscussionRefusal::TooLong)
    } else {
        Ok(text)
    }
}

/// The words set before a comment as they will be kept.
///
/// # Errors
/// [`DiscussionRefusal::WarningTooLong`].
pub fn warning_of_comment(typed: &str) -> Result<String, DiscussionRefusal> {
    let words = clean_line(typed, LONGEST_WARNING + 1);
    if words.chars().count() > LONGEST_WARNING {
        return Err(DiscussionRefusal::WarningTooLong);
    }
    Ok(words)
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
        for blank in ["  \n ", "\u{200b}\u{200b}", "***", "**\u{feff}**"] {
            assert_eq!(text_of_comment(blank), Err(DiscussionRefusal::Empty), "{blank:?}");
        }
        assert!(text_of_comment("👍").is_ok());
        assert_eq!(
            text_of_comment(&"é".repeat(LONGEST + 1)),
            Err(DiscussionRefusal::TooLong)
        );
        assert_eq!(text_of_comment(" oui "), Ok("oui"));
    }

    #[test]
    fn an_endless_warning_is_refused_and_not_cut() {
        assert_eq!(warning_of_comment(" fin\ndu film "), Ok("fin du film".to_owned()));
        assert!(warning_of_comment(&"é".repeat(LONGEST_WARNING)).is_ok());
        assert_eq!(
            warning_of_comment(&"é".repeat(LONGEST_WARNING + 1)),
            Err(DiscussionRefusal::WarningTooLong)
        );
    }
}
