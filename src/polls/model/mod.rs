//! Polls: the rules. Pure.

mod ballot;
mod opinion;
mod poll;
mod refusal;
mod tally;

pub use ballot::{Ballot, Choices, Receipt, number};
pub use opinion::{Opinion, OpinionId, OpinionOption, QuestionId, Side, shown_votes};
pub use poll::{
    Genre, LONGEST_OPTION, LONGEST_QUESTION, LONGEST_TEXT, MOST_OPTIONS, NewPoll, Poll, PollId, PollState,
    close_instant,
};
pub use refusal::PollRefusal;
pub use tally::{FEWEST, OptionCount, Tally, is_due};
