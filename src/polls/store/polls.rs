//! `poll`, `poll_option`.

use federation::ActorId;
use platform::store::{Link, OnUnique as _, Page, Paging};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::{OptionCount, Poll, PollId, PollState, Tally};

/// The two secrets of a running poll, encrypted.
#[derive(Debug, Clone, Default, sqlx::FromRow)]
pub(crate) struct Secrets {
    /// Signs ballots.
    pub(crate) private_key: Option<Vec<u8>>,
    /// Makes voters of the register out of accounts.
    pub(crate) register_key: Option<Vec<u8>>,
}

/// Inserts a poll with its choices.
pub(crate) async fn insert(
    tx: &mut Tx,
    poll: &Poll,
    words: &[String],
    secrets: &Secrets,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO poll (id, uri, commune, actor_id, account_id, byline, delegated, question, source, html,
             language, multiple, verified_only, comment_mode, state, public_key, private_key, register_key,
             opened_at, closes_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)")
        .bind(poll.id).bind(&poll.uri).bind(&poll.commune).bind(poll.actor_id).bind(poll.account_id)
        .bind(&poll.byline).bind(poll.delegated).bind(&poll.question).bind(&poll.source).bind(&poll.html)
        .bind(&poll.language).bind(poll.multiple).bind(poll.verified_only).bind(poll.comment_mode)
        .bind(poll.state).bind(&poll.public_key).bind(&secrets.private_key).bind(&secrets.register_key)
        .bind(poll.opened_at).bind(poll.closes_at)
        .execute(c).await.map(|_| ()).on_unique("poll"))?;
    for (position, words) in (0i64..).zip(words) {
        on_tx!(tx, c => sqlx::query(
            "INSERT INTO poll_option (poll_id, position, words) VALUES ($1, $2, $3)")
            .bind(poll.id).bind(position).bind(words).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

pub(crate) async fn by_id(db: &Db, id: PollId) -> Result<Option<Poll>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as("SELECT * FROM poll WHERE id = $1")
        .bind(id).fetch_optional(c).await)?)
}

pub(crate) async fn by_ids(db: &Db, ids: &[i64]) -> Result<Vec<Poll>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM poll WHERE id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        query.push(") ORDER BY id DESC");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// How a row is held until the transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// Others may vote at the same time; nobody counts.
    Voting,
    /// Nobody else does anything with the poll.
    Alone,
}

/// Reads a poll and holds it. SQLite has one writer, so it is held alone anyhow.
pub(crate) async fn held(tx: &mut Tx, id: PollId, hold: Hold) -> Result<Option<Poll>, StoreError> {
    Ok(match tx.link() {
        Link::Lite(c) => {
            sqlx::query_as("SELECT * FROM poll WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut **c)
                .await?
        }
        Link::Pg(c) => {
            let sql = match hold {
                Hold::Voting => "SELECT * FROM poll WHERE id = $1 FOR KEY SHARE",
                Hold::Alone => "SELECT * FROM poll WHERE id = $1 FOR UPDATE",
            };
            sqlx::query_as(sql).bind(id).fetch_optional(&mut **c).await?
        }
    })
}

pub(crate) async fn secrets(db: &Db, id: PollId) -> Result<Secrets, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT private_key, register_key FROM poll WHERE id = $1")
        .bind(id).fetch_optional(c).await)?
        .unwrap_or_default(),
    )
}

/// The choices with their counts, in order.
pub(crate) async fn options(db: &Db, id: PollId) -> Result<Vec<OptionCount>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT position, words, ballots, paper FROM poll_option WHERE poll_id = $1 ORDER BY position")
        .bind(id).fetch_all(c).await)?)
}

pub(crate) async fn options_in(tx: &mut Tx, id: PollId) -> Result<Vec<OptionCount>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT position, words, ballots, paper FROM poll_option WHERE poll_id = $1 ORDER BY position")
        .bind(id).fetch_all(c).await)?)
}

/// Of a commune: those that run first, each part the newest first.
pub(crate) async fn of_commune(
    db: &Db,
    commune: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<Poll>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM poll WHERE commune = $1 AND state <> 'withdrawn' AND NOT hidden AND id < $2
         ORDER BY id DESC LIMIT $3")
        .bind(commune).bind(before).bind(limit).fetch_all(c).await)?)
}

/// Those of a commune that take votes now; what ends first comes first.
pub(crate) async fn open_now(
    db: &Db,
    commune: &str,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Poll>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM poll WHERE commune = $1 AND state = 'open' AND NOT hidden AND closes_at > $2
         ORDER BY closes_at, id LIMIT $3")
        .bind(commune).bind(now).bind(limit).fetch_all(c).await)?)
}

/// Which polls a list of statuses wants; all of them are public.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Listed {
    /// Of one office.
    Of(ActorId),
    /// Of the offices somebody follows.
    FollowedBy(ActorId),
    /// All.
    All,
}

pub(crate) async fn list(db: &Db, listed: Listed, paging: &Paging) -> Result<Page<Poll>, StoreError> {
    let order = if paging.is_ascending() { "ASC" } else { "DESC" };
    let rows = on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT p.* FROM poll p WHERE p.state <> 'withdrawn' AND NOT p.hidden AND p.id < ");
        query.push_bind(paging.below()).push(" AND p.id > ").push_bind(paging.above());
        match listed {
            Listed::Of(actor) => {
                query.push(" AND p.actor_id = ").push_bind(actor);
            }
            Listed::FollowedBy(actor) => {
                query.push(" AND (p.actor_id = ").push_bind(actor)
                    .push(" OR p.actor_id IN (SELECT f.followee_id FROM federation_follow f WHERE f.accepted AND f.follower_id = ")
                    .push_bind(actor).push("))");
            }
            Listed::All => {}
        }
        query.push(" ORDER BY p.id ").push(order).push(" LIMIT ").push_bind(paging.limit_and_one());
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(Page::new(rows, paging))
}

/// How many an office opened, and when the last.
pub(crate) async fn figures(db: &Db, actor: ActorId) -> Result<(i64, Option<Timestamp>), StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT COUNT(*), MAX(opened_at) FROM poll WHERE actor_id = $1 AND state <> 'withdrawn' AND NOT hidden")
        .bind(actor).fetch_one(c).await)?)
}

/// Polls of a commune that run.
pub(crate) async fn running(db: &Db) -> Result<Vec<PollId>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_scalar("SELECT id FROM poll WHERE state = 'open' ORDER BY id")
        .fetch_all(c).await)?,
    )
}

/// Polls whose time is over and that were not counted.
pub(crate) async fn overdue(db: &Db, now: Timestamp) -> Result<Vec<PollId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT id FROM poll WHERE state = 'open' AND closes_at <= $1 ORDER BY id")
        .bind(now).fetch_all(c).await)?)
}

/// Takes it from sight, or shows it again.
pub(crate) async fn set_hidden(tx: &mut Tx, id: PollId, hidden: bool) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE poll SET hidden = $2 WHERE id = $1")
        .bind(id).bind(hidden).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Writes the counts that may be shown.
pub(crate) async fn set_shown(tx: &mut Tx, id: PollId, tally: &Tally) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE poll SET shown_ballots = $2, shown_eligible = $3 WHERE id = $1")
        .bind(id).bind(tally.ballots).bind(tally.eligible).execute(c).await.map(|_| ()))?;
    for (position, count) in (0i64..).zip(&tally.counts) {
        on_tx!(tx, c => sqlx::query(
            "UPDATE poll_option SET ballots = $3 WHERE poll_id = $1 AND position = $2")
            .bind(id).bind(position).bind(count).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// What the end of a poll leaves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ended {
    pub(crate) signatures: i64,
    pub(crate) unreadable: i64,
    pub(crate) list_proof: Option<String>,
    pub(crate) register_proof: Option<String>,
}

/// Ends a poll and forgets its secrets.
pub(crate) async fn end(
    tx: &mut Tx,
    id: PollId,
    state: PollState,
    ended: &Ended,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE poll SET state = $2, closed_at = $3, signatures = $4, unreadable = $5, list_proof = $6,
             register_proof = $7, private_key = NULL, register_key = NULL WHERE id = $1")
        .bind(id).bind(state).bind(now).bind(ended.signatures).bind(ended.unreadable).bind(&ended.list_proof)
        .bind(&ended.register_proof).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Writes what the town hall counted on paper.
pub(crate) async fn set_paper(
    tx: &mut Tx,
    id: PollId,
    ballots: i64,
    counts: &[i64],
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE poll SET paper_ballots = $2, paper_at = $3 WHERE id = $1")
        .bind(id).bind(ballots).bind(now).execute(c).await.map(|_| ()))?;
    for (position, count) in (0i64..).zip(counts) {
        on_tx!(tx, c => sqlx::query("UPDATE poll_option SET paper = $3 WHERE poll_id = $1 AND position = $2")
            .bind(id).bind(position).bind(count).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}
