//! A poll and what may be asked.

use std::time::Duration;

use discussion::CommentMode;
use federation::ActorId;
use platform::text::is_blank;
use platform::{Timestamp, id_type};

use super::PollRefusal;

id_type!(
    /// An anonymous poll.
    PollId
);

/// The longest question, in characters.
pub const LONGEST_QUESTION: usize = 200;
/// The longest text under it.
pub const LONGEST_TEXT: usize = 3000;
/// The longest choice of an anonymous poll.
pub const LONGEST_OPTION: usize = 100;
/// The longest choice of a public opinion: other servers show no more.
const LONGEST_OPINION_OPTION: usize = 50;
/// Choices of a poll.
pub const MOST_OPTIONS: usize = 12;
/// The shortest time a poll runs.
const SHORTEST: Duration = Duration::from_secs(5 * 60);
/// The longest.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// Where a poll stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollState {
    /// Votes are taken until its end.
    Open,
    /// Counted.
    Closed,
    /// Taken back by the town hall; nothing was counted.
    Withdrawn,
}

impl PollState {
    /// In the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// From the database.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Open, Self::Closed, Self::Withdrawn]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

platform::coded!(PollState);

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genre {
    /// Blind-signed ballots.
    Anonymous,
    /// A public opinion: a `Question` for everybody, not anonymous.
    Opinion,
}

impl Genre {
    /// In forms and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Anonymous => "anonyme",
            Self::Opinion => "avis",
        }
    }

    /// From a form.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Anonymous, Self::Opinion]
            .into_iter()
            .find(|genre| genre.code() == code)
    }

    const fn longest_option(self) -> usize {
        match self {
            Self::Anonymous => LONGEST_OPTION,
            Self::Opinion => LONGEST_OPINION_OPTION,
        }
    }
}

/// An anonymous poll as stored, its keys left out.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Poll {
    /// Row id.
    pub id: PollId,
    /// ActivityPub id of its announcement.
    pub uri: String,
    /// INSEE code.
    pub commune: String,
    /// The mayor's office.
    pub actor_id: ActorId,
    /// Who opened it for the office.
    pub account_id: Option<i64>,
    /// "Prénom Nom, maire (2026-2032)", as it was then.
    pub byline: String,
    /// Opened by a delegate.
    pub delegated: bool,
    /// What is asked.
    pub question: String,
    /// More about it, as typed.
    pub source: String,
    /// The same as shown.
    pub html: String,
    /// BCP 47.
    pub language: String,
    /// Several choices on one ballot.
    pub multiple: bool,
    /// Only those whom the town hall knows to live here.
    pub verified_only: bool,
    /// Its rule for comments.
    pub comment_mode: CommentMode,
    /// Where it stands.
    pub state: PollState,
    /// Moderators took it from sight.
    pub hidden: bool,
    /// SubjectPublicKeyInfo of the key that signs its ballots.
    pub public_key: Vec<u8>,
    /// Since when votes are taken.
    pub opened_at: Timestamp,
    /// Until when.
    pub closes_at: Timestamp,
    /// When it was counted.
    pub closed_at: Option<Timestamp>,
    /// Ballots in the counts that may be shown.
    pub shown_ballots: i64,
    /// Who could vote, when they were made.
    pub shown_eligible: i64,
    /// Ballots given out, known once it is closed.
    pub signatures: i64,
    /// Ballots that could not be read when it was counted.
    pub unreadable: i64,
    /// Ballots on paper, counted by the town hall.
    pub paper_ballots: i64,
    /// When they were entered last.
    pub paper_at: Option<Timestamp>,
    /// The office's proof of the published list (JSON).
    pub list_proof: Option<String>,
    /// The office's proof of the published register (JSON).
    pub register_proof: Option<String>,
}

impl Poll {
    /// Whether a vote is taken at this instant: up to the end, and not at it.
    pub fn takes_votes(&self, now: Timestamp) -> bool {
        self.state == PollState::Open && !self.hidden && now < self.closes_at
    }

    /// Whether everybody may read it.
    pub fn is_out(&self) -> bool {
        self.state != PollState::Withdrawn && !self.hidden
    }

    /// Whether its counts may be shown to everybody.
    pub const fn is_counted(&self) -> bool {
        matches!(self.state, PollState::Closed)
    }
}

/// A poll as its author wants it, from whichever door.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPoll {
    /// Which of the two.
    pub genre: Genre,
    /// What is asked.
    pub question: String,
    /// More about it.
    pub source: String,
    /// The choices, in order.
    pub options: Vec<String>,
    /// Several choices may be ticked.
    pub multiple: bool,
    /// Only verified residents.
    pub verified_only: bool,
    /// BCP 47.
    pub language: String,
    /// Its rule for comments.
    pub comment_mode: CommentMode,
    /// Until when; `None` when what was typed is no moment.
    pub closes_at: Option<Timestamp>,
}

impl NewPoll {
    /// The choices as they will be shown.
    pub fn clean_options(&self) -> Vec<String> {
        self.options
            .iter()
            .map(|option| platform::text::clean_line(option, LONGEST_OPTION + 1))
            .filter(|option| !is_blank(option))
            .collect()
    }

    /// All that is wrong with it.
    pub fn refusals(&self, now: Timestamp) -> Vec<PollRefusal> {
        let mut all = Vec::new();
        let question = self.question.trim();
        if is_blank(question) {
            all.push(PollRefusal::NoQuestion);
        } else if question.chars().count() > LONGEST_QUESTION {
            all.push(PollRefusal::QuestionTooLong);
        }
        if self.source.chars().count() > LONGEST_TEXT {
            all.push(PollRefusal::TextTooLong);
        }
        let options = self.clean_options();
        if options.len() < 2 {
            all.push(PollRefusal::TooFewOptions);
        } else if options.len() > MOST_OPTIONS {
            all.push(PollRefusal::TooManyOptions);
        }
        if options
            .iter()
            .any(|option| option.chars().count() > self.genre.longest_option())
        {
            all.push(PollRefusal::OptionTooLong);
        }
        let folded: std::collections::BTreeSet<String> =
            options.iter().map(|option| option.to_lowercase()).collect();
        if folded.len() < options.len() {
            all.push(PollRefusal::SameOptions);
        }
        match self.closes_at {
            Some(at) if at >= now.plus(SHORTEST) && at <= now.plus(LONGEST) => {}
            _ => all.push(PollRefusal::WhenImpossible),
        }
        all
    }
}

/// The instant at which a poll ends that was said to end at this minute on the spot. A minute that a change of
/// clocks skips is moved forward by what was skipped; of one that comes twice it is the first.
pub fn close_instant(date: &str, time: &str, zone: &str) -> Option<Timestamp> {
    let date: jiff::civil::Date = date.parse().ok()?;
    let time = jiff::civil::Time::strptime("%H:%M", time.get(..5).unwrap_or(time)).ok()?;
    Some(date.to_datetime(time).in_tz(zone).ok()?.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_419_000_000);

    fn poll() -> NewPoll {
        NewPoll {
            genre: Genre::Anonymous,
            question: "Une piste cyclable ?".to_owned(),
            source: String::new(),
            options: vec!["Oui".to_owned(), "Non".to_owned(), "  ".to_owned()],
            multiple: false,
            verified_only: false,
            language: "fr".to_owned(),
            comment_mode: CommentMode::Open,
            closes_at: Some(NOW.plus(Duration::from_secs(86_400))),
        }
    }

    #[test]
    fn a_good_poll_passes_and_empty_fields_are_no_choices() {
        assert_eq!(poll().refusals(NOW), []);
        assert_eq!(poll().clean_options(), ["Oui", "Non"]);
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let bad = NewPoll {
            question: " ".to_owned(),
            options: vec!["Oui".to_owned(), "oui ".to_owned(), "x".repeat(101)],
            closes_at: Some(NOW),
            ..poll()
        };
        assert_eq!(
            bad.refusals(NOW),
            [
                PollRefusal::NoQuestion,
                PollRefusal::OptionTooLong,
                PollRefusal::SameOptions,
                PollRefusal::WhenImpossible
            ]
        );
        let short = NewPoll {
            options: vec!["Oui".to_owned()],
            closes_at: None,
            ..poll()
        };
        assert_eq!(
            short.refusals(NOW),
            [PollRefusal::TooFewOptions, PollRefusal::WhenImpossible]
        );
        let many = NewPoll {
            options: (0..13).map(|n| n.to_string()).collect(),
            ..poll()
        };
        assert_eq!(many.refusals(NOW), [PollRefusal::TooManyOptions]);
        let opinion = NewPoll {
            genre: Genre::Opinion,
            options: vec!["Oui".to_owned(), "n".repeat(51)],
            ..poll()
        };
        assert_eq!(opinion.refusals(NOW), [PollRefusal::OptionTooLong]);
    }

    #[test]
    fn the_end_is_the_minute_on_the_spot_over_both_changes_of_clocks() {
        let at = |date, time, zone| close_instant(date, time, zone).unwrap().rfc3339();
        let paris = "Europe/Paris";
        assert_eq!(at("2026-10-24", "20:00", paris), "2026-10-24T18:00:00.000Z");
        assert_eq!(at("2026-10-25", "20:00", paris), "2026-10-25T19:00:00.000Z");
        assert_eq!(at("2027-03-27", "20:00", paris), "2027-03-27T19:00:00.000Z");
        assert_eq!(at("2027-03-28", "20:00", paris), "2027-03-28T18:00:00.000Z");
        // 2 h 30 does not exist on that night, and exists twice on the other.
        assert_eq!(at("2027-03-28", "02:30", paris), "2027-03-28T01:30:00.000Z");
        assert_eq!(at("2026-10-25", "02:30", paris), "2026-10-25T00:30:00.000Z");
        assert_eq!(
            at("2026-12-01", "20:00", "Indian/Reunion"),
            "2026-12-01T16:00:00.000Z"
        );
        assert_eq!(close_instant("2026-02-30", "20:00", paris), None);
        assert_eq!(close_instant("2026-02-20", "25:00", paris), None);
    }
}
