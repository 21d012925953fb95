//! Background work: the dates of series, the next one told to other servers, the day before.

use federation::Ctx;
use jiff::ToSpan as _;
use platform::queue::{Job, Task, TaskError};
use serde::{Deserialize, Serialize};

use crate::actions;
use crate::model::{HORIZON_DAYS, Local, local_of};
use crate::store;

/// Series looked at in one go.
const AT_ONCE: i64 = 200;

/// Gives series the dates that have come within sight.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ExtendSeries;

impl Task<Ctx> for ExtendSeries {
    const NAME: &'static str = "agenda.extend_series";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        // A month before the horizon, so that one is not looked at every day.
        let today = local_of(ctx.clock.now(), "Europe/Paris");
        let near = today.checked_add((HORIZON_DAYS - 30).days()).unwrap_or(today);
        for id in store::events::to_extend(&ctx.db, &Local::from(near), AT_ONCE).await? {
            let mut tx = ctx.db.begin().await?;
            actions::extend_series(&ctx, &mut tx, id).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Tells other servers of the next date of each series.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AnnounceNext;

impl Task<Ctx> for AnnounceNext {
    const NAME: &'static str = "agenda.announce_next";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        actions::announce_next(&ctx, AT_ONCE).await?;
        Ok(())
    }
}

/// Reminds those who come the day before.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Remind;

impl Task<Ctx> for Remind {
    const NAME: &'static str = "agenda.remind";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        actions::remind(&ctx).await?;
        Ok(())
    }
}
