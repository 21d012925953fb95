//! How well a name answers a question.

use super::question::{Question, begins_squashed, distance, is_squashed, letters, squash};
use super::{Department, Entry, SearchIndex};

/// How well a name answers; smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Exact,
    ExactWithoutArticle,
    ExactFormer,
    Beginning,
    Words,
    BeginningFormer,
    WordsFormer,
    Inside,
    Like(u8),
}

/// How a question says where the commune lies.
#[derive(PartialEq, Eq)]
enum Place {
    ByCode,
    ByName,
}

impl SearchIndex {
    /// The rank of a name whose words begin with those of the question, in any order; and whether a word
    /// was only found in the name of its département, since names that have them all go first.
    pub(super) fn rank(&self, entry: &Entry, question: &Question<'_>) -> Option<(bool, Rank)> {
        if entry.initials & question.initials != question.initials {
            return None;
        }
        let name = self.name_of(entry);
        // The words found in the name, as bits: the others must say where the commune lies.
        let mut own: u32 = 0;
        let mut placed = false;
        for (place, word) in question.words.iter().enumerate() {
            if name.split(' ').any(|part| word.begins(part)) {
                own |= 1 << place;
            } else {
                placed |= self.lies_in(entry, word.text)? == Place::ByName;
            }
        }
        if own == 0 {
            return None;
        }
        let asked = question.asked(own);
        let without_article = name.get(usize::from(entry.article)..).unwrap_or_default();
        let (present, former) = if is_squashed(name, &asked) {
            (Rank::Exact, Rank::ExactFormer)
        } else if is_squashed(without_article, &asked) {
            (Rank::ExactWithoutArticle, Rank::ExactFormer)
        } else if begins_squashed(name, &asked) || begins_squashed(without_article, &asked) {
            (Rank::Beginning, Rank::BeginningFormer)
        } else {
            (Rank::Words, Rank::WordsFormer)
        };
        Some((placed, if entry.former { former } else { present }))
    }

    /// Whether a word may stand for a département instead of being part of the name.
    pub(super) fn names_a_place(&self, word: &str) -> bool {
        let named = |department: &Department| {
            department.code == word
                || (word.len() >= 3 && department.words.split(' ').any(|part| part == word))
        };
        word.bytes().all(|byte| byte.is_ascii_digit()) || self.departments.iter().any(named)
    }

    /// How a word of the question names where the commune lies: by code, or by a word of the département.
    fn lies_in(&self, entry: &Entry, word: &str) -> Option<Place> {
        let department = self.departments.get(usize::from(entry.department))?;
        if department.code == word {
            return Some(Place::ByCode);
        }
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            let there = word.len() == 5 && self.has_postal_code(entry.commune, word);
            return there.then_some(Place::ByCode);
        }
        let named = word.len() >= 3 && department.words.split(' ').any(|part| part == word);
        named.then_some(Place::ByName)
    }

    fn has_postal_code(&self, commune: u32, digits: &str) -> bool {
        digits
            .parse()
            .is_ok_and(|code: u32| self.postal.binary_search(&(code, commune)).is_ok())
    }

    /// The rank of a name that contains the question somewhere, as "colombe" in "Saintecolombe".
    pub(super) fn rank_inside(&self, entry: &Entry, question: &Question<'_>) -> Option<Rank> {
        if entry.letters & question.letters != question.letters {
            return None;
        }
        let squashed = squash(self.name_of(entry));
        let exact = squashed == question.squashed && !entry.former;
        squashed
            .contains(&question.squashed)
            .then_some(if exact { Rank::Exact } else { Rank::Inside })
    }

    /// The rank of a name that differs by a slip of the finger or two.
    pub(super) fn rank_like(&self, entry: &Entry, question: &Question<'_>) -> Option<Rank> {
        let allowed = if question.squashed.len() >= 8 { 2 } else { 1 };
        let whole = self.name_of(entry);
        let without_article = whole.get(usize::from(entry.article)..).unwrap_or_default();
        // A letter put for another changes two of the bits; the article may hold some of its own.
        let strange = (question.letters & !entry.letters).count_ones();
        let missing = (letters(without_article) & !question.letters).count_ones();
        if strange > u32::from(allowed) || missing > u32::from(allowed) {
            return None;
        }
        let names = if entry.article == 0 {
            [Some(whole), None]
        } else {
            [Some(whole), Some(without_article)]
        };
        let distances = names
            .into_iter()
            .flatten()
            .map(|name| distance(&squash(name), &question.squashed, allowed));
        distances.flatten().min().map(Rank::Like)
    }
}
