//! E-mail addresses: as typed, and as compared.

use super::Refusal;

/// The longest address that mail can carry (RFC 5321).
pub const EMAIL_MAX: usize = 254;

/// An address that mail can be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress {
    shown: String,
    key: String,
}

impl EmailAddress {
    /// Reads what was typed.
    ///
    /// # Errors
    /// [`Refusal::NoEmail`] when it is no address.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let typed = typed.trim();
        let (local, domain) = typed.rsplit_once('@').ok_or(Refusal::NoEmail)?;
        let domain = ascii_domain(domain).ok_or(Refusal::NoEmail)?;
        let fits = typed.len() <= EMAIL_MAX && local.len() <= 64 && local.len() + domain.len() < EMAIL_MAX;
        if !fits || !is_local_part(local) {
            return Err(Refusal::NoEmail);
        }
        Ok(Self {
            shown: format!("{local}@{domain}"),
            key: format!("{}@{domain}", local.to_lowercase()),
        })
    }

    /// For writing to.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// For comparing: case makes no difference, since no server of today tells them apart.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Dot-atoms of RFC 5322; quoted local parts exist on paper only.
fn is_local_part(local: &str) -> bool {
    local.split('.').all(|atom| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte))
    })
}

/// A domain name with a dot, in ASCII (`bücher.example` in its `xn--` form); addresses of machines are refused.
fn ascii_domain(domain: &str) -> Option<String> {
    let url::Host::Domain(name) = url::Host::parse(domain).ok()? else {
        return None;
    };
    let labels_fit = name.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    (name.len() <= 253 && name.contains('.') && labels_fit).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_compared() {
        let one = EmailAddress::parse(" Jeanne.Lefevre+Parvis@Example.ORG ").unwrap();
        assert_eq!(one.shown(), "Jeanne.Lefevre+Parvis@example.org");
        assert_eq!(one.key(), "jeanne.lefevre+parvis@example.org");
        assert_eq!(
            EmailAddress::parse("a@bücher.example").unwrap().key(),
            "a@xn--bcher-kva.example"
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in [
            "",
            "a",
            "@example.org",
            "a@",
            "a@b",
            "a b@example.org",
            "a@exa mple.org",
            "a..b@example.org",
            ".a@example.org",
            "a@example..org",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "\"a b\"@example.org",
            "a@example.org\r\nBcc: b@example.org",
            "a\n@example.org",
            "é@example.org",
            "a@-x.example.org",
            "a@example.org,b@example.org",
            "<a@example.org>",
            "a@example.org.",
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(Refusal::NoEmail), "{bad:?}");
        }
        let long = format!("a@{}.org", "b".repeat(260));
        assert_eq!(EmailAddress::parse(&long), Err(Refusal::NoEmail));
    }
}
