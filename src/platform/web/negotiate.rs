//! Media types, parsed as RFC 9110 says and not compared as text.

use http::{HeaderMap, header};
use mediatype::{MediaType, MediaTypeList, ReadParams as _};

const PROFILE: &str = "https://www.w3.org/ns/activitystreams";

/// Whether a media type is one of ActivityPub's two (section 3.2): `application/activity+json`, or
/// `application/ld+json` with the ActivityStreams profile. Other parameters do not matter.
pub fn is_activity(media_type: &str) -> bool {
    MediaType::parse(media_type.trim()).is_ok_and(|parsed| is_activity_type(&parsed))
}

fn is_activity_type(parsed: &MediaType<'_>) -> bool {
    let essence = parsed.essence().to_string().to_ascii_lowercase();
    match essence.as_str() {
        "application/activity+json" => true,
        "application/ld+json" => mediatype::Name::new("profile")
            .and_then(|name| parsed.get_param(name))
            .is_some_and(|value| value.unquoted_str().split_whitespace().any(|one| one == PROFILE)),
        _ => false,
    }
}

/// What an `Accept` header asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preference {
    /// A page.
    Html,
    /// JSON for a program.
    Json,
    /// An ActivityPub document.
    Activity,
    /// None of these.
    Other,
}

/// What a request accepts: several lines are one list (RFC 9110 section 5.3).
pub fn accept(headers: &HeaderMap) -> Option<String> {
    let lines: Vec<&str> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

/// The best of our three forms for this `Accept` header; an absent header or `*/*` means a page.
pub fn preference(accept: Option<&str>) -> Preference {
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
        return Preference::Html;
    };
    let mut best = (0.0f32, Preference::Other);
    for media_type in MediaTypeList::new(accept).take(50).flatten() {
        let q = mediatype::Name::new("q")
            .and_then(|name| media_type.get_param(name))
            .and_then(|value| value.as_str().parse::<f32>().ok())
            .unwrap_or(1.0);
        let essence = media_type.essence().to_string().to_ascii_lowercase();
        let form = match essence.as_str() {
            _ if is_activity_type(&media_type) => Preference::Activity,
            "text/html" | "application/xhtml+xml" | "text/*" => Preference::Html,
            "*/*" => Preference::Html,
            "application/json" | "application/problem+json" | "application/*" => Preference::Json,
            _ => continue,
        };
        if q > best.0 {
            best = (q, form);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_activity_types_are_known_in_all_their_spellings() {
        for good in [
            "application/activity+json",
            "application/activity+json;charset=utf-8",
            "Application/Activity+JSON; charset=utf-8",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json;profile=\"https://www.w3.org/ns/activitystreams https://w3id.org/security\"",
        ] {
            assert!(is_activity(good), "{good}");
        }
        for bad in [
            "application/json",
            "application/ld+json",
            "text/html",
            "",
            "application/activity+jsonx",
        ] {
            assert!(!is_activity(bad), "{bad}");
        }
    }

    #[test]
    fn several_lines_are_one_list() {
        let mut headers = HeaderMap::new();
        assert_eq!(accept(&headers), None);
        for line in ["image/png", "application/activity+json"] {
            headers.append(header::ACCEPT, line.parse().unwrap());
        }
        assert_eq!(preference(accept(&headers).as_deref()), Preference::Activity);
    }

    #[test]
    fn browsers_get_pages_and_servers_get_documents() {
        let firefox = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert_eq!(preference(Some(firefox)), Preference::Html);
        assert_eq!(preference(None), Preference::Html);
        assert_eq!(preference(Some("*/*")), Preference::Html);
        assert_eq!(
            preference(Some("application/activity+json, application/ld+json")),
            Preference::Activity
        );
        let lemmy = "application/activity+json;q=0.9, text/html;q=0.1";
        assert_eq!(preference(Some(lemmy)), Preference::Activity);
        assert_eq!(preference(Some("application/json")), Preference::Json);
        assert_eq!(preference(Some("image/png")), Preference::Other);
    }
}
