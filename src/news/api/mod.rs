//! The JSON door: posts as statuses of the client API.

mod records;
mod writing;

use account::Citizen;
use client_api::{
    Answer, Figures, Filter, List, NewStatus, Once, Outcome, Record, Source, StatusEdit, Version,
};
use discussion::Participant;
use federation::{Actor, ActorId, Ctx, actors, follows, id_of, list};
use platform::store::{Page, Paging};
use platform::web::Failure;
use platform::{StoreError, Timestamp};
use serde_json::Value;

use self::records::{records, versions};
use self::writing::{author, edited, own, publish};
use crate::actions;
use crate::federation::KIND;
use crate::model::{Post, PostId, PostState, Publication};
use crate::store::{self, Part, Reader};
use crate::{Posts, receive};

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

    fn named<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<(i64, String)>> {
        Box::pin(async move {
            let ids: Vec<PostId> = ids.iter().copied().map(PostId).collect();
            let named = store::named(&ctx.db, &ids).await?;
            Ok(named.into_iter().map(|(post, uri)| (post.0, uri)).collect())
        })
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
