//! The end of a poll: the box is opened, counted and published; its keys are destroyed.

use aws_lc_rs::digest::{SHA256, digest};
use federation::{Actor, Audience, Ctx, Visibility, actors, outbox};
use notifications::Kind;
use platform::{StoreError, Tx};
use serde::Serialize;
use serde_json::{Value, json};

use super::boxing::{seal_of, verified, voters};
use super::lists::{BallotList, Register};
use super::opening::tell;
use super::{PollError, aside};
use crate::author::Author;
use crate::keys;
use crate::model::{Ballot, Poll, PollId, PollRefusal, PollState, Receipt, Tally};
use crate::seal::{Seal, SealError, Seals};
use crate::store::ballots::{self, Opened, Sealed};
use crate::store::polls::{self as store, Ended, Hold};
use crate::store::register::{self, Given};
use crate::wire;

/// The most paper ballots that can be entered.
const MOST_PAPER: i64 = 1_000_000;

/// Counts a poll whose time is over; one that is counted already stays as it is.
///
/// # Errors
/// [`PollError`]; then nothing has changed, and it can be tried again.
pub async fn close_poll(ctx: &Ctx, id: PollId) -> Result<(), PollError> {
    let now = ctx.clock.now();
    let Some(poll) = store::by_id(&ctx.db, id).await? else {
        return Ok(());
    };
    if poll.state == PollState::Open && now >= poll.closes_at {
        let seal = match seal_of(ctx, id).await {
            Ok(seal) => Some(seal),
            Err(PollError::Seal(SealError::Missing)) => None,
            Err(error) => return Err(error),
        };
        let eligible = voters(ctx, &poll).await?;
        let mut tx = ctx.db.begin().await?;
        let held = store::held(&mut tx, id, Hold::Alone).await?;
        if let Some(poll) = held.filter(|poll| poll.state == PollState::Open) {
            count(ctx, &mut tx, poll, seal, eligible).await?;
            tx.commit().await?;
        }
    }
    keys::forget(ctx, id);
    let seals = Seals::in_folder(&ctx.server.data_dir);
    aside(move || Ok(seals.destroy(id)?)).await
}

async fn count(
    ctx: &Ctx,
    tx: &mut Tx,
    mut poll: Poll,
    seal: Option<Seal>,
    eligible: i64,
) -> Result<(), PollError> {
    let (id, now) = (poll.id, ctx.clock.now());
    let office = actors::by_id_in(tx, poll.actor_id)
        .await?
        .ok_or(StoreError::NotFound("actor"))?;
    let rows = ballots::sealed(tx, id).await?;
    // Ballots that nobody can read any more are not thrown away without a word: see `renew_lost_key`.
    let seal = match seal {
        Some(seal) => seal,
        None if rows.is_empty() => Seal::new([0; 32]),
        None => return Err(SealError::Missing.into()),
    };
    let options = store::options_in(tx, id).await?;
    let (opened, unreadable) = unlocked(&poll, options.len(), &seal, rows);
    let given = register::all(tx, id).await?;
    let mut tally = Tally::empty(options.len());
    tally.eligible = eligible;
    for ballot in &opened {
        tally.add(ballot);
    }
    let mut ended = Ended::default();
    if tally.is_enough() {
        let words: Vec<String> = options.into_iter().map(|option| option.words).collect();
        let (rows, given) = (rows_of(id, &opened), hashed(given));
        ballots::publish(tx, id, &rows).await?;
        register::publish(tx, id, &given).await?;
        store::set_shown(tx, id, &tally).await?;
        ended.signatures = given.len() as i64;
        ended.unreadable = unreadable;
        (poll.signatures, poll.unreadable) = (ended.signatures, unreadable);
        let page = wire::page_of_in(tx, &poll.commune, id.0, wire::ANONYMOUS).await?;
        let address = ctx.urls.to(&page);
        let mut list = value(&BallotList::of(&poll, words, &rows, &address)?)?;
        federation::prove_in(ctx, tx, &office, &mut list).await?;
        let given: Vec<Given> = given.into_iter().map(|(_, given)| given).collect();
        let mut register = value(&Register::of(&poll, &given, &address)?)?;
        federation::prove_in(ctx, tx, &office, &mut register).await?;
        ended.list_proof = list.get("proof").map(Value::to_string);
        ended.register_proof = register.get("proof").map(Value::to_string);
    } else {
        tally = Tally::empty(words_count(&tally));
        store::set_shown(tx, id, &tally).await?;
    }
    ballots::empty(tx, id).await?;
    register::empty(tx, id).await?;
    store::end(tx, id, PollState::Closed, &ended, now).await?;
    poll.state = PollState::Closed;
    poll.closed_at = Some(now);
    poll.shown_ballots = tally.ballots;
    poll.shown_eligible = tally.eligible;
    if poll.is_out() {
        say_outcome(ctx, tx, &office, &poll).await?;
        tell(ctx, tx, Kind::PollClosed, &poll).await?;
    }
    Ok(())
}

/// Says how a poll came out.
pub(super) async fn say_outcome(
    ctx: &Ctx,
    tx: &mut Tx,
    office: &Actor,
    poll: &Poll,
) -> Result<(), StoreError> {
    let audience = Audience::of(office, Visibility::Public, &[]);
    let note = wire::outcome(ctx, tx, office, poll).await?;
    let create = json!({ "type": "Create", "object": note });
    outbox::say(ctx, tx, office, create, &audience).await?;
    Ok(())
}

fn value(list: &impl Serialize) -> Result<Value, PollError> {
    serde_json::to_value(list).map_err(|error| StoreError::Unavailable(error.to_string()).into())
}

fn words_count(tally: &Tally) -> usize {
    tally.counts.len()
}

/// Opens the box: ballots, and how many could not be read or are none of this poll.
fn unlocked(poll: &Poll, options: usize, seal: &Seal, rows: Vec<Sealed>) -> (Vec<Ballot>, i64) {
    let total = rows.len();
    let opened: Vec<Ballot> = rows
        .into_iter()
        .filter_map(|row| {
            let packed = seal.unlock(&row.tag, &row.ballot).ok()?;
            let receipt = Receipt {
                poll: poll.id,
                ballot: Ballot::unpacked(&packed)?,
            };
            verified(poll, options, &receipt).ok()?;
            Some(receipt.ballot)
        })
        .collect();
    let unreadable = total.saturating_sub(opened.len()) as i64;
    (opened, unreadable)
}

/// The opened box in the order of the hash.
fn rows_of(id: PollId, opened: &[Ballot]) -> Vec<Opened> {
    let mut rows: Vec<Opened> = opened
        .iter()
        .map(|ballot| Opened {
            hash: ballot.key(id).to_vec(),
            choices: ballot.choices.text(),
            serial: ballot.serial.to_vec(),
            randomizer: ballot.randomizer.to_vec(),
            signature: ballot.signature.clone(),
        })
        .collect();
    rows.sort_unstable_by(|a, b| a.hash.cmp(&b.hash));
    rows
}

fn hashed(given: Vec<Given>) -> Vec<(Vec<u8>, Given)> {
    let mut rows: Vec<(Vec<u8>, Given)> = given
        .into_iter()
        .map(|given| (digest(&SHA256, &given.blinded).as_ref().to_vec(), given))
        .collect();
    rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    rows
}

/// Enters what the town hall counted on paper, a count of its own beside the other.
///
/// # Errors
/// [`PollError::Refused`] before the end, and for numbers that cannot be.
pub async fn enter_paper(
    ctx: &Ctx,
    author: &Author,
    id: PollId,
    ballots: i64,
    counts: &[i64],
) -> Result<(), PollError> {
    let mut tx = ctx.db.begin().await?;
    let poll = store::held(&mut tx, id, Hold::Alone)
        .await?
        .filter(|poll| poll.actor_id == author.office.id && poll.state != PollState::Withdrawn)
        .ok_or(PollRefusal::Missing)?;
    if poll.hidden {
        return Err(PollRefusal::Moderated.into());
    }
    if poll.state == PollState::Open {
        return Err(PollRefusal::StillOpen.into());
    }
    let options = store::options_in(&mut tx, id).await?;
    let possible = |count: &i64| (0..=ballots).contains(count);
    let sum: i64 = counts.iter().fold(0, |sum, count| sum.saturating_add(*count));
    let fits = (0..=MOST_PAPER).contains(&ballots)
        && counts.len() == options.len()
        && counts.iter().all(possible)
        && (poll.multiple || sum <= ballots);
    if !fits {
        return Err(PollRefusal::BadCount.into());
    }
    store::set_paper(&mut tx, id, ballots, counts, ctx.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Destroys keys of boxes whose polls have ended, in case the program was stopped before it could.
///
/// # Errors
/// [`PollError`].
pub(crate) async fn destroy_keys_of_ended(ctx: &Ctx) -> Result<(), PollError> {
    let seals = Seals::in_folder(&ctx.server.data_dir);
    let looking = seals.clone();
    let known = aside(move || Ok(looking.all()?)).await?;
    for id in known {
        let poll = store::by_id(&ctx.db, id).await?;
        if poll.is_some_and(|poll| poll.state != PollState::Open) {
            let seals = seals.clone();
            aside(move || Ok(seals.destroy(id)?)).await?;
        }
    }
    Ok(())
}
