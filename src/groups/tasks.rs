//! Background work: closing a group at its last minute; forgetting what people opened who are gone.

use federation::{ActorId, Ctx};
use platform::queue::{Job, Task, TaskError};
use serde::{Deserialize, Serialize};

use crate::actions;
use crate::model::GroupId;

/// Empties what came of people after their end.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ForgetTheGone;

impl Task<Ctx> for ForgetTheGone {
    const NAME: &'static str = "groups.forget_the_gone";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        Ok(actions::forget_the_gone(&ctx).await?)
    }
}

/// Cleans up after the topics of somebody whose account has ended.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ForgetTopics {
    pub(crate) actor: ActorId,
}

impl Task<Ctx> for ForgetTopics {
    const NAME: &'static str = "groups.forget_topics";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        Ok(actions::clean_up_after(&ctx, self.actor).await?)
    }
}

/// Closes a group, unless its date was put off.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CloseGroup {
    pub(crate) group: GroupId,
}

impl Task<Ctx> for CloseGroup {
    const NAME: &'static str = "groups.close";

    async fn run(self, ctx: Ctx, job: Job) -> Result<(), TaskError> {
        let mut tx = ctx.db.begin().await?;
        actions::close_due(&mut tx, self.group, ctx.clock.now()).await?;
        job.finish(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
