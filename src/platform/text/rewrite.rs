//! HTML written anew in one pass: known elements only, balanced, shallow. The first step of `sanitise`.

use super::html::{entity, push_escaped, push_veiled, unescape};
use super::markup::{Piece, Tag};
use super::sanitise::{CLASSES, FOREIGN_REL, clean_href, is_list_start};

/// Characters of text kept at most.
const MOST_TEXT: usize = 50_000;
/// Elements nested at most.
const DEEPEST: usize = 24;
/// Elements kept at most; the text of the others stays.
const MOST_ELEMENTS: usize = 4_000;
/// Longest name of an entity, with `&` and `;`.
const LONGEST_NAME: usize = 33;

/// What is made of an element.
enum Role {
    /// Kept, within a line.
    Inline(&'static str),
    /// Kept, a block that holds lines.
    Block(&'static str),
    /// A heading: a paragraph in bold, so that the headings of the page stay the page's own.
    Heading,
    /// A list item.
    Item,
    Break,
    Link,
    Image,
    /// Parts two cells of a table.
    Cell,
    /// Left out with all it holds.
    Dropped,
    /// Left out; what it holds stays.
    Ignored,
}

fn role(name: &str) -> Role {
    match name {
        "a" => Role::Link,
        "img" => Role::Image,
        "br" => Role::Break,
        "li" => Role::Item,
        "td" | "th" => Role::Cell,
        "span" => Role::Inline("span"),
        "strong" => Role::Inline("strong"),
        "b" => Role::Inline("b"),
        "em" => Role::Inline("em"),
        "i" => Role::Inline("i"),
        "u" => Role::Inline("u"),
        "s" | "strike" => Role::Inline("s"),
        "del" => Role::Inline("del"),
        "sub" => Role::Inline("sub"),
        "sup" => Role::Inline("sup"),
        "code" | "tt" | "kbd" | "samp" => Role::Inline("code"),
        "ruby" => Role::Inline("ruby"),
        "rt" => Role::Inline("rt"),
        "rp" => Role::Inline("rp"),
        "blockquote" => Role::Block("blockquote"),
        "pre" => Role::Block("pre"),
        "ul" | "menu" | "dir" => Role::Block("ul"),
        "ol" => Role::Block("ol"),
        "p" | "div" | "section" | "article" | "header" | "footer" | "main" | "aside" | "nav" | "figure"
        | "figcaption" | "table" | "caption" | "tr" | "address" | "dl" | "dt" | "dd" | "details"
        | "summary" | "form" | "fieldset" | "legend" | "center" | "hr" => Role::Block("p"),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Role::Heading,
        "script" | "style" | "textarea" | "title" | "xmp" | "iframe" | "noembed" | "noframes"
        | "noscript" | "plaintext" | "svg" | "math" | "object" | "template" | "select" | "video"
        | "audio" | "canvas" | "head" | "applet" => Role::Dropped,
        _ => Role::Ignored,
    }
}

/// An element that is open in what is written.
struct Open {
    name: &'static str,
    /// Where its opening tag begins and its content.
    start: usize,
    content: usize,
}

/// The HTML being written anew.
#[derive(Default)]
pub(super) struct Rewriting {
    out: String,
    open: Vec<Open>,
    /// The element whose content is left out, and how often it is nested in itself.
    dropping: Option<(String, usize)>,
    chars: usize,
    elements: usize,
    is_full: bool,
}

impl Rewriting {
    /// Takes the next piece.
    pub(super) fn add(&mut self, piece: &Piece<'_>) {
        if let Some((dropped, depth)) = &mut self.dropping {
            match piece {
                Piece::Open(tag) if tag.name == *dropped && !tag.is_closed => *depth += 1,
                Piece::Close(name) if name == dropped => *depth -= 1,
                _ => {}
            }
            if *depth == 0 {
                self.dropping = None;
            }
            return;
        }
        match piece {
            Piece::Text(text) => self.text(text),
            Piece::Open(tag) => self.open_tag(tag),
            Piece::Close(name) => self.close_tag(name),
        }
    }

    fn text(&mut self, text: &str) {
        let is_start = self
            .open
            .last()
            .is_none_or(|open| self.out.len() == open.content && (is_wall(open.name) || open.name == "p"));
        let text = if is_start && !self.is_in("pre") {
            text.trim_start()
        } else {
            text
        };
        if text.is_empty() || (text.trim().is_empty() && !self.is_in_line()) {
            return;
        }
        self.begin_line();
        let room = MOST_TEXT - self.chars;
        let taken = text.char_indices().nth(room).map_or(text.len(), |(end, _)| end);
        self.chars += text.chars().take(room).count();
        push_raw(&mut self.out, text.get(..taken).unwrap_or_default());
        if taken < text.len() {
            self.out.push('…');
            self.is_full = true;
        }
    }

    fn open_tag(&mut self, tag: &Tag<'_>) {
        match role(&tag.name) {
            Role::Dropped => {
                if !tag.is_closed {
                    self.dropping = Some((tag.name.clone(), 1));
                }
            }
            Role::Ignored => {}
            Role::Cell => self.text(" "),
            Role::Break => self.line_break(),
            Role::Inline(name) => {
                self.begin_line();
                let class = classes(tag, self.is_in("a"));
                self.push(name, &class);
            }
            Role::Link => self.link(tag),
            Role::Image => self.image(tag),
            Role::Block("p") => {
                self.end_lines();
                if !self.is_in("pre") {
                    self.push("p", "");
                }
            }
            Role::Heading => {
                self.end_lines();
                if !self.is_in("pre") && self.push("p", "") {
                    self.push("strong", "");
                }
            }
            Role::Block(name) => {
                self.end_lines();
                if !self.is_in("pre") {
                    let start = tag
                        .attribute("start")
                        .filter(|first| name == "ol" && is_list_start(first));
                    let start = start.map(|first| format!(" start=\"{first}\""));
                    self.push(name, start.as_deref().unwrap_or_default());
                }
            }
            Role::Item => {
                self.end_lines();
                self.close_down_to_list();
                let holder = self.open.last().map(|open| open.name);
                let name = if matches!(holder, Some("ul" | "ol")) {
                    "li"
                } else {
                    "p"
                };
                if !self.is_in("pre") {
                    self.push(name, "");
                }
            }
        }
    }

    fn close_tag(&mut self, name: &str) {
        let name = match role(name) {
            Role::Link => "a",
            Role::Item => "li",
            Role::Inline(name) | Role::Block(name) => name,
            Role::Heading => "p",
            Role::Break => return self.line_break(),
            Role::Cell | Role::Image | Role::Dropped | Role::Ignored => return,
        };
        let at = self.open.iter().rposition(|open| open.name == name);
        // What is open around a block is not closed from within it.
        let wall = self.open.iter().rposition(|open| is_wall(open.name));
        if let Some(at) = at
            && (is_wall(name) || wall.is_none_or(|wall| wall < at))
        {
            self.close_down_to(at);
        }
    }

    /// Opens an element; `attributes` are written as they are. Tells whether it was opened.
    fn push(&mut self, name: &'static str, attributes: &str) -> bool {
        if self.open.len() >= DEEPEST || self.elements >= MOST_ELEMENTS {
            return false;
        }
        self.elements += 1;
        let start = self.out.len();
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str(attributes);
        self.out.push('>');
        let content = self.out.len();
        self.open.push(Open { name, start, content });
        true
    }

    fn close_down_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(open) = self.open.pop() else { return };
            let content = self.out.get(open.content..).unwrap_or_default();
            let is_block = is_wall(open.name) || open.name == "p";
            if content.is_empty() || (is_block && content.trim().is_empty()) {
                self.out.truncate(open.start);
            } else {
                self.out.push_str("</");
                self.out.push_str(open.name);
                self.out.push('>');
            }
        }
    }

    /// Closes paragraph and inline elements, down to the nearest block that may hold blocks.
    fn end_lines(&mut self) {
        let depth = self
            .open
            .iter()
            .rposition(|open| is_wall(open.name))
            .map_or(0, |at| at + 1);
        if self.is_in("pre") {
            self.out.push('\n');
        }
        self.close_down_to(depth);
    }

    /// Closes list items down to the nearest list, unless a quotation lies between.
    fn close_down_to_list(&mut self) {
        let wall = self
            .open
            .iter()
            .rposition(|open| open.name != "li" && is_wall(open.name));
        if let Some(at) = wall
            && self
                .open
                .get(at)
                .is_some_and(|open| matches!(open.name, "ul" | "ol"))
        {
            self.close_down_to(at + 1);
        }
    }

    fn is_in(&self, name: &str) -> bool {
        self.open.iter().any(|open| open.name == name)
    }

    /// Tells whether text would stand in a paragraph, an item or a piece of code.
    fn is_in_line(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| !matches!(open.name, "blockquote" | "ul" | "ol"))
    }

    /// Opens a paragraph if text would stand directly in the page or in a quotation.
    fn begin_line(&mut self) {
        if matches!(self.open.last().map(|open| open.name), None | Some("blockquote")) {
            self.push("p", "");
        }
    }

    fn line_break(&mut self) {
        if self.is_in("pre") {
            self.out.push('\n');
        } else if self.is_in_line() && self.elements < MOST_ELEMENTS && !self.out.ends_with("<br><br>") {
            self.elements += 1;
            self.out.push_str("<br>");
        }
    }

    fn link(&mut self, tag: &Tag<'_>) {
        if let Some(at) = self.open.iter().rposition(|open| open.name == "a") {
            self.close_down_to(at);
        }
        self.begin_line();
        let href = tag
            .attribute("href")
            .and_then(|value| clean_href(&unescape(value), &["http", "https"]));
        // Without an address it is no link; the text stays.
        if let Some(href) = href {
            self.push("a", &link_attributes(&href, &classes(tag, false)));
        }
    }

    fn image(&mut self, tag: &Tag<'_>) {
        let alt = unescape(tag.attribute("alt").unwrap_or_default());
        let alt = alt.trim();
        let href = tag
            .attribute("src")
            .and_then(|value| clean_href(&unescape(value), &["http", "https"]));
        let is_emoji = alt.len() > 2 && alt.starts_with(':') && alt.ends_with(':');
        let opened = match href {
            Some(href) if !self.is_in("a") && !is_emoji => {
                self.begin_line();
                self.push("a", &link_attributes(&href, ""))
            }
            _ => false,
        };
        let mut text = String::new();
        push_escaped(&mut text, if alt.is_empty() && opened { "image" } else { alt });
        self.text(&text);
        if opened {
            self.close_down_to(self.open.len() - 1);
        }
    }

    /// Tells whether no more text is taken.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Closes what is open and hands over the HTML.
    pub(super) fn finish(mut self) -> String {
        self.close_down_to(0);
        self.out
    }
}

/// Tells whether an element holds blocks, or text that is not lines: nothing inside it reaches out.
fn is_wall(name: &str) -> bool {
    matches!(name, "blockquote" | "pre" | "ul" | "ol" | "li")
}

/// Appends text as it stood in HTML: the usual entities are undone and veiled, the rarer ones left to ammonia.
fn push_raw(out: &mut String, raw: &str) {
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        before.chars().for_each(|c| push_veiled(out, c));
        let length = if let Some((c, length)) = entity(from) {
            push_veiled(out, c);
            length
        } else if let Some(length) = name_length(from) {
            out.push_str(from.get(..length).unwrap_or_default());
            length
        } else {
            push_veiled(out, '&');
            1
        };
        rest = from.get(length..).unwrap_or_default();
    }
    rest.chars().for_each(|c| push_veiled(out, c));
}

/// The length of what looks like a named entity, `&eacute;`.
fn name_length(from: &str) -> Option<usize> {
    let end = from.bytes().take(LONGEST_NAME).position(|b| b == b';')?;
    let name = from.get(1..end)?;
    (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(end + 1)
}

/// The classes that are kept. Hiding a part is for the addresses of links: elsewhere a text is read as it stands.
fn classes(tag: &Tag<'_>, may_hide: bool) -> String {
    let kept: Vec<&str> = tag
        .attribute("class")
        .unwrap_or_default()
        .split_ascii_whitespace()
        .filter(|class| CLASSES.contains(class) && (may_hide || *class != "invisible"))
        .take(CLASSES.len())
        .collect();
    if kept.is_empty() {
        String::new()
    } else {
        format!(" class=\"{}\"", kept.join(" "))
    }
}

fn link_attributes(href: &str, class: &str) -> String {
    let mut attributes = String::from(" href=\"");
    push_escaped(&mut attributes, href);
    attributes.push('"');
    attributes.push_str(class);
    attributes.push_str(" rel=\"");
    attributes.push_str(FOREIGN_REL);
    attributes.push('"');
    attributes
}
