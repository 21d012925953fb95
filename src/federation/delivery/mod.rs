//! From rows to requests: one lane for each host, order kept, nothing lost.

use platform::{StoreError, Tx};

use crate::Ctx;
use crate::outbox::Said;

/// Completes the delivery rows of an activity just written: names their lanes and makes the lanes due.
pub(crate) async fn addressed(_ctx: &Ctx, _tx: &mut Tx, _said: &Said) -> Result<(), StoreError> {
    Ok(())
}
