//! Lists and figures that only the client API asks for.

use federation::ActorId;
use platform::store::{Page, Paging};
use platform::{Db, StoreError, Timestamp, on_db};

use crate::model::Post;

/// Which part of what is public is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) local: bool,
    pub(crate) remote: bool,
    pub(crate) only_pictures: bool,
}

macro_rules! public {
    ($from:literal, $order:literal) => {
        concat!(
            "SELECT p.* FROM ",
            $from,
            " p.state = 'published' AND p.visibility = 'public' AND p.in_reply_to IS NULL
               AND p.id < $1 AND p.id > $2 AND (p.local OR NOT $3) AND (NOT p.local OR NOT $4)
               AND (NOT $5 OR EXISTS (SELECT 1 FROM news_attachment a
                                      WHERE a.post_id = p.id AND a.kind = 'image'))
             ORDER BY p.id ",
            $order,
            " LIMIT $6"
        )
    };
}

/// How many posts were published here and are readable by anybody.
pub(crate) async fn count_local(db: &Db) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM news_post WHERE local AND state = 'published' AND visibility IN ('public', 'unlisted')")
        .fetch_one(c).await)?)
}

/// Everything public, answers to others left out.
pub(crate) async fn public_part(db: &Db, part: Part, paging: &Paging) -> Result<Page<Post>, StoreError> {
    let sql = if paging.is_ascending() {
        public!("news_post p WHERE", "ASC")
    } else {
        public!("news_post p WHERE", "DESC")
    };
    let rows = on_db!(db, c => sqlx::query_as(sql).bind(paging.below()).bind(paging.above()).bind(part.local)
        .bind(part.remote).bind(part.only_pictures).bind(paging.limit_and_one()).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// The same under a hashtag (folded).
pub(crate) async fn public_part_of_tag(
    db: &Db,
    tag: &str,
    part: Part,
    paging: &Paging,
) -> Result<Page<Post>, StoreError> {
    let sql = if paging.is_ascending() {
        public!(
            "news_tag t JOIN news_post p ON p.id = t.post_id WHERE t.tag = $7 AND",
            "ASC"
        )
    } else {
        public!(
            "news_tag t JOIN news_post p ON p.id = t.post_id WHERE t.tag = $7 AND",
            "DESC"
        )
    };
    let rows = on_db!(db, c => sqlx::query_as(sql).bind(paging.below()).bind(paging.above()).bind(part.local)
        .bind(part.remote).bind(part.only_pictures).bind(paging.limit_and_one()).bind(tag).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// Hashtags of public posts that begin so (folded), as typed; the most used first.
pub(crate) async fn tags_beginning(db: &Db, beginning: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    let mut pattern = String::with_capacity(beginning.len() + 1);
    for letter in beginning.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT MIN(t.shown) FROM news_tag t JOIN news_post p ON p.id = t.post_id
         WHERE t.tag LIKE $1 ESCAPE '!' AND p.state = 'published' AND p.visibility = 'public'
         GROUP BY t.tag ORDER BY COUNT(*) DESC, t.tag LIMIT $2")
        .bind(&pattern).bind(limit).fetch_all(c).await)?)
}

/// How many open posts an actor published, and when the last.
pub(crate) async fn figures(db: &Db, actor: ActorId) -> Result<(i64, Option<Timestamp>), StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT COUNT(*), MAX(published_at) FROM news_post
         WHERE actor_id = $1 AND state = 'published' AND visibility IN ('public', 'unlisted')")
        .bind(actor).fetch_one(c).await)?)
}

/// What an actor has scheduled, the next first.
pub(crate) async fn scheduled(db: &Db, actor: ActorId) -> Result<Vec<Post>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM news_post WHERE actor_id = $1 AND state = 'scheduled' ORDER BY scheduled_at LIMIT 200")
        .bind(actor).fetch_all(c).await)?)
}
