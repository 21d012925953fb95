//! HTML that is safe to put on a page.

use std::fmt;

use serde::Serialize;

/// HTML that was made or sanitised here; templates print it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Html(String);

impl Html {
    /// Takes HTML that this module made earlier, back from the database. Never for what comes from outside.
    pub fn from_store(html: String) -> Self {
        Self(html)
    }

    /// Makes one paragraph of plain text.
    pub fn paragraph(text: &str) -> Self {
        let mut html = String::with_capacity(text.len() + 7);
        html.push_str("<p>");
        push_escaped(&mut html, text);
        html.push_str("</p>");
        Self(html)
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML, by value.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Tells whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn new(html: String) -> Self {
        Self(html)
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Html {}

/// Appends `text` with everything escaped that means something in HTML, in text and in quoted attributes.
pub(super) fn push_escaped(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
}

/// Private characters that stand for `U+0000..=U+00FF` while ammonia is at work. Its serialiser (html5ever 0.40) looks
/// through all the rest of a text for each `&` and each `U+0080..=U+00BF` in it, so a text full of them would take a
/// time that grows with the square of its length.
const VEILED: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{e0ff}';

/// Removes the characters that have a meaning in veiled text; done to all that comes in.
pub(super) fn without_veils(text: &str) -> String {
    text.chars().filter(|c| !VEILED.contains(c)).collect()
}

/// Appends a character of text such that ammonia sees nothing special in it; [`unveil`] gives it back, escaped.
pub(super) fn push_veiled(html: &mut String, c: char) {
    let is_special = matches!(c, '&' | '<' | '>' | '\u{80}'..='\u{bf}');
    html.push(
        char::from_u32(u32::from(c) + u32::from(*VEILED.start()))
            .filter(|_| is_special)
            .unwrap_or(c),
    );
}

/// Puts the veiled characters back, escaped.
pub(super) fn unveil(html: &str) -> String {
    let mut open = String::with_capacity(html.len());
    for c in html.chars() {
        match char::from_u32(u32::from(c).wrapping_sub(u32::from(*VEILED.start()))) {
            Some(veiled) if VEILED.contains(&c) => push_escaped(&mut open, veiled.encode_utf8(&mut [0; 4])),
            _ => open.push(c),
        }
    }
    open
}

/// Undoes the escapes of [`push_escaped`], of ammonia and the numeric ones; others stay as they are.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        if let Some((c, length)) = entity(from) {
            plain.push(c);
            rest = from.get(length..).unwrap_or_default();
        } else {
            plain.push('&');
            rest = from.get(1..).unwrap_or_default();
        }
    }
    plain.push_str(rest);
    plain
}

/// Longest entity understood, `&#x10FFFF;` with some zeros in front.
const LONGEST_ENTITY: usize = 16;

/// Reads the entity at the start of a text: the character and the length.
pub(super) fn entity(from: &str) -> Option<(char, usize)> {
    let end = from.bytes().take(LONGEST_ENTITY).position(|b| b == b';')?;
    let name = from.get(1..end)?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?).map(|c| if c == '\0' { '\u{fffd}' } else { c })?
        }
    };
    Some((c, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_and_back_is_the_same_text() {
        let text = "a & b < c > \"d\" 'e' &amp; &#39; é";
        let mut html = String::new();
        push_escaped(&mut html, text);
        assert!(!html.contains(['<', '>', '"']));
        assert_eq!(unescape(&html), text);
    }

    #[test]
    fn entities_are_read_once_and_nonsense_stays() {
        assert_eq!(unescape("&amp;lt; &#233; &#xE9; &nbsp;"), "&lt; é é \u{a0}");
        assert_eq!(
            unescape("&bogus; & && &#x110000; &#; &"),
            "&bogus; & && &#x110000; &#; &"
        );
    }

    #[test]
    fn templates_print_it_unescaped() {
        #[derive(askama::Template)]
        #[template(source = "{{ html }}|{{ text }}", ext = "html")]
        struct Page<'a> {
            html: &'a Html,
            text: &'a str,
        }
        let html = Html::paragraph("a < b");
        let page = askama::Template::render(&Page {
            html: &html,
            text: "<",
        })
        .unwrap();
        assert_eq!(page, "<p>a &lt; b</p>|&#60;");
    }
}
