//! `discussion_flag` and `discussion_decision`.

use federation::ActorId;
use platform::store::{Page, Paging};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use super::push_list;
use crate::model::{Decision, DecisionId, Flag, FlagId, FlagState, Target};

macro_rules! flag_columns {
    () => {
        "id, target_kind, target_id, commune, reporter_id, reporter_email, reporter_name, reporter_lang, category, \
         text, uri, state, created_at, closed_at"
    };
}

macro_rules! decision_columns {
    () => {
        "id, target_kind, target_id, commune, moderator_id, deed, ground, reason, appeal, appealed_at, created_at"
    };
}

/// Writes a flag; `false` when this activity of another server is kept already.
pub(crate) async fn insert_flag(tx: &mut Tx, flag: &Flag) -> Result<bool, StoreError> {
    let rows = on_tx!(tx, c => sqlx::query(
        "INSERT INTO discussion_flag (id, target_kind, target_id, commune, reporter_id, reporter_email,
             reporter_name, reporter_lang, category, text, uri, state, created_at, closed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (uri, target_kind, target_id) DO NOTHING")
        .bind(flag.id).bind(&flag.target_kind).bind(flag.target_id).bind(&flag.commune).bind(flag.reporter_id)
        .bind(&flag.reporter_email).bind(&flag.reporter_name).bind(&flag.reporter_lang).bind(flag.category)
        .bind(&flag.text).bind(&flag.uri).bind(flag.state).bind(flag.created_at).bind(flag.closed_at)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Whether somebody's flag of this thing is open.
pub(crate) async fn is_flagged_by(
    tx: &mut Tx,
    target: Target,
    reporter: ActorId,
) -> Result<bool, StoreError> {
    let found: Option<i64> = on_tx!(tx, c => sqlx::query_scalar(
        "SELECT id FROM discussion_flag WHERE target_kind = $1 AND target_id = $2 AND reporter_id = $3
           AND state = 'open' LIMIT 1")
        .bind(target.kind).bind(target.id).bind(reporter).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Closes all open flags of a thing and gives them.
pub(crate) async fn close_flags(
    tx: &mut Tx,
    target: Target,
    state: FlagState,
    now: Timestamp,
) -> Result<Vec<Flag>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(concat!(
        "UPDATE discussion_flag SET state = $3, closed_at = $4
         WHERE target_kind = $1 AND target_id = $2 AND state = 'open' RETURNING ", flag_columns!()))
        .bind(target.kind).bind(target.id).bind(state).bind(now).fetch_all(c).await)?)
}

/// Removes name and address of those whose notice was decided before that instant.
pub(crate) async fn forget_reporters(tx: &mut Tx, closed_before: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE discussion_flag SET reporter_name = NULL, reporter_email = NULL
         WHERE closed_at <= $1 AND (reporter_name IS NOT NULL OR reporter_email IS NOT NULL)")
        .bind(closed_before).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The things with open flags in a commune, the one flagged first first: kind, id, number of flags, id of the
/// first flag.
pub(crate) async fn flagged(
    db: &Db,
    commune: Option<&str>,
    above: i64,
    limit: i64,
) -> Result<Vec<(String, i64, i64, i64)>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT target_kind, target_id, COUNT(*), MIN(id) FROM discussion_flag
         WHERE state = 'open' AND COALESCE(commune, '') = $1
         GROUP BY target_kind, target_id HAVING MIN(id) > $2 ORDER BY MIN(id) LIMIT $3")
        .bind(commune.unwrap_or_default()).bind(above).bind(limit).fetch_all(c).await)?)
}

/// The open flags of things of one kind, the oldest first.
pub(crate) async fn open_flags(db: &Db, kind: &str, ids: &[i64]) -> Result<Vec<Flag>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(concat!("SELECT ", flag_columns!(),
            " FROM discussion_flag WHERE state = 'open' AND target_kind = "));
        query.push_bind(kind.to_owned()).push(" AND target_id IN (");
        push_list!(query, ids);
        query.push(") ORDER BY id LIMIT 500");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// How many things wait on a commune's desk: flagged ones and held comments.
pub(crate) async fn count_waiting(db: &Db, commune: Option<&str>) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM (SELECT DISTINCT target_kind, target_id FROM discussion_flag
                 WHERE state = 'open' AND COALESCE(commune, '') = $1) f)
              + (SELECT COUNT(*) FROM discussion_comment WHERE state = 'held' AND COALESCE(commune, '') = $1)")
        .bind(commune.unwrap_or_default()).fetch_one(c).await)?)
}

pub(crate) async fn insert_decision(tx: &mut Tx, decision: &Decision) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO discussion_decision (id, target_kind, target_id, commune, moderator_id, deed, ground, reason,
             appeal, appealed_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .bind(decision.id).bind(&decision.target_kind).bind(decision.target_id).bind(&decision.commune)
        .bind(decision.moderator_id).bind(decision.deed).bind(&decision.ground).bind(&decision.reason)
        .bind(&decision.appeal).bind(decision.appealed_at).bind(decision.created_at)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn decision(db: &Db, id: DecisionId) -> Result<Option<Decision>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as(concat!("SELECT ", decision_columns!(),
        " FROM discussion_decision WHERE id = $1")).bind(id).fetch_optional(c).await)?,
    )
}

/// The decisions of a commune, newest first.
pub(crate) async fn decisions(
    db: &Db,
    commune: Option<&str>,
    paging: &Paging,
) -> Result<Page<Decision>, StoreError> {
    let rows = on_db!(db, c => sqlx::query_as(concat!("SELECT ", decision_columns!(),
        " FROM discussion_decision WHERE COALESCE(commune, '') = $1 AND id < $2 ORDER BY id DESC LIMIT $3"))
        .bind(commune.unwrap_or_default()).bind(paging.below()).bind(paging.limit_and_one())
        .fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// The last decision about each of these things that took it from sight.
pub(crate) async fn last_hides(db: &Db, kind: &str, ids: &[i64]) -> Result<Vec<Decision>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(concat!("SELECT ", decision_columns!(),
            " FROM discussion_decision WHERE deed = 'hide' AND target_kind = "));
        query.push_bind(kind.to_owned()).push(" AND target_id IN (");
        push_list!(query, ids);
        query.push(") ORDER BY id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The last decision that took a thing from sight or showed it.
pub(crate) async fn last_standing(db: &Db, kind: &str, id: i64) -> Result<Option<Decision>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as(concat!("SELECT ", decision_columns!(), " FROM discussion_decision
         WHERE target_kind = $1 AND target_id = $2 AND deed <> 'dismiss' ORDER BY id DESC LIMIT 1"))
        .bind(kind).bind(id).fetch_optional(c).await)?,
    )
}

/// The author contests a decision; `false` when she did so already.
pub(crate) async fn contest(
    tx: &mut Tx,
    id: DecisionId,
    words: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows = on_tx!(tx, c => sqlx::query(
        "UPDATE discussion_decision SET appeal = $2, appealed_at = $3 WHERE id = $1 AND appeal IS NULL")
        .bind(id).bind(words).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Contested decisions of a commune after which nothing else was decided about the thing, the oldest first.
pub(crate) async fn contested(
    db: &Db,
    commune: Option<&str>,
    limit: i64,
) -> Result<Vec<Decision>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as(concat!("SELECT ", decision_columns!(),
        " FROM discussion_decision d WHERE COALESCE(commune, '') = $1 AND appeal IS NOT NULL AND deed = 'hide'
           AND NOT EXISTS (SELECT 1 FROM discussion_decision later WHERE later.target_kind = d.target_kind
               AND later.target_id = d.target_id AND later.id > d.id)
         ORDER BY id LIMIT $2"))
        .bind(commune.unwrap_or_default()).bind(limit).fetch_all(c).await)?,
    )
}

/// The open flags of a thing, the oldest first, and what was decided about it, newest first.
pub(crate) async fn about(
    db: &Db,
    kind: &str,
    id: i64,
    commune: Option<&str>,
) -> Result<(Vec<Flag>, Vec<Decision>), StoreError> {
    let commune = commune.unwrap_or_default();
    let flags = on_db!(db, c => sqlx::query_as(concat!("SELECT ", flag_columns!(), " FROM discussion_flag
         WHERE state = 'open' AND target_kind = $1 AND target_id = $2 AND COALESCE(commune, '') = $3
         ORDER BY id LIMIT 200"))
        .bind(kind).bind(id).bind(commune).fetch_all(c).await)?;
    let decisions = on_db!(db, c => sqlx::query_as(concat!("SELECT ", decision_columns!(), " FROM discussion_decision
         WHERE target_kind = $1 AND target_id = $2 AND COALESCE(commune, '') = $3 ORDER BY id DESC LIMIT 100"))
        .bind(kind).bind(id).bind(commune).fetch_all(c).await)?;
    Ok((flags, decisions))
}

/// A flag of this person.
pub(crate) async fn flag_of(db: &Db, reporter: ActorId, id: FlagId) -> Result<Option<Flag>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(concat!("SELECT ", flag_columns!(),
        " FROM discussion_flag WHERE id = $1 AND reporter_id = $2"))
        .bind(id).bind(reporter).fetch_optional(c).await)?)
}

/// The decision with which the flags of a thing were closed at this moment.
pub(crate) async fn decision_at(
    db: &Db,
    kind: &str,
    id: i64,
    at: Timestamp,
) -> Result<Option<Decision>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as(concat!("SELECT ", decision_columns!(), " FROM discussion_decision
         WHERE target_kind = $1 AND target_id = $2 AND created_at = $3 ORDER BY id DESC LIMIT 1"))
        .bind(kind).bind(id).bind(at).fetch_optional(c).await)?,
    )
}

/// Whether flags of a thing were closed at this moment.
pub(crate) async fn closed_at(db: &Db, kind: &str, id: i64, at: Timestamp) -> Result<bool, StoreError> {
    let found: Option<i64> = on_db!(db, c => sqlx::query_scalar(
        "SELECT id FROM discussion_flag WHERE target_kind = $1 AND target_id = $2 AND closed_at = $3 LIMIT 1")
        .bind(kind).bind(id).bind(at).fetch_optional(c).await)?;
    Ok(found.is_some())
}
