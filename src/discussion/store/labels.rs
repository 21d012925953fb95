//! `discussion_named` and `discussion_tag`: whom a comment of another server names, and its hashtags.

use platform::{Db, StoreError, Tx, on_db, on_tx};

use super::push_list;
use crate::model::{CommentId, Labels};

/// Puts these in the place of those that were there.
pub(crate) async fn replace(tx: &mut Tx, of: CommentId, labels: &Labels) -> Result<(), StoreError> {
    remove(tx, of).await?;
    for uri in &labels.named {
        on_tx!(tx, c => sqlx::query("INSERT INTO discussion_named (comment_id, uri) VALUES ($1, $2)")
            .bind(of).bind(uri).execute(c).await.map(|_| ()))?;
    }
    for (tag, shown) in &labels.hashtags {
        on_tx!(tx, c => sqlx::query("INSERT INTO discussion_tag (comment_id, tag, shown) VALUES ($1, $2, $3)")
            .bind(of).bind(tag).bind(shown).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

pub(crate) async fn remove(tx: &mut Tx, of: CommentId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM discussion_named WHERE comment_id = $1",
        "DELETE FROM discussion_tag WHERE comment_id = $1",
    ] {
        on_tx!(tx, c => sqlx::query(sql).bind(of).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Whom several comments name: comment and actor's id.
pub(crate) async fn named(db: &Db, comments: &[CommentId]) -> Result<Vec<(CommentId, String)>, StoreError> {
    if comments.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT comment_id, uri FROM discussion_named WHERE comment_id IN (");
        push_list!(query, comments);
        query.push(") ORDER BY comment_id, uri");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The hashtags of several comments: comment, folded, as typed.
pub(crate) async fn hashtags(
    db: &Db,
    comments: &[CommentId],
) -> Result<Vec<(CommentId, String, String)>, StoreError> {
    if comments.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT comment_id, tag, shown FROM discussion_tag WHERE comment_id IN (");
        push_list!(query, comments);
        query.push(") ORDER BY comment_id, tag");
        query.build_query_as().fetch_all(c).await
    })?)
}
