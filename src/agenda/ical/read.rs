//! A calendar file of somebody else, read within bounds. Nothing is kept of those it invites.

use std::collections::HashMap;

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarProperty,
    ICalendarStatus, ICalendarValue,
};
use calcard::{Entry, Parser};
use discussion::CommentMode;
use jiff::civil::DateTime;
use platform::text::{clean_line, clean_text};

use super::moments::{Moment, first_moment, moment, times};
use super::zones::Zones;
use crate::model::{
    Category, EventRefusal, JoinMode, LONGEST_LINE, LONGEST_TEXT, LONGEST_TITLE, NewEvent, Place, Recurrence,
    instant, is_web, local_of,
};

/// The largest file, in bytes.
pub(crate) const LARGEST: usize = 512 * 1024;
/// The most events of one file.
pub(crate) const MOST_EVENTS: usize = 500;
/// The most parts of any kind (alarms, zones) that are looked at.
const MOST_PARTS: usize = 20_000;
/// The most series of one file: each is computed.
const MOST_SERIES: usize = 100;
/// The most days without of one series.
const MOST_EXCLUDED: usize = 400;

/// Why a file is not read; the words are `agenda-file-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FileRefusal {
    /// Larger than [`LARGEST`].
    #[error("the file is too large")]
    TooLarge,
    /// Not a calendar file.
    #[error("this is no calendar file")]
    NoCalendar,
    /// A calendar file without events.
    #[error("there is no event in the file")]
    Empty,
    /// More than [`MOST_EVENTS`] events or [`MOST_SERIES`] series.
    #[error("there are too many events in the file")]
    TooMany,
}

impl FileRefusal {
    /// A stable word: the end of the words' key.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::NoCalendar => "no-calendar",
            Self::Empty => "empty",
            Self::TooMany => "too-many",
        }
    }
}

/// One date of a series that is not as its rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// The day the rule gave it.
    pub(crate) day: jiff::civil::Date,
    /// When it takes place instead; `None`: it is cancelled.
    pub(crate) to: Option<(DateTime, DateTime)>,
}

/// An event found in a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    /// As it would be in the agenda.
    pub(crate) event: NewEvent,
    /// Dates of it that are not as its rule says.
    pub(crate) changes: Vec<Change>,
    /// It is cancelled as a whole.
    pub(crate) cancelled: bool,
    /// Something of it cannot be taken over: the ends of the words' keys `agenda-import-…`.
    pub(crate) losses: Vec<&'static str>,
    /// Why it cannot be taken at all.
    pub(crate) refusal: Option<EventRefusal>,
}

/// Reads a file; times without a zone are the commune's.
///
/// # Errors
/// [`FileRefusal`]; then nothing of it can be used.
pub(crate) fn read(bytes: &[u8], zone: &str) -> Result<Vec<Found>, FileRefusal> {
    // A letter of an old file takes two bytes in the form that carries the file on.
    if bytes.len() > 2 * LARGEST {
        return Err(FileRefusal::TooLarge);
    }
    let text = text_of(bytes);
    if text.chars().count() > LARGEST {
        return Err(FileRefusal::TooLarge);
    }
    if !text.to_ascii_uppercase().contains("BEGIN:VCALENDAR") {
        return Err(FileRefusal::NoCalendar);
    }
    let mut parser = Parser::new(&text);
    let (mut found, mut parts, mut calendars) = (Vec::new(), 0usize, 0usize);
    loop {
        match parser.entry() {
            Entry::ICalendar(calendar) => {
                parts += calendar.components.len();
                calendars += 1;
                if parts > MOST_PARTS || calendars > MOST_EVENTS {
                    return Err(FileRefusal::TooMany);
                }
                found.extend(events(&calendar, zone)?);
            }
            Entry::Eof => break,
            Entry::TooManyComponents => return Err(FileRefusal::TooMany),
            _ => {
                parts += 1;
                if parts > MOST_PARTS {
                    return Err(FileRefusal::NoCalendar);
                }
            }
        }
        if found.len() > MOST_EVENTS {
            return Err(FileRefusal::TooMany);
        }
    }
    if found.is_empty() {
        return Err(FileRefusal::Empty);
    }
    let mut seen = std::collections::HashSet::new();
    for one in &mut found {
        if one
            .event
            .import_uid
            .as_ref()
            .is_some_and(|uid| !seen.insert(uid.clone()))
        {
            one.refusal = Some(EventRefusal::SameUid);
        }
    }
    let series = found.iter().filter(|one| one.event.repeat.is_some()).count();
    if series > MOST_SERIES {
        return Err(FileRefusal::TooMany);
    }
    Ok(found)
}

/// UTF-8, or the Latin-1 of old programs, its folded lines made whole; never a NUL.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    // Before it is read as letters: some programs fold inside of them.
    let bytes = unfolded(bytes);
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    text.replace('\0', "")
}

/// Without the line ends that a blank follows (RFC 5545, 3.1).
fn unfolded(bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        rest = match rest {
            [b'\r', b'\n', b' ' | b'\t', after @ ..] | [b'\n', b' ' | b'\t', after @ ..] => after,
            _ => {
                whole.push(*byte);
                after
            }
        };
    }
    whole
}

fn events(calendar: &ICalendar, zone: &str) -> Result<Vec<Found>, FileRefusal> {
    let zones = Zones::of(calendar);
    let is_event = |one: &&ICalendarComponent| one.component_type == ICalendarComponentType::VEvent;
    let (changed, plain): (Vec<_>, Vec<_>) = calendar
        .components
        .iter()
        .filter(is_event)
        .partition(|one| one.has_property(&ICalendarProperty::RecurrenceId));
    if plain.len() > MOST_EVENTS || changed.len() > MOST_PARTS / 10 {
        return Err(FileRefusal::TooMany);
    }
    let mut changes: HashMap<&str, Vec<Change>> = HashMap::new();
    let mut around: HashMap<&str, Vec<&ICalendarComponent>> = HashMap::new();
    for one in changed {
        if let Some(uid) = one.uid() {
            around.entry(uid).or_default().push(one);
        }
        if let Some((uid, change)) = one.uid().zip(change(one, &zones, zone)) {
            changes.entry(uid).or_default().push(change);
        }
    }
    Ok(plain
        .into_iter()
        .map(|one| {
            let mut found = event(one, &zones, zone);
            if found.event.repeat.is_some() {
                found.changes = one.uid().and_then(|uid| changes.remove(uid)).unwrap_or_default();
                let others = one.uid().and_then(|uid| around.remove(uid)).unwrap_or_default();
                if others.iter().any(|other| has_other_words(other, &found.event)) {
                    found.losses.push("change-words");
                }
                if others.iter().any(|other| is_lost(other, &zones, zone)) {
                    found.refusal = found.refusal.or(Some(EventRefusal::ZoneUnknown));
                }
            }
            found
        })
        .collect())
}

fn text(one: &ICalendarComponent, name: &ICalendarProperty, most: usize) -> String {
    let value = one.property(name).and_then(|entry| entry.values.first());
    clean_line(value.and_then(ICalendarValue::as_text).unwrap_or_default(), most)
}

/// A date of a series has a title or a place of its own.
fn has_other_words(one: &ICalendarComponent, series: &NewEvent) -> bool {
    let title = text(one, &ICalendarProperty::Summary, LONGEST_TITLE);
    let place = text(one, &ICalendarProperty::Location, LONGEST_LINE);
    let is_other = |own: &str, series: &str| !own.is_empty() && own != series;
    is_other(&title, &series.title) || is_other(&place, &series.place.place_name)
}

/// Nobody can say when it is.
fn is_lost(one: &ICalendarComponent, zones: &Zones<'_>, zone: &str) -> bool {
    let names = [
        ICalendarProperty::Dtstart,
        ICalendarProperty::Dtend,
        ICalendarProperty::RecurrenceId,
    ];
    names
        .iter()
        .filter_map(|name| first_moment(one, name, zones, zone))
        .any(|moment| moment.is_lost)
}

fn is_cancelled(one: &ICalendarComponent) -> bool {
    matches!(one.status(), Some(ICalendarStatus::Cancelled))
}

fn change(one: &ICalendarComponent, zones: &Zones<'_>, zone: &str) -> Option<Change> {
    let named = first_moment(one, &ICalendarProperty::RecurrenceId, zones, zone)?;
    if is_cancelled(one) {
        let day = named.in_zone(zone).date();
        return Some(Change { day, to: None });
    }
    let (start, end) = times(one, zones, zone)?;
    let day = named.in_zone(&start.zone).date();
    Some(Change {
        day,
        to: Some((start.at, end)),
    })
}

fn event(one: &ICalendarComponent, zones: &Zones<'_>, zone: &str) -> Found {
    let mut losses = Vec::new();
    let mut refusal = None;
    let rules: Vec<&ICalendarEntry> = one.properties(&ICalendarProperty::Rrule).collect();
    let (start, mut ends) = match times(one, zones, zone) {
        Some((start, ends)) => (start, ends),
        None => {
            refusal = Some(EventRefusal::StartUnreadable);
            let none = Moment {
                at: DateTime::default(),
                zone: zone.to_owned(),
                whole_day: false,
                turned: None,
                is_lost: false,
            };
            (none, DateTime::default())
        }
    };
    // A series keeps its own zone, unless that is UTC: its clock times are what stays. Anything else is told here.
    let keeps = !rules.is_empty() && start.zone != "UTC";
    let own_zone = if keeps {
        start.zone.clone()
    } else {
        zone.to_owned()
    };
    let starts = start.in_zone(&own_zone);
    if let Some(there) = start.turned {
        losses.push("zone-turned");
        // A rule that names days means those of its own zone.
        if !rules.is_empty() && there.date() != starts.date() {
            refusal = refusal.or(Some(EventRefusal::ZoneUnknown));
        }
    }
    if is_lost(one, zones, zone) {
        refusal = refusal.or(Some(EventRefusal::ZoneUnknown));
    }
    if own_zone != start.zone && !start.whole_day {
        ends = local_of(instant(ends, &start.zone), &own_zone);
    }
    let repeat = match rules.as_slice() {
        [] => None,
        [rule] => match rule.values.first() {
            Some(ICalendarValue::RecurrenceRule(rule)) => match Recurrence::of((**rule).clone(), &own_zone) {
                Ok(rule) => Some(rule),
                Err(reason) => {
                    refusal = refusal.or(Some(reason));
                    None
                }
            },
            _ => {
                refusal = refusal.or(Some(EventRefusal::RuleImpossible));
                None
            }
        },
        _ => {
            refusal = refusal.or(Some(EventRefusal::RuleImpossible));
            None
        }
    };
    if one.has_property(&ICalendarProperty::Rdate) {
        losses.push("more-dates");
    }
    if one.has_property(&ICalendarProperty::Attendee) || one.has_property(&ICalendarProperty::Organizer) {
        losses.push("people");
    }
    let description = one
        .property(&ICalendarProperty::Description)
        .and_then(|entry| entry.values.first())
        .and_then(ICalendarValue::as_text)
        .unwrap_or_default();
    if description.chars().count() > LONGEST_TEXT {
        losses.push("text-cut");
    }
    let website = text(one, &ICalendarProperty::Url, 2000);
    let (latitude, longitude) = point(one).unzip();
    Found {
        event: NewEvent {
            title: text(one, &ICalendarProperty::Summary, LONGEST_TITLE),
            source: clean_text(description, LONGEST_TEXT),
            language: "fr".to_owned(),
            category: category(one),
            private: is_private(one),
            all_day: start.whole_day,
            zone: own_zone.clone(),
            starts,
            ends,
            excluded: excluded(one, zones, &own_zone),
            repeat,
            place: Place {
                place_name: text(one, &ICalendarProperty::Location, LONGEST_LINE),
                latitude,
                longitude,
                ..Place::default()
            },
            website: if is_web(&website) { website } else { String::new() },
            contact: text(one, &ICalendarProperty::Contact, LONGEST_LINE),
            contact_email: String::new(),
            contact_phone: String::new(),
            capacity: None,
            join_mode: JoinMode::Free,
            join_url: String::new(),
            comment_mode: CommentMode::Open,
            image: None,
            import_uid: Some(uid(one)).filter(|uid| !uid.is_empty()),
        },
        changes: Vec::new(),
        cancelled: is_cancelled(one),
        losses,
        refusal,
    }
}

fn uid(one: &ICalendarComponent) -> String {
    clean_line(one.uid().unwrap_or_default(), 250)
}

fn is_private(one: &ICalendarComponent) -> bool {
    use calcard::icalendar::ICalendarClassification::{Confidential, Private};
    one.property(&ICalendarProperty::Class)
        .is_some_and(|entry| match entry.values.first() {
            Some(ICalendarValue::Classification(Private | Confidential)) => true,
            Some(ICalendarValue::Text(word)) => !word.eq_ignore_ascii_case("PUBLIC"),
            _ => false,
        })
}

fn category(one: &ICalendarComponent) -> Category {
    one.properties(&ICalendarProperty::Categories)
        .flat_map(|entry| &entry.values)
        .filter_map(ICalendarValue::as_text)
        .find_map(|word| Category::from_code(&platform::text::fold(word)))
        .unwrap_or(Category::TownHall)
}

fn point(one: &ICalendarComponent) -> Option<(f64, f64)> {
    let values = &one.property(&ICalendarProperty::Geo)?.values;
    let number = |at: usize| {
        values
            .get(at)
            .and_then(ICalendarValue::as_float)
            .filter(|n| n.is_finite())
    };
    let (latitude, longitude) = (number(0)?, number(1)?);
    let is_point = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    is_point.then_some((latitude, longitude))
}

fn excluded(one: &ICalendarComponent, zones: &Zones<'_>, zone: &str) -> Vec<jiff::civil::Date> {
    let mut days: Vec<_> = one
        .properties(&ICalendarProperty::Exdate)
        .flat_map(|entry| entry.values.iter().map(move |value| (entry, value)))
        .filter_map(|(entry, value)| Some(moment(entry, value, zones, zone)?.in_zone(zone).date()))
        .take(MOST_EXCLUDED)
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}
