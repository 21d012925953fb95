//! The zones of a calendar file: those everybody knows by name, and those it defines itself.

use std::collections::HashMap;

use calcard::common::timezone::Tz;
use calcard::icalendar::timezone::TzResolver;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarValue,
};
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::model::{OnDay, civil};

/// Where the clock times of a file are.
pub(super) enum Place {
    /// A zone with a name.
    Named(String),
    /// One that the file defines.
    Own(TimeZone),
}

/// The zones of a file.
pub(super) struct Zones<'a> {
    known: TzResolver<&'a str>,
    own: HashMap<&'a str, TimeZone>,
}

impl<'a> Zones<'a> {
    pub(super) fn of(calendar: &'a ICalendar) -> Self {
        Self {
            known: calendar.build_tz_resolver(),
            own: calendar
                .timezones()
                .filter_map(|zone| Some((name_of(zone)?, defined(calendar, zone)?)))
                .collect(),
        }
    }

    /// The zone of this name; `None`: nobody knows it.
    pub(super) fn find(&self, name: &str) -> Option<Place> {
        let known = match self.known.resolve(name) {
            Some(Tz::Fixed(offset)) => Offset::from_seconds(offset.local_minus_utc())
                .ok()
                .map(|offset| Place::Own(offset.to_time_zone())),
            Some(zone) => zone
                .name()
                .filter(|name| TimeZone::get(name).is_ok())
                .map(|name| Place::Named(name.into_owned())),
            None => None,
        };
        known.or_else(|| self.own.get(name).cloned().map(Place::Own))
    }
}

fn name_of(zone: &ICalendarComponent) -> Option<&str> {
    let entry = zone.property(&ICalendarProperty::Tzid)?;
    entry.values.first()?.as_text()
}

/// One of the times a zone keeps: its shift, and the rule by which it begins each year.
struct Kept {
    since: DateTime,
    seconds: i32,
    rule: Option<String>,
    is_summer: bool,
}

/// What a file says of a zone: one shift, or two that follow each other every year. More than that is not read.
fn defined(calendar: &ICalendar, zone: &ICalendarComponent) -> Option<TimeZone> {
    let parts = zone.component_ids.iter();
    let mut all: Vec<Kept> = parts
        .filter_map(|id| calendar.components.get(*id as usize))
        .map(kept)
        .collect::<Option<_>>()?;
    all.sort_by_key(|one| one.since);
    let first = all.first()?;
    if all.iter().all(|one| one.seconds == first.seconds) {
        return Some(Offset::from_seconds(first.seconds).ok()?.to_time_zone());
    }
    let last = |is_summer: bool| all.iter().rev().find(|one| one.is_summer == is_summer);
    let (winter, summer) = (last(false)?, last(true)?);
    let rules = format!(
        "AAA{}BBB{},{},{}",
        posix_shift(winter.seconds),
        posix_shift(summer.seconds),
        posix_rule(summer)?,
        posix_rule(winter)?,
    );
    TimeZone::posix(&rules).ok()
}

fn kept(part: &ICalendarComponent) -> Option<Kept> {
    let value = |name| part.property(name)?.values.first();
    let is_summer = match part.component_type {
        ICalendarComponentType::Standard => false,
        ICalendarComponentType::Daylight => true,
        _ => return None,
    };
    let ICalendarValue::PartialDateTime(shift) = value(&ICalendarProperty::Tzoffsetto)? else {
        return None;
    };
    let seconds = i32::from(shift.tz_hour?) * 3600 + i32::from(shift.tz_minute.unwrap_or(0)) * 60;
    let since = match value(&ICalendarProperty::Dtstart) {
        Some(ICalendarValue::PartialDateTime(since)) => civil(since)?,
        _ => DateTime::default(),
    };
    let rule = match value(&ICalendarProperty::Rrule) {
        Some(ICalendarValue::RecurrenceRule(rule)) => Some(rule.to_string()),
        _ => None,
    };
    Some(Kept {
        since,
        seconds: if shift.tz_minus { -seconds } else { seconds },
        rule,
        is_summer,
    })
}

/// West of Greenwich counts up there.
fn posix_shift(seconds: i32) -> String {
    let sign = if seconds > 0 { "-" } else { "" };
    let minutes = seconds.abs() / 60;
    format!("{sign}{}:{:02}", minutes / 60, minutes % 60)
}

/// "M10.5.0/3": the last Sunday of October at three.
fn posix_rule(one: &Kept) -> Option<String> {
    let (mut month, mut day) = (None, None);
    for (name, value) in one
        .rule
        .as_deref()?
        .split(';')
        .filter_map(|part| part.split_once('='))
    {
        match (name, value) {
            ("FREQ", "YEARLY") | ("INTERVAL", "1") | ("WKST", _) => {}
            ("BYMONTH", value) => month = Some(value.parse::<u8>().ok()?),
            ("BYDAY", value) => day = Some(OnDay::read(name, value)?),
            _ => return None,
        }
    }
    let OnDay::Weekday(Some(which), day) = day? else {
        return None;
    };
    let week = if which < 0 { 5 } else { which };
    let (at, day) = (one.since.time(), day.to_sunday_zero_offset());
    Some(format!(
        "M{}.{week}.{day}/{}:{:02}",
        month?,
        at.hour(),
        at.minute()
    ))
}

#[cfg(test)]
mod tests {
    use calcard::{Entry, Parser};

    use super::*;

    fn at_noon(zone: &str, day: &str) -> Option<String> {
        let file = format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Ici\r\n{zone}END:VTIMEZONE\r\nEND:VCALENDAR\r\n"
        );
        let Entry::ICalendar(calendar) = Parser::new(&file).entry() else {
            panic!("{file}");
        };
        let zones = Zones::of(&calendar);
        let Some(Place::Own(zone)) = zones.find("Ici") else {
            return None;
        };
        let noon: DateTime = format!("{day}T12:00").parse().unwrap();
        Some(noon.to_zoned(zone).unwrap().timestamp().to_string())
    }

    fn part(kind: &str, shift: &str, rule: &str) -> String {
        format!(
            "BEGIN:{kind}\r\nDTSTART:19700101T020000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:{shift}\r\n{rule}END:{kind}\r\n"
        )
    }

    #[test]
    fn what_a_file_defines_is_believed() {
        let fixed = part("STANDARD", "+0530", "");
        assert_eq!(at_noon(&fixed, "2027-07-01").unwrap(), "2027-07-01T06:30:00Z");
        let west = part("STANDARD", "-0330", "");
        assert_eq!(at_noon(&west, "2027-07-01").unwrap(), "2027-07-01T15:30:00Z");
        let both = part("STANDARD", "+0500", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n")
            + &part("DAYLIGHT", "+0600", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\n");
        assert_eq!(at_noon(&both, "2027-07-01").unwrap(), "2027-07-01T06:00:00Z");
        assert_eq!(at_noon(&both, "2027-12-01").unwrap(), "2027-12-01T07:00:00Z");
        assert_eq!(at_noon(&both, "2027-03-13").unwrap(), "2027-03-13T07:00:00Z");
        assert_eq!(at_noon(&both, "2027-03-15").unwrap(), "2027-03-15T06:00:00Z");
        // What cannot be told is not guessed.
        let torn = part("STANDARD", "+0500", "") + &part("DAYLIGHT", "+0600", "");
        assert_eq!(at_noon(&torn, "2027-07-01"), None);
        assert_eq!(at_noon("", "2027-07-01"), None);
    }
}
