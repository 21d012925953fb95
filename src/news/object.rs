//! The object door: `/ap/posts/{id}` and what hangs under it; what an office pinned.

use discussion::{Counts, Target, Thing};
use federation::objects::{Found, Objects, Part};
use federation::{Actor, Ctx, Visibility, follows};
use platform::StoreError;
use platform::store::Paging;
use serde_json::{Value, json};

use crate::federation::{KIND, document, page_of, subject};
use crate::model::{Post, PostId, PostState};
use crate::receive::forget_actor;
use crate::store;

pub(crate) fn objects(objects: &mut Objects) {
    objects
        .own(KIND, find)
        .collection(KIND, "replies", replies)
        .collection(KIND, "likes", |ctx, id, _, _| async move {
            Ok(total(counts(&ctx, id).await?.open_likes))
        })
        .collection(KIND, "shares", |ctx, id, _, _| async move {
            Ok(total(counts(&ctx, id).await?.open_shares))
        })
        .collection(KIND, "context", context)
        .pins(pinned)
        .on_actor_gone(|ctx, actor| async move { forget_actor(&ctx, &actor).await });
}

async fn find(ctx: Ctx, id: i64, reader: Option<Actor>) -> Result<Found, StoreError> {
    let Some(post) = store::by_id(&ctx.db, PostId(id)).await?.filter(|post| post.local) else {
        return Ok(Found::Missing);
    };
    let leaves = post.visibility != Visibility::Residents;
    match post.state {
        PostState::Deleted if leaves && post.published_at.is_some() => return Ok(Found::Gone),
        PostState::Published => {}
        _ => return Ok(Found::Missing),
    }
    let page = page_of(&ctx, &post).await?;
    let Some(document) = document(&ctx, &post).await? else {
        return Ok(Found::Missing);
    };
    match post.visibility {
        Visibility::Public | Visibility::Unlisted => Ok(Found::Public { document, page }),
        Visibility::Followers => {
            let Some(reader) = reader else {
                return Ok(Found::Missing);
            };
            let follows = follows::between(&ctx, reader.id, post.actor_id).await?;
            let may_read = follows.is_some_and(|follow| follow.accepted);
            Ok(if may_read {
                Found::Restricted { document, page }
            } else {
                Found::Missing
            })
        }
        Visibility::Residents | Visibility::Direct => Ok(Found::Missing),
    }
}

async fn post(ctx: &Ctx, id: i64) -> Result<Post, StoreError> {
    store::by_id(&ctx.db, PostId(id))
        .await?
        .ok_or(StoreError::NotFound("post"))
}

async fn counts(ctx: &Ctx, id: i64) -> Result<Counts, StoreError> {
    let target = Target { kind: KIND, id };
    let all = discussion::actions::counts(ctx, &[target]).await?;
    Ok(all.get(&target).copied().unwrap_or_default())
}

/// How many, and not who: that is between the reader and her own server.
fn total(total: i64) -> Part {
    Part {
        total,
        ..Part::default()
    }
}

async fn replies(ctx: Ctx, id: i64, after: Option<i64>, limit: i64) -> Result<Part, StoreError> {
    let thing = Thing::Subject(subject(&ctx, &post(&ctx, id).await?).await?);
    let (total, page) =
        discussion::actions::public_answers(&ctx, &thing, &Paging::before(after, limit)).await?;
    let has_more = page.has_more;
    let items = page
        .items
        .into_iter()
        .map(|(id, uri)| (id, Value::String(uri)))
        .collect();
    Ok(Part {
        total,
        items,
        has_more,
    })
}

/// The whole conversation, the oldest first: the post and what other servers may know of its comments.
async fn context(ctx: Ctx, id: i64, after: Option<i64>, limit: i64) -> Result<Part, StoreError> {
    let post = post(&ctx, id).await?;
    let subject = subject(&ctx, &post).await?;
    let total = 1 + counts(&ctx, id).await?.open_comments;
    let page = discussion::actions::public_conversation(&ctx, &subject, after, limit).await?;
    let mut items: Vec<(i64, Value)> = page
        .items
        .into_iter()
        .map(|(id, uri)| (id, Value::String(uri)))
        .collect();
    if after.is_none() && limit > 0 {
        items.insert(0, (post.id.0, json!(post.uri)));
    }
    Ok(Part {
        total,
        items,
        has_more: page.has_more,
    })
}

async fn pinned(ctx: Ctx, actor: Actor) -> Result<Vec<Value>, StoreError> {
    let posts = store::pinned(&ctx.db, actor.id).await?;
    Ok(posts
        .into_iter()
        .filter(|post| post.visibility.is_open())
        .map(|post| json!(post.uri))
        .collect())
}
