//! What was asked, and how letters are compared.

use std::borrow::Cow;

/// A question, taken apart once for all names.
pub(super) struct Question<'a> {
    pub(super) words: Vec<Word<'a>>,
    /// Its words without spaces.
    pub(super) squashed: String,
    /// One bit for each first letter that a name must have among its own: those of words that name no place.
    pub(super) initials: u64,
    /// One bit for each letter of it.
    pub(super) letters: u64,
}

/// One word of a question.
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    /// What it may also be the beginning of: `st` is unfolded to `saint` but may begin `Stains`.
    short: Option<&'static str>,
}

impl<'a> Question<'a> {
    pub(super) fn new(words: &[&'a str], names_a_place: impl Fn(&str) -> bool) -> Self {
        let words: Vec<Word<'a>> = words
            .iter()
            .map(|text| Word {
                text,
                short: short_form(text),
            })
            .collect();
        let in_the_name = words.iter().filter(|word| !names_a_place(word.text));
        let squashed: String = words.iter().map(|word| word.text).collect();
        Self {
            letters: letters(&squashed),
            squashed,
            initials: in_the_name.fold(0, |bits, word| bits | initial(word.text)),
            words,
        }
    }
}

impl Question<'_> {
    /// The words that were found in a name (one bit each), without spaces.
    pub(super) fn asked(&self, own: u32) -> Cow<'_, str> {
        let found = |place: &usize| own & (1 << place) != 0;
        if (0..self.words.len()).all(|place| found(&place)) {
            return Cow::Borrowed(&self.squashed);
        }
        let words = self.words.iter().enumerate().filter(|(place, _)| found(place));
        Cow::Owned(words.map(|(_, word)| word.text).collect())
    }
}

impl Word<'_> {
    pub(super) fn begins(&self, part: &str) -> bool {
        part.starts_with(self.text) || self.short.is_some_and(|short| part.starts_with(short))
    }
}

fn short_form(word: &str) -> Option<&'static str> {
    match word {
        "saint" => Some("st"),
        "sainte" => Some("ste"),
        _ => None,
    }
}

/// The bits of all letters of a text.
pub(super) fn letters(text: &str) -> u64 {
    text.split(' ')
        .flat_map(|word| word.bytes())
        .fold(0, |bits, letter| bits | bit(letter))
}

/// The bit of a word's first letter.
pub(super) fn initial(word: &str) -> u64 {
    word.bytes().next().map_or(0, bit)
}

fn bit(letter: u8) -> u64 {
    match letter {
        b'a'..=b'z' => 1 << (letter - b'a'),
        b'0'..=b'9' => 1 << (26 + letter - b'0'),
        _ => 0,
    }
}

/// The postal codes that begin with these digits, as numbers: from, and up to but without.
pub(super) fn postal_range(digits: &str) -> Option<(u32, u32)> {
    let given: u32 = digits.parse().ok()?;
    let missing = 5_u32.checked_sub(u32::try_from(digits.len()).ok()?)?;
    let step = 10_u32.checked_pow(missing)?;
    Some((given.checked_mul(step)?, given.checked_add(1)?.checked_mul(step)?))
}

/// The name without its spaces.
pub(super) fn squash(name: &str) -> String {
    name.chars().filter(|letter| *letter != ' ').collect()
}

/// Whether the name, without its spaces, is this text.
pub(super) fn is_squashed(name: &str, squashed: &str) -> bool {
    name.bytes().filter(|letter| *letter != b' ').eq(squashed.bytes())
}

/// Whether the name, without its spaces, begins with this text.
pub(super) fn begins_squashed(name: &str, squashed: &str) -> bool {
    let mut letters = name.bytes().filter(|letter| *letter != b' ');
    squashed.bytes().all(|wanted| letters.next() == Some(wanted))
}

/// How many letters must be changed, added, dropped or swapped with their neighbour, when not more than allowed.
pub(super) fn distance(left: &str, right: &str, allowed: u8) -> Option<u8> {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len().abs_diff(right.len()) > usize::from(allowed) {
        return None;
    }
    let mut before: Vec<u8> = Vec::new();
    let mut above: Vec<u8> = (0..=right.len()).map(|column| column.min(255) as u8).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut current = vec![(row + 1).min(255) as u8];
        for (column, other) in right.iter().enumerate() {
            let at = |line: &[u8], place: usize| line.get(place).copied().unwrap_or(u8::MAX);
            let changed = at(&above, column).saturating_add(u8::from(letter != other));
            let added = at(&current, column).saturating_add(1);
            let dropped = at(&above, column + 1).saturating_add(1);
            let mut least = changed.min(added).min(dropped);
            let swapped = row > 0
                && column > 0
                && left.get(row - 1) == Some(other)
                && right.get(column - 1) == Some(letter);
            if swapped {
                least = least.min(at(&before, column - 1).saturating_add(1));
            }
            current.push(least);
        }
        if current.iter().all(|steps| *steps > allowed) {
            return None;
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().filter(|steps| *steps <= allowed)
}
