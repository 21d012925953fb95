//! A date as other programs read it: an `Event` of ActivityStreams with what Mobilizon and Gancio require
//! (INTEROP.md 4.7), and an `Event` of schema.org for search engines.

use discussion::CommentMode;
use federation::{Audience, Ctx, Visibility};
use platform::i18n::Lang;
use platform::text::{Html, excerpt, plain_text};
use serde_json::{Value, json};

use super::path;
use crate::actions::Whole;
use crate::model::{Event, JoinMode, Local, instant};
use crate::words;

/// The `Event` of a date, without `@context`.
pub(crate) fn document(ctx: &Ctx, whole: &Whole<'_>) -> Value {
    let Whole {
        office,
        commune,
        event,
        date,
    } = whole;
    let audience = Audience::of(office, Visibility::Public, &[]);
    let url = ctx.urls.to(&path(Some(commune), date));
    let mut document = json!({
        "id": date.uri,
        "type": "Event",
        "attributedTo": office.uri,
        "actor": office.uri,
        "organizers": { "type": "OrderedCollection", "totalItems": 1, "orderedItems": [office.uri], "items": [office.uri] },
        "to": audience.to,
        "cc": audience.cc,
        "url": url,
        "name": event.title,
        "content": event.html,
        "contentMap": { &event.language: event.html },
        "mediaType": "text/html",
        "summary": summary(ctx, whole),
        "published": date.announced_at.unwrap_or(event.created_at).rfc3339(),
        "startTime": offset(&date.starts_local, &event.zone),
        "endTime": offset(&date.ends_local, &event.zone),
        "timezone": event.zone,
        "displayEndTime": date.ends_at > date.starts_at && !event.all_day,
        "location": location(whole),
    });
    let Some(map) = document.as_object_mut() else {
        return document;
    };
    if let Value::Object(more) = taking_part(ctx, whole) {
        map.extend(more);
    }
    let mut put = |name: &str, value: Value| map.insert(name.to_owned(), value);
    if let Some(seats) = event.capacity {
        put("maximumAttendeeCapacity", json!(seats));
        put("remainingAttendeeCapacity", json!(date.left(event)));
    }
    if event.join_mode == JoinMode::External {
        put("externalParticipationUrl", json!(event.join_url));
    }
    if let Some(source) = &event.source {
        put(
            "source",
            json!({ "content": source, "mediaType": "text/markdown" }),
        );
    }
    if let Some(image) = image(ctx, event) {
        put("image", image);
    }
    let changed = event.edited_at.into_iter().chain([date.changed_at]).max();
    if let Some(changed) = changed.filter(|at| *at > date.announced_at.unwrap_or(event.created_at)) {
        put("updated", json!(changed.rfc3339()));
    }
    document
}

/// How it stands, who may come, what may be said.
fn taking_part(ctx: &Ctx, whole: &Whole<'_>) -> Value {
    let (event, date) = (whole.event, whole.date);
    let (status, ical) = if date.is_cancelled() {
        ("EventCancelled", "CANCELLED")
    } else if date.moved {
        ("EventRescheduled", "CONFIRMED")
    } else {
        ("EventScheduled", "CONFIRMED")
    };
    let closed = event.comment_mode == CommentMode::Off;
    json!({
        "isOnline": !event.place.online_url.is_empty() && event.place.line().is_empty(),
        "category": event.category.wire(),
        "eventStatus": status,
        "status": ical,
        "ical:status": ical,
        "joinMode": event.join_mode.code(),
        "participantCount": date.taken,
        "attendees": { "type": "Collection", "id": format!("{}/attendees", date.uri), "totalItems": date.taken },
        "anonymousParticipationEnabled": false,
        "repliesModerationOption": if closed { "closed" } else { "allow_all" },
        "commentsEnabled": !closed,
        "inLanguage": event.language,
        "uuid": uuid(date.id.0),
        "draft": false,
        "sensitive": false,
        "tag": [],
        "attachment": attachments(ctx, event),
        "context": format!("{}/context", date.uri),
        "conversation": format!("{}/context", date.uri),
        "replies": format!("{}/replies", date.uri),
        "likes": format!("{}/likes", date.uri),
        "shares": format!("{}/shares", date.uri),
        "interactionPolicy": { "canQuote": { "automaticApproval": [federation::PUBLIC] } },
    })
}

/// Date and place, for readers that show nothing else of an event (Mastodon), with the first words.
fn summary(ctx: &Ctx, whole: &Whole<'_>) -> String {
    let (event, date) = (whole.event, whole.date);
    let words = &ctx.words;
    let lang = Lang::Fr;
    let mut parts = Vec::new();
    if date.is_cancelled() {
        let key = words.t(lang, "agenda-wire-cancelled");
        parts.push(if date.reason.is_empty() {
            key
        } else {
            format!("{key} {}", date.reason)
        });
    }
    parts.push(words.ta(
        lang,
        "agenda-wire-when",
        &[("when", &words::when(words, lang, event, date))],
    ));
    let place = event.place.line();
    let place = if !place.is_empty() {
        place
    } else if event.place.online_url.is_empty() {
        whole.commune.name.shown()
    } else {
        event.place.online_url.clone()
    };
    parts.push(words.ta(lang, "agenda-wire-where", &[("where", &place)]));
    let first = excerpt(&Html::from_store(event.html.clone()), 200);
    if !first.is_empty() {
        parts.push(first);
    }
    parts
        .iter()
        .map(|part| Html::paragraph(part).into_string())
        .collect()
}

/// Clock time with its offset, as it is on the spot.
fn offset(at: &Local, zone: &str) -> String {
    instant(at.civil(), zone)
        .in_zone(zone)
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

/// Always a place: Gancio refuses an event without one, so that of a meeting online is the commune's.
fn location(whole: &Whole<'_>) -> Value {
    let (event, commune) = (whole.event, whole.commune);
    let place = &event.place;
    let or = |text: &str, other: String| if text.is_empty() { other } else { text.to_owned() };
    let locality = or(&place.locality, commune.name.shown());
    let postal = or(
        &place.postal_code,
        commune.postal_codes.first().cloned().unwrap_or_default(),
    );
    let mut address = json!({
        "type": "PostalAddress",
        "addressLocality": locality,
        "postalCode": postal,
        "addressCountry": "FR",
    });
    if !place.street.is_empty()
        && let Some(map) = address.as_object_mut()
    {
        map.insert("streetAddress".to_owned(), json!(place.street));
    }
    let mut here = json!({
        "type": "Place",
        "name": or(&place.place_name, or(&place.street, commune.name.shown())),
        "address": address,
    });
    if let Some((latitude, longitude)) = place.point()
        && let Some(map) = here.as_object_mut()
    {
        // Written as decimals: Mobilizon drops whole numbers.
        map.insert("latitude".to_owned(), json!(latitude));
        map.insert("longitude".to_owned(), json!(longitude));
    }
    if place.online_url.is_empty() {
        here
    } else {
        json!([here, { "type": "VirtualLocation", "name": "En ligne", "url": place.online_url }])
    }
}

fn picture(ctx: &Ctx, event: &Event) -> Option<String> {
    (event.image_id.is_some() && !event.image_path.is_empty()).then(|| ctx.urls.to(&event.image_path))
}

fn image(ctx: &Ctx, event: &Event) -> Option<Value> {
    let url = picture(ctx, event)?;
    Some(json!({
        "type": "Image", "mediaType": event.image_mime, "url": url, "name": event.image_alt,
        "summary": event.image_alt, "width": event.image_width, "height": event.image_height,
    }))
}

/// Mobilizon reads the picture from a `Document` called "Banner" and the address from a `Link` called "Website".
fn attachments(ctx: &Ctx, event: &Event) -> Vec<Value> {
    let mut all = Vec::new();
    if let Some(url) = picture(ctx, event) {
        all.push(json!({
            "type": "Document", "mediaType": event.image_mime, "url": url, "name": "Banner",
            "summary": event.image_alt, "width": event.image_width, "height": event.image_height,
        }));
    }
    if !event.website.is_empty() {
        all.push(
            json!({ "type": "Link", "name": "Website", "href": event.website, "mediaType": "text/html" }),
        );
    }
    all
}

/// An id in the form that Mobilizon keeps, always the same for one date (RFC 9562, version 8: of our own making).
fn uuid(id: i64) -> String {
    let hex = format!("{:016x}", id.unsigned_abs());
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default().to_owned();
    format!(
        "{}-{}-8{}-8000-7061727669{}",
        part(0, 8),
        part(8, 12),
        part(12, 15),
        format_args!("{}0", part(15, 16))
    )
}

/// The `Event` of schema.org, for search engines.
pub(crate) fn structured(ctx: &Ctx, whole: &Whole<'_>) -> Value {
    let (event, date, commune) = (whole.event, whole.date, whole.commune);
    let place = &event.place;
    let or = |text: &str, other: String| if text.is_empty() { other } else { text.to_owned() };
    let here = json!({
        "@type": "Place",
        "name": or(&place.place_name, commune.name.shown()),
        "address": {
            "@type": "PostalAddress",
            "streetAddress": place.street,
            "postalCode": or(&place.postal_code, commune.postal_codes.first().cloned().unwrap_or_default()),
            "addressLocality": or(&place.locality, commune.name.shown()),
            "addressCountry": "FR",
        },
        "geo": place.point().map(|(latitude, longitude)| json!({
            "@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude,
        })),
    });
    let online = json!({ "@type": "VirtualLocation", "url": place.online_url });
    let (mode, location) = match (place.online_url.is_empty(), place.line().is_empty()) {
        (true, _) => ("OfflineEventAttendanceMode", here),
        (false, true) => ("OnlineEventAttendanceMode", online),
        (false, false) => ("MixedEventAttendanceMode", json!([here, online])),
    };
    let status = if date.is_cancelled() {
        "EventCancelled"
    } else if date.moved {
        "EventRescheduled"
    } else {
        "EventScheduled"
    };
    let (start, end) = if event.all_day {
        let last = words_last_day(date);
        (day_of(&date.starts_local), last)
    } else {
        (
            offset(&date.starts_local, &event.zone),
            offset(&date.ends_local, &event.zone),
        )
    };
    json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": date.uri,
        "name": event.title,
        "description": plain_text(&Html::from_store(event.html.clone())),
        "startDate": start,
        "endDate": end,
        "eventStatus": format!("https://schema.org/{status}"),
        "eventAttendanceMode": format!("https://schema.org/{mode}"),
        "location": location,
        "image": picture(ctx, event).into_iter().collect::<Vec<_>>(),
        "inLanguage": event.language,
        "isAccessibleForFree": Value::Null,
        "maximumAttendeeCapacity": event.capacity,
        "remainingAttendeeCapacity": date.left(event),
        "organizer": {
            "@type": "GovernmentOrganization",
            "name": format!("Mairie {}", commune.name.of()),
            "url": ctx.urls.to(&commune.path()),
        },
        "url": ctx.urls.to(&path(Some(commune), date)),
    })
}

fn day_of(at: &Local) -> String {
    at.civil().date().to_string()
}

fn words_last_day(date: &crate::model::Occurrence) -> String {
    let last = date.ends_local.civil().date().yesterday();
    let first = date.starts_local.civil().date();
    last.unwrap_or(first).max(first).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_one_and_always_the_same() {
        let id = uuid(117_664_580_000_123_456);
        assert_eq!(id, uuid(117_664_580_000_123_456));
        assert_eq!(id.len(), 36);
        let dashes: Vec<usize> = id.match_indices('-').map(|(at, _)| at).collect();
        assert_eq!(dashes, [8, 13, 18, 23]);
        assert!(id.chars().all(|c| c == '-' || c.is_ascii_hexdigit()), "{id}");
        assert_ne!(id, uuid(117_664_580_000_123_457));
    }

    #[test]
    fn clock_times_are_told_with_the_offset_of_their_day() {
        let local = |text: &str| Local::from(text.parse::<jiff::civil::DateTime>().unwrap());
        assert_eq!(
            offset(&local("2026-11-26T18:30"), "Europe/Paris"),
            "2026-11-26T18:30:00+01:00"
        );
        assert_eq!(
            offset(&local("2027-06-26T18:30"), "Europe/Paris"),
            "2027-06-26T18:30:00+02:00"
        );
        assert_eq!(
            offset(&local("2026-11-26T18:30"), "America/Martinique"),
            "2026-11-26T18:30:00-04:00"
        );
    }
}
