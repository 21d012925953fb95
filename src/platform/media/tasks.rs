//! Media that nothing holds go after a day.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::store;
use crate::Ctx;
use crate::queue::{Job, Task, TaskError};

/// How long a medium may wait to be used.
const PATIENCE: Duration = Duration::from_hours(24);
/// Media removed in one transaction; short, because SQLite has one writer.
const AT_ONCE: i64 = 20;

/// Removes what nothing holds; every hour.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeMedia;

impl<C: AsRef<Ctx> + Send + Sync + 'static> Task<C> for PurgeMedia {
    const NAME: &'static str = "media.purge";

    async fn run(self, ctx: C, _: Job) -> Result<(), TaskError> {
        let ctx = ctx.as_ref();
        let before = ctx.clock.now().minus(PATIENCE);
        loop {
            // Files first, rows second: whatever happens in between, no file is left without a row.
            let mut tx = ctx.db.begin().await?;
            let removed = store::delete_loose(&mut tx, before, AT_ONCE).await?;
            for paths in &removed {
                ctx.media
                    .forget(paths)
                    .await
                    .map_err(|error| TaskError::Retry(error.to_string()))?;
            }
            tx.commit().await?;
            if removed.len() < AT_ONCE as usize {
                return Ok(());
            }
        }
    }
}
