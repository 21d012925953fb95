//! The plainest spelling of an address, by which two spellings of one object are known to be one.

use url::Url;

/// The longest address of an object kept here, in bytes.
const LONGEST: usize = 2000;

/// The plainest spelling of an object's address: host in lower case, no default port, no needless escapes,
/// no empty query, no slash at the end. `None` for what cannot be an object's address: another scheme, a user
/// name in it, a fragment, no host, endless.
pub(crate) fn key(uri: &str) -> Option<String> {
    if uri.len() > LONGEST || uri.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let url = Url::parse(uri).ok()?;
    let is_web = matches!(url.scheme(), "https" | "http") && url.has_host();
    let has_user = !url.username().is_empty() || url.password().is_some();
    if !is_web || has_user || url.fragment().is_some() {
        return None;
    }
    let mut key = url.origin().ascii_serialization();
    key.push_str(&without_needless_escapes(url.path().trim_end_matches('/')));
    if let Some(query) = url.query().filter(|query| !query.is_empty()) {
        key.push('?');
        key.push_str(&without_needless_escapes(query));
    }
    Some(key)
}

/// Escapes of letters, digits, `-`, `.`, `_`, `~` mean these characters themselves (RFC 3986, 6.2.2.2); the
/// digits of the others are written in upper case.
fn without_needless_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let byte = from.get(1..3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_has_one_key() {
        let plain = "https://social.example/notes/1";
        for spelling in [
            plain,
            "HTTPS://Social.Example/notes/1",
            "https://social.example:443/notes/1",
            "https://social.example/notes/1/",
            "https://social.example/./x/../notes/1",
            "https://social.example/not%65s/%31",
            "https://social.example/notes/1?",
        ] {
            assert_eq!(key(spelling).as_deref(), Some(plain), "{spelling}");
        }
        assert_ne!(key("https://social.example:8443/notes/1").as_deref(), Some(plain));
        assert_ne!(key("http://social.example/notes/1").as_deref(), Some(plain));
        assert_ne!(key("https://social.example/Notes/1").as_deref(), Some(plain));
        assert_eq!(
            key("https://social.example/a%2fb?q=%c3%a9").as_deref(),
            Some("https://social.example/a%2Fb?q=%C3%A9")
        );
    }

    #[test]
    fn what_is_no_object_has_none() {
        for bad in [
            "",
            "notes/1",
            "javascript:alert(1)",
            "acct:a@social.example",
            "https://a:b@social.example/1",
            "https://social.example/1#x",
            "https://social.example/1 2",
            "https://social.example/\0",
        ] {
            assert_eq!(key(bad), None, "{bad}");
        }
        assert_eq!(key(&format!("https://social.example/{}", "a".repeat(3000))), None);
    }
}
