//! Background work: publishing at the chosen moment, reading the page behind a link.

use federation::Ctx;
use platform::queue::{Job, Task, TaskError};
use serde::{Deserialize, Serialize};

use crate::actions::{self, PostError};
use crate::model::{PostId, PostState};
use crate::{cards, store};

/// Publishes a scheduled post, unless it was unscheduled, rescheduled or published meanwhile.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PublishScheduled {
    pub(crate) post: PostId,
}

impl Task<Ctx> for PublishScheduled {
    const NAME: &'static str = "news.publish_scheduled";

    async fn run(self, ctx: Ctx, job: Job) -> Result<(), TaskError> {
        let mut tx = ctx.db.begin().await?;
        let post = store::by_id_for_change(&mut tx, self.post).await?;
        let due = post.is_some_and(|post| {
            post.state == PostState::Scheduled && post.scheduled_at.is_some_and(|at| at <= ctx.clock.now())
        });
        if due {
            match actions::publish_now(&ctx, &mut tx, self.post).await {
                Ok(_) => {}
                Err(PostError::Refused(_)) => {
                    return Err(TaskError::GiveUp("it cannot be published".to_owned()));
                }
                Err(PostError::Store(error)) => return Err(error.into()),
            }
        }
        job.finish(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Reads the page that the first link of a post leads to.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FetchCard {
    pub(crate) post: PostId,
}

impl Task<Ctx> for FetchCard {
    const NAME: &'static str = "news.fetch_card";
    const ATTEMPTS: i64 = 3;

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        let Some(post) = store::by_id(&ctx.db, self.post).await? else {
            return Ok(());
        };
        let Some(url) = post.card_url.filter(|_| post.state == PostState::Published) else {
            return Ok(());
        };
        if let Some(card) = cards::read(&ctx, &url).await? {
            let mut tx = ctx.db.begin().await?;
            store::put_card(&mut tx, &card).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
