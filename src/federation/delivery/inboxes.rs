//! An inbox that is not there any more: are the actors behind it?

use platform::queue::{Job, Registry, Task, TaskError};
use serde::{Deserialize, Serialize};

use crate::fetch::FetchError;
use crate::store::actors as store;
use crate::store::follows;
use crate::{Actor, Ctx, actors, claims};

/// Actors looked at for one inbox at most: when the first ones of a shared inbox are all gone, so is their
/// server.
const LOOKED_AT: i64 = 5;
/// Looks whether the actors behind an inbox that answered 404 or 410 are still there.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CheckInbox {
    pub(super) inbox: String,
}

impl CheckInbox {
    /// Its name.
    pub(super) const KEY: &'static str = "federation.check-inbox";
}

/// Registers it.
pub(super) fn tasks(registry: &mut Registry<Ctx>) {
    registry.on::<CheckInbox>();
}

impl Task<Ctx> for CheckInbox {
    const NAME: &'static str = Self::KEY;
    const ATTEMPTS: i64 = 6;

    async fn run(self, ctx: Ctx, job: Job) -> Result<(), TaskError> {
        let behind = store::behind_inbox(&ctx.db, &self.inbox, LOOKED_AT).await?;
        let mut absent = Vec::new();
        for actor in &behind {
            match look(&ctx, actor).await? {
                State::Present => {}
                State::Absent => absent.push(actor.id),
                State::Gone => {
                    absent.push(actor.id);
                    claims::end_actor(&ctx, actor.clone()).await?;
                }
            }
        }
        let server_is_gone = absent.len() == behind.len() && behind.len() as i64 == LOOKED_AT;
        let mut tx = ctx.db.begin().await?;
        if server_is_gone {
            follows::remove_behind_inbox(&mut tx, &self.inbox).await?;
        } else {
            for actor in absent {
                follows::remove_all(&mut tx, actor).await?;
            }
        }
        job.finish(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What the origin of an actor says of it.
enum State {
    /// It is there, and was read again: it may have another inbox now.
    Present,
    /// It is not there.
    Absent,
    /// It is gone for good.
    Gone,
}

async fn look(ctx: &Ctx, actor: &Actor) -> Result<State, TaskError> {
    match actors::refresh(ctx, &actor.uri).await {
        Ok(_) => Ok(State::Present),
        Err(FetchError::Gone) => Ok(State::Gone),
        Err(FetchError::Status(404)) => Ok(State::Absent),
        Err(error) if error.is_temporary() => Err(TaskError::Retry(error.to_string())),
        Err(_) => Ok(State::Present),
    }
}
