//! The form of an event: read from what was sent, filled from what is stored.

use std::time::Duration;

use discussion::CommentMode;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time, Weekday};
use platform::Timestamp;
use platform::web::{Failure, FormState, Submitted};

use crate::model::{
    Category, Event, EventRefusal, JoinMode, NewEvent, NewImage, Place, Recurrence, instant, local_of,
};

/// The days of a rule, from Monday on.
pub(super) const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// How often something comes again, as the form offers it; `custom` is what it cannot say.
const REPEATS: [&str; 7] = [
    "never",
    "daily",
    "weekly",
    "monthly",
    "monthly-weekday",
    "yearly",
    "custom",
];

/// Date and time of a form.
pub(super) fn moment(date: &str, time: &str) -> Option<DateTime> {
    let date: Date = date.parse().ok()?;
    Some(date.to_datetime(clock(time)?))
}

fn clock(time: &str) -> Option<Time> {
    Time::strptime("%H:%M", time.get(..5).unwrap_or(time)).ok()
}

/// The event that a form describes, and what cannot be read of it. `zone` is the commune's; `before` the event that
/// is being changed.
pub(super) fn read(
    sent: &Submitted,
    zone: &str,
    before: Option<&Event>,
    image: Option<NewImage>,
) -> Result<(NewEvent, Vec<EventRefusal>), Failure> {
    let mut refusals = Vec::new();
    let all_day = sent.has("all_day");
    // A series keeps the zone it was imported with.
    let zone = before.map_or(zone, |event| event.zone.as_str());
    let (starts, ends) = times(sent, all_day, zone, &mut refusals);
    let repeat = repeat(sent, zone, starts, before, &mut refusals)?;
    // What is out stays out, and is not asked about.
    let is_out = before.filter(|event| !event.private).map(|_| false);
    let is_private = |code: &str| matches!(code, "public" | "private").then_some(code == "private");
    let capacity = match sent.get("capacity") {
        "" => None,
        text => Some(text.parse().unwrap_or_else(|_| {
            refusals.push(EventRefusal::SeatsImpossible);
            1
        })),
    };
    let degrees = |name: &str| -> Result<Option<f64>, EventRefusal> {
        match sent.get(name) {
            "" => Ok(None),
            text => match text.replace(',', ".").parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Some(number)),
                _ => Err(EventRefusal::PointImpossible),
            },
        }
    };
    let (latitude, longitude) = match (degrees("latitude"), degrees("longitude")) {
        (Ok(latitude), Ok(longitude)) => (latitude, longitude),
        _ => {
            refusals.push(EventRefusal::PointImpossible);
            (None, None)
        }
    };
    let text = |name: &str| sent.get(name).to_owned();
    let new = NewEvent {
        title: text("title"),
        source: text("source"),
        language: before.map_or_else(|| "fr".to_owned(), |event| event.language.clone()),
        category: sent.choice("category", Some(Category::TownHall), Category::from_code)?,
        private: sent.choice("visibility", is_out, is_private)?,
        all_day,
        zone: zone.to_owned(),
        starts,
        ends,
        repeat,
        excluded: Vec::new(),
        place: Place {
            place_name: text("place_name"),
            street: text("street"),
            postal_code: text("postal_code"),
            locality: text("locality"),
            latitude,
            longitude,
            online_url: text("online_url"),
        },
        website: text("website"),
        contact: text("contact"),
        contact_email: text("contact_email"),
        contact_phone: text("contact_phone"),
        capacity,
        join_mode: sent.choice("join_mode", Some(JoinMode::Free), JoinMode::chosen)?,
        join_url: text("join_url"),
        comment_mode: sent.choice("comment_mode", Some(CommentMode::Open), CommentMode::from_code)?,
        image,
        import_uid: None,
    };
    Ok((new, refusals))
}

/// From when to when. Without an end it lasts an hour, or the day; an end earlier than the beginning, without a day
/// of its own, is of the next day.
fn times(
    sent: &Submitted,
    all_day: bool,
    zone: &str,
    refusals: &mut Vec<EventRefusal>,
) -> (DateTime, DateTime) {
    let (first, last) = (sent.get("start_date"), sent.get("end_date"));
    let (from, to) = (sent.get("start_time"), sent.get("end_time"));
    let Some(starts) = moment(first, if all_day { "00:00" } else { from }) else {
        refusals.push(EventRefusal::StartUnreadable);
        return (DateTime::default(), DateTime::default());
    };
    let ends = if all_day {
        let day = if last.is_empty() { first } else { last };
        moment(day, "00:00").and_then(|day| day.checked_add(1.day()).ok())
    } else if to.is_empty() {
        let hour = hour_after(starts, zone);
        if last.is_empty() { hour } else { moment(last, from) }
    } else if last.is_empty() {
        let same = moment(first, to);
        same.and_then(|same| {
            if same < starts {
                same.checked_add(1.day()).ok()
            } else {
                Some(same)
            }
        })
    } else {
        moment(last, to)
    };
    match ends {
        Some(ends) => (starts, ends),
        None => {
            refusals.push(EventRefusal::EndUnreadable);
            (starts, starts)
        }
    }
}

/// An hour later: of time, not of the clock. At half past two of the night in which the clocks leave out an hour,
/// that is half past four.
fn hour_after(starts: DateTime, zone: &str) -> Option<DateTime> {
    let by_clock = starts.checked_add(1.hour()).ok()?;
    let later = instant(starts, zone).plus(Duration::from_secs(3600));
    Some(local_of(later, zone).max(by_clock))
}

fn repeat(
    sent: &Submitted,
    zone: &str,
    starts: DateTime,
    before: Option<&Event>,
    refusals: &mut Vec<EventRefusal>,
) -> Result<Option<Recurrence>, Failure> {
    let every = match sent.get("interval") {
        "" => 1,
        text => text
            .parse::<u16>()
            .ok()
            .filter(|n| (1..=99).contains(n))
            .unwrap_or_else(|| {
                refusals.push(EventRefusal::RuleImpossible);
                1
            }),
    };
    let day = starts.date();
    let mut days = Vec::new();
    for code in sent.all("days") {
        let known = DAYS.into_iter().find(|one| *one == code);
        days.push(known.ok_or_else(Failure::unknown_choice)?);
    }
    let known = |code: &str| REPEATS.into_iter().find(|one| *one == code);
    let rule = match sent.choice("repeat", Some("never"), known)? {
        "daily" => "FREQ=DAILY".to_owned(),
        "weekly" => {
            let chosen: Vec<&str> = DAYS.into_iter().filter(|code| days.contains(code)).collect();
            let own = [code_of(day.weekday())];
            let days = if chosen.is_empty() {
                own.as_slice()
            } else {
                &chosen
            };
            format!("FREQ=WEEKLY;BYDAY={}", days.join(","))
        }
        "monthly" => format!("FREQ=MONTHLY;BYMONTHDAY={}", day.day()),
        "monthly-weekday" => format!("FREQ=MONTHLY;BYDAY={}{}", which(day), code_of(day.weekday())),
        "yearly" => "FREQ=YEARLY".to_owned(),
        "custom" => return Ok(before.and_then(Event::recurrence)),
        _ => return Ok(None),
    };
    let rule = if every > 1 {
        format!("{rule};INTERVAL={every}")
    } else {
        rule
    };
    let mut rule = match Recurrence::read(&rule, zone) {
        Ok(rule) => rule,
        Err(refusal) => {
            refusals.push(refusal);
            return Ok(None);
        }
    };
    match sent.get("until") {
        "" => {}
        text => match text.parse::<Date>() {
            Ok(last) => rule.until = Some(last.at(23, 59, 59, 0)),
            Err(_) => refusals.push(EventRefusal::UntilBefore),
        },
    }
    Ok(Some(rule))
}

fn code_of(day: Weekday) -> &'static str {
    let at = usize::try_from(day.to_monday_zero_offset()).unwrap_or(0);
    DAYS.get(at).copied().unwrap_or("MO")
}

/// Which of its weekdays in the month a day is: the last one when it is that.
fn which(day: Date) -> i8 {
    let last = day.day() + 7 > day.days_in_month();
    if last { -1 } else { (day.day() - 1) / 7 + 1 }
}

/// The form of an event as it is.
pub(super) fn filled(event: &Event) -> FormState {
    let (starts, ends) = (event.starts_local.civil(), event.ends_local.civil());
    let last = if event.all_day {
        ends.checked_sub(1.day()).unwrap_or(ends)
    } else {
        ends
    };
    let place = &event.place;
    let number = |value: Option<f64>| value.map(|n| n.to_string()).unwrap_or_default();
    let mut form = FormState::default()
        .with("title", &event.title)
        .with("source", event.source.as_deref().unwrap_or_default())
        .with("start_date", starts.date())
        .with("end_date", last.date())
        .with("category", event.category.code())
        .with("visibility", if event.private { "private" } else { "public" })
        .with("place_name", &place.place_name)
        .with("street", &place.street)
        .with("postal_code", &place.postal_code)
        .with("locality", &place.locality)
        .with("latitude", number(place.latitude))
        .with("longitude", number(place.longitude))
        .with("online_url", &place.online_url)
        .with("website", &event.website)
        .with("contact", &event.contact)
        .with("contact_email", &event.contact_email)
        .with("contact_phone", &event.contact_phone)
        .with(
            "capacity",
            event.capacity.map(|n| n.to_string()).unwrap_or_default(),
        )
        .with("join_mode", event.join_mode.code())
        .with("join_url", &event.join_url)
        .with("comment_mode", event.comment_mode.code())
        .with("image_alt", &event.image_alt)
        .with("seen", event.edited_at.map_or(0, Timestamp::as_millis));
    if event.all_day {
        form = form.with("all_day", "on");
    } else {
        form = form
            .with("start_time", starts.strftime("%H:%M"))
            .with("end_time", ends.strftime("%H:%M"));
    }
    repetition(form, event)
}

/// The rule as the form asks for it; what the form cannot say is kept as it is.
fn repetition(form: FormState, event: &Event) -> FormState {
    let Some(rule) = event.recurrence() else {
        return form.with("repeat", "never");
    };
    let day = event.starts_local.civil().date();
    let (mut frequency, mut every, mut days, mut plain) = ("", "1", Vec::new(), true);
    let month_day = day.day().to_string();
    let weekday = format!("{}{}", which(day), code_of(day.weekday()));
    let mut monthly = "monthly";
    for (name, value) in rule.rule.split(';').filter_map(|part| part.split_once('=')) {
        match (name, value) {
            ("FREQ", value) => frequency = value,
            ("INTERVAL", value) => every = value,
            ("BYDAY", value) if value == weekday => monthly = "monthly-weekday",
            ("BYDAY", value) => {
                days = value.split(',').collect();
                plain &= days.iter().all(|day| DAYS.contains(day));
            }
            ("BYMONTHDAY", value) => plain &= value == month_day,
            ("WKST", "MO") => {}
            _ => plain = false,
        }
    }
    let code = match frequency {
        "DAILY" if days.is_empty() => "daily",
        "WEEKLY" => "weekly",
        "MONTHLY" if days.is_empty() => monthly,
        "YEARLY" if days.is_empty() => "yearly",
        _ => "custom",
    };
    let mut form = form
        .with("repeat", if plain { code } else { "custom" })
        .with("interval", every);
    for day in days {
        form = form.with("days", day);
    }
    match rule.until {
        Some(until) => form.with("until", until.date()),
        None => form,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_of(pairs: &[(&str, &str)]) -> (NewEvent, Vec<EventRefusal>) {
        let mut all = vec![
            ("title", "Réunion"),
            ("start_date", "2026-11-26"),
            ("start_time", "18:30"),
            ("visibility", "public"),
        ];
        all.retain(|(name, _)| !pairs.iter().any(|(other, _)| other == name));
        all.extend_from_slice(pairs);
        read(&Submitted::of(&all), "Europe/Paris", None, None).unwrap()
    }

    fn ends(pairs: &[(&str, &str)]) -> String {
        read_of(pairs).0.ends.strftime("%Y-%m-%d %H:%M").to_string()
    }

    #[test]
    fn an_end_is_found() {
        assert_eq!(ends(&[]), "2026-11-26 19:30");
        assert_eq!(ends(&[("end_time", "20:00")]), "2026-11-26 20:00");
        assert_eq!(ends(&[("end_time", "01:00")]), "2026-11-27 01:00");
        assert_eq!(
            ends(&[("end_date", "2026-11-28"), ("end_time", "12:00")]),
            "2026-11-28 12:00"
        );
        // The clocks go from two to three, and back from three to two.
        let of = |day| ends(&[("start_date", day), ("start_time", "02:30")]);
        assert_eq!(of("2027-03-28"), "2027-03-28 04:30");
        assert_eq!(of("2026-10-25"), "2026-10-25 03:30");
        assert_eq!(ends(&[("all_day", "on")]), "2026-11-27 00:00");
        assert_eq!(
            ends(&[("all_day", "on"), ("end_date", "2026-11-28")]),
            "2026-11-29 00:00"
        );
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(
            read_of(&[("start_date", "26/11/2026")]).1,
            [EventRefusal::StartUnreadable]
        );
        assert_eq!(read_of(&[("end_time", "25:00")]).1, [EventRefusal::EndUnreadable]);
        assert_eq!(
            read_of(&[("capacity", "douze")]).1,
            [EventRefusal::SeatsImpossible]
        );
        assert_eq!(read_of(&[("latitude", "NaN")]).1, [EventRefusal::PointImpossible]);
        assert_eq!(
            read_of(&[("repeat", "daily"), ("interval", "0")]).1,
            [EventRefusal::RuleImpossible]
        );
        assert_eq!(read_of(&[("latitude", "43,7"), ("longitude", "7.3")]).1, []);
    }

    #[test]
    fn what_the_form_does_not_offer_is_no_choice() {
        let is_refused = |name: &str, value: &str| {
            let all = [
                ("start_date", "2026-11-26"),
                ("start_time", "18:30"),
                ("visibility", "public"),
            ];
            let mut all: Vec<_> = all.into_iter().filter(|(one, _)| *one != name).collect();
            all.push((name, value));
            read(&Submitted::of(&all), "Europe/Paris", None, None).is_err()
        };
        assert!(!is_refused("visibility", "private"));
        for (name, value) in [
            ("visibility", "prive"),
            ("visibility", "Private"),
            ("visibility", ""),
            ("category", "xx"),
            ("repeat", "xx"),
            ("days", "XX"),
            ("join_mode", "xx"),
            ("comment_mode", "xx"),
        ] {
            assert!(is_refused(name, value), "{name}={value}");
        }
        let absent = Submitted::of(&[("start_date", "2026-11-26"), ("start_time", "18:30")]);
        assert!(read(&absent, "Europe/Paris", None, None).is_err());
    }

    #[test]
    fn rules_of_the_form() {
        let rule = |pairs: &[(&str, &str)]| read_of(pairs).0.repeat.map(|rule| rule.rule).unwrap_or_default();
        assert_eq!(rule(&[]), "");
        assert_eq!(rule(&[("repeat", "weekly")]), "FREQ=WEEKLY;BYDAY=TH");
        assert_eq!(
            rule(&[
                ("repeat", "weekly"),
                ("days", "TH"),
                ("days", "MO"),
                ("interval", "2")
            ]),
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH"
        );
        // The 26th is the last Thursday of November.
        assert_eq!(rule(&[("repeat", "monthly-weekday")]), "FREQ=MONTHLY;BYDAY=-1TH");
        assert_eq!(
            rule(&[("repeat", "monthly-weekday"), ("start_date", "2026-11-19")]),
            "FREQ=MONTHLY;BYDAY=3TH"
        );
    }
}
