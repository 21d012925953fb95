//! Why something is turned away.

/// Why something is turned away; the words are `groups-refused-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GroupRefusal {
    /// A group has a name.
    #[error("the group has no name")]
    NoName,
    /// Longer than [`super::LONGEST_NAME`].
    #[error("the name is too long")]
    NameTooLong,
    /// A group says what is talked about.
    #[error("the group does not say what is talked about")]
    NoAbout,
    /// Longer than [`super::LONGEST_ABOUT`].
    #[error("the description is too long")]
    AboutTooLong,
    /// Longer than [`super::LONGEST_RULES`].
    #[error("the rules are too long")]
    RulesTooLong,
    /// In the past.
    #[error("this moment cannot be chosen")]
    WhenImpossible,
    /// A topic has a title.
    #[error("the topic has no title")]
    NoTitle,
    /// Longer than [`super::LONGEST_TITLE`].
    #[error("the title is too long")]
    TitleTooLong,
    /// Nothing is written in it.
    #[error("the topic has no text")]
    Empty,
    /// Longer than [`super::LONGEST_TEXT`].
    #[error("the text is too long")]
    TooLong,
    /// Longer than [`super::LONGEST_WARNING`].
    #[error("the words of the warning are too long")]
    WarningTooLong,
    /// The rules were not agreed to.
    #[error("the rules have to be agreed to")]
    RulesNotAccepted,
    /// There is no such thing for this person.
    #[error("there is no such group or topic")]
    Missing,
    /// She may not do that here.
    #[error("this is the moderators' work")]
    NotModerator,
    /// Somebody else's.
    #[error("this is not yours to change")]
    NotYours,
    /// Only members.
    #[error("only members write in this group")]
    NotMember,
    /// She was put out.
    #[error("you were put out of this group")]
    PutOut,
    /// It can only be read.
    #[error("this group is closed")]
    Closed,
    /// Enough others are pinned.
    #[error("no more topics can be pinned")]
    TooManyPinned,
    /// Nobody answers to this handle.
    #[error("nobody answers to this handle")]
    NoSuchPerson,
    /// She cannot be let into a group of this scope.
    #[error("this person cannot be let into this group")]
    CannotJoin,
    /// A group keeps somebody of the town hall.
    #[error("somebody of the town hall stays")]
    TownHallStays,
    /// The account may not write for now.
    #[error("this account may not write for now")]
    Suspended,
}

impl GroupRefusal {
    /// A stable word: the end of the words' key, the code of the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoName => "no-name",
            Self::NameTooLong => "name-too-long",
            Self::NoAbout => "no-about",
            Self::AboutTooLong => "about-too-long",
            Self::RulesTooLong => "rules-too-long",
            Self::WhenImpossible => "when",
            Self::NoTitle => "no-title",
            Self::TitleTooLong => "title-too-long",
            Self::WarningTooLong => "warning-too-long",
            Self::Empty => "empty",
            Self::TooLong => "too-long",
            Self::RulesNotAccepted => "rules",
            Self::Missing => "missing",
            Self::NotModerator => "not-moderator",
            Self::NotYours => "not-yours",
            Self::NotMember => "not-member",
            Self::PutOut => "put-out",
            Self::Closed => "closed",
            Self::TooManyPinned => "too-many-pinned",
            Self::NoSuchPerson => "no-such-person",
            Self::CannotJoin => "cannot-join",
            Self::TownHallStays => "town-hall-stays",
            Self::Suspended => "suspended",
        }
    }

    /// The field of the form it stands at.
    pub const fn field(self) -> &'static str {
        match self {
            Self::NoName | Self::NameTooLong => "name",
            Self::NoAbout | Self::AboutTooLong => "about",
            Self::RulesTooLong => "rules",
            Self::WhenImpossible => "date",
            Self::NoTitle | Self::TitleTooLong => "title",
            Self::WarningTooLong => "summary",
            Self::Empty | Self::TooLong => "source",
            Self::RulesNotAccepted => "agree",
            Self::NoSuchPerson | Self::CannotJoin => "handle",
            _ => "",
        }
    }
}
