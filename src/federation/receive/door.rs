//! The one writer: many arrivals in one transaction, each acknowledged only once it is committed.
//!
//! While a commit waits for the disk, the next arrivals gather: one flush serves them all (group commit).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use platform::store::Wake;
use platform::{StoreError, Timestamp};
use tokio::sync::{mpsc, oneshot};

use crate::Ctx;
use crate::store::{actors, received as store};

/// Letters that may wait for the writer.
const WAITING: usize = 4_000;
/// Letters in one transaction.
const BATCH: usize = 500;
/// How long a sender waits for its place.
const PATIENCE: Duration = Duration::from_secs(10);

/// A verified activity to be written down.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    /// Its id, in canonical form.
    pub(crate) uri: String,
    /// Who sent it, in canonical form.
    pub(crate) actor_uri: String,
    pub(crate) kind: String,
    pub(crate) object_uri: Option<String>,
    /// The text as it came.
    pub(crate) body: String,
}

/// What became of a row.
#[derive(Debug, Clone)]
pub(crate) struct Ending {
    pub(crate) id: i64,
    /// `done`, `ignored`, `refused`, or `waiting` for another try at `due_at`.
    pub(crate) state: &'static str,
    pub(crate) verdict: Option<String>,
    pub(crate) due_at: Timestamp,
    /// The activity this one undid: its id, and its actor.
    pub(crate) undone: Option<(String, String)>,
    /// The object this one deleted: its id, and who says so.
    pub(crate) buried: Option<(String, String)>,
}

enum Letter {
    Arrived(Arrival, oneshot::Sender<bool>),
    Ended(Vec<Ending>, oneshot::Sender<bool>),
}

/// Where letters wait for the writer.
pub(crate) struct Door {
    sender: mpsc::Sender<Letter>,
    receiver: Mutex<Option<mpsc::Receiver<Letter>>>,
    is_open: AtomicBool,
}

impl Default for Door {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        Self {
            sender,
            receiver: Mutex::new(Some(receiver)),
            is_open: AtomicBool::new(false),
        }
    }
}

/// Writes down an arrival; when this returns it is in the database.
pub(crate) async fn arrived(ctx: &Ctx, arrival: Arrival) -> Result<(), StoreError> {
    let (done, answer) = oneshot::channel();
    hand_over(ctx, Letter::Arrived(arrival, done), answer).await
}

/// Records what became of rows.
pub(crate) async fn ended(ctx: &Ctx, endings: Vec<Ending>) -> Result<(), StoreError> {
    let (done, answer) = oneshot::channel();
    hand_over(ctx, Letter::Ended(endings, done), answer).await
}

async fn hand_over(ctx: &Ctx, letter: Letter, answer: oneshot::Receiver<bool>) -> Result<(), StoreError> {
    let door = &ctx.memory().door;
    let late = || StoreError::Unavailable("too much arrives at once".to_owned());
    if door.is_open.load(Ordering::Acquire) {
        tokio::time::timeout(PATIENCE, door.sender.send(letter))
            .await
            .map_err(|_late| late())?
            .map_err(|_closed| late())?;
    } else {
        // Nobody writes in the background (commands, tests): write at once.
        write(ctx, vec![letter]).await;
    }
    match answer.await {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(StoreError::Unavailable(
            "a received activity could not be written".to_owned(),
        )),
    }
}

/// Starts the writer.
pub(crate) fn open(ctx: &Ctx) {
    let door = &ctx.memory().door;
    let receiver = door
        .receiver
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    let Some(mut receiver) = receiver else { return };
    door.is_open.store(true, Ordering::Release);
    let ctx = ctx.clone();
    ctx.work.clone().spawn(async move {
        let mut batch = Vec::new();
        loop {
            tokio::select! {
                biased;
                received = receiver.recv_many(&mut batch, BATCH) => {
                    if received == 0 {
                        return;
                    }
                    write(&ctx, std::mem::take(&mut batch)).await;
                }
                // Requests under way at a stop are still served; then nobody hands over any more.
                () = ctx.work.stopping() => {
                    let patience = Duration::from_millis(500);
                    while let Ok(1..) =
                        tokio::time::timeout(patience, receiver.recv_many(&mut batch, BATCH)).await
                    {
                        write(&ctx, std::mem::take(&mut batch)).await;
                    }
                    return;
                }
            }
        }
    });
}

async fn write(ctx: &Ctx, batch: Vec<Letter>) {
    let alone = batch.len() == 1;
    match written(ctx, &batch).await {
        Ok(()) => batch.into_iter().for_each(|letter| acknowledge(letter, true)),
        Err(error) if alone => {
            tracing::error!(%error, "a received activity cannot be written");
            batch.into_iter().for_each(|letter| acknowledge(letter, false));
        }
        // One letter that cannot be written must not take the others with it.
        Err(_) => {
            for letter in batch {
                let single = [letter];
                let good = written(ctx, &single).await;
                if let Err(error) = &good {
                    tracing::error!(%error, "a received activity cannot be written");
                }
                for letter in single {
                    acknowledge(letter, good.is_ok());
                }
            }
        }
    }
}

fn acknowledge(letter: Letter, good: bool) {
    let (Letter::Arrived(_, done) | Letter::Ended(_, done)) = letter;
    // A sender that has gone away does not change what is written.
    let _gone = done.send(good);
}

async fn written(ctx: &Ctx, batch: &[Letter]) -> Result<(), StoreError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    for letter in batch {
        match letter {
            Letter::Arrived(arrival, _) => {
                if store::insert(&mut tx, ctx.new_id(), arrival, now).await? {
                    tx.wake(Wake::Received);
                }
            }
            Letter::Ended(endings, _) => {
                for ending in endings {
                    store::end(&mut tx, ending).await?;
                    if let Some((uri, actor)) = &ending.undone {
                        store::undo(&mut tx, ctx.new_id(), uri, actor, now).await?;
                    }
                    if let Some((uri, actor)) = &ending.buried {
                        actors::bury(&mut tx, uri, actor, None, now).await?;
                    }
                }
            }
        }
    }
    tx.commit().await
}
