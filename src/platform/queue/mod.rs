//! Tasks: work that is a row before it is an attempt, so that a stop or a crash loses none of it.
//!
//! A task is enqueued in the transaction of the deed that wants it, claimed under a lease, run, and removed
//! once it has succeeded. A crash between the end of the work and the removal runs it again: tasks are
//! written to bear that, or end with [`Job::finish`] in the transaction of their own effect. A failed one
//! is tried again after growing pauses and set aside in `task_failed` at last.

mod runner;
mod store;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Timestamp;
use crate::store::{StoreError, Tx, Wake};
use crate::{Ctx, ids};

pub use runner::{run_due, start};
pub use store::{FailedTask, WaitingTask, failed, retry, waiting};

/// Why an attempt did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// Worth another try after a pause.
    #[error("{0}")]
    Retry(String),
    /// Worth another try, not before this pause is over.
    #[error("{cause}")]
    RetryAfter {
        /// The pause.
        pause: Duration,
        /// What happened.
        cause: String,
    },
    /// Will never succeed.
    #[error("{0}")]
    GiveUp(String),
}

impl From<StoreError> for TaskError {
    fn from(error: StoreError) -> Self {
        Self::Retry(error.to_string())
    }
}

/// A kind of work. `C` is the context it needs.
pub trait Task<C>: Serialize + DeserializeOwned + Send + 'static {
    /// Its name in the table: `room.imperative`.
    const NAME: &'static str;
    /// How many attempts before it is set aside.
    const ATTEMPTS: i64 = 12;

    /// Does it.
    fn run(self, ctx: C, job: Job) -> impl Future<Output = Result<(), TaskError>> + Send;
}

/// The row of the task that is being run.
#[derive(Debug, Clone, Copy)]
pub struct Job {
    /// The row's id.
    pub id: i64,
    /// Which attempt this is, from 1.
    pub attempt: i64,
}

impl Job {
    /// Removes the task in the transaction of its effect: both happen or neither.
    ///
    /// # Errors
    /// [`StoreError`] from the driver.
    pub async fn finish(&self, tx: &mut Tx) -> Result<(), StoreError> {
        store::remove(tx, self.id).await
    }
}

/// When and how a task is enqueued.
#[derive(Debug, Clone, Default)]
pub struct When {
    /// Not before; at once when absent.
    pub at: Option<Timestamp>,
    /// Of two waiting tasks with one key the first is kept.
    pub key: Option<String>,
}

impl When {
    /// As soon as possible.
    pub fn now() -> Self {
        Self::default()
    }
    /// Not before `at`.
    pub const fn at(at: Timestamp) -> Self {
        Self {
            at: Some(at),
            key: None,
        }
    }
    /// Only once while it waits.
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }
}

/// Writes a task; it runs after the commit.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn enqueue<C, T: Task<C>>(ctx: &Ctx, tx: &mut Tx, task: &T, when: When) -> Result<(), StoreError> {
    let payload = serde_json::to_string(task).map_err(|_| StoreError::Inconsistent {
        table: "task",
        column: "payload",
        row: T::NAME.to_owned(),
    })?;
    let now = ctx.clock.now();
    let at = when.at.unwrap_or(now);
    store::insert(tx, ctx.new_id(), T::NAME, &payload, when.key.as_deref(), at, now).await?;
    if at <= now {
        tx.wake(Wake::Tasks);
    }
    Ok(())
}

type Outcome = Pin<Box<dyn Future<Output = Result<(), TaskError>> + Send>>;

struct Kind<C> {
    attempts: i64,
    run: Box<dyn Fn(&str, C, Job) -> Outcome + Send + Sync>,
}

/// A task that comes again by itself.
#[derive(Debug, Clone)]
pub(crate) struct Recurring {
    pub(crate) name: &'static str,
    pub(crate) payload: String,
    pub(crate) every: Duration,
}

/// The kinds of work this program knows. Each room adds its own.
pub struct Registry<C> {
    kinds: HashMap<&'static str, Kind<C>>,
    recurring: Vec<Recurring>,
}

impl<C> Default for Registry<C> {
    fn default() -> Self {
        Self {
            kinds: HashMap::new(),
            recurring: Vec::new(),
        }
    }
}

impl<C> std::fmt::Debug for Registry<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.kinds.keys()).finish()
    }
}

impl<C: Clone + Send + Sync + 'static> Registry<C> {
    /// Adds a kind.
    pub fn on<T: Task<C>>(&mut self) -> &mut Self {
        let run = |payload: &str, ctx: C, job: Job| -> Outcome {
            match serde_json::from_str::<T>(payload) {
                Ok(task) => Box::pin(task.run(ctx, job)),
                Err(error) => {
                    Box::pin(async move { Err(TaskError::GiveUp(format!("unreadable payload: {error}"))) })
                }
            }
        };
        self.kinds.insert(
            T::NAME,
            Kind {
                attempts: T::ATTEMPTS,
                run: Box::new(run),
            },
        );
        self
    }

    /// Adds a kind that comes again `every` so often after it has run.
    pub fn every<T: Task<C>>(&mut self, task: &T, every: Duration) -> &mut Self {
        let payload = serde_json::to_string(task).unwrap_or_else(|_| "null".to_owned());
        self.recurring.push(Recurring {
            name: T::NAME,
            payload,
            every,
        });
        self.on::<T>()
    }

    /// Ready to run.
    pub fn ready(self) -> Arc<Self> {
        Arc::new(self)
    }
}

/// The pause before attempt `attempt + 1`: 10 s, 20 s, 40 s … at most 6 h, with up to a fifth of chance.
fn pause(attempt: i64, chance: u64) -> Duration {
    let seconds = 10u64.saturating_mul(1 << attempt.clamp(1, 12) >> 1).min(6 * 3600);
    Duration::from_millis(seconds * 1000 + seconds * 200 * (chance % 100) / 100)
}

/// Makes sure that each recurring task has its row; [`start`] does it.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn plan<C>(ctx: &Ctx, registry: &Registry<C>) -> Result<(), StoreError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    for task in &registry.recurring {
        let id = ids::next(now, ctx.rng.below(u64::from(u16::MAX)) as u16);
        store::insert(
            &mut tx,
            id,
            task.name,
            &task.payload,
            Some(task.name),
            now.plus(task.every),
            now,
        )
        .await?;
    }
    tx.commit().await
}
