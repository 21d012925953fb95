//! The deeds: the only writers of this room, called by pages, the API and the inbox.

pub(crate) mod around_circle;
mod arriving;
mod bench;
mod counts;
mod desk;
mod flagging;
mod moderation;
mod programs;
mod reacting;
mod reading;
pub(crate) mod telling;
mod thread;
mod writing;

use federation::{Actor, Ctx};
use platform::StoreError;

use crate::model::{DiscussionRefusal, Participant, Subject};

pub use around_circle::{Admitted, admitted, audience_in, deed, is_member, pass_on, withdraw};
pub(crate) use arriving::{
    Incoming, Taken, comment_from_elsewhere, delete_from_elsewhere, forget_actor, forget_the_gone,
};
pub(crate) use bench::{case, has_other_judges};
pub use counts::{Counts, Mine, counts, mine};
pub use desk::{DESK, Desk, Flagged, decision, decisions, desk, waiting};
pub(crate) use desk::{flag_of, flags_about, thing_decided, was_flagged};
pub(crate) use flagging::{FlagFromElsewhere, flag_from_elsewhere};
pub use flagging::{flag, give_notice};
pub(crate) use moderation::is_hidden;
pub use moderation::{appeal, approve, dismiss, hide, hiding_decision, removal, restore, rule, set_rule};
pub use programs::{count_comments_of, share_by_id, share_of, shares_followed};
pub(crate) use reacting::{Counted, react_from_elsewhere, take_back_from_elsewhere};
pub use reacting::{Reacted, like, likers, likes_of, share, sharers, shares_of, unlike, unshare};
pub use reading::{
    all_about, attachments, comment_by_id, comments_of_actor, count_local, history, labels, may_read,
    may_read_circle, may_read_thing, public_answers, public_conversation,
};
pub(crate) use telling::around;
pub use telling::subject_gone;
pub use thread::{ANSWERS, BRANCHES, Branch, Entry, Standing, Thread, branch, thread};
pub(crate) use writing::mentioned_in;
pub use writing::{Drafted, Edit, comment, comment_in, delete_comment, draft_comment, edit_comment};

/// What came of a deed that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum DiscussionError {
    /// Turned away.
    #[error(transparent)]
    Refused(#[from] DiscussionRefusal),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether this would carry words or the name of somebody dark to another server. What is said in a circle of
/// ours stays here for her, wherever its author lives.
pub(crate) fn would_leave(by: &Actor, subject: &Subject, author_local: bool) -> bool {
    by.local && !author_local && subject.circle.is_none() && !by.is_visible()
}

/// Whether the town hall itself speaks: the author of the subject, an office of the commune, a moderator.
pub(crate) async fn is_town_hall(ctx: &Ctx, by: &Participant, subject: &Subject) -> Result<bool, StoreError> {
    if !by.actor.local {
        return Ok(match &subject.circle {
            Some(circle) => circle.is_moderated_by(by),
            None => by.actor.id == subject.author_id,
        });
    }
    if subject.is_moderated_by(by) || (subject.circle.is_none() && by.actor.id == subject.author_id) {
        return Ok(true);
    }
    let office = commune::actions::by_actor(ctx.platform(), by.actor.id).await?;
    Ok(office.is_some_and(|commune| subject.commune.as_deref() == Some(commune.code.as_str())))
}
