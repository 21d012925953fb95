//! Addresses of things: one form for each, and whose they are.
//!
//! Two spellings of one address (RFC 3986 section 6.2) must not make two rows: ids are brought to one form
//! before they are compared or stored. Refuses what no server needs and attackers like: user names in
//! addresses, blanks, backslashes and control characters, names that end with a dot, ids of more than 1,024 bytes.

use url::Url;

/// Longest address of a page or a picture.
const LONGEST: usize = 2048;
/// Longest id: two of them fit into one index entry of PostgreSQL.
const LONGEST_ID: usize = 1024;

/// The one form of an address: scheme and host in lower case, no default port, no dot segments, nothing
/// percent-encoded that need not be, no empty query or fragment. `None` for what cannot be an id.
pub fn canonical(uri: &str) -> Option<String> {
    parse(uri).map(String::from)
}

/// [`canonical`] as a [`Url`].
pub(crate) fn parse(uri: &str) -> Option<Url> {
    link(uri).filter(|url| url.as_str().len() <= LONGEST_ID)
}

/// The address of a page or a picture, which may be longer than an id.
pub(crate) fn link(uri: &str) -> Option<Url> {
    let is_odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if uri.len() > LONGEST || uri.chars().any(is_odd) {
        return None;
    }
    let url = Url::parse(uri).ok()?;
    let host = url.host_str()?;
    if !matches!(url.scheme(), "https" | "http") || host.ends_with('.') || host.is_empty() {
        return None;
    }
    // The parser forgets an empty user name (`http://@host/`), so the text is looked at as well.
    let authority = uri.split_once("://")?.1;
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() || authority.contains('@') {
        return None;
    }
    let mut plain = Url::parse(&decoded(url.as_str())).ok()?;
    if plain.query() == Some("") {
        plain.set_query(None);
    }
    if plain.fragment() == Some("") {
        plain.set_fragment(None);
    }
    (plain.as_str().len() <= LONGEST).then_some(plain)
}

/// Decodes what stands percent-encoded without need and writes the rest in upper case.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let byte = from
            .get(1..3)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(char::from(byte));
                rest = from.get(3..).unwrap_or_default();
            }
            Some(byte) => {
                out.push_str(&format!("%{byte:02X}"));
                rest = from.get(3..).unwrap_or_default();
            }
            None => {
                out.push('%');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// The origin of an address, for comparing who speaks for whom: scheme, host and port.
pub fn origin(uri: &str) -> Option<String> {
    parse(uri).map(|url| url.origin().ascii_serialization())
}

/// Whether two addresses are of one scheme, host and port.
pub fn same_origin(one: &str, other: &str) -> bool {
    matches!((origin(one), origin(other)), (Some(one), Some(other)) if one == other)
}

/// Whether two addresses are spellings of one.
pub fn same(one: &str, other: &str) -> bool {
    one == other || matches!((canonical(one), canonical(other)), (Some(one), Some(other)) if one == other)
}

/// Host and, unless it is the scheme's own, port: what stands behind the `@` of a handle.
pub(crate) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_has_one_address_however_it_is_spelled() {
        let one = "http://paul.test:4000/notes/1";
        for spelling in [
            "HTTP://paul.test:4000/notes/1",
            "http://PAUL.test:4000/notes/1",
            "http://paul.test:4000/./notes/1",
            "http://paul.test:4000/x/../notes/1",
            "http://paul.test:4000/x/%2e%2E/notes/1",
            "http://paul.test:4000/n%6ftes/1",
            "http://paul.test:4000/notes/1#",
            "http://paul.test:4000/notes/1?",
            "http://paul.test:4000/notes/1?#",
            "http://p%61ul.test:4000/notes/1",
        ] {
            assert_eq!(canonical(spelling).as_deref(), Some(one), "{spelling}");
        }
        assert_eq!(
            canonical("https://a.example.org:443/é%c3%a9").as_deref(),
            Some("https://a.example.org/%C3%A9%C3%A9")
        );
        assert_eq!(
            canonical("https://méudon.example.org/").as_deref(),
            Some("https://xn--mudon-bsa.example.org/")
        );
    }

    #[test]
    fn what_differs_stays_different() {
        for (one, other) in [
            ("https://a.example.org/1", "http://a.example.org/1"),
            ("https://a.example.org/1", "https://a.example.org:8443/1"),
            ("https://a.example.org/1", "https://a.example.org/1/"),
            ("https://a.example.org/1", "https://a.example.org/1#likes/1"),
            ("https://a.example.org/1%2F2", "https://a.example.org/1/2"),
            ("https://a.example.org/A", "https://a.example.org/a"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn riddles_are_no_ids() {
        for text in [
            "",
            "bonjour",
            "javascript:alert(1)",
            "http://[",
            "http://me@paul.test/1",
            "http://@paul.test/1",
            "http://paul.test@evil.test/1",
            "http://paul.test\\@evil.test/1",
            "http://paul.test./1",
            "http:paul.test/1",
            "http:///paul.test/1",
            "http://paul.test/a b",
            "http://paul.test/a\tb",
            "http://paul.test/a\0",
            "\u{a0}http://paul.test/",
            "acct:paul@paul.test",
            "file:///etc/passwd",
        ] {
            assert_eq!(canonical(text), None, "{text:?}");
        }
        let long = |n| format!("https://a.test/{}", "x".repeat(n));
        assert_eq!(canonical(&long(1100)), None);
        assert!(link(&long(1100)).is_some());
        assert_eq!(link(&long(3000)), None);
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert!(same_origin("https://a.test/x", "https://A.test:443/y"));
        assert!(!same_origin("https://a.test/", "http://a.test/"));
        assert!(!same_origin("https://a.test/", "https://a.test:8443/"));
        assert!(!same_origin("https://a.test/", "https://b.a.test/"));
        assert!(!same_origin("bonjour", "bonjour"));
    }
}
