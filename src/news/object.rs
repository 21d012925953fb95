//! The object door: `/ap/posts/{id}` and what hangs under it; what an office pinned.

use discussion::{Subject, collections_of};
use federation::objects::{Found, Objects};
use federation::{Actor, Ctx, Visibility, follows};
use platform::StoreError;
use serde_json::{Value, json};

use crate::federation::{KIND, document, page_of, subject};
use crate::model::{PostId, PostState};
use crate::receive::forget_actor;
use crate::store;

pub(crate) fn objects(objects: &mut Objects) {
    collections_of(objects, KIND, subject_of);
    objects
        .own(KIND, find)
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

async fn subject_of(ctx: Ctx, id: i64) -> Result<Option<Subject>, StoreError> {
    match store::by_id(&ctx.db, PostId(id)).await? {
        Some(post) => Ok(Some(subject(&ctx, &post).await?)),
        None => Ok(None),
    }
}

async fn pinned(ctx: Ctx, actor: Actor) -> Result<Vec<Value>, StoreError> {
    let posts = store::pinned(&ctx.db, actor.id).await?;
    Ok(posts
        .into_iter()
        .filter(|post| post.visibility.is_open())
        .map(|post| json!(post.uri))
        .collect())
}
