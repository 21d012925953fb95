//! Taking a poll or a public opinion from sight and showing it again, as moderators decide (`discussion` asks who
//! may). Nobody votes in what is hidden. Its end comes all the same, since keys and marks of voters are not kept
//! longer than was said; how it came out is told when it is shown again.

use federation::{Audience, Ctx, Visibility, actors, objects, outbox};
use notifications::Kind;
use platform::{StoreError, Tx};

use super::asking::{say, tell as tell_of_opinion};
use super::counting::say_outcome;
use super::opening::{announce, take_back, tell};
use crate::model::{OpinionId, PollId, PollState};
use crate::store::polls::Hold;
use crate::store::{opinions, polls};
use crate::wire::{POLLS, QUESTIONS, RESULTS};

/// Hides a poll, or shows a hidden one; `false` when there is nothing to hide or show.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn set_poll_hidden(
    ctx: &Ctx,
    tx: &mut Tx,
    id: PollId,
    hidden: bool,
) -> Result<bool, StoreError> {
    let found = polls::held(tx, id, Hold::Alone).await?;
    let Some(mut poll) = found.filter(|poll| poll.state != PollState::Withdrawn) else {
        return Ok(false);
    };
    if poll.hidden == hidden {
        return Ok(hidden);
    }
    polls::set_hidden(tx, id, hidden).await?;
    poll.hidden = hidden;
    let Some(office) = actors::by_id_in(tx, poll.actor_id).await? else {
        return Ok(true);
    };
    let outcome = poll.is_counted().then(|| objects::uri(ctx, RESULTS, id));
    let said = [Some(poll.uri.clone()), outcome];
    let audience = Audience::of(&office, Visibility::Public, &[]);
    for uri in said.iter().flatten() {
        if hidden {
            take_back(ctx, tx, &office, uri, "Note", &audience).await?;
        } else {
            outbox::undo_delete(ctx, tx, &office, uri, &audience).await?;
        }
    }
    if hidden {
        unmention(tx, POLLS, id.0).await?;
        return Ok(true);
    }
    announce(ctx, tx, &office, &poll).await?;
    if poll.is_counted() {
        say_outcome(ctx, tx, &office, &poll).await?;
        tell(ctx, tx, Kind::PollClosed, &poll).await?;
    }
    Ok(true)
}

/// Hides a public opinion, or shows a hidden one; `false` when there is nothing to hide or show.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn set_opinion_hidden(
    ctx: &Ctx,
    tx: &mut Tx,
    id: OpinionId,
    hidden: bool,
) -> Result<bool, StoreError> {
    let found = opinions::held(tx, id).await?;
    let Some(mut opinion) = found.filter(|opinion| opinion.state != PollState::Withdrawn) else {
        return Ok(false);
    };
    if opinion.hidden == hidden {
        return Ok(hidden);
    }
    opinions::set_hidden(tx, id, hidden).await?;
    opinion.hidden = hidden;
    let Some(office) = actors::by_id_in(tx, opinion.actor_id).await? else {
        return Ok(true);
    };
    let audience = Audience::of(&office, opinion.visibility, &[]);
    if hidden {
        take_back(ctx, tx, &office, &opinion.uri, "Question", &audience).await?;
        unmention(tx, QUESTIONS, id.0).await?;
        return Ok(true);
    }
    outbox::undo_delete(ctx, tx, &office, &opinion.uri, &audience).await?;
    say(ctx, tx, &opinion, "Create").await?;
    if opinion.state == PollState::Closed {
        tell_of_opinion(ctx, tx, Kind::PollClosed, &opinion).await?;
    }
    Ok(true)
}

/// Nobody here is told of it any more.
async fn unmention(tx: &mut Tx, kind: &'static str, id: i64) -> Result<(), StoreError> {
    notifications::retract(tx, kind, id).await?;
    discussion::subject_gone(tx, kind, id).await
}
