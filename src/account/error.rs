//! What the actions of this room answer when they do not do it.

use platform::StoreError;

use crate::model::Refusal;
use crate::password::HashError;

/// Why an action was not done.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// A rule forbids it; the person can be told.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Fields of a form that rules forbid, with the rules.
    #[error("fields are refused")]
    Fields(Vec<(&'static str, Refusal)>),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Passwords cannot be hashed now.
    #[error(transparent)]
    Hash(#[from] HashError),
}
