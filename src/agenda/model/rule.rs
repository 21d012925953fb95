//! How an event comes again: the rules of RFC 5545 from once a day upward.

use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarFrequency, ICalendarProperty, ICalendarRecurrenceRule, ICalendarValue,
};
use calcard::{Entry, Parser};
use jiff::civil::{DateTime, Weekday};

use super::{EventRefusal, instant};

/// The longest rule kept, in characters.
const LONGEST_RULE: usize = 300;
/// Dates looked at from the first one on: 30 years of days.
const MOST_LOOKED_AT: usize = 11_000;

/// How often something comes again, before the details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// Every so many days.
    Daily,
    /// Every so many weeks.
    Weekly,
    /// Every so many months.
    Monthly,
    /// Every so many years.
    Yearly,
}

impl Frequency {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Daily, Self::Weekly, Self::Monthly, Self::Yearly];

    /// In the form and in words' keys (`agenda-every-…`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Yearly => "yearly",
        }
    }

    /// From the form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A day that a rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDay {
    /// A weekday; of a month the first, second …, or the last (-1).
    Weekday(Option<i8>, Weekday),
    /// A day of the month.
    Date(i8),
}

impl OnDay {
    pub(crate) fn read(name: &str, value: &str) -> Option<Self> {
        if name == "BYMONTHDAY" {
            let day = value.parse().ok().filter(|day| (1..=31).contains(day))?;
            return Some(Self::Date(day));
        }
        let (which, code) = value.split_at_checked(value.len().checked_sub(2)?)?;
        let codes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let at = codes.into_iter().zip(0i8..).find(|(one, _)| *one == code)?.1;
        let which = match which {
            "" => None,
            text => Some(text.parse().ok().filter(|n| matches!(n, -1 | 1..=5))?),
        };
        Some(Self::Weekday(which, Weekday::from_monday_zero_offset(at).ok()?))
    }
}

/// How an event comes again. `rule` is the value of an `RRULE` without its `UNTIL`, which is clock time on the spot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence {
    /// `FREQ=WEEKLY;BYDAY=MO`.
    pub rule: String,
    /// The last moment at which it may begin.
    pub until: Option<DateTime>,
}

impl Recurrence {
    /// Reads the value of an `RRULE`; `zone` is where its clock times are, since `UNTIL` is an instant there.
    ///
    /// # Errors
    /// [`EventRefusal::RuleImpossible`] for what is no rule, or comes more often than daily.
    pub fn read(rule: &str, zone: &str) -> Result<Self, EventRefusal> {
        if rule.len() > LONGEST_RULE || rule.contains(['\r', '\n']) {
            return Err(EventRefusal::RuleImpossible);
        }
        let parsed = parse(rule).ok_or(EventRefusal::RuleImpossible)?;
        Self::of(parsed, zone)
    }

    /// Takes a rule that was read from a file.
    ///
    /// # Errors
    /// As [`Recurrence::read`].
    pub fn of(mut parsed: ICalendarRecurrenceRule, zone: &str) -> Result<Self, EventRefusal> {
        let often = !matches!(
            parsed.freq,
            ICalendarFrequency::Daily
                | ICalendarFrequency::Weekly
                | ICalendarFrequency::Monthly
                | ICalendarFrequency::Yearly
        );
        let by_hour = !(parsed.byhour.is_empty() && parsed.byminute.is_empty() && parsed.bysecond.is_empty());
        if often
            || by_hour
            || parsed.interval == Some(0)
            || parsed.count == Some(0)
            || parsed.rscale.is_some()
        {
            return Err(EventRefusal::RuleImpossible);
        }
        let until = match parsed.until.take() {
            None => None,
            Some(until) => {
                let at = civil(&until).ok_or(EventRefusal::RuleImpossible)?;
                Some(if until.has_zone() {
                    let shift =
                        i64::from(until.tz_hour.unwrap_or(0)) * 60 + i64::from(until.tz_minute.unwrap_or(0));
                    let shift = if until.tz_minus { -shift } else { shift };
                    let utc = instant(at, "UTC").as_millis() - shift * 60_000;
                    platform::Timestamp::from_millis(utc).in_zone(zone).datetime()
                } else if until.has_time() {
                    at
                } else {
                    at.date().at(23, 59, 59, 0)
                })
            }
        };
        let rule = parsed.to_string();
        if rule.len() > LONGEST_RULE {
            return Err(EventRefusal::RuleImpossible);
        }
        Ok(Self { rule, until })
    }

    /// As stored; empty means that it happens once.
    pub fn stored(rule: &str, until: Option<DateTime>) -> Option<Self> {
        (!rule.is_empty()).then(|| Self {
            rule: rule.to_owned(),
            until,
        })
    }

    /// The value of an `RRULE` in a calendar file: `UNTIL` in UTC, or a date for whole days (RFC 5545, 3.3.10).
    pub fn value(&self, zone: &str, all_day: bool) -> String {
        match self.until {
            None => self.rule.clone(),
            Some(until) if all_day => format!("{};UNTIL={}", self.rule, until.strftime("%Y%m%d")),
            Some(until) => {
                let at = instant(until, zone).in_zone("UTC");
                format!("{};UNTIL={}", self.rule, at.strftime("%Y%m%dT%H%M%SZ"))
            }
        }
    }

    /// How often, and every how many, for words.
    pub fn frequency(&self) -> Option<(Frequency, i64)> {
        let parsed = parse(&self.rule)?;
        let frequency = match parsed.freq {
            ICalendarFrequency::Daily => Frequency::Daily,
            ICalendarFrequency::Weekly => Frequency::Weekly,
            ICalendarFrequency::Monthly => Frequency::Monthly,
            ICalendarFrequency::Yearly => Frequency::Yearly,
            _ => return None,
        };
        Some((frequency, i64::from(parsed.interval.unwrap_or(1))))
    }

    /// The days that it names, for words; none when it says more than a list of days can.
    pub fn days(&self) -> Vec<OnDay> {
        let (mut days, mut frequency) = (Vec::new(), "");
        for (name, value) in self.rule.split(';').filter_map(|part| part.split_once('=')) {
            match name {
                "FREQ" => frequency = value,
                "BYDAY" | "BYMONTHDAY" if days.is_empty() => {
                    let read: Option<Vec<OnDay>> =
                        value.split(',').map(|one| OnDay::read(name, one)).collect();
                    match read {
                        Some(read) => days = read,
                        None => return Vec::new(),
                    }
                }
                "INTERVAL" | "COUNT" | "WKST" => {}
                _ => return Vec::new(),
            }
        }
        let fits = |day: &OnDay| match day {
            OnDay::Weekday(None, _) => frequency == "WEEKLY",
            OnDay::Weekday(Some(_), _) | OnDay::Date(_) => frequency == "MONTHLY",
        };
        if days.iter().all(fits) { days } else { Vec::new() }
    }

    /// When it begins, in clock time on the spot: `first`, and what the rule gives after it up to `horizon`, from
    /// `from` on; at most `most` of them. No two are on one day.
    pub fn dates(&self, first: DateTime, from: DateTime, horizon: DateTime, most: usize) -> Vec<DateTime> {
        let text = format!(
            "BEGIN:VEVENT\r\nDTSTART:{}\r\nRRULE:{}\r\nEND:VEVENT\r\n",
            first.strftime("%Y%m%dT%H%M%S"),
            self.rule
        );
        let expanded = match Parser::new(&text).entry() {
            Entry::ICalendar(calendar) => calendar.expand_dates(Tz::Floating, MOST_LOOKED_AT).events,
            _ => Vec::new(),
        };
        let generated = expanded.into_iter().filter_map(|event| {
            let seconds = event.start.naive_local().and_utc().timestamp();
            let at = jiff::Timestamp::from_second(seconds).ok()?;
            Some(at.to_zoned(jiff::tz::TimeZone::UTC).datetime())
        });
        let last = self.until.map_or(horizon, |until| until.min(horizon));
        let mut dates: Vec<DateTime> = std::iter::once(first)
            .chain(generated.filter(|at| *at <= last))
            .filter(|at| *at >= from)
            .collect();
        dates.sort_unstable();
        dates.dedup_by_key(|at| at.date());
        dates.truncate(most);
        dates
    }
}

fn parse(rule: &str) -> Option<ICalendarRecurrenceRule> {
    let text = format!("BEGIN:VEVENT\r\nRRULE:{rule}\r\nEND:VEVENT\r\n");
    let Entry::ICalendar(ICalendar { components }) = Parser::new(&text).entry() else {
        return None;
    };
    let entry = components.first()?.property(&ICalendarProperty::Rrule)?;
    match entry.values.first()? {
        ICalendarValue::RecurrenceRule(rule) => Some((**rule).clone()),
        _ => None,
    }
}

/// A date, or date and time, of a calendar file, without its zone.
pub(crate) fn civil(at: &calcard::common::PartialDateTime) -> Option<DateTime> {
    let number = |value: Option<u8>| i8::try_from(value?).ok();
    let date =
        jiff::civil::Date::new(i16::try_from(at.year?).ok()?, number(at.month)?, number(at.day)?).ok()?;
    let hour = number(at.hour).unwrap_or(0);
    let minute = number(at.minute).unwrap_or(0);
    let second = number(at.second).unwrap_or(0).min(59);
    let time = jiff::civil::Time::new(hour, minute, second, 0).ok()?;
    Some(date.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().unwrap()
    }

    fn dates(rule: &str, first: &str, horizon: &str) -> Vec<String> {
        Recurrence::read(rule, "Europe/Paris")
            .unwrap()
            .dates(at(first), at(first), at(horizon), 100)
            .iter()
            .map(|one| one.strftime("%Y-%m-%d %H:%M").to_string())
            .collect()
    }

    #[test]
    fn a_weekly_meeting_stays_at_its_hour_over_the_change_of_clocks() {
        assert_eq!(
            dates("FREQ=WEEKLY;BYDAY=FR", "2027-03-19T18:00", "2027-04-09T23:00"),
            [
                "2027-03-19 18:00",
                "2027-03-26 18:00",
                "2027-04-02 18:00",
                "2027-04-09 18:00"
            ]
        );
    }

    #[test]
    fn the_usual_rules_of_a_town_hall() {
        assert_eq!(
            dates("FREQ=MONTHLY;BYDAY=-1TH", "2026-11-26T18:30", "2027-02-28T00:00"),
            [
                "2026-11-26 18:30",
                "2026-12-31 18:30",
                "2027-01-28 18:30",
                "2027-02-25 18:30"
            ]
        );
        assert_eq!(
            dates(
                "FREQ=MONTHLY;BYMONTHDAY=31",
                "2026-12-31T10:00",
                "2027-06-01T00:00"
            ),
            [
                "2026-12-31 10:00",
                "2027-01-31 10:00",
                "2027-03-31 10:00",
                "2027-05-31 10:00"
            ]
        );
        assert_eq!(
            dates(
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=4",
                "2026-11-23T09:00",
                "2028-01-01T00:00"
            ),
            [
                "2026-11-23 09:00",
                "2026-11-26 09:00",
                "2026-12-07 09:00",
                "2026-12-10 09:00"
            ]
        );
        assert_eq!(
            dates("FREQ=YEARLY", "2024-02-29T09:00", "2033-01-01T00:00"),
            ["2024-02-29 09:00", "2028-02-29 09:00", "2032-02-29 09:00"]
        );
    }

    #[test]
    fn the_end_is_an_instant_and_counts_on_the_spot() {
        // 22:59:59Z on the 30th is 23:59:59 in Paris: the meeting of the 30th takes place.
        assert_eq!(
            dates(
                "FREQ=DAILY;UNTIL=20261130T225959Z",
                "2026-11-29T23:30",
                "2027-01-01T00:00"
            ),
            ["2026-11-29 23:30", "2026-11-30 23:30"]
        );
        assert_eq!(
            dates(
                "FREQ=DAILY;UNTIL=20261130",
                "2026-11-29T18:00",
                "2027-01-01T00:00"
            )
            .len(),
            2
        );
        let rule = Recurrence::read("FREQ=DAILY;UNTIL=20261130T225959Z", "Europe/Paris").unwrap();
        assert_eq!(rule.rule, "FREQ=DAILY");
        assert_eq!(
            rule.value("Europe/Paris", false),
            "FREQ=DAILY;UNTIL=20261130T225959Z"
        );
        assert_eq!(rule.value("Europe/Paris", true), "FREQ=DAILY;UNTIL=20261130");
    }

    #[test]
    fn what_is_no_rule_or_too_often_is_refused() {
        for rule in [
            "",
            "FREQ=SECONDLY",
            "FREQ=HOURLY",
            "FREQ=DAILY;BYHOUR=1,2,3",
            "FREQ=NEVER",
            "FREQ=DAILY\r\nX:Y",
            &format!("FREQ=DAILY;BYMONTH={}", "1,".repeat(300)),
        ] {
            let read = Recurrence::read(rule, "Europe/Paris");
            assert_eq!(read, Err(EventRefusal::RuleImpossible), "{rule}: {read:?}");
        }
    }

    #[test]
    fn a_rule_that_never_comes_true_ends() {
        let never = Recurrence::read("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "Europe/Paris").unwrap();
        assert_eq!(
            never.dates(
                at("2026-11-23T09:00"),
                at("2026-11-23T09:00"),
                at("9000-01-01T00:00"),
                10
            ),
            [at("2026-11-23T09:00")]
        );
        let far = Recurrence::read("FREQ=YEARLY;INTERVAL=30000", "Europe/Paris").unwrap();
        assert_eq!(
            far.dates(
                at("2026-11-23T09:00"),
                at("2026-11-23T09:00"),
                at("9000-01-01T00:00"),
                10
            )
            .len(),
            1
        );
    }
}
