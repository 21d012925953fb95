//! Who keeps the agenda: an office of a commune, held by somebody.

use commune::Commune;
use federation::Actor;

/// The office that invites, and who holds the pen. Made by the doors from the signed-in account, which has shown
/// that it keeps the agenda.
#[derive(Debug, Clone)]
pub struct Author {
    /// The mayor's office.
    pub office: Actor,
    /// The commune.
    pub commune: Commune,
    /// The account.
    pub account_id: i64,
    /// "Prénom Nom, maire (2026-2032)".
    pub byline: String,
    /// A delegate holds the pen.
    pub delegated: bool,
}
