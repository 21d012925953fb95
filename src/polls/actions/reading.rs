//! What may be seen of the counts, and by whom: once closed everybody, before that whoever shows a ballot.

use federation::Ctx;

use super::PollError;
use super::boxing::{seal_of, shown_tally, verified};
use crate::model::{OptionCount, Poll, PollRefusal, Receipt, Tally};
use crate::store::ballots;
use crate::store::polls as store;

/// What a receipt shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The number of the ballot.
    pub number: String,
    /// Whether it is in the box. A published box is of the ballots that could be read.
    pub in_the_box: bool,
    /// The counts, if there are enough ballots for any.
    pub tally: Option<Tally>,
}

/// The choices with the counts that may be shown to whoever may see counts.
///
/// # Errors
/// [`PollError`].
pub async fn counts(ctx: &Ctx, poll: &Poll) -> Result<(Vec<OptionCount>, Tally), PollError> {
    let options = store::options(&ctx.db, poll.id).await?;
    let tally = shown_tally(poll, &options);
    Ok((options, tally))
}

/// The counts everybody may see: once closed, of five ballots or more.
///
/// # Errors
/// [`PollError`].
pub async fn shown(ctx: &Ctx, poll: &Poll) -> Result<Option<Tally>, PollError> {
    if !poll.is_counted() {
        return Ok(None);
    }
    let (_, tally) = counts(ctx, poll).await?;
    Ok(Some(tally).filter(Tally::is_enough))
}

/// Looks for the ballot of a receipt, and shows the counts to whoever has one that is in the box.
///
/// # Errors
/// [`PollError::Refused`] for a receipt that was not given out for this poll.
pub async fn look_into_the_box(ctx: &Ctx, poll: &Poll, receipt: &Receipt) -> Result<Seen, PollError> {
    let (options, tally) = counts(ctx, poll).await?;
    verified(poll, options.len(), receipt)?;
    let key = receipt.ballot.key(poll.id);
    let in_the_box = match poll.state {
        crate::model::PollState::Open => {
            let seal = seal_of(ctx, poll.id).await?;
            ballots::holds(&ctx.db, poll.id, &seal.tag(&key)).await?
        }
        crate::model::PollState::Closed => ballots::published(&ctx.db, poll.id, &key).await?,
        crate::model::PollState::Withdrawn => return Err(PollRefusal::Missing.into()),
    };
    let may_see = in_the_box || poll.is_counted();
    Ok(Seen {
        number: crate::model::number(&key),
        in_the_box,
        tally: Some(tally).filter(|tally| may_see && tally.is_enough()),
    })
}
