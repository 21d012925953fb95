//! Counts, and when they may be shown: never of fewer than five ballots, and renewed only when five more are in.

use super::Ballot;

/// Fewer ballots than this are not counted for anybody: in a small place a number is a person.
pub const FEWEST: i64 = 5;

/// Whether, with `shown` ballots in the counts that are shown, `fresh` more make a new state. Large polls are
/// renewed in larger steps, so that mixing the box stays cheap.
pub const fn is_due(shown: i64, fresh: i64) -> bool {
    let step = shown / 100;
    fresh >= if step > FEWEST { step } else { FEWEST }
}

/// One choice and what it was given.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OptionCount {
    /// Its place, from 0.
    pub position: i64,
    /// Its words.
    pub words: String,
    /// Ballots that tick it, among those that may be shown.
    pub ballots: i64,
    /// Paper ballots that tick it.
    pub paper: i64,
}

/// Counts that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Ballots in them.
    pub ballots: i64,
    /// Who could vote then.
    pub eligible: i64,
    /// By choice, in order.
    pub counts: Vec<i64>,
}

impl Tally {
    /// Of no ballot.
    pub fn empty(options: usize) -> Self {
        Self {
            ballots: 0,
            eligible: 0,
            counts: vec![0; options],
        }
    }

    /// Counts one more.
    pub fn add(&mut self, ballot: &Ballot) {
        self.ballots += 1;
        for at in ballot.choices.positions() {
            if let Some(count) = self.counts.get_mut(at) {
                *count += 1;
            }
        }
    }

    /// Whether there is enough to be shown.
    pub const fn is_enough(&self) -> bool {
        self.ballots >= FEWEST
    }

    /// In a thousand of the ballots; 0 without any.
    pub fn share(&self, count: i64) -> i64 {
        per_mille(count, self.ballots)
    }

    /// How many in a thousand took part.
    pub fn turnout(&self) -> i64 {
        per_mille(self.ballots, self.eligible.max(self.ballots))
    }
}

fn per_mille(part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        0
    } else {
        (part * 2000 + whole) / (whole * 2)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Choices;
    use super::*;

    #[test]
    fn five_make_a_state_and_large_polls_take_larger_steps() {
        assert!(!is_due(0, 4) && is_due(0, 5));
        assert!(!is_due(5, 4) && is_due(5, 5) && is_due(599, 5));
        assert!(!is_due(1_000, 9) && is_due(1_000, 10));
    }

    #[test]
    fn ballots_are_counted_by_choice_and_shared_by_ballot() {
        let ballot = |text: &str| Ballot {
            choices: Choices::read(text).unwrap(),
            serial: [0; 32],
            randomizer: [0; 32],
            signature: Vec::new(),
        };
        let mut tally = Tally::empty(3);
        for text in ["0", "0,1", "1", "0"] {
            tally.add(&ballot(text));
        }
        assert_eq!(tally.counts, [3, 2, 0]);
        assert!(!tally.is_enough());
        tally.add(&ballot("2"));
        assert!(tally.is_enough());
        tally.eligible = 12;
        assert_eq!((tally.share(3), tally.turnout()), (600, 417));
        // Somebody may have left since.
        tally.eligible = 3;
        assert_eq!(tally.turnout(), 1000);
        assert_eq!(Tally::empty(2).share(0), 0);
    }
}
