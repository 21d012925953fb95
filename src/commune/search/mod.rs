//! Finding a commune by what people type: the beginning of a name, some words of it, a postal code.
//!
//! The names of France fit in two megabytes, so each process keeps them folded in memory and looks through all of them
//! for each question; the database stays the only place where a commune is described. Pure, and without state of its
//! own: an index is built once for a version of the directory and thrown away with it.

mod question;
mod rank;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::model::{InseeCode, fold};

use question::{Question, initial, letters, postal_range};
use rank::Rank;

/// No question is longer; the rest is not looked at.
const QUESTION_MAX: usize = 120;
/// No question has more words.
const WORDS_MAX: usize = 10;

/// One name under which a commune can be found.
#[derive(Debug, Clone, Copy)]
pub struct Searchable<'a> {
    /// The commune.
    pub code: InseeCode,
    /// Its name, or a former one.
    pub name: &'a str,
    /// Whether the name is a former one.
    pub former: bool,
    /// The part of the name after its article.
    pub without_article: &'a str,
    /// The département's code and name.
    pub department: (&'a str, &'a str),
    /// Inhabitants.
    pub population: i64,
    /// Its postal codes, separated by blanks (given once, with the name of today).
    pub postal_codes: &'a str,
}

/// All names, ready to be looked through.
#[derive(Debug, Default)]
pub struct SearchIndex {
    names: String,
    entries: Vec<Entry>,
    communes: Vec<InseeCode>,
    /// Postal code and commune, in order.
    postal: Vec<(u32, u32)>,
    departments: Vec<Department>,
}

#[derive(Debug)]
struct Entry {
    /// Where its folded name lies in `names`.
    start: u32,
    length: u16,
    /// How long its article is in the folded name, with the space.
    article: u8,
    former: bool,
    department: u16,
    /// Its place in `communes`.
    commune: u32,
    population: u32,
    /// One bit for each first letter of its words.
    initials: u64,
    /// One bit for each letter it has at all.
    letters: u64,
}

#[derive(Debug)]
struct Department {
    code: String,
    words: String,
}

/// What a question found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// How the answers answer the question.
    pub by: FoundBy,
    /// How many communes there are in all.
    pub total: usize,
    /// How many of them bear exactly the name that was asked for: homonyms, the first of the list.
    pub namesakes: usize,
    /// The codes on this page, best first.
    pub codes: Vec<InseeCode>,
}

/// How the answers answer the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FoundBy {
    /// The name begins with, or contains, what was typed.
    #[default]
    Name,
    /// The postal code is, or begins with, what was typed.
    PostalCode,
    /// What was typed is an INSEE code.
    InseeCode,
    /// Nothing fits; these names look like it.
    Likeness,
}

impl SearchIndex {
    /// Builds the index.
    pub fn new<'a>(searchables: impl IntoIterator<Item = Searchable<'a>>) -> Self {
        let mut index = Self::default();
        let mut communes: HashMap<InseeCode, u32> = HashMap::new();
        let mut departments: HashMap<&'a str, u16> = HashMap::new();
        for searchable in searchables {
            let commune = *communes.entry(searchable.code).or_insert_with(|| {
                index.communes.push(searchable.code);
                index.communes.len() as u32 - 1
            });
            let (department_code, department_name) = searchable.department;
            let department = *departments.entry(department_code).or_insert_with(|| {
                let code = department_code.to_ascii_lowercase();
                index.departments.push(Department {
                    code,
                    words: fold(department_name),
                });
                index.departments.len() as u16 - 1
            });
            for code in searchable
                .postal_codes
                .split_ascii_whitespace()
                .filter_map(|code| code.parse().ok())
            {
                index.postal.push((code, commune));
            }
            index.add(&searchable, commune, department);
        }
        index.postal.sort_unstable();
        index.postal.dedup();
        index.names.shrink_to_fit();
        index.entries.shrink_to_fit();
        index.communes.shrink_to_fit();
        index.postal.shrink_to_fit();
        index
    }

    fn add(&mut self, searchable: &Searchable<'_>, commune: u32, department: u16) {
        let folded = fold(searchable.name);
        if folded.is_empty() {
            return;
        }
        self.entries.push(Entry {
            start: self.names.len() as u32,
            length: folded.len() as u16,
            article: (folded.len() - fold(searchable.without_article).len().min(folded.len())) as u8,
            former: searchable.former,
            department,
            commune,
            population: searchable.population.clamp(0, i64::from(u32::MAX)) as u32,
            initials: folded.split(' ').fold(0, |bits, word| bits | initial(word)),
            letters: letters(&folded),
        });
        self.names.push_str(&folded);
    }

    /// How many communes there are.
    pub fn len(&self) -> usize {
        self.communes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.communes.is_empty()
    }

    /// What the index weighs in memory, in bytes.
    pub fn weight(&self) -> usize {
        self.names.capacity()
            + self.entries.capacity() * size_of::<Entry>()
            + self.communes.capacity() * size_of::<InseeCode>()
            + self.postal.capacity() * size_of::<(u32, u32)>()
    }

    /// Answers a question: the communes of the page, best first.
    pub fn find(&self, question: &str, page: Range<usize>) -> Found {
        let cut = question
            .char_indices()
            .nth(QUESTION_MAX)
            .map_or(question.len(), |(place, _)| place);
        let folded = fold(question.get(..cut).unwrap_or_default());
        let words: Vec<&str> = folded
            .split(' ')
            .filter(|word| !word.is_empty())
            .take(WORDS_MAX)
            .collect();
        match words.as_slice() {
            [] => Found::default(),
            [code] if code.len() >= 2 && code.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.by_code(code, page)
            }
            [code] if code.parse::<InseeCode>().is_ok() => self.by_code(code, page),
            words => self.by_name(&Question::new(words, |word| self.names_a_place(word)), page),
        }
    }

    /// A number is a postal code or the beginning of one; failing that, an INSEE code.
    fn by_code(&self, digits: &str, page: Range<usize>) -> Found {
        let postal = self.of_postal_prefix(digits);
        if !postal.is_empty() {
            return self.page_of(
                FoundBy::PostalCode,
                0,
                postal.into_iter().map(|(_, commune)| commune),
                page,
            );
        }
        let known = digits
            .parse()
            .ok()
            .and_then(|code: InseeCode| self.communes.iter().position(|commune| *commune == code));
        self.page_of(
            FoundBy::InseeCode,
            0,
            known.into_iter().map(|place| place as u32),
            page,
        )
    }

    /// Communes whose postal code begins with these digits, the largest first.
    fn of_postal_prefix(&self, digits: &str) -> Vec<(u32, u32)> {
        let Some((from, to)) = postal_range(digits) else {
            return Vec::new();
        };
        let start = self.postal.partition_point(|(code, _)| *code < from);
        let end = self.postal.partition_point(|(code, _)| *code < to);
        let mut communes: Vec<u32> = self
            .postal
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .map(|(_, commune)| *commune)
            .collect();
        communes.sort_unstable();
        communes.dedup();
        let mut sized: Vec<(u32, u32)> = Vec::with_capacity(communes.len());
        for entry in self.entries.iter().filter(|entry| !entry.former) {
            if communes.binary_search(&entry.commune).is_ok() {
                sized.push((u32::MAX - entry.population, entry.commune));
            }
        }
        sized.sort_unstable();
        sized
    }

    fn by_name(&self, question: &Question<'_>, page: Range<usize>) -> Found {
        let mut hits = self.hits(|entry| self.rank(entry, question));
        let mut by = FoundBy::Name;
        if hits.is_empty() && question.squashed.len() >= 3 {
            hits = self.hits(|entry| Some((false, self.rank_inside(entry, question)?)));
        }
        if hits.is_empty() && question.squashed.len() >= 4 {
            by = FoundBy::Likeness;
            hits = self.hits(|entry| Some((false, self.rank_like(entry, question)?)));
            // Names that are further away than the closest ones only confuse.
            if let Some(best) = hits.iter().map(|hit| hit.rank).min() {
                hits.retain(|hit| hit.rank == best);
            }
        }
        hits.sort_unstable_by_key(|hit| (hit.placed, hit.rank, u32::MAX - hit.population, hit.commune));
        let mut seen = HashSet::new();
        hits.retain(|hit| seen.insert(hit.commune));
        let namesakes = hits
            .iter()
            .filter(|hit| hit.rank <= Rank::ExactWithoutArticle)
            .count();
        self.page_of(by, namesakes, hits.into_iter().map(|hit| hit.commune), page)
    }

    fn page_of(
        &self,
        by: FoundBy,
        namesakes: usize,
        all: impl Iterator<Item = u32>,
        page: Range<usize>,
    ) -> Found {
        let mut total = 0;
        let mut codes = Vec::new();
        for (place, commune) in all.enumerate() {
            total = place + 1;
            if page.contains(&place) {
                codes.extend(self.communes.get(commune as usize));
            }
        }
        Found {
            by,
            total,
            namesakes,
            codes,
        }
    }

    fn hits(&self, rank: impl Fn(&Entry) -> Option<(bool, Rank)>) -> Vec<Hit> {
        let hit = |entry: &Entry| {
            rank(entry).map(|(placed, rank)| Hit {
                placed,
                rank,
                population: entry.population,
                commune: entry.commune,
            })
        };
        self.entries.iter().filter_map(hit).collect()
    }

    fn name_of(&self, entry: &Entry) -> &str {
        let start = entry.start as usize;
        self.names
            .get(start..start + usize::from(entry.length))
            .unwrap_or_default()
    }
}

struct Hit {
    placed: bool,
    rank: Rank,
    population: u32,
    commune: u32,
}

#[cfg(test)]
mod tests;
