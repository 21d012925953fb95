//! The JSON door: posts as statuses of the client API.

use account::Citizen;
use client_api::{
    Answer, Attached, Card, Figures, Filter, List, NewStatus, Once, Outcome, Record, Source, StatusEdit,
    Version, of_upload,
};
use discussion::{CommentMode, Participant};
use federation::{Actor, ActorId, Ctx, actors, follows, id_of, list};
use platform::media::{self, MediaId};
use platform::store::{Page, Paging};
use platform::web::{Failure, Message};
use platform::{StoreError, Timestamp};
use serde_json::Value;

use crate::actions::{self, Written};
use crate::author::Author;
use crate::federation::{KIND, content, subject};
use crate::model::{NewAttachment, NewPost, Post, PostId, PostState, Publication};
use crate::store::{self, Attachment, Part, Reader};
use crate::{Posts, pages, receive};

impl Source for Posts {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Record>> {
        Box::pin(async move {
            let mut posts = store::by_ids(&ctx.db, ids).await?;
            posts.retain(|post| post.state != PostState::Deleted);
            records(ctx, posts).await
        })
    }

    fn list<'a>(&'a self, ctx: &'a Ctx, list: List<'a>, paging: &'a Paging) -> Answer<'a, Page<Record>> {
        Box::pin(async move {
            let page = posts(ctx, list, paging).await?;
            Ok(Page {
                items: records(ctx, page.items).await?,
                has_more: page.has_more,
            })
        })
    }

    fn figures<'a>(&'a self, ctx: &'a Ctx, actor: ActorId) -> Answer<'a, Figures> {
        Box::pin(async move {
            let (count, last_at) = store::figures(&ctx.db, actor).await?;
            Ok(Figures { count, last_at })
        })
    }

    fn tags<'a>(&'a self, ctx: &'a Ctx, beginning: &'a str, limit: i64) -> Answer<'a, Vec<String>> {
        Box::pin(store::tags_beginning(&ctx.db, beginning, limit))
    }

    fn versions<'a>(&'a self, ctx: &'a Ctx, id: i64) -> Answer<'a, Vec<Version>> {
        Box::pin(versions(ctx, PostId(id)))
    }

    fn id_of_page(&self, path: &str) -> Option<i64> {
        let (place, id) = path.trim_end_matches('/').rsplit_once('/')?;
        let is_ours = place == "/actualites" || place.ends_with("/actualites");
        is_ours.then(|| id.parse().ok()).flatten()
    }

    fn take_in<'a>(&'a self, ctx: &'a Ctx, object: &'a Value) -> Outcome<'a, Option<i64>> {
        Box::pin(take_in(ctx, object))
    }

    fn publish<'a>(
        &'a self,
        ctx: &'a Ctx,
        by: &'a Citizen,
        new: NewStatus,
        once: Option<&'a Once>,
    ) -> Outcome<'a, i64> {
        Box::pin(publish(ctx, by, new, once))
    }

    fn edit<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64, edit: StatusEdit) -> Outcome<'a, ()> {
        Box::pin(async move {
            let author = author(ctx, by).await?;
            let post = own(ctx, &author, id).await?;
            let kept = store::attachments_of(&ctx.db, &[post.id]).await?;
            let new = edited(ctx, &author, &post, &kept, edit).await?;
            actions::edit_post(ctx, &author, post.id, new, None).await?;
            Ok(())
        })
    }

    fn delete<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64) -> Outcome<'a, ()> {
        Box::pin(async move {
            let author = author(ctx, by).await?;
            actions::delete_post(ctx, &author, PostId(id)).await?;
            Ok(())
        })
    }

    fn pin<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64, pinned: bool) -> Outcome<'a, ()> {
        Box::pin(async move {
            let author = author(ctx, by).await?;
            actions::pin_post(ctx, &author, PostId(id), pinned).await?;
            Ok(())
        })
    }

    fn scheduled<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen) -> Outcome<'a, Vec<Record>> {
        Box::pin(async move {
            let Some(office) = &by.office else {
                return Ok(Vec::new());
            };
            let posts = store::scheduled(&ctx.db, office.actor.id).await?;
            Ok(records(ctx, posts).await?)
        })
    }

    fn reschedule<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64, at: Timestamp) -> Outcome<'a, ()> {
        Box::pin(async move {
            let author = author(ctx, by).await?;
            let post = own(ctx, &author, id).await?;
            let kept = store::attachments_of(&ctx.db, &[post.id]).await?;
            let mut new = edited(ctx, &author, &post, &kept, StatusEdit::default()).await?;
            new.publication = Publication::At(at);
            actions::edit_post(ctx, &author, post.id, new, None).await?;
            Ok(())
        })
    }
}

/// The office that a token speaks for, as an author.
async fn author(ctx: &Ctx, by: &Citizen) -> Result<Author, Failure> {
    let office = by.office.as_ref().ok_or_else(Failure::forbidden)?;
    let commune = commune::actions::by_code(ctx, office.commune)
        .await?
        .ok_or_else(Failure::forbidden)?;
    pages::author(ctx, by, &commune).await
}

/// One of the author's own, published or not.
async fn own(ctx: &Ctx, author: &Author, id: i64) -> Result<Post, Failure> {
    store::by_id(&ctx.db, PostId(id))
        .await?
        .filter(|post| post.local && post.actor_id == author.office.id && post.state != PostState::Deleted)
        .ok_or_else(Failure::not_found)
}

async fn posts(ctx: &Ctx, list: List<'_>, paging: &Paging) -> Result<Page<Post>, StoreError> {
    let part = |filter: Filter| Part {
        local: filter.local,
        remote: filter.remote,
        only_pictures: filter.only_media,
    };
    match list {
        List::OfActor {
            actor,
            reader,
            only_media,
        } => {
            let reader = reader_of(ctx, reader, actor).await?;
            store::of_actor(&ctx.db, actor, reader, only_media, paging).await
        }
        List::Pinned { actor } => Ok(Page {
            items: store::pinned(&ctx.db, actor).await?,
            has_more: false,
        }),
        List::Home { reader } => {
            store::home(&ctx.db, reader.actor.id, reader.commune.as_deref(), paging).await
        }
        List::Public(filter) => store::public_part(&ctx.db, part(filter), paging).await,
        List::Tag(tag, filter) => store::public_part_of_tag(&ctx.db, tag, part(filter), paging).await,
    }
}

/// What a reader may read of an actor's posts.
async fn reader_of(ctx: &Ctx, reader: Option<&Participant>, author: ActorId) -> Result<Reader, StoreError> {
    let Some(reader) = reader else {
        return Ok(Reader::default());
    };
    let own = reader.actor.id == author;
    let commune = commune::actions::by_actor(ctx, author).await?;
    let resident = commune.is_some_and(|commune| reader.resides_in(Some(commune.code.as_str())));
    let follower = follows::between(ctx, reader.actor.id, author)
        .await?
        .is_some_and(|follow| follow.accepted);
    Ok(Reader {
        follower: own || follower,
        resident: own || resident,
    })
}

/// Posts as statuses, what belongs to them read at once.
async fn records(ctx: &Ctx, posts: Vec<Post>) -> Result<Vec<Record>, StoreError> {
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

async fn versions(ctx: &Ctx, id: PostId) -> Result<Vec<Version>, StoreError> {
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

async fn publish(ctx: &Ctx, by: &Citizen, new: NewStatus, once: Option<&Once>) -> Result<i64, Failure> {
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
async fn edited(
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

/// Keeps a post that somebody searched for by its address.
async fn take_in(ctx: &Ctx, object: &Value) -> Result<Option<i64>, Failure> {
    let Some(document) = object.as_object() else {
        return Ok(None);
    };
    let (Some(uri), Some(by)) = (
        object.get("id").and_then(Value::as_str),
        list(document, "attributedTo").first().copied().and_then(id_of),
    ) else {
        return Ok(None);
    };
    let author: Actor = match actors::resolve(ctx, by).await {
        Ok(author) => author,
        Err(error) => {
            tracing::debug!(%error, "the author of a post cannot be read");
            return Ok(None);
        }
    };
    receive::take_in(ctx, &author, uri, document, document).await?;
    Ok(store::by_uri(&ctx.db, uri).await?.map(|post| post.id.0))
}
