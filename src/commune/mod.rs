//! The directory of communes.
//!
//! Owns the list of every commune of France with its code, name, address and figures, the search over it, the page of a
//! commune, and the mandates of mayors. A commune is keyed by its INSEE code, never by its name or postal code.

pub mod dataset;
pub mod model;
pub mod search;

pub use dataset::{Dataset, DatasetError};
pub use model::{Article, CommuneName, FormerKind, InseeCode, InvalidCode, Status, Territory};
