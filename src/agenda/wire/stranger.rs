//! Another server's event as a row of ours.

use discussion::CommentMode;
use federation::Actor;
use platform::Timestamp;

use super::read::Read;
use crate::model::{
    Category, Event, EventId, EventState, JoinMode, Local, Occurrence, OccurrenceState, Place, local_of,
};

/// An event of another server, before it is filled.
pub(super) fn stranger(host: &Actor, id: EventId, now: Timestamp) -> Event {
    let start = Local::from(local_of(now, "UTC"));
    Event {
        id,
        actor_id: host.id,
        commune: None,
        local: false,
        account_id: None,
        byline: String::new(),
        delegated: false,
        private: false,
        title: String::new(),
        source: None,
        html: String::new(),
        language: "und".to_owned(),
        category: Category::LocalLife,
        all_day: false,
        zone: "UTC".to_owned(),
        starts_local: start.clone(),
        ends_local: start,
        rule: String::new(),
        until_local: None,
        excluded: String::new(),
        expanded_to: None,
        place: Place::default(),
        website: String::new(),
        contact: String::new(),
        contact_email: String::new(),
        contact_phone: String::new(),
        capacity: None,
        join_mode: JoinMode::None,
        join_url: String::new(),
        // Nobody answers in another server's name: comments here leave for it or do not exist.
        comment_mode: CommentMode::Open,
        image_id: None,
        image_path: String::new(),
        image_small: String::new(),
        image_mime: String::new(),
        image_alt: String::new(),
        image_width: None,
        image_height: None,
        state: EventState::Published,
        import_uid: None,
        sequence: 0,
        url: None,
        created_at: now,
        edited_at: None,
    }
}

/// Writes what was read into the event and its date.
pub(super) fn fill(event: &mut Event, date: &mut Occurrence, read: Read) {
    event.title = read.title;
    event.html = read.html;
    event.language = read.language;
    event.category = read.category;
    event.place = read.place;
    event.website = read.website;
    event.capacity = read.capacity;
    event.join_url = read.join_url;
    event.join_mode = read.join_mode;
    event.image_path = read.image_path;
    event.image_alt = read.image_alt;
    event.url = read.url;
    event.starts_local = Local::from(local_of(read.starts_at, &read.zone));
    event.ends_local = Local::from(local_of(read.ends_at, &read.zone));
    // What moderators took from sight here stays so.
    if event.state != EventState::Hidden {
        event.state = if read.cancelled {
            EventState::Cancelled
        } else {
            EventState::Published
        };
    }
    date.starts_local = event.starts_local.clone();
    date.ends_local = event.ends_local.clone();
    date.rule_local = event.starts_local.clone();
    date.day = event.starts_local.civil().date().to_string();
    date.starts_at = read.starts_at;
    date.ends_at = read.ends_at;
    date.taken = read.taken;
    date.state = if read.cancelled {
        OccurrenceState::Cancelled
    } else {
        OccurrenceState::Scheduled
    };
    event.zone = read.zone;
}
