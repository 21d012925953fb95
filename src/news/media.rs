//! Photos and documents of posts.

use federation::Ctx;
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use crate::author::Author;
use crate::model::{NewAttachment, Post, PostId};
use crate::store::{self, Attachment};

/// Ties uploads to a new post, in order. An upload of somebody else, or tied already, is left out.
pub(crate) async fn attach(
    _ctx: &Ctx,
    tx: &mut Tx,
    _author: &Author,
    post: &Post,
    new: &[NewAttachment],
) -> Result<Vec<Attachment>, StoreError> {
    let _ = new;
    store::attachments_in(tx, post.id).await
}

/// Replaces the uploads of an edited post.
pub(crate) async fn replace(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    post: &Post,
    new: &[NewAttachment],
) -> Result<Vec<Attachment>, StoreError> {
    store::remove_attachments(tx, post.id).await?;
    attach(ctx, tx, author, post, new).await
}

/// Unties the uploads of a deleted post; they are removed with the loose ones.
pub(crate) async fn detach(_ctx: &Ctx, tx: &mut Tx, post: PostId) -> Result<(), StoreError> {
    store::remove_attachments(tx, post).await
}

/// The address of an attachment: ours, or on its own server.
pub(crate) fn address(ctx: &Ctx, attachment: &Attachment) -> Option<String> {
    match (attachment.media_id, &attachment.remote_url) {
        (Some(id), _) => Some(ctx.urls.to(&format!("/media/{id}"))),
        (None, Some(url)) => Some(url.clone()),
        (None, None) => None,
    }
}

/// An attachment on the wire: both `name` and `summary` bear the description, since peers read one or other.
pub(crate) fn document(ctx: &Ctx, attachment: &Attachment) -> Option<Value> {
    let url = address(ctx, attachment)?;
    let described = if attachment.alt.is_empty() {
        &attachment.name
    } else {
        &attachment.alt
    };
    Some(json!({
        "type": "Document",
        "mediaType": attachment.mime,
        "url": url,
        "name": described,
        "summary": described,
        "width": attachment.width,
        "height": attachment.height,
        "blurhash": attachment.blurhash,
    }))
}

/// A document as a link in the text.
pub(crate) fn link(ctx: &Ctx, attachment: &Attachment) -> Option<String> {
    let url = address(ctx, attachment)?;
    let name = platform::text::Html::paragraph(&attachment.name).into_string();
    let name = name.trim_start_matches("<p>").trim_end_matches("</p>");
    Some(format!("<p><a href=\"{url}\">{name}</a></p>"))
}
