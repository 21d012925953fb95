//! Who comes, and who waits for a seat.

use federation::ActorId;
use platform::{Timestamp, id_type};

use super::OccurrenceId;

id_type!(
    /// Somebody's coming; the smaller came first.
    AttendanceId
);

/// Where somebody stands who wants to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttendanceState {
    /// Has a seat.
    Accepted,
    /// Waits for one.
    Waiting,
    /// Asked another server, which has not answered.
    Asked,
    /// Who invites there said no.
    Refused,
}

impl AttendanceState {
    /// In the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Waiting => "waiting",
            Self::Asked => "asked",
            Self::Refused => "refused",
        }
    }

    /// From the database.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Accepted, Self::Waiting, Self::Asked, Self::Refused]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

platform::coded!(AttendanceState);
platform::worded!(
    AttendanceState,
    [
        AttendanceState::Accepted,
        AttendanceState::Waiting,
        AttendanceState::Asked,
        AttendanceState::Refused
    ]
);

/// Somebody who wants to come, as stored.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Attendance {
    /// Row id: the place in the queue.
    pub id: AttendanceId,
    /// To which date.
    pub occurrence_id: OccurrenceId,
    /// Who.
    pub actor_id: ActorId,
    /// Where she stands.
    pub state: AttendanceState,
    /// The id of the `Join`: of somebody of another server, or ours to another one.
    pub join_uri: Option<String>,
    /// What somebody of another server wrote with it.
    pub message: String,
    /// When.
    pub created_at: Timestamp,
}

/// What came of wanting to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There is a seat.
    Accepted,
    /// All seats are taken: so many wait, she the last.
    Waiting(i64),
}

/// Whether somebody new gets a seat. Who comes when others wait already waits behind them.
pub const fn seat_of_new(capacity: Option<i64>, taken: i64, waiting: i64) -> AttendanceState {
    match capacity {
        Some(seats) if taken >= seats || waiting > 0 => AttendanceState::Waiting,
        _ => AttendanceState::Accepted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_given_until_none_is_left_and_nobody_jumps_the_queue() {
        assert_eq!(seat_of_new(None, 5000, 0), AttendanceState::Accepted);
        assert_eq!(seat_of_new(Some(10), 9, 0), AttendanceState::Accepted);
        assert_eq!(seat_of_new(Some(10), 10, 0), AttendanceState::Waiting);
        assert_eq!(seat_of_new(Some(10), 9, 1), AttendanceState::Waiting);
    }
}
