//! French typography, the renderer's work and not the author's.
//!
//! U+202F before `; : ! ? »`, after `«` and between thousands; U+00A0 before units, months and `h`; `’` for `'`.
//! Never inside code, addresses, times like 9:30 or anything else that reads like a machine's. Done twice, it changes
//! nothing.

/// The narrow no-break space.
pub(super) const NARROW: char = '\u{202f}';
/// The no-break space.
pub(super) const FIXED: char = '\u{a0}';

/// Units that stay with their number.
const UNITS: [&str; 37] = [
    "%", "‰", "€", "$", "£", "°", "°C", "k€", "M€", "Md€", "km", "m", "cm", "mm", "km²", "m²", "cm²", "m³",
    "ha", "kg", "g", "mg", "t", "l", "L", "cl", "ml", "hl", "h", "min", "ko", "Mo", "Go", "kW", "kWh", "MWh",
    "km/h",
];

/// Months, and their usual short forms, that stay with their day.
const MONTHS: [&str; 18] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "janv",
    "févr",
    "juil",
    "sept",
    "nov",
    "déc",
];

/// Sets a plain text.
pub fn french(text: &str) -> String {
    Line::of(text, None, None).set()
}

/// Tells whether a word is an address or something else typed for a machine.
pub(super) fn is_machine(word: &str) -> bool {
    let is_shortcode = word.len() > 2
        && word.starts_with(':')
        && word.get(1..).is_some_and(|rest| {
            rest.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ':')
                .ends_with(':')
        })
        && word
            .chars()
            .all(|c| c.is_alphanumeric() || c.is_ascii_punctuation());
    word.contains("://")
        || word.starts_with("www.")
        || word.contains(['@', '\\', '='])
        || (word.contains('/') && word.contains('.'))
        || is_shortcode
}

pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// A space that may become another one.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | FIXED | NARROW)
}

fn is_mark(c: char) -> bool {
    matches!(c, ';' | ':' | '!' | '?')
}

/// A text being set, with the characters around it on the same line.
pub(super) struct Line {
    chars: Vec<char>,
    /// Which characters are a machine's.
    frozen: Vec<bool>,
    before: Option<char>,
    after: Option<char>,
}

impl Line {
    pub(super) fn of(text: &str, before: Option<char>, after: Option<char>) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut frozen = Vec::with_capacity(chars.len());
        for word in text.split_inclusive(is_blank) {
            let is_frozen = is_machine(word.trim_end_matches(is_blank));
            for c in word.chars() {
                frozen.push(is_frozen && !is_blank(c));
            }
        }
        freeze_code(&chars, &mut frozen);
        Self {
            chars,
            frozen,
            before,
            after,
        }
    }

    /// The character at a place, just before the first or just after the last included.
    fn at(&self, place: isize) -> Option<char> {
        match usize::try_from(place) {
            Err(_) => self.before.filter(|_| place == -1),
            Ok(place) if place == self.chars.len() => self.after,
            Ok(place) => self.chars.get(place).copied(),
        }
    }

    fn is_frozen(&self, place: isize) -> bool {
        usize::try_from(place)
            .ok()
            .and_then(|place| self.frozen.get(place))
            .is_some_and(|frozen| *frozen)
    }

    pub(super) fn set(&self) -> String {
        let mut set = String::with_capacity(self.chars.len() + 16);
        for (place, c) in self.chars.iter().copied().enumerate() {
            let here = place as isize;
            if self.is_frozen(here) {
                set.push(c);
                continue;
            }
            match c {
                '\'' if self.is_apostrophe(here) => set.push('’'),
                ' ' | FIXED => set.push(self.space(here).unwrap_or(c)),
                '«' => {
                    set.push(c);
                    if self.at(here + 1).is_some_and(|next| !is_blank(next)) {
                        set.push(NARROW);
                    }
                }
                '»' => {
                    if self
                        .at(here - 1)
                        .is_some_and(|last| !is_blank(last) && last != '«')
                    {
                        set.push(NARROW);
                    }
                    set.push(c);
                }
                c if is_mark(c) => {
                    if self.ends_a_clause(here) && self.at(here - 1).is_some_and(ends_a_word) {
                        set.push(NARROW);
                    }
                    set.push(c);
                }
                c => set.push(c),
            }
        }
        set
    }

    fn is_apostrophe(&self, here: isize) -> bool {
        self.at(here - 1).is_some_and(char::is_alphabetic)
            && self
                .at(here + 1)
                .is_some_and(|next| next.is_alphabetic() || next == '«')
    }

    /// Tells whether the marks that begin here end a clause: one `:` or `;`, or any number of `!` and `?`, and nothing
    /// stuck to them.
    fn ends_a_clause(&self, here: isize) -> bool {
        if self.at(here - 1).is_some_and(is_mark) {
            return false;
        }
        let mut end = here;
        while self.at(end).is_some_and(is_mark) {
            end += 1;
        }
        let next = self.at(end);
        match self.at(here) {
            Some('!' | '?') => {
                (here..end).all(|place| matches!(self.at(place), Some('!' | '?')))
                    && next.is_none_or(|c| {
                        !c.is_alphanumeric()
                            && !matches!(c, '=' | '&' | '/' | '#' | '@' | '_' | '-' | '(' | '[' | '{')
                    })
            }
            Some(':' | ';') => {
                end == here + 1 && next.is_none_or(|c| is_blank(c) || matches!(c, '"' | '”' | '»'))
            }
            _ => false,
        }
    }

    /// What a space becomes, if it changes.
    fn space(&self, here: isize) -> Option<char> {
        let last = self.at(here - 1)?;
        let next = self.at(here + 1)?;
        let is_narrow = next == '»'
            || last == '«'
            || (is_mark(next)
                && !self.is_frozen(here + 1)
                && !is_blank(last)
                && self.ends_a_clause(here + 1))
            || self.parts_thousands(here);
        if is_narrow {
            return Some(NARROW);
        }
        let is_fixed = (last.is_ascii_digit() && self.begins_unit(here + 1))
            || (self.ends_day(here - 1) && self.begins_month(here + 1))
            || (last == 'h'
                && next.is_ascii_digit()
                && self.at(here - 2).is_some_and(is_space)
                && self.at(here - 3).is_some_and(|c| c.is_ascii_digit()))
            || (last == '°' && matches!(self.at(here - 2), Some('n' | 'N')) && next.is_ascii_digit());
        is_fixed.then_some(FIXED)
    }

    /// The number of digits from `place` on, going by `step`.
    fn digits(&self, place: isize, step: isize) -> isize {
        let mut count = 0;
        // Longer runs than these are not looked at.
        while count < 5 && self.at(place + count * step).is_some_and(|c| c.is_ascii_digit()) {
            count += 1;
        }
        count
    }

    fn parts_thousands(&self, here: isize) -> bool {
        let before = self.digits(here - 1, -1);
        if !(1..=3).contains(&before) || self.digits(here + 1, 1) != 3 {
            return false;
        }
        let start = here - before - 1;
        let is_whole = match self.at(start) {
            Some(c) if is_space(c) => before == 3 || self.at(start - 1).is_none_or(|c| !c.is_ascii_digit()),
            Some(c) => !c.is_alphanumeric() && !matches!(c, '.' | ',' | '-' | '/'),
            None => true,
        };
        // 04 and the like begin a telephone number or a code, not a quantity.
        let is_quantity = before == 3 || self.at(start + 1) != Some('0');
        is_whole && is_quantity
    }

    /// The letters and signs from `place` on, a few of them, and what follows.
    fn word(&self, place: isize) -> (String, Option<char>) {
        let mut word = String::new();
        let mut end = place;
        while let Some(c) = self
            .at(end)
            .filter(|c| c.is_alphabetic() || matches!(c, '%' | '‰' | '€' | '$' | '£' | '°' | '²' | '³' | '/'))
        {
            word.push(c);
            end += 1;
            if end - place > 10 {
                break;
            }
        }
        (word, self.at(end))
    }

    fn begins_unit(&self, place: isize) -> bool {
        let (word, next) = self.word(place);
        UNITS.contains(&word.as_str())
            && next.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-'))
    }

    fn begins_month(&self, place: isize) -> bool {
        let (word, next) = self.word(place);
        MONTHS.contains(&word.to_lowercase().as_str()) && next.is_none_or(|c| !c.is_alphanumeric())
    }

    /// Tells whether a day of the month ends here: one or two digits, or `1er`.
    fn ends_day(&self, here: isize) -> bool {
        let last = if self.at(here) == Some('r') && self.at(here - 1) == Some('e') {
            if self.at(here - 2) != Some('1') {
                return false;
            }
            here - 2
        } else {
            here
        };
        let digits = self.digits(last, -1);
        (1..=2).contains(&digits)
            && self
                .at(last - digits)
                .is_none_or(|c| !c.is_alphanumeric() && c != ',')
    }
}

fn ends_a_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, ')' | ']' | '»' | '”' | '"' | '’' | '%' | '€' | '²' | '°')
}

/// Freezes what stands between two backticks.
fn freeze_code(chars: &[char], frozen: &mut [bool]) {
    let ticks: Vec<usize> = chars
        .iter()
        .enumerate()
        .filter(|(_, c)| **c == '`')
        .map(|(at, _)| at)
        .collect();
    for pair in ticks.chunks_exact(2) {
        if let [from, to] = pair
            && let Some(inside) = frozen.get_mut(*from..=*to)
        {
            inside.fill(true);
        }
    }
}
