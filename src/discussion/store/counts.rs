//! Counts of likes, shares and comments of many things at once.

use std::collections::{HashMap, HashSet};

use federation::ActorId;
use platform::{Db, StoreError, on_db};

use super::push_list;

/// Things counted: all, and those that other servers may know of.
pub(crate) type Tally = HashMap<i64, (i64, i64)>;

/// Likes of things of one kind.
pub(crate) async fn likes(db: &Db, kind: &str, ids: &[i64]) -> Result<Tally, StoreError> {
    reactions(
        db,
        "SELECT l.target_id, COUNT(*), CAST(SUM(CASE WHEN a.federated THEN 1 ELSE 0 END) AS BIGINT)
         FROM discussion_like l JOIN federation_actor a ON a.id = l.actor_id
         WHERE a.deleted_at IS NULL AND NOT a.suspended AND l.target_kind = ",
        kind,
        ids,
    )
    .await
}

/// Shares of things of one kind.
pub(crate) async fn shares(db: &Db, kind: &str, ids: &[i64]) -> Result<Tally, StoreError> {
    reactions(
        db,
        "SELECT l.target_id, COUNT(*), CAST(SUM(CASE WHEN a.federated THEN 1 ELSE 0 END) AS BIGINT)
         FROM discussion_share l JOIN federation_actor a ON a.id = l.actor_id
         WHERE a.deleted_at IS NULL AND NOT a.suspended AND l.target_kind = ",
        kind,
        ids,
    )
    .await
}

async fn reactions(db: &Db, sql: &'static str, kind: &str, ids: &[i64]) -> Result<Tally, StoreError> {
    let rows: Vec<(i64, i64, i64)> = on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(sql);
        query.push_bind(kind.to_owned()).push(" AND l.target_id IN (");
        push_list!(query, ids);
        query.push(") GROUP BY l.target_id");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows
        .into_iter()
        .map(|(id, all, open)| (id, (all, open)))
        .collect())
}

/// Shown comments about subjects of one kind.
pub(crate) async fn comments(db: &Db, kind: &str, ids: &[i64]) -> Result<Tally, StoreError> {
    let rows: Vec<(i64, i64, i64)> = on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT c.subject_id, COUNT(*), CAST(SUM(CASE WHEN a.federated AND c.told_at IS NOT NULL AND
                 c.visibility IN ('public', 'unlisted') THEN 1 ELSE 0 END) AS BIGINT)
             FROM discussion_comment c JOIN federation_actor a ON a.id = c.actor_id
             WHERE c.state = 'shown' AND NOT c.narrow AND a.deleted_at IS NULL AND NOT a.suspended
               AND c.subject_kind = ");
        query.push_bind(kind.to_owned()).push(" AND c.subject_id IN (");
        push_list!(query, ids);
        query.push(") GROUP BY c.subject_id");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows
        .into_iter()
        .map(|(id, all, open)| (id, (all, open)))
        .collect())
}

/// Shown answers to comments.
pub(crate) async fn answers(db: &Db, ids: &[i64]) -> Result<Tally, StoreError> {
    let rows: Vec<(i64, i64, i64)> = on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT c.parent_id, COUNT(*), CAST(SUM(CASE WHEN a.federated AND c.told_at IS NOT NULL AND
                 c.visibility IN ('public', 'unlisted') THEN 1 ELSE 0 END) AS BIGINT)
             FROM discussion_comment c JOIN federation_actor a ON a.id = c.actor_id
             WHERE c.state = 'shown' AND NOT c.narrow AND a.deleted_at IS NULL AND NOT a.suspended
               AND c.parent_id IN (");
        push_list!(query, ids);
        query.push(") GROUP BY c.parent_id");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows
        .into_iter()
        .map(|(id, all, open)| (id, (all, open)))
        .collect())
}

/// Which of these the actor liked.
pub(crate) async fn liked(
    db: &Db,
    actor: ActorId,
    kind: &str,
    ids: &[i64],
) -> Result<HashSet<i64>, StoreError> {
    done(
        db,
        "SELECT target_id FROM discussion_like WHERE actor_id = ",
        actor,
        kind,
        ids,
    )
    .await
}

/// Which of these the actor shared.
pub(crate) async fn shared(
    db: &Db,
    actor: ActorId,
    kind: &str,
    ids: &[i64],
) -> Result<HashSet<i64>, StoreError> {
    done(
        db,
        "SELECT target_id FROM discussion_share WHERE actor_id = ",
        actor,
        kind,
        ids,
    )
    .await
}

async fn done(
    db: &Db,
    sql: &'static str,
    actor: ActorId,
    kind: &str,
    ids: &[i64],
) -> Result<HashSet<i64>, StoreError> {
    let rows: Vec<i64> = on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(sql);
        query.push_bind(actor).push(" AND target_kind = ").push_bind(kind.to_owned()).push(" AND target_id IN (");
        push_list!(query, ids);
        query.push(")");
        query.build_query_scalar().fetch_all(c).await
    })?;
    Ok(rows.into_iter().collect())
}
