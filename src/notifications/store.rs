//! `notification` and `notification_preference`.

use federation::ActorId;
use platform::store::{Page, Paging};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::{Kind, Notice, NoticeId, Told};

/// Writes a notice for one actor; the same notice twice is one.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: NoticeId,
    to: ActorId,
    notice: &Notice,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO notification (id, actor_id, kind, from_id, target_kind, target_id, page, excerpt, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (actor_id, kind, from_id, target_kind, target_id) DO NOTHING")
        .bind(id).bind(to).bind(notice.kind).bind(notice.from).bind(notice.target_kind)
        .bind(notice.target_id).bind(&notice.page).bind(&notice.excerpt).bind(now)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The notices of an actor, newest first.
pub(crate) async fn of_actor(db: &Db, actor: ActorId, paging: &Paging) -> Result<Page<Told>, StoreError> {
    let sql = if paging.is_ascending() {
        "SELECT id, actor_id, kind, from_id, target_kind, target_id, page, excerpt, created_at, read_at
         FROM notification WHERE actor_id = $1 AND id < $2 AND id > $3 ORDER BY id ASC LIMIT $4"
    } else {
        "SELECT id, actor_id, kind, from_id, target_kind, target_id, page, excerpt, created_at, read_at
         FROM notification WHERE actor_id = $1 AND id < $2 AND id > $3 ORDER BY id DESC LIMIT $4"
    };
    let rows = on_db!(db, c => sqlx::query_as(sql).bind(actor).bind(paging.below()).bind(paging.above())
        .bind(paging.limit_and_one()).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

pub(crate) async fn by_id(db: &Db, actor: ActorId, id: NoticeId) -> Result<Option<Told>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT id, actor_id, kind, from_id, target_kind, target_id, page, excerpt, created_at, read_at
         FROM notification WHERE actor_id = $1 AND id = $2").bind(actor).bind(id).fetch_optional(c).await)?)
}

pub(crate) async fn count_unread(db: &Db, actor: ActorId) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM notification WHERE actor_id = $1 AND read_at IS NULL")
        .bind(actor).fetch_one(c).await)?)
}

/// Marks everything up to `id` as read.
pub(crate) async fn mark_read(
    tx: &mut Tx,
    actor: ActorId,
    up_to: NoticeId,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE notification SET read_at = $3 WHERE actor_id = $1 AND id <= $2 AND read_at IS NULL")
        .bind(actor).bind(up_to).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Removes one, or all, of an actor's.
pub(crate) async fn remove(tx: &mut Tx, actor: ActorId, id: Option<NoticeId>) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM notification WHERE actor_id = $1 AND ($2 IS NULL OR id = $2)")
        .bind(actor).bind(id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Removes what was told about a thing that is gone.
pub(crate) async fn retract(tx: &mut Tx, target_kind: &str, target_id: i64) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM notification WHERE target_kind = $1 AND target_id = $2")
        .bind(target_kind).bind(target_id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Writes one notice for many actors, a few hundred rows at once.
pub(crate) async fn insert_many(
    tx: &mut Tx,
    to: &[(NoticeId, ActorId)],
    notice: &Notice,
    now: Timestamp,
) -> Result<(), StoreError> {
    for some in to.chunks(200) {
        on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO notification (id, actor_id, kind, from_id, target_kind, target_id, page, excerpt, created_at) ",
            );
            query.push_values(some, |mut row, (id, actor)| {
                row.push_bind(*id).push_bind(*actor).push_bind(notice.kind).push_bind(notice.from)
                    .push_bind(notice.target_kind).push_bind(notice.target_id).push_bind(&notice.page)
                    .push_bind(&notice.excerpt).push_bind(now);
            });
            query.push(" ON CONFLICT (actor_id, kind, from_id, target_kind, target_id) DO NOTHING");
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// The notices of an actor of these kinds, newest first.
pub(crate) async fn of_kinds(
    db: &Db,
    actor: ActorId,
    kinds: &[Kind],
    paging: &Paging,
) -> Result<Page<Told>, StoreError> {
    if kinds.is_empty() {
        return Ok(Page::new(Vec::new(), paging));
    }
    let rows = on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT id, actor_id, kind, from_id, target_kind, target_id, page, excerpt, created_at, read_at
             FROM notification WHERE actor_id = ");
        query.push_bind(actor).push(" AND id < ").push_bind(paging.below());
        query.push(" AND id > ").push_bind(paging.above()).push(" AND kind IN (");
        let mut list = query.separated(", ");
        for kind in kinds {
            list.push_bind(*kind);
        }
        query.push(if paging.is_ascending() { ") ORDER BY id ASC LIMIT " } else { ") ORDER BY id DESC LIMIT " });
        query.push_bind(paging.limit_and_one());
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(Page::new(rows, paging))
}

/// How many of these kinds an actor has not read.
pub(crate) async fn count_unread_of(db: &Db, actor: ActorId, kinds: &[Kind]) -> Result<i64, StoreError> {
    if kinds.is_empty() {
        return Ok(0);
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT COUNT(*) FROM notification WHERE read_at IS NULL AND actor_id = ");
        query.push_bind(actor).push(" AND kind IN (");
        let mut list = query.separated(", ");
        for kind in kinds {
            list.push_bind(*kind);
        }
        query.push(")");
        query.build_query_scalar().fetch_one(c).await
    })?)
}

/// Removes those of these kinds.
pub(crate) async fn remove_of(tx: &mut Tx, actor: ActorId, kinds: &[Kind]) -> Result<(), StoreError> {
    for kind in kinds {
        on_tx!(tx, c => sqlx::query("DELETE FROM notification WHERE actor_id = $1 AND kind = $2")
            .bind(actor).bind(*kind).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}
