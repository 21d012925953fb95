//! Answers to our own questions, from here and from elsewhere. Each actor counts once; who answered is a keyed hash
//! until the end and nothing after it.

use aws_lc_rs::hmac;
use discussion::Participant;
use federation::{Actor, Ctx};
use platform::Tx;

use super::PollError;
use super::opening::voter_place;
use crate::model::{Choices, Opinion, OpinionId, OpinionOption, PollRefusal, Side};
use crate::settings::votes_per_server;
use crate::store::opinions as store;

/// The key by which answers to one question are known.
struct Marker(hmac::Key);

impl Marker {
    async fn of(ctx: &Ctx, id: OpinionId) -> Result<Self, PollError> {
        let sealed = store::voter_key(&ctx.db, id).await?.ok_or(PollRefusal::Closed)?;
        let key = ctx.vault.open(&voter_place(id.0), &sealed)?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &key)))
    }

    fn voter(&self, actor: &str) -> Vec<u8> {
        hmac::sign(&self.0, format!("voter {actor}").as_bytes())
            .as_ref()
            .to_vec()
    }

    fn vote(&self, actor: &str, position: usize) -> Vec<u8> {
        hmac::sign(&self.0, format!("vote {position} {actor}").as_bytes())
            .as_ref()
            .to_vec()
    }
}

/// Answers a question of this server as somebody who is signed in here: all choices at once, once.
///
/// # Errors
/// [`PollError::Refused`].
pub async fn answer_here(ctx: &Ctx, by: &Participant, id: OpinionId, wanted: &[u8]) -> Result<(), PollError> {
    let marker = Marker::of(ctx, id).await?;
    let mut tx = ctx.db.begin().await?;
    let opinion = store::held(&mut tx, id).await?.ok_or(PollRefusal::Missing)?;
    opinion.may_answer(by.actor.id, ctx.clock.now())?;
    let options = store::options_in(&mut tx, id).await?;
    let choices = Choices::checked(wanted, options.len(), opinion.multiple)?;
    let voter = marker.voter(&by.actor.uri);
    if store::has_voter(&mut tx, id, &voter).await? {
        return Err(PollRefusal::AlreadyTaken.into());
    }
    let side = if by.resides_in(Some(&opinion.commune)) {
        Side::Residents
    } else {
        Side::Outside
    };
    store::add_voter(&mut tx, id, &voter, side).await?;
    for position in choices.positions() {
        let vote = marker.vote(&by.actor.uri, position);
        store::add_vote(&mut tx, id, &vote, position as i64, side).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Takes answers of an actor of another server: the exact words of choices, one or several at once, all of them or
/// none. Later ones of the same actor count where several choices may be made, each choice once.
///
/// # Errors
/// [`PollError::Refused`]: late, its own, twice, foreign words, too many from its server.
pub(crate) async fn answer_from_elsewhere(
    ctx: &Ctx,
    actor: &Actor,
    id: OpinionId,
    words: &[String],
) -> Result<(), PollError> {
    let marker = Marker::of(ctx, id).await?;
    let mut tx = ctx.db.begin().await?;
    let opinion = store::held(&mut tx, id).await?.ok_or(PollRefusal::Missing)?;
    opinion.may_answer(actor.id, ctx.clock.now())?;
    let options = store::options_in(&mut tx, id).await?;
    let positions = positions(&options, words)?;
    let voter = marker.voter(&actor.uri);
    let known = store::has_voter(&mut tx, id, &voter).await?;
    if !opinion.multiple && (known || positions.len() > 1) {
        return Err(PollRefusal::AlreadyTaken.into());
    }
    if !known {
        count_voter(ctx, &mut tx, &opinion, actor, &voter).await?;
    }
    for position in positions {
        let vote = marker.vote(&actor.uri, position);
        match store::add_vote(&mut tx, id, &vote, position as i64, Side::Outside).await {
            Err(platform::StoreError::Conflict(_)) => return Err(PollRefusal::AlreadyTaken.into()),
            other => other?,
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn count_voter(
    ctx: &Ctx,
    tx: &mut Tx,
    opinion: &Opinion,
    actor: &Actor,
    voter: &[u8],
) -> Result<(), PollError> {
    let of_server = store::add_of_server(tx, opinion.id, &actor.host).await?;
    if of_server > votes_per_server(ctx) {
        return Err(PollRefusal::ServerFull.into());
    }
    store::add_voter(tx, opinion.id, voter, Side::Outside).await?;
    Ok(())
}

/// The places of these words among the choices.
fn positions(options: &[OpinionOption], words: &[String]) -> Result<Vec<usize>, PollError> {
    let mut positions = Vec::with_capacity(words.len());
    for words in words {
        let found = options.iter().position(|option| option.words == words.trim());
        let position = found.ok_or(PollRefusal::BadChoice)?;
        if positions.contains(&position) {
            return Err(PollRefusal::AlreadyTaken.into());
        }
        positions.push(position);
    }
    if positions.is_empty() {
        return Err(PollRefusal::BadChoice.into());
    }
    Ok(positions)
}

/// What somebody answered, while that can be told.
///
/// # Errors
/// [`PollError`].
pub async fn answered(ctx: &Ctx, actor: &Actor, opinion: &Opinion) -> Result<Vec<usize>, PollError> {
    let marker = match Marker::of(ctx, opinion.id).await {
        Err(PollError::Refused(_)) => return Ok(Vec::new()),
        other => other?,
    };
    let options = store::options(&ctx.db, opinion.id).await?;
    let votes: Vec<Vec<u8>> = (0..options.len())
        .map(|position| marker.vote(&actor.uri, position))
        .collect();
    let given = store::given(&ctx.db, opinion.id, &votes).await?;
    Ok((0..votes.len())
        .filter(|at| votes.get(*at).is_some_and(|vote| given.contains(vote)))
        .collect())
}
