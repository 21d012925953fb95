//! The deeds: the only writers of this room, called by pages, the API and the inbox.

mod elsewhere;
mod gate;
mod groups;
mod order;
mod people;
mod places;
mod telling;
mod topics;

use std::sync::Arc;

use discussion::{Circle, DiscussionError, Participant};
use federation::{Actor, Ctx, follows};
use platform::StoreError;

use crate::circle::circle_of;
use crate::model::{Group, GroupId, GroupRefusal, Standing, may_read};
use crate::store;

pub(crate) use elsewhere::{
    Arrived, arrived, changed_elsewhere, clean_up_after, deleted_elsewhere, empty_of, forget, forget_the_gone,
};
pub(crate) use gate::{admission, came, sight};
pub use groups::{Founder, change_group, close_group, open_group, reopen_group};
pub(crate) use groups::{close_due, rename};
pub(crate) use order::set_hidden;
pub use order::{approve_topic, lock_topic, pin_topic};
pub use people::{Joined, answer_request, invite, join, leave, set_pace};
pub(crate) use places::set_out;
pub use places::{let_back, name_moderator, put_out};
pub(crate) use topics::written;
pub use topics::{delete_topic, edit_topic, open_topic, open_topic_in};

/// What came of a deed that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// Against the rules: all the reasons at once.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<GroupRefusal>),
    /// The moderation's part of it did not succeed.
    #[error(transparent)]
    Moderation(#[from] DiscussionError),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<GroupRefusal> for GroupError {
    fn from(refusal: GroupRefusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

pub(crate) fn refuse(refusals: Vec<GroupRefusal>) -> Result<(), GroupError> {
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(GroupError::Refused(refusals))
    }
}

/// A group with who is in it, and how somebody stands to it.
#[derive(Debug, Clone)]
pub struct Known {
    /// The group.
    pub group: Group,
    /// As the discussion sees it.
    pub circle: Arc<Circle>,
    /// How the one who asks stands to it.
    pub standing: Standing,
}

impl Known {
    /// Whether this person may read it.
    pub fn may_read(&self, who: Option<&Participant>) -> bool {
        may_read(&self.group, &self.circle, who, self.standing)
    }

    /// The group's actor.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is gone.
    pub async fn actor(&self, ctx: &Ctx) -> Result<Actor, StoreError> {
        federation::actors::by_id(ctx, self.group.actor())
            .await?
            .ok_or(StoreError::NotFound("actor"))
    }
}

/// A group, whoever may read it.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn known(ctx: &Ctx, id: GroupId, who: Option<&Participant>) -> Result<Option<Known>, StoreError> {
    let Some(group) = store::groups::by_id(&ctx.db, id).await? else {
        return Ok(None);
    };
    if commune::actions::is_closed(ctx, &group.commune, "groups").await? {
        return Ok(None);
    }
    let circle = circle_of(ctx, &group).await?;
    let standing = match who {
        Some(who) => standing(ctx, &group, &circle, who).await?,
        None => Standing::default(),
    };
    Ok(Some(Known {
        group,
        circle,
        standing,
    }))
}

/// How somebody stands to a group.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn standing(
    ctx: &Ctx,
    group: &Group,
    circle: &Circle,
    who: &Participant,
) -> Result<Standing, StoreError> {
    let follow = follows::between(ctx, who.actor.id, group.actor()).await?;
    let place = store::places::of(&ctx.db, group.id, who.actor.id).await?;
    let out = place.as_ref().is_some_and(|place| place.out_at.is_some());
    Ok(Standing {
        member: !out && follow.as_ref().is_some_and(|follow| follow.accepted),
        asked: !out && follow.as_ref().is_some_and(|follow| !follow.accepted),
        invited: !out && place.as_ref().is_some_and(|place| place.invited),
        moderates: circle.is_moderated_by(who),
        out,
        pace: place.map(|place| place.pace),
    })
}
