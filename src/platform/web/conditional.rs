//! Conditional requests.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderMap, header};

/// A strong tag of this content, quotes included.
pub fn tag_of(content: &[u8]) -> String {
    let digest = digest(&SHA256, content);
    let beginning = digest.as_ref().get(..16).unwrap_or_default();
    format!("\"{}\"", hex::encode(beginning))
}

/// Whether the one who asks holds the version with this tag (`"…"`): `If-None-Match` is a list of tags, weak ones
/// among them, or `*` (RFC 9110, 13.1.2).
pub fn holds(asked: &HeaderMap, tag: &str) -> bool {
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|held| held == "*" || held.strip_prefix("W/").unwrap_or(held) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_version_is_known_in_every_way_of_saying_it() {
        let asked = |value: &'static str| {
            HeaderMap::from_iter([(header::IF_NONE_MATCH, axum::http::HeaderValue::from_static(value))])
        };
        for held in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "\"b\",W/\"a\"", "*"] {
            assert!(holds(&asked(held), "\"a\""), "{held}");
        }
        for other in ["\"b\"", "a", "", "\"A\""] {
            assert!(!holds(&asked(other), "\"a\""), "{other}");
        }
        assert!(!holds(&HeaderMap::new(), "\"a\""));
    }
}
