//! A small reader of HTML: text and tags, one pass, no tree.
//!
//! It need not read broken HTML as a browser does: what is made of its tokens is written anew and checked again.

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text, entities not yet undone.
    Text(&'a str),
    /// An opening tag.
    Open(Tag<'a>),
    /// A closing tag; its name in lower case.
    Close(String),
}

/// An opening tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// In lower case.
    pub(super) name: String,
    /// Names in lower case; values with their entities.
    pub(super) attributes: Vec<(String, &'a str)>,
    /// Written `<x/>`.
    pub(super) is_closed: bool,
}

impl Tag<'_> {
    /// The value of an attribute, the first one if it stands there twice.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| *value)
    }
}

/// Attributes read of one tag at most.
const MOST_ATTRIBUTES: usize = 16;

/// Elements whose content is not HTML; it is left out.
const RAW: [&str; 10] = [
    "script",
    "style",
    "textarea",
    "title",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
];

/// Reads `html` piece by piece.
pub(super) struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Pieces<'a> {
    pub(super) fn of(html: &'a str) -> Self {
        Self { rest: html }
    }

    /// Takes `length` bytes; `length` lies on a character boundary.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Drops everything up to the end of `mark`, or all that is left.
    fn skip_past(&mut self, mark: &str) {
        let length = self.rest.find(mark).map_or(self.rest.len(), |at| at + mark.len());
        self.take(length);
    }

    fn skip_raw(&mut self, name: &str) {
        while let Some(at) = self.rest.find("</") {
            self.take(at);
            let starts = self
                .rest
                .get(2..2 + name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name));
            if starts {
                return;
            }
            self.take(2);
        }
        self.take(self.rest.len());
    }

    fn close(&mut self) -> Piece<'a> {
        self.take(2);
        let name = self.name();
        self.skip_past(">");
        Piece::Close(name)
    }

    fn open(&mut self) -> Option<Piece<'a>> {
        self.take(1);
        let name = self.name();
        let mut attributes = Vec::new();
        let mut is_closed = false;
        loop {
            self.take(blank(self.rest));
            match self.rest.chars().next() {
                // A tag that never ends is not a tag.
                None => return None,
                Some('>') => {
                    self.take(1);
                    break;
                }
                Some('/') => {
                    is_closed = self.rest.starts_with("/>");
                    self.take(1);
                }
                Some(_) => {
                    let attribute = self.attribute();
                    if attributes.len() < MOST_ATTRIBUTES {
                        attributes.push(attribute);
                    }
                }
            }
        }
        if RAW.contains(&name.as_str()) {
            self.skip_raw(&name);
        }
        Some(Piece::Open(Tag {
            name,
            attributes,
            is_closed,
        }))
    }

    fn name(&mut self) -> String {
        let length = self
            .rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
            .unwrap_or(self.rest.len());
        self.take(length).to_ascii_lowercase()
    }

    fn attribute(&mut self) -> (String, &'a str) {
        let length = self
            .rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='))
            .map_or(self.rest.len(), |(at, _)| at);
        let name = self.take(length).to_ascii_lowercase();
        let gap = blank(self.rest);
        if self.rest.get(gap..).is_none_or(|rest| !rest.starts_with('=')) {
            return (name, "");
        }
        self.take(gap + 1);
        self.take(blank(self.rest));
        let quote = self.rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = if let Some(quote) = quote {
            self.take(1);
            let value = self.take(self.rest.find(quote).unwrap_or(self.rest.len()));
            self.take(1);
            value
        } else {
            let length = self
                .rest
                .find(|c: char| c.is_ascii_whitespace() || c == '>')
                .unwrap_or(self.rest.len());
            self.take(length)
        };
        (name, value)
    }
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c: char| c.is_ascii_whitespace()).len()
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let mut start = self.rest.chars();
            match (start.next(), start.next(), start.next()) {
                (Some('<'), Some('/'), Some(c)) if c.is_ascii_alphabetic() => {
                    return Some(self.close());
                }
                (Some('<'), Some(c), _) if c.is_ascii_alphabetic() => return self.open(),
                (Some('<'), Some('!'), _) if self.rest.starts_with("<!--") => {
                    // From inside the opening, so that `<!-->` ends at once.
                    self.take(2);
                    self.skip_past("-->");
                }
                (Some('<'), Some('!' | '?' | '/'), _) => self.skip_past(">"),
                _ => {
                    // A lone `<` is text.
                    let from = usize::from(self.rest.starts_with('<'));
                    let length = self
                        .rest
                        .get(from..)
                        .and_then(|rest| rest.find('<'))
                        .map_or(self.rest.len(), |at| from + at);
                    return Some(Piece::Text(self.take(length)));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        Pieces::of(html)
            .map(|piece| match piece {
                Piece::Text(text) => format!("'{text}'"),
                Piece::Open(tag) => format!("<{} {:?}>", tag.name, tag.attributes),
                Piece::Close(name) => format!("</{name}>"),
            })
            .collect()
    }

    #[test]
    fn text_and_tags_are_told_apart() {
        assert_eq!(shown("a < b<P>c</p >"), "'a ''< b'<p []>'c'</p>");
        assert_eq!(
            shown("<a href='x\">y' b c=d/>e"),
            r#"<a [("href", "x\">y"), ("b", ""), ("c", "d/")]>'e'"#
        );
    }

    #[test]
    fn comments_scripts_and_unfinished_tags_vanish() {
        assert_eq!(shown("a<!-- <b> -->c<!-->d<!x>e<?f>g</>h"), "'a''c''d''e''g''h'");
        assert_eq!(shown("<script>a</b></SCRIPT>c"), "<script []></script>'c'");
        assert_eq!(shown("a<b c=\"<d>"), "'a'");
        assert_eq!(shown("a<style>b"), "'a'<style []>");
    }
}
