//! The runner: takes lanes under a lease and sets them to work, as many as there is room for.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use platform::store::Wake;
use platform::{StoreError, Timestamp};
use tokio::sync::{Notify, Semaphore};

use super::attempt::DEADLINE;
use super::lane::Lane;
use super::ledger::{Clerk, Ledger};
use super::letters::Letters;
use super::{ledger, operator};
use crate::Ctx;
use crate::store::{deliveries, lanes as store};

/// Others take a process for dead that has not said for so long that it lives.
const LEASE: Duration = Duration::from_secs(45);
/// How often it says so while it holds lanes.
const RENEW: Duration = Duration::from_secs(5);
/// No attempt begins with less of the lease left: the attempt must be over before another process can begin.
const NEEDED: Duration = Duration::from_secs(DEADLINE.as_secs() + 3);
/// A request that takes longer gives its place to another one, so that slow servers do not hold up the rest.
const PATIENCE: Duration = Duration::from_secs(1);
/// Slow requests under way at most, for each place.
const SLOW_FOR_EACH: usize = 8;
/// Lanes held at most, for each place: the others wait with their first deliveries read.
const LANES_FOR_EACH: usize = 4;
/// Deliveries read for each lane when it is claimed.
const HEAD: i64 = 20;
/// Activities whose lanes are told in one transaction.
const TOLD_AT_ONCE: i64 = 100;
/// The longest sleep: dead processes are looked for as often.
const LONGEST_SLEEP: Duration = Duration::from_secs(10);
/// How often old rows are cleared away.
const SWEEP: Duration = Duration::from_secs(3600);

/// What the lanes of this process share.
pub(super) struct Runner {
    pub(super) ctx: Ctx,
    pub(super) owner: i64,
    pub(super) letters: Letters,
    pub(super) ledger: Ledger,
    places: Arc<Semaphore>,
    slow: Arc<Semaphore>,
    most_slow: usize,
    most_lanes: usize,
    held: AtomicUsize,
    freed: Notify,
    /// Until when, in milliseconds, others believe that we live.
    alive_until: AtomicI64,
    /// Nothing is left to be renewed.
    over: Notify,
    /// Others took us for dead: what we hold is theirs.
    lost: AtomicBool,
}

/// Counts a lane until its work ends, however it ends.
struct Held<'a>(&'a Runner);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Nobody works on the lane any more: signing off gives it back.
            self.0.lost.store(true, Ordering::Release);
        }
        self.0.held.fetch_sub(1, Ordering::AcqRel);
        self.0.freed.notify_one();
    }
}

impl Runner {
    fn new(ctx: &Ctx) -> (Arc<Self>, Clerk) {
        let owner = i64::from_le_bytes(ctx.rng.bytes());
        let (ledger, clerk) = ledger::open(ctx, owner);
        let places = ctx.federation().deliveries_at_once.clamp(1, 4096);
        let runner = Self {
            ctx: ctx.clone(),
            owner,
            letters: Letters::default(),
            ledger,
            places: Arc::new(Semaphore::new(places)),
            slow: Arc::new(Semaphore::new(places * SLOW_FOR_EACH)),
            most_slow: places * SLOW_FOR_EACH,
            most_lanes: places * LANES_FOR_EACH,
            held: AtomicUsize::new(0),
            freed: Notify::new(),
            over: Notify::new(),
            alive_until: AtomicI64::new(0),
            lost: AtomicBool::new(false),
        };
        (Arc::new(runner), clerk)
    }

    /// Waits until an attempt may begin; `false` when it never may: the process stops, or has lost its lease.
    pub(super) async fn may_attempt(&self) -> bool {
        loop {
            if self.ctx.work.is_stopping() || self.lost.load(Ordering::Acquire) {
                return false;
            }
            let until = Timestamp::from_millis(self.alive_until.load(Ordering::Acquire));
            if until.since(self.ctx.clock.now()) >= NEEDED {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Runs a request in one of the places. One that is slow leaves its place to others.
    pub(super) async fn in_its_place<T>(&self, request: impl Future<Output = T>) -> T {
        let place = self.places.clone().acquire_owned().await.ok();
        tokio::pin!(request);
        if let Ok(done) = tokio::time::timeout(PATIENCE, &mut request).await {
            return done;
        }
        let aside = self.slow.clone().try_acquire_owned().ok();
        if aside.is_some() {
            drop(place);
            self.freed.notify_one();
            return request.await;
        }
        let done = request.await;
        drop(place);
        done
    }

    /// Lanes for which there is room. Those that wait for a slow server take none.
    fn room(&self) -> usize {
        let slow = self.most_slow.saturating_sub(self.slow.available_permits());
        let quick = self.held.load(Ordering::Acquire).saturating_sub(slow);
        self.most_lanes.saturating_sub(quick)
    }

    /// Tells lanes what waits in them and takes those that are due, with the first deliveries of each.
    async fn claim(&self, limit: usize) -> Result<Vec<Lane>, StoreError> {
        let now = self.ctx.clock.now();
        // Most looks find nothing: they should not take SQLite's only writer.
        if limit == 0 || !store::anything_due(&self.ctx.db, now).await? {
            return Ok(Vec::new());
        }
        let mut tx = self.ctx.db.begin().await?;
        // The row of the process before those of the lanes, as everywhere.
        let alive_until = now.plus(LEASE);
        if self.held.load(Ordering::Acquire) == 0 {
            store::sign_on(&mut tx, self.owner, alive_until).await?;
        } else if !store::renew(&mut tx, self.owner, alive_until).await? {
            self.lost.store(true, Ordering::Release);
            return Ok(Vec::new());
        }
        store::tell(&mut tx, TOLD_AT_ONCE, now).await?;
        let claimed = store::claim(&mut tx, self.owner, now, limit as i64).await?;
        self.held.fetch_add(claimed.len(), Ordering::AcqRel);
        if let Err(error) = tx.commit().await {
            self.held.fetch_sub(claimed.len(), Ordering::AcqRel);
            // Perhaps they are ours all the same, and nobody works on them: signing off gives them back.
            self.lost.store(true, Ordering::Release);
            return Err(error);
        }
        self.alive_until
            .fetch_max(alive_until.as_millis(), Ordering::AcqRel);
        let mut lanes: Vec<Lane> = claimed.into_iter().map(|one| Lane::new(one, now)).collect();
        if let Err(error) = self.read_heads(&mut lanes, now).await {
            // They read for themselves.
            tracing::warn!(%error, "what waits in the lanes cannot be read");
        }
        Ok(lanes)
    }

    async fn read_heads(&self, lanes: &mut [Lane], now: Timestamp) -> Result<(), StoreError> {
        if lanes.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = lanes.iter().map(|lane| lane.name().to_owned()).collect();
        let rows = deliveries::heads(&self.ctx.db, &names, HEAD, now).await?;
        let held: HashMap<String, Timestamp> = deliveries::held(&self.ctx.db, &names, now)
            .await?
            .into_iter()
            .collect();
        let mut by_lane: HashMap<String, Vec<deliveries::Waiting>> = HashMap::with_capacity(lanes.len());
        for row in rows {
            by_lane.entry(row.lane.clone()).or_default().push(row);
        }
        let parked: HashSet<String> = deliveries::with_parked(&self.ctx.db, &names)
            .await?
            .into_iter()
            .collect();
        for lane in lanes {
            let rows = by_lane.remove(lane.name()).unwrap_or_default();
            let held = held.get(lane.name()).copied();
            lane.give(rows, HEAD, held, parked.contains(lane.name()));
        }
        Ok(())
    }

    async fn run(self: &Arc<Self>, lane: Lane) {
        let _held = Held(self);
        lane.work(self).await;
    }

    /// Takes back the lanes of processes that died; with `everybody`, of all that came before this one.
    async fn bury(&self, everybody: bool) -> Result<(), StoreError> {
        let now = self.ctx.clock.now();
        for owner in store::dead(&self.ctx.db, now, everybody).await? {
            if owner == self.owner {
                continue;
            }
            let mut tx = self.ctx.db.begin().await?;
            let lanes = store::bury(&mut tx, owner, now, everybody).await?;
            tx.commit().await?;
            if lanes > 0 {
                tracing::info!(lanes, "the deliveries of a process that ended are taken over");
            }
        }
        Ok(())
    }

    /// Says that this process lives, as long as it holds lanes.
    async fn renew(&self) {
        if self.held.load(Ordering::Acquire) == 0 {
            return;
        }
        let alive_until = self.ctx.clock.now().plus(LEASE);
        let renewed = async {
            let mut tx = self.ctx.db.begin().await?;
            let renewed = store::renew(&mut tx, self.owner, alive_until).await?;
            tx.commit().await.map(|()| renewed)
        };
        match renewed.await {
            Ok(true) => {
                self.alive_until
                    .fetch_max(alive_until.as_millis(), Ordering::AcqRel);
            }
            Ok(false) if self.held.load(Ordering::Acquire) > 0 => {
                tracing::error!("this process stood still for too long: others deliver in its stead");
                self.lost.store(true, Ordering::Release);
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the lease of the deliveries cannot be renewed"),
        }
    }

    /// Gives everything back at the end, so that nobody has to wait for the lease.
    async fn sign_off(&self) {
        let given_back = async {
            let mut tx = self.ctx.db.begin().await?;
            store::release_all(&mut tx, self.owner).await?;
            tx.commit().await
        };
        if let Err(error) = given_back.await {
            tracing::warn!(%error, "the lanes cannot be given back; they come free when the lease ends");
        }
    }
}

/// Delivers in the background until the work is stopped.
pub fn start(ctx: &Ctx) {
    if !ctx.federation().enabled {
        return;
    }
    let ctx = ctx.clone();
    ctx.work.clone().spawn(async move {
        let mut first = true;
        while !ctx.work.is_stopping() {
            let (runner, clerk) = Runner::new(&ctx);
            ctx.work.spawn(clerk.work());
            // SQLite has one process: whoever held lanes is dead.
            let alone = first && !ctx.db.is_postgres();
            if let Err(error) = runner.bury(alone).await {
                tracing::warn!(%error, "the lanes of dead processes cannot be taken over");
            }
            first = false;
            let alive = runner.clone();
            ctx.work.spawn(async move { keep_alive(&alive).await });
            claim_and_work(&runner).await;
            drain(&runner).await;
            runner.over.notify_one();
            runner.sign_off().await;
        }
    });
}

/// Renews the lease and sweeps, in a task of its own: a transaction of another one may be open.
async fn keep_alive(runner: &Arc<Runner>) {
    let mut renewal = tokio::time::interval(RENEW);
    renewal.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut sweep = tokio::time::interval(SWEEP);
    loop {
        tokio::select! {
            () = runner.over.notified() => return,
            _ = renewal.tick() => runner.renew().await,
            _ = sweep.tick() => operator::sweep(&runner.ctx).await,
        }
    }
}

/// Until the work is stopped, or the lease was lost.
async fn claim_and_work(runner: &Arc<Runner>) {
    let ctx = &runner.ctx;
    while !ctx.work.is_stopping() && !runner.lost.load(Ordering::Acquire) {
        let room = runner.room();
        if room < runner.most_lanes.div_ceil(4) {
            tokio::select! {
                () = ctx.work.stopping() => {}
                () = runner.freed.notified() => {}
            }
            continue;
        }
        match runner.claim(room).await {
            Ok(lanes) => {
                let found = lanes.len();
                for lane in lanes {
                    let runner = runner.clone();
                    ctx.work.spawn(async move { runner.run(lane).await });
                }
                if found < room {
                    sleep(runner).await;
                }
            }
            Err(error) => {
                tracing::error!(%error, "deliveries cannot be claimed");
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }
    }
}

/// Until something is addressed, a lane is due, or it is time to look for dead processes.
async fn sleep(runner: &Arc<Runner>) {
    let ctx = &runner.ctx;
    if let Err(error) = runner.bury(false).await {
        tracing::warn!(%error, "the lanes of dead processes cannot be taken over");
    }
    let until_due = match store::next_due(&ctx.db).await {
        Ok(Some(due)) => due
            .since(ctx.clock.now())
            .clamp(Duration::from_millis(5), LONGEST_SLEEP),
        _ => LONGEST_SLEEP,
    };
    tokio::select! {
        () = ctx.work.stopping() => {}
        () = ctx.db.bells().wait(Wake::Deliveries, until_due) => {}
    }
}

/// Lets the attempts under way end.
async fn drain(runner: &Arc<Runner>) {
    while runner.held.load(Ordering::Acquire) > 0 {
        runner.freed.notified().await;
    }
}

/// Delivers everything that is due by the clock, in this very task, and gives the number of lanes worked
/// on. What fails is due later, by the clock; tests move it.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn run_due(ctx: &Ctx) -> Result<usize, StoreError> {
    let (runner, clerk) = Runner::new(ctx);
    let working = async {
        let result = work_off(&runner).await;
        runner.sign_off().await;
        result
    };
    tokio::select! {
        result = working => result,
        () = clerk.work() => Err(StoreError::Unavailable("the deliveries cannot be recorded".to_owned())),
    }
}

async fn work_off(runner: &Arc<Runner>) -> Result<usize, StoreError> {
    runner.bury(false).await?;
    let mut worked = 0;
    let mut under_way = FuturesUnordered::new();
    loop {
        let lanes = runner.claim(runner.room()).await?;
        if lanes.is_empty() && under_way.is_empty() {
            return Ok(worked);
        }
        worked += lanes.len();
        for lane in lanes {
            under_way.push(runner.run(lane));
        }
        under_way.next().await;
    }
}
