//! The queue on every database.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::*;
use crate::testing::{TestFolder, ctx, databases};

#[derive(Clone)]
struct World {
    ctx: Ctx,
    runs: Arc<AtomicUsize>,
}

#[derive(Serialize, Deserialize)]
struct Ring {
    fail: bool,
}

impl Task<World> for Ring {
    const NAME: &'static str = "test.ring";
    const ATTEMPTS: i64 = 3;
    async fn run(self, world: World, _: Job) -> Result<(), TaskError> {
        world.runs.fetch_add(1, Ordering::SeqCst);
        if self.fail {
            Err(TaskError::Retry("not now".to_owned()))
        } else {
            Ok(())
        }
    }
}

async fn worlds(folder: &TestFolder) -> Vec<(World, Arc<Registry<World>>)> {
    let mut all = Vec::new();
    for db in databases(folder).await.unwrap() {
        let mut registry = Registry::default();
        registry.on::<Ring>();
        let world = World {
            ctx: ctx(db, folder).unwrap(),
            runs: Arc::default(),
        };
        all.push((world, registry.ready()));
    }
    all
}

async fn ring(world: &World, fail: bool, when: When) {
    let mut tx = world.ctx.db.begin().await.unwrap();
    enqueue::<World, _>(&world.ctx, &mut tx, &Ring { fail }, when)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_task_runs_once_and_only_when_due() {
    let folder = TestFolder::new();
    for (world, registry) in worlds(&folder).await {
        ring(&world, false, When::now()).await;
        ring(
            &world,
            false,
            When::at(world.ctx.clock.now().plus(Duration::from_secs(60))),
        )
        .await;
        assert_eq!(run_due(&world.ctx, &registry, world.clone()).await.unwrap(), 1);
        assert_eq!(run_due(&world.ctx, &registry, world.clone()).await.unwrap(), 0);
        world.ctx.clock.advance(Duration::from_secs(61));
        assert_eq!(run_due(&world.ctx, &registry, world.clone()).await.unwrap(), 1);
        assert_eq!(world.runs.load(Ordering::SeqCst), 2);
    }
}

#[tokio::test]
async fn a_task_of_a_broken_transaction_never_was() {
    let folder = TestFolder::new();
    for (world, registry) in worlds(&folder).await {
        let mut tx = world.ctx.db.begin().await.unwrap();
        enqueue::<World, _>(&world.ctx, &mut tx, &Ring { fail: false }, When::now())
            .await
            .unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(run_due(&world.ctx, &registry, world.clone()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_failing_task_is_set_aside_and_can_be_tried_again() {
    let folder = TestFolder::new();
    for (world, registry) in worlds(&folder).await {
        ring(&world, true, When::now()).await;
        for _ in 0..3 {
            assert_eq!(run_due(&world.ctx, &registry, world.clone()).await.unwrap(), 1);
            world.ctx.clock.advance(Duration::from_secs(7 * 3600));
        }
        let failed = failed(&world.ctx.db, 10).await.unwrap();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].last_error, "not now");
        let mut tx = world.ctx.db.begin().await.unwrap();
        retry(&mut tx, failed[0].id, world.ctx.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(run_due(&world.ctx, &registry, world.clone()).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn of_two_tasks_with_one_key_one_runs() {
    let folder = TestFolder::new();
    for (world, registry) in worlds(&folder).await {
        ring(&world, false, When::now().once("x")).await;
        ring(&world, false, When::now().once("x")).await;
        assert_eq!(run_due(&world.ctx, &registry, world.clone()).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn eight_claimers_never_share_a_task() {
    let folder = TestFolder::new();
    for (world, registry) in worlds(&folder).await {
        for _ in 0..60 {
            ring(&world, false, When::now()).await;
        }
        let mut claimers = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (world, registry) = (world.clone(), registry.clone());
            claimers.spawn(async move { run_due(&world.ctx, &registry, world.clone()).await.unwrap() });
        }
        let total: usize = claimers.join_all().await.into_iter().sum();
        assert_eq!(total, 60);
        assert_eq!(world.runs.load(Ordering::SeqCst), 60);
    }
}

#[test]
fn pauses_grow_and_end() {
    assert_eq!(pause(1, 0), Duration::from_secs(10));
    assert_eq!(pause(2, 0), Duration::from_secs(20));
    assert!(pause(100, 99) <= Duration::from_secs(6 * 3600 * 12 / 10));
}
