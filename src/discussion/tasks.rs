//! What this room does in the background.

use std::time::Duration;

use federation::Ctx;
use platform::queue::{Job, Registry, Task, TaskError};
use serde::{Deserialize, Serialize};

use crate::actions::forget_the_gone;
use crate::store;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// So long after the decision, the name and address of who gave notice are of no use any more: the complaint
/// against it is out of time (DSA article 20: six months).
const KEPT: Duration = Duration::from_secs(183 * 24 * 3600);

/// Registers the background work.
pub fn tasks(registry: &mut Registry<Ctx>) {
    registry
        .every(&ForgetTheGone, Duration::from_secs(3600))
        .every(&ForgetReporters, DAY);
}

/// Empties what people wrote whose account has ended; until then it is shown to nobody.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ForgetTheGone;

impl Task<Ctx> for ForgetTheGone {
    const NAME: &'static str = "discussion.forget_the_gone";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        Ok(forget_the_gone(&ctx).await?)
    }
}

/// Removes name and address of those who gave notice without an account, half a year after the decision.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ForgetReporters;

impl Task<Ctx> for ForgetReporters {
    const NAME: &'static str = "discussion.forget_reporters";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        let mut tx = ctx.db.begin().await?;
        store::desk::forget_reporters(&mut tx, ctx.clock.now().minus(KEPT)).await?;
        tx.commit().await?;
        Ok(())
    }
}
