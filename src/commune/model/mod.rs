//! What a commune is, without database or network: its code, its name in a sentence, its address and
//! handle, its time zone. Everything here is pure.

mod code;
mod commune;
mod fold;
mod handle;
mod name;
mod presentation;
mod territory;

pub use code::{InseeCode, InvalidCode};
pub use commune::{Claim, ClaimRefusal, Commune, Gender, HOLDER_MAX, Mandate};
pub use fold::{fold, slug};
pub use handle::{HANDLE_MAX, address, commune_handle, is_reserved, mayor_handle, plain_handle};
pub use name::{Article, CommuneName, typographic};
pub use presentation::{BODY_MAX, LINE_MAX, LINES_MAX, Presentation, PresentationRefusal};
pub use territory::{Epci, FormerKind, Status, Territory, time_zone};
