//! Photos and documents of posts.

use federation::Ctx;
use platform::media::{self, MediaId};
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use crate::author::Author;
use crate::model::{NewAttachment, Post, PostId};
use crate::store::{self, Attachment};

/// Ties uploads to a new post, in order.
///
/// # Errors
/// [`StoreError::NotFound`] for an upload that is not there or somebody else's, [`StoreError::Conflict`] for
/// one that is tied already.
pub(crate) async fn attach(
    tx: &mut Tx,
    author: &Author,
    post: &Post,
    new: &[NewAttachment],
) -> Result<Vec<Attachment>, StoreError> {
    let mut attachments = Vec::with_capacity(new.len());
    for (position, one) in new.iter().enumerate() {
        let id = MediaId(one.media_id);
        let medium = media::attach(tx, id, author.office.id.0).await?;
        let focus = (medium.focus_x, medium.focus_y);
        media::describe(tx, id, author.office.id.0, &one.alt, focus).await?;
        let attachment = Attachment {
            post_id: post.id,
            position: position as i64,
            media_id: Some(medium.id.0),
            remote_url: Some(medium.address()),
            preview_url: Some(medium.thumb_address()),
            kind: medium.kind.code().to_owned(),
            mime: medium.mime.clone(),
            name: medium.file_name.clone(),
            alt: one.alt.trim().to_owned(),
            width: medium.width,
            height: medium.height,
            blurhash: medium.blurhash.clone(),
            bytes: Some(medium.bytes),
        };
        store::insert_attachment(tx, &attachment).await?;
        attachments.push(attachment);
    }
    Ok(attachments)
}

/// Replaces the uploads of an edited post: those kept stay, those left out are let go.
///
/// # Errors
/// As [`attach`].
pub(crate) async fn replace(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    post: &Post,
    new: &[NewAttachment],
) -> Result<Vec<Attachment>, StoreError> {
    let before = store::attachments_in(tx, post.id).await?;
    for old in before.iter().filter_map(|a| a.media_id) {
        media::detach(tx, MediaId(old), ctx.clock.now()).await?;
    }
    store::remove_attachments(tx, post.id).await?;
    attach(tx, author, post, new).await
}

/// Unties the uploads of a deleted post; they are removed with the loose ones.
pub(crate) async fn detach(ctx: &Ctx, tx: &mut Tx, post: PostId) -> Result<(), StoreError> {
    for attachment in store::attachments_in(tx, post).await? {
        if let Some(id) = attachment.media_id {
            media::detach(tx, MediaId(id), ctx.clock.now()).await?;
        }
    }
    store::remove_attachments(tx, post).await
}

/// The absolute address of an attachment: ours, or on its own server.
pub(crate) fn address(ctx: &Ctx, attachment: &Attachment) -> Option<String> {
    let url = attachment.remote_url.as_deref()?;
    Some(if attachment.media_id.is_some() {
        ctx.urls.to(url)
    } else {
        url.to_owned()
    })
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
