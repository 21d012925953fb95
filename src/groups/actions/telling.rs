//! Who hears of a topic: other servers, members, those who keep order.

use discussion::actions as talk;
use federation::{Actor, ActorId, Ctx, actors, outbox};
use notifications::{Kind, Notice};
use platform::{StoreError, Tx};
use serde_json::json;

use super::Known;
use crate::model::{Pace, Scope, Topic};
use crate::store;
use crate::topics::TOPICS;
use crate::wire::note;

/// Lets other servers know of a topic of ours: its author says it, the group passes it on. Nothing leaves of
/// dark authors, nor of what is for residents.
pub(super) async fn show(
    ctx: &Ctx,
    tx: &mut Tx,
    known: &Known,
    topic: &mut Topic,
    author: &Actor,
    mentioned: &[Actor],
) -> Result<(), StoreError> {
    if !author.local || !author.is_visible() || known.group.scope == Scope::Residents {
        return Ok(());
    }
    let verb = if topic.told_at.is_some() {
        "Update"
    } else {
        "Create"
    };
    let audience = talk::audience_in(&known.circle, author, mentioned);
    let object = note::of(ctx, topic, author, &known.circle, mentioned, &audience);
    let activity = json!({ "type": verb, "object": object, "audience": known.circle.uri });
    let Some(said) = outbox::say(ctx, tx, author, activity, &audience).await? else {
        return Ok(());
    };
    let whole = outbox::said_in(tx, said).await?;
    let new = (verb == "Create").then_some(topic.uri.as_str());
    talk::pass_on(ctx, tx, &known.circle, whole.as_ref(), new).await?;
    if topic.told_at.is_none() {
        topic.told_at = Some(ctx.clock.now());
        store::topics::update(tx, topic).await?;
    }
    Ok(())
}

/// Lets other servers know of a topic that is shown from now on.
pub(super) async fn shown_again(
    ctx: &Ctx,
    tx: &mut Tx,
    known: &Known,
    topic: &mut Topic,
) -> Result<(), StoreError> {
    if !topic.local {
        return talk::pass_on(ctx, tx, &known.circle, None, Some(&topic.uri)).await;
    }
    let Some(author) = actors::by_id_in(tx, topic.actor_id).await? else {
        return Ok(());
    };
    show(ctx, tx, known, topic, &author, &[]).await
}

/// Tells other servers to forget a topic of ours.
pub(super) async fn unshow(
    ctx: &Ctx,
    tx: &mut Tx,
    known: &Known,
    topic: &mut Topic,
    author: &Actor,
) -> Result<(), StoreError> {
    if !author.local || topic.told_at.is_none() {
        return Ok(());
    }
    let audience = talk::audience_in(&known.circle, author, &[]);
    let tombstone = json!({ "id": topic.uri, "type": "Tombstone", "formerType": "Note" });
    let activity = json!({ "type": "Delete", "object": tombstone, "audience": known.circle.uri });
    let said = outbox::say(ctx, tx, author, activity, &audience).await?;
    outbox::unlist(tx, author.id, &topic.uri).await?;
    let whole = match said {
        Some(id) => outbox::said_in(tx, id).await?,
        None => None,
    };
    talk::withdraw(ctx, tx, &known.circle, &topic.uri, whole.as_ref()).await?;
    topic.told_at = None;
    store::topics::update(tx, topic).await
}

fn notice(known: &Known, topic: &Topic, kind: Kind) -> Notice {
    Notice {
        kind,
        from: Some(topic.actor_id),
        target_kind: TOPICS,
        target_id: topic.id.0,
        page: format!("{}/sujets/{}", known.circle.page, topic.id),
        // What is said among some is in no notice and no mail.
        excerpt: if known.circle.private {
            String::new()
        } else {
            topic.title.clone()
        },
    }
}

pub(super) async fn tell_members(
    ctx: &Ctx,
    tx: &mut Tx,
    known: &Known,
    topic: &Topic,
) -> Result<(), StoreError> {
    let mut ears: Vec<ActorId> = store::places::with_pace(tx, known.group.id, Pace::All).await?;
    ears.extend(store::places::with_pace(tx, known.group.id, Pace::Mine).await?);
    notifications::notify_each(ctx, tx, &ears, &notice(known, topic, Kind::GroupTopic)).await
}

pub(super) async fn tell_keepers(
    ctx: &Ctx,
    tx: &mut Tx,
    known: &Known,
    topic: &Topic,
) -> Result<(), StoreError> {
    let waits = Notice {
        page: known.circle.page.clone(),
        ..notice(known, topic, Kind::Moderation)
    };
    notifications::notify_each(ctx, tx, &known.circle.moderators, &waits).await
}
