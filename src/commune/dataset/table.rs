//! Reading the table: sections, columns by name, fields by kind.

use std::borrow::Cow;
use std::io::Read;
use std::iter::{Enumerate, Peekable};
use std::str::{FromStr, Lines};

use flate2::read::GzDecoder;

use super::{Dataset, DatasetError, Department, District, Former, Names, Record, Source};
use crate::model::{Article, CommuneName, Epci, Territory};

/// No table of communes is larger, unpacked.
const UNPACKED_MAX: u64 = 64 * 1024 * 1024;

/// The text of a table, packed with gzip or not.
pub(super) fn unpack(bytes: &[u8]) -> Result<Cow<'_, str>, DatasetError> {
    let unreadable = |error: &dyn ToString| DatasetError::Unreadable(error.to_string());
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return std::str::from_utf8(bytes)
            .map(Cow::Borrowed)
            .map_err(|error| unreadable(&error));
    }
    let mut text = String::new();
    let mut unpacked = GzDecoder::new(bytes).take(UNPACKED_MAX + 1);
    unpacked
        .read_to_string(&mut text)
        .map_err(|error| unreadable(&error))?;
    if text.len() as u64 > UNPACKED_MAX {
        return Err(unreadable(&"it is too large"));
    }
    Ok(Cow::Owned(text))
}

/// Reads sections one after another, in the order the format gives them.
pub(super) struct TableReader<'a> {
    lines: Peekable<Enumerate<Lines<'a>>>,
}

impl<'a> TableReader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            lines: text.lines().enumerate().peekable(),
        }
    }

    pub(super) fn dataset(mut self) -> Result<Dataset, DatasetError> {
        Ok(Dataset {
            source: self.source()?,
            regions: self.section("regions", &["code", "nom", "article"], read_territory)?,
            departments: self.section(
                "departements",
                &["code", "nom", "article", "region", "chef_lieu"],
                |row| {
                    Ok(Department {
                        territory: read_territory(row)?,
                        region: row.text(3)?.to_owned(),
                        seat: row.parsed(4)?,
                    })
                },
            )?,
            districts: self.section("arrondissements", &["code", "nom"], |row| {
                Ok(District {
                    code: row.text(0)?.to_owned(),
                    name: row.text(1)?.to_owned(),
                })
            })?,
            epci: self.section("epci", &["code", "nom", "type"], |row| {
                Ok(Epci {
                    code: row.siren(0)?,
                    name: row.text(1)?.to_owned(),
                    kind: row.text(2)?.to_owned(),
                })
            })?,
            communes: self.section("communes", COMMUNE_COLUMNS, read_commune)?,
            formers: self.section("anciennes", &["code", "nom", "genre", "commune"], |row| {
                Ok(Former {
                    code: row.parsed(0)?,
                    name: row.optional(1),
                    kind: row.parsed(2)?,
                    successor: row.parsed(3)?,
                })
            })?,
        })
    }

    pub(super) fn source(&mut self) -> Result<Source, DatasetError> {
        let facts = self.section("source", &["cle", "valeur"], |row| {
            Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))
        })?;
        let fact = |key: &str| {
            let found = facts
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value.clone());
            found.ok_or_else(|| DatasetError::Inconsistent(format!("its source does not give “{key}”")))
        };
        if fact("format")? != "1" {
            return Err(DatasetError::Inconsistent(
                "it is of a format this program does not know".to_owned(),
            ));
        }
        let vintage = fact("millesime")?;
        Ok(Source {
            vintage: vintage
                .parse()
                .map_err(|_| DatasetError::Inconsistent(format!("“{vintage}” is no year")))?,
            published_on: fact("publication")?,
            package: fact("paquet")?,
            licence: fact("licence")?,
        })
    }

    /// Reads the rows of the section `name`, with the wanted columns in the wanted order.
    fn section<T>(
        &mut self,
        name: &str,
        wanted: &[&str],
        read: impl Fn(&Row<'_, 'a>) -> Result<T, DatasetError>,
    ) -> Result<Vec<T>, DatasetError> {
        let missing = || DatasetError::Inconsistent(format!("the section @{name} is missing"));
        let (number, head) = self.lines.next().ok_or_else(missing)?;
        let mut titles = head.trim_end_matches('\r').split('\t');
        if titles.next().and_then(|title| title.strip_prefix('@')) != Some(name) {
            return Err(missing());
        }
        let titles: Vec<&str> = titles.collect();
        let places = wanted
            .iter()
            .map(|column| titles.iter().position(|title| title == column))
            .collect::<Vec<_>>();
        if let Some((column, _)) = wanted.iter().zip(&places).find(|(_, place)| place.is_none()) {
            let problem = format!("the section @{name} has no column “{column}”");
            return Err(DatasetError::Line {
                line: number + 1,
                problem,
            });
        }
        let places: Vec<usize> = places.into_iter().flatten().collect();
        let mut rows = Vec::new();
        let mut fields = Vec::new();
        while let Some((number, line)) = self.lines.next_if(|(_, line)| !line.starts_with('@')) {
            fields.clear();
            fields.extend(line.trim_end_matches('\r').split('\t'));
            if fields.len() != titles.len() {
                let problem = format!("{} fields instead of {}", fields.len(), titles.len());
                return Err(DatasetError::Line {
                    line: number + 1,
                    problem,
                });
            }
            rows.push(read(&Row {
                line: number + 1,
                fields: &fields,
                places: &places,
                wanted,
            })?);
        }
        Ok(rows)
    }
}

const COMMUNE_COLUMNS: &[&str] = &[
    "code",
    "nom",
    "article",
    "statut",
    "departement",
    "region",
    "arrondissement",
    "epci",
    "siren",
    "population",
    "codes_postaux",
];

/// One row, its fields asked for by their place among the wanted columns.
struct Row<'r, 'a> {
    line: usize,
    fields: &'r [&'a str],
    places: &'r [usize],
    wanted: &'r [&'r str],
}

impl Row<'_, '_> {
    fn raw(&self, column: usize) -> &str {
        self.places
            .get(column)
            .and_then(|place| self.fields.get(*place))
            .copied()
            .unwrap_or_default()
    }

    fn wrong(&self, column: usize, problem: &str) -> DatasetError {
        let name = self.wanted.get(column).copied().unwrap_or_default();
        DatasetError::Line {
            line: self.line,
            problem: format!("{name}: {problem}"),
        }
    }

    fn text(&self, column: usize) -> Result<&str, DatasetError> {
        let text = self.raw(column);
        if text.is_empty() || text.trim() != text || text.chars().any(char::is_control) {
            return Err(self.wrong(column, "there must be a word here"));
        }
        Ok(text)
    }

    fn optional(&self, column: usize) -> Option<String> {
        Some(self.raw(column))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    fn parsed<T: FromStr<Err: ToString>>(&self, column: usize) -> Result<T, DatasetError> {
        self.text(column)?
            .parse()
            .map_err(|error: T::Err| self.wrong(column, &error.to_string()))
    }

    fn article(&self, column: usize) -> Result<Article, DatasetError> {
        Article::try_from(self.parsed::<u8>(column)?).map_err(|error| self.wrong(column, &error))
    }

    fn siren(&self, column: usize) -> Result<String, DatasetError> {
        let siren = self.text(column)?;
        if siren.len() != 9 || !siren.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.wrong(column, "a SIREN has nine digits"));
        }
        Ok(siren.to_owned())
    }

    fn optional_siren(&self, column: usize) -> Result<Option<String>, DatasetError> {
        if self.raw(column).is_empty() {
            Ok(None)
        } else {
            self.siren(column).map(Some)
        }
    }

    fn population(&self, column: usize) -> Result<Option<i64>, DatasetError> {
        if self.raw(column).is_empty() {
            return Ok(None);
        }
        // No commune has more; a slip of the file should not make the largest town of France.
        match self.parsed::<i64>(column)? {
            people @ 0..=20_000_000 => Ok(Some(people)),
            _ => Err(self.wrong(column, "this is no number of inhabitants")),
        }
    }

    fn postal_codes(&self, column: usize) -> Result<Vec<String>, DatasetError> {
        let mut codes = Vec::new();
        for code in self.raw(column).split_ascii_whitespace() {
            if code.len() != 5 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(self.wrong(column, "a postal code has five digits"));
            }
            codes.push(code.to_owned());
        }
        codes.sort_unstable();
        codes.dedup();
        Ok(codes)
    }
}

/// A plain function, so that it serves rows of any life.
fn read_territory(row: &Row<'_, '_>) -> Result<Territory, DatasetError> {
    Ok(Territory {
        code: row.text(0)?.to_owned(),
        name: row.text(1)?.to_owned(),
        article: row.article(2)?,
    })
}

fn read_commune(row: &Row<'_, '_>) -> Result<Record, DatasetError> {
    Ok(Record {
        code: row.parsed(0)?,
        name: CommuneName::new(row.text(1)?, row.article(2)?),
        status: row.parsed(3)?,
        department: row.text(4)?.to_owned(),
        region: row.text(5)?.to_owned(),
        district: row.optional(6),
        epci: row.optional(7),
        siren: row.optional_siren(8)?,
        population: row.population(9)?,
        postal_codes: row.postal_codes(10)?,
        names: Names::default(),
    })
}
