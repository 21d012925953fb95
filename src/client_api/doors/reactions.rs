//! Likes and shares.

use axum::Json;
use axum::extract::Path;
use discussion::actions::{DiscussionError, like, share, share_of, unlike, unshare};
use discussion::{DiscussionRefusal, Participant, Thing};
use platform::web::{Failure, Message};
use serde_json::Value;

use super::statuses::{shown, status, thing};
use crate::door::Door;
use crate::entities::item::shares;

/// As a program is told: what is missing for her is not there, everything else is a sentence.
pub(super) fn refused(error: DiscussionError) -> Failure {
    match error {
        DiscussionError::Store(error) => error.into(),
        DiscussionError::Refused(DiscussionRefusal::Missing) => Failure::not_found(),
        DiscussionError::Refused(DiscussionRefusal::NotYours | DiscussionRefusal::NotModerator) => {
            Failure::forbidden()
        }
        DiscussionError::Refused(DiscussionRefusal::WouldLeave) => super::accounts::would_leave(),
        DiscussionError::Refused(refusal) => Failure::unprocessable(
            refusal.code(),
            Message::new(format!("client-refused-{}", refusal.code())),
        ),
    }
}

/// Who does it, and to what.
async fn before(door: &Door, scope: &str, id: &str) -> Result<(Participant, Thing), Failure> {
    let me = door.actor(scope)?;
    let thing = thing(&door.view(Some(me.clone())), id).await?;
    Ok((me, thing))
}

/// The status itself, as it stands now.
async fn after(door: &Door, me: Participant, thing: &Thing) -> Result<Json<Value>, Failure> {
    let view = door.view(Some(me));
    let item = status(&view, &thing.target().id.to_string()).await?;
    shown(&view, &item).await
}

pub(super) async fn favourite(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let (me, thing) = before(&door, "write:favourites", &id).await?;
    like(&door.ctx, &me, &thing).await.map_err(refused)?;
    after(&door, me, &thing).await
}

pub(super) async fn unfavourite(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let (me, thing) = before(&door, "write:favourites", &id).await?;
    unlike(&door.ctx, &me, &thing).await.map_err(refused)?;
    after(&door, me, &thing).await
}

/// Answers with the share, which holds what was shared.
pub(super) async fn reblog(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let (me, thing) = before(&door, "write:statuses", &id).await?;
    share(&door.ctx, &me, &thing).await.map_err(refused)?;
    let made = share_of(&door.ctx, me.actor.id, thing.target())
        .await?
        .ok_or_else(Failure::not_found)?;
    let view = door.view(Some(me));
    let item = shares(&view, vec![made])
        .await?
        .pop()
        .ok_or_else(Failure::not_found)?;
    shown(&view, &item).await
}

pub(super) async fn unreblog(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let (me, thing) = before(&door, "write:statuses", &id).await?;
    unshare(&door.ctx, &me, &thing).await.map_err(refused)?;
    after(&door, me, &thing).await
}
