//! Coming in, going, being put out, keeping order.

use account::actions::people;
use discussion::actions as moderation;
use discussion::model::{FlagCategory, Thing};
use discussion::{Circle, Participant, circles};
use federation::objects::{Admission, Sight};
use federation::{Actor, ActorId, ActorKind, Audience, Ctx, actors, follows, outbox};
use notifications::{Kind, Notice};
use platform::{StoreError, Tx};
use serde_json::json;

use super::{GroupError, Known};
use crate::circle::{circle_of, commune_of, of_town_hall};
use crate::model::{Group, GroupId, GroupRefusal, Pace, Place, PlaceId, Scope};
use crate::store;
use crate::topics::PLACES;

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

async fn ensure(ctx: &Ctx, tx: &mut Tx, group: GroupId, actor: ActorId) -> Result<Place, StoreError> {
    store::places::ensure(tx, PlaceId::new(ctx), group, actor, ctx.clock.now()).await
}

async fn tell_keepers(ctx: &Ctx, tx: &mut Tx, known: &Known, from: ActorId) -> Result<(), StoreError> {
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

async fn tell_place(ctx: &Ctx, tx: &mut Tx, known: &Known, to: &Actor) -> Result<(), StoreError> {
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

fn keeps_order(by: &Participant, circle: &Circle) -> Result<(), GroupRefusal> {
    if circle.is_moderated_by(by) && !by.actor.suspended {
        Ok(())
    } else {
        Err(GroupRefusal::NotModerator)
    }
}

async fn somebody(ctx: &Ctx, id: ActorId) -> Result<Actor, GroupError> {
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
            standing: crate::model::Standing::default(),
        };
        tell_keepers(ctx, &mut tx, &known, follower.id).await?;
    }
    tx.commit().await
}
