//! Coming in, going, asking, being awaited.

use account::actions::people;
use discussion::{Circle, Participant};
use federation::{Actor, ActorId, ActorKind, Audience, Ctx, actors, follows, outbox};
use notifications::{Kind, Notice};
use platform::{StoreError, Tx};
use serde_json::json;

use super::{GroupError, Known};
use crate::model::{Group, GroupId, GroupRefusal, Pace, Place, PlaceId, Scope};
use crate::store;

/// What came of asking to be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// A member from now on.
    In,
    /// Waits for an answer.
    Asked,
}

/// Somebody of this server joins a group; `agrees`: to its rules.
///
/// # Errors
/// [`GroupRefusal`] when she is turned away.
pub async fn join(ctx: &Ctx, by: &Participant, known: &Known, agrees: bool) -> Result<Joined, GroupError> {
    let (group, standing) = (&known.group, known.standing);
    if by.actor.suspended || by.actor.deleted_at.is_some() {
        return Err(GroupRefusal::Suspended.into());
    }
    if standing.out {
        return Err(GroupRefusal::PutOut.into());
    }
    let awaited = standing.invited || standing.moderates;
    if !known.may_read(Some(by)) && !awaited {
        return Err(GroupRefusal::Missing.into());
    }
    if known.circle.closed {
        return Err(GroupRefusal::Closed.into());
    }
    if standing.member {
        return Ok(Joined::In);
    }
    if !group.rules.is_empty() && !agrees {
        return Err(GroupRefusal::RulesNotAccepted.into());
    }
    let accepted = awaited || !group.approval;
    let actor = known.actor(ctx).await?;
    let mut tx = ctx.db.begin().await?;
    let mut place = ensure(ctx, &mut tx, group.id, by.actor.id).await?;
    place.rules_at = Some(ctx.clock.now());
    place.invited &= !accepted;
    store::places::update(&mut tx, &place).await?;
    follows::let_in(ctx, &mut tx, &actor, &by.actor, accepted).await?;
    if !accepted {
        tell_keepers(ctx, &mut tx, known, by.actor.id).await?;
    }
    tx.commit().await?;
    Ok(if accepted { Joined::In } else { Joined::Asked })
}

pub(super) async fn ensure(
    ctx: &Ctx,
    tx: &mut Tx,
    group: GroupId,
    actor: ActorId,
) -> Result<Place, StoreError> {
    store::places::ensure(tx, PlaceId::new(ctx), group, actor, ctx.clock.now()).await
}

pub(super) async fn tell_keepers(
    ctx: &Ctx,
    tx: &mut Tx,
    known: &Known,
    from: ActorId,
) -> Result<(), StoreError> {
    let notice = Notice {
        kind: Kind::GroupRequest,
        from: Some(from),
        target_kind: "groups",
        target_id: known.group.id.0,
        page: format!("{}/membres", known.circle.page),
        excerpt: open_name(known),
    };
    notifications::notify_each(ctx, tx, &known.circle.moderators, &notice).await
}

/// The name of a group that anybody may know of.
fn open_name(known: &Known) -> String {
    if known.circle.private {
        String::new()
    } else {
        known.group.name.clone()
    }
}

pub(super) async fn tell_place(ctx: &Ctx, tx: &mut Tx, known: &Known, to: &Actor) -> Result<(), StoreError> {
    if !to.local {
        return Ok(());
    }
    let notice = Notice {
        kind: Kind::GroupPlace,
        from: None,
        target_kind: "groups",
        target_id: known.group.id.0,
        page: known.circle.page.clone(),
        excerpt: open_name(known),
    };
    // Said anew each time: the last word counts.
    notifications::retract_of(tx, to.id, &notice).await?;
    notifications::notify_each(ctx, tx, &[to.id], &notice).await
}

/// Somebody of this server leaves a group, or takes back that she asked.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn leave(ctx: &Ctx, by: &Participant, known: &Known) -> Result<(), GroupError> {
    let mut tx = ctx.db.begin().await?;
    follows::end(&mut tx, known.group.actor(), by.actor.id).await?;
    store::places::forget(&mut tx, known.group.id, by.actor.id).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) fn keeps_order(by: &Participant, circle: &Circle) -> Result<(), GroupRefusal> {
    if circle.is_moderated_by(by) && !by.actor.suspended {
        Ok(())
    } else {
        Err(GroupRefusal::NotModerator)
    }
}

pub(super) async fn somebody(ctx: &Ctx, id: ActorId) -> Result<Actor, GroupError> {
    Ok(actors::by_id(ctx, id)
        .await?
        .filter(|actor| actor.deleted_at.is_none())
        .ok_or(GroupRefusal::Missing)?)
}

/// A moderator answers somebody who asked to be let in.
///
/// # Errors
/// [`GroupRefusal`] when it is turned away.
pub async fn answer_request(
    ctx: &Ctx,
    by: &Participant,
    known: &Known,
    whom: ActorId,
    accept: bool,
) -> Result<(), GroupError> {
    keeps_order(by, &known.circle)?;
    let asker = somebody(ctx, whom).await?;
    let group = known.actor(ctx).await?;
    let mut tx = ctx.db.begin().await?;
    let found = if accept {
        ensure(ctx, &mut tx, known.group.id, whom).await?;
        follows::accept_request(ctx, &mut tx, &group, &asker).await?
    } else {
        store::places::forget(&mut tx, known.group.id, whom).await?;
        follows::reject(ctx, &mut tx, &group, &asker).await?
    };
    if !found {
        return Err(GroupRefusal::Missing.into());
    }
    if accept || !known.circle.private {
        tell_place(ctx, &mut tx, known, &asker).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A moderator lets somebody know of a group and awaits her: by handle, of this server or another.
///
/// # Errors
/// [`GroupRefusal`] when it is turned away.
pub async fn invite(ctx: &Ctx, by: &Participant, known: &Known, handle: &str) -> Result<Actor, GroupError> {
    keeps_order(by, &known.circle)?;
    let known_here = match platform::text::mentions(&format!("@{}", handle.trim_start_matches('@'))).first() {
        Some(mention) => actors::by_handle(ctx, &mention.user, mention.host.as_deref()).await?,
        None => None,
    };
    let found = match known_here {
        Some(actor) => Ok(Some(actor)),
        None => actors::lookup(ctx, handle).await,
    };
    let whom = match found {
        Ok(Some(actor)) if actor.kind == ActorKind::Person && !actor.suspended => actor,
        Err(error) if error.is_temporary() => return Err(StoreError::Unavailable(error.to_string()).into()),
        _ => return Err(GroupRefusal::NoSuchPerson.into()),
    };
    if whom.deleted_at.is_some() {
        return Err(GroupRefusal::NoSuchPerson.into());
    }
    may_be_in(ctx, &known.group, &whom).await?;
    let group = known.actor(ctx).await?;
    let mut tx = ctx.db.begin().await?;
    let mut place = ensure(ctx, &mut tx, known.group.id, whom.id).await?;
    if place.out_at.is_some() {
        return Err(GroupRefusal::CannotJoin.into());
    }
    if follows::accept_request(ctx, &mut tx, &group, &whom).await? {
        tell_place(ctx, &mut tx, known, &whom).await?;
        tx.commit().await?;
        return Ok(whom);
    }
    place.invited = true;
    store::places::update(&mut tx, &place).await?;
    if whom.local {
        tell_place(ctx, &mut tx, known, &whom).await?;
    } else {
        let invite = json!({
            "type": "Invite", "object": group.uri, "target": whom.uri, "summary": known.group.name,
        });
        outbox::say(ctx, &mut tx, &group, invite, &Audience::only(&[&whom])).await?;
    }
    tx.commit().await?;
    Ok(whom)
}

/// A residents' group is for residents.
async fn may_be_in(ctx: &Ctx, group: &Group, whom: &Actor) -> Result<(), GroupError> {
    if group.scope != Scope::Residents {
        return Ok(());
    }
    let account = people::by_actor(ctx, whom.id).await?;
    match account {
        Some(account) if account.commune.as_str() == group.commune => Ok(()),
        _ => Err(GroupRefusal::CannotJoin.into()),
    }
}

/// A member says what she wants to hear of.
///
/// # Errors
/// [`GroupRefusal::NotMember`].
pub async fn set_pace(ctx: &Ctx, by: &Participant, known: &Known, pace: Pace) -> Result<(), GroupError> {
    if !known.standing.member {
        return Err(GroupRefusal::NotMember.into());
    }
    let mut tx = ctx.db.begin().await?;
    let mut place = ensure(ctx, &mut tx, known.group.id, by.actor.id).await?;
    place.pace = pace;
    store::places::update(&mut tx, &place).await?;
    tx.commit().await?;
    Ok(())
}
