//! What other servers send us: checked, written down, answered, and only then taken in.
//!
//! 1. [`arrive`] judges a request (signature, key, shape) and hands the activity to the one writer, which
//!    puts many into one transaction ([`Door`]); the sender hears 202 when it lies in the database.
//! 2. [`work`] takes the rows in: in the order of arrival for each actor, many actors at once, on several
//!    processes if need be, each row under a lease. A room may be given an activity twice (after a crash)
//!    and must bear it.
//!
//! Owns the table `federation_received`. The same activity has no second effect, also after its Undo.

pub(crate) mod arrive;
mod complete;
mod door;
mod shape;
pub(crate) mod verify;
mod work;

use std::sync::Arc;

use platform::StoreError;

use crate::store::received as store;
use crate::{Ctx, Inbox};

pub(crate) use door::{Arrival, Door, Ending};
pub use work::run_due;

/// Starts writing down and taking in, until the work is stopped.
///
/// # Errors
/// [`StoreError`] when the database cannot be used.
pub async fn start(ctx: &Ctx, inbox: Arc<Inbox>) -> Result<(), StoreError> {
    if !ctx.db.is_postgres() {
        let mut tx = ctx.db.begin().await?;
        store::end_leases(&mut tx).await?;
        tx.commit().await?;
    }
    door::open(ctx);
    work::start(ctx, inbox);
    Ok(())
}
