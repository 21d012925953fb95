//! What moderators do with topics: let through, hide, pin, lock.

use discussion::Participant;
use discussion::actions as talk;
use discussion::model::FlagCategory;
use federation::{Ctx, actors};
use platform::{StoreError, Tx};
use serde_json::json;

use super::telling::{shown_again, tell_members, unshow};
use super::topics::locked;
use super::{GroupError, Known};
use crate::circle::circle_of;
use crate::model::{GroupRefusal, MOST_PINNED, Standing, TopicId, TopicState};
use crate::store;
use crate::topics::TOPICS;

fn keeps_order(by: &Participant, known: &Known) -> Result<(), GroupRefusal> {
    if known.circle.is_moderated_by(by) && !by.actor.suspended {
        Ok(())
    } else {
        Err(GroupRefusal::NotModerator)
    }
}

/// A moderator lets a topic through that waited.
///
/// # Errors
/// [`GroupRefusal`] when it is turned away.
pub async fn approve_topic(
    ctx: &Ctx,
    by: &Participant,
    known: &Known,
    id: TopicId,
) -> Result<(), GroupError> {
    keeps_order(by, known)?;
    let mut tx = ctx.db.begin().await?;
    let mut topic = locked(&mut tx, known, id).await?;
    if topic.state != TopicState::Held {
        return Err(GroupRefusal::Missing.into());
    }
    topic.state = TopicState::Shown;
    store::topics::update(&mut tx, &topic).await?;
    shown_again(ctx, &mut tx, known, &mut topic).await?;
    tell_members(ctx, &mut tx, known, &topic).await?;
    tx.commit().await?;
    Ok(())
}

/// What a moderators' decision does to a topic, in its transaction; `false`: there is no such topic.
pub(crate) async fn set_hidden(
    ctx: &Ctx,
    tx: &mut Tx,
    id: TopicId,
    hidden: bool,
) -> Result<bool, StoreError> {
    let Some(mut topic) = store::topics::locked(tx, id)
        .await?
        .filter(|topic| topic.state != TopicState::Deleted)
    else {
        return Ok(false);
    };
    let Some(group) = store::groups::locked(tx, topic.group_id).await? else {
        return Ok(false);
    };
    let circle = circle_of(ctx, &group).await?;
    let known = Known {
        group,
        circle,
        standing: Standing::default(),
    };
    let was_shown = topic.state == TopicState::Shown;
    topic.state = if hidden {
        TopicState::Hidden
    } else {
        TopicState::Shown
    };
    if hidden {
        topic.pinned_at = None;
    }
    store::topics::update(tx, &topic).await?;
    if !hidden {
        shown_again(ctx, tx, &known, &mut topic).await?;
        return Ok(true);
    }
    notifications::retract(tx, TOPICS, topic.id.0).await?;
    if !was_shown {
        return Ok(true);
    }
    match actors::by_id_in(tx, topic.actor_id).await? {
        Some(author) if author.local => unshow(ctx, tx, &known, &mut topic, &author).await?,
        _ => {
            talk::withdraw(ctx, tx, &known.circle, &topic.uri, None).await?;
            let removal = talk::removal(ctx, &topic.uri, FlagCategory::Other);
            talk::deed(ctx, tx, &known.circle, removal).await?;
        }
    }
    Ok(true)
}

/// A moderator puts a topic at the top of its group, or takes it down.
///
/// # Errors
/// [`GroupRefusal`] when it is turned away.
pub async fn pin_topic(
    ctx: &Ctx,
    by: &Participant,
    known: &Known,
    id: TopicId,
    pinned: bool,
) -> Result<(), GroupError> {
    keeps_order(by, known)?;
    let others = store::topics::pinned(&ctx.db, known.group.id).await?;
    let mut tx = ctx.db.begin().await?;
    let mut topic = locked(&mut tx, known, id).await?;
    if topic.pinned_at.is_some() == pinned {
        return Ok(());
    }
    if pinned && topic.state != TopicState::Shown {
        return Err(GroupRefusal::Missing.into());
    }
    if pinned && others.len() >= MOST_PINNED {
        return Err(GroupRefusal::TooManyPinned.into());
    }
    topic.pinned_at = pinned.then(|| ctx.clock.now());
    store::topics::update(&mut tx, &topic).await?;
    if topic.told_at.is_some() {
        let kind = if pinned { "Add" } else { "Remove" };
        let target = format!("{}/featured", known.circle.uri);
        let change = json!({ "type": kind, "object": topic.uri, "target": target });
        talk::deed(ctx, &mut tx, &known.circle, change).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A moderator ends the answers to a topic, or lets them go on.
///
/// # Errors
/// [`GroupRefusal`] when it is turned away.
pub async fn lock_topic(
    ctx: &Ctx,
    by: &Participant,
    known: &Known,
    id: TopicId,
    is_locked: bool,
) -> Result<(), GroupError> {
    keeps_order(by, known)?;
    let mut tx = ctx.db.begin().await?;
    let mut topic = locked(&mut tx, known, id).await?;
    if topic.locked == is_locked {
        return Ok(());
    }
    topic.locked = is_locked;
    store::topics::update(&mut tx, &topic).await?;
    if topic.told_at.is_some() {
        let lock = json!({ "type": "Lock", "actor": known.circle.uri, "object": topic.uri });
        let activity = if is_locked {
            json!({ "type": "Lock", "object": topic.uri })
        } else {
            json!({ "type": "Undo", "object": lock })
        };
        talk::deed(ctx, &mut tx, &known.circle, activity).await?;
    }
    tx.commit().await?;
    Ok(())
}
