//! The words in which groups and topics are kept: whom a group is for, who opens topics, who hears of what.

use federation::Visibility;

/// Whom a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everybody reads it, here and elsewhere.
    Public,
    /// Its members only, here and elsewhere; nobody else learns that it is there.
    Members,
    /// The residents of the commune on this server; nothing of it ever leaves.
    Residents,
}

impl Scope {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Public, Self::Residents, Self::Members];

    /// In the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Members => "members",
            Self::Residents => "residents",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }

    /// The words of its name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Public => "groups-scope-public",
            Self::Members => "groups-scope-members",
            Self::Residents => "groups-scope-residents",
        }
    }

    /// The words of who reads.
    pub const fn readers_key(self) -> &'static str {
        match self {
            Self::Public => "groups-readers-public",
            Self::Members => "groups-readers-members",
            Self::Residents => "groups-readers-residents",
        }
    }

    /// Who reads what is said in it.
    pub const fn visibility(self) -> Visibility {
        match self {
            Self::Public => Visibility::Public,
            Self::Members => Visibility::Followers,
            Self::Residents => Visibility::Residents,
        }
    }

    /// Whether it is for some only.
    pub const fn is_private(self) -> bool {
        !matches!(self, Self::Public)
    }
}

platform::coded!(Scope);
platform::worded!(Scope, Scope::ALL);

/// Who opens topics without being read first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// Every member.
    Members,
    /// Those who keep order; what others open waits for them.
    Moderators,
}

impl Opening {
    /// Both, in the order of the form.
    pub const ALL: [Self; 2] = [Self::Members, Self::Moderators];

    /// In the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Moderators => "moderators",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|opening| opening.code() == code)
    }
}

platform::coded!(Opening);
platform::worded!(Opening, Opening::ALL);

/// What somebody wants to hear of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Every topic and every message.
    All,
    /// New topics, and answers to her.
    Mine,
    /// Nothing.
    None,
}

impl Pace {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 3] = [Self::All, Self::Mine, Self::None];

    /// In the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mine => "mine",
            Self::None => "none",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pace| pace.code() == code)
    }
}

platform::coded!(Pace);
platform::worded!(Pace, Pace::ALL);

/// Where a topic stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopicState {
    /// Whoever reads the group reads it.
    Shown,
    /// Waits for a moderator; its author sees it.
    Held,
    /// Hidden by a moderator, with a reason.
    Hidden,
    /// Removed by its author.
    Deleted,
}

impl TopicState {
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

platform::coded!(TopicState);
platform::worded!(
    TopicState,
    [
        TopicState::Shown,
        TopicState::Held,
        TopicState::Hidden,
        TopicState::Deleted
    ]
);
