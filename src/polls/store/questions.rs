//! `poll_question*`: questions of other servers, and what people here answered.

use federation::ActorId;
use platform::store::Link;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::QuestionId;

/// A question of another server.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Question {
    pub(crate) id: QuestionId,
    pub(crate) uri: String,
    pub(crate) actor_id: ActorId,
    pub(crate) multiple: bool,
    pub(crate) closes_at: Option<Timestamp>,
    pub(crate) closed: bool,
    pub(crate) voters: Option<i64>,
    pub(crate) changed_at: Timestamp,
}

impl Question {
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.closed || self.closes_at.is_some_and(|at| at <= now)
    }
}

/// A choice of it, as its server counts.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Choice {
    pub(crate) position: i64,
    pub(crate) words: String,
    pub(crate) votes: i64,
}

pub(crate) async fn by_uri_in(tx: &mut Tx, uri: &str) -> Result<Option<Question>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("SELECT * FROM poll_question WHERE uri = $1")
        .bind(uri).fetch_optional(c).await)?,
    )
}

/// Reads a question to answer it: whoever answers it at the same time waits.
pub(crate) async fn held(tx: &mut Tx, id: QuestionId) -> Result<Option<Question>, StoreError> {
    Ok(match tx.link() {
        Link::Lite(c) => {
            sqlx::query_as("SELECT * FROM poll_question WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut **c)
                .await?
        }
        Link::Pg(c) => {
            sqlx::query_as("SELECT * FROM poll_question WHERE id = $1 FOR UPDATE")
                .bind(id)
                .fetch_optional(&mut **c)
                .await?
        }
    })
}

pub(crate) async fn by_id(db: &Db, id: QuestionId) -> Result<Option<Question>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM poll_question WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

pub(crate) async fn by_uris(db: &Db, uris: &[String]) -> Result<Vec<Question>, StoreError> {
    if uris.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM poll_question WHERE uri IN (");
        let mut list = query.separated(", ");
        for uri in uris {
            list.push_bind(uri.clone());
        }
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?)
}

pub(crate) async fn choices(db: &Db, id: QuestionId) -> Result<Vec<Choice>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT position, words, votes FROM poll_question_option WHERE question_id = $1 ORDER BY position")
        .bind(id).fetch_all(c).await)?)
}

pub(crate) async fn choices_in(tx: &mut Tx, id: QuestionId) -> Result<Vec<Choice>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT position, words, votes FROM poll_question_option WHERE question_id = $1 ORDER BY position")
        .bind(id).fetch_all(c).await)?)
}

/// Writes a question as its server tells it now. Other choices make it another question: what was answered goes.
pub(crate) async fn put(
    tx: &mut Tx,
    question: &Question,
    choices: &[(String, i64)],
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO poll_question (id, uri, actor_id, multiple, closes_at, closed, voters, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (uri) DO UPDATE SET multiple = excluded.multiple, closes_at = excluded.closes_at,
             closed = excluded.closed, voters = excluded.voters, changed_at = excluded.changed_at")
        .bind(question.id).bind(&question.uri).bind(question.actor_id).bind(question.multiple)
        .bind(question.closes_at).bind(question.closed).bind(question.voters).bind(question.changed_at)
        .execute(c).await.map(|_| ()))?;
    let known = choices_in(tx, question.id).await?;
    let same = known.len() == choices.len()
        && known
            .iter()
            .zip(choices)
            .all(|(known, (words, _))| known.words == *words);
    if !same {
        on_tx!(tx, c => sqlx::query("DELETE FROM poll_question_option WHERE question_id = $1")
            .bind(question.id).execute(c).await.map(|_| ()))?;
        on_tx!(tx, c => sqlx::query("DELETE FROM poll_question_vote WHERE question_id = $1")
            .bind(question.id).execute(c).await.map(|_| ()))?;
    }
    for (position, (words, votes)) in (0i64..).zip(choices) {
        on_tx!(tx, c => sqlx::query(
            "INSERT INTO poll_question_option (question_id, position, words, votes) VALUES ($1, $2, $3, $4)
             ON CONFLICT (question_id, position) DO UPDATE SET votes = excluded.votes")
            .bind(question.id).bind(position).bind(words).bind(votes).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// What somebody here answered.
pub(crate) async fn answers(db: &Db, id: QuestionId, actor: ActorId) -> Result<Vec<i64>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT position FROM poll_question_vote WHERE question_id = $1 AND actor_id = $2 ORDER BY position")
        .bind(id).bind(actor).fetch_all(c).await)?)
}

pub(crate) async fn answers_in(tx: &mut Tx, id: QuestionId, actor: ActorId) -> Result<Vec<i64>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT position FROM poll_question_vote WHERE question_id = $1 AND actor_id = $2 ORDER BY position")
        .bind(id).bind(actor).fetch_all(c).await)?)
}

pub(crate) async fn answer(
    tx: &mut Tx,
    id: QuestionId,
    actor: ActorId,
    position: i64,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO poll_question_vote (question_id, actor_id, position) VALUES ($1, $2, $3)")
        .bind(id).bind(actor).bind(position).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// All that somebody answered elsewhere, for her data.
pub(crate) async fn answers_of(db: &Db, actor: ActorId) -> Result<Vec<(String, String)>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT q.uri, o.words FROM poll_question_vote v JOIN poll_question q ON q.id = v.question_id
         JOIN poll_question_option o ON o.question_id = v.question_id AND o.position = v.position
         WHERE v.actor_id = $1 ORDER BY q.id, o.position").bind(actor).fetch_all(c).await)?)
}

pub(crate) async fn forget_answers_of(tx: &mut Tx, actor: ActorId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM poll_question_vote WHERE actor_id = $1")
        .bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Forgets a question.
pub(crate) async fn remove(tx: &mut Tx, id: QuestionId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM poll_question_vote WHERE question_id = $1",
        "DELETE FROM poll_question_option WHERE question_id = $1",
        "DELETE FROM poll_question WHERE id = $1",
    ] {
        on_tx!(tx, c => sqlx::query(sql).bind(id).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Those of an author.
pub(crate) async fn of_actor(db: &Db, actor: ActorId) -> Result<Vec<QuestionId>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_scalar("SELECT id FROM poll_question WHERE actor_id = $1")
        .bind(actor).fetch_all(c).await)?,
    )
}
