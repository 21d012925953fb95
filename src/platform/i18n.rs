//! Words: French first, English complete, in `templates/<room>/{fr,en}.ftl` (Fluent), beside the pages that
//! use them. Dates and numbers as each language writes them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;

use crate::clock::Timestamp;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../templates"]
#[include = "*.ftl"]
struct Files;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// French.
    #[default]
    Fr,
    /// English.
    En,
}

impl Lang {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// BCP 47: `fr` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The first of `Accept-Language` that we speak.
    pub fn of_header(header: &str) -> Option<Self> {
        let mut wanted: Vec<(f32, &str)> = header
            .split(',')
            .filter_map(|part| {
                let mut pieces = part.split(';');
                let tag = pieces.next()?.trim();
                let q = pieces
                    .find_map(|p| p.trim().strip_prefix("q=").and_then(|q| q.parse().ok()))
                    .unwrap_or(1.0);
                (q > 0.0).then_some((q, tag))
            })
            .take(20)
            .collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        wanted
            .iter()
            .find_map(|(_, tag)| tag.split('-').next()?.to_lowercase().parse().ok())
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|lang| lang.code() == text).ok_or(())
    }
}

/// All words of all rooms in all languages.
#[derive(Clone)]
pub struct Words(Arc<[FluentBundle<FluentResource>; 2]>);

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words")
    }
}

/// A word file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the word file {file}: {cause}")]
pub struct WordsError {
    /// The file, from `templates/`.
    pub file: String,
    /// What the parser said.
    pub cause: String,
}

impl Words {
    /// Reads the embedded files.
    ///
    /// # Errors
    /// [`WordsError`] when one is malformed or repeats a key.
    pub fn embedded() -> Result<Self, WordsError> {
        Ok(Self(Arc::new([bundle(Lang::Fr)?, bundle(Lang::En)?])))
    }

    fn of(&self, lang: Lang) -> &FluentBundle<FluentResource> {
        let [fr, en] = &*self.0;
        match lang {
            Lang::Fr => fr,
            Lang::En => en,
        }
    }

    /// Whether the key has words in this language.
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.of(lang).has_message(key)
    }

    /// The words of `key`; a missing key shows as `⟦key⟧` and is logged (the page tests fail on it).
    pub fn say(&self, lang: Lang, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.of(lang);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, %lang, "there are no words for this key");
            return format!("⟦{key}⟧");
        };
        let mut errors = Vec::new();
        let said = bundle.format_pattern(pattern, args, &mut errors);
        if !errors.is_empty() {
            tracing::error!(key, %lang, ?errors, "the words of this key cannot be put together");
        }
        said.into_owned()
    }

    /// Words without arguments.
    pub fn t(&self, lang: Lang, key: &str) -> String {
        self.say(lang, key, None)
    }

    /// Words about a number, `$n`.
    pub fn tn(&self, lang: Lang, key: &str, n: i64) -> String {
        let mut args = FluentArgs::new();
        args.set("n", FluentValue::from(n));
        args.set("nombre", FluentValue::from(number(lang, n)));
        self.say(lang, key, Some(&args))
    }

    /// Words with texts in them.
    pub fn ta(&self, lang: Lang, key: &str, pairs: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in pairs {
            args.set(*name, FluentValue::from(*value));
        }
        self.say(lang, key, Some(&args))
    }
}

fn bundle(lang: Lang) -> Result<FluentBundle<FluentResource>, WordsError> {
    let locale = lang.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Isolating marks would show in titles and mails, and no language of ours is written right to left.
    bundle.set_use_isolating(false);
    let suffix = format!("{}.ftl", lang.code());
    for file in Files::iter().filter(|name| name.rsplit('/').next() == Some(suffix.as_str())) {
        let wrong = |cause: String| WordsError {
            file: file.to_string(),
            cause,
        };
        let data = Files::get(&file)
            .ok_or_else(|| wrong("cannot be read".to_owned()))?
            .data;
        let source = String::from_utf8(data.into_owned()).map_err(|error| wrong(error.to_string()))?;
        let source = if lang == Lang::Fr { spaced(&source) } else { source };
        let resource = FluentResource::try_new(source).map_err(|(_, errors)| wrong(format!("{errors:?}")))?;
        bundle
            .add_resource(resource)
            .map_err(|errors| wrong(format!("{errors:?}")))?;
    }
    Ok(bundle)
}

/// The narrow spaces that French sets before high punctuation and inside quotation marks, so that no line
/// breaks there: whoever writes the words types plain spaces.
fn spaced(source: &str) -> String {
    let mut spaced = source.replace("« ", "«\u{202f}");
    for mark in [';', ':', '!', '?', '»'] {
        spaced = spaced.replace(&format!(" {mark}"), &format!("\u{202f}{mark}"));
    }
    spaced
}

/// A whole number: `2 144` in French (narrow no-break space), `2,144` in English.
pub fn number(lang: Lang, n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let separator = match lang {
        Lang::Fr => '\u{202f}',
        Lang::En => ',',
    };
    let mut out = String::new();
    if n < 0 {
        out.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

const MOIS: [&str; 12] = [
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
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month(lang: Lang, month: i8) -> &'static str {
    let names = match lang {
        Lang::Fr => MOIS,
        Lang::En => MONTHS,
    };
    names
        .get(usize::try_from(month - 1).unwrap_or(0))
        .copied()
        .unwrap_or_default()
}

/// `24 novembre 2026` (`1er` on the first) or `24 November 2026`.
pub fn date(lang: Lang, at: &jiff::Zoned) -> String {
    let day = match (lang, at.day()) {
        (Lang::Fr, 1) => "1er".to_owned(),
        (_, day) => day.to_string(),
    };
    format!("{day}\u{a0}{} {}", month(lang, at.month()), at.year())
}

/// `9 h 30`, `9 h` or `9:30`.
pub fn time(lang: Lang, at: &jiff::Zoned) -> String {
    match lang {
        Lang::Fr if at.minute() == 0 => format!("{}\u{a0}h", at.hour()),
        Lang::Fr => format!("{}\u{a0}h\u{a0}{:02}", at.hour(), at.minute()),
        Lang::En => format!("{}:{:02}", at.hour(), at.minute()),
    }
}

/// `24 novembre 2026 à 9 h 30`.
pub fn datetime(lang: Lang, at: &jiff::Zoned) -> String {
    let joint = match lang {
        Lang::Fr => " à ",
        Lang::En => " at ",
    };
    format!("{}{joint}{}", date(lang, at), time(lang, at))
}

/// `aujourd’hui à 9 h 30`, `hier à 18 h 12`, else the date (the year only when it is another).
pub fn relative(lang: Lang, at: Timestamp, now: Timestamp, zone: &str) -> String {
    let (then, today) = (at.in_zone(zone), now.in_zone(zone));
    let day = match (lang, (today.date() - then.date()).get_days()) {
        (Lang::Fr, 0) => "aujourd’hui à ".to_owned(),
        (Lang::En, 0) => "today at ".to_owned(),
        (Lang::Fr, 1) => "hier à ".to_owned(),
        (Lang::En, 1) => "yesterday at ".to_owned(),
        _ if then.year() == today.year() => {
            let full = datetime(lang, &then);
            return full.replacen(&format!(" {}", then.year()), "", 1);
        }
        _ => return datetime(lang, &then),
    };
    format!("{day}{}", time(lang, &then))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn the_browser_is_understood() {
        assert_eq!(Lang::of_header("de, en-GB;q=0.8, fr;q=0.9"), Some(Lang::Fr));
        assert_eq!(Lang::of_header("en-US,en;q=0.5"), Some(Lang::En));
        assert_eq!(Lang::of_header("de"), None);
    }

    #[test]
    fn numbers_and_dates_are_french() {
        assert_eq!(number(Lang::Fr, 2_144), "2\u{202f}144");
        assert_eq!(number(Lang::Fr, 68_952_941), "68\u{202f}952\u{202f}941");
        assert_eq!(number(Lang::En, -1_000), "−1,000");
        let when = at("2026-11-24T08:30:00Z").in_zone("Europe/Paris");
        assert_eq!(
            datetime(Lang::Fr, &when),
            "24\u{a0}novembre 2026 à 9\u{a0}h\u{a0}30"
        );
        assert_eq!(
            date(Lang::Fr, &at("2026-12-01T08:00:00Z").in_zone("Europe/Paris")),
            "1er\u{a0}décembre 2026"
        );
    }

    #[test]
    fn words_are_set_as_french_is_printed() {
        assert_eq!(
            spaced("a = « Oui » : non !"),
            "a = «\u{202f}Oui\u{202f}»\u{202f}: non\u{202f}!"
        );
        let words = Words::embedded().unwrap();
        assert!(
            words
                .t(Lang::Fr, "failure-404-text")
                .contains("existe plus\u{202f}:")
        );
    }

    #[test]
    fn days_are_counted_on_the_spot() {
        let now = at("2026-11-23T23:30:00Z"); // already the 24th in Paris
        let paris = |text| relative(Lang::Fr, at(text), now, "Europe/Paris");
        assert_eq!(paris("2026-11-23T17:12:00Z"), "hier à 18\u{a0}h\u{a0}12");
        assert_eq!(paris("2026-11-23T23:05:00Z"), "aujourd’hui à 0\u{a0}h\u{a0}05");
        assert_eq!(paris("2026-03-02T08:00:00Z"), "2\u{a0}mars à 9\u{a0}h");
        assert_eq!(paris("2025-03-02T08:00:00Z"), "2\u{a0}mars 2025 à 9\u{a0}h");
    }

    #[test]
    fn every_key_is_said_in_both_languages() {
        let words = Words::embedded().unwrap();
        for file in Files::iter().filter(|name| name.ends_with("fr.ftl")) {
            let text = String::from_utf8(Files::get(&file).unwrap().data.into_owned()).unwrap();
            let english = file.replace("fr.ftl", "en.ftl");
            let other = Files::get(&english).unwrap_or_else(|| panic!("{english} is missing"));
            let other = String::from_utf8(other.data.into_owned()).unwrap();
            let keys = |text: &str| -> std::collections::BTreeSet<String> {
                text.lines()
                    .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
                    .filter_map(|line| line.split_once('=').map(|(key, _)| key.trim().to_owned()))
                    .collect()
            };
            assert_eq!(
                keys(&text),
                keys(&other),
                "{file} and {english} say different things"
            );
            assert!(
                keys(&text)
                    .iter()
                    .all(|key| words.has(Lang::Fr, key) && words.has(Lang::En, key))
            );
        }
    }
}
