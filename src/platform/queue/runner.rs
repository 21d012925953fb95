//! Claims due tasks and runs them, a bounded number at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::store::{self, Claimed};
use super::{Job, Registry, TaskError, pause, plan};
use crate::Ctx;
use crate::store::{StoreError, Wake};

const AT_ONCE: usize = 8;
const LEASE: Duration = Duration::from_secs(120);
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Runs tasks in the background until the work is stopped.
///
/// # Errors
/// [`StoreError`] when the recurring tasks cannot be planned.
pub async fn start<C>(ctx: &Ctx, registry: Arc<Registry<C>>, of: C) -> Result<(), StoreError>
where
    C: Clone + Send + Sync + 'static,
{
    plan(ctx, &registry).await?;
    let ctx = ctx.clone();
    ctx.work.clone().spawn(async move {
        let room = Arc::new(Semaphore::new(AT_ONCE));
        while !ctx.work.is_stopping() {
            let Ok(first) = room.clone().acquire_owned().await else {
                return;
            };
            let mut places = vec![first];
            while let Ok(place) = room.clone().try_acquire_owned() {
                places.push(place);
            }
            match claim(&ctx, places.len() as i64).await {
                Ok(claimed) if claimed.is_empty() => sleep(&ctx).await,
                Ok(claimed) => {
                    for (task, place) in claimed.into_iter().zip(places) {
                        let (ctx, registry, of) = (ctx.clone(), registry.clone(), of.clone());
                        ctx.work.clone().spawn(async move {
                            run_one(&ctx, &registry, of, task).await;
                            drop(place);
                        });
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "tasks cannot be claimed");
                    tokio::time::sleep(Duration::from_secs(2)).await;
                }
            }
        }
    });
    Ok(())
}

/// Runs every task that is due, and those that become due by it, in this very task. Tests and `parvis task
/// run` use it. Gives the number run.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn run_due<C>(ctx: &Ctx, registry: &Registry<C>, of: C) -> Result<usize, StoreError>
where
    C: Clone + Send + Sync + 'static,
{
    let mut done = 0;
    loop {
        let claimed = claim(ctx, 50).await?;
        if claimed.is_empty() {
            return Ok(done);
        }
        for task in claimed {
            done += 1;
            run_one(ctx, registry, of.clone(), task).await;
        }
    }
}

async fn claim(ctx: &Ctx, limit: i64) -> Result<Vec<Claimed>, StoreError> {
    let now = ctx.clock.now();
    // Most looks find nothing: they should not take SQLite's only writer.
    match store::next_due(&ctx.db).await? {
        Some(due) if due <= now => {}
        _ => return Ok(Vec::new()),
    }
    let mut tx = ctx.db.begin().await?;
    let claimed = store::claim(&mut tx, now, now.plus(LEASE), limit).await?;
    tx.commit().await?;
    Ok(claimed)
}

async fn sleep(ctx: &Ctx) {
    let now = ctx.clock.now();
    let until_due = match store::next_due(&ctx.db).await {
        Ok(Some(due)) => due.since(now).clamp(Duration::from_millis(20), LONGEST_SLEEP),
        _ => LONGEST_SLEEP,
    };
    tokio::select! {
        () = ctx.work.stopping() => {}
        () = ctx.db.bells().wait(Wake::Tasks, until_due) => {}
    }
}

async fn run_one<C: Clone + Send + Sync + 'static>(ctx: &Ctx, registry: &Registry<C>, of: C, task: Claimed) {
    let job = Job {
        id: task.id,
        attempt: task.attempts,
    };
    let outcome = match registry.kinds.get(task.name.as_str()) {
        Some(kind) => {
            let running = (kind.run)(&task.payload, of, job);
            keep_lease(ctx, task.id, running).await
        }
        None => Err(TaskError::GiveUp(format!(
            "nobody runs tasks named {}",
            task.name
        ))),
    };
    let last = registry
        .kinds
        .get(task.name.as_str())
        .map_or(1, |kind| kind.attempts);
    if let Err(error) = record(ctx, registry, &task, outcome, last).await {
        tracing::error!(%error, task.name, task.id, "the end of a task cannot be recorded; it will run again");
    }
}

/// Runs the work and renews the lease while it lasts, so that long work is not claimed twice.
async fn keep_lease(ctx: &Ctx, id: i64, mut running: super::Outcome) -> Result<(), TaskError> {
    loop {
        tokio::select! {
            outcome = &mut running => return outcome,
            () = tokio::time::sleep(LEASE / 3) => {
                let renewed = async {
                    let mut tx = ctx.db.begin().await?;
                    store::hold(&mut tx, id, ctx.clock.now().plus(LEASE)).await?;
                    tx.commit().await
                };
                if let Err(error) = renewed.await {
                    tracing::warn!(%error, task.id = id, "the lease of a task cannot be renewed");
                }
            }
        }
    }
}

async fn record<C>(
    ctx: &Ctx,
    registry: &Registry<C>,
    task: &Claimed,
    outcome: Result<(), TaskError>,
    last: i64,
) -> Result<(), StoreError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    match outcome {
        Ok(()) => {
            store::remove(&mut tx, task.id).await?;
        }
        Err(TaskError::GiveUp(cause)) => {
            tracing::warn!(task.name, task.id, cause, "a task is given up");
            store::set_aside(&mut tx, task, &cause, now).await?;
        }
        Err(error) if task.attempts >= last => {
            tracing::warn!(task.name, task.id, %error, "a task is given up after its last attempt");
            store::set_aside(&mut tx, task, &error.to_string(), now).await?;
        }
        Err(TaskError::Retry(cause)) => {
            let pause = pause(task.attempts, ctx.rng.below(100));
            tracing::debug!(task.name, task.id, cause, "a task will be tried again");
            store::postpone(&mut tx, task.id, now.plus(pause), &cause).await?;
        }
        Err(TaskError::RetryAfter { pause, cause }) => {
            store::postpone(&mut tx, task.id, now.plus(pause), &cause).await?;
        }
    }
    for again in registry
        .recurring
        .iter()
        .filter(|again| again.name == task.name && task.unique_key.is_some())
    {
        let next = now.plus(again.every);
        store::insert(
            &mut tx,
            ctx.new_id(),
            again.name,
            &again.payload,
            Some(again.name),
            next,
            now,
        )
        .await?;
    }
    tx.commit().await
}
