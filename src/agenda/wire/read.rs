//! An `Event` of another server, read within bounds.

use federation::{kind_of, list};
use jiff::Timestamp as Instant;
use platform::Timestamp;
use platform::text::{self, Html};
use serde_json::{Map, Value};

use crate::model::{Category, JoinMode, LONGEST_DAYS, LONGEST_LINE, LONGEST_TITLE, Place, is_web, local_of};

/// Characters of HTML kept.
const LONGEST_HTML: usize = 100_000;

/// What is kept of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Read {
    pub(super) title: String,
    pub(super) html: String,
    pub(super) language: String,
    pub(super) starts_at: Timestamp,
    pub(super) ends_at: Timestamp,
    pub(super) zone: String,
    pub(super) place: Place,
    pub(super) website: String,
    pub(super) capacity: Option<i64>,
    pub(super) taken: i64,
    pub(super) cancelled: bool,
    pub(super) image_path: String,
    pub(super) image_alt: String,
    pub(super) url: Option<String>,
    pub(super) category: Category,
    pub(super) join_url: String,
    pub(super) join_mode: JoinMode,
}

/// Reads it; `None` when it lacks what an event must have: a name and a beginning.
pub(super) fn read(document: &Map<String, Value>) -> Option<Read> {
    let text_of = |name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default();
    let title = text::clean_line(
        &text::plain_text(&text::sanitise_remote(name_of(document))),
        LONGEST_TITLE,
    );
    if title.is_empty() {
        return None;
    }
    let zone = Some(text_of("timezone"))
        .filter(|zone| !zone.is_empty() && zone.len() <= 64 && jiff::tz::TimeZone::get(zone).is_ok())
        .unwrap_or("Europe/Paris")
        .to_owned();
    let starts_at = moment(text_of("startTime"), &zone)?;
    let longest = std::time::Duration::from_secs(LONGEST_DAYS.unsigned_abs().into()) * 24 * 3600;
    let ends_at = moment(text_of("endTime"), &zone)
        .filter(|at| *at >= starts_at)
        .unwrap_or(starts_at)
        .min(starts_at.plus(longest));
    let content: String = words(document).chars().take(LONGEST_HTML).collect();
    let status = format!("{} {}", text_of("eventStatus"), text_of("ical:status"));
    let (image_path, image_alt) = image(document);
    Some(Read {
        title,
        html: text::sanitise_remote(&content).into_string(),
        language: language(text_of("inLanguage")),
        starts_at,
        ends_at,
        zone,
        place: place(document),
        website: String::new(),
        capacity: whole(document, "maximumAttendeeCapacity").filter(|n| *n > 0),
        taken: whole(document, "participantCount").unwrap_or(0).max(0),
        cancelled: status.to_ascii_uppercase().contains("CANCELLED")
            || text_of("status").eq_ignore_ascii_case("CANCELLED"),
        image_path,
        image_alt,
        url: link(document.get("url")),
        category: Category::LocalLife,
        join_url: link(document.get("externalParticipationUrl")).unwrap_or_default(),
        join_mode: join_mode(text_of("joinMode")),
    })
}

/// Who says nothing (Gancio, FEP-8a8e) answers no `Join`; by invitation nobody asks.
fn join_mode(code: &str) -> JoinMode {
    match code.to_ascii_lowercase().as_str() {
        "free" => JoinMode::Free,
        "restricted" => JoinMode::Restricted,
        "external" => JoinMode::External,
        _ => JoinMode::None,
    }
}

fn name_of(document: &Map<String, Value>) -> &str {
    let direct = document.get("name").and_then(Value::as_str);
    let mapped = || {
        document
            .get("nameMap")?
            .as_object()?
            .values()
            .find_map(Value::as_str)
    };
    direct.or_else(mapped).unwrap_or_default()
}

/// The description: `content`, else the abstract.
fn words(document: &Map<String, Value>) -> String {
    let of = |name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default();
    if of("content").is_empty() {
        Html::paragraph(&text::plain_text(&text::sanitise_remote(of("summary")))).into_string()
    } else {
        of("content").to_owned()
    }
}

/// An instant with its offset; without one (some programs) it is clock time on the spot.
fn moment(text: &str, zone: &str) -> Option<Timestamp> {
    let at = match text.parse::<Instant>() {
        Ok(at) => Timestamp::from(at),
        Err(_) => crate::model::instant(text.parse().ok()?, zone),
    };
    // Years of four digits: what is further away is nobody's appointment.
    let year = local_of(at, "UTC").year();
    (1970..=2200).contains(&year).then_some(at)
}

fn whole(document: &Map<String, Value>, name: &str) -> Option<i64> {
    document.get(name)?.as_i64().filter(|n| *n < 1_000_000_000)
}

fn language(tag: &str) -> String {
    let plain =
        !tag.is_empty() && tag.len() <= 16 && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if plain { tag.to_owned() } else { "und".to_owned() }
}

/// A web address: text, a Link, or the first good one of a list.
fn link(value: Option<&Value>) -> Option<String> {
    let href = match value? {
        Value::String(text) => text.as_str(),
        Value::Object(link) => link.get("href").or_else(|| link.get("url"))?.as_str()?,
        Value::Array(links) => return links.iter().take(20).find_map(|one| link(Some(one))),
        _ => return None,
    };
    is_web(href).then(|| href.to_owned())
}

/// The first place that is one; an address as text or in parts.
fn place(document: &Map<String, Value>) -> Place {
    let mut found = Place::default();
    let line = |text: Option<&Value>| {
        text::clean_line(text.and_then(Value::as_str).unwrap_or_default(), LONGEST_LINE)
    };
    for one in list(document, "location").into_iter().take(5) {
        let Some(map) = one.as_object() else {
            if let Some(name) = one.as_str().filter(|_| found.place_name.is_empty()) {
                found.place_name = text::clean_line(name, LONGEST_LINE);
            }
            continue;
        };
        if kind_of(one) == Some("VirtualLocation") {
            if let Some(url) = link(map.get("url")).filter(|_| found.online_url.is_empty()) {
                found.online_url = url;
            }
            continue;
        }
        if !found.place_name.is_empty() {
            continue;
        }
        found.place_name = line(map.get("name"));
        match map.get("address") {
            Some(Value::String(address)) => found.street = text::clean_line(address, LONGEST_LINE),
            Some(Value::Object(address)) => {
                found.street = line(address.get("streetAddress"));
                found.postal_code = line(address.get("postalCode"));
                found.locality = line(address.get("addressLocality"));
            }
            _ => {}
        }
        let number = |name: &str| map.get(name).and_then(Value::as_f64).filter(|n| n.is_finite());
        let point = number("latitude").zip(number("longitude"));
        let point = point.filter(|(lat, long)| lat.abs() <= 90.0 && long.abs() <= 180.0);
        (found.latitude, found.longitude) = point.unzip();
    }
    found
}

/// Its picture, on its own server: linked, never shown, since asking for it would tell who reads.
fn image(document: &Map<String, Value>) -> (String, String) {
    let mut all = list(document, "image");
    all.extend(list(document, "attachment"));
    for one in all.into_iter().take(10) {
        let is_picture = matches!(kind_of(one), Some("Image" | "Document"))
            && one
                .get("mediaType")
                .and_then(Value::as_str)
                .is_none_or(|kind| kind.starts_with("image/"));
        if let Some(url) = link(one.get("url").or_else(|| one.get("href"))).filter(|_| is_picture) {
            let alt = ["summary", "name"]
                .into_iter()
                .filter_map(|name| one.get(name).and_then(Value::as_str))
                .find(|alt| !alt.is_empty() && *alt != "Banner")
                .unwrap_or_default();
            return (url, text::clean_text(alt, 1500));
        }
    }
    (String::new(), String::new())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(value: Value) -> Option<Read> {
        read(value.as_object().unwrap())
    }

    #[test]
    fn an_event_of_mobilizon_is_read() {
        let event = of(json!({
            "type": "Event", "name": "Fête <b>du port</b>", "content": "<p>Venez</p><script>x</script>",
            "startTime": "2027-06-26T18:30:00+02:00", "endTime": "2027-06-26T23:00:00+02:00",
            "timezone": "Europe/Paris", "ical:status": "CANCELLED", "inLanguage": "fr",
            "location": { "type": "Place", "name": "Le port", "latitude": 43.7, "longitude": 7.3,
                "address": { "type": "PostalAddress", "streetAddress": "1 quai", "postalCode": "06000",
                    "addressLocality": "Nice" } },
            "maximumAttendeeCapacity": 40, "participantCount": 3,
            "attachment": [{ "type": "Document", "mediaType": "image/jpeg", "url": "https://m.example/a.jpg",
                "name": "Banner" }],
            "url": "https://m.example/events/1",
        }))
        .unwrap();
        assert_eq!(event.title, "Fête du port");
        assert_eq!(event.html, "<p>Venez</p>");
        assert_eq!(event.starts_at.rfc3339(), "2027-06-26T16:30:00.000Z");
        assert!(event.cancelled);
        assert_eq!(event.place.line(), "Le port, 1 quai, 06000 Nice");
        assert_eq!(event.place.point(), Some((43.7, 7.3)));
        assert_eq!((event.capacity, event.taken), (Some(40), 3));
        assert_eq!(event.image_path, "https://m.example/a.jpg");
    }

    #[test]
    fn an_event_of_gancio_is_read_and_a_list_of_places() {
        let event = of(json!({
            "type": "Event", "name": "Concert", "startTime": "2027-06-26T18:30:00+02:00",
            "summary": "place - date", "location": [
                { "type": "VirtualLocation", "url": "https://visio.example/salle" },
                { "name": "La salle", "address": "2 rue du Port, Nice", "latitude": "43", "longitude": null }],
        }))
        .unwrap();
        assert_eq!(event.place.line(), "La salle, 2 rue du Port, Nice");
        assert_eq!(event.place.online_url, "https://visio.example/salle");
        assert_eq!(event.place.point(), None);
        assert_eq!(event.ends_at, event.starts_at);
    }

    #[test]
    fn what_is_no_event_is_not_read() {
        for value in [
            json!({ "type": "Event", "startTime": "2027-06-26T18:30:00Z" }),
            json!({ "type": "Event", "name": "x" }),
            json!({ "type": "Event", "name": "x", "startTime": "demain" }),
            json!({ "type": "Event", "name": "x", "startTime": "9999-12-31T23:59:59Z" }),
            json!({ "type": "Event", "name": "<script></script>", "startTime": "2027-06-26T18:30:00Z" }),
            json!({ "type": "Event", "name": ["x"], "startTime": 7 }),
        ] {
            assert_eq!(of(value.clone()), None, "{value}");
        }
        let odd = of(json!({
            "type": "Event", "name": "x", "startTime": "2027-06-26T18:30:00Z", "endTime": "2027-06-25T18:30:00Z",
            "location": [7, "Ici", { "type": "Place" }], "url": "javascript:alert(1)",
            "image": { "type": "Image", "url": "file:///etc/passwd" }, "timezone": "Mars/Olympus",
        }))
        .unwrap();
        assert_eq!(odd.ends_at, odd.starts_at);
        assert_eq!(
            (odd.url, odd.image_path.as_str(), odd.zone.as_str()),
            (None, "", "Europe/Paris")
        );
    }
}
