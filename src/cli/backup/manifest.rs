//! What a backup says of itself.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use super::files::{self, Files};

/// Rows by table.
pub(super) type Tables = BTreeMap<String, i64>;

/// The form of the folder.
pub(super) const FORMAT: u32 = 1;
const NAME: &str = "manifest.json";

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The form of the folder.
    pub(super) format: u32,
    /// The version of Parvis that made it.
    pub(super) version: String,
    /// When.
    pub(super) made_at: String,
    /// The base URL to which the database belongs.
    pub(super) base_url: String,
    /// `sqlite` or `postgresql`.
    pub(super) database: String,
    /// Rows by table.
    pub(super) tables: Tables,
    /// The pictures and documents.
    pub(super) media: Files,
}

impl Manifest {
    /// All rows.
    pub(super) fn rows(&self) -> i64 {
        self.tables.values().sum()
    }

    /// Writes it into the folder, whole or not at all.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let (part, whole) = (folder.join("manifest.part"), folder.join(NAME));
        let text = serde_json::to_string_pretty(self)?;
        std::fs::write(&part, text + "\n").with_context(|| format!("cannot write {}", part.display()))?;
        files::make_last(&part)?;
        std::fs::rename(&part, &whole)?;
        files::make_last(folder)
    }

    /// Reads it from a folder.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(NAME);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{} is no finished backup: no {NAME}", folder.display()))?;
        let manifest: Self =
            serde_json::from_str(&text).with_context(|| format!("{} cannot be read", path.display()))?;
        if manifest.format != FORMAT {
            bail!(
                "this backup has the form {}, and this version of Parvis reads {FORMAT}",
                manifest.format
            );
        }
        Ok(manifest)
    }
}

/// The tables whose numbers of rows differ, for a person.
pub(super) fn differences(promised: &Tables, found: &Tables) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = promised.keys().chain(found.keys()).collect();
    let rows = |tables: &Tables, name: &String| tables.get(name).map_or("none".to_owned(), i64::to_string);
    names
        .into_iter()
        .filter(|name| promised.get(*name) != found.get(*name))
        .map(|name| {
            format!(
                "{name}: {} promised, {} found",
                rows(promised, name),
                rows(found, name)
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_too_much_is_named() {
        let tables = |list: &[(&str, i64)]| -> Tables {
            list.iter()
                .map(|(name, rows)| ((*name).to_owned(), *rows))
                .collect()
        };
        let (promised, found) = (
            tables(&[("a", 1), ("b", 2), ("c", 3)]),
            tables(&[("a", 1), ("b", 1), ("d", 0)]),
        );
        assert_eq!(differences(&promised, &promised), Vec::<String>::new());
        assert_eq!(
            differences(&promised, &found),
            [
                "b: 2 promised, 1 found",
                "c: 3 promised, none found",
                "d: none promised, 0 found"
            ]
        );
    }
}
