//! Safe HTML back to plain text.

use super::html::unescape;
use super::markup::{Piece, Pieces};
use super::{Html, Links, markdown_to_html, strip_hidden};

/// The text of `html`: paragraphs parted by an empty line, list items and line breaks by a line end.
pub fn plain_text(html: &Html) -> String {
    let mut text = String::with_capacity(html.as_str().len());
    let mut pending = 0;
    for piece in Pieces::of(html.as_str()) {
        match piece {
            Piece::Text(raw) => {
                if !raw.trim_matches([' ', '\n']).is_empty() || (pending == 0 && !text.is_empty()) {
                    if !text.is_empty() {
                        text.extend(std::iter::repeat_n('\n', pending));
                    }
                    pending = 0;
                    text.push_str(&unescape(raw));
                }
            }
            Piece::Open(tag) => pending = pending.max(line_ends(&tag.name, true)),
            Piece::Close(name) => pending = pending.max(line_ends(&name, false)),
        }
    }
    text.trim().to_owned()
}

fn line_ends(tag: &str, opens: bool) -> usize {
    match tag {
        "p" | "blockquote" | "pre" | "ul" | "ol" => 2,
        "li" => 1,
        "br" if opens => 1,
        _ => 0,
    }
}

/// Whether nothing of this text can be seen: white space, invisible characters, and letters drawn as blanks.
pub fn is_blank(text: &str) -> bool {
    let is_drawn_blank = |c| {
        matches!(c, '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
            | '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{ad}' | '\u{e0000}'..='\u{e0fff}')
    };
    strip_hidden(text)
        .chars()
        .all(|c| c.is_whitespace() || is_drawn_blank(c))
}

/// Whether what is typed in Markdown-light shows nothing: a rule, empty emphasis, invisible characters.
pub fn shows_nothing(source: &str) -> bool {
    is_blank(source) || is_blank(&plain_text(&markdown_to_html(source, &Links::NONE)))
}

/// The beginning of the text of `html` on one line: at most `chars` characters, cut between words, with `…` if cut.
pub fn excerpt(html: &Html, chars: usize) -> String {
    let line = plain_text(html)
        .split_whitespace()
        .fold(String::new(), |mut line, word| {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            line
        });
    let Some((end, _)) = line.char_indices().nth(chars) else {
        return line;
    };
    // One place is kept for the ellipsis.
    let room = line
        .get(..end)
        .and_then(|start| start.char_indices().next_back())
        .map_or(0, |(at, _)| at);
    let start = line.get(..room).unwrap_or_default();
    let is_between = line.get(room..).is_some_and(|rest| rest.starts_with(' '));
    let whole = match start.rfind(' ') {
        // A very long word is cut rather than dropped.
        Some(space) if !is_between && space * 2 > start.len() => start.get(..space).unwrap_or(start),
        _ => start,
    };
    let whole = whole.trim_end_matches([' ', ',', ';', ':', '.', '-', '–']);
    format!("{whole}…")
}

#[cfg(test)]
mod tests {
    use super::super::sanitise_remote;
    use super::*;

    #[test]
    fn blocks_become_lines_and_entities_characters() {
        let html =
            sanitise_remote("<p>Un &amp; deux<br>trois</p><ul><li>a</li><li>b</li></ul><p>&lt;fin&gt;</p>");
        assert_eq!(plain_text(&html), "Un & deux\ntrois\n\na\nb\n\n<fin>");
    }

    #[test]
    fn inline_tags_do_not_part_words() {
        let html = sanitise_remote("<p>la <b>mai</b>rie <a href=\"https://eze.fr\">d’Èze</a></p>");
        assert_eq!(plain_text(&html), "la mairie d’Èze");
        assert_eq!(plain_text(&Html::default()), "");
    }

    #[test]
    fn an_excerpt_is_cut_between_words() {
        let html = Html::paragraph("La piscine rouvre samedi, à neuf heures.");
        assert_eq!(excerpt(&html, 100), "La piscine rouvre samedi, à neuf heures.");
        assert_eq!(excerpt(&html, 40), "La piscine rouvre samedi, à neuf heures.");
        assert_eq!(excerpt(&html, 27), "La piscine rouvre samedi…");
        assert_eq!(excerpt(&html, 20), "La piscine rouvre…");
        assert_eq!(
            excerpt(&Html::paragraph(&"é".repeat(50)), 10),
            format!("{}…", "é".repeat(9))
        );
        assert_eq!(excerpt(&html, 0), "…");
        for chars in 1..45 {
            assert!(excerpt(&html, chars).chars().count() <= chars, "{chars}");
        }
    }
}
