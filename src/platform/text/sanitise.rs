//! HTML from other servers made safe.
//!
//! Two steps that trust each other not at all. The first reads the HTML in one pass and writes it anew: known elements
//! only, balanced, nested no deeper than a few levels, so that hostile nesting costs what its length costs and no more.
//! The second is ammonia with a strict allow-list, on the small and well-formed result of the first.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use url::Url;

use super::html::{unveil, without_veils};
use super::markup::Pieces;
use super::rewrite::Rewriting;
use super::{Html, strip_hidden};

/// Bytes of HTML read at most.
const MOST_HTML: usize = 256 * 1024;
/// Longest address of a link.
const LONGEST_HREF: usize = 2048;

/// What links to elsewhere say of themselves.
pub(super) const FOREIGN_REL: &str = "nofollow noopener noreferrer";
/// Classes with a meaning among servers (INTEROP 4.2); no other is kept.
pub(super) const CLASSES: [&str; 6] = ["mention", "hashtag", "ellipsis", "invisible", "h-card", "u-url"];

/// The strict allow-list, for what the rewriting made and for our own Markdown.
static STRICT: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let classes: HashSet<&str> = CLASSES.into();
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "p",
            "br",
            "span",
            "a",
            "strong",
            "em",
            "b",
            "i",
            "u",
            "s",
            "del",
            "sub",
            "sup",
            "code",
            "pre",
            "blockquote",
            "ul",
            "ol",
            "li",
            "ruby",
            "rt",
            "rp",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "rel"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .allowed_classes(HashMap::from([("a", classes.clone()), ("span", classes)]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .attribute_filter(|_, attribute, value| match (attribute, value) {
            ("rel", FOREIGN_REL | "tag") | ("href" | "class", _) => Some(Cow::Borrowed(value)),
            ("start", first) => is_list_start(first).then_some(Cow::Borrowed(first)),
            _ => None,
        });
    builder
});

/// Makes HTML from another server safe to show; see the module for how.
pub fn sanitise_remote(html: &str) -> Html {
    let mut rewriting = Rewriting::default();
    let html = without_veils(&strip_hidden(start_of(html)));
    for piece in Pieces::of(&html) {
        if rewriting.is_full() {
            break;
        }
        rewriting.add(&piece);
    }
    sanitise(&rewriting.finish())
}

/// The second step: the allow-list, then the characters that were hidden behind entities. The texts come veiled.
pub(super) fn sanitise(html: &str) -> Html {
    Html::new(strip_hidden(&unveil(&STRICT.clean(html).to_string())))
}

/// Tells whether a list may begin with this number.
pub(super) fn is_list_start(first: &str) -> bool {
    (1..=9).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_digit())
}

fn start_of(html: &str) -> &str {
    let end = (0..=MOST_HTML.min(html.len()))
        .rev()
        .find(|end| html.is_char_boundary(*end));
    html.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// The address of a link in its plain form, if it is one that may be followed.
pub(super) fn clean_href(value: &str, schemes: &[&str]) -> Option<String> {
    let mut url = Url::parse(strip_hidden(value).trim()).ok()?;
    if !schemes.contains(&url.scheme()) {
        return None;
    }
    if url.has_host() {
        // `https://bank.example@evil.example/` is no way to name a place.
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
    }
    let href = String::from(url);
    (href.len() <= LONGEST_HREF).then_some(href)
}
