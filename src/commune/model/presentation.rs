//! What a town hall says of its commune, and what can be said.

use platform::Timestamp;

/// The longest presentation, in characters.
pub const BODY_MAX: usize = 20_000;
/// The longest line of the contact part.
pub const LINE_MAX: usize = 200;
/// The longest postal address or list of opening hours.
pub const LINES_MAX: usize = 1_000;

/// What the town hall says of its commune, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Presentation {
    /// Markdown as typed.
    pub body_source: String,
    /// The sanitised HTML made of it.
    pub body_html: String,
    /// The town hall's postal address, in lines.
    pub address: String,
    /// Its telephone.
    pub phone: String,
    /// Its e-mail address.
    pub email: String,
    /// The commune's own site.
    pub website: String,
    /// Opening hours, one rule a line.
    pub opening: String,
    /// When it was edited last.
    pub edited_at: Timestamp,
}

/// Why a field cannot stand on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PresentationRefusal {
    /// More text than the page holds.
    #[error("the text is too long")]
    TooLong,
    /// No telephone number.
    #[error("this is no telephone number")]
    NoPhone,
    /// No e-mail address.
    #[error("this is no e-mail address")]
    NoEmail,
    /// No address of a site.
    #[error("this is no address of a site")]
    NoSite,
}

impl Presentation {
    /// What is wrong with it, by field.
    pub fn refusals(&self) -> Vec<(&'static str, PresentationRefusal)> {
        use PresentationRefusal::{NoEmail, NoPhone, NoSite, TooLong};
        let longer = |text: &str, max| text.chars().count() > max;
        let checks = [
            ("body", longer(&self.body_source, BODY_MAX), TooLong),
            ("address", longer(&self.address, LINES_MAX), TooLong),
            ("opening", longer(&self.opening, LINES_MAX), TooLong),
            ("phone", !self.phone.is_empty() && !is_phone(&self.phone), NoPhone),
            ("email", !self.email.is_empty() && !is_email(&self.email), NoEmail),
            (
                "website",
                !self.website.is_empty() && !is_site(&self.website),
                NoSite,
            ),
        ];
        checks
            .into_iter()
            .filter(|(_, wrong, _)| *wrong)
            .map(|(field, _, why)| (field, why))
            .collect()
    }
}

/// Digits with what people put between them; short numbers such as 3939 too.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let known = |letter: char| {
        letter.is_ascii_digit() || matches!(letter, ' ' | '.' | '-' | '(' | ')' | '\u{a0}' | '\u{202f}')
    };
    (4..=15).contains(&digits) && text.strip_prefix('+').unwrap_or(text).chars().all(known)
}

/// One `@` between a name and a host with a dot.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    let plain = |text: &str| {
        !text.is_empty()
            && !text.chars().any(|letter| {
                letter.is_whitespace() || letter.is_control() || "<>\"'(),:;@[]\\".contains(letter)
            })
    };
    text.len() <= 254
        && plain(name)
        && plain(host)
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
}

/// `https://…` or `http://…` with a host.
fn is_site(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let known =
        |letter: char| !letter.is_whitespace() && !letter.is_control() && !"<>\"'`\\@".contains(letter);
    let host = rest
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .unwrap_or_default();
    text.len() <= LINE_MAX && text.chars().all(known) && host.contains('.') && !host.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_takes_what_town_halls_write() {
        let said = Presentation {
            body_source: "Un village perché.".to_owned(),
            phone: "01 99 00 12 34".to_owned(),
            email: "mairie@eze.example.org".to_owned(),
            website: "https://eze.example.org/accueil?langue=fr".to_owned(),
            opening: "Lundi : 9 h – 12 h".to_owned(),
            ..Presentation::default()
        };
        assert_eq!(said.refusals(), []);
        assert_eq!(Presentation::default().refusals(), []);
        assert!(is_phone("+33 1 99 00 12 34") && is_phone("3939"));
    }

    #[test]
    fn what_cannot_be_used_is_refused_at_its_field() {
        for phone in ["abc", "12", "01 99 00 12 34;ext=5", "javascript:1234", "+"] {
            assert!(!is_phone(phone), "{phone}");
        }
        for email in [
            "mairie",
            "a@b",
            "a b@c.fr",
            "a@@c.fr",
            "a@c.fr\nBcc: x@y.fr",
            "<a@c.fr>",
            "@c.fr",
            "a@.fr",
        ] {
            assert!(!is_email(email), "{email}");
        }
        for site in [
            "eze.fr",
            "javascript:alert(1)",
            "https://",
            "https://x y.fr",
            "https://a@b.fr",
            "ftp://eze.fr",
            "https:///.fr",
        ] {
            assert!(!is_site(site), "{site}");
        }
        let long = Presentation {
            body_source: "x".repeat(BODY_MAX + 1),
            ..Presentation::default()
        };
        assert_eq!(long.refusals(), [("body", PresentationRefusal::TooLong)]);
    }
}
