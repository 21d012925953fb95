//! Formal requests: *saisine par voie électronique* (CRPA L.112-8 to L.112-11, R.112-9-1 and R.112-11-1).

use jiff::civil::Date;
use platform::Timestamp;
use platform::text::is_blank;
use serde::{Deserialize, Serialize};

use super::Refusal;
use super::ThreadId;

/// Who asks: what the law wants to know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Applicant {
    /// First and last name.
    pub name: String,
    /// Postal address.
    pub address: String,
    /// Where else she can be reached, if she says so.
    pub phone: String,
}

impl Applicant {
    /// Its words within their bounds.
    pub fn cleaned(&self) -> Self {
        Self {
            name: platform::text::clean_line(&self.name, 120),
            address: platform::text::clean_text(&self.address, 400),
            phone: platform::text::clean_line(&self.phone, 40),
        }
    }

    /// # Errors
    /// What is missing.
    pub fn check(&self) -> Result<(), Refusal> {
        self.faults().first().map_or(Ok(()), |refusal| Err(*refusal))
    }

    /// All that is missing.
    pub fn faults(&self) -> Vec<Refusal> {
        [(&self.name, Refusal::NoName), (&self.address, Refusal::NoAddress)]
            .into_iter()
            .filter(|(text, _)| is_blank(text))
            .map(|(_, refusal)| refusal)
            .collect()
    }
}

/// A formal request, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its thread.
    pub thread: ThreadId,
    /// `EZE-2026-000123`.
    pub reference: String,
    /// Who asks; `None` when the key is lost.
    pub applicant: Option<Applicant>,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// The last instant for the acknowledgement.
    pub ack_due_at: Timestamp,
    /// The last instant for the answer: silence has a meaning then.
    pub answer_due_at: Timestamp,
    /// When the acknowledgement was sent.
    pub acknowledged_at: Option<Timestamp>,
    /// When the answer was given.
    pub answered_at: Option<Timestamp>,
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Registered, the acknowledgement is to come.
    Registered,
    /// Acknowledged, the answer is to come.
    Acknowledged,
    /// Answered.
    Answered,
}

impl Request {
    /// How far it is.
    pub const fn step(&self) -> Step {
        if self.answered_at.is_some() {
            Step::Answered
        } else if self.acknowledged_at.is_some() {
            Step::Acknowledged
        } else {
            Step::Registered
        }
    }

    /// Whether something should have been done by now.
    pub fn is_late(&self, now: Timestamp) -> bool {
        match self.step() {
            Step::Registered => now > self.ack_due_at,
            Step::Acknowledged => now > self.answer_due_at,
            Step::Answered => false,
        }
    }
}

/// What it means when the town hall says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Silence {
    /// Refused (what the law says of most requests to communes).
    Refusal,
    /// Granted.
    Consent,
    /// Nothing: no decision is asked for.
    Nothing,
}

impl Silence {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Refusal, Self::Consent, Self::Nothing];

    /// In forms and words.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Refusal => "refusal",
            Self::Consent => "consent",
            Self::Nothing => "nothing",
        }
    }

    /// From a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|silence| silence.code() == code)
    }
}

/// The acknowledgement with the mentions of R.112-11-1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// The service in charge.
    pub service: String,
    /// Where it is reached.
    pub email: String,
    /// The same.
    pub phone: String,
    /// The same.
    pub address: String,
    /// What silence means.
    pub silence: Silence,
    /// What else the agent says.
    pub more: String,
}

impl Acknowledgement {
    /// # Errors
    /// [`Refusal::Unusable`] when the service, or a way to reach it, is missing.
    pub fn check(&self) -> Result<(), Refusal> {
        let reachable = [&self.email, &self.phone, &self.address]
            .iter()
            .any(|way| !is_blank(way));
        if is_blank(&self.service) || !reachable {
            Err(Refusal::Unusable)
        } else {
            Ok(())
        }
    }
}

/// `EZE-2026-000123`: the commune's name, the year where it lies, the number.
pub(crate) fn reference(slug: &str, year: i16, number: i64) -> String {
    format!("{}-{year}-{number:06}", slug.to_uppercase())
}

/// The day of an instant in a zone.
pub(crate) fn day(at: Timestamp, zone: &str) -> Date {
    at.in_zone(zone).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_over_the_telephone() {
        assert_eq!(reference("eze", 2026, 123), "EZE-2026-000123");
        assert_eq!(
            reference("saint-denis", 2026, 1_234_567),
            "SAINT-DENIS-2026-1234567"
        );
    }

    #[test]
    fn the_law_wants_name_and_address() {
        let mut who = Applicant {
            name: "Zoé Exemple".to_owned(),
            ..Applicant::default()
        };
        assert_eq!(who.check(), Err(Refusal::NoAddress));
        who.address = "12 rue du Barri\n06360 Èze".to_owned();
        assert_eq!(who.check(), Ok(()));
        who.name = " ".to_owned();
        assert_eq!(who.check(), Err(Refusal::NoName));
    }
}
