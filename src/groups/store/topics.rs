//! `groups_topic` and `groups_revision`.

use federation::ActorId;
use platform::store::{OnUnique as _, Page, Paging};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use super::push_list;
use crate::model::{GroupId, Topic, TopicId};

pub(crate) async fn insert(tx: &mut Tx, topic: &Topic) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO groups_topic (id, uri, group_id, actor_id, delegated, local, title, source, html, summary,
             language, state, locked, pinned_at, url, created_at, edited_at, told_at, last_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)")
        .bind(topic.id).bind(&topic.uri).bind(topic.group_id).bind(topic.actor_id).bind(topic.delegated)
        .bind(topic.local).bind(&topic.title).bind(&topic.source).bind(&topic.html).bind(&topic.summary)
        .bind(&topic.language).bind(topic.state).bind(topic.locked).bind(topic.pinned_at).bind(&topic.url)
        .bind(topic.created_at).bind(topic.edited_at).bind(topic.told_at).bind(topic.last_id)
        .execute(c).await.map(|_| ()).on_unique("topic"))
}

/// Writes everything of a topic that can change, but when something was last said in it.
pub(crate) async fn update(tx: &mut Tx, topic: &Topic) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE groups_topic SET title = $2, source = $3, html = $4, summary = $5, language = $6, state = $7,
             locked = $8, pinned_at = $9, url = $10, edited_at = $11, told_at = $12 WHERE id = $1")
        .bind(topic.id).bind(&topic.title).bind(&topic.source).bind(&topic.html).bind(&topic.summary)
        .bind(&topic.language).bind(topic.state).bind(topic.locked).bind(topic.pinned_at).bind(&topic.url)
        .bind(topic.edited_at).bind(topic.told_at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Something was said in a topic.
pub(crate) async fn touch(tx: &mut Tx, id: TopicId, last: i64) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE groups_topic SET last_id = $2 WHERE id = $1 AND last_id < $2")
        .bind(id).bind(last).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn by_id(db: &Db, id: TopicId) -> Result<Option<Topic>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM groups_topic WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

pub(crate) async fn by_uri(db: &Db, uri: &str) -> Result<Option<Topic>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM groups_topic WHERE uri = $1")
        .bind(uri).fetch_optional(c).await)?,
    )
}

pub(crate) async fn by_uri_in(tx: &mut Tx, uri: &str) -> Result<Option<Topic>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("SELECT * FROM groups_topic WHERE uri = $1")
        .bind(uri).fetch_optional(c).await)?,
    )
}

/// A topic, kept from other writers until the end of the transaction.
pub(crate) async fn locked(tx: &mut Tx, id: TopicId) -> Result<Option<Topic>, StoreError> {
    let sql = if tx.is_postgres() {
        "SELECT * FROM groups_topic WHERE id = $1 FOR UPDATE"
    } else {
        "SELECT * FROM groups_topic WHERE id = $1"
    };
    Ok(on_tx!(tx, c => sqlx::query_as(sql).bind(id).fetch_optional(c).await)?)
}

pub(crate) async fn by_ids(db: &Db, ids: &[i64]) -> Result<Vec<Topic>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM groups_topic WHERE id IN (");
        push_list!(query, ids);
        query.push(") ORDER BY id DESC");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The topics of a group, the one last spoken in first, before one; those that wait are for their author and
/// moderators.
pub(crate) async fn of_group(
    db: &Db,
    group: GroupId,
    (reader, moderates): (ActorId, bool),
    before: Option<i64>,
    limit: i64,
) -> Result<Page<Topic>, StoreError> {
    let paging = Paging::before(before, limit);
    let rows = on_db!(db, c => sqlx::query_as(
        "SELECT t.* FROM groups_topic t WHERE group_id = $1 AND pinned_at IS NULL AND last_id < $2
           AND NOT EXISTS (SELECT 1 FROM federation_actor a WHERE a.id = t.actor_id AND a.deleted_at IS NOT NULL)
           AND (state = 'shown' OR (state IN ('held', 'hidden') AND (actor_id = $3 OR $4)))
         ORDER BY last_id DESC LIMIT $5")
        .bind(group).bind(paging.below()).bind(reader).bind(moderates).bind(paging.limit_and_one())
        .fetch_all(c).await)?;
    Ok(Page::new(rows, &paging))
}

/// What stands at the top of a group, the latest first.
pub(crate) async fn pinned(db: &Db, group: GroupId) -> Result<Vec<Topic>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM groups_topic WHERE group_id = $1 AND pinned_at IS NOT NULL AND state = 'shown'
         ORDER BY pinned_at DESC LIMIT 20").bind(group).fetch_all(c).await)?)
}

/// How many topics can be read in each of these groups.
pub(crate) async fn counts(db: &Db, groups: &[GroupId]) -> Result<Vec<(GroupId, i64)>, StoreError> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT group_id, COUNT(*) FROM groups_topic WHERE state = 'shown' AND group_id IN (");
        push_list!(query, groups);
        query.push(") GROUP BY group_id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// Public topics: of an actor (or in its group), of those followed, or all; by id. `kind`: `actor`, `home`, `all`.
pub(crate) async fn public_list(
    db: &Db,
    kind: &str,
    actor: ActorId,
    (local, remote): (bool, bool),
    paging: &Paging,
) -> Result<Page<Topic>, StoreError> {
    macro_rules! listed {
        ($order:literal) => {
            concat!(
                "SELECT t.* FROM groups_topic t JOIN groups_group g ON g.id = t.group_id
                 WHERE g.scope = 'public' AND t.state = 'shown' AND t.id < $1 AND t.id > $2
                   AND ($3 <> 'actor' OR t.actor_id = $4 OR t.group_id = $4)
                   AND ($3 <> 'home' OR t.actor_id = $4 OR t.group_id IN
                        (SELECT followee_id FROM federation_follow WHERE follower_id = $4 AND accepted))
                   AND (t.local OR NOT $5) AND (NOT t.local OR NOT $6) ORDER BY t.id ",
                $order,
                " LIMIT $7"
            )
        };
    }
    let sql = if paging.is_ascending() {
        listed!("ASC")
    } else {
        listed!("DESC")
    };
    let rows = on_db!(db, c => sqlx::query_as(sql).bind(paging.below()).bind(paging.above()).bind(kind)
        .bind(actor).bind(local).bind(remote).bind(paging.limit_and_one()).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// How many public topics an actor opened, and when the last.
pub(crate) async fn figures(db: &Db, actor: ActorId) -> Result<(i64, Option<Timestamp>), StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT COUNT(*), MAX(t.created_at) FROM groups_topic t JOIN groups_group g ON g.id = t.group_id
         WHERE (t.actor_id = $1 OR t.group_id = $1) AND t.state = 'shown' AND g.scope = 'public'")
        .bind(actor).fetch_one(c).await)?)
}

/// What a topic said before it was edited.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Revision {
    pub(crate) title: String,
    pub(crate) html: String,
    pub(crate) summary: String,
    pub(crate) written_at: Timestamp,
}

/// Keeps what a topic says now, before it is changed.
pub(crate) async fn insert_revision(tx: &mut Tx, topic: &Topic) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO groups_revision (topic_id, title, html, summary, written_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (topic_id, written_at) DO NOTHING")
        .bind(topic.id).bind(&topic.title).bind(&topic.html).bind(&topic.summary).bind(topic.written_at())
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn revisions(db: &Db, id: TopicId) -> Result<Vec<Revision>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT title, html, summary, written_at FROM groups_revision WHERE topic_id = $1 ORDER BY written_at
         LIMIT 200").bind(id).fetch_all(c).await)?)
}

pub(crate) async fn remove_revisions(tx: &mut Tx, id: TopicId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM groups_revision WHERE topic_id = $1").bind(id)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Topics of people whose account has ended.
pub(crate) async fn of_the_gone(db: &Db) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT DISTINCT t.actor_id FROM groups_topic t JOIN federation_actor a ON a.id = t.actor_id
         WHERE a.deleted_at IS NOT NULL AND t.state <> 'deleted' LIMIT 200").fetch_all(c).await)?)
}

/// What somebody opened and still says something, the oldest first.
pub(crate) async fn of_actor(db: &Db, actor: ActorId, above: TopicId) -> Result<Vec<Topic>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM groups_topic WHERE actor_id = $1 AND state <> 'deleted' AND id > $2 ORDER BY id LIMIT 200")
        .bind(actor).bind(above).fetch_all(c).await)?)
}

/// Leaves of everything somebody opened only that it was.
pub(crate) async fn empty_of(tx: &mut Tx, actor: ActorId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "DELETE FROM groups_revision WHERE topic_id IN (SELECT id FROM groups_topic WHERE actor_id = $1)")
        .bind(actor).execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query(
        "UPDATE groups_topic SET state = 'deleted', title = '', source = NULL, html = '', summary = '', url = NULL,
             pinned_at = NULL WHERE actor_id = $1 AND state <> 'deleted'")
        .bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// A topic of which only is left that it was.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Emptied {
    pub(crate) id: TopicId,
    pub(crate) uri: String,
    /// Ours, and known to other servers, whoever they are.
    pub(crate) was_told: bool,
}

/// What is left of what somebody opened, the oldest first.
pub(crate) async fn emptied(db: &Db, actor: ActorId, above: TopicId) -> Result<Vec<Emptied>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT t.id, t.uri, (t.local AND t.told_at IS NOT NULL AND g.scope = 'public') AS was_told
         FROM groups_topic t JOIN groups_group g ON g.id = t.group_id
         WHERE t.actor_id = $1 AND t.state = 'deleted' AND t.id > $2 ORDER BY t.id LIMIT 200")
        .bind(actor).bind(above).fetch_all(c).await)?)
}
