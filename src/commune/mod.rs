//! The directory of communes.
//!
//! Owns the list of every commune of France with its code, name, address and figures (tables `commune*`), the search
//! over it, the page of a commune, claims of town halls and the mandates of mayors.
//! A commune is keyed by its INSEE code, never by its name or postal code. Refuses to know who lives there: accounts
//! are another room's.

pub mod actions;
mod api;
pub mod dataset;
pub mod model;
pub mod pages;
pub mod search;
mod store;
#[cfg(test)]
mod tests;

pub use dataset::{Dataset, DatasetError};
pub use model::{
    Article, Claim, ClaimRefusal, Commune, CommuneName, Epci, FormerKind, Gender, InseeCode, InvalidCode,
    Mandate, Presentation, Status, Territory,
};

pub use pages::{CommuneRef, Doors, Editor, Front, nav, page_of, routes};

/// The credit that the licence of the official list asks for, for the page about this server.
pub const CREDIT: &str = "Découpage administratif et populations : Insee (code officiel géographique et populations \
    de référence), DGCL, La Poste, réunis par Etalab dans @etalab/decoupage-administratif 6.0.0, millésime 2026, \
    publié le 9 mars 2026. Licence Ouverte 2.0.";
