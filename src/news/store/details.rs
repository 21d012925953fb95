//! Attachments, hashtags, cards, carried communes.

use federation::ActorId;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::PostId;

/// A photo or document of a post.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub(crate) struct Attachment {
    /// Of which post.
    pub(crate) post_id: PostId,
    /// In which place, from 0.
    pub(crate) position: i64,
    /// The upload; ours only.
    pub(crate) media_id: Option<i64>,
    /// Its address on its own server.
    pub(crate) remote_url: Option<String>,
    /// The address of its small form; ours only.
    pub(crate) preview_url: Option<String>,
    /// `image`, `document`, `video`, `audio`.
    pub(crate) kind: String,
    /// Media type.
    pub(crate) mime: String,
    /// The name of the file.
    pub(crate) name: String,
    /// What it shows.
    pub(crate) alt: String,
    /// Pixels.
    pub(crate) width: Option<i64>,
    /// Pixels.
    pub(crate) height: Option<i64>,
    /// A blurred preview.
    pub(crate) blurhash: Option<String>,
    /// Size.
    pub(crate) bytes: Option<i64>,
}

pub(crate) async fn insert_attachment(tx: &mut Tx, a: &Attachment) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO news_attachment (post_id, position, media_id, remote_url, kind, mime, name, alt, width, height,
             blurhash, bytes, preview_url) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
        .bind(a.post_id).bind(a.position).bind(a.media_id).bind(&a.remote_url).bind(&a.kind).bind(&a.mime)
        .bind(&a.name).bind(&a.alt).bind(a.width).bind(a.height).bind(&a.blurhash).bind(a.bytes)
        .bind(&a.preview_url)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn remove_attachments(tx: &mut Tx, post: PostId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM news_attachment WHERE post_id = $1").bind(post)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The attachments of several posts, in order.
pub(crate) async fn attachments_of(db: &Db, posts: &[PostId]) -> Result<Vec<Attachment>, StoreError> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM news_attachment WHERE post_id IN (");
        let mut list = query.separated(", ");
        for post in posts {
            list.push_bind(*post);
        }
        query.push(") ORDER BY post_id, position");
        query.build_query_as().fetch_all(c).await
    })?)
}

pub(crate) async fn attachments_in(tx: &mut Tx, post: PostId) -> Result<Vec<Attachment>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("SELECT * FROM news_attachment WHERE post_id = $1 ORDER BY position")
        .bind(post).fetch_all(c).await)?,
    )
}

/// Replaces the hashtags of a post: (folded, as typed).
pub(crate) async fn set_tags(tx: &mut Tx, post: PostId, tags: &[(String, String)]) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM news_tag WHERE post_id = $1").bind(post).execute(c).await.map(|_| ()))?;
    for (tag, shown) in tags {
        on_tx!(tx, c => sqlx::query(
            "INSERT INTO news_tag (tag, post_id, shown) VALUES ($1, $2, $3) ON CONFLICT (tag, post_id) DO NOTHING")
            .bind(tag).bind(post).bind(shown).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Replaces whom a post of another server names: their ids.
pub(crate) async fn set_named(tx: &mut Tx, post: PostId, uris: &[String]) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM news_named WHERE post_id = $1").bind(post).execute(c).await.map(|_| ()))?;
    for uri in uris {
        on_tx!(tx, c => sqlx::query("INSERT INTO news_named (post_id, uri) VALUES ($1, $2)")
            .bind(post).bind(uri).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Whom several posts of other servers name: post and actor's id.
pub(crate) async fn named(db: &Db, posts: &[PostId]) -> Result<Vec<(PostId, String)>, StoreError> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT post_id, uri FROM news_named WHERE post_id IN (");
        let mut list = query.separated(", ");
        for post in posts {
            list.push_bind(*post);
        }
        query.push(") ORDER BY post_id, uri");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The hashtags of several posts: post, folded, as typed.
pub(crate) async fn tags_of(db: &Db, posts: &[PostId]) -> Result<Vec<(PostId, String, String)>, StoreError> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT post_id, tag, shown FROM news_tag WHERE post_id IN (");
        let mut list = query.separated(", ");
        for post in posts {
            list.push_bind(*post);
        }
        query.push(") ORDER BY post_id, tag");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Card {
    /// The link.
    pub(crate) url: String,
    /// The title of the page; empty: there is nothing to show.
    pub(crate) title: String,
    /// A sentence about it.
    pub(crate) description: String,
    /// The site.
    pub(crate) site: String,
    /// When it was read.
    pub(crate) fetched_at: Timestamp,
}

pub(crate) async fn put_card(tx: &mut Tx, card: &Card) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO news_card (url, title, description, site, fetched_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (url) DO UPDATE SET title = excluded.title, description = excluded.description,
             site = excluded.site, fetched_at = excluded.fetched_at")
        .bind(&card.url).bind(&card.title).bind(&card.description).bind(&card.site).bind(card.fetched_at)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The cards of several links.
pub(crate) async fn cards(db: &Db, urls: &[String]) -> Result<Vec<Card>, StoreError> {
    if urls.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM news_card WHERE url IN (");
        let mut list = query.separated(", ");
        for url in urls {
            list.push_bind(url.clone());
        }
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// Shows a remote actor's posts on the page of a commune here.
pub(crate) async fn carry(
    tx: &mut Tx,
    commune: &str,
    actor: ActorId,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO news_carried (commune, actor_id, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (commune, actor_id) DO NOTHING").bind(commune).bind(actor).bind(now)
        .execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query("UPDATE news_post SET commune = $1 WHERE actor_id = $2 AND NOT local")
        .bind(commune).bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// No longer.
pub(crate) async fn drop_carried(tx: &mut Tx, commune: &str, actor: ActorId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM news_carried WHERE commune = $1 AND actor_id = $2")
        .bind(commune).bind(actor).execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query("UPDATE news_post SET commune = NULL WHERE actor_id = $1 AND NOT local")
        .bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// On which commune's page an actor's posts are shown here.
pub(crate) async fn carried_commune(db: &Db, actor: ActorId) -> Result<Option<String>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_scalar("SELECT commune FROM news_carried WHERE actor_id = $1 LIMIT 1")
        .bind(actor).fetch_optional(c).await)?,
    )
}

/// Whose posts are carried on a commune's page.
pub(crate) async fn carried_actors(db: &Db, commune: &str) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT actor_id FROM news_carried WHERE commune = $1 ORDER BY created_at")
        .bind(commune).fetch_all(c).await)?)
}

/// The hashtags of a post: (folded, as typed).
pub(crate) async fn tags_in(tx: &mut Tx, post: PostId) -> Result<Vec<(String, String)>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("SELECT tag, shown FROM news_tag WHERE post_id = $1 ORDER BY tag")
        .bind(post).fetch_all(c).await)?,
    )
}
