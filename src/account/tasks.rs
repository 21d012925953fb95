//! What is done by itself: codes sent, what ran out removed, accounts that nobody uses ended after a warning.

use std::time::Duration;

use federation::Ctx;
use platform::queue::{Job, Registry, Task, TaskError};
use serde::{Deserialize, Serialize};

use crate::actions::erasure;
use crate::actions::recovery::{SendPasswordCode, tell};
use crate::mails::Notice;
use crate::store;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Unused for so long, an account's owner is told (two years less a month).
const UNUSED: Duration = Duration::from_secs(700 * 24 * 3600);
/// And has so long to come back.
const GRACE: Duration = Duration::from_secs(30 * 24 * 3600);
/// How many accounts one run looks at.
const BATCH: i64 = 100;

/// Adds the tasks of this room.
pub fn tasks(registry: &mut Registry<Ctx>) {
    registry
        .on::<SendPasswordCode>()
        .every(&Purge, Duration::from_secs(3600))
        .every(&EndUnused, DAY);
}

/// Removes codes, counts, sessions and offers that ran out.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Purge;

impl Task<Ctx> for Purge {
    const NAME: &'static str = "account.purge";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        let now = ctx.clock.now();
        let mut tx = ctx.db.begin().await?;
        store::purge(&mut tx, now, now.minus(DAY), now.minus(7 * DAY)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Warns the owners of accounts nobody has used for almost two years, and ends those that stay unused (CNIL). Who
/// holds a role is left alone: the town hall or the operator takes it first.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EndUnused;

impl Task<Ctx> for EndUnused {
    const NAME: &'static str = "account.end_unused";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        let now = ctx.clock.now();
        for id in store::to_end(&ctx.db, now.minus(GRACE), BATCH).await? {
            if let Some(account) = store::by_id(&ctx.db, id).await? {
                erasure::end(&ctx, &account, None).await?;
            }
        }
        for id in store::to_warn(&ctx.db, now.minus(UNUSED), BATCH).await? {
            let mut tx = ctx.db.begin().await?;
            if let Some(account) = store::by_id_in(&mut tx, id).await? {
                tell(&ctx, &mut tx, &account, Notice::Unused).await?;
                store::warned(&mut tx, id, now).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }
}
