//! The record of sensitive deeds: who did what to whom, in ids and codes, never in names or texts.

use commune::InseeCode;
use federation::Ctx;
use platform::{StoreError, Tx};

use crate::model::AccountId;
use crate::store;

/// A deed to be recorded.
#[derive(Debug, Clone, Copy, Default)]
pub struct Deed<'a> {
    /// What was done, as a code: `role-given`.
    pub code: &'a str,
    /// By whom; nobody: the command line, or the program itself.
    pub by: Option<AccountId>,
    /// About whom.
    pub about: Option<AccountId>,
    /// About which commune.
    pub commune: Option<InseeCode>,
    /// Codes and numbers that say more.
    pub detail: &'a str,
}

impl<'a> Deed<'a> {
    /// Something somebody did about herself.
    pub const fn own(code: &'a str, account: AccountId) -> Self {
        Self {
            code,
            by: Some(account),
            about: Some(account),
            commune: None,
            detail: "",
        }
    }
}

/// Records a deed in its own transaction.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn record(ctx: &Ctx, tx: &mut Tx, deed: Deed<'_>) -> Result<(), StoreError> {
    let commune = deed.commune.map(String::from).unwrap_or_default();
    let (id, now) = (ctx.new_id(), ctx.clock.now());
    store::insert_audit(tx, id, deed.by, deed.code, deed.about, &commune, deed.detail, now).await
}
