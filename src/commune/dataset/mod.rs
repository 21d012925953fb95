//! The official list of communes, read from the table in `migrations/data/` or from a newer one of the same form.
//!
//! Owns the format and its checks: a table that is loaded is whole and consistent, or is refused with the line that
//! is wrong. Knows no database.

mod table;

use std::collections::{HashMap, HashSet};
use std::io::Read;

use flate2::read::GzDecoder;

use crate::model::{
    CommuneName, Epci, FormerKind, InseeCode, Status, Territory, address, commune_handle, mayor_handle, slug,
};

use table::{TableReader, unpack};

/// The table that comes with the program.
const EMBEDDED: &[u8] = include_bytes!("../../../migrations/data/communes.tsv.gz");

/// Why a table is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatasetError {
    /// The file is neither text nor gzip, or is cut short.
    #[error("the table cannot be read: {0}")]
    Unreadable(String),
    /// A line breaks the format.
    #[error("line {line} of the table: {problem}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong, in words.
        problem: String,
    },
    /// The table as a whole does not hold together.
    #[error("the table does not hold together: {0}")]
    Inconsistent(String),
}

/// Every commune, and what surrounds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// Where it comes from.
    pub source: Source,
    /// Regions, and the overseas collectivities as regions.
    pub regions: Vec<Territory>,
    /// Départements, and the overseas collectivities as départements.
    pub departments: Vec<Department>,
    /// The State's districts (*arrondissements*).
    pub districts: Vec<District>,
    /// Inter-municipal bodies.
    pub epci: Vec<Epci>,
    /// The communes of today, by code.
    pub communes: Vec<Record>,
    /// Codes and names that lead to one of them.
    pub formers: Vec<Former>,
}

/// The origin of a table, as the licence asks to name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The year it describes; a newer table replaces an older one.
    pub vintage: u32,
    /// The day it was published, `2026-03-09`.
    pub published_on: String,
    /// The package it was made from.
    pub package: String,
    /// Its licence.
    pub licence: String,
}

/// A département.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Code, name and article.
    pub territory: Territory,
    /// The region's code.
    pub region: String,
    /// The commune in which the prefecture is.
    pub seat: InseeCode,
}

/// An *arrondissement*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// `062`.
    pub code: String,
    /// "Nice".
    pub name: String,
}

/// A commune as the official list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its INSEE code.
    pub code: InseeCode,
    /// Its name.
    pub name: CommuneName,
    /// Commune, collectivity or territory.
    pub status: Status,
    /// The département's code.
    pub department: String,
    /// The region's code.
    pub region: String,
    /// The *arrondissement*'s code.
    pub district: Option<String>,
    /// The code of the inter-municipal body it belongs to.
    pub epci: Option<String>,
    /// Its number in the register of legal units.
    pub siren: Option<String>,
    /// Inhabitants, by the reference population.
    pub population: Option<i64>,
    /// Postal codes in order.
    pub postal_codes: Vec<String>,
    /// Its address and handles.
    pub names: Names,
}

/// A code, and perhaps a name, that leads to a commune of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// The old code; a merged commune may bear the code of what it has become.
    pub code: InseeCode,
    /// The old name, where it is known.
    pub name: Option<String>,
    /// Why it leads there.
    pub kind: FormerKind,
    /// The commune of today.
    pub successor: InseeCode,
}

/// The names under which a commune is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Its name without accents: `saint-denis`.
    pub slug: String,
    /// Its place on this site: `saint-denis-93`.
    pub address: String,
    /// The handle it has once claimed: `saint-denis-93`, or `eze`.
    pub handle: String,
    /// The handle of its mayor's office.
    pub mayor_handle: String,
}

impl Dataset {
    /// The table that comes with the program.
    pub fn embedded() -> Result<Self, DatasetError> {
        Self::read(EMBEDDED)
    }

    /// The year of the table that comes with the program, without reading the rest of it.
    pub fn embedded_vintage() -> Result<u32, DatasetError> {
        let mut head = String::new();
        GzDecoder::new(EMBEDDED)
            .take(512)
            .read_to_string(&mut head)
            .map_err(|error| DatasetError::Unreadable(error.to_string()))?;
        let mut reader = TableReader::new(&head);
        Ok(reader.source()?.vintage)
    }

    /// Reads a table, packed with gzip or not.
    pub fn read(bytes: &[u8]) -> Result<Self, DatasetError> {
        let text = unpack(bytes)?;
        let mut dataset = TableReader::new(&text).dataset()?;
        dataset.name_all();
        dataset.check()?;
        Ok(dataset)
    }

    /// The part of the table that concerns these départements: for a server of one region, and for tests.
    pub fn only_departments(mut self, kept: &[&str]) -> Self {
        self.communes
            .retain(|commune| kept.contains(&commune.department.as_str()));
        self.keep_what_is_used();
        self
    }

    /// The part of the table that concerns these communes.
    pub fn only_communes(mut self, kept: &[InseeCode]) -> Self {
        self.communes.retain(|commune| kept.contains(&commune.code));
        self.keep_what_is_used();
        self
    }

    fn keep_what_is_used(&mut self) {
        let codes: HashSet<InseeCode> = self.communes.iter().map(|commune| commune.code).collect();
        self.formers.retain(|former| codes.contains(&former.successor));
    }

    /// Gives every commune its address and handles, which depend on who else in France bears its name.
    fn name_all(&mut self) {
        for commune in &mut self.communes {
            commune.names.slug = slug(commune.name.official());
        }
        let mut bearers: HashMap<&str, usize> = HashMap::new();
        for commune in &self.communes {
            *bearers.entry(&commune.names.slug).or_default() += 1;
        }
        let alone: Vec<bool> = self
            .communes
            .iter()
            .map(|commune| bearers.get(commune.names.slug.as_str()) == Some(&1))
            .collect();
        for (commune, alone) in self.communes.iter_mut().zip(alone) {
            let slug = std::mem::take(&mut commune.names.slug);
            let handle = commune_handle(&slug, &commune.department, alone);
            commune.names = Names {
                address: address(&slug, &commune.department),
                mayor_handle: mayor_handle(&handle),
                handle,
                slug,
            };
        }
    }

    /// Refuses a table whose parts contradict each other.
    fn check(&self) -> Result<(), DatasetError> {
        let inconsistent = |problem: String| Err(DatasetError::Inconsistent(problem));
        if self.communes.is_empty() {
            return inconsistent("it lists no commune".to_owned());
        }
        let departments: HashSet<&str> = self
            .departments
            .iter()
            .map(|d| d.territory.code.as_str())
            .collect();
        let regions: HashSet<&str> = self.regions.iter().map(|region| region.code.as_str()).collect();
        let districts: HashSet<&str> = self
            .districts
            .iter()
            .map(|district| district.code.as_str())
            .collect();
        let epci: HashSet<&str> = self.epci.iter().map(|epci| epci.code.as_str()).collect();
        let mut codes = HashSet::new();
        let mut addresses = HashSet::new();
        for commune in &self.communes {
            let code = commune.code;
            let unknown = |known: &HashSet<&str>, wanted: &Option<String>| {
                wanted.as_deref().is_some_and(|wanted| !known.contains(wanted))
            };
            if !departments.contains(commune.department.as_str()) {
                return inconsistent(format!(
                    "{code} lies in an unknown département, {}",
                    commune.department
                ));
            }
            if !regions.contains(commune.region.as_str()) {
                return inconsistent(format!("{code} lies in an unknown region, {}", commune.region));
            }
            if unknown(&districts, &commune.district) || unknown(&epci, &commune.epci) {
                return inconsistent(format!("{code} belongs to an unknown arrondissement or EPCI"));
            }
            if !codes.insert(code) {
                return inconsistent(format!("the code {code} is there twice"));
            }
            if commune.names.slug.is_empty() {
                return inconsistent(format!("the name of {code} has no letter"));
            }
            if !addresses.insert(commune.names.address.as_str()) {
                return inconsistent(format!(
                    "another commune of its département has the name of {code}"
                ));
            }
        }
        let mut former_codes = HashSet::new();
        if let Some(twice) = self
            .formers
            .iter()
            .find(|former| !former_codes.insert(former.code))
        {
            return inconsistent(format!("the former code {} is there twice", twice.code));
        }
        match self
            .formers
            .iter()
            .find(|former| !codes.contains(&former.successor))
        {
            Some(lost) => inconsistent(format!(
                "{} leads to {}, which is not there",
                lost.code, lost.successor
            )),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
