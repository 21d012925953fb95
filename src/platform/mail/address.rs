//! Addresses to which mails may go.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use url::Host;

/// Longest address (RFC 5321).
const LONGEST: usize = 254;
/// Longest part before the `@`.
const LONGEST_LOCAL: usize = 64;

/// An e-mail address in its plain form: no name, no comment, no quotes; the host in lower-case ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// The text is not an address mails can go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct NotAnAddress;

impl EmailAddress {
    /// Reads what somebody typed; spaces around it are forgiven, a comma for a dot is not.
    ///
    /// # Errors
    /// [`NotAnAddress`].
    pub fn parse(typed: &str) -> Result<Self, NotAnAddress> {
        let typed: String = typed.trim().nfc().collect();
        let (local, host) = typed.rsplit_once('@').ok_or(NotAnAddress)?;
        let is_local = local
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(is_in_local));
        if !is_local || local.len() > LONGEST_LOCAL {
            return Err(NotAnAddress);
        }
        let Ok(Host::Domain(host)) = Host::parse(host) else {
            return Err(NotAnAddress);
        };
        let address = format!("{local}@{host}");
        // lettre has the last word: what it cannot send is no address.
        let is_sendable = address.parse::<lettre::Address>().is_ok();
        (is_host(&host) && is_sendable && address.len() <= LONGEST)
            .then_some(Self(address))
            .ok_or(NotAnAddress)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the `@`, in ASCII.
    pub fn host(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, host)| host)
    }

    /// The form by which addresses are compared, so that nobody signs up twice by changing a capital.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

fn is_in_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || (!c.is_ascii() && c.is_alphanumeric())
}

fn is_host(host: &str) -> bool {
    let top = host.rsplit('.').next().unwrap_or_default();
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    host.contains('.') && host.split('.').all(is_label) && !top.bytes().all(|b| b.is_ascii_digit())
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for EmailAddress {
    type Err = NotAnAddress;
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        Self::parse(text)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = NotAnAddress;
    fn try_from(text: String) -> Result<Self, NotAnAddress> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_pass_and_hosts_are_made_equal() {
        for (typed, read) in [
            (" alice@example.org ", "alice@example.org"),
            ("Alice.B+tag@EXAMPLE.org", "Alice.B+tag@example.org"),
            ("o'neil@example.org", "o'neil@example.org"),
            ("rené@forêt.example", "rené@xn--fort-ipa.example"),
            ("re\u{301}@example.org", "ré@example.org"),
            ("a@b.co.uk", "a@b.co.uk"),
        ] {
            assert_eq!(EmailAddress::parse(typed).unwrap().as_str(), read, "{typed}");
        }
        let address = EmailAddress::parse("Alice@Example.org").unwrap();
        assert_eq!(address.host(), "example.org");
        assert_eq!(address.folded(), "alice@example.org");
    }

    #[test]
    fn anything_else_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        let longer = format!("a@{}.org", "b.".repeat(130));
        for typed in [
            "",
            "@",
            "a@",
            "@b.fr",
            "a@b",
            "a@localhost",
            "a b@example.org",
            "a@example.org\r\nBcc: x@example.org",
            "a@example.org\nX",
            "a\0@example.org",
            "a@exam\u{202e}ple.org",
            "\"a\"@example.org",
            "A <a@example.org>",
            "a@example.org, b@example.org",
            "a@b@example.org",
            "a..b@example.org",
            ".a@example.org",
            "a.@example.org",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@example.123",
            "a@-example.org",
            "a@example..org",
            "a@example.org.",
            "a@exa_mple.org",
            "a(b)@example.org",
            "a;b@example.org",
            &long,
            &longer,
        ] {
            assert_eq!(EmailAddress::parse(typed), Err(NotAnAddress), "{typed:?}");
        }
    }
}
