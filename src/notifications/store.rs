//! `notification` and `notification_preference`.

use std::collections::HashMap;

use federation::ActorId;
use platform::store::{Page, Paging};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::{Kind, MailPace, Notice, NoticeId, Told};

/// Writes a notice for one actor; the same notice twice is one.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: NoticeId,
    to: ActorId,
    notice: &Notice,
    mail: MailPace,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO notification (id, actor_id, kind, from_id, target_kind, target_id, page, excerpt, created_at,
             mail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (actor_id, kind, from_id, target_kind, target_id) DO NOTHING")
        .bind(id).bind(to).bind(notice.kind).bind(notice.from).bind(notice.target_kind)
        .bind(notice.target_id).bind(&notice.page).bind(&notice.excerpt).bind(now).bind(mail)
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

/// Removes what one actor was told about a thing, of one kind.
pub(crate) async fn retract_of(
    tx: &mut Tx,
    actor: ActorId,
    kind: Kind,
    (target_kind, target_id): (&str, i64),
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "DELETE FROM notification WHERE actor_id = $1 AND kind = $2 AND target_kind = $3 AND target_id = $4")
        .bind(actor).bind(kind).bind(target_kind).bind(target_id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Removes what was told about things that are gone, a few hundred at once.
pub(crate) async fn retract_all(
    tx: &mut Tx,
    target_kind: &str,
    target_ids: &[i64],
) -> Result<(), StoreError> {
    for some in target_ids.chunks(500) {
        on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new("DELETE FROM notification WHERE target_kind = ");
            query.push_bind(target_kind.to_owned()).push(" AND target_id IN (");
            let mut list = query.separated(", ");
            for id in some {
                list.push_bind(*id);
            }
            query.push(")");
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Writes one notice for many actors, a few hundred rows at once.
pub(crate) async fn insert_many(
    tx: &mut Tx,
    to: &[(NoticeId, ActorId, MailPace)],
    notice: &Notice,
    now: Timestamp,
) -> Result<(), StoreError> {
    for some in to.chunks(200) {
        on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO notification (id, actor_id, kind, from_id, target_kind, target_id, page, excerpt, created_at, mail) ",
            );
            query.push_values(some, |mut row, (id, actor, mail)| {
                row.push_bind(*id).push_bind(*actor).push_bind(notice.kind).push_bind(notice.from)
                    .push_bind(notice.target_kind).push_bind(notice.target_id).push_bind(&notice.page)
                    .push_bind(&notice.excerpt).push_bind(now).push_bind(*mail);
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

/// Marks one as read.
pub(crate) async fn mark_one(
    tx: &mut Tx,
    actor: ActorId,
    about: &Told,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE notification SET read_at = $5 WHERE actor_id = $1 AND kind = $2 AND target_kind = $3
           AND target_id = $4 AND read_at IS NULL")
        .bind(actor).bind(about.kind).bind(&about.target_kind).bind(about.target_id).bind(now)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// How each of these actors wants to be told of a kind by mail, where they said it.
pub(crate) async fn paces(
    tx: &mut Tx,
    actors: &[ActorId],
    kind: Kind,
) -> Result<HashMap<ActorId, MailPace>, StoreError> {
    let mut all = HashMap::new();
    for some in actors.chunks(500) {
        let rows: Vec<(ActorId, MailPace)> = on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT actor_id, mail FROM notification_preference WHERE kind = ");
            query.push_bind(kind).push(" AND actor_id IN (");
            let mut list = query.separated(", ");
            for actor in some {
                list.push_bind(*actor);
            }
            query.push(")");
            query.build_query_as().fetch_all(c).await
        })?;
        all.extend(rows);
    }
    Ok(all)
}

/// What an actor said about each kind.
pub(crate) async fn preferences(db: &Db, actor: ActorId) -> Result<Vec<(Kind, MailPace)>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT kind, mail FROM notification_preference WHERE actor_id = $1")
        .bind(actor).fetch_all(c).await)?,
    )
}

/// Writes how an actor wants to be told of a kind; what waits to be mailed follows.
pub(crate) async fn prefer(
    tx: &mut Tx,
    actor: ActorId,
    kind: Kind,
    pace: MailPace,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO notification_preference (actor_id, kind, mail) VALUES ($1, $2, $3)
         ON CONFLICT (actor_id, kind) DO UPDATE SET mail = excluded.mail")
        .bind(actor).bind(kind).bind(pace).execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query(
        "UPDATE notification SET mail = $3 WHERE actor_id = $1 AND kind = $2 AND mailed_at IS NULL
           AND read_at IS NULL AND mail <> 'never'")
        .bind(actor).bind(kind).bind(pace).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Actors for whom a mail of this pace is due: they have something unread that was told before `before`.
pub(crate) async fn due(
    db: &Db,
    pace: MailPace,
    before: Timestamp,
    after: ActorId,
    limit: i64,
) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT DISTINCT actor_id FROM notification
         WHERE mail = $1 AND mailed_at IS NULL AND read_at IS NULL AND created_at < $2 AND actor_id > $3
         ORDER BY actor_id LIMIT $4")
        .bind(pace).bind(before).bind(after).bind(limit).fetch_all(c).await)?)
}

/// What a mail of this pace tells an actor, the oldest first, and marks it as mailed.
pub(crate) async fn take_due(
    tx: &mut Tx,
    actor: ActorId,
    pace: MailPace,
    before: Timestamp,
    now: Timestamp,
) -> Result<Vec<Told>, StoreError> {
    // Whoever updates first has them: two processes do not send the same mail.
    let mut all: Vec<Told> = on_tx!(tx, c => sqlx::query_as(
        "UPDATE notification SET mailed_at = $4
         WHERE actor_id = $1 AND mail = $2 AND mailed_at IS NULL AND created_at < $3
         RETURNING id, actor_id, kind, from_id, target_kind, target_id, page, excerpt, created_at, read_at")
        .bind(actor).bind(pace).bind(before).bind(now).fetch_all(c).await)?;
    all.retain(|told| told.read_at.is_none());
    all.sort_by_key(|told| told.id);
    Ok(all)
}

/// The accounts of a commune, by their actors.
pub(crate) async fn residents(tx: &mut Tx, commune: &str) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT actor_id FROM account WHERE commune = $1 AND ended_at IS NULL ORDER BY id")
        .bind(commune).fetch_all(c).await)?)
}

/// Removes what was told long ago.
pub(crate) async fn purge(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query("DELETE FROM notification WHERE created_at < $1")
        .bind(before).execute(c).await.map(|done| done.rows_affected()))?,
    )
}
