//! Markdown-light: paragraphs, line breaks, bold, italic, lists, links, quotations and code.
//!
//! Addresses, mentions and hashtags are found before the Markdown is read and stand in it as single signs, so that an
//! underscore in an address is not taken for emphasis. Headings become bold paragraphs, pictures become links, HTML is
//! shown as it was typed.

use std::collections::HashSet;
use std::hash::Hash;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, TextMergeWithOffset};
use url::{Host, Url};

use super::html::{push_escaped, push_veiled, without_veils};
use super::sanitise::{FOREIGN_REL, clean_href, sanitise};
use super::tokens::{self, Token};
use super::{Hashtag, Html, Mention, strip_hidden};

/// Bytes of source read at most.
const MOST_SOURCE: usize = 128 * 1024;
/// Blocks and emphases nested at most.
const DEEPEST: usize = 16;
/// Characters of a web address shown; the rest is there but hidden.
const SHOWN_URL: usize = 30;
/// Signs that stand for a token: the number of the token between these two. They never come in ([`without_veils`]).
const SIGN: [char; 2] = ['\u{e000}', '\u{e001}'];
/// What a link in a text of ours may lead to.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Where mentions and hashtags lead.
pub struct Links<'a> {
    /// The page of somebody mentioned; none if nobody is known by that name, and the text stays a text.
    pub mention: &'a dyn Fn(&Mention) -> Option<String>,
    /// The page of a hashtag.
    pub hashtag: &'a dyn Fn(&Hashtag) -> Option<String>,
}

impl Links<'_> {
    /// Mentions and hashtags stay text.
    pub const NONE: Links<'static> = Links {
        mention: &|_| None,
        hashtag: &|_| None,
    };
}

/// Renders Markdown-light.
pub fn markdown_to_html(source: &str, links: &Links<'_>) -> Html {
    render(source, links).0
}

/// The mentions a text would show, each once, in order.
pub fn mentions(source: &str) -> Vec<Mention> {
    once(
        render(source, &Links::NONE)
            .1
            .into_iter()
            .filter_map(|token| match token {
                Token::Mention(mention) => Some(mention),
                _ => None,
            }),
        Clone::clone,
    )
}

/// The hashtags a text would show, each once (in its first spelling), in order.
pub fn hashtags(source: &str) -> Vec<Hashtag> {
    once(
        render(source, &Links::NONE)
            .1
            .into_iter()
            .filter_map(|token| match token {
                Token::Hashtag(hashtag) => Some(hashtag),
                _ => None,
            }),
        |hashtag| hashtag.folded.clone(),
    )
}

fn once<T, K: Hash + Eq>(all: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut seen = HashSet::new();
    all.filter(|one| seen.insert(key(one))).collect()
}

/// Renders, and tells which mentions and hashtags were met outside code and links.
fn render(source: &str, links: &Links<'_>) -> (Html, Vec<Token>) {
    let source = Signed::of(&without_veils(&strip_hidden(start_of(source))));
    let options = Options::ENABLE_STRIKETHROUGH;
    let mut writer = Writer {
        source: &source,
        links,
        html: String::with_capacity(source.text.len() * 2),
        shown: Vec::new(),
        open: Vec::new(),
        links_open: 0,
    };
    let parser = Parser::new_ext(&source.text, options).into_offset_iter();
    for (event, range) in TextMergeWithOffset::new(parser) {
        // A line of dashes under a text is a separation to most people, not a title.
        let is_underlined = matches!(event, Event::Start(Tag::Heading { .. }))
            && !source.text.get(range).is_some_and(|title| title.starts_with('#'));
        if is_underlined {
            writer.open("<p>", "</p>");
        } else {
            writer.event(event);
        }
    }
    (sanitise(&writer.html), writer.shown)
}

fn start_of(source: &str) -> &str {
    let end = (0..=MOST_SOURCE.min(source.len()))
        .rev()
        .find(|end| source.is_char_boundary(*end));
    source.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// A source in which each token is one sign.
struct Signed {
    text: String,
    /// Each token as it was typed, and what it is.
    tokens: Vec<(String, Token)>,
}

impl Signed {
    fn of(source: &str) -> Self {
        let mut text = String::with_capacity(source.len());
        let mut signed = Vec::new();
        let mut done = 0;
        for (range, token) in tokens::find(source) {
            let before = source.get(done..range.start).unwrap_or_default();
            let after = source.get(range.end..).unwrap_or_default();
            // `<https://example.org>` is an address in brackets that need not be seen.
            let is_bracketed = matches!(token, Token::Url(_) | Token::Email)
                && before.ends_with('<')
                && after.starts_with('>');
            text.push_str(if is_bracketed {
                before.strip_suffix('<').unwrap_or(before)
            } else {
                before
            });
            done = range.end + usize::from(is_bracketed);
            let [begin, end] = SIGN;
            text.push(begin);
            text.push_str(&signed.len().to_string());
            text.push(end);
            signed.push((source.get(range).unwrap_or_default().to_owned(), token));
        }
        text.push_str(source.get(done..).unwrap_or_default());
        Self { text, tokens: signed }
    }

    /// Parts a text into what stands between signs and the tokens.
    fn parts<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (&'a str, Option<&'a (String, Token)>)> {
        let [begin, end] = SIGN;
        text.split(begin).enumerate().flat_map(move |(at, part)| {
            let token = (at > 0)
                .then(|| part.split_once(end))
                .flatten()
                .and_then(|(number, rest)| Some((self.tokens.get(number.parse::<usize>().ok()?)?, rest)));
            match token {
                Some((token, rest)) => [("", Some(token)), (rest, None)],
                None => [(part, None), ("", None)],
            }
        })
    }

    /// The text as it was typed.
    fn restored(&self, text: &str) -> String {
        self.parts(text)
            .map(|(text, token)| token.map_or(text, |(typed, _)| typed.as_str()))
            .collect()
    }
}

struct Writer<'a> {
    source: &'a Signed,
    links: &'a Links<'a>,
    html: String,
    shown: Vec<Token>,
    /// The closing tags of what is open; empty for what is left out.
    open: Vec<&'static str>,
    links_open: usize,
}

impl Writer<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => {
                if matches!(tag, TagEnd::Link | TagEnd::Image) {
                    self.links_open = self.links_open.saturating_sub(1);
                }
                let closing = self.open.pop().unwrap_or_default();
                if closing == "</p>" {
                    let length = self.html.trim_end_matches("<br>").len();
                    self.html.truncate(length);
                }
                self.html.push_str(closing);
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(code) => {
                self.html.push_str("<code>");
                push_text(&mut self.html, &self.source.restored(&code));
                self.html.push_str("</code>");
            }
            Event::SoftBreak | Event::HardBreak => self.html.push_str("<br>"),
            // The others need options that are not set.
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if let Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } = tag {
            return self.start_link(&self.source.restored(dest_url));
        }
        if let Tag::List(Some(first)) = tag
            && *first != 1
            && self.open.len() < DEEPEST
        {
            // "1945. Libération" keeps its year.
            return self.open(&format!("<ol start=\"{first}\">"), "</ol>");
        }
        let (opening, closing) = match tag {
            _ if self.open.len() >= DEEPEST => ("", ""),
            Tag::Paragraph | Tag::HtmlBlock | Tag::CodeBlock(CodeBlockKind::Indented) => ("<p>", "</p>"),
            Tag::Heading { .. } => ("<p><strong>", "</strong></p>"),
            Tag::BlockQuote(_) => ("<blockquote>", "</blockquote>"),
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => ("<pre><code>", "</code></pre>"),
            Tag::List(None) => ("<ul>", "</ul>"),
            Tag::List(Some(_)) => ("<ol>", "</ol>"),
            Tag::Item => ("<li>", "</li>"),
            Tag::Emphasis => ("<em>", "</em>"),
            Tag::Strong => ("<strong>", "</strong>"),
            Tag::Strikethrough => ("<del>", "</del>"),
            _ => ("", ""),
        };
        self.open(opening, closing);
    }

    fn open(&mut self, opening: &str, closing: &'static str) {
        self.html.push_str(opening);
        self.open.push(closing);
    }

    fn start_link(&mut self, address: &str) {
        let typed = if address.starts_with("www.") {
            format!("https://{address}")
        } else {
            address.to_owned()
        };
        let href = clean_href(&typed, &SCHEMES).filter(|_| self.links_open == 0);
        self.links_open += 1;
        if let Some(href) = href {
            self.anchor(&href, "", FOREIGN_REL);
            self.open.push("</a>");
        } else {
            self.open.push("");
        }
    }

    fn is_in_code_block(&self) -> bool {
        self.open.contains(&"</code></pre>")
    }

    fn text(&mut self, text: &str) {
        if self.is_in_code_block() {
            push_text(&mut self.html, &self.source.restored(text));
            return;
        }
        let source = self.source;
        for (text, token) in source.parts(text) {
            match token {
                Some((typed, token)) if self.links_open == 0 => self.token(typed, token),
                Some((typed, _)) => push_text(&mut self.html, typed),
                None => self.lines(text),
            }
        }
    }

    /// Writes a text in which, unlike in Markdown, line ends may stand (HTML shown as typed, indented lines).
    fn lines(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.html.push_str("<br>");
            }
            push_text(&mut self.html, line);
        }
    }

    fn token(&mut self, typed: &str, token: &Token) {
        let href = match token {
            Token::Url(url) => clean_href(url.as_str(), &SCHEMES),
            Token::Email => clean_href(&format!("mailto:{typed}"), &SCHEMES),
            Token::Mention(mention) => (self.links.mention)(mention),
            Token::Hashtag(hashtag) => (self.links.hashtag)(hashtag),
        };
        if matches!(token, Token::Mention(_) | Token::Hashtag(_)) {
            self.shown.push(token.clone());
        }
        let Some(href) = href else {
            push_text(&mut self.html, typed);
            return;
        };
        match token {
            Token::Url(url) => {
                self.anchor(&href, "", FOREIGN_REL);
                self.shortened(&shown_url(typed, url));
            }
            Token::Email => {
                self.anchor(&href, "", FOREIGN_REL);
                push_text(&mut self.html, typed);
            }
            Token::Mention(mention) => {
                self.html.push_str("<span class=\"h-card\">");
                self.anchor(&href, "u-url mention", FOREIGN_REL);
                self.marked('@', &mention.user);
            }
            Token::Hashtag(hashtag) => {
                self.anchor(&href, "mention hashtag", "tag");
                self.marked('#', &hashtag.display);
            }
        }
        self.html.push_str("</a>");
        if matches!(token, Token::Mention(_)) {
            self.html.push_str("</span>");
        }
    }

    fn anchor(&mut self, href: &str, class: &str, rel: &str) {
        self.html.push_str("<a href=\"");
        push_escaped(&mut self.html, href);
        if !class.is_empty() {
            self.html.push_str("\" class=\"");
            self.html.push_str(class);
        }
        self.html.push_str("\" rel=\"");
        self.html.push_str(rel);
        self.html.push_str("\">");
    }

    fn marked(&mut self, mark: char, word: &str) {
        self.html.push(mark);
        self.html.push_str("<span>");
        push_text(&mut self.html, word);
        self.html.push_str("</span>");
    }

    /// Writes an address so that readers who know the classes see its beginning only.
    fn shortened(&mut self, url: &str) {
        let start = url.find("://").map_or(0, |at| at + 3);
        let rest = url.get(start..).unwrap_or_default();
        let end = rest
            .char_indices()
            .nth(SHOWN_URL)
            .map_or(rest.len(), |(at, _)| at);
        let (seen, hidden) = rest.split_at_checked(end).unwrap_or((rest, ""));
        for (class, part) in [
            ("invisible", url.get(..start).unwrap_or_default()),
            (if hidden.is_empty() { "" } else { "ellipsis" }, seen),
            ("invisible", hidden),
        ] {
            if part.is_empty() {
                continue;
            }
            self.html.push_str("<span");
            if !class.is_empty() {
                self.html.push_str(" class=\"");
                self.html.push_str(class);
                self.html.push('"');
            }
            self.html.push('>');
            push_text(&mut self.html, part);
            self.html.push_str("</span>");
        }
    }
}

fn push_text(html: &mut String, text: &str) {
    text.chars().for_each(|c| push_veiled(html, c));
}

/// The address as typed, or, when its host is not in Latin letters alone, as the network spells it: a Cyrillic `а` in
/// `bаnque` shows.
fn shown_url(typed: &str, url: &Url) -> String {
    let is_latin = |c: char| c.is_ascii() || ('\u{c0}'..='\u{17f}').contains(&c);
    let host_is_plain = match url.host() {
        Some(Host::Domain(_)) => {
            let after = typed.find("://").map_or(0, |at| at + 3);
            typed
                .get(after..)
                .unwrap_or_default()
                .split(['/', '?', '#', ':'])
                .next()
                .is_some_and(|host| host.chars().all(is_latin))
        }
        _ => true,
    };
    if host_is_plain {
        typed.to_owned()
    } else {
        url.to_string()
    }
}
