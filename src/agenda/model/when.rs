//! Clock time on the spot, and the instants it means.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use platform::Timestamp;

/// A date and time as clocks on the spot show it: `2026-11-28T09:30:00`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Local(String);

impl Local {
    /// As `jiff` knows it.
    pub fn civil(&self) -> DateTime {
        self.0.parse().unwrap_or_default()
    }

    /// As stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<DateTime> for Local {
    fn from(at: DateTime) -> Self {
        Self(at.strftime("%Y-%m-%dT%H:%M:%S").to_string())
    }
}

/// The instant that clocks in `zone` show as `at`. A time that a change of clocks skips is moved forward by as much
/// (RFC 5545 section 3.3.5); of one that happens twice it is the first.
pub fn instant(at: DateTime, zone: &str) -> Timestamp {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    match zone.to_ambiguous_zoned(at).compatible() {
        Ok(zoned) => zoned.timestamp().into(),
        Err(_) => Timestamp::default(),
    }
}

/// What clocks in `zone` show at an instant, without seconds.
pub fn local_of(at: Timestamp, zone: &str) -> DateTime {
    let local = at.in_zone(zone).datetime();
    local.date().at(local.hour(), local.minute(), 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighteen_hours_stay_eighteen_hours() {
        let at = |text: &str| instant(text.parse().unwrap(), "Europe/Paris").rfc3339();
        assert_eq!(at("2027-03-26T18:00:00"), "2027-03-26T17:00:00.000Z");
        assert_eq!(at("2027-03-29T18:00:00"), "2027-03-29T16:00:00.000Z");
        // 2 h 30 does not exist on the night the clocks go forward, and happens twice when they go back.
        assert_eq!(at("2027-03-28T02:30:00"), "2027-03-28T01:30:00.000Z");
        assert_eq!(at("2026-10-25T02:30:00"), "2026-10-25T00:30:00.000Z");
        assert_eq!(
            instant("2026-11-28T09:30:00".parse().unwrap(), "Indian/Reunion").rfc3339(),
            "2026-11-28T05:30:00.000Z"
        );
    }

    #[test]
    fn a_local_time_is_written_as_it_is_sorted() {
        let local = Local::from("2026-11-28T09:30".parse::<DateTime>().unwrap());
        assert_eq!(local.as_str(), "2026-11-28T09:30:00");
        assert_eq!(
            local_of(instant(local.civil(), "Europe/Paris"), "Europe/Paris"),
            local.civil()
        );
    }
}
