//! Putting somebody out, letting her back, naming moderators.

use discussion::actions as moderation;
use discussion::model::{FlagCategory, Thing};
use discussion::{Participant, circles};
use federation::{ActorId, Audience, Ctx, actors, follows, outbox};
use platform::{StoreError, Tx};
use serde_json::json;

use super::people::{ensure, keeps_order, somebody, tell_place};
use super::{GroupError, Known};
use crate::circle::{commune_of, of_town_hall};
use crate::model::{GroupRefusal, PlaceId};
use crate::store;
use crate::topics::PLACES;

/// The place of somebody as a thing that decisions are about.
///
/// # Errors
/// [`StoreError`] from the driver.
async fn place_of(ctx: &Ctx, known: &Known, whom: ActorId) -> Result<Option<Thing>, GroupError> {
    let mut tx = ctx.db.begin().await?;
    let place = ensure(ctx, &mut tx, known.group.id, whom).await?;
    tx.commit().await?;
    let subject = circles::subjects(ctx).by_id(ctx, PLACES, place.id.0).await?;
    Ok(subject.map(Thing::Subject))
}

/// A moderator puts somebody out of a group, with a reason that she reads and can contest.
///
/// # Errors
/// [`GroupRefusal`] when it is turned away; [`discussion::DiscussionError`] without a reason.
pub async fn put_out(
    ctx: &Ctx,
    by: &Participant,
    known: &Known,
    whom: ActorId,
    ground: FlagCategory,
    reason: &str,
) -> Result<(), GroupError> {
    keeps_order(by, &known.circle)?;
    let person = somebody(ctx, whom).await?;
    is_no_town_hall(ctx, known, person.id).await?;
    let thing = place_of(ctx, known, person.id)
        .await?
        .ok_or(GroupRefusal::Missing)?;
    moderation::hide(ctx, &circles::subjects(ctx), by, &thing, ground, reason).await?;
    Ok(())
}

/// Lets somebody come back who was put out.
///
/// # Errors
/// As [`put_out`].
pub async fn let_back(
    ctx: &Ctx,
    by: &Participant,
    known: &Known,
    whom: ActorId,
    reason: &str,
) -> Result<(), GroupError> {
    keeps_order(by, &known.circle)?;
    let thing = place_of(ctx, known, whom).await?.ok_or(GroupRefusal::Missing)?;
    moderation::restore(ctx, &circles::subjects(ctx), by, &thing, reason).await?;
    Ok(())
}

async fn is_no_town_hall(ctx: &Ctx, known: &Known, whom: ActorId) -> Result<(), GroupError> {
    let town_hall = match commune_of(ctx, &known.group).await? {
        Some(commune) => of_town_hall(ctx, &commune).await?,
        None => Vec::new(),
    };
    if town_hall.contains(&whom) {
        Err(GroupRefusal::TownHallStays.into())
    } else {
        Ok(())
    }
}

/// What a decision about a place does, in its transaction: out at once, on every door; or free to come again.
pub(crate) async fn set_out(ctx: &Ctx, tx: &mut Tx, id: PlaceId, out: bool) -> Result<bool, StoreError> {
    let Some(mut place) = store::places::by_id_in(tx, id).await? else {
        return Ok(false);
    };
    place.out_at = out.then(|| ctx.clock.now());
    place.moderator = false;
    place.invited = false;
    store::places::update(tx, &place).await?;
    let group = actors::by_id_in(tx, ActorId(place.group_id.0)).await?;
    let person = actors::by_id_in(tx, place.actor_id).await?;
    if let (true, Some(group), Some(person)) = (out, group, person) {
        if person.local {
            follows::end(tx, group.id, person.id).await?;
        } else {
            // What was on its way to her does not leave any more.
            outbox::withhold(tx, group.id, &person.inbox).await?;
            let block = json!({ "type": "Block", "object": person.uri, "target": group.uri });
            let to_her = Audience::only(&[&person]);
            outbox::say(ctx, tx, &group, block, &to_her).await?;
            follows::reject(ctx, tx, &group, &person).await?;
        }
    }
    Ok(true)
}

/// The town hall entrusts somebody with keeping order, or no longer; the door has made sure of the right.
///
/// # Errors
/// [`GroupRefusal::NotMember`] when she is no member.
pub async fn name_moderator(
    ctx: &Ctx,
    known: &Known,
    whom: ActorId,
    moderator: bool,
) -> Result<(), GroupError> {
    let person = somebody(ctx, whom).await?;
    let follow = follows::between(ctx, person.id, known.group.actor()).await?;
    if moderator && !follow.is_some_and(|follow| follow.accepted) {
        return Err(GroupRefusal::NotMember.into());
    }
    let mut tx = ctx.db.begin().await?;
    let mut place = ensure(ctx, &mut tx, known.group.id, person.id).await?;
    if place.moderator == moderator {
        return Ok(());
    }
    place.moderator = moderator;
    store::places::update(&mut tx, &place).await?;
    tell_place(ctx, &mut tx, known, &person).await?;
    if person.is_visible() {
        let kind = if moderator { "Add" } else { "Remove" };
        let target = format!("{}/moderators", known.circle.uri);
        let change = json!({ "type": kind, "object": person.uri, "target": target });
        moderation::deed(ctx, &mut tx, &known.circle, change).await?;
    }
    tx.commit().await?;
    Ok(())
}
