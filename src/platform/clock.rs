//! Time: the wall clock in production, a clock the test sets in tests.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// An instant: milliseconds since 1970 in UTC, as stored in every `*_at` column.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, sqlx::Type,
)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970 (negative before).
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, as signatures and HTTP count.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The instant `span` later, at most the end of time.
    pub fn plus(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// The instant `span` earlier.
    pub fn minus(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// How long after `earlier` this is; zero if it is not.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// As `jiff` knows it; the ends of time are clamped.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// The local date and time in the named zone (`Europe/Paris`); UTC for an unknown name.
    pub fn in_zone(self, zone: &str) -> jiff::Zoned {
        self.to_jiff()
            .to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
    }

    /// RFC 3339 in UTC with milliseconds: `2026-11-23T07:30:00.000Z`.
    pub fn rfc3339(self) -> String {
        format!("{:.3}", self.to_jiff())
    }

    /// Reads RFC 3339, any offset. `None` when it is not one.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        text.trim().parse::<jiff::Timestamp>().ok().map(Self::from)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(value: jiff::Timestamp) -> Self {
        Self(value.as_millisecond())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

/// Where `now` comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until a test moves it (milliseconds since 1970).
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A stopped clock.
    pub fn fixed(at: Timestamp) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.as_millis())))
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the one place that reads the clock"
            )]
            Self::System => jiff::Timestamp::now().into(),
            Self::Fixed(millis) => Timestamp(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a stopped clock forward; does nothing to the machine's clock.
    pub fn advance(&self, span: Duration) {
        if let Self::Fixed(millis) = self {
            millis.fetch_add(i64::try_from(span.as_millis()).unwrap_or(0), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_utc_with_milliseconds() {
        let at = Timestamp::parse_rfc3339("2026-11-23T08:30:00+01:00").unwrap();
        assert_eq!(at.rfc3339(), "2026-11-23T07:30:00.000Z");
        assert_eq!(
            at.plus(Duration::from_millis(5)).rfc3339(),
            "2026-11-23T07:30:00.005Z"
        );
    }

    #[test]
    fn the_overseas_zones_are_in_the_program() {
        let at = Timestamp::parse_rfc3339("2026-11-23T08:30:00Z").unwrap();
        assert_eq!(at.in_zone("Indian/Reunion").hour(), 12);
        assert_eq!(at.in_zone("Pacific/Tahiti").day(), 22);
    }
}
