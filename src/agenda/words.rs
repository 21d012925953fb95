//! Dates and repetitions in words, for pages, notices and other servers.

use jiff::ToSpan as _;
use platform::i18n::{self, Lang, Words};

use crate::model::{Event, Local, Occurrence, OnDay, Recurrence, instant};

/// From when to when, as a sentence begins: "jeudi 26 novembre 2026, de 18 h 30 à 20 h 30".
pub(crate) fn when(words: &Words, lang: Lang, event: &Event, one: &Occurrence) -> String {
    between(
        words,
        lang,
        event.all_day,
        &event.zone,
        &one.starts_local,
        &one.ends_local,
    )
}

/// The same of clock times.
pub(crate) fn between(
    words: &Words,
    lang: Lang,
    all_day: bool,
    zone: &str,
    starts: &Local,
    ends: &Local,
) -> String {
    let (starts, mut ends) = (starts.civil(), ends.civil());
    if all_day {
        // The end is the midnight after the last day.
        ends = ends.checked_sub(1.day()).unwrap_or(ends).max(starts);
    }
    let zoned = |at| instant(at, zone).in_zone(zone);
    let (first, last) = (zoned(starts), zoned(ends));
    let (from_day, to_day) = (i18n::date(lang, &first), i18n::date(lang, &last));
    let (from_time, to_time) = (i18n::time(lang, &first), i18n::time(lang, &last));
    let weekday = weekday(words, lang, starts.date());
    let pairs = [
        ("weekday", weekday.as_str()),
        ("day", from_day.as_str()),
        ("time", from_time.as_str()),
        ("last", to_day.as_str()),
        ("end", to_time.as_str()),
    ];
    let key = match (all_day, starts.date() == ends.date(), starts == ends) {
        (true, true, _) => "agenda-when-day",
        (true, false, _) => "agenda-when-days",
        (false, true, true) => "agenda-when-start",
        (false, true, false) => "agenda-when-times",
        (false, false, _) => "agenda-when-long",
    };
    words.ta(lang, key, &pairs)
}

/// "lundi".
pub(crate) fn weekday(words: &Words, lang: Lang, day: jiff::civil::Date) -> String {
    words.t(
        lang,
        &format!("agenda-weekday-{}", day.weekday().to_monday_one_offset()),
    )
}

/// "nov.".
pub(crate) fn month_short(words: &Words, lang: Lang, day: jiff::civil::Date) -> String {
    words.t(lang, &format!("agenda-month-short-{}", day.month()))
}

/// "novembre".
pub(crate) fn month(words: &Words, lang: Lang, day: jiff::civil::Date) -> String {
    words.t(lang, &format!("agenda-month-{}", day.month()))
}

/// "le lundi et le mercredi", "le dernier jeudi", "le 26"; empty when the rule names no day, or says more than that.
fn on_days(words: &Words, lang: Lang, repeat: &Recurrence) -> String {
    let days: Vec<String> = repeat
        .days()
        .iter()
        .map(|day| {
            let what = match day {
                OnDay::Date(number) => words.tn(lang, "agenda-on-date", i64::from(*number)),
                OnDay::Weekday(which, day) => {
                    let name = words.t(lang, &format!("agenda-weekday-{}", day.to_monday_one_offset()));
                    match which {
                        None => name,
                        Some(which) => {
                            let which = if *which < 0 {
                                "last".to_owned()
                            } else {
                                which.to_string()
                            };
                            words.ta(lang, &format!("agenda-on-which-{which}"), &[("day", &name)])
                        }
                    }
                }
            };
            words.ta(lang, "agenda-on", &[("what", &what)])
        })
        .collect();
    match days.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => words.ta(
            lang,
            "agenda-on-last",
            &[("before", &before.join(", ")), ("last", last)],
        ),
    }
}

/// "Toutes les 2 semaines, jusqu’au 30 juin 2027"; empty for what happens once.
pub(crate) fn repetition(words: &Words, lang: Lang, repeat: Option<&Recurrence>, zone: &str) -> String {
    let Some(repeat) = repeat else {
        return String::new();
    };
    let often = match repeat.frequency() {
        Some((frequency, every)) => {
            let often = words.tn(lang, &format!("agenda-every-{}", frequency.code()), every);
            match on_days(words, lang, repeat) {
                days if days.is_empty() => often,
                days => words.ta(lang, "agenda-every-on", &[("often", &often), ("days", &days)]),
            }
        }
        None => words.t(lang, "agenda-every"),
    };
    match repeat.until {
        Some(until) => {
            let last = i18n::date(lang, &instant(until, zone).in_zone(zone));
            words.ta(lang, "agenda-every-until", &[("often", &often), ("day", &last)])
        }
        None => often,
    }
}
