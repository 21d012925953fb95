//! Our events as a calendar file.

use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType};
use jiff::civil::DateTime;
use platform::Timestamp;
use platform::text::{Html, plain_text};

use super::lines::Lines;
use crate::model::{Event, EventState, Occurrence, OccurrenceState};

/// What is told of a whole file.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    /// Its name; empty for the file of one event.
    pub(crate) name: String,
    /// The zone of the commune.
    pub(crate) zone: String,
    /// When it is written.
    pub(crate) now: Timestamp,
}

/// An event with its dates in the order of time, and the addresses that stand in the file.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    pub(crate) event: &'a Event,
    pub(crate) dates: &'a [Occurrence],
    pub(crate) uid: String,
    pub(crate) page: String,
    pub(crate) image: Option<String>,
}

/// The file.
pub(crate) fn calendar(calendar: &Calendar, entries: &[Entry<'_>]) -> String {
    let mut lines = Lines::default();
    lines.raw("BEGIN", "VCALENDAR");
    lines.raw("VERSION", "2.0");
    lines.raw("PRODID", "-//Parvis//Agenda//FR");
    lines.raw("CALSCALE", "GREGORIAN");
    lines.raw("METHOD", "PUBLISH");
    if !calendar.name.is_empty() {
        lines.text("NAME", &calendar.name);
        lines.text("X-WR-CALNAME", &calendar.name);
        lines.raw("X-WR-TIMEZONE", &calendar.zone);
        lines.raw("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
        lines.raw("X-PUBLISHED-TTL", "PT1H");
    }
    let mut zones: Vec<&str> = entries
        .iter()
        .filter(|entry| !entry.event.all_day)
        .map(|entry| entry.event.zone.as_str())
        .collect();
    zones.sort_unstable();
    zones.dedup();
    let first = entries
        .iter()
        .filter_map(|entry| entry.dates.first())
        .map(|one| one.starts_at)
        .min()
        .unwrap_or(calendar.now);
    for zone in zones {
        lines.verbatim(&time_zone(zone, first, calendar.now));
    }
    for entry in entries {
        event(&mut lines, entry);
    }
    lines.raw("END", "VCALENDAR");
    lines.finish()
}

/// The `VTIMEZONE` of a zone from some time before the first event to some years from now.
fn time_zone(zone: &str, first: Timestamp, now: Timestamp) -> String {
    let year = 366 * 24 * 3600;
    let (from, to) = (
        first.as_secs() - year,
        now.as_secs().max(first.as_secs()) + 3 * year,
    );
    let mut calendar = ICalendar {
        components: vec![ICalendarComponent::new(ICalendarComponentType::VCalendar)],
    };
    if calendar.add_timezone(zone, from, to).is_none() {
        return String::new();
    }
    let whole = calendar.to_string();
    let (Some(start), Some(end)) = (whole.find("BEGIN:VTIMEZONE"), whole.rfind("END:VTIMEZONE")) else {
        return String::new();
    };
    let inner = whole.get(start..end).unwrap_or_default();
    format!("{inner}END:VTIMEZONE\r\n")
}

fn event(lines: &mut Lines, entry: &Entry<'_>) {
    let event = entry.event;
    let cancelled = event.state == EventState::Cancelled;
    if !event.is_series() {
        if let Some(one) = entry.dates.first() {
            let called_off = cancelled || one.is_cancelled();
            component(
                lines,
                entry,
                (one.starts_local.civil(), one.ends_local.civil()),
                called_off,
                one,
                |_| {},
            );
        }
        return;
    }
    let Some(any) = entry.dates.first() else {
        return;
    };
    let times = (event.starts_local.civil(), event.ends_local.civil());
    component(lines, entry, times, cancelled, any, |lines| {
        if let Some(rule) = event.recurrence() {
            lines.raw("RRULE", &rule.value(&event.zone, event.all_day));
        }
        for day in event.excluded_days() {
            lines.raw(
                &named("EXDATE", event),
                &moment(event, day.to_datetime(times.0.time())),
            );
        }
    });
    // Dates that are not as the rule says, each as its own component with the same UID.
    for one in entry.dates {
        if one.moved || (one.state == OccurrenceState::Cancelled && !cancelled) {
            let times = (one.starts_local.civil(), one.ends_local.civil());
            component(lines, entry, times, one.is_cancelled(), one, |lines| {
                lines.raw(
                    &named("RECURRENCE-ID", event),
                    &moment(event, one.rule_local.civil()),
                );
            });
        }
    }
}

fn component(
    lines: &mut Lines,
    entry: &Entry<'_>,
    (starts, ends): (DateTime, DateTime),
    cancelled: bool,
    one: &Occurrence,
    more: impl FnOnce(&mut Lines),
) {
    let event = entry.event;
    let changed = event.edited_at.unwrap_or(event.created_at).max(one.changed_at);
    lines.raw("BEGIN", "VEVENT");
    lines.text("UID", &entry.uid);
    lines.raw("DTSTAMP", &stamp(changed));
    lines.raw("CREATED", &stamp(event.created_at));
    lines.raw("LAST-MODIFIED", &stamp(changed));
    lines.raw("SEQUENCE", &event.sequence.to_string());
    lines.raw(&named("DTSTART", event), &moment(event, starts));
    lines.raw(&named("DTEND", event), &moment(event, ends));
    more(lines);
    lines.text("SUMMARY", &event.title);
    let mut text = plain_text(&Html::from_store(event.html.clone()));
    if !one.reason.is_empty() && cancelled {
        text = format!("{}\n\n{text}", one.reason);
    }
    lines.text("DESCRIPTION", text.trim());
    let place = event.place.line();
    lines.text(
        "LOCATION",
        if place.is_empty() {
            &event.place.online_url
        } else {
            &place
        },
    );
    if let Some((latitude, longitude)) = event.place.point() {
        lines.raw("GEO", &format!("{latitude:.6};{longitude:.6}"));
    }
    lines.text("CATEGORIES", event.category.code());
    lines.text("CONTACT", &contact(event));
    lines.raw("STATUS", if cancelled { "CANCELLED" } else { "CONFIRMED" });
    lines.raw("TRANSP", "TRANSPARENT");
    lines.raw("CLASS", "PUBLIC");
    lines.raw("URL", &entry.page);
    if let Some(image) = &entry.image {
        lines.raw("IMAGE;VALUE=URI;DISPLAY=BADGE", image);
    }
    if !event.place.online_url.is_empty() {
        lines.raw("CONFERENCE;VALUE=URI", &event.place.online_url);
    }
    lines.raw("END", "VEVENT");
}

fn contact(event: &Event) -> String {
    [&event.contact, &event.contact_phone, &event.contact_email]
        .into_iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(", ")
}

/// The name of a property that is a moment, with what says how it is written.
fn named(name: &str, event: &Event) -> String {
    if event.all_day {
        format!("{name};VALUE=DATE")
    } else {
        format!("{name};TZID={}", event.zone)
    }
}

fn moment(event: &Event, at: DateTime) -> String {
    if event.all_day {
        at.strftime("%Y%m%d").to_string()
    } else {
        at.strftime("%Y%m%dT%H%M%S").to_string()
    }
}

fn stamp(at: Timestamp) -> String {
    at.in_zone("UTC").strftime("%Y%m%dT%H%M%SZ").to_string()
}
