//! What came of the attempts, written in grouped transactions: whatever has come in while one is being
//! committed goes into the next, so that a sync of the disk serves many deliveries.

use std::collections::HashSet;
use std::time::Duration;

use platform::queue::{self, When};
use platform::{StoreError, Timestamp, Tx};
use tokio::sync::{mpsc, oneshot};

use super::inboxes::CheckInbox;
use crate::Ctx;
use crate::signatures::Scheme;
use crate::store::lanes::Release;
use crate::store::{deliveries, lanes};

/// Entries written in one transaction at most.
const MOST: usize = 512;
/// While there is much to write, a transaction waits so long for company.
const GATHER: Duration = Duration::from_millis(4);
/// The pause before a transaction that failed is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// What was parked after a few attempts is not tried again by itself after so many.
const MOST_ATTEMPTS: i64 = 8;

/// What happens to a delivery after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// Delivered, or given up for good.
    Remove,
    /// Given up, and the actor behind the inbox is looked at.
    RemoveAndCheck { inbox: String },
    /// Everything for this inbox is given up, and the actor behind it is looked at.
    RemoveInbox { inbox: String },
    /// Everything for this lane is given up: nothing may go there.
    RemoveLane,
    /// This inbox is held back until then.
    Hold { until: Timestamp, error: String },
    /// Given up for now.
    Park { error: String },
    /// The lane waits.
    BackOff { until: Timestamp, error: String },
}

/// A line of the ledger.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) lane: String,
    /// The delivery and what becomes of it; none when a lane is only given back.
    pub(super) deed: Option<(i64, Deed)>,
    /// This inbox lets us in again: what is parked for it gets another try.
    pub(super) unpark: Option<String>,
    /// The server answers again after failures.
    pub(super) recovered: bool,
    /// How the server wants requests signed, when that was learned.
    pub(super) scheme: Option<Scheme>,
    /// The lane is given back with it.
    pub(super) release: Option<Release>,
}

/// Where lanes bring their entries.
#[derive(Debug, Clone)]
pub(super) struct Ledger(mpsc::Sender<(Entry, oneshot::Sender<bool>)>);

/// Who writes them.
#[derive(Debug)]
pub(super) struct Clerk {
    ctx: Ctx,
    owner: i64,
    entries: mpsc::Receiver<(Entry, oneshot::Sender<bool>)>,
}

/// A ledger and its clerk, for the process `owner`.
pub(super) fn open(ctx: &Ctx, owner: i64) -> (Ledger, Clerk) {
    let (sender, entries) = mpsc::channel(MOST);
    let clerk = Clerk {
        ctx: ctx.clone(),
        owner,
        entries,
    };
    (Ledger(sender), clerk)
}

impl Ledger {
    /// Writes an entry and waits until it lasts. Tells whether the lane was given back; `None` when the
    /// process stops and the entry could not be written.
    pub(super) async fn write(&self, entry: Entry) -> Option<bool> {
        let (done, written) = oneshot::channel();
        self.0.send((entry, done)).await.ok()?;
        written.await.ok()
    }
}

impl Clerk {
    /// Writes until nobody brings anything any more.
    pub(super) async fn work(mut self) {
        let mut busy = false;
        loop {
            if busy {
                tokio::time::sleep(GATHER).await;
            }
            let mut batch = Vec::new();
            if self.entries.recv_many(&mut batch, MOST).await == 0 {
                return;
            }
            busy = batch.len() > 1;
            let (entries, waiting): (Vec<Entry>, Vec<oneshot::Sender<bool>>) = batch.into_iter().unzip();
            let Some(released) = self.write_at_last(&entries).await else {
                return;
            };
            for (entry, done) in entries.iter().zip(waiting) {
                let given_back = entry.release.is_some() && released.contains(&entry.lane);
                // Whoever brought it may have been stopped.
                let _gone = done.send(given_back);
            }
        }
    }

    /// Until it works, or the process stops.
    async fn write_at_last(&self, entries: &[Entry]) -> Option<HashSet<String>> {
        loop {
            match self.write(entries).await {
                Ok(released) => return Some(released),
                Err(error) if self.ctx.work.is_stopping() => {
                    tracing::error!(%error, "deliveries cannot be recorded; some will be repeated");
                    return None;
                }
                Err(error) => {
                    tracing::warn!(%error, "deliveries cannot be recorded; trying again");
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }

    /// All of them in one transaction. Gives the lanes that were given back.
    async fn write(&self, entries: &[Entry]) -> Result<HashSet<String>, StoreError> {
        let now = self.ctx.clock.now();
        let mut tx = self.ctx.db.begin().await?;
        let mut touched: Vec<String> = entries
            .iter()
            .filter(|entry| entry.touches_its_lane())
            .map(|entry| entry.lane.clone())
            .collect();
        touched.sort_unstable();
        lanes::lock(&mut tx, &touched).await?;
        let removed: Vec<i64> = entries.iter().filter_map(Entry::removed).collect();
        if !removed.is_empty() {
            deliveries::remove(&mut tx, &removed).await?;
        }
        for entry in entries {
            self.write_one(&mut tx, entry, now).await?;
        }
        let releases: Vec<Release> = entries.iter().filter_map(|entry| entry.release.clone()).collect();
        let released = if releases.is_empty() {
            Vec::new()
        } else {
            lanes::release(&mut tx, self.owner, &releases).await?
        };
        tx.commit().await?;
        Ok(released.into_iter().collect())
    }

    async fn write_one(&self, tx: &mut Tx, entry: &Entry, now: Timestamp) -> Result<(), StoreError> {
        let lane = entry.lane.as_str();
        match &entry.deed {
            None | Some((_, Deed::Remove)) => {}
            Some((_, Deed::RemoveAndCheck { inbox })) => self.check(tx, inbox).await?,
            Some((_, Deed::RemoveInbox { inbox })) => {
                deliveries::remove_inbox(tx, lane, inbox).await?;
                self.check(tx, inbox).await?;
            }
            Some((_, Deed::RemoveLane)) => {
                deliveries::remove_lane(tx, lane).await?;
            }
            Some((id, Deed::Hold { until, error })) => {
                deliveries::failed(tx, *id, error, Some(*until), false).await?;
            }
            Some((id, Deed::Park { error })) => deliveries::failed(tx, *id, error, None, true).await?,
            Some((id, Deed::BackOff { until, error })) => {
                deliveries::failed(tx, *id, error, None, false).await?;
                lanes::back_off(tx, lane, self.owner, *until, error, now).await?;
                let kept = Duration::from_secs(u64::from(self.ctx.federation().delivery_days) * 86_400);
                let expired = deliveries::expire(tx, lane, now.minus(kept)).await?;
                if expired > 0 {
                    tracing::info!(
                        lane,
                        expired,
                        "deliveries are given up: the server was away for too long"
                    );
                }
            }
        }
        if let Some(inbox) = &entry.unpark {
            deliveries::unpark_inbox(tx, lane, inbox, MOST_ATTEMPTS).await?;
        }
        if entry.recovered {
            lanes::recovered(tx, lane).await?;
        }
        if let Some(scheme) = entry.scheme {
            lanes::set_scheme(tx, lane, scheme, now).await?;
        }
        Ok(())
    }

    async fn check(&self, tx: &mut Tx, inbox: &str) -> Result<(), StoreError> {
        let task = CheckInbox {
            inbox: inbox.to_owned(),
        };
        let once = When::now().once(format!("{} {inbox}", CheckInbox::KEY));
        queue::enqueue::<Ctx, _>(self.ctx.platform(), tx, &task, once).await
    }
}

impl Entry {
    fn removed(&self) -> Option<i64> {
        match &self.deed {
            Some((id, Deed::Remove | Deed::RemoveAndCheck { .. })) => Some(*id),
            _ => None,
        }
    }

    fn touches_its_lane(&self) -> bool {
        self.recovered
            || self.scheme.is_some()
            || self.release.is_some()
            || matches!(self.deed, Some((_, Deed::BackOff { .. })))
    }
}
