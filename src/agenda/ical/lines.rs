//! The lines of a calendar file: escaped, and folded after 75 bytes.

/// A file being written.
#[derive(Debug, Default)]
pub(super) struct Lines(String);

impl Lines {
    /// `NAME:value`, the value as it is.
    pub(super) fn raw(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{value}"));
    }

    /// `NAME:value` of a text, unless it is empty.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.line(&format!("{name}:{}", escaped(value)));
        }
    }

    /// Lines that were made elsewhere, as they are.
    pub(super) fn verbatim(&mut self, lines: &str) {
        self.0.push_str(lines);
    }

    /// The whole file.
    pub(super) fn finish(self) -> String {
        self.0
    }

    /// Folds a line: no line is longer than 75 bytes, and none is cut inside a letter.
    fn line(&mut self, line: &str) {
        let mut width = 0;
        for letter in line.chars().filter(|c| !c.is_control() || *c == '\t') {
            if width + letter.len_utf8() > 75 {
                self.0.push_str("\r\n ");
                width = 1;
            }
            self.0.push(letter);
            width += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// A text as RFC 5545 section 3.3.11 writes it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_letters_and_texts_escaped() {
        let mut lines = Lines::default();
        lines.text("SUMMARY", &"é".repeat(60));
        lines.text("DESCRIPTION", "a,b;c\\d\r\ne\u{7}");
        lines.text("LOCATION", "");
        let text = lines.finish();
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert_eq!(text.replace("\r\n ", "").matches('é').count(), 60);
        assert!(text.ends_with("DESCRIPTION:a\\,b\\;c\\\\d\\ne\r\n"), "{text}");
        assert!(!text.contains("LOCATION"));
    }
}
