//! Background work: counting at the end, and what a stop left undone.

use std::time::Duration;

use federation::Ctx;
use platform::queue::{Job, Registry, Task, TaskError};
use serde::{Deserialize, Serialize};

use crate::actions::{self, PollError};
use crate::model::{OpinionId, PollId};
use crate::store;

/// How often ends that were missed are looked for.
const SWEEP: Duration = Duration::from_secs(15 * 60);

pub(crate) fn tasks(registry: &mut Registry<Ctx>) {
    registry
        .on::<ClosePoll>()
        .on::<CloseOpinion>()
        .every(&Sweep, SWEEP);
}

/// Counts a poll at its end.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ClosePoll {
    pub(crate) poll: PollId,
}

impl Task<Ctx> for ClosePoll {
    const NAME: &'static str = "polls.close_poll";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        actions::close_poll(&ctx, self.poll).await.map_err(failed)
    }
}

/// Counts a public opinion at its end.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CloseOpinion {
    pub(crate) opinion: OpinionId,
}

impl Task<Ctx> for CloseOpinion {
    const NAME: &'static str = "polls.close_opinion";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        actions::close_opinion(&ctx, self.opinion).await.map_err(failed)
    }
}

/// Counts what is over and was not counted, and destroys keys that should be gone.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Sweep;

impl Task<Ctx> for Sweep {
    const NAME: &'static str = "polls.sweep";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        let now = ctx.clock.now();
        for poll in store::polls::overdue(&ctx.db, now).await? {
            if let Err(error) = actions::close_poll(&ctx, poll).await {
                tracing::error!(%error, poll.id = %poll, "a poll that is over cannot be counted");
            }
        }
        for opinion in store::opinions::overdue(&ctx.db, now).await? {
            actions::close_opinion(&ctx, opinion).await.map_err(failed)?;
        }
        actions::destroy_keys_of_ended(&ctx).await.map_err(failed)
    }
}

fn failed(error: PollError) -> TaskError {
    TaskError::Retry(error.to_string())
}
