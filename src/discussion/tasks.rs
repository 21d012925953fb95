//! What this room does in the background.

use std::time::Duration;

use federation::Ctx;
use platform::queue::{Job, Registry, Task, TaskError};
use serde::{Deserialize, Serialize};

use crate::actions::forget_the_gone;

/// Registers the background work.
pub fn tasks(registry: &mut Registry<Ctx>) {
    registry.every(&ForgetTheGone, Duration::from_secs(3600));
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
