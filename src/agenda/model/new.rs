//! An event as its author wants it, and what may be wrong with it.

use discussion::CommentMode;
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use platform::text::is_blank;
use url::Url;

use super::{
    Category, EventRefusal, FURTHEST_YEARS, JoinMode, LONGEST_DAYS, LONGEST_LINE, LONGEST_TEXT,
    LONGEST_TITLE, MOST_SEATS, Place, Recurrence, instant,
};

/// The picture of a new event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImage {
    /// The upload.
    pub media_id: i64,
    /// What it shows, for those who do not see it.
    pub alt: String,
}

/// An event as its author wants it, from whichever door.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// Plain text.
    pub title: String,
    /// Markdown-light.
    pub source: String,
    /// BCP 47.
    pub language: String,
    /// What it is about.
    pub category: Category,
    /// For the town hall's team only.
    pub private: bool,
    /// Whole days: both ends are midnights.
    pub all_day: bool,
    /// IANA zone of the clock times.
    pub zone: String,
    /// When the first begins.
    pub starts: DateTime,
    /// When it ends; of whole days the midnight after the last.
    pub ends: DateTime,
    /// How it comes again.
    pub repeat: Option<Recurrence>,
    /// Days on which the rule does not hold.
    pub excluded: Vec<jiff::civil::Date>,
    /// Where.
    pub place: Place,
    /// More about it.
    pub website: String,
    /// Who answers questions.
    pub contact: String,
    /// How she is reached.
    pub contact_email: String,
    /// How she is reached.
    pub contact_phone: String,
    /// Seats of each date.
    pub capacity: Option<i64>,
    /// How people register.
    pub join_mode: JoinMode,
    /// Where, when that is another site.
    pub join_url: String,
    /// Its rule for comments.
    pub comment_mode: CommentMode,
    /// Its picture.
    pub image: Option<NewImage>,
    /// The UID of the file it comes from.
    pub import_uid: Option<String>,
}

/// Another time for one date of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// When it begins.
    pub starts: DateTime,
    /// When it ends.
    pub ends: DateTime,
}

impl Move {
    /// What is wrong with it.
    pub fn refusals(&self, today: DateTime) -> Vec<EventRefusal> {
        times(self.starts, self.ends, today)
    }
}

impl NewEvent {
    /// All that is wrong with it, so that one look mends everything. `today` is the time on the spot.
    pub fn refusals(&self, today: DateTime) -> Vec<EventRefusal> {
        let mut all = Vec::new();
        if is_blank(&self.title) {
            all.push(EventRefusal::NoTitle);
        }
        if self.title.chars().count() > LONGEST_TITLE {
            all.push(EventRefusal::TitleTooLong);
        }
        if self.source.chars().count() > LONGEST_TEXT {
            all.push(EventRefusal::TextTooLong);
        }
        let lines = [
            &self.place.place_name,
            &self.place.street,
            &self.place.postal_code,
            &self.place.locality,
            &self.contact,
            &self.contact_phone,
        ];
        if lines.into_iter().any(|line| line.chars().count() > LONGEST_LINE) {
            all.push(EventRefusal::LineTooLong);
        }
        all.extend(times(self.starts, self.ends, today));
        // By the clock it ends later, and in time it does not: the night in which the clocks leave out an hour.
        if self.ends >= self.starts && instant(self.ends, &self.zone) < instant(self.starts, &self.zone) {
            all.push(EventRefusal::EndsBefore);
        }
        let until = self.repeat.as_ref().and_then(|repeat| repeat.until);
        if until.is_some_and(|until| until < self.starts) {
            all.push(EventRefusal::UntilBefore);
        }
        if self
            .capacity
            .is_some_and(|seats| !(1..=MOST_SEATS).contains(&seats))
        {
            all.push(EventRefusal::SeatsImpossible);
        }
        all.extend(self.addresses());
        if self.image.as_ref().is_some_and(|image| is_blank(&image.alt)) {
            all.push(EventRefusal::NoAlt);
        }
        all
    }

    fn addresses(&self) -> Vec<EventRefusal> {
        let mut all = Vec::new();
        if !self.place.online_url.is_empty() && !is_web(&self.place.online_url) {
            all.push(EventRefusal::OnlineImpossible);
        }
        if !self.website.is_empty() && !is_web(&self.website) {
            all.push(EventRefusal::WebsiteImpossible);
        }
        if self.join_mode == JoinMode::External && !is_web(&self.join_url) {
            all.push(EventRefusal::JoinUrlImpossible);
        }
        if !self.contact_email.is_empty() && !is_email(&self.contact_email) {
            all.push(EventRefusal::EmailImpossible);
        }
        let one_only = self.place.latitude.is_some() != self.place.longitude.is_some();
        let nowhere = self
            .place
            .point()
            .is_some_and(|(lat, long)| !((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&long)));
        if one_only || nowhere {
            all.push(EventRefusal::PointImpossible);
        }
        all
    }
}

fn times(starts: DateTime, ends: DateTime, today: DateTime) -> Vec<EventRefusal> {
    let mut all = Vec::new();
    if ends < starts {
        all.push(EventRefusal::EndsBefore);
    }
    if starts
        .checked_add(LONGEST_DAYS.days())
        .is_ok_and(|most| ends > most)
    {
        all.push(EventRefusal::LastsTooLong);
    }
    if (starts.year() - today.year()).abs() > FURTHEST_YEARS {
        all.push(EventRefusal::TooFar);
    }
    all
}

/// An address that may stand behind a link.
pub(crate) fn is_web(address: &str) -> bool {
    address.len() <= 2000
        && Url::parse(address)
            .is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.host_str().is_some())
}

fn is_email(address: &str) -> bool {
    let plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | ',' | ';' | ':');
    address.len() <= 254
        && address.chars().all(plain)
        && address
            .rsplit_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn council() -> NewEvent {
        NewEvent {
            title: "Conseil municipal".to_owned(),
            source: "Séance publique.".to_owned(),
            language: "fr".to_owned(),
            category: Category::TownHall,
            private: false,
            all_day: false,
            zone: "Europe/Paris".to_owned(),
            starts: "2026-11-26T18:30".parse().unwrap(),
            ends: "2026-11-26T20:30".parse().unwrap(),
            repeat: None,
            excluded: Vec::new(),
            place: Place::default(),
            website: String::new(),
            contact: String::new(),
            contact_email: String::new(),
            contact_phone: String::new(),
            capacity: None,
            join_mode: JoinMode::Free,
            join_url: String::new(),
            comment_mode: CommentMode::Open,
            image: None,
            import_uid: None,
        }
    }

    fn refusals(change: impl FnOnce(&mut NewEvent)) -> Vec<EventRefusal> {
        let mut event = council();
        change(&mut event);
        event.refusals("2026-11-23T09:30".parse().unwrap())
    }

    #[test]
    fn a_good_event_passes() {
        assert_eq!(refusals(|_| {}), []);
    }

    #[test]
    fn every_fault_is_named() {
        assert_eq!(refusals(|e| e.title = " ".to_owned()), [EventRefusal::NoTitle]);
        assert_eq!(
            refusals(|e| e.ends = "2026-11-26T18:29".parse().unwrap()),
            [EventRefusal::EndsBefore]
        );
        assert_eq!(
            refusals(|e| e.ends = "2027-11-26T18:29".parse().unwrap()),
            [EventRefusal::LastsTooLong]
        );
        assert_eq!(
            refusals(|e| e.capacity = Some(0)),
            [EventRefusal::SeatsImpossible]
        );
        assert_eq!(
            refusals(|e| e.website = "javascript:alert(1)".to_owned()),
            [EventRefusal::WebsiteImpossible]
        );
        assert_eq!(
            refusals(|e| e.join_mode = JoinMode::External),
            [EventRefusal::JoinUrlImpossible]
        );
        assert_eq!(
            refusals(|e| e.place.latitude = Some(43.7)),
            [EventRefusal::PointImpossible]
        );
        assert_eq!(
            refusals(|e| {
                e.place.latitude = Some(43.7);
                e.place.longitude = Some(181.0);
            }),
            [EventRefusal::PointImpossible]
        );
        assert_eq!(
            refusals(|e| e.contact_email = "mairie@exemple".to_owned()),
            [EventRefusal::EmailImpossible]
        );
        assert_eq!(
            refusals(|e| {
                e.repeat = Some(Recurrence {
                    rule: "FREQ=DAILY".to_owned(),
                    until: Some("2026-11-25T00:00".parse().unwrap()),
                });
            }),
            [EventRefusal::UntilBefore]
        );
    }
}
