//! For operators: what waits where and why, trying again, giving up.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use platform::store::Wake;
use platform::{StoreError, Timestamp};

use super::lane_of;
use crate::Ctx;
use crate::store::deliveries;
use crate::store::lanes::{self as store, LaneView};

/// A lane in which nothing went for so long is forgotten.
const IDLE: Duration = Duration::from_secs(90 * 24 * 3600);

/// How long it is believed which lanes wait after failures.
const LATELY: Duration = Duration::from_secs(10);
/// What is tried so soon anyway needs no haste.
const SOON: Duration = Duration::from_secs(60);

/// The queue at a glance.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Overview {
    /// Deliveries that wait.
    pub waiting: i64,
    /// Deliveries given up for now.
    pub parked: i64,
    /// The lanes in which something waits or is parked, those in trouble first.
    pub lanes: Vec<LaneView>,
}

/// What waits, and in which lanes; at most `limit` of them.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn overview(ctx: &Ctx, limit: i64) -> Result<Overview, StoreError> {
    let (waiting, parked) = deliveries::counts(&ctx.db).await?;
    let lanes = store::overview(&ctx.db, limit).await?;
    Ok(Overview {
        waiting,
        parked,
        lanes,
    })
}

/// Tries everything of a server again now, what was parked too. `host` is an address, an origin, or a name
/// (then https is meant). Gives the number of deliveries.
///
/// # Errors
/// [`StoreError::NotFound`] when nothing is kept for this server.
pub async fn retry(ctx: &Ctx, host: &str) -> Result<u64, StoreError> {
    let lane = named(host)?;
    let mut tx = ctx.db.begin().await?;
    store::lock(&mut tx, std::slice::from_ref(&lane)).await?;
    let waiting = deliveries::unpark(&mut tx, &lane).await?;
    if waiting == 0 {
        return Err(StoreError::NotFound("delivery for this server"));
    }
    store::wake(&mut tx, &lane, ctx.clock.now()).await?;
    tx.wake(Wake::Deliveries);
    tx.commit().await?;
    Ok(waiting)
}

/// Gives up everything that waits for a server. Gives the number of deliveries.
///
/// # Errors
/// [`StoreError::NotFound`] when `host` is no name of a server.
pub async fn purge(ctx: &Ctx, host: &str) -> Result<u64, StoreError> {
    let lane = named(host)?;
    let mut tx = ctx.db.begin().await?;
    store::lock(&mut tx, std::slice::from_ref(&lane)).await?;
    let removed = deliveries::remove_lane(&mut tx, &lane).await?;
    tx.commit().await?;
    Ok(removed)
}

fn named(host: &str) -> Result<String, StoreError> {
    lane_of(host)
        .or_else(|| lane_of(&format!("https://{host}")))
        .ok_or(StoreError::NotFound("server"))
}

/// The lanes that wait after failures, as they were a moment ago: asked at each activity received.
#[derive(Default)]
struct BackingOff(Mutex<Option<(Timestamp, HashSet<String>)>>);

impl BackingOff {
    /// `None` when it is not known lately enough.
    fn holds(&self, lane: &str, now: Timestamp) -> Option<bool> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, lanes) = known.as_ref()?;
        (now.since(*at) < LATELY).then(|| lanes.contains(lane))
    }

    fn set(&self, now: Timestamp, lanes: Vec<String>) {
        let known = Some((now, lanes.into_iter().collect()));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }
}

/// A server that was taken for down has spoken to us: what waits for it is tried now.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn heard_from(ctx: &Ctx, address: &str) -> Result<(), StoreError> {
    let Some(lane) = lane_of(address) else {
        return Ok(());
    };
    let (memory, now) = (ctx.memory.of::<BackingOff>(), ctx.clock.now());
    if memory.holds(&lane, now).is_none() {
        memory.set(now, store::backing_off(&ctx.db, now.plus(SOON)).await?);
    }
    if memory.holds(&lane, now) != Some(true) {
        return Ok(());
    }
    let mut tx = ctx.db.begin().await?;
    if store::hasten(&mut tx, &lane, now).await? {
        tx.wake(Wake::Deliveries);
    }
    tx.commit().await?;
    // Once: should it still be down, its next word counts again only after a while.
    memory.set(now, store::backing_off(&ctx.db, now.plus(SOON)).await?);
    Ok(())
}

/// Clears away what is too old to matter.
pub(super) async fn sweep(ctx: &Ctx) {
    let now = ctx.clock.now();
    let kept = Duration::from_secs(u64::from(ctx.federation().delivery_days) * 86_400);
    let swept = async {
        let mut tx = ctx.db.begin().await?;
        deliveries::expire_parked(&mut tx, now.minus(kept)).await?;
        store::forget_idle(&mut tx, now.minus(IDLE)).await?;
        tx.commit().await
    };
    if let Err(error) = swept.await {
        tracing::warn!(%error, "old deliveries cannot be cleared away");
    }
}
