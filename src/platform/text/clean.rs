//! Characters that have no business in a text, and the form in which texts are compared.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Marks stacked on one letter at most: enough for every script, too few to paint over the lines above.
const MOST_MARKS: usize = 4;

/// Tells whether a character hides, reorders or breaks text.
fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}'         // embeddings and overrides of direction
        | '\u{2066}'..='\u{2069}'       // isolates of direction
        | '\u{206a}'..='\u{206f}'       // deprecated format characters
        | '\u{200b}'                    // zero width space
        | '\u{2060}'..='\u{2064}'       // word joiner, invisible operators
        | '\u{feff}'                    // byte order mark
        | '\u{fff9}'..='\u{fffb}'       // interlinear annotation
        | '\u{fdd0}'..='\u{fdef}'       // not characters
        | '\u{e0001}' => true,
        c => c.is_control() || u32::from(c) & 0xfffe == 0xfffe,
    }
}

/// Removes control characters (line feed and tab stay), direction overrides, invisible characters and stacks of marks.
pub fn strip_hidden(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        if is_hidden(c) {
            continue;
        }
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks <= MOST_MARKS {
            clean.push(match c {
                '\u{2028}' | '\u{2029}' => '\n',
                c => c,
            });
        }
    }
    clean
}

/// Makes one trimmed line of at most `max` characters: for names, titles, subjects.
pub fn clean_line(text: &str, max: usize) -> String {
    // A text is never longer after cleaning than four times its limit is worth reading.
    let start: String = text
        .chars()
        .take(max.saturating_mul(4).saturating_add(256))
        .collect();
    let mut line = String::new();
    // Controls part words (a line break is one), invisible characters do not.
    let parted: String = start
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    for word in strip_hidden(&parted).split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    cut(&line.nfc().collect::<String>(), max)
}

/// Cleans a text of several lines, at most `max` characters: line ends made equal, no hidden characters, at most one
/// empty line in a row, no blank at either end.
pub fn clean_text(text: &str, max: usize) -> String {
    let unified = strip_hidden(&text.replace("\r\n", "\n").replace('\r', "\n"));
    let mut clean = String::with_capacity(unified.len());
    let mut empty = 0;
    for line in unified.lines() {
        let line = line.trim_end();
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= 1 {
            clean.push_str(line);
            clean.push('\n');
        }
    }
    cut(clean.trim().nfc().collect::<String>().as_str(), max)
}

/// Cuts after `max` characters, not between a letter and its marks, and trims the end.
fn cut(text: &str, max: usize) -> String {
    let Some((mut end, mut next)) = text.char_indices().nth(max) else {
        return text.to_owned();
    };
    while is_combining_mark(next) || next == '\u{200d}' || next == '\u{fe0f}' {
        let Some((at, previous)) = text.get(..end).and_then(|start| start.char_indices().next_back()) else {
            break;
        };
        (end, next) = (at, previous);
    }
    text.get(..end).unwrap_or_default().trim_end().to_owned()
}

/// The form in which two texts are compared: lower case, no accents, ligatures undone, plain apostrophes.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        for c in c.to_lowercase() {
            match c {
                'œ' => folded.push_str("oe"),
                'æ' => folded.push_str("ae"),
                'ß' => folded.push_str("ss"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' | 'ð' => folded.push('d'),
                'þ' => folded.push_str("th"),
                'ı' => folded.push('i'),
                '\u{2018}' | '\u{2019}' | '\u{02bc}' => folded.push('\''),
                '\u{2010}'..='\u{2015}' => folded.push('-'),
                // `İ` becomes `i` and a mark.
                c if is_combining_mark(c) || is_hidden(c) => {}
                c => folded.push(c),
            }
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_overrides_go_and_letters_stay() {
        assert_eq!(
            strip_hidden("a\0b\u{1b}[31m\u{7f}\u{85}c\u{202e}d\u{2066}e\u{feff}f\u{200b}\n\tg"),
            "ab[31mcdef\n\tg"
        );
        for kept in ["été", "👩‍👩‍👧", "❤️", "नमस्ते", "שלום", "e\u{301}"] {
            assert_eq!(strip_hidden(kept), kept);
        }
    }

    #[test]
    fn stacked_marks_are_cut_down() {
        let zalgo = format!("z{}!", "\u{0335}".repeat(500));
        assert_eq!(strip_hidden(&zalgo).chars().count(), 2 + MOST_MARKS);
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(clean_line("  Jean\r\n\tDupont\0 \u{202e}x ", 50), "Jean Dupont x");
        assert_eq!(clean_line("a\u{a0}b\u{2028}c\u{3000}d", 50), "a b c d");
        assert_eq!(clean_line("\u{202e}\0\n", 50), "");
        assert_eq!(clean_line("e\u{301}", 50), "é");
    }

    #[test]
    fn a_line_is_cut_between_whole_letters() {
        assert_eq!(clean_line("abcdef", 3), "abc");
        assert_eq!(clean_line("ab cdef", 3), "ab");
        // x with a mark has no single character of its own.
        assert_eq!(clean_line("abx\u{304}", 3), "ab");
        assert_eq!(clean_line(&"a".repeat(1_000_000), 10), "a".repeat(10));
        assert_eq!(clean_line("abc", 0), "");
    }

    #[test]
    fn a_text_keeps_its_lines() {
        assert_eq!(
            clean_text("\r\nun\r\n\r\n\r\n\r\ndeux  \rtrois\n", 100),
            "un\n\ndeux\ntrois"
        );
        assert_eq!(clean_text("un\ndeux", 4), "un\nd");
    }

    #[test]
    fn folding_is_blind_to_accents_case_and_ligatures() {
        for (one, other) in [
            ("ÉTÉ", "ete"),
            ("Œuvre", "oeuvre"),
            ("L’Haÿ-les-Roses", "l'hay-les-roses"),
            ("Straße", "strasse"),
            ("ﬁn", "fin"),
            ("İ", "i"),
            ("e\u{301}", "é"),
            ("Ægir", "aegir"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
        assert_ne!(fold("voirie"), fold("voiries"));
        assert_eq!(fold(&fold("Çà & Là")), fold("Çà & Là"));
    }
}
