//! French typography inside HTML of ours: which texts are set, and what stands around each.

use super::Html;
use super::french::{Line, is_blank, is_machine};
use super::html::{push_escaped, unescape};

/// Sets the texts of HTML; code, addresses, mentions and hashtags stay as they are.
pub fn french_html(html: &Html) -> Html {
    let segments = segments(html.as_str());
    let followers = followers(&segments);
    let mut set = String::with_capacity(html.as_str().len() + 64);
    let mut before = None;
    let mut machine_depth = 0_usize;
    for (at, segment) in segments.iter().enumerate() {
        match segment {
            Segment::Tag(tag) => {
                set.push_str(tag);
                if is_edge(tag) {
                    before = None;
                }
                let is_machine = matches!(tag_name(tag), "code" | "pre" | "rt")
                    || (tag_name(tag) == "a"
                        && (machine_depth > 0 || tag.starts_with("</") || is_machine_link(&segments, at)));
                if is_machine && tag.starts_with("</") {
                    machine_depth = machine_depth.saturating_sub(1);
                } else if is_machine {
                    machine_depth += 1;
                }
            }
            Segment::Text(raw) => {
                let text = unescape(raw);
                if machine_depth > 0 {
                    set.push_str(raw);
                    before = text.chars().next_back().or(before);
                } else {
                    let line = Line::of(&text, before, followers.get(at).copied().flatten()).set();
                    before = line.chars().next_back().or(before);
                    push_escaped(&mut set, &line);
                }
            }
        }
    }
    Html::new(set)
}

#[derive(Clone, Copy)]
enum Segment<'a> {
    Tag(&'a str),
    Text(&'a str),
}

/// Parts HTML of ours into tags and texts.
fn segments(html: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, from) = rest.split_at(start);
        if !text.is_empty() {
            segments.push(Segment::Text(text));
        }
        let mut is_quoted = false;
        let end = from.find(|c: char| {
            is_quoted ^= c == '"';
            c == '>' && !is_quoted
        });
        let (tag, after) = from.split_at(end.map_or(from.len(), |at| at + 1));
        segments.push(Segment::Tag(tag));
        rest = after;
    }
    if !rest.is_empty() {
        segments.push(Segment::Text(rest));
    }
    segments
}

/// For each segment, the first character of the text after it on the same line.
fn followers(segments: &[Segment<'_>]) -> Vec<Option<char>> {
    let mut next = None;
    let mut followers: Vec<_> = segments
        .iter()
        .rev()
        .map(|segment| {
            let follower = next;
            match segment {
                Segment::Tag(tag) if is_edge(tag) => next = None,
                Segment::Tag(_) => {}
                Segment::Text(text) => next = text.chars().next().map(|c| if c == '&' { '"' } else { c }),
            }
            follower
        })
        .collect();
    followers.reverse();
    followers
}

fn tag_name(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    name.split([' ', '>']).next().unwrap_or_default()
}

/// Tells whether a line begins and ends at this tag.
fn is_edge(tag: &str) -> bool {
    matches!(
        tag_name(tag),
        "p" | "br" | "li" | "ul" | "ol" | "blockquote" | "pre"
    )
}

/// Tells whether the link that opens at `at` shows an address, a mention or a hashtag rather than words.
fn is_machine_link(segments: &[Segment<'_>], at: usize) -> bool {
    let text: String = segments
        .iter()
        .skip(at + 1)
        .take_while(|segment| !matches!(segment, Segment::Tag("</a>")))
        .filter_map(|segment| match segment {
            Segment::Text(text) => Some(*text),
            Segment::Tag(_) => None,
        })
        .collect();
    text.starts_with(['@', '#']) || text.split(is_blank).any(is_machine)
}
