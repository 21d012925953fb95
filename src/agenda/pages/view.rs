//! Dates as the templates see them.

use std::collections::HashMap;

use federation::Ctx;
use jiff::civil::Date;
use platform::i18n::{self, Lang};
use platform::{StoreError, Timestamp};

use crate::model::{Attendance, AttendanceState, Category, OccurrenceId, OccurrenceState, instant};
use crate::store::attendances;
use crate::store::lists::Line;
use crate::words;

/// A date in a list.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) when: String,
    /// "26".
    pub(crate) day: String,
    /// "nov.".
    pub(crate) month: String,
    pub(crate) starts_at: Timestamp,
    pub(crate) place: String,
    pub(crate) cancelled: bool,
    pub(crate) reason: String,
    pub(crate) private: bool,
    /// Seats left and in all.
    pub(crate) seats: Option<(i64, i64)>,
    pub(crate) mine: Option<AttendanceState>,
    /// From which server it comes.
    pub(crate) host: String,
}

impl Row {
    pub(crate) fn comes(&self) -> bool {
        self.mine == Some(AttendanceState::Accepted)
    }

    pub(crate) fn asked(&self) -> bool {
        self.mine == Some(AttendanceState::Asked)
    }

    pub(crate) fn waits(&self) -> bool {
        self.mine == Some(AttendanceState::Waiting)
    }
}

/// Where the viewer stands at these dates.
pub(crate) async fn mine(
    ctx: &Ctx,
    actor: Option<federation::ActorId>,
    lines: &[Line],
) -> Result<HashMap<OccurrenceId, Attendance>, StoreError> {
    let Some(actor) = actor else {
        return Ok(HashMap::new());
    };
    let ids: Vec<OccurrenceId> = lines.iter().map(|line| line.id).collect();
    let found = attendances::of_actor_at(&ctx.db, actor, &ids).await?;
    Ok(found.into_iter().map(|one| (one.occurrence_id, one)).collect())
}

/// A date as a row of a list; `below` is the path of the agenda it stands in.
pub(crate) fn row(
    ctx: &Ctx,
    lang: Lang,
    zone: &str,
    below: &str,
    line: &Line,
    mine: &HashMap<OccurrenceId, Attendance>,
) -> Row {
    let first = line.starts_local.civil().date();
    let when = words::between(
        &ctx.words,
        lang,
        line.all_day,
        zone,
        &line.starts_local,
        &line.ends_local,
    );
    let place = [line.place_name.as_str(), line.locality.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    let cancelled = line.state == OccurrenceState::Cancelled;
    Row {
        href: format!("{below}/{}", line.id),
        title: platform::text::french(&line.title),
        when,
        day: first.day().to_string(),
        month: words::month_short(&ctx.words, lang, first),
        starts_at: line.starts_at,
        place: platform::text::french(&place),
        cancelled,
        reason: line.reason.clone(),
        private: line.private,
        seats: line.capacity.map(|seats| ((seats - line.taken).max(0), seats)),
        mine: mine.get(&line.id).map(|one| one.state),
        host: String::new(),
    }
}

/// A date in a month or week.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) href: String,
    pub(crate) title: String,
    /// "18 h 30"; empty for whole days and for the days after the first.
    pub(crate) time: String,
    pub(crate) class: &'static str,
    pub(crate) cancelled: bool,
    pub(crate) private: bool,
    pub(crate) place: String,
}

/// A day of a month or week.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    /// "23".
    pub(crate) number: String,
    /// "lundi".
    pub(crate) weekday: String,
    /// "lundi 23 novembre 2026".
    pub(crate) label: String,
    pub(crate) iso: String,
    /// Of another month.
    pub(crate) outside: bool,
    pub(crate) today: bool,
    pub(crate) cells: Vec<Cell>,
    /// How many more there are.
    pub(crate) more: i64,
    /// Where all of the day are.
    pub(crate) href: String,
}

/// What is drawn around the days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) ctx: &'a Ctx,
    pub(crate) lang: Lang,
    pub(crate) zone: &'a str,
    /// The path of the agenda.
    pub(crate) below: &'a str,
    pub(crate) today: Date,
    /// The month that is drawn; none: a week.
    pub(crate) month: Option<Date>,
    /// How many dates a day shows.
    pub(crate) most: usize,
}

impl Frame<'_> {
    /// Days with what is on them; `lines` in the order of time.
    pub(crate) fn days(&self, days: impl Iterator<Item = Date>, lines: &[Line]) -> Vec<Day> {
        let mut on: HashMap<Date, Vec<&Line>> = HashMap::new();
        for line in lines {
            let (first, last) = ends(line);
            let mut day = first;
            // An exhibition stands on each of its days, and no date lasts longer than the store lets it.
            for _ in 0..=crate::model::LONGEST_DAYS {
                on.entry(day).or_default().push(line);
                match day.tomorrow() {
                    Ok(next) if next <= last => day = next,
                    _ => break,
                }
            }
        }
        days.map(|day| self.day(day, on.get(&day).map_or(&[], Vec::as_slice)))
            .collect()
    }

    fn day(&self, day: Date, lines: &[&Line]) -> Day {
        let at = instant(day.at(12, 0, 0, 0), self.zone).in_zone(self.zone);
        let weekday = words::weekday(&self.ctx.words, self.lang, day);
        let more = lines.len().saturating_sub(self.most);
        Day {
            number: day.day().to_string(),
            label: format!("{weekday} {}", i18n::date(self.lang, &at)),
            weekday,
            iso: day.to_string(),
            outside: self.month.is_some_and(|month| month.month() != day.month()),
            today: day == self.today,
            cells: lines
                .iter()
                .take(self.most)
                .map(|line| self.cell(day, line))
                .collect(),
            more: more as i64,
            href: format!("{}?vue=semaine&date={day}", self.below),
        }
    }

    fn cell(&self, day: Date, line: &Line) -> Cell {
        let begins = line.starts_local.civil();
        let time = if line.all_day || begins.date() != day {
            String::new()
        } else {
            i18n::time(self.lang, &instant(begins, self.zone).in_zone(self.zone))
        };
        let cancelled = line.state == OccurrenceState::Cancelled;
        Cell {
            href: format!("{}/{}", self.below, line.id),
            title: platform::text::french(&line.title),
            time,
            class: if cancelled {
                "annule"
            } else {
                line.category.class()
            },
            cancelled,
            private: line.private,
            place: platform::text::french(&line.place_name),
        }
    }
}

/// The first and the last day of a date: what ends at midnight ended the day before.
fn ends(line: &Line) -> (Date, Date) {
    let (first, end) = (line.starts_local.civil(), line.ends_local.civil());
    let last = if end > first && end.time() == jiff::civil::Time::midnight() {
        end.date().yesterday().unwrap_or(end.date())
    } else {
        end.date()
    };
    (first.date(), last.max(first.date()))
}

/// The categories for the legend: word's key and class.
pub(crate) fn legend() -> Vec<(String, &'static str)> {
    [Category::TownHall, Category::LocalLife, Category::Participation]
        .into_iter()
        .map(|one| (format!("agenda-category-{}", one.code()), one.class()))
        .collect()
}
