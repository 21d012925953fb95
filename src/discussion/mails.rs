//! Mails to those who gave notice without having an account.

use federation::Ctx;
use platform::{StoreError, Tx};

use crate::model::{Decision, Flag};

/// The receipt of a notice.
pub(crate) async fn receipt(
    _ctx: &Ctx,
    _tx: &mut Tx,
    _flag: &Flag,
    _address: &str,
) -> Result<(), StoreError> {
    Ok(())
}

/// What was decided.
pub(crate) async fn outcome(
    _ctx: &Ctx,
    _tx: &mut Tx,
    _flag: &Flag,
    _decision: &Decision,
) -> Result<(), StoreError> {
    Ok(())
}
