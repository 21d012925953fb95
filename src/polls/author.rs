//! Who asks: an office of a commune, held by somebody.

use federation::Actor;

/// The office that speaks, and who holds the pen. Made by the doors from the signed-in account, which has shown
/// that it may open polls.
#[derive(Debug, Clone)]
pub struct Author {
    /// The mayor's office.
    pub office: Actor,
    /// INSEE code.
    pub commune: String,
    /// The account.
    pub account_id: i64,
    /// "Prénom Nom, maire (2026-2032)".
    pub byline: String,
    /// A delegate holds the pen.
    pub delegated: bool,
}
