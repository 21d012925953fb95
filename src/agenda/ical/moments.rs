//! Moments of a calendar file: clock times with their zones.

use calcard::icalendar::{ICalendarComponent, ICalendarEntry, ICalendarProperty, ICalendarValue};
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::zones::{Place, Zones};
use crate::model::{civil, instant, local_of};

/// A moment of a file: clock time, its zone, and whether it is a whole day.
pub(super) struct Moment {
    pub(super) at: DateTime,
    pub(super) zone: String,
    pub(super) whole_day: bool,
    /// As the file has it, when it was turned into universal time from a zone of the file's own.
    pub(super) turned: Option<DateTime>,
    /// Its zone is nobody's: the clock time says nothing.
    pub(super) is_lost: bool,
}

impl Moment {
    /// The clock time of another zone.
    pub(super) fn in_zone(&self, zone: &str) -> DateTime {
        if self.whole_day || self.zone == zone {
            self.at
        } else {
            local_of(instant(self.at, &self.zone), zone)
        }
    }
}

pub(super) fn moment(
    entry: &ICalendarEntry,
    value: &ICalendarValue,
    zones: &Zones<'_>,
    zone: &str,
) -> Option<Moment> {
    let ICalendarValue::PartialDateTime(value) = value else {
        return None;
    };
    let at = civil(value)?;
    if !value.has_time() {
        return Some(Moment {
            at: at.date().to_datetime(jiff::civil::Time::midnight()),
            zone: zone.to_owned(),
            whole_day: true,
            turned: None,
            is_lost: false,
        });
    }
    let mut moment = Moment {
        at,
        zone: zone.to_owned(),
        whole_day: false,
        turned: None,
        is_lost: false,
    };
    if value.has_zone() {
        "UTC".clone_into(&mut moment.zone);
        return Some(moment);
    }
    match entry.tz_id().map(|name| zones.find(name)) {
        None => {}
        Some(Some(Place::Named(name))) => moment.zone = name,
        Some(Some(Place::Own(own))) => {
            let there = at.to_zoned(own).ok()?;
            moment.turned = Some(at);
            moment.at = there.with_time_zone(TimeZone::UTC).datetime();
            "UTC".clone_into(&mut moment.zone);
        }
        Some(None) => moment.is_lost = true,
    }
    Some(moment)
}

pub(super) fn first_moment(
    one: &ICalendarComponent,
    name: &ICalendarProperty,
    zones: &Zones<'_>,
    zone: &str,
) -> Option<Moment> {
    let entry = one.property(name)?;
    moment(entry, entry.values.first()?, zones, zone)
}

/// From when to when in the zone of its start.
pub(super) fn times(one: &ICalendarComponent, zones: &Zones<'_>, zone: &str) -> Option<(Moment, DateTime)> {
    let start = first_moment(one, &ICalendarProperty::Dtstart, zones, zone)?;
    let end = first_moment(one, &ICalendarProperty::Dtend, zones, zone).map(|end| end.in_zone(&start.zone));
    let lasting = one
        .property(&ICalendarProperty::Duration)
        .and_then(|entry| match entry.values.first() {
            Some(ICalendarValue::Duration(lasting)) => Some(lasting.as_seconds()),
            _ => None,
        });
    let by_duration =
        lasting.and_then(|seconds| start.at.checked_add(seconds.clamp(-1, 40_000_000).seconds()).ok());
    let least = if start.whole_day {
        start.at.checked_add(1.day()).unwrap_or(start.at)
    } else {
        start.at
    };
    let end = end.or(by_duration).unwrap_or(least);
    let end = if start.whole_day {
        end.date().to_datetime(jiff::civil::Time::midnight()).max(least)
    } else {
        end
    };
    Some((start, end))
}
