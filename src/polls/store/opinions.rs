//! `poll_opinion*`: public opinions and their answers.

use federation::ActorId;
use platform::store::{Link, OnUnique as _, Page, Paging};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use super::polls::Listed;
use crate::model::{Opinion, OpinionId, OpinionOption, PollState, Side};

pub(crate) async fn insert(
    tx: &mut Tx,
    opinion: &Opinion,
    words: &[String],
    voter_key: &[u8],
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO poll_opinion (id, uri, commune, actor_id, account_id, byline, delegated, question, source,
             html, language, multiple, visibility, comment_mode, state, voter_key, opened_at, closes_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)")
        .bind(opinion.id).bind(&opinion.uri).bind(&opinion.commune).bind(opinion.actor_id)
        .bind(opinion.account_id).bind(&opinion.byline).bind(opinion.delegated).bind(&opinion.question)
        .bind(&opinion.source).bind(&opinion.html).bind(&opinion.language).bind(opinion.multiple)
        .bind(opinion.visibility).bind(opinion.comment_mode).bind(opinion.state).bind(voter_key)
        .bind(opinion.opened_at).bind(opinion.closes_at)
        .execute(c).await.map(|_| ()).on_unique("poll_opinion"))?;
    for (position, words) in (0i64..).zip(words) {
        on_tx!(tx, c => sqlx::query(
            "INSERT INTO poll_opinion_option (opinion_id, position, words) VALUES ($1, $2, $3)")
            .bind(opinion.id).bind(position).bind(words).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

pub(crate) async fn by_id(db: &Db, id: OpinionId) -> Result<Option<Opinion>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM poll_opinion WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

pub(crate) async fn by_ids(db: &Db, ids: &[i64]) -> Result<Vec<Opinion>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM poll_opinion WHERE id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        query.push(") ORDER BY id DESC");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The public ones of a commune that take answers now; what ends first comes first.
pub(crate) async fn open_now(
    db: &Db,
    commune: &str,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Opinion>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM poll_opinion WHERE commune = $1 AND state = 'open' AND NOT hidden AND visibility = 'public'
             AND closes_at > $2 ORDER BY closes_at, id LIMIT $3")
        .bind(commune).bind(now).bind(limit).fetch_all(c).await)?)
}

pub(crate) async fn by_uri(db: &Db, uri: &str) -> Result<Option<Opinion>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM poll_opinion WHERE uri = $1")
        .bind(uri).fetch_optional(c).await)?,
    )
}

/// Reads an opinion and holds it alone: answers are counted one after the other.
pub(crate) async fn held(tx: &mut Tx, id: OpinionId) -> Result<Option<Opinion>, StoreError> {
    Ok(match tx.link() {
        Link::Lite(c) => {
            sqlx::query_as("SELECT * FROM poll_opinion WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut **c)
                .await?
        }
        Link::Pg(c) => {
            sqlx::query_as("SELECT * FROM poll_opinion WHERE id = $1 FOR UPDATE")
                .bind(id)
                .fetch_optional(&mut **c)
                .await?
        }
    })
}

/// The key that makes voters out of actors, encrypted; none once it is closed.
pub(crate) async fn voter_key(db: &Db, id: OpinionId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_scalar("SELECT voter_key FROM poll_opinion WHERE id = $1")
        .bind(id).fetch_optional(c).await)?
        .flatten(),
    )
}

pub(crate) async fn options(db: &Db, id: OpinionId) -> Result<Vec<OpinionOption>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT position, words, residents, outside FROM poll_opinion_option WHERE opinion_id = $1
         ORDER BY position").bind(id).fetch_all(c).await)?)
}

pub(crate) async fn options_in(tx: &mut Tx, id: OpinionId) -> Result<Vec<OpinionOption>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT position, words, residents, outside FROM poll_opinion_option WHERE opinion_id = $1
         ORDER BY position").bind(id).fetch_all(c).await)?)
}

pub(crate) async fn of_commune(
    db: &Db,
    commune: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<Opinion>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM poll_opinion WHERE commune = $1 AND state <> 'withdrawn' AND NOT hidden
             AND visibility = 'public' AND id < $2 ORDER BY id DESC LIMIT $3")
        .bind(commune).bind(before).bind(limit).fetch_all(c).await)?)
}

/// A list of statuses; those that are not listed in public stand in their author's only.
pub(crate) async fn list(db: &Db, listed: Listed, paging: &Paging) -> Result<Page<Opinion>, StoreError> {
    let order = if paging.is_ascending() { "ASC" } else { "DESC" };
    let rows = on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT p.* FROM poll_opinion p WHERE p.state <> 'withdrawn' AND NOT p.hidden AND p.id < ");
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
            Listed::All => {
                query.push(" AND p.visibility = 'public'");
            }
        }
        query.push(" ORDER BY p.id ").push(order).push(" LIMIT ").push_bind(paging.limit_and_one());
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(Page::new(rows, paging))
}

pub(crate) async fn figures(db: &Db, actor: ActorId) -> Result<(i64, Option<Timestamp>), StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT COUNT(*), MAX(opened_at) FROM poll_opinion
         WHERE actor_id = $1 AND state <> 'withdrawn' AND NOT hidden")
        .bind(actor).fetch_one(c).await)?)
}

pub(crate) async fn overdue(db: &Db, now: Timestamp) -> Result<Vec<OpinionId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT id FROM poll_opinion WHERE state = 'open' AND closes_at <= $1 ORDER BY id")
        .bind(now).fetch_all(c).await)?)
}

/// Whether this voter answered.
pub(crate) async fn has_voter(tx: &mut Tx, id: OpinionId, voter: &[u8]) -> Result<bool, StoreError> {
    let found: Option<i64> = on_tx!(tx, c => sqlx::query_scalar(
        "SELECT opinion_id FROM poll_opinion_voter WHERE opinion_id = $1 AND voter = $2")
        .bind(id).bind(voter).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Which of these votes were given.
pub(crate) async fn given(db: &Db, id: OpinionId, votes: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, StoreError> {
    if votes.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT vote FROM poll_opinion_vote WHERE opinion_id = ");
        query.push_bind(id).push(" AND vote IN (");
        let mut list = query.separated(", ");
        for vote in votes {
            list.push_bind(vote.clone());
        }
        query.push(")");
        query.build_query_scalar().fetch_all(c).await
    })?)
}

/// Counts a voter who is new.
pub(crate) async fn add_voter(
    tx: &mut Tx,
    id: OpinionId,
    voter: &[u8],
    side: Side,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("INSERT INTO poll_opinion_voter (opinion_id, voter) VALUES ($1, $2)")
        .bind(id).bind(voter).execute(c).await.map(|_| ()).on_unique("poll_opinion_voter"))?;
    let sql = match side {
        Side::Residents => "UPDATE poll_opinion SET resident_voters = resident_voters + 1 WHERE id = $1",
        Side::Outside => "UPDATE poll_opinion SET outside_voters = outside_voters + 1 WHERE id = $1",
    };
    on_tx!(tx, c => sqlx::query(sql).bind(id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Counts an answer.
pub(crate) async fn add_vote(
    tx: &mut Tx,
    id: OpinionId,
    vote: &[u8],
    position: i64,
    side: Side,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("INSERT INTO poll_opinion_vote (opinion_id, vote) VALUES ($1, $2)")
        .bind(id).bind(vote).execute(c).await.map(|_| ()).on_unique("poll_opinion_vote"))?;
    let sql = match side {
        Side::Residents => {
            "UPDATE poll_opinion_option SET residents = residents + 1 WHERE opinion_id = $1 AND position = $2"
        }
        Side::Outside => {
            "UPDATE poll_opinion_option SET outside = outside + 1 WHERE opinion_id = $1 AND position = $2"
        }
    };
    on_tx!(tx, c => sqlx::query(sql).bind(id).bind(position).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Counts a voter of a server; how many there are now.
pub(crate) async fn add_of_server(tx: &mut Tx, id: OpinionId, host: &str) -> Result<i64, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "INSERT INTO poll_opinion_server (opinion_id, host, voters) VALUES ($1, $2, 1)
         ON CONFLICT (opinion_id, host) DO UPDATE SET voters = poll_opinion_server.voters + 1
         RETURNING voters").bind(id).bind(host).fetch_one(c).await)?)
}

/// Ends an opinion: what tells who answered goes with its key.
pub(crate) async fn end(
    tx: &mut Tx,
    id: OpinionId,
    state: PollState,
    now: Timestamp,
) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM poll_opinion_voter WHERE opinion_id = $1",
        "DELETE FROM poll_opinion_vote WHERE opinion_id = $1",
        "DELETE FROM poll_opinion_server WHERE opinion_id = $1",
    ] {
        on_tx!(tx, c => sqlx::query(sql).bind(id).execute(c).await.map(|_| ()))?;
    }
    on_tx!(tx, c => sqlx::query(
        "UPDATE poll_opinion SET state = $2, closed_at = $3, voter_key = NULL WHERE id = $1")
        .bind(id).bind(state).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Takes it from sight, or shows it again.
pub(crate) async fn set_hidden(tx: &mut Tx, id: OpinionId, hidden: bool) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE poll_opinion SET hidden = $2 WHERE id = $1")
        .bind(id).bind(hidden).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Those that run.
pub(crate) async fn running(db: &Db) -> Result<Vec<Opinion>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM poll_opinion WHERE state = 'open' ORDER BY id")
        .fetch_all(c).await)?,
    )
}
