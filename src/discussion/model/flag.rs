//! Red flags, and what moderators decide about them.

use federation::ActorId;
use platform::{Timestamp, id_type};

id_type!(
    /// A red flag.
    FlagId
);
id_type!(
    /// A moderator's decision.
    DecisionId
);

/// Why something is flagged; the words are `discussion-flag-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagCategory {
    /// Insults, hatred.
    Abuse,
    /// Against the law.
    Illegal,
    /// Sexual abuse of a child (directive 2011/93, articles 3 to 7): notice of it needs no name.
    Minors,
    /// Somebody's private life.
    Privacy,
    /// Advertising, repetition.
    Spam,
    /// Anything else.
    Other,
}

impl FlagCategory {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 6] = [
        Self::Abuse,
        Self::Illegal,
        Self::Minors,
        Self::Privacy,
        Self::Spam,
        Self::Other,
    ];

    /// In the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Abuse => "abuse",
            Self::Illegal => "illegal",
            Self::Minors => "minors",
            Self::Privacy => "privacy",
            Self::Spam => "spam",
            Self::Other => "other",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.code() == code)
    }

    /// Whether notice may be given without name and address (DSA article 16, paragraph 2 c).
    pub const fn may_be_anonymous(self) -> bool {
        matches!(self, Self::Minors)
    }
}

platform::coded!(FlagCategory);

/// The longest reason of a flag or a decision, in characters.
pub const LONGEST_REASON: usize = 5000;

/// What became of a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagState {
    /// Waits for a moderator.
    Open,
    /// The thing was hidden.
    Upheld,
    /// The thing stays.
    Dismissed,
}

impl FlagState {
    /// In the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Upheld => "upheld",
            Self::Dismissed => "dismissed",
        }
    }

    /// From the database.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Open, Self::Upheld, Self::Dismissed]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

platform::coded!(FlagState);

/// What a moderator did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Took it from sight.
    Hide,
    /// Showed it again.
    Restore,
    /// Let a held comment be read.
    Approve,
    /// Closed the flags and left it.
    Dismiss,
}

impl Deed {
    /// In the database and in words' keys (`discussion-deed-…`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hide => "hide",
            Self::Restore => "restore",
            Self::Approve => "approve",
            Self::Dismiss => "dismiss",
        }
    }

    /// From the database.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Hide, Self::Restore, Self::Approve, Self::Dismiss]
            .into_iter()
            .find(|deed| deed.code() == code)
    }
}

platform::coded!(Deed);

/// A red flag to be raised by somebody with an account here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFlag {
    /// Why.
    pub category: FlagCategory,
    /// In her words; may be empty unless the category is `other`.
    pub text: String,
    /// Tell the moderators of the server it comes from as well; never with the name of who flags.
    pub forward: bool,
}

/// A notice by anybody, with or without account (DSA article 16).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// Why.
    pub category: FlagCategory,
    /// Why it is thought illegal or against the rules.
    pub text: String,
    /// Who gives notice; may be empty where the law asks for no name.
    pub name: String,
    /// Where the receipt and the decision go; may be empty where the law asks for none.
    pub email: String,
    /// The language of these mails.
    pub lang: platform::i18n::Lang,
}

/// A red flag as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Flag {
    /// Row id.
    pub id: FlagId,
    /// What is flagged: kind.
    pub target_kind: String,
    /// What is flagged: id.
    pub target_id: i64,
    /// Whose moderators look at it; none: the operator.
    pub commune: Option<String>,
    /// Who flags, with an account here or on another server.
    pub reporter_id: Option<ActorId>,
    /// Who flags without account.
    pub reporter_email: Option<String>,
    /// Her name.
    pub reporter_name: Option<String>,
    /// The language of the mails to her.
    pub reporter_lang: Option<String>,
    /// Why.
    pub category: FlagCategory,
    /// In the words of who flags.
    pub text: String,
    /// The id of another server's activity.
    pub uri: Option<String>,
    /// What became of it.
    pub state: FlagState,
    /// When.
    pub created_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// A moderator's decision as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Decision {
    /// Row id.
    pub id: DecisionId,
    /// About what: kind.
    pub target_kind: String,
    /// About what: id.
    pub target_id: i64,
    /// For which commune.
    pub commune: Option<String>,
    /// Who decided.
    pub moderator_id: ActorId,
    /// What.
    pub deed: Deed,
    /// On which ground; empty when there is none.
    pub ground: String,
    /// In a sentence that the author reads.
    pub reason: String,
    /// What the author says against it.
    pub appeal: Option<String>,
    /// When she said it.
    pub appealed_at: Option<Timestamp>,
    /// When it was decided.
    pub created_at: Timestamp,
}

impl Decision {
    /// The path of its page, for the author.
    pub fn page(&self) -> String {
        format!("/moderation/decisions/{}", self.id)
    }

    /// The ground, if there is one.
    pub fn ground(&self) -> Option<FlagCategory> {
        FlagCategory::from_code(&self.ground)
    }
}
