//! Months and weeks as they are drawn.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

/// How the agenda is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// A month as a grid.
    Month,
    /// A week, day by day.
    Week,
    /// What comes, one after the other.
    List,
}

impl View {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Month, Self::Week, Self::List];

    /// In addresses (`?vue=mois`) and words' keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Month => "mois",
            Self::Week => "semaine",
            Self::List => "liste",
        }
    }

    /// From an address.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.code() == code)
    }
}

/// Days from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Span {
    /// The week of a day, from Monday on.
    pub fn week_of(day: Date) -> Self {
        let first = day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
        let first = first.unwrap_or(day);
        Self {
            first,
            last: first.checked_add(6.days()).unwrap_or(first),
        }
    }

    /// All its days.
    pub fn days(self) -> impl Iterator<Item = Date> {
        let mut next = Some(self.first);
        std::iter::from_fn(move || {
            let day = next.filter(|day| *day <= self.last)?;
            next = day.tomorrow().ok();
            Some(day)
        })
    }
}

/// The weeks that a month touches, whole weeks from Monday on.
pub fn month_grid(day: Date) -> Vec<Span> {
    let (first, last) = (day.first_of_month(), day.last_of_month());
    let mut weeks = Vec::with_capacity(6);
    let mut week = Span::week_of(first);
    while week.first <= last {
        weeks.push(week);
        match week.first.checked_add(7.days()) {
            Ok(next) => week = Span::week_of(next),
            Err(_) => break,
        }
    }
    debug_assert!(weeks.iter().all(|week| week.first.weekday() == Weekday::Monday));
    weeks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_whole_weeks_from_monday() {
        let weeks = month_grid(jiff::civil::date(2026, 11, 23));
        assert_eq!(weeks.len(), 6);
        assert_eq!(weeks[0].first, jiff::civil::date(2026, 10, 26));
        assert_eq!(weeks[5].last, jiff::civil::date(2026, 12, 6));
        assert_eq!(month_grid(jiff::civil::date(2027, 2, 3)).len(), 4);
        assert_eq!(weeks[0].days().count(), 7);
    }
}
