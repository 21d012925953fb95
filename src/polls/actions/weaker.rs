//! The weaker way, for those who vote without JavaScript: the server blinds for her, and could know her choice at
//! that moment. The page says so. Register and box stay separate, and what is made for her follows from the key of
//! the box, so that the same form sent again gives the same ballot.

use account::Account;
use federation::Ctx;

use super::boxing::{cast_ballot, seal_of};
use super::giving::{issue_token, marks};
use super::{PollError, aside};
use crate::blind::PublicKey;
use crate::model::{Ballot, Choices, PollId, PollRefusal, Receipt};
use crate::store::polls as store;

/// Votes for somebody who cannot blind herself; gives her receipt.
///
/// # Errors
/// [`PollError::Refused`].
pub async fn vote_for_her(
    ctx: &Ctx,
    account: &Account,
    id: PollId,
    wanted: &[u8],
) -> Result<Receipt, PollError> {
    let poll = store::by_id(&ctx.db, id).await?.ok_or(PollRefusal::Missing)?;
    super::eligible(ctx, account, &poll).await?;
    let options = store::options(&ctx.db, id).await?;
    let choices = Choices::checked(wanted, options.len(), poll.multiple)?;
    let marks = marks(ctx, account, id).await?;
    let seal = seal_of(ctx, id).await?;
    let follows = |purpose: &str| seal.follows(purpose, &marks.voter);
    let (serial, randomizer) = (follows("serial"), follows("randomizer"));
    let mut salt = [0; 48];
    let both = [follows("salt 1"), follows("salt 2")].concat();
    for (to, from) in salt.iter_mut().zip(both) {
        *to = from;
    }
    let factor: Vec<u8> = (0..10)
        .flat_map(|part| follows(&format!("factor {part}")))
        .collect();
    let mut ballot = Ballot {
        choices,
        serial,
        randomizer,
        signature: Vec::new(),
    };
    let signed = ballot.signed(id);
    let key = PublicKey::from_der(&poll.public_key)?;
    let (blinding_key, message) = (key.clone(), signed.clone());
    let blinding = aside(move || Ok(blinding_key.blind(&message, &salt, &factor)?)).await?;
    let blind = issue_token(ctx, account, id, blinding.blinded).await?;
    ballot.signature = key.unblind(&signed, &blind, &blinding.inverse)?;
    let receipt = Receipt { poll: id, ballot };
    cast_ballot(ctx, id, &receipt).await?;
    Ok(receipt)
}
