//! The ballot box: ballots are dropped in, and mixed whenever the counts that are shown are renewed.

use federation::Ctx;

use super::{PollError, aside};
use crate::blind::PublicKey;
use crate::model::{
    Ballot, Choices, OptionCount, Poll, PollId, PollRefusal, PollState, Receipt, Tally, is_due,
};
use crate::seal::{Seal, SealError, Seals};
use crate::store::polls::{self as store, Hold};
use crate::store::{ballots, register};

/// Drops a ballot into the box. Nobody is asked who she is: the signature says that the ballot was given out. The
/// same ballot may be sent again; it is in the box once.
///
/// # Errors
/// [`PollError::Refused`]: closed, wrong choices, wrong signature.
pub async fn cast_ballot(ctx: &Ctx, id: PollId, receipt: &Receipt) -> Result<(), PollError> {
    let poll = store::by_id(&ctx.db, id).await?.ok_or(PollRefusal::Missing)?;
    let now = ctx.clock.now();
    if !poll.takes_votes(now) {
        return Err(late(&poll));
    }
    let options = store::options(&ctx.db, id).await?;
    verified(&poll, options.len(), receipt)?;
    let seal = seal_of(ctx, id).await?;
    let ballot = &receipt.ballot;
    let tag = seal.tag(&ballot.key(id));
    let locked = seal.lock(ctx.rng.bytes(), &tag, &ballot.packed())?;
    let mut tx = ctx.db.begin().await?;
    let poll = store::held(&mut tx, id, Hold::Voting)
        .await?
        .ok_or(PollRefusal::Missing)?;
    if !poll.takes_votes(ctx.clock.now()) {
        return Err(late(&poll));
    }
    ballots::drop_in(&mut tx, id, &tag, &locked, true).await?;
    tx.commit().await?;
    // The ballot is safe; if this fails the next one does it.
    if let Err(error) = renew(ctx, id).await {
        tracing::warn!(%error, poll.id = %id, "the counts of a poll could not be renewed");
    }
    Ok(())
}

fn late(poll: &Poll) -> PollError {
    if poll.is_out() {
        PollRefusal::Closed.into()
    } else {
        PollRefusal::Missing.into()
    }
}

/// Whether a ballot is one of this poll.
pub(super) fn verified(poll: &Poll, options: usize, receipt: &Receipt) -> Result<(), PollError> {
    if receipt.poll != poll.id {
        return Err(PollRefusal::BadBallot.into());
    }
    let ballot = &receipt.ballot;
    if !fits(&ballot.choices, options, poll.multiple) {
        return Err(PollRefusal::BadChoice.into());
    }
    let key = PublicKey::from_der(&poll.public_key)?;
    key.verify(&ballot.signed(poll.id), &ballot.signature)
        .map_err(|_| PollRefusal::BadBallot)?;
    Ok(())
}

fn fits(choices: &Choices, options: usize, multiple: bool) -> bool {
    let ticked = choices.positions().count();
    ticked > 0 && (multiple || ticked == 1) && choices.positions().all(|at| at < options)
}

/// The key of the box of a running poll.
pub(super) async fn seal_of(ctx: &Ctx, id: PollId) -> Result<Seal, PollError> {
    let seals = Seals::in_folder(&ctx.server.data_dir);
    aside(move || Ok(seals.of(id)?)).await
}

/// Renews the counts that are shown when enough ballots are new, and mixes the whole box: every ballot is locked
/// anew and lies where its tag says.
pub(super) async fn renew(ctx: &Ctx, id: PollId) -> Result<(), PollError> {
    let Some(poll) = store::by_id(&ctx.db, id).await? else {
        return Ok(());
    };
    let enough = (poll.shown_ballots / 100).max(crate::model::FEWEST);
    let fresh = ballots::fresh(&ctx.db, id, enough).await?;
    if !is_due(poll.shown_ballots, fresh) {
        return Ok(());
    }
    let seal = seal_of(ctx, id).await?;
    let eligible = voters(ctx, &poll).await?;
    let mut tx = ctx.db.begin().await?;
    let Some(poll) = store::held(&mut tx, id, Hold::Alone).await? else {
        return Ok(());
    };
    let rows = ballots::sealed(&mut tx, id).await?;
    let fresh = rows.iter().filter(|row| row.fresh).count() as i64;
    if poll.state != PollState::Open || !is_due(poll.shown_ballots, fresh) {
        return Ok(());
    }
    let mut tally = shown_tally(&poll, &store::options_in(&mut tx, id).await?);
    tally.eligible = eligible;
    let mut mixed = Vec::with_capacity(rows.len());
    for row in rows {
        let Ok(packed) = seal.unlock(&row.tag, &row.ballot) else {
            tracing::error!(poll.id = %id, "a ballot in the box cannot be unlocked");
            mixed.push((row.tag, row.ballot));
            continue;
        };
        if let (true, Some(ballot)) = (row.fresh, Ballot::unpacked(&packed)) {
            tally.add(&ballot);
        }
        mixed.push((row.tag.clone(), seal.lock(ctx.rng.bytes(), &row.tag, &packed)?));
    }
    mixed.sort_unstable();
    ballots::empty(&mut tx, id).await?;
    ballots::refill(&mut tx, id, &mixed).await?;
    store::set_shown(&mut tx, id, &tally).await?;
    tx.commit().await?;
    Ok(())
}

/// The counts as they are shown now.
pub(super) fn shown_tally(poll: &Poll, options: &[OptionCount]) -> Tally {
    Tally {
        ballots: poll.shown_ballots,
        eligible: poll.shown_eligible,
        counts: options.iter().map(|option| option.ballots).collect(),
    }
}

/// How many could vote.
pub(super) async fn voters(ctx: &Ctx, poll: &Poll) -> Result<i64, PollError> {
    Ok(account::actions::people::count_residents(ctx, &poll.commune, poll.verified_only).await?)
}

/// The operator says that the key of a box is lost for good: a new one is made, the ballots under the old one are
/// thrown away, and whoever has a receipt can cast her ballot again. How many there were.
///
/// # Errors
/// [`PollError::Refused`] when the poll does not run, or its key is there.
pub async fn renew_lost_key(ctx: &Ctx, id: PollId) -> Result<i64, PollError> {
    let mut tx = ctx.db.begin().await?;
    let poll = store::held(&mut tx, id, Hold::Alone)
        .await?
        .ok_or(PollRefusal::Missing)?;
    // Hidden, or over and not counted for want of its key, it is rescued as well.
    if poll.state != PollState::Open {
        return Err(PollRefusal::Closed.into());
    }
    match seal_of(ctx, id).await {
        Ok(_) => return Err(PollRefusal::StillOpen.into()),
        Err(PollError::Seal(SealError::Missing)) => {}
        Err(error) => return Err(error),
    }
    let lost = ballots::sealed(&mut tx, id).await?.len() as i64;
    let given = register::all(&mut tx, id).await?.len();
    let options = store::options_in(&mut tx, id).await?;
    ballots::empty(&mut tx, id).await?;
    store::set_shown(&mut tx, id, &Tally::empty(options.len())).await?;
    let (seals, secret) = (Seals::in_folder(&ctx.server.data_dir), ctx.rng.bytes());
    aside(move || Ok(seals.make(id, secret)?)).await?;
    tx.commit().await?;
    tracing::warn!(poll.id = %id, lost, given, "the box of a poll was begun anew");
    Ok(lost)
}
