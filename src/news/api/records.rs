//! Posts as statuses.

use client_api::{Attached, Card, Record, Version, of_upload};
use federation::Ctx;
use platform::StoreError;
use platform::media::{self, MediaId};

use crate::federation::{content, subject};
use crate::model::{Post, PostId};
use crate::store::{self, Attachment};

/// Posts as statuses, what belongs to them read at once.
pub(super) async fn records(ctx: &Ctx, posts: Vec<Post>) -> Result<Vec<Record>, StoreError> {
    let ids: Vec<PostId> = posts.iter().map(|post| post.id).collect();
    let attachments = store::attachments_of(&ctx.db, &ids).await?;
    let tags = store::tags_of(&ctx.db, &ids).await?;
    let links: Vec<String> = posts.iter().filter_map(|post| post.card_url.clone()).collect();
    let cards = store::cards(&ctx.db, &links).await?;
    let mut records = Vec::with_capacity(posts.len());
    for post in posts {
        let own: Vec<Attachment> = attachments
            .iter()
            .filter(|attachment| attachment.post_id == post.id)
            .cloned()
            .collect();
        let tags = tags.iter().filter(|(id, _, _)| *id == post.id);
        let card = post
            .card_url
            .as_deref()
            .and_then(|url| cards.iter().find(|card| card.url == url))
            .filter(|card| !card.title.is_empty());
        let mut record = record(ctx, &post, &own).await?;
        record.tags = tags
            .map(|(_, folded, shown)| (folded.clone(), shown.clone()))
            .collect();
        record.card = card.map(|card| Card {
            url: card.url.clone(),
            title: card.title.clone(),
            description: card.description.clone(),
            site: card.site.clone(),
        });
        records.push(record);
    }
    Ok(records)
}

async fn record(ctx: &Ctx, post: &Post, attachments: &[Attachment]) -> Result<Record, StoreError> {
    let subject = subject(ctx, post).await?;
    let url = match &post.url {
        Some(url) if !post.local => url.clone(),
        _ => ctx.urls.to(&subject.page),
    };
    let mut attached = Vec::with_capacity(attachments.len());
    for attachment in attachments {
        attached.extend(as_attached(ctx, attachment).await?);
    }
    Ok(Record {
        subject,
        url,
        created_at: post.published_at.unwrap_or(post.created_at),
        edited_at: post.edited_at,
        scheduled_at: post.scheduled_at,
        html: content(ctx, post, attachments),
        text: post.source.clone(),
        summary: post.summary.clone(),
        sensitive: post.sensitive,
        language: Some(post.language.clone()).filter(|code| !code.is_empty() && code != "und"),
        attached,
        tags: Vec::new(),
        card: None,
        pinned: post.pinned_at.is_some(),
    })
}

/// Ours with its small form. Another server's as a link: to show it would tell that server who reads.
async fn as_attached(ctx: &Ctx, attachment: &Attachment) -> Result<Option<Attached>, StoreError> {
    if let Some(id) = attachment.media_id {
        let mut attached = match media::by_id(&ctx.db, MediaId(id)).await {
            Ok(medium) => of_upload(ctx, &medium),
            Err(StoreError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        attached.alt.clone_from(&attachment.alt);
        return Ok(Some(attached));
    }
    Ok(attachment.remote_url.as_ref().map(|url| Attached {
        id: format!("{}-{}", attachment.post_id, attachment.position),
        kind: "document".to_owned(),
        url: url.clone(),
        preview: None,
        remote_url: Some(url.clone()),
        alt: attachment.alt.clone(),
        blurhash: attachment.blurhash.clone(),
        size: attachment.width.zip(attachment.height),
        focus: (0.0, 0.0),
    }))
}

pub(super) async fn versions(ctx: &Ctx, id: PostId) -> Result<Vec<Version>, StoreError> {
    let Some(post) = store::by_id(&ctx.db, id).await? else {
        return Ok(Vec::new());
    };
    let revisions = store::revisions(&ctx.db, id).await?;
    Ok(revisions
        .into_iter()
        .map(|revision| {
            let then = Post {
                title: revision.title,
                html: revision.html,
                ..post.clone()
            };
            Version {
                html: content(ctx, &then, &[]),
                summary: revision.summary,
                written_at: revision.written_at,
            }
        })
        .collect())
}
