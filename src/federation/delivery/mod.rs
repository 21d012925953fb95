//! From rows to requests: one lane for each host, order kept, nothing lost.
//!
//! What an actor says is addressed in the transaction of the deed: one row for each inbox ([`addressed`]).
//! A runner takes lanes under a lease, keeps one request in flight in each and many lanes going at once, and
//! writes what came of the attempts in grouped transactions. An attempt is in flight until its row is
//! written, and a lane makes no other attempt before: after `kill -9` only attempts in flight are repeated,
//! with the same activity id; without a crash each delivery is made once.
//!
//! Owns the tables `federation_delivery`, `federation_addressed`, `federation_lane`, `federation_runner`.
//! Every decision about waiting is taken by `ctx.clock`.

mod attempt;
mod followers;
mod inboxes;
mod lane;
mod ledger;
mod letters;
mod model;
mod operator;
mod pool;
mod runner;
#[cfg(test)]
mod tests;

use platform::queue::Registry;
use platform::{StoreError, Tx};
use url::Url;

pub use followers::synchronization_uri;
pub use operator::{Overview, heard_from, overview, purge, retry};
pub use pool::sign;
pub use runner::{run_due, start};

pub use crate::store::lanes::LaneView;

use crate::outbox::Said;
use crate::store::deliveries as store;
use crate::{Audience, Ctx, PUBLIC, policy, synchronise};

/// The tasks of delivering and of what comes with it.
pub fn tasks(registry: &mut Registry<Ctx>) {
    inboxes::tasks(registry);
    synchronise::tasks(registry);
}

/// The lane of an address: scheme, host and port. `None` for what is not of the web.
pub(crate) fn lane_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    url.host_str()?;
    matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
}

/// Completes the delivery rows of an activity just written: adds the relays, takes out what must not leave,
/// and notes that the lanes are to be told.
pub(crate) async fn addressed(
    ctx: &Ctx,
    tx: &mut Tx,
    said: &Said,
    audience: &Audience,
) -> Result<(), StoreError> {
    // Who has got a deletion must get its undoing.
    let for_relays = matches!(
        said.kind.as_str(),
        "Create" | "Announce" | "Update" | "Delete" | "Undo"
    ) && audience.to.iter().any(|to| to == PUBLIC);
    if for_relays {
        store::address_relays(tx, said.id, said.created_at).await?;
    }
    store::drop_own(tx, said.id, ctx.urls.base()).await?;
    drop_shut_out(ctx, tx, said.id).await?;
    store::note_addressed(tx, said.id).await
}

/// Takes out the servers to which nothing may go.
async fn drop_shut_out(ctx: &Ctx, tx: &mut Tx, activity: i64) -> Result<(), StoreError> {
    let mut shut = Vec::new();
    for lane in store::lanes_of(tx, activity).await? {
        if policy::is_blocked_in(ctx, tx, &lane).await? {
            shut.push(lane);
        }
    }
    if !shut.is_empty() {
        store::drop_lanes(tx, activity, &shut).await?;
    }
    Ok(())
}

/// Whether nothing may go to a server.
async fn is_shut_out(ctx: &Ctx, lane: &str) -> Result<bool, StoreError> {
    policy::is_blocked(ctx, lane).await
}
