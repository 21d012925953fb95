//! How many wrong passwords one name may have.

use std::time::Duration;

use platform::Timestamp;

/// How many before the door is closed.
pub const MOST_ATTEMPTS: i64 = 5;

const MINUTE: u64 = 60;
/// After such a pause the count begins anew.
const PAUSE: Duration = Duration::from_secs(15 * MINUTE);
/// After such a pause the closures are forgotten too.
const LONG_PAUSE: Duration = Duration::from_secs(24 * 60 * MINUTE);

/// The wrong passwords for one name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attempts {
    /// Since the last closure.
    pub failures: i64,
    /// Closures in a row.
    pub closures: i64,
    /// Nothing is looked at before.
    pub closed_till: Timestamp,
    /// The last attempt.
    pub changed_at: Timestamp,
}

impl Attempts {
    /// Counts one more before it is looked at: many at once are no more than many in a row.
    ///
    /// # Errors
    /// The minutes to wait when the door is closed; then nothing is counted.
    pub fn one_more(self, now: Timestamp) -> Result<Self, i64> {
        if now < self.closed_till {
            return Err(self.minutes_closed(now));
        }
        let pause = now.since(self.changed_at);
        let failures = if pause >= PAUSE { 1 } else { self.failures + 1 };
        let closures = if pause >= LONG_PAUSE { 0 } else { self.closures };
        Ok(if failures >= MOST_ATTEMPTS {
            Self {
                failures: 0,
                closures: closures + 1,
                closed_till: now.plus(closure(closures)),
                changed_at: now,
            }
        } else {
            Self {
                failures,
                closures,
                closed_till: self.closed_till,
                changed_at: now,
            }
        })
    }

    /// How many are left, once this one was counted and was wrong.
    pub fn left(self, now: Timestamp) -> i64 {
        if now < self.closed_till {
            0
        } else {
            MOST_ATTEMPTS - self.failures
        }
    }

    /// For how many minutes more the door is closed.
    pub fn minutes_closed(self, now: Timestamp) -> i64 {
        let seconds = self.closed_till.since(now).as_secs();
        i64::try_from(seconds.div_ceil(MINUTE)).unwrap_or(i64::MAX)
    }
}

/// 15 minutes, then 30, then an hour, at most four.
fn closure(before: i64) -> Duration {
    let doubled = 1 << before.clamp(0, 4);
    Duration::from_secs(15 * MINUTE * doubled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(n: u64) -> Timestamp {
        Timestamp::from_millis(1_000_000_000).plus(Duration::from_secs(n * MINUTE))
    }

    fn wrong(attempts: Attempts, times: usize, now: Timestamp) -> Attempts {
        (0..times).fold(attempts, |attempts, _| attempts.one_more(now).unwrap())
    }

    #[test]
    fn five_wrong_ones_close_the_door_for_a_while() {
        let four = wrong(Attempts::default(), 4, minutes(0));
        assert_eq!(four.left(minutes(0)), 1);
        let five = wrong(four, 1, minutes(0));
        assert_eq!(five.left(minutes(0)), 0);
        assert_eq!(five.one_more(minutes(0)), Err(15));
        assert_eq!(five.one_more(minutes(14)), Err(1));
        assert_eq!(five.one_more(minutes(15)).unwrap().left(minutes(15)), 4);
    }

    #[test]
    fn each_closure_lasts_longer() {
        let once = wrong(Attempts::default(), 5, minutes(0));
        let twice = wrong(once, 5, minutes(15));
        assert_eq!(twice.one_more(minutes(15)), Err(30));
        let many = (0..20).fold(twice, |attempts, n| wrong(attempts, 5, minutes(1000 + n * 240)));
        assert_eq!(many.minutes_closed(minutes(1000 + 19 * 240)), 240);
        let forgotten = wrong(many, 5, minutes(9000));
        assert_eq!(forgotten.one_more(minutes(9000)), Err(15));
    }

    #[test]
    fn a_pause_gives_all_attempts_back() {
        let four = wrong(Attempts::default(), 4, minutes(0));
        assert_eq!(four.one_more(minutes(14)).unwrap().left(minutes(14)), 0);
        assert_eq!(four.one_more(minutes(15)).unwrap().left(minutes(15)), 4);
    }
}
