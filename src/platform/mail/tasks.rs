//! Mails leave, and are forgotten after a while.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::MailId;
use super::mailer::SendError;
use super::store::{self, MailState};
use crate::Ctx;
use crate::queue::{Job, Task, TaskError};

/// How long the trace of a mail is kept.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// Sends one mail.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendMail {
    /// Which.
    pub id: MailId,
}

impl<C: AsRef<Ctx> + Send + Sync + 'static> Task<C> for SendMail {
    const NAME: &'static str = "mail.send";
    /// About two and a half days.
    const ATTEMPTS: i64 = 20;

    async fn run(self, ctx: C, job: Job) -> Result<(), TaskError> {
        let ctx = ctx.as_ref();
        let Some(mail) = store::unsent_by_id(&ctx.db, self.id).await? else {
            return Ok(());
        };
        let sent = ctx.mailer.send(&mail, ctx.clock.now().to_jiff()).await;
        let mut tx = ctx.db.begin().await?;
        let failed = match sent {
            Ok(()) => {
                store::mark_sent(&mut tx, self.id, ctx.clock.now()).await?;
                job.finish(&mut tx).await?;
                None
            }
            Err(SendError::Later(cause)) => {
                store::note_error(&mut tx, self.id, MailState::Waiting, &cause).await?;
                Some(TaskError::Retry(cause))
            }
            Err(SendError::Never(cause)) => {
                store::note_error(&mut tx, self.id, MailState::Refused, &cause).await?;
                tracing::warn!(mail.id = %self.id, mail.kind, cause, "a mail is refused for good");
                Some(TaskError::GiveUp(cause))
            }
        };
        tx.commit().await?;
        failed.map_or(Ok(()), Err)
    }
}

/// Removes the traces of old mails; once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeMails;

impl<C: AsRef<Ctx> + Send + Sync + 'static> Task<C> for PurgeMails {
    const NAME: &'static str = "mail.purge";

    async fn run(self, ctx: C, _: Job) -> Result<(), TaskError> {
        let ctx = ctx.as_ref();
        let mut tx = ctx.db.begin().await?;
        let before = ctx.clock.now().minus(KEPT);
        let removed = store::purge(&mut tx, before).await?;
        tx.commit().await?;
        if removed > 0 {
            tracing::info!(removed, "old mails are forgotten");
        }
        Ok(())
    }
}
