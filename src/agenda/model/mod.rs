//! Events, their dates, who comes: the rules. Pure.

mod attendance;
mod event;
mod grid;
mod new;
mod refusal;
mod rule;
mod when;

pub use attendance::{Attendance, AttendanceId, AttendanceState, Outcome, seat_of_new};
pub use event::{
    Category, Event, EventId, EventState, JoinMode, Occurrence, OccurrenceId, OccurrenceState, Place,
};
pub use grid::{Span, View, month_grid};
pub(crate) use new::is_web;
pub use new::{Move, NewEvent, NewImage};
pub use refusal::EventRefusal;
pub(crate) use rule::civil;
pub use rule::{Frequency, OnDay, Recurrence};
pub use when::{Local, instant, local_of};

use std::time::Duration;

/// The longest title, in characters.
pub const LONGEST_TITLE: usize = 150;
/// The longest description, in characters.
pub const LONGEST_TEXT: usize = 5000;
/// The longest line of an address or a contact, in characters.
pub const LONGEST_LINE: usize = 200;
/// The longest sentence that says why something is cancelled, in characters.
pub const LONGEST_REASON: usize = 300;
/// The greatest number of seats.
pub const MOST_SEATS: i64 = 100_000;
/// The longest event, in days: an exhibition of a season.
pub const LONGEST_DAYS: i32 = 100;
/// How far from now an event may begin, in years.
pub const FURTHEST_YEARS: i16 = 10;
/// How far ahead the dates of a series have rows, in days: a year and a month, so that each yearly one has its next.
pub const HORIZON_DAYS: i32 = 400;
/// How many dates a series may have at once.
pub const MOST_DATES: usize = 420;
/// How long after it is over a date still belongs to a series that is imported.
pub const LOOK_BACK_DAYS: i32 = 31;
/// How soon before an event ends nobody can join any more: when it is over.
pub const GRACE: Duration = Duration::ZERO;
