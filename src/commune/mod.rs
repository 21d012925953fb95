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
pub mod testing;
#[cfg(test)]
mod tests;

pub use api::{ByCode, routes as api};
pub use dataset::{Dataset, DatasetError};
pub use model::{
    Article, Claim, ClaimRefusal, Commune, CommuneName, Epci, FormerKind, Gender, InseeCode, InvalidCode,
    Mandate, Presentation, Status, Territory,
};

pub use pages::{CommuneRef, Doors, Editor, Front, nav, page_of, routes};
