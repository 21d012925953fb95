//! What an answer means and how long to wait. Pure.

use std::time::Duration;

use platform::Timestamp;
use platform::http::RetryAfter;

/// The first pause of a lane after a failure; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(10);
/// The longest of these pauses.
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3600);
/// A server that has failed for so long is taken for dead: it is only probed.
const DEAD_AFTER: Duration = Duration::from_secs(7 * 24 * 3600);
/// How often a dead server is probed.
const PROBE: Duration = Duration::from_secs(12 * 3600);
/// However long a server asks us to wait, it is asked again after this.
const LONGEST_WISH: Duration = Duration::from_secs(7 * 24 * 3600);
/// Failures in a row for which a short `Retry-After` is taken at its word.
const TRUSTED_WISHES: i64 = 3;
/// The pauses of an inbox that does not let us in; after the last one the delivery is parked.
const HOLDS: [Duration; 4] = [
    Duration::from_secs(30),
    Duration::from_secs(5 * 60),
    Duration::from_secs(3600),
    Duration::from_secs(6 * 3600),
];
/// Failed attempts with 500 after which the next activity is tried, to tell a broken server from an activity
/// that it cannot digest.
pub(super) const POISON_AFTER: i64 = 12;
/// How long a signature scheme is remembered.
const SCHEME_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// What an answer means for the delivery and its lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Taken.
    Delivered,
    /// This activity will never be taken: it is given up, the next one may be.
    Refused,
    /// There is no such inbox: given up, and the actor is looked at.
    Missing,
    /// The inbox is gone for good: everything for it is given up, and the actor is looked at.
    Gone,
    /// This inbox does not let us in, perhaps because it could not read our key: tried a few times more,
    /// while the other inboxes of the server get theirs.
    Barred,
    /// The server cannot take anything now: the lane waits.
    Down,
    /// As [`Meaning::Down`], but it may be this activity that breaks it.
    Broken,
}

impl Meaning {
    /// By the status of the answer.
    pub(super) const fn of(status: u16) -> Self {
        match status {
            200..=299 => Self::Delivered,
            404 => Self::Missing,
            410 => Self::Gone,
            300..=399 | 401 | 403 | 407 => Self::Barred,
            408 | 421 | 425 | 429 => Self::Down,
            400..=499 => Self::Refused,
            500 | 501 => Self::Broken,
            _ => Self::Down,
        }
    }
}

/// How long a lane waits after its `failures`-th failure in a row. `chance` is below 1000.
pub(super) fn pause(
    failures: i64,
    failing_for: Duration,
    wish: Option<RetryAfter>,
    now: Timestamp,
    chance: u64,
) -> Duration {
    let own = if failing_for >= DEAD_AFTER {
        PROBE
    } else {
        let doubled = 1_u32 << failures.clamp(1, 16).saturating_sub(1);
        FIRST_PAUSE.saturating_mul(doubled).min(LONGEST_PAUSE)
    };
    let pause = match wish.map(|wish| wish.wait(now.to_jiff()).min(LONGEST_WISH)) {
        Some(wish) if failures <= TRUSTED_WISHES => wish.max(Duration::from_secs(1)),
        Some(wish) => wish.max(own),
        None => own,
    };
    with_jitter(pause, chance)
}

/// How long an inbox that barred us `attempts` times is held back; `None` when it was often enough.
pub(super) fn hold(attempts: i64, wish: Option<RetryAfter>, now: Timestamp, chance: u64) -> Option<Duration> {
    let own = HOLDS
        .get(usize::try_from(attempts.saturating_sub(1)).ok()?)
        .copied()?;
    let wish = wish.map_or(Duration::ZERO, |wish| wish.wait(now.to_jiff()).min(LONGEST_WISH));
    Some(with_jitter(own.max(wish), chance))
}

/// Up to a fifth more, so that what failed together does not come back together.
fn with_jitter(pause: Duration, chance: u64) -> Duration {
    let millis = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(millis.saturating_add(millis / 5000 * chance + millis % 5000 * chance / 5000))
}

/// Whether what is remembered of a server's signature scheme still counts.
pub(super) fn is_remembered(since: Option<Timestamp>, now: Timestamp) -> bool {
    since.is_some_and(|since| now.since(since) < SCHEME_FOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_419_000_000);

    fn secs(pause: Duration) -> u64 {
        pause.as_secs()
    }

    #[test]
    fn each_answer_has_its_meaning() {
        for (statuses, meaning) in [
            (&[200, 201, 202, 204][..], Meaning::Delivered),
            (&[400, 402, 405, 406, 413, 415, 422, 451], Meaning::Refused),
            (&[404], Meaning::Missing),
            (&[410], Meaning::Gone),
            (&[301, 302, 307, 308, 401, 403], Meaning::Barred),
            (&[408, 425, 429, 502, 503, 504, 520, 599], Meaning::Down),
            (&[500, 501], Meaning::Broken),
        ] {
            for status in statuses {
                assert_eq!(Meaning::of(*status), meaning, "{status}");
            }
        }
    }

    #[test]
    fn pauses_double_from_seconds_to_hours() {
        let wait = |failures| secs(pause(failures, Duration::ZERO, None, NOW, 0));
        assert_eq!([wait(1), wait(2), wait(3), wait(10)], [10, 20, 40, 5120]);
        assert_eq!([wait(13), wait(60), wait(i64::MAX)], [21600; 3]);
    }

    #[test]
    fn chance_adds_at_most_a_fifth() {
        let wait = |chance| pause(13, Duration::ZERO, None, NOW, chance).as_millis();
        assert_eq!(wait(0), 21_600_000);
        assert!(wait(999) > 25_900_000 && wait(999) < 25_920_000);
        assert_eq!(pause(1, Duration::ZERO, None, NOW, 500).as_millis(), 11_000);
    }

    #[test]
    fn the_dead_are_probed_twice_a_day() {
        let week = Duration::from_secs(7 * 86400);
        assert_eq!(secs(pause(40, week, None, NOW, 0)), 43200);
    }

    #[test]
    fn a_server_that_names_its_time_is_believed_within_reason() {
        let wish = |seconds| Some(RetryAfter::In(Duration::from_secs(seconds)));
        let wait = |failures, wish| secs(pause(failures, Duration::ZERO, wish, NOW, 0));
        assert_eq!(wait(1, wish(3)), 3);
        assert_eq!(wait(1, wish(7200)), 7200);
        assert_eq!(wait(1, wish(0)), 1);
        assert_eq!(wait(8, wish(3)), 1280);
        assert_eq!(wait(8, wish(7200)), 7200);
        assert_eq!(wait(1, wish(u64::MAX)), 7 * 86400);
        let at = RetryAfter::At(NOW.plus(Duration::from_secs(90)).to_jiff());
        assert_eq!(wait(1, Some(at)), 90);
        let past = RetryAfter::At(NOW.minus(Duration::from_secs(90)).to_jiff());
        assert_eq!(wait(1, Some(past)), 1);
    }

    #[test]
    fn a_closed_door_is_tried_five_times() {
        let holds: Vec<_> = (1..=5)
            .map(|attempts| hold(attempts, None, NOW, 0).map(secs))
            .collect();
        assert_eq!(holds, [Some(30), Some(300), Some(3600), Some(21600), None]);
    }

    #[test]
    fn a_scheme_is_remembered_for_a_week() {
        assert!(!is_remembered(None, NOW));
        assert!(is_remembered(Some(NOW), NOW.plus(Duration::from_secs(6 * 86400))));
        assert!(!is_remembered(
            Some(NOW),
            NOW.plus(Duration::from_secs(7 * 86400))
        ));
    }
}
