//! What programs write for an office.

use account::Citizen;
use client_api::{NewStatus, Once, StatusEdit};
use discussion::CommentMode;
use federation::Ctx;
use platform::StoreError;
use platform::media::{self, MediaId};
use platform::web::{Failure, Message};

use crate::actions::{self, Written};
use crate::author::Author;
use crate::model::{NewAttachment, NewPost, Post, PostId, PostState, Publication};
use crate::pages;
use crate::store::{self, Attachment};

/// The office that a token speaks for, as an author.
pub(super) async fn author(ctx: &Ctx, by: &Citizen) -> Result<Author, Failure> {
    let office = by.office.as_ref().ok_or_else(Failure::forbidden)?;
    let commune = commune::actions::by_code(ctx, office.commune)
        .await?
        .ok_or_else(Failure::forbidden)?;
    pages::author(ctx, by, &commune).await
}

/// One of the author's own, published or not.
pub(super) async fn own(ctx: &Ctx, author: &Author, id: i64) -> Result<Post, Failure> {
    store::by_id(&ctx.db, PostId(id))
        .await?
        .filter(|post| post.local && post.actor_id == author.office.id && post.state != PostState::Deleted)
        .ok_or_else(Failure::not_found)
}

pub(super) async fn publish(
    ctx: &Ctx,
    by: &Citizen,
    new: NewStatus,
    once: Option<&Once>,
) -> Result<i64, Failure> {
    let author = author(ctx, by).await?;
    let new = NewPost {
        title: String::new(),
        source: new.text,
        summary: new.summary,
        sensitive: new.sensitive,
        language: new.language,
        topic: None,
        visibility: new.visibility,
        comment_mode: CommentMode::Open,
        attachments: uploads(ctx, &author, &new.media, &[]).await?,
        publication: new.at.map_or(Publication::Now, Publication::At),
    };
    let written = Written::of(ctx, &new).await?;
    let mut tx = ctx.db.begin().await?;
    if let Some(once) = once
        && let Some(made) = once.claim(ctx, &mut tx).await?
    {
        return Ok(made);
    }
    let post = actions::publish_in(ctx, &mut tx, &author, &new, &written).await?;
    if let Some(once) = once {
        once.made(&mut tx, post.id.0).await?;
    }
    tx.commit().await?;
    Ok(post.id.0)
}

/// Uploads of the office as attachments, with the words of those that a post has already.
async fn uploads(
    ctx: &Ctx,
    author: &Author,
    ids: &[i64],
    kept: &[Attachment],
) -> Result<Vec<NewAttachment>, Failure> {
    let missing = || Failure::unprocessable("media", Message::new("client-refused-media"));
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        let medium = match media::by_id(&ctx.db, MediaId(*id)).await {
            Ok(medium) if medium.owner_id == author.office.id.0 => medium,
            Ok(_) | Err(StoreError::NotFound(_)) => return Err(missing()),
            Err(error) => return Err(error.into()),
        };
        let before = kept.iter().find(|attachment| attachment.media_id == Some(*id));
        if before.is_none() && medium.attached {
            return Err(missing());
        }
        all.push(NewAttachment {
            media_id: *id,
            alt: before.map_or_else(|| medium.alt.clone(), |attachment| attachment.alt.clone()),
            is_image: medium.is_image(),
        });
    }
    Ok(all)
}

/// A post as it will be after an edit.
pub(super) async fn edited(
    ctx: &Ctx,
    author: &Author,
    post: &Post,
    kept: &[Attachment],
    edit: StatusEdit,
) -> Result<NewPost, Failure> {
    let media = edit
        .media
        .unwrap_or_else(|| kept.iter().filter_map(|attachment| attachment.media_id).collect());
    let mut attachments = uploads(ctx, author, &media, kept).await?;
    for (id, alt) in edit.alts {
        if let Some(one) = attachments.iter_mut().find(|one| one.media_id == id) {
            one.alt = alt;
        }
    }
    let summary = edit.summary.unwrap_or_else(|| post.summary.clone());
    Ok(NewPost {
        title: post.title.clone(),
        source: edit
            .text
            .unwrap_or_else(|| post.source.clone().unwrap_or_default()),
        sensitive: edit.sensitive.unwrap_or(post.sensitive),
        summary,
        language: edit.language.unwrap_or_else(|| post.language.clone()),
        topic: post.topic,
        visibility: post.visibility,
        comment_mode: post.comment_mode,
        attachments,
        publication: match (post.state, post.scheduled_at) {
            (PostState::Scheduled, Some(at)) => Publication::At(at),
            (PostState::Draft, _) => Publication::Draft,
            _ => Publication::Now,
        },
    })
}
