//! Lists of posts, newest first, paged by id.

use federation::ActorId;
use platform::store::{Page, Paging};
use platform::{Db, StoreError, on_db};

use super::Reader;
use crate::model::{Post, PostId, Topic};

/// The feed of a commune.
pub(crate) async fn feed(
    db: &Db,
    commune: &str,
    topic: Option<Topic>,
    reader: Reader,
    paging: &Paging,
) -> Result<Page<Post>, StoreError> {
    let rows = on_db!(db, c => sqlx::query_as(
        "SELECT * FROM news_post
         WHERE commune = $1 AND state = 'published' AND id < $2 AND id > $3
           AND ($4 IS NULL OR topic = $4)
           AND (visibility IN ('public', 'unlisted') OR (visibility = 'private' AND $5)
                OR (visibility = 'residents' AND $6))
         ORDER BY id DESC LIMIT $7")
        .bind(commune).bind(paging.below()).bind(paging.above()).bind(topic).bind(reader.follower)
        .bind(reader.resident).bind(paging.limit_and_one()).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// How many posts the feed of a commune has for this reader.
pub(crate) async fn count_feed(
    db: &Db,
    commune: &str,
    topic: Option<Topic>,
    reader: Reader,
) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM news_post
         WHERE commune = $1 AND state = 'published' AND ($2 IS NULL OR topic = $2)
           AND (visibility IN ('public', 'unlisted') OR (visibility = 'private' AND $3)
                OR (visibility = 'residents' AND $4))")
        .bind(commune).bind(topic).bind(reader.follower).bind(reader.resident).fetch_one(c).await)?)
}

/// The posts of one author.
pub(crate) async fn of_actor(
    db: &Db,
    actor: ActorId,
    reader: Reader,
    only_pictures: bool,
    paging: &Paging,
) -> Result<Page<Post>, StoreError> {
    let sql = if paging.is_ascending() {
        "SELECT * FROM news_post p
         WHERE actor_id = $1 AND state = 'published' AND id < $2 AND id > $3
           AND (visibility IN ('public', 'unlisted') OR (visibility = 'private' AND $4)
                OR (visibility = 'residents' AND $5))
           AND (NOT $6 OR EXISTS (SELECT 1 FROM news_attachment a WHERE a.post_id = p.id AND a.kind = 'image'))
         ORDER BY id ASC LIMIT $7"
    } else {
        "SELECT * FROM news_post p
         WHERE actor_id = $1 AND state = 'published' AND id < $2 AND id > $3
           AND (visibility IN ('public', 'unlisted') OR (visibility = 'private' AND $4)
                OR (visibility = 'residents' AND $5))
           AND (NOT $6 OR EXISTS (SELECT 1 FROM news_attachment a WHERE a.post_id = p.id AND a.kind = 'image'))
         ORDER BY id DESC LIMIT $7"
    };
    let rows = on_db!(db, c => sqlx::query_as(sql)
        .bind(actor).bind(paging.below()).bind(paging.above()).bind(reader.follower).bind(reader.resident)
        .bind(only_pictures).bind(paging.limit_and_one()).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// What is left of an actor's posts, in whatever state.
pub(crate) async fn left_of_actor(db: &Db, actor: ActorId, limit: i64) -> Result<Vec<Post>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM news_post WHERE actor_id = $1 AND state <> 'deleted' LIMIT $2")
        .bind(actor).bind(limit).fetch_all(c).await)?)
}

/// What an actor follows, and what it published itself. `commune` is that of its residents' posts.
pub(crate) async fn home(
    db: &Db,
    actor: ActorId,
    commune: Option<&str>,
    paging: &Paging,
) -> Result<Page<Post>, StoreError> {
    let sql = if paging.is_ascending() {
        "SELECT * FROM news_post
         WHERE state = 'published' AND id < $2 AND id > $3
           AND (actor_id = $1
                OR (actor_id IN (SELECT followee_id FROM federation_follow WHERE follower_id = $1 AND accepted)
                    AND (visibility IN ('public', 'unlisted', 'private')
                         OR (visibility = 'residents' AND commune = $4))))
         ORDER BY id ASC LIMIT $5"
    } else {
        "SELECT * FROM news_post
         WHERE state = 'published' AND id < $2 AND id > $3
           AND (actor_id = $1
                OR (actor_id IN (SELECT followee_id FROM federation_follow WHERE follower_id = $1 AND accepted)
                    AND (visibility IN ('public', 'unlisted', 'private')
                         OR (visibility = 'residents' AND commune = $4))))
         ORDER BY id DESC LIMIT $5"
    };
    let rows = on_db!(db, c => sqlx::query_as(sql)
        .bind(actor).bind(paging.below()).bind(paging.above()).bind(commune).bind(paging.limit_and_one())
        .fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// Public posts that bear a hashtag (folded).
pub(crate) async fn by_tag(
    db: &Db,
    tag: &str,
    local_only: bool,
    paging: &Paging,
) -> Result<Page<Post>, StoreError> {
    let sql = if paging.is_ascending() {
        "SELECT p.* FROM news_tag t JOIN news_post p ON p.id = t.post_id
         WHERE t.tag = $1 AND p.state = 'published' AND p.visibility = 'public' AND p.id < $2 AND p.id > $3
           AND (p.local OR NOT $4) ORDER BY p.id ASC LIMIT $5"
    } else {
        "SELECT p.* FROM news_tag t JOIN news_post p ON p.id = t.post_id
         WHERE t.tag = $1 AND p.state = 'published' AND p.visibility = 'public' AND p.id < $2 AND p.id > $3
           AND (p.local OR NOT $4) ORDER BY p.id DESC LIMIT $5"
    };
    let rows = on_db!(db, c => sqlx::query_as(sql).bind(tag).bind(paging.below()).bind(paging.above())
        .bind(local_only).bind(paging.limit_and_one()).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// What an author pinned, the latest first.
pub(crate) async fn pinned(db: &Db, actor: ActorId) -> Result<Vec<Post>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM news_post WHERE actor_id = $1 AND pinned_at IS NOT NULL AND state = 'published'
         ORDER BY pinned_at DESC LIMIT 20").bind(actor).fetch_all(c).await)?)
}

/// What is pinned in a commune's feed, the latest first.
pub(crate) async fn pinned_in(db: &Db, commune: &str, reader: Reader) -> Result<Vec<Post>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM news_post WHERE commune = $1 AND pinned_at IS NOT NULL AND state = 'published'
           AND (visibility IN ('public', 'unlisted') OR (visibility = 'private' AND $2)
                OR (visibility = 'residents' AND $3))
         ORDER BY pinned_at DESC LIMIT 10").bind(commune).bind(reader.follower).bind(reader.resident)
        .fetch_all(c).await)?)
}

/// Drafts and scheduled posts of a commune, the latest first.
pub(crate) async fn unpublished(db: &Db, commune: &str) -> Result<Vec<Post>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM news_post WHERE commune = $1 AND state IN ('draft', 'scheduled') ORDER BY id DESC LIMIT 200")
        .bind(commune).fetch_all(c).await)?)
}

/// Public posts of this server since an id, for the site map.
pub(crate) async fn addresses(
    db: &Db,
    above: PostId,
    limit: i64,
) -> Result<Vec<(PostId, String)>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT id, commune FROM news_post WHERE local AND state = 'published' AND visibility = 'public'
           AND commune IS NOT NULL AND id > $1 ORDER BY id LIMIT $2")
        .bind(above).bind(limit).fetch_all(c).await)?)
}
