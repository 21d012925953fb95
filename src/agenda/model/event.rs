//! An event, and each of its dates, as stored.

use discussion::CommentMode;
use federation::ActorId;
use platform::{Timestamp, id_type};

use super::{Local, Recurrence};

id_type!(
    /// An event or a series of them.
    EventId
);
id_type!(
    /// One date of an event: what has a page, seats and an object.
    OccurrenceId
);

/// What an event is about; the words are `agenda-category-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// The town hall's own: council, office hours.
    TownHall,
    /// Local life: markets, feasts.
    LocalLife,
    /// Public meetings, consultations.
    Participation,
    /// Concerts, exhibitions, the library.
    Culture,
    /// Sport.
    Sport,
}

impl Category {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 5] = [
        Self::TownHall,
        Self::LocalLife,
        Self::Participation,
        Self::Culture,
        Self::Sport,
    ];

    /// In the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TownHall => "mairie",
            Self::LocalLife => "vie-locale",
            Self::Participation => "participation",
            Self::Culture => "culture",
            Self::Sport => "sport",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// The word Mobilizon has for it.
    pub const fn wire(self) -> &'static str {
        match self {
            Self::TownHall | Self::Participation => "MEETING",
            Self::LocalLife => "COMMUNITY",
            Self::Culture => "ARTS",
            Self::Sport => "SPORTS",
        }
    }

    /// The colour in the month: the class of the look.
    pub const fn class(self) -> &'static str {
        match self {
            Self::TownHall => "",
            Self::LocalLife | Self::Culture | Self::Sport => "vie",
            Self::Participation => "participation",
        }
    }
}

platform::coded!(Category);
platform::worded!(Category, Category::ALL);

/// How people register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinMode {
    /// "Je participe" here, and from other servers.
    Free,
    /// Who invites decides; events of other servers only.
    Restricted,
    /// On another site.
    External,
    /// Nobody registers: whoever wants to comes.
    None,
}

impl JoinMode {
    /// Those that our own events may have, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Free, Self::None, Self::External];

    /// In the database, in forms and on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Restricted => "restricted",
            Self::External => "external",
            Self::None => "none",
        }
    }

    /// From the database.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Free, Self::Restricted, Self::External, Self::None]
            .into_iter()
            .find(|one| one.code() == code)
    }

    /// From a form or a program: what our own events may have.
    pub fn chosen(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Whether people may ask to come.
    pub const fn takes_people(self) -> bool {
        matches!(self, Self::Free | Self::Restricted)
    }
}

platform::coded!(JoinMode);
platform::worded!(
    JoinMode,
    [
        JoinMode::Free,
        JoinMode::Restricted,
        JoinMode::External,
        JoinMode::None
    ]
);

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventState {
    /// Planned.
    Published,
    /// Called off, and still shown.
    Cancelled,
    /// Moderators took it from sight: private meanwhile, and nobody changes it.
    Hidden,
    /// Deleted: 410.
    Deleted,
}

impl EventState {
    /// In the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Cancelled => "cancelled",
            Self::Hidden => "hidden",
            Self::Deleted => "deleted",
        }
    }

    /// From the database.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Published, Self::Cancelled, Self::Hidden, Self::Deleted]
            .into_iter()
            .find(|one| one.code() == code)
    }
}

platform::coded!(EventState);

/// Where one date stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OccurrenceState {
    /// Planned.
    Scheduled,
    /// Called off, and still shown.
    Cancelled,
    /// Deleted: 410.
    Deleted,
}

impl OccurrenceState {
    /// In the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Cancelled => "cancelled",
            Self::Deleted => "deleted",
        }
    }

    /// From the database.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Scheduled, Self::Cancelled, Self::Deleted]
            .into_iter()
            .find(|one| one.code() == code)
    }
}

platform::coded!(OccurrenceState);
platform::worded!(
    OccurrenceState,
    [OccurrenceState::Scheduled, OccurrenceState::Cancelled]
);

/// Where an event takes place.
#[derive(Debug, Clone, PartialEq, Default, sqlx::FromRow)]
pub struct Place {
    /// "Salle des fêtes".
    pub place_name: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// Town or village.
    pub locality: String,
    /// Degrees.
    pub latitude: Option<f64>,
    /// Degrees.
    pub longitude: Option<f64>,
    /// Where it is followed from afar.
    pub online_url: String,
}

impl Place {
    /// "1, place de la Nef, 06360 Èze".
    pub fn address(&self) -> String {
        let town = [self.postal_code.as_str(), self.locality.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        [self.street.as_str(), town.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// "Salle des fêtes, 1, place de la Nef, 06360 Èze".
    pub fn line(&self) -> String {
        [self.place_name.clone(), self.address()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// Latitude and longitude, when both are known.
    pub fn point(&self) -> Option<(f64, f64)> {
        self.latitude.zip(self.longitude)
    }
}

/// An event, or a series, as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Event {
    /// Row id.
    pub id: EventId,
    /// Who invites.
    pub actor_id: ActorId,
    /// In whose agenda (INSEE code); none for another server's.
    pub commune: Option<String>,
    /// Ours, or another server's.
    pub local: bool,
    /// The account that wrote it for the office.
    pub account_id: Option<i64>,
    /// "Prénom Nom, maire (2026-2032)", as it was then.
    pub byline: String,
    /// Written by a delegate.
    pub delegated: bool,
    /// For the town hall's team only.
    pub private: bool,
    /// Plain text.
    pub title: String,
    /// Markdown as typed; ours only.
    pub source: Option<String>,
    /// Sanitised.
    pub html: String,
    /// BCP 47.
    pub language: String,
    /// What it is about.
    pub category: Category,
    /// Whole days.
    pub all_day: bool,
    /// IANA zone of the clock times.
    pub zone: String,
    /// When the first begins.
    pub starts_local: Local,
    /// When the first ends.
    pub ends_local: Local,
    /// RFC 5545; empty: once.
    pub rule: String,
    /// The last moment at which one may begin.
    pub until_local: Option<Local>,
    /// Days without, separated by commas.
    pub excluded: String,
    /// Up to when dates have rows.
    pub expanded_to: Option<Local>,
    /// Where.
    #[sqlx(flatten)]
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
    /// Its own rule for comments.
    pub comment_mode: CommentMode,
    /// The upload; ours only.
    pub image_id: Option<i64>,
    /// Its address; on its own server for another's.
    pub image_path: String,
    /// Its small form; ours only.
    pub image_small: String,
    /// Media type.
    pub image_mime: String,
    /// What it shows.
    pub image_alt: String,
    /// Pixels.
    pub image_width: Option<i64>,
    /// Pixels.
    pub image_height: Option<i64>,
    /// Where it stands.
    pub state: EventState,
    /// The UID of the file it came from.
    pub import_uid: Option<String>,
    /// How often it was changed (RFC 5545).
    pub sequence: i64,
    /// Its page on its own server.
    pub url: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub edited_at: Option<Timestamp>,
}

impl Event {
    /// How it comes again.
    pub fn recurrence(&self) -> Option<Recurrence> {
        Recurrence::stored(&self.rule, self.until_local.as_ref().map(Local::civil))
    }

    /// Whether it comes more than once.
    pub fn is_series(&self) -> bool {
        !self.rule.is_empty()
    }

    /// Days on which the rule does not hold.
    pub fn excluded_days(&self) -> impl Iterator<Item = jiff::civil::Date> {
        self.excluded.split(',').filter_map(|day| day.parse().ok())
    }
}

/// One date of an event as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Occurrence {
    /// Row id: in the address of its page and object.
    pub id: OccurrenceId,
    /// ActivityPub id.
    pub uri: String,
    /// Of which event.
    pub event_id: EventId,
    /// As in its event.
    pub commune: Option<String>,
    /// As in its event.
    pub private: bool,
    /// As in its event.
    pub local: bool,
    /// The day the rule gave it.
    pub day: String,
    /// The moment the rule gave it.
    pub rule_local: Local,
    /// When it begins.
    pub starts_local: Local,
    /// When it ends.
    pub ends_local: Local,
    /// The same as an instant.
    pub starts_at: Timestamp,
    /// The same as an instant.
    pub ends_at: Timestamp,
    /// Where it stands.
    pub state: OccurrenceState,
    /// Why it is cancelled.
    pub reason: String,
    /// Moved away from where the rule puts it.
    pub moved: bool,
    /// Seats taken.
    pub taken: i64,
    /// When other servers were told of it.
    pub announced_at: Option<Timestamp>,
    /// When those who come were reminded.
    pub reminded_at: Option<Timestamp>,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

impl Occurrence {
    /// Whether it is called off.
    pub fn is_cancelled(&self) -> bool {
        self.state == OccurrenceState::Cancelled
    }

    /// Whether it is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ends_at <= now
    }

    /// Whether people mean to come: it takes place, and is not over.
    pub fn is_awaited(&self, now: Timestamp) -> bool {
        self.state == OccurrenceState::Scheduled && !self.is_over(now)
    }

    /// Seats left, of an event with seats.
    pub fn left(&self, event: &Event) -> Option<i64> {
        event.capacity.map(|seats| (seats - self.taken).max(0))
    }
}
