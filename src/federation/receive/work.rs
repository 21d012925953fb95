//! Taking in what was written down.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use platform::store::Wake;
use platform::{StoreError, Timestamp};
use tokio::sync::Semaphore;

use super::Ending;
use super::complete::complete;
use super::door;
use crate::fetch::budget;
use crate::policy::Standing;
use crate::store::received::{self as store, Waiting};
use crate::store::{activities, actors};
use crate::{Ctx, Envelope, Inbox, Verdict, address, json, policy, remote};

/// Actors whose activities are taken in at once.
const AT_ONCE: usize = 64;
/// Of these, actors of one server.
const OF_ONE_SERVER: usize = 16;
/// Ends recorded together: after a crash so many may be given again.
const ENDINGS: usize = 20;
/// Rows leased at once.
const CLAIMED: i64 = 200;
/// How long a row is held without a sign of life.
const LEASE: Duration = Duration::from_secs(30);
/// How long a room may take over one activity.
const PATIENCE: Duration = Duration::from_secs(60);
/// The pauses before the next attempts; after the last one it is refused.
const PAUSES: [u64; 7] = [5, 30, 120, 600, 3_600, 3 * 3_600, 8 * 3_600];
/// How often old rows are looked for.
const PURGE: Duration = Duration::from_secs(3_600);

pub(super) fn start(ctx: &Ctx, inbox: Arc<Inbox>) {
    let ctx = ctx.clone();
    ctx.work.clone().spawn(async move {
        let room = Arc::new(Semaphore::new(AT_ONCE));
        let servers = Servers::default();
        let mut purged = Timestamp::default();
        while !ctx.work.is_stopping() {
            let now = ctx.clock.now();
            if now.since(purged) >= PURGE {
                purged = now;
                if let Err(error) = purge(&ctx).await {
                    tracing::warn!(%error, "old received activities cannot be removed");
                }
            }
            match claim(&ctx, CLAIMED).await {
                Ok(rows) if rows.is_empty() => sleep(&ctx).await,
                Ok(rows) => {
                    for group in by_actor(rows) {
                        let Ok(place) = room.clone().acquire_owned().await else {
                            return;
                        };
                        let (ctx, inbox, servers) = (ctx.clone(), inbox.clone(), servers.clone());
                        ctx.work.clone().spawn(async move {
                            let server = servers.of(&group).acquire_owned().await;
                            take_in_group(&ctx, &inbox, group).await;
                            drop((place, server));
                            ctx.db.bells().ring(Wake::Received);
                        });
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "received activities cannot be claimed");
                    tokio::time::sleep(Duration::from_secs(2)).await;
                }
            }
        }
    });
}

/// Takes in everything that is due, and what becomes due by it, in this very task: for tests and commands.
/// Gives the number of activities.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn run_due(ctx: &Ctx, inbox: &Inbox) -> Result<usize, StoreError> {
    let mut done = 0;
    loop {
        let rows = claim(ctx, CLAIMED).await?;
        if rows.is_empty() {
            return Ok(done);
        }
        done += rows.len();
        for group in by_actor(rows) {
            take_in_group(ctx, inbox, group).await;
        }
    }
}

/// Places for the actors of each server, so that a slow one does not take them all.
#[derive(Clone, Default)]
struct Servers(Arc<std::sync::Mutex<HashMap<String, Arc<Semaphore>>>>);

impl Servers {
    fn of(&self, group: &[Waiting]) -> Arc<Semaphore> {
        let origin = group
            .first()
            .and_then(|row| address::origin(&row.actor_uri))
            .unwrap_or_default();
        let mut all = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if all.len() > 1_000 {
            all.retain(|_, places| Arc::strong_count(places) > 1);
        }
        all.entry(origin)
            .or_insert_with(|| Arc::new(Semaphore::new(OF_ONE_SERVER)))
            .clone()
    }
}

async fn claim(ctx: &Ctx, limit: i64) -> Result<Vec<Waiting>, StoreError> {
    let now = ctx.clock.now();
    // Most looks find nothing: they should not take SQLite's only writer.
    match store::next_due(&ctx.db, now).await? {
        Some(due) if due <= now => {}
        _ => return Ok(Vec::new()),
    }
    let mut tx = ctx.db.begin().await?;
    let rows = store::claim(&mut tx, now, now.plus(LEASE), limit).await?;
    tx.commit().await?;
    Ok(rows)
}

async fn sleep(ctx: &Ctx) {
    let now = ctx.clock.now();
    let pause = match store::next_due(&ctx.db, now).await {
        // Due, but its actor is being dealt with: the end of that rings.
        Ok(Some(due)) if due <= now => Duration::from_millis(200),
        Ok(Some(due)) => due.since(now).min(LEASE / 2),
        _ => LEASE / 2,
    };
    tokio::select! {
        () = ctx.work.stopping() => {}
        () = ctx.db.bells().wait(Wake::Received, pause) => {}
    }
}

async fn purge(ctx: &Ctx) -> Result<(), StoreError> {
    let days = Duration::from_secs(u64::from(ctx.federation().received_days.max(1)) * 24 * 3_600);
    let mut tx = ctx.db.begin().await?;
    let before = ctx.clock.now().minus(days);
    store::purge(&mut tx, before).await?;
    activities::purge(&mut tx, before).await?;
    tx.commit().await
}

/// The rows of each actor together, in order.
fn by_actor(rows: Vec<Waiting>) -> Vec<Vec<Waiting>> {
    let mut groups: Vec<Vec<Waiting>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let place = *places.entry(row.actor_uri.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// One after the other; the lease is renewed while it lasts.
async fn take_in_group(ctx: &Ctx, inbox: &Inbox, group: Vec<Waiting>) {
    let mut left: Vec<i64> = group.iter().map(|row| row.id).collect();
    let mut endings = Vec::new();
    let mut undone = HashSet::new();
    let actor = group.first().map(|row| row.actor_uri.clone()).unwrap_or_default();
    // Who is new here and says nothing that counts leaves no trace but the record of it.
    let mut is_stranger = matches!(actors::by_uri(&ctx.db, &actor).await, Ok(None));
    for row in group {
        let verdict = if undone.contains(&row.uri) {
            Verdict::Ignore("undone")
        } else {
            take_in_and_hold(ctx, inbox, &row, &left).await
        };
        is_stranger &= matches!(verdict, Verdict::Ignore(_) | Verdict::Reject(_));
        left.retain(|id| *id != row.id);
        let ending = ending(ctx, &row, verdict);
        undone.extend(ending.undone.iter().map(|(uri, _)| uri.clone()));
        // What was deleted counts for the very next row.
        let at_once = ending.buried.is_some() || left.is_empty();
        endings.push(ending);
        if at_once || endings.len() >= ENDINGS {
            settle(ctx, std::mem::take(&mut endings)).await;
        }
    }
    if is_stranger && let Err(error) = remote::forget_stranger(ctx, &actor).await {
        tracing::debug!(%error, actor, "an actor is kept that said nothing");
    }
}

async fn take_in_and_hold(ctx: &Ctx, inbox: &Inbox, row: &Waiting, left: &[i64]) -> Verdict {
    let taking = take_in(ctx, inbox, row);
    tokio::pin!(taking);
    loop {
        tokio::select! {
            verdict = &mut taking => return verdict,
            () = tokio::time::sleep(LEASE / 3) => {
                if let Err(error) = hold(ctx, left).await {
                    tracing::warn!(%error, "leases of received activities cannot be renewed");
                }
            }
        }
    }
}

async fn settle(ctx: &Ctx, endings: Vec<Ending>) {
    if let Err(error) = door::ended(ctx, endings).await {
        tracing::error!(%error, "the end of received activities cannot be recorded; they will be given again");
    }
}

async fn hold(ctx: &Ctx, ids: &[i64]) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    store::hold(&mut tx, ids, ctx.clock.now().plus(LEASE)).await?;
    tx.commit().await
}

async fn take_in(ctx: &Ctx, inbox: &Inbox, row: &Waiting) -> Verdict {
    let giving = budget::within(given(ctx, inbox, row));
    match tokio::time::timeout(PATIENCE, AssertUnwindSafe(giving).catch_unwind()).await {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(_panic)) => {
            tracing::error!(row.id, row.kind, "a room panicked over a received activity");
            Verdict::Retry("a fault of ours".to_owned())
        }
        Err(_late) => Verdict::Retry("it took too long".to_owned()),
    }
}

async fn given(ctx: &Ctx, inbox: &Inbox, row: &Waiting) -> Verdict {
    let Ok(value) = json::parse(row.body.as_bytes()) else {
        return Verdict::Reject("not a document");
    };
    match policy::standing(ctx, &row.actor_uri).await {
        Ok(Standing::Blocked) => return Verdict::Ignore("its server is blocked"),
        Ok(_) => {}
        Err(error) => return error.into(),
    }
    if let Some(object) = &row.object_uri
        && matches!(row.kind.as_str(), "Create" | "Update")
    {
        match crate::actors::is_buried_by(ctx, object, &row.actor_uri).await {
            Ok(true) => return Verdict::Ignore("deleted before"),
            Ok(false) => {}
            Err(error) => return error.into(),
        }
    }
    let is_farewell = row.kind == "Delete" && row.object_uri.as_ref() == Some(&row.actor_uri);
    let actor = if is_farewell {
        // It is gone: asking its server would only say so.
        match actors::by_uri(&ctx.db, &row.actor_uri).await {
            Ok(Some(actor)) if !actor.local => actor,
            Ok(_) => return Verdict::Ignore("nobody here knew this actor"),
            Err(error) => return error.into(),
        }
    } else {
        match crate::actors::resolve(ctx, &row.actor_uri).await {
            Ok(actor) => actor,
            Err(error) => return error.into(),
        }
    };
    if actor.uri != row.actor_uri || actor.local {
        return Verdict::Reject("the actor is another one");
    }
    if actor.suspended {
        return Verdict::Ignore("the actor is shut out");
    }
    let Some(envelope) = Envelope::read(actor, value) else {
        return Verdict::Reject("not an activity");
    };
    match complete(ctx, envelope).await {
        Ok(envelope) => inbox.give(ctx, envelope).await,
        Err(verdict) => verdict,
    }
}

fn ending(ctx: &Ctx, row: &Waiting, verdict: Verdict) -> Ending {
    let now = ctx.clock.now();
    let attempt = usize::try_from(row.attempts).unwrap_or(0);
    let (state, text, due_at) = match verdict {
        Verdict::Done => ("done", None, now),
        Verdict::Ignore(why) => ("ignored", Some(why.to_owned()), now),
        Verdict::Reject(why) => ("refused", Some(why.to_owned()), now),
        Verdict::Retry(why) => match PAUSES.get(attempt) {
            Some(pause) => ("waiting", Some(why), now.plus(Duration::from_secs(*pause))),
            None => ("refused", Some(why), now),
        },
    };
    tracing::debug!(
        row.id,
        row.kind,
        row.actor_uri,
        state,
        verdict = text,
        "a received activity is settled"
    );
    let settled = state != "waiting";
    let of_its_server = row
        .object_uri
        .clone()
        .filter(|object| settled && address::same_origin(object, &row.actor_uri))
        .map(|object| (object, row.actor_uri.clone()));
    Ending {
        id: row.id,
        state,
        verdict: text,
        due_at,
        undone: of_its_server.clone().filter(|_| row.kind == "Undo"),
        buried: of_its_server.filter(|_| row.kind == "Delete"),
    }
}
