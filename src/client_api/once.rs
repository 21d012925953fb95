//! `Idempotency-Key`: the same key sent again makes nothing new, however many come at once.

use std::time::Duration;

use axum::http::HeaderMap;
use federation::{ActorId, Ctx};
use platform::queue::{Job, Task, TaskError};
use platform::{StoreError, Tx};
use serde::{Deserialize, Serialize};

use crate::store;
use crate::tokens::hash;

/// How long a key is remembered.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// One key of one actor.
#[derive(Debug, Clone)]
pub struct Once {
    actor: ActorId,
    key_hash: String,
}

impl Once {
    /// From the header, if it was sent.
    pub fn of(headers: &HeaderMap, actor: ActorId) -> Option<Self> {
        let key = headers.get("idempotency-key")?.as_bytes();
        let key = String::from_utf8_lossy(key);
        (!key.trim().is_empty()).then(|| Self {
            actor,
            key_hash: hash(key.trim()),
        })
    }

    /// What the key made before.
    pub(crate) async fn known(&self, ctx: &Ctx) -> Result<Option<i64>, StoreError> {
        store::made_by_key(&ctx.db, self.actor, &self.key_hash).await
    }

    /// Claims the key in the transaction of the deed, as its first statement. Who comes second waits for the
    /// first one's end and is given what it made: then the deed is not done again.
    ///
    /// # Errors
    /// [`StoreError`] from the driver.
    pub async fn claim(&self, ctx: &Ctx, tx: &mut Tx) -> Result<Option<i64>, StoreError> {
        if store::claim_key(tx, self.actor, &self.key_hash, 0, ctx.clock.now()).await? {
            return Ok(None);
        }
        store::idempotent(tx, self.actor, &self.key_hash).await
    }

    /// Says what the key made, before the commit.
    ///
    /// # Errors
    /// [`StoreError`] from the driver.
    pub async fn made(&self, tx: &mut Tx, status: i64) -> Result<(), StoreError> {
        store::set_key(tx, self.actor, &self.key_hash, status).await
    }
}

/// Forgets old keys and spent codes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Purge;

impl Task<Ctx> for Purge {
    const NAME: &'static str = "client_api.purge";

    async fn run(self, ctx: Ctx, job: Job) -> Result<(), TaskError> {
        let now = ctx.clock.now();
        let mut tx = ctx.db.begin().await?;
        store::purge(&mut tx, now.minus(KEPT), now.minus(KEPT)).await?;
        job.finish(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
