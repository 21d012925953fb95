//! What is said in a circle: who may say it, and how the circle's actor passes it on (FEP-1b12).

use federation::{Actor, Audience, Ctx, Visibility, actors, follows, outbox};
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use super::DiscussionError;
use crate::model::{Circle, DiscussionRefusal, Participant};

/// How somebody's words come into a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admitted {
    /// As the rule for comments says.
    Freely,
    /// A moderator reads them first.
    Waiting,
}

/// Whether somebody may speak in a circle that she may read.
///
/// # Errors
/// [`DiscussionRefusal::Closed`], [`DiscussionRefusal::PutOut`] or [`DiscussionRefusal::NotMember`].
pub async fn admitted(ctx: &Ctx, by: &Participant, circle: &Circle) -> Result<Admitted, DiscussionError> {
    if circle.closed {
        return Err(DiscussionRefusal::Closed.into());
    }
    if circle.has_put_out(by.actor.id) {
        return Err(DiscussionRefusal::PutOut.into());
    }
    if circle.is_moderated_by(by) || is_member(ctx, by, circle).await? {
        return Ok(Admitted::Freely);
    }
    if circle.private {
        Err(DiscussionRefusal::NotMember.into())
    } else {
        Ok(Admitted::Waiting)
    }
}

/// Whether somebody is a member: an accepted follower of the circle's actor.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn is_member(ctx: &Ctx, who: &Participant, circle: &Circle) -> Result<bool, StoreError> {
    let follow = follows::between(ctx, who.actor.id, circle.group).await?;
    Ok(follow.is_some_and(|follow| follow.accepted))
}

/// To whom the circle's own actor speaks.
fn everybody(group: &Actor, circle: &Circle) -> Audience {
    let visibility = if circle.private {
        Visibility::Followers
    } else {
        Visibility::Public
    };
    Audience::of(group, visibility, &[])
}

/// To whom a member's words are addressed. They are delivered to the members by the circle's actor.
pub fn audience_in(circle: &Circle, author: &Actor, named: &[Actor]) -> Audience {
    if circle.private {
        return Audience {
            to: vec![circle.uri.clone(), circle.followers.clone()],
            ..Audience::default()
        };
    }
    let mut audience = Audience::of(author, Visibility::Public, named);
    audience.cc.push(circle.uri.clone());
    audience.cc.push(circle.followers.clone());
    audience
}

/// The circle's actor passes an activity on to its members: as a whole, as FEP-1b12 has it, and the new object
/// alone for those who know boosts only.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn pass_on(
    ctx: &Ctx,
    tx: &mut Tx,
    circle: &Circle,
    activity: Option<&Value>,
    object: Option<&str>,
) -> Result<(), StoreError> {
    let Some(group) = actors::by_id_in(tx, circle.group).await? else {
        return Ok(());
    };
    let audience = everybody(&group, circle);
    if let Some(activity) = activity {
        let whole = json!({ "type": "Announce", "object": activity, "audience": group.uri });
        outbox::say(ctx, tx, &group, whole, &audience).await?;
    }
    if let Some(object) = object.filter(|_| !circle.private) {
        let alone = json!({ "type": "Announce", "object": object, "audience": group.uri });
        outbox::say(ctx, tx, &group, alone, &audience).await?;
    }
    Ok(())
}

/// The circle's actor passes on no more what it had passed on; with the activity that ended it, if there is one.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn withdraw(
    ctx: &Ctx,
    tx: &mut Tx,
    circle: &Circle,
    object: &str,
    activity: Option<&Value>,
) -> Result<(), StoreError> {
    let Some(group) = actors::by_id_in(tx, circle.group).await? else {
        return Ok(());
    };
    let audience = everybody(&group, circle);
    for uri in outbox::said_about(tx, group.id, "Announce", object).await? {
        let announce = json!({ "id": uri, "type": "Announce", "actor": group.uri, "object": object });
        let undo = json!({ "type": "Undo", "object": announce, "audience": group.uri });
        outbox::say(ctx, tx, &group, undo, &audience).await?;
    }
    outbox::unlist(tx, group.id, object).await?;
    pass_on(ctx, tx, circle, activity, None).await
}

/// The circle's actor does something to what was said in it, and tells the members (`Delete`, `Lock`, `Undo`, …).
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn deed(ctx: &Ctx, tx: &mut Tx, circle: &Circle, activity: Value) -> Result<(), StoreError> {
    let Some(group) = actors::by_id_in(tx, circle.group).await? else {
        return Ok(());
    };
    let mut activity = activity;
    if let Some(map) = activity.as_object_mut() {
        map.insert("audience".to_owned(), json!(group.uri));
    }
    // The members get it within an Announce, and nobody gets it twice.
    let addressed = Audience {
        followers_of: Vec::new(),
        ..everybody(&group, circle)
    };
    let said = outbox::say(ctx, tx, &group, activity, &addressed).await?;
    let whole = match said {
        Some(id) => outbox::said_in(tx, id).await?,
        None => None,
    };
    pass_on(ctx, tx, circle, whole.as_ref(), None).await
}
