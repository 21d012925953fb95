//! A date of the agenda as JSON.

use account::Citizen;
use commune::Commune;
use discussion::CommentMode;
use federation::Ctx;
use jiff::civil::DateTime;
use platform::web::Failure;
use platform::web::api::Moment;
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{
    AttendanceState, Category, Event, EventId, JoinMode, Occurrence, OccurrenceId, OccurrenceState, Place,
};
use crate::store;
use crate::wire::path;

/// One date of an event.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Event")]
pub(super) struct Shown {
    id: OccurrenceId,
    /// The same for all dates of a series.
    series_id: EventId,
    /// ActivityPub id.
    uri: String,
    /// Its page.
    url: String,
    /// INSEE code; none of an event of another server.
    commune: Option<String>,
    title: String,
    /// Markdown.
    description: Option<String>,
    description_html: String,
    /// `fr`.
    language: String,
    category: Category,
    /// Clock time on the spot: `2026-11-26T18:30:00`.
    start: String,
    /// The same; for whole days the midnight after the last.
    end: String,
    starts_at: Moment,
    ends_at: Moment,
    /// Of the clock times: `Europe/Paris`.
    time_zone: String,
    all_day: bool,
    /// RFC 5545.
    rrule: Option<String>,
    status: OccurrenceState,
    /// Why it is cancelled.
    reason: String,
    /// Whether it is not where its rule put it.
    moved: bool,
    place: ShownPlace,
    /// Where it is followed from afar.
    online_url: String,
    website: String,
    contact: String,
    contact_email: String,
    contact_phone: String,
    /// Seats; none given: no limit.
    capacity: Option<i64>,
    seats_left: Option<i64>,
    participants: i64,
    join_mode: JoinMode,
    /// Where people register, when it is elsewhere.
    join_url: String,
    comments: CommentMode,
    image: Option<Image>,
    /// The event as iCalendar; none of an event of another server.
    calendar: Option<String>,
    /// Where the bearer of the token stands.
    mine: Option<AttendanceState>,
    updated_at: Moment,
}

/// Where an event takes place.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Place")]
struct ShownPlace {
    name: String,
    street: String,
    postal_code: String,
    locality: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl From<&Place> for ShownPlace {
    fn from(place: &Place) -> Self {
        Self {
            name: place.place_name.clone(),
            street: place.street.clone(),
            postal_code: place.postal_code.clone(),
            locality: place.locality.clone(),
            latitude: place.latitude,
            longitude: place.longitude,
        }
    }
}

/// A picture.
#[derive(Debug, Serialize, JsonSchema)]
struct Image {
    url: String,
    /// What is to be seen, for those who do not see it.
    alt: String,
}

/// The dates that touch a span of days.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Events")]
pub(super) struct Span {
    /// The first day.
    #[schemars(extend("format" = "date"))]
    pub(super) from: String,
    /// The last day.
    #[schemars(extend("format" = "date"))]
    pub(super) to: String,
    /// How many there are; at most 500 are shown.
    pub(super) total: usize,
    pub(super) items: Vec<Shown>,
}

/// Where somebody stands who wants to come.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Attendance {
    pub(super) state: AttendanceState,
    /// Of `waiting`: the place in the queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<i64>,
}

/// Of somebody who does not come any more.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Absence {
    pub(super) state: (),
    /// Whether she wanted to come before.
    pub(super) left: bool,
}

/// A date for this reader.
pub(super) async fn shown(
    ctx: &Ctx,
    reader: Option<&Citizen>,
    (event, one, commune): (&Event, &Occurrence, Option<&Commune>),
) -> Result<Shown, Failure> {
    let mine = match reader {
        Some(citizen) => store::attendances::of_actor_at(&ctx.db, citizen.actor.id, &[one.id])
            .await?
            .pop()
            .map(|mine| mine.state),
        None => None,
    };
    Ok(of(ctx, mine, (event, one, commune)))
}

fn of(
    ctx: &Ctx,
    mine: Option<AttendanceState>,
    (event, one, commune): (&Event, &Occurrence, Option<&Commune>),
) -> Shown {
    let page = path(commune, one);
    let local = |at: DateTime| at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let updated_at = event.edited_at.unwrap_or(event.created_at).max(one.changed_at);
    Shown {
        id: one.id,
        series_id: event.id,
        uri: one.uri.clone(),
        url: ctx.urls.to(&page),
        commune: commune.map(|commune| commune.code.to_string()),
        title: event.title.clone(),
        description: event.source.clone(),
        description_html: event.html.clone(),
        language: event.language.clone(),
        category: event.category,
        start: local(one.starts_local.civil()),
        end: local(one.ends_local.civil()),
        starts_at: one.starts_at.into(),
        ends_at: one.ends_at.into(),
        time_zone: event.zone.clone(),
        all_day: event.all_day,
        rrule: event
            .recurrence()
            .map(|rule| rule.value(&event.zone, event.all_day)),
        status: one.state,
        reason: one.reason.clone(),
        moved: one.moved,
        place: ShownPlace::from(&event.place),
        online_url: event.place.online_url.clone(),
        website: event.website.clone(),
        contact: event.contact.clone(),
        contact_email: event.contact_email.clone(),
        contact_phone: event.contact_phone.clone(),
        capacity: event.capacity,
        seats_left: one.left(event),
        participants: one.taken,
        join_mode: event.join_mode,
        join_url: event.join_url.clone(),
        comments: event.comment_mode,
        image: event.image_id.map(|_| Image {
            url: ctx.urls.to(&event.image_path),
            alt: event.image_alt.clone(),
        }),
        calendar: commune.map(|_| ctx.urls.to(&format!("{page}/agenda.ics"))),
        mine,
        updated_at: updated_at.into(),
    }
}
