//! Why something is turned away; the words are `polls-refused-…`.

use super::{LONGEST_QUESTION, LONGEST_TEXT, MOST_OPTIONS};

/// A sentence a citizen can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PollRefusal {
    /// Nothing is asked.
    #[error("there is no question")]
    NoQuestion,
    /// Longer than [`LONGEST_QUESTION`].
    #[error("the question is longer than {LONGEST_QUESTION} characters")]
    QuestionTooLong,
    /// Longer than [`LONGEST_TEXT`].
    #[error("the text is longer than {LONGEST_TEXT} characters")]
    TextTooLong,
    /// Fewer than two.
    #[error("a poll needs two choices")]
    TooFewOptions,
    /// More than [`MOST_OPTIONS`].
    #[error("there are more than {MOST_OPTIONS} choices")]
    TooManyOptions,
    /// Longer than [`super::LONGEST_OPTION`].
    #[error("a choice is too long")]
    OptionTooLong,
    /// Two choices that read the same.
    #[error("two choices are the same")]
    SameOptions,
    /// In the past, too soon, or too far away.
    #[error("a poll cannot end then")]
    WhenImpossible,
    /// Not allowed to open polls for this commune.
    #[error("this account opens no polls for this commune")]
    NotYours,
    /// There is none (any more).
    #[error("there is no such poll")]
    Missing,
    /// It is over.
    #[error("this poll is closed")]
    Closed,
    /// It still runs.
    #[error("this poll is not closed yet")]
    StillOpen,
    /// She does not belong to the commune.
    #[error("only residents of this commune vote")]
    NotResident,
    /// The town hall does not know her to live there.
    #[error("only verified residents vote in this poll")]
    NotVerified,
    /// She was given a ballot, for another blinded message.
    #[error("a ballot was given out for this account already")]
    AlreadyTaken,
    /// Nothing ticked, too much, or what is no choice.
    #[error("this choice cannot be made")]
    BadChoice,
    /// What was to be signed is no number that fits the key.
    #[error("this ballot cannot be signed")]
    BadBlinding,
    /// The signature does not fit, or it is for another poll.
    #[error("this ballot was not given out for this poll")]
    BadBallot,
    /// The receipt's ballot is not in the box.
    #[error("this ballot is not in the box")]
    NotInTheBox,
    /// The author of a question does not answer it.
    #[error("nobody answers a question of her own")]
    OwnQuestion,
    /// As many from that server as are counted.
    #[error("too many votes from one server")]
    ServerFull,
    /// Who votes elsewhere is seen there: she has not chosen to be.
    #[error("a vote there would leave this server")]
    WouldLeave,
    /// The commune has no polls: its town hall, or the operator, switched them off.
    #[error("polls are switched off in this commune")]
    SwitchedOff,
    /// Moderators have hidden it: it stays as it is while that decision stands.
    #[error("moderators have hidden this poll")]
    Moderated,
    /// Paper ballots that do not add up.
    #[error("these numbers cannot be")]
    BadCount,
}

impl PollRefusal {
    /// A stable word: the end of the words' key, the code of the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoQuestion => "no-question",
            Self::QuestionTooLong => "question-too-long",
            Self::TextTooLong => "text-too-long",
            Self::TooFewOptions => "too-few-options",
            Self::TooManyOptions => "too-many-options",
            Self::OptionTooLong => "option-too-long",
            Self::SameOptions => "same-options",
            Self::WhenImpossible => "when",
            Self::NotYours => "not-yours",
            Self::Missing => "missing",
            Self::Closed => "closed",
            Self::StillOpen => "still-open",
            Self::NotResident => "not-resident",
            Self::NotVerified => "not-verified",
            Self::AlreadyTaken => "already-taken",
            Self::BadChoice => "bad-choice",
            Self::BadBlinding => "bad-blinding",
            Self::BadBallot => "bad-ballot",
            Self::NotInTheBox => "not-in-the-box",
            Self::OwnQuestion => "own-question",
            Self::ServerFull => "server-full",
            Self::WouldLeave => "would-leave",
            Self::SwitchedOff => "switched-off",
            Self::Moderated => "moderated",
            Self::BadCount => "bad-count",
        }
    }

    /// The field of the form it stands at.
    pub const fn field(self) -> &'static str {
        match self {
            Self::QuestionTooLong | Self::NoQuestion => "question",
            Self::TextTooLong => "source",
            Self::WhenImpossible => "date",
            Self::BadChoice => "choices",
            Self::TooFewOptions | Self::TooManyOptions | Self::OptionTooLong | Self::SameOptions => {
                "option-1"
            }
            _ => "",
        }
    }
}
