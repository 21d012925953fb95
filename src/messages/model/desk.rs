//! Whom one can write to: the mayor, and the services she has set up; what the town hall has chosen.

use platform::{Timestamp, id_type};

use super::Refusal;
use super::workdays::Delay;

id_type!(
    /// A service of a town hall; 0 is the mayor herself.
    ServiceId
);

impl ServiceId {
    /// The mayor herself.
    pub const MAYOR: Self = Self(0);

    /// Whether it is the mayor's own desk.
    pub const fn is_mayor(self) -> bool {
        self.0 == 0
    }
}

/// A service as stored.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Service {
    /// Row id.
    pub id: ServiceId,
    /// INSEE code.
    pub commune: String,
    /// "État civil".
    pub name: String,
    /// What it is for, in a sentence.
    pub description: String,
    /// How else it is reached; the law wants it in the acknowledgement.
    pub email: String,
    /// The same.
    pub phone: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Cannot be written to any more.
    pub closed_at: Option<Timestamp>,
}

/// A service to be made or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewService {
    /// "État civil".
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How else it is reached.
    pub email: String,
    /// The same.
    pub phone: String,
}

impl NewService {
    /// Its words within their bounds.
    ///
    /// # Errors
    /// [`Refusal::Unusable`] without a name.
    pub fn cleaned(&self) -> Result<Self, Refusal> {
        let line = platform::text::clean_line;
        let cleaned = Self {
            name: line(&self.name, 80),
            description: line(&self.description, 200),
            email: line(&self.email, 120),
            phone: line(&self.phone, 40),
        };
        if cleaned.name.is_empty() {
            Err(Refusal::Unusable)
        } else {
            Ok(cleaned)
        }
    }
}

/// A place of the town hall and the agents (accounts) who read there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// The service; none: the mayor's own.
    pub service: Option<Service>,
    /// Accounts.
    pub agents: Vec<i64>,
}

/// What a town hall has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Settings {
    /// Delay of the acknowledgement.
    pub ack_days: i64,
    /// In working days.
    pub ack_working: bool,
    /// Working days before a delay ends on which agents are told.
    pub remind_days: i64,
    /// Months after which silence has a meaning.
    pub answer_months: i64,
    /// Whether a new mayor finds the conversations of the one before closed to her.
    pub seal: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ack_days: 7,
            ack_working: false,
            remind_days: 2,
            answer_months: 2,
            seal: true,
        }
    }
}

impl Settings {
    /// The delay of the acknowledgement.
    pub const fn delay(&self) -> Delay {
        Delay {
            days: self.ack_days,
            working: self.ack_working,
        }
    }

    /// # Errors
    /// [`Refusal::Unusable`] for delays that no law knows.
    pub fn check(&self) -> Result<(), Refusal> {
        let good = (1..=30).contains(&self.ack_days)
            && (0..=10).contains(&self.remind_days)
            && (1..=12).contains(&self.answer_months);
        if good { Ok(()) } else { Err(Refusal::Unusable) }
    }
}
