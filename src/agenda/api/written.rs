//! An event as a program writes it.

use discussion::CommentMode;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use platform::web::{Failure, Message};
use serde::Deserialize;

use crate::model::{Category, EventRefusal, JoinMode, NewEvent, NewImage, Place, Recurrence};
use crate::pages::words;

fn refused(refusal: EventRefusal) -> Failure {
    Failure::unprocessable(refusal.code(), words(refusal))
}

/// An event as a program writes it. Times are clock time on the spot: `2026-11-26T18:30`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    title: String,
    #[serde(default)]
    description: String,
    start: String,
    end: Option<String>,
    #[serde(default)]
    all_day: bool,
    rrule: Option<String>,
    category: Option<String>,
    language: Option<String>,
    #[serde(default)]
    place: WrittenPlace,
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
    capacity: Option<i64>,
    join_mode: Option<String>,
    #[serde(default)]
    join_url: String,
    comments: Option<String>,
    media_id: Option<String>,
    #[serde(default)]
    media_alt: String,
}

#[derive(Debug, Default, Deserialize)]
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
