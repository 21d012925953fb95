//! The working-day clock of French administrations: Monday to Friday without the public holidays of the place.
//!
//! The crate `jours-feries` (0.1.1) is a list of dates of mainland France that ends in 2028, without Alsace-Moselle and
//! without any overseas calendar; so the rule stands here, and the tests hold it against two lists that others made.

use std::time::Duration;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};
use platform::Timestamp;

/// The public holidays of a département or collectivity (`67`, `972`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar<'a> {
    department: &'a str,
}

/// Easter Sunday of a year (Meeus, Jones and Butcher).
#[expect(
    clippy::many_single_char_names,
    reason = "the letters under which the rule was published"
)]
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year as i16, month as i8, day as i8).unwrap_or(date(1970, 3, 29))
}

impl<'a> Calendar<'a> {
    /// That of a département or collectivity.
    pub const fn of(department: &'a str) -> Self {
        Self { department }
    }

    /// Its public holidays in a year.
    pub fn holidays(&self, year: i16) -> Vec<Date> {
        let easter = easter(year);
        let after = |days: i64| easter.saturating_add(days.days());
        let mut days: Vec<Date> = [
            (1, 1),
            (5, 1),
            (5, 8),
            (7, 14),
            (8, 15),
            (11, 1),
            (11, 11),
            (12, 25),
        ]
        .into_iter()
        .filter_map(|(month, day)| Date::new(year, month, day).ok())
        .collect();
        // Easter Monday, Ascension, Whit Monday.
        days.extend([after(1), after(39), after(50)]);
        let on = |month, day| Date::new(year, month, day).ok();
        match self.department {
            // Good Friday where there is a Protestant church: nearly everywhere, and a delay too long by a day does
            // nobody wrong.
            "57" | "67" | "68" => days.extend([Some(after(-2)), on(12, 26)].into_iter().flatten()),
            // The abolition of slavery.
            "971" => days.extend(on(5, 27)),
            "972" => days.extend(on(5, 22)),
            "973" => days.extend(on(6, 10)),
            "974" => days.extend(on(12, 20)),
            "976" => days.extend(on(4, 27)),
            "977" => days.extend(on(10, 9)),
            "978" => days.extend(on(5, if year >= 2018 { 28 } else { 27 })),
            // Saint Peter Chanel, Peter and Paul, the Territory.
            "986" => days.extend([on(4, 28), on(6, 29), on(7, 29)].into_iter().flatten()),
            // The Gospel, Good Friday, and since 2025 Matari’i in the place of Autonomy.
            "987" => {
                days.extend([on(3, 5), Some(after(-2))].into_iter().flatten());
                days.extend(if year >= 2025 { on(11, 20) } else { on(6, 29) });
            }
            "988" => days.extend(on(9, 24)),
            _ => {}
        }
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Whether offices are open: neither weekend nor holiday.
    pub fn is_working(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            && !self.holidays(day.year()).contains(&day)
    }

    /// The day itself or the first working day after it.
    pub fn or_next_working(&self, mut day: Date) -> Date {
        while !self.is_working(day) {
            day = day.saturating_add(1.day());
        }
        day
    }

    /// So many working days after a day, which does not count.
    pub fn after_working(&self, mut day: Date, count: i64) -> Date {
        for _ in 0..count {
            day = self.or_next_working(day.saturating_add(1.day()));
        }
        day
    }

    /// So many working days before a day.
    pub fn before_working(&self, mut day: Date, count: i64) -> Date {
        for _ in 0..count {
            day = day.saturating_sub(1.day());
            while !self.is_working(day) {
                day = day.saturating_sub(1.day());
            }
        }
        day
    }
}

/// How a delay is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay {
    /// Days.
    pub days: i64,
    /// Working days, or all.
    pub working: bool,
}

impl Delay {
    /// The last day of the delay: the day of arrival does not count, and one that ends on a closed day is carried to
    /// the next open one.
    pub fn last_day(self, calendar: Calendar<'_>, from: Date) -> Date {
        if self.working {
            calendar.after_working(from, self.days)
        } else {
            calendar.or_next_working(from.saturating_add(self.days.days()))
        }
    }
}

/// The same day so many months later (the last of the month if it has no such day), carried to the next open one.
pub(crate) fn months_later(calendar: Calendar<'_>, from: Date, months: i64) -> Date {
    calendar.or_next_working(from.saturating_add(months.months()))
}

/// The last instant of a day in a zone.
pub(crate) fn end_of(day: Date, zone: &str) -> Timestamp {
    let next = day.saturating_add(1.day());
    next.in_tz(zone).map_or_else(
        |_| Timestamp::from_millis(0),
        |midnight| Timestamp::from(midnight.timestamp()).minus(Duration::from_millis(1)),
    )
}

/// Eight in the morning of a day in a zone: when agents are told.
pub(crate) fn morning_of(day: Date, zone: &str) -> Timestamp {
    day.at(8, 0, 0, 0)
        .in_tz(zone)
        .map_or_else(|_| Timestamp::from_millis(0), |at| at.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holidays_are_those_that_others_list() {
        let mut seen = 0;
        for line in include_str!("public_holidays.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let mut words = line.split(' ');
            let department = words.next().unwrap();
            let listed: Vec<Date> = words.map(|day| day.parse().unwrap()).collect();
            let year = listed[0].year();
            assert_eq!(
                Calendar::of(department).holidays(year),
                listed,
                "{department} in {year}"
            );
            seen += 1;
        }
        assert_eq!(seen, 13 * 7);
    }

    #[test]
    fn a_delay_of_seven_days_ends_on_an_open_day() {
        let seven = Delay {
            days: 7,
            working: false,
        };
        let last = |department, from: Date| seven.last_day(Calendar::of(department), from);
        assert_eq!(last("06", date(2026, 11, 23)), date(2026, 11, 30));
        // A Saturday and a Sunday.
        assert_eq!(last("06", date(2026, 11, 21)), date(2026, 11, 30));
        // Christmas is a Friday; in Strasbourg the 26th is a holiday too, and a Saturday.
        assert_eq!(last("06", date(2026, 12, 18)), date(2026, 12, 28));
        assert_eq!(last("67", date(2025, 12, 18)), date(2025, 12, 29));
        // Good Friday 2027 in Strasbourg, then Easter Monday.
        assert_eq!(last("67", date(2027, 3, 19)), date(2027, 3, 30));
        assert_eq!(last("06", date(2027, 3, 19)), date(2027, 3, 26));
        // The abolition of slavery in Martinique.
        assert_eq!(last("972", date(2026, 5, 15)), date(2026, 5, 26));
        assert_eq!(last("06", date(2026, 5, 15)), date(2026, 5, 22));
    }

    #[test]
    fn ten_working_days_jump_over_what_is_closed() {
        let ten = Delay {
            days: 10,
            working: true,
        };
        let last = |department, from: Date| ten.last_day(Calendar::of(department), from);
        assert_eq!(last("06", date(2026, 11, 23)), date(2026, 12, 7));
        // 1 and 8 May, Ascension on the 14th.
        assert_eq!(last("06", date(2026, 4, 29)), date(2026, 5, 18));
        let calendar = Calendar::of("06");
        assert_eq!(calendar.before_working(date(2026, 12, 7), 2), date(2026, 12, 3));
        assert_eq!(calendar.before_working(date(2027, 1, 4), 1), date(2026, 12, 31));
    }

    #[test]
    fn two_months_later_is_the_same_day_or_the_last() {
        let later = |from| months_later(Calendar::of("06"), from, 2);
        assert_eq!(later(date(2026, 11, 17)), date(2027, 1, 18));
        assert_eq!(later(date(2026, 12, 31)), date(2027, 3, 1));
    }

    #[test]
    fn a_day_ends_where_the_town_hall_is() {
        let end = |zone| end_of(date(2026, 11, 30), zone).rfc3339();
        assert_eq!(end("Europe/Paris"), "2026-11-30T22:59:59.999Z");
        assert_eq!(end("Pacific/Noumea"), "2026-11-30T12:59:59.999Z");
        assert_eq!(
            morning_of(date(2026, 11, 30), "America/Martinique").rfc3339(),
            "2026-11-30T12:00:00.000Z"
        );
    }
}
