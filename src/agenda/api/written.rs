//! An event as a program writes it.

use discussion::CommentMode;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use platform::web::{Failure, Message};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{
    Category, EventRefusal, JoinMode, LONGEST_TEXT, LONGEST_TITLE, MOST_SEATS, NewEvent, NewImage, Place,
    Recurrence,
};
use crate::pages::words;

fn refused(refusal: EventRefusal) -> Failure {
    Failure::unprocessable(refusal.code(), words(refusal))
}

/// How a moment is written.
const MOMENT: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$";

/// An event as a program writes it. Times are clock time on the spot: `2026-11-26T18:30`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    #[schemars(length(min = 1, max = LONGEST_TITLE))]
    title: String,
    /// Markdown.
    #[serde(default)]
    #[schemars(length(max = LONGEST_TEXT))]
    description: String,
    /// `2026-11-26T18:30`, or `2026-11-26` for whole days.
    #[schemars(regex(pattern = MOMENT))]
    start: String,
    /// The same, the last day included; an hour later without it.
    #[schemars(regex(pattern = MOMENT))]
    end: Option<String>,
    #[serde(default)]
    all_day: bool,
    /// RFC 5545, once a day at most.
    rrule: Option<String>,
    /// `mairie` without it.
    #[schemars(with = "Option<Category>")]
    category: Option<String>,
    /// `fr` without it.
    language: Option<String>,
    #[serde(default)]
    place: WrittenPlace,
    /// Where it is followed from afar.
    #[serde(default)]
    online_url: String,
    #[serde(default)]
    website: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    contact_email: String,
    #[serde(default)]
    contact_phone: String,
    /// Seats; no limit without it.
    #[schemars(range(min = 1, max = MOST_SEATS))]
    capacity: Option<i64>,
    /// `free`, `none` or `external`; `free` without it.
    #[schemars(with = "Option<JoinMode>")]
    join_mode: Option<String>,
    /// Where people register, with `external`.
    #[serde(default)]
    join_url: String,
    /// `open` without it.
    #[schemars(with = "Option<CommentMode>")]
    comments: Option<String>,
    /// A picture that the office sent by `POST /api/v2/media`.
    media_id: Option<String>,
    /// What is to be seen on it.
    #[serde(default)]
    media_alt: String,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct WrittenPlace {
    name: String,
    street: String,
    postal_code: String,
    locality: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl Written {
    /// As the agenda wants it; `zone` is that of the clock times.
    pub(super) fn event(self, zone: &str) -> Result<NewEvent, Failure> {
        let moment = |text: &str, refusal: EventRefusal| -> Result<DateTime, Failure> {
            let day = text.parse::<Date>().ok().filter(|_| !text.contains('T'));
            let at = match day {
                Some(day) => Some(day.at(0, 0, 0, 0)),
                None => text.parse::<DateTime>().ok(),
            };
            at.ok_or_else(|| refused(refusal))
        };
        let starts = moment(&self.start, EventRefusal::StartUnreadable)?;
        let ends = match &self.end {
            Some(text) => moment(text, EventRefusal::EndUnreadable)?,
            None if self.all_day => starts,
            None => starts.checked_add(1.hour()).unwrap_or(starts),
        };
        let (starts, ends) = if self.all_day {
            // The last day is meant, and counts.
            let last = ends.date().tomorrow().unwrap_or(ends.date());
            (starts.date().at(0, 0, 0, 0), last.at(0, 0, 0, 0))
        } else {
            (starts, ends)
        };
        let repeat = match self.rrule.as_deref().filter(|rule| !rule.is_empty()) {
            Some(rule) => Some(Recurrence::read(rule, zone).map_err(refused)?),
            None => None,
        };
        let image = match self.media_id {
            Some(id) => Some(NewImage {
                media_id: id.parse().map_err(|_| refused(EventRefusal::ImageMissing))?,
                alt: self.media_alt,
            }),
            None => None,
        };
        let unknown = || Failure::unprocessable("unknown-word", Message::new("failure-422-text"));
        Ok(NewEvent {
            title: self.title,
            source: self.description,
            language: self.language.unwrap_or_else(|| "fr".to_owned()),
            category: match self.category.as_deref() {
                Some(code) => Category::from_code(code).ok_or_else(unknown)?,
                None => Category::TownHall,
            },
            private: false,
            all_day: self.all_day,
            zone: zone.to_owned(),
            starts,
            ends,
            repeat,
            excluded: Vec::new(),
            place: Place {
                place_name: self.place.name,
                street: self.place.street,
                postal_code: self.place.postal_code,
                locality: self.place.locality,
                latitude: self.place.latitude,
                longitude: self.place.longitude,
                online_url: self.online_url,
            },
            website: self.website,
            contact: self.contact,
            contact_email: self.contact_email,
            contact_phone: self.contact_phone,
            capacity: self.capacity,
            join_mode: match self.join_mode.as_deref() {
                Some(code) => JoinMode::chosen(code).ok_or_else(unknown)?,
                None => JoinMode::Free,
            },
            join_url: self.join_url,
            comment_mode: match self.comments.as_deref() {
                Some(code) => CommentMode::from_code(code).ok_or_else(unknown)?,
                None => CommentMode::Open,
            },
            image,
            import_uid: None,
        })
    }
}
