//! The gate for other servers: who is let in by `Follow`, and what somebody sees of a group behind its veil.

use federation::objects::{Admission, Sight};
use federation::{Actor, ActorKind, Ctx, actors, follows};
use platform::StoreError;

use super::Known;
use super::people::{ensure, tell_keepers};
use crate::circle::circle_of;
use crate::model::{GroupId, Scope, Standing};
use crate::store;

/// What becomes of somebody who wants to follow a group; `None`: it is no group.
pub(crate) async fn admission(
    ctx: &Ctx,
    follower: &Actor,
    followed: &Actor,
) -> Result<Option<Admission>, StoreError> {
    let Some(group) = store::groups::by_id(&ctx.db, GroupId(followed.id.0)).await? else {
        return Ok(None);
    };
    let place = store::places::of(&ctx.db, group.id, follower.id).await?;
    let out = place.as_ref().is_some_and(|place| place.out_at.is_some());
    let invited = place.is_some_and(|place| place.invited);
    Ok(Some(match group.scope {
        Scope::Public if out => Admission::Refuse,
        Scope::Public if group.approval && !invited => Admission::Wait,
        Scope::Public => Admission::Let,
        Scope::Members if out => Admission::Unknown,
        Scope::Members if invited => Admission::Let,
        Scope::Members => match follows::between(ctx, follower.id, followed.id).await? {
            Some(follow) if follow.accepted => Admission::Let,
            _ => Admission::Unknown,
        },
        // Its own page lets residents in.
        Scope::Residents => Admission::Unknown,
    }))
}

/// What somebody sees of a group behind its veil: members and those awaited everything; the server of one of
/// them the key, with which it believes the group's letters. `None`: it is no group.
pub(crate) async fn sight(
    ctx: &Ctx,
    group: &Actor,
    uri: &str,
    reader: Option<&Actor>,
) -> Result<Option<Sight>, StoreError> {
    let Some(row) = store::groups::by_id(&ctx.db, GroupId(group.id.0)).await? else {
        return Ok(None);
    };
    if row.scope != Scope::Members {
        return Ok(Some(Sight::Nothing));
    }
    if let Some(reader) = reader {
        match admission(ctx, reader, group).await? {
            Some(Admission::Let) => return Ok(Some(Sight::Whole)),
            // Nobody looks in through her server who was put out herself.
            _ if reader.kind != ActorKind::Application => return Ok(Some(Sight::Nothing)),
            _ => {}
        }
    }
    let Some(origin) = actors::origin(uri) else {
        return Ok(Some(Sight::Nothing));
    };
    if !has_somebody_at(ctx, group, row.id, &origin).await? {
        return Ok(Some(Sight::Nothing));
    }
    let asks = match reader {
        Some(reader) => Some(reader.clone()),
        None => actors::resolve(ctx, uri).await.ok(),
    };
    let is_server = asks.is_some_and(|actor| {
        matches!(actor.kind, ActorKind::Application | ActorKind::Service) && !actor.suspended
    });
    Ok(Some(if is_server { Sight::Key } else { Sight::Nothing }))
}

async fn has_somebody_at(ctx: &Ctx, group: &Actor, id: GroupId, origin: &str) -> Result<bool, StoreError> {
    if follows::is_followed_from(ctx, group.id, origin).await? {
        return Ok(true);
    }
    let awaited = store::places::invited(&ctx.db, id).await?;
    let awaited = actors::by_ids(ctx, &awaited).await?;
    Ok(awaited
        .iter()
        .any(|actor| actors::origin(&actor.uri).as_deref() == Some(origin)))
}

/// Somebody of another server was let in: her place is made.
pub(crate) async fn came(
    ctx: &Ctx,
    follower: &Actor,
    group: &Actor,
    accepted: bool,
) -> Result<(), StoreError> {
    let Some(row) = store::groups::by_id(&ctx.db, GroupId(group.id.0)).await? else {
        return Ok(());
    };
    let mut tx = ctx.db.begin().await?;
    let mut place = ensure(ctx, &mut tx, row.id, follower.id).await?;
    place.invited &= !accepted;
    place.rules_at = place.rules_at.or(Some(ctx.clock.now()));
    store::places::update(&mut tx, &place).await?;
    if !accepted {
        let circle = circle_of(ctx, &row).await?;
        let known = Known {
            group: row,
            circle,
            standing: Standing::default(),
        };
        tell_keepers(ctx, &mut tx, &known, follower.id).await?;
    }
    tx.commit().await
}
