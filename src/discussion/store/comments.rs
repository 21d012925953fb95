//! `discussion_comment` and `discussion_revision`.

use federation::ActorId;
use platform::store::{OnUnique as _, Page, Paging};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use super::push_list;
use crate::model::{Comment, CommentId, CommentState, Revision};

/// The columns of a [`Comment`].
macro_rules! columns {
    () => {
        "c.id, c.uri, c.subject_kind, c.subject_id, c.parent_id, c.root_id, c.actor_id, c.commune, \
         c.in_reply_to, c.context, c.html, c.source, c.summary, c.language, c.visibility, c.narrow, c.state, \
         c.url, c.created_at, c.edited_at, c.told_at, c.delegated"
    };
}

/// Who reads a thread: `$2` is the reader's actor (0: nobody), `$3` whether she moderates here, `$4` the
/// author of the subject. What is narrow is for its author, the subject's author, those it answers, the
/// followers of its author and moderators.
macro_rules! readable {
    () => {
        "(c.state = 'shown' AND (NOT c.narrow OR $4 = $2 OR EXISTS (SELECT 1 FROM discussion_comment p \
             WHERE p.id = c.parent_id AND p.actor_id = $2)) OR c.actor_id = $2 OR $3)"
    };
}

/// Writes a comment.
pub(crate) async fn insert(tx: &mut Tx, comment: &Comment) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO discussion_comment (id, uri, subject_kind, subject_id, parent_id, root_id, actor_id,
             commune, in_reply_to, context, html, source, summary, language, visibility, narrow, state, url,
             created_at, edited_at, told_at, delegated)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
             $22)")
        .bind(comment.id).bind(&comment.uri).bind(&comment.subject_kind).bind(comment.subject_id)
        .bind(comment.parent_id).bind(comment.root_id).bind(comment.actor_id).bind(&comment.commune)
        .bind(&comment.in_reply_to).bind(&comment.context).bind(&comment.html).bind(&comment.source)
        .bind(&comment.summary).bind(&comment.language).bind(comment.visibility).bind(comment.narrow)
        .bind(comment.state).bind(&comment.url).bind(comment.created_at).bind(comment.edited_at)
        .bind(comment.told_at).bind(comment.delegated)
        .execute(c).await.map(|_| ()).on_unique("comment"))
}

pub(crate) async fn by_id(db: &Db, id: CommentId) -> Result<Option<Comment>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as(concat!("SELECT ", columns!(), " FROM discussion_comment c WHERE c.id = $1"))
        .bind(id).fetch_optional(c).await)?,
    )
}

pub(crate) async fn by_uri(db: &Db, uri: &str) -> Result<Option<Comment>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        concat!("SELECT ", columns!(), " FROM discussion_comment c WHERE c.uri = $1"))
        .bind(uri).fetch_optional(c).await)?)
}

pub(crate) async fn by_uri_in(tx: &mut Tx, uri: &str) -> Result<Option<Comment>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        concat!("SELECT ", columns!(), " FROM discussion_comment c WHERE c.uri = $1"))
        .bind(uri).fetch_optional(c).await)?)
}

pub(crate) async fn by_ids(db: &Db, ids: &[i64]) -> Result<Vec<Comment>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(concat!("SELECT ", columns!(),
            " FROM discussion_comment c WHERE c.id IN ("));
        push_list!(query, ids);
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?)
}

pub(crate) async fn ids_of_subject(tx: &mut Tx, kind: &str, id: i64) -> Result<Vec<i64>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT id FROM discussion_comment WHERE subject_kind = $1 AND subject_id = $2 ORDER BY id")
        .bind(kind).bind(id).fetch_all(c).await)?)
}

/// The comment, kept from other writers until the end of the transaction.
pub(crate) async fn locked(tx: &mut Tx, id: CommentId) -> Result<Option<Comment>, StoreError> {
    // SQLite has one writer, and this is it.
    let sql = if tx.is_postgres() {
        concat!(
            "SELECT ",
            columns!(),
            " FROM discussion_comment c WHERE c.id = $1 FOR UPDATE"
        )
    } else {
        concat!(
            "SELECT ",
            columns!(),
            " FROM discussion_comment c WHERE c.id = $1"
        )
    };
    Ok(on_tx!(tx, c => sqlx::query_as(sql).bind(id).fetch_optional(c).await)?)
}

/// Writes new words over the old ones, which are kept; the caller has locked the comment.
pub(crate) async fn rewrite(tx: &mut Tx, old: &Comment, new: &Comment) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO discussion_revision (comment_id, html, source, summary, written_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (comment_id, written_at) DO NOTHING")
        .bind(old.id).bind(&old.html).bind(&old.source).bind(&old.summary).bind(old.written_at())
        .execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query(
        "UPDATE discussion_comment SET html = $2, source = $3, summary = $4, language = $5, edited_at = $6,
             url = $7, state = $8 WHERE id = $1")
        .bind(new.id).bind(&new.html).bind(&new.source).bind(&new.summary).bind(&new.language)
        .bind(new.edited_at).bind(&new.url).bind(new.state)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Gives a deleted comment its words again.
pub(crate) async fn revive(tx: &mut Tx, id: CommentId, new: &Comment) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE discussion_comment SET html = $2, summary = $3, language = $4, edited_at = $5, url = $6,
             visibility = $7, narrow = $8, state = $9 WHERE id = $1 AND state = 'deleted'")
        .bind(id).bind(&new.html).bind(&new.summary).bind(&new.language).bind(new.edited_at).bind(&new.url)
        .bind(new.visibility).bind(new.narrow).bind(new.state)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Changes where a comment stands.
pub(crate) async fn set_state(tx: &mut Tx, id: CommentId, state: CommentState) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE discussion_comment SET state = $2 WHERE id = $1")
        .bind(id).bind(state).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Remembers when other servers were told of a comment; `None`: they were told to forget it.
pub(crate) async fn set_told(tx: &mut Tx, id: CommentId, at: Option<Timestamp>) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE discussion_comment SET told_at = $2 WHERE id = $1")
        .bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Empties a comment and all it ever said; its place stays, so that answers keep theirs.
pub(crate) async fn erase(tx: &mut Tx, id: CommentId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM discussion_revision WHERE comment_id = $1")
        .bind(id).execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query(
        "UPDATE discussion_comment SET state = 'deleted', html = '', source = NULL, summary = '', url = NULL
         WHERE id = $1")
        .bind(id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// What a comment said before, the oldest first.
pub(crate) async fn revisions(db: &Db, id: CommentId) -> Result<Vec<Revision>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT html, source, summary, written_at FROM discussion_revision WHERE comment_id = $1
         ORDER BY written_at LIMIT 200").bind(id).fetch_all(c).await)?)
}

/// Whether a comment of this author was shown in this commune already.
pub(crate) async fn was_shown(
    tx: &mut Tx,
    author: ActorId,
    commune: Option<&str>,
) -> Result<bool, StoreError> {
    let found: Option<i64> = on_tx!(tx, c => sqlx::query_scalar(
        "SELECT id FROM discussion_comment WHERE actor_id = $1 AND state = 'shown'
           AND COALESCE(commune, '') = $2 LIMIT 1")
        .bind(author).bind(commune.unwrap_or_default()).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// The reader of a thread, as [`readable`] wants her.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    pub(crate) actor: ActorId,
    pub(crate) moderates: bool,
    pub(crate) subject_author: ActorId,
}

/// The comments that answer the subject itself, the oldest first, from `from` on: those the reader may read,
/// and those that are not to be read (any more) and have answers or were hidden.
pub(crate) async fn roots(
    db: &Db,
    subject: (&str, i64),
    reader: Reader,
    from: CommentId,
    limit: i64,
) -> Result<Vec<Comment>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(concat!(
        "SELECT ", columns!(), " FROM discussion_comment c
         WHERE c.subject_kind = $1 AND c.subject_id = $5 AND c.parent_id IS NULL AND c.id >= $6
           AND (c.state = 'hidden' AND NOT c.narrow OR c.state <> 'deleted' AND ", readable!(), "
                OR EXISTS (SELECT 1 FROM discussion_comment r
                           WHERE r.root_id = c.id AND r.id <> c.id AND r.state = 'shown' AND NOT r.narrow))
         ORDER BY c.id LIMIT $7"))
        .bind(subject.0).bind(reader.actor).bind(reader.moderates).bind(reader.subject_author)
        .bind(subject.1).bind(from).bind(limit).fetch_all(c).await)?)
}

/// The answers in these branches, the oldest first, at most `limit` of each from `from` on, with the number
/// there is.
pub(crate) async fn answers(
    db: &Db,
    roots: &[CommentId],
    reader: Reader,
    from: CommentId,
    limit: i64,
) -> Result<Vec<(CommentId, i64)>, StoreError> {
    if roots.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT t.id, t.there FROM (SELECT c.id, ROW_NUMBER() OVER (PARTITION BY c.root_id ORDER BY c.id) AS at,
                 COUNT(*) OVER (PARTITION BY c.root_id) AS there
             FROM discussion_comment c WHERE c.root_id IN (");
        push_list!(query, roots);
        query.push(") AND c.id <> c.root_id AND c.id >= ").push_bind(from);
        query.push(" AND (c.state = 'hidden' AND NOT c.narrow OR c.state <> 'deleted' AND (c.state = 'shown' AND
            (NOT c.narrow OR ").push_bind(reader.subject_author).push(" = ").push_bind(reader.actor);
        query.push(" OR EXISTS (SELECT 1 FROM discussion_comment p WHERE p.id = c.parent_id AND p.actor_id = ")
            .push_bind(reader.actor).push(")) OR c.actor_id = ").push_bind(reader.actor);
        query.push(" OR ").push_bind(reader.moderates).push(") OR EXISTS (SELECT 1 FROM discussion_comment r
            WHERE r.parent_id = c.id AND r.state = 'shown' AND NOT r.narrow))) t WHERE t.at <= ").push_bind(limit);
        query.push(" ORDER BY t.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// Everything about a subject that a reader may read, the oldest first: for programs.
pub(crate) async fn of_subject(
    db: &Db,
    subject: (&str, i64),
    reader: Reader,
    limit: i64,
) -> Result<Vec<Comment>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(concat!(
        "SELECT ", columns!(), " FROM discussion_comment c
         WHERE c.subject_kind = $1 AND c.subject_id = $5 AND c.state NOT IN ('deleted', 'hidden') AND ",
        readable!(), " ORDER BY c.id LIMIT $6"))
        .bind(subject.0).bind(reader.actor).bind(reader.moderates).bind(reader.subject_author)
        .bind(subject.1).bind(limit).fetch_all(c).await)?)
}

/// The open comments of an actor, newest first.
pub(crate) async fn of_actor(db: &Db, actor: ActorId, paging: &Paging) -> Result<Page<Comment>, StoreError> {
    let sql = if paging.is_ascending() {
        concat!(
            "SELECT ",
            columns!(),
            " FROM discussion_comment c WHERE c.actor_id = $1 AND c.state = 'shown'
             AND NOT c.narrow AND c.visibility IN ('public', 'unlisted') AND c.id < $2 AND c.id > $3
             ORDER BY c.id ASC LIMIT $4"
        )
    } else {
        concat!(
            "SELECT ",
            columns!(),
            " FROM discussion_comment c WHERE c.actor_id = $1 AND c.state = 'shown'
             AND NOT c.narrow AND c.visibility IN ('public', 'unlisted') AND c.id < $2 AND c.id > $3
             ORDER BY c.id DESC LIMIT $4"
        )
    };
    let rows = on_db!(db, c => sqlx::query_as(sql).bind(actor).bind(paging.below()).bind(paging.above())
        .bind(paging.limit_and_one()).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// The comments that wait for a moderator, the oldest first.
pub(crate) async fn held(
    db: &Db,
    commune: Option<&str>,
    from: CommentId,
    limit: i64,
) -> Result<Vec<Comment>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as(concat!("SELECT ", columns!(), " FROM discussion_comment c
         WHERE c.state = 'held' AND COALESCE(c.commune, '') = $1 AND c.id >= $2 ORDER BY c.id LIMIT $3"))
        .bind(commune.unwrap_or_default()).bind(from).bind(limit).fetch_all(c).await)?,
    )
}

/// The authors elsewhere of answers to a comment: they hold a copy of it.
pub(crate) async fn answerers(tx: &mut Tx, id: CommentId) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT DISTINCT actor_id FROM discussion_comment WHERE parent_id = $1 AND state <> 'deleted' LIMIT 100")
        .bind(id).fetch_all(c).await)?)
}

/// What other servers may list: shown to everybody, told to them before, by somebody they may know. `$3`: about
/// something for a circle, whose members all may list what is said in it.
macro_rules! listable {
    () => {
        "FROM discussion_comment c JOIN federation_actor a ON a.id = c.actor_id
         WHERE c.state = 'shown' AND NOT c.narrow
           AND (c.visibility IN ('public', 'unlisted') OR ($3 AND c.visibility = 'private'))
           AND c.told_at IS NOT NULL AND a.federated AND a.deleted_at IS NULL AND NOT a.suspended
           AND c.subject_kind = $1 AND c.subject_id = $2"
    };
}

/// The direct answers to a comment, or the comments on the subject itself, that other servers may list, the
/// oldest first: their row ids and addresses.
pub(crate) async fn public_answers(
    db: &Db,
    parent: Option<CommentId>,
    subject: (&str, i64),
    circle: bool,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, String)>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as(concat!("SELECT c.id, c.uri ", listable!(),
        " AND COALESCE(c.parent_id, 0) = $4 AND c.id > $5 ORDER BY c.id LIMIT $6"))
        .bind(subject.0).bind(subject.1).bind(circle).bind(parent.map_or(0, |id| id.0)).bind(after).bind(limit)
        .fetch_all(c).await)?,
    )
}

/// How many [`public_answers`] there are.
pub(crate) async fn count_public_answers(
    db: &Db,
    parent: Option<CommentId>,
    subject: (&str, i64),
    circle: bool,
) -> Result<i64, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_scalar(concat!("SELECT COUNT(*) ", listable!(), " AND COALESCE(c.parent_id, 0) = $4"))
        .bind(subject.0).bind(subject.1).bind(circle).bind(parent.map_or(0, |id| id.0)).fetch_one(c).await)?,
    )
}

/// The whole conversation about a subject that other servers may list, the oldest first.
pub(crate) async fn public_conversation(
    db: &Db,
    subject: (&str, i64),
    circle: bool,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, String)>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as(concat!("SELECT c.id, c.uri ", listable!(),
        " AND c.id > $4 ORDER BY c.id LIMIT $5"))
        .bind(subject.0).bind(subject.1).bind(circle).bind(after).bind(limit).fetch_all(c).await)?,
    )
}

/// Comments written on this server by somebody who is still here.
pub(crate) async fn count_local(db: &Db) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM discussion_comment c JOIN federation_actor a ON a.id = c.actor_id
         WHERE a.local AND a.deleted_at IS NULL AND c.state = 'shown'")
        .fetch_one(c).await)?)
}

/// The comments of one actor for herself, newest first, before an id.
pub(crate) async fn own(
    db: &Db,
    actor: ActorId,
    before: i64,
    limit: i64,
) -> Result<Vec<Comment>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(concat!("SELECT ", columns!(),
        " FROM discussion_comment c WHERE c.actor_id = $1 AND c.id < $2 AND c.state <> 'deleted'
         ORDER BY c.id DESC LIMIT $3"))
        .bind(actor).bind(before).bind(limit).fetch_all(c).await)?)
}

/// The comments of one actor that still say something.
pub(crate) async fn ids_of_actor(db: &Db, actor: ActorId, limit: i64) -> Result<Vec<CommentId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT id FROM discussion_comment WHERE actor_id = $1 AND state <> 'deleted' ORDER BY id LIMIT $2")
        .bind(actor).bind(limit).fetch_all(c).await)?)
}

/// Comments whose author is gone for good and that still say something.
pub(crate) async fn of_the_gone(db: &Db, limit: i64) -> Result<Vec<CommentId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT c.id FROM discussion_comment c JOIN federation_actor a ON a.id = c.actor_id
         WHERE a.deleted_at IS NOT NULL AND c.state <> 'deleted' ORDER BY c.id LIMIT $1")
        .bind(limit).fetch_all(c).await)?)
}
