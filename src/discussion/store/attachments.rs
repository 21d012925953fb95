//! `discussion_attachment`.

use platform::{Db, StoreError, Tx, on_db, on_tx};

use super::push_list;
use crate::model::{Attachment, CommentId};

/// Puts these in the place of those that were there.
pub(crate) async fn replace(tx: &mut Tx, of: CommentId, new: &[Attachment]) -> Result<(), StoreError> {
    remove(tx, of).await?;
    for one in new {
        on_tx!(tx, c => sqlx::query(
            "INSERT INTO discussion_attachment (comment_id, position, url, kind, mime, alt, width, height, blurhash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(of).bind(one.position).bind(&one.url).bind(&one.kind).bind(&one.mime).bind(&one.alt)
            .bind(one.width).bind(one.height).bind(&one.blurhash)
            .execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

pub(crate) async fn remove(tx: &mut Tx, of: CommentId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM discussion_attachment WHERE comment_id = $1")
        .bind(of).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Those of several comments, in order.
pub(crate) async fn of(db: &Db, comments: &[CommentId]) -> Result<Vec<Attachment>, StoreError> {
    if comments.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT comment_id, position, url, kind, mime, alt, width, height, blurhash
             FROM discussion_attachment WHERE comment_id IN (");
        push_list!(query, comments);
        query.push(") ORDER BY comment_id, position");
        query.build_query_as().fetch_all(c).await
    })?)
}
