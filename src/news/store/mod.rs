//! The SQL of this room: `news_post`, `news_revision`, `news_attachment`, `news_tag`, `news_card`,
//! `news_carried`.

mod api;
mod details;
mod lists;

use federation::Visibility;
use platform::store::{Link, OnUnique as _};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::{Post, PostId};

pub(crate) use api::{
    Part, count_local, figures, public_part, public_part_of_tag, scheduled, tags_beginning,
};
pub(crate) use details::{
    Attachment, Card, attachments_in, attachments_of, cards, carried_actors, carried_commune, carry,
    drop_carried, insert_attachment, named, put_card, remove_attachments, set_named, set_tags, tags_in,
    tags_of,
};
pub(crate) use lists::{
    addresses, by_tag, count_feed, feed, home, left_of_actor, of_actor, pinned, pinned_in, unpublished,
};

/// Inserts a post, whatever its state.
pub(crate) async fn insert_post(tx: &mut Tx, post: &Post) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO news_post (id, uri, actor_id, commune, local, account_id, byline, delegated, title, source,
             html, summary, sensitive, language, topic, visibility, comment_mode, state, scheduled_at,
             published_at, edited_at, pinned_at, url, card_url, in_reply_to, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
             $22, $23, $24, $25, $26)")
        .bind(post.id).bind(&post.uri).bind(post.actor_id).bind(&post.commune).bind(post.local)
        .bind(post.account_id).bind(&post.byline).bind(post.delegated).bind(&post.title).bind(&post.source)
        .bind(&post.html).bind(&post.summary).bind(post.sensitive).bind(&post.language).bind(post.topic)
        .bind(post.visibility).bind(post.comment_mode).bind(post.state).bind(post.scheduled_at)
        .bind(post.published_at).bind(post.edited_at).bind(post.pinned_at).bind(&post.url)
        .bind(&post.card_url).bind(&post.in_reply_to).bind(post.created_at)
        .execute(c).await.map(|_| ()).on_unique("post"))
}

/// Writes everything of a post that can change. `was` is its id before (a draft changes it when published).
pub(crate) async fn update_post(tx: &mut Tx, was: PostId, post: &Post) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE news_post SET id = $2, uri = $3, byline = $4, delegated = $5, title = $6, source = $7, html = $8,
             summary = $9, sensitive = $10, language = $11, topic = $12, visibility = $13, comment_mode = $14,
             state = $15, scheduled_at = $16, published_at = $17, edited_at = $18, pinned_at = $19,
             card_url = $20, url = $21, account_id = $22
         WHERE id = $1")
        .bind(was).bind(post.id).bind(&post.uri).bind(&post.byline).bind(post.delegated).bind(&post.title)
        .bind(&post.source).bind(&post.html).bind(&post.summary).bind(post.sensitive).bind(&post.language)
        .bind(post.topic).bind(post.visibility).bind(post.comment_mode).bind(post.state)
        .bind(post.scheduled_at).bind(post.published_at).bind(post.edited_at).bind(post.pinned_at)
        .bind(&post.card_url).bind(&post.url).bind(post.account_id)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn by_id(db: &Db, id: PostId) -> Result<Option<Post>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM news_post WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

pub(crate) async fn by_ids(db: &Db, ids: &[i64]) -> Result<Vec<Post>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM news_post WHERE id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        query.push(") ORDER BY id DESC");
        query.build_query_as().fetch_all(c).await
    })?)
}

pub(crate) async fn by_uri(db: &Db, uri: &str) -> Result<Option<Post>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM news_post WHERE uri = $1")
        .bind(uri).fetch_optional(c).await)?,
    )
}

/// Reads a post to change it: nobody else changes it before the transaction ends.
pub(crate) async fn by_id_for_change(tx: &mut Tx, id: PostId) -> Result<Option<Post>, StoreError> {
    let found = match tx.link() {
        Link::Lite(c) => {
            sqlx::query_as("SELECT * FROM news_post WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut **c)
                .await?
        }
        Link::Pg(c) => {
            sqlx::query_as("SELECT * FROM news_post WHERE id = $1 FOR UPDATE")
                .bind(id)
                .fetch_optional(&mut **c)
                .await?
        }
    };
    Ok(found)
}

pub(crate) async fn by_uri_for_change(tx: &mut Tx, uri: &str) -> Result<Option<Post>, StoreError> {
    let found = match tx.link() {
        Link::Lite(c) => {
            sqlx::query_as("SELECT * FROM news_post WHERE uri = $1")
                .bind(uri)
                .fetch_optional(&mut **c)
                .await?
        }
        Link::Pg(c) => {
            sqlx::query_as("SELECT * FROM news_post WHERE uri = $1 FOR UPDATE")
                .bind(uri)
                .fetch_optional(&mut **c)
                .await?
        }
    };
    Ok(found)
}

/// What a post said before an edit.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Revision {
    /// The title then.
    pub(crate) title: String,
    /// The text as shown.
    pub(crate) html: String,
    /// The content warning then.
    pub(crate) summary: String,
    /// When it was written.
    pub(crate) written_at: Timestamp,
}

/// Keeps what a post says now, before it is changed.
pub(crate) async fn insert_revision(tx: &mut Tx, post: &Post) -> Result<(), StoreError> {
    let written = post.edited_at.or(post.published_at).unwrap_or(post.created_at);
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO news_revision (post_id, title, source, html, summary, written_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (post_id, written_at) DO NOTHING")
        .bind(post.id).bind(&post.title).bind(&post.source).bind(&post.html).bind(&post.summary).bind(written)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The former texts of a post, oldest first.
pub(crate) async fn revisions(db: &Db, id: PostId) -> Result<Vec<Revision>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT title, html, summary, written_at FROM news_revision
         WHERE post_id = $1 ORDER BY written_at").bind(id).fetch_all(c).await)?)
}

/// Removes the former texts of a deleted post.
pub(crate) async fn remove_revisions(tx: &mut Tx, id: PostId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM news_revision WHERE post_id = $1").bind(id)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// What may be read: public things always, the rest by who reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reader {
    /// Follows the author.
    pub(crate) follower: bool,
    /// Has an account of the commune here.
    pub(crate) resident: bool,
}

impl Reader {
    /// Whether this reader may read something of this visibility.
    pub(crate) const fn may_read(self, visibility: Visibility) -> bool {
        match visibility {
            Visibility::Public | Visibility::Unlisted => true,
            Visibility::Followers => self.follower,
            Visibility::Residents => self.resident,
            Visibility::Direct => false,
        }
    }
}
