//! The end of a poll: the box is opened, counted and published; its keys are destroyed.

use aws_lc_rs::digest::{SHA256, digest};
use federation::{Audience, Ctx, Visibility, actors, outbox};
use notifications::Kind;
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use super::boxing::{seal_of, verified, voters};
use super::opening::tell;
use super::{PollError, aside};
use crate::author::Author;
use crate::keys;
use crate::model::{Ballot, Choices, Poll, PollId, PollRefusal, PollState, Receipt, Tally};
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
        let mut list = list(&poll, &words, &rows, &address)?;
        federation::prove_in(ctx, tx, &office, &mut list).await?;
        let given: Vec<Given> = given.into_iter().map(|(_, given)| given).collect();
        let mut register = register_list(&poll, &given, &address)?;
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
    let audience = Audience::of(&office, Visibility::Public, &[]);
    let note = wire::outcome(ctx, tx, &office, &poll).await?;
    outbox::say(
        ctx,
        tx,
        &office,
        json!({ "type": "Create", "object": note }),
        &audience,
    )
    .await?;
    tell(ctx, tx, Kind::PollClosed, &poll).await?;
    Ok(())
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

/// The key of the poll as it is published.
fn key_of(poll: &Poll) -> Result<Value, PollError> {
    let key = crate::blind::PublicKey::from_der(&poll.public_key)?;
    Ok(json!({
        "modulus": hex::encode(key.modulus()),
        "exponent": hex::encode(key.exponent()),
    }))
}

/// The list of ballots, without its proof. Made from the rows each time: who changes a row changes the list.
fn list(poll: &Poll, words: &[String], rows: &[Opened], address: &str) -> Result<Value, PollError> {
    let lines: Vec<Value> = rows
        .iter()
        .map(|row| {
            let choices = Choices::read(&row.choices);
            json!({
                "choices": choices.map(|all| all.positions().collect::<Vec<_>>()),
                "serial": hex::encode(&row.serial),
                "randomizer": hex::encode(&row.randomizer),
                "signature": hex::encode(&row.signature),
            })
        })
        .collect();
    Ok(json!({
        "kind": "parvis-ballots-1",
        "poll": poll.id.to_string(),
        "address": address,
        "commune": poll.commune,
        "question": poll.question,
        "options": words,
        "multiple": poll.multiple,
        "closed_at": poll.closes_at.rfc3339(),
        "key": key_of(poll)?,
        "signatures": poll.signatures,
        "unreadable": poll.unreadable,
        "ballots": lines,
    }))
}

fn register_list(poll: &Poll, given: &[Given], address: &str) -> Result<Value, PollError> {
    let lines: Vec<Value> = given
        .iter()
        .map(|given| {
            json!({
                "blinded": hex::encode(&given.blinded),
                "signature": hex::encode(&given.signature),
            })
        })
        .collect();
    Ok(json!({
        "kind": "parvis-register-1",
        "poll": poll.id.to_string(),
        "address": address,
        "closed_at": poll.closes_at.rfc3339(),
        "key": key_of(poll)?,
        "signatures": lines,
    }))
}

fn with_proof(mut list: Value, proof: Option<&String>) -> Value {
    let proof = proof.and_then(|proof| serde_json::from_str(proof).ok());
    if let (Some(map), Some(proof)) = (list.as_object_mut(), proof) {
        map.insert("proof".to_owned(), proof);
    }
    list
}

/// The signed list of ballots; none before the end, nor of fewer than five.
///
/// # Errors
/// [`PollError`].
pub(crate) async fn published_list(
    ctx: &Ctx,
    poll: &Poll,
    address: &str,
) -> Result<Option<Value>, PollError> {
    if !is_published(poll) {
        return Ok(None);
    }
    let words: Vec<String> = store::options(&ctx.db, poll.id)
        .await?
        .into_iter()
        .map(|option| option.words)
        .collect();
    let rows = ballots::opened(&ctx.db, poll.id).await?;
    let list = list(poll, &words, &rows, address)?;
    Ok(Some(with_proof(list, poll.list_proof.as_ref())))
}

/// The signed register, of nobody; none where there is no list.
///
/// # Errors
/// [`PollError`].
pub(crate) async fn published_register(
    ctx: &Ctx,
    poll: &Poll,
    address: &str,
) -> Result<Option<Value>, PollError> {
    if !is_published(poll) {
        return Ok(None);
    }
    let given = register::published(&ctx.db, poll.id).await?;
    let list = register_list(poll, &given, address)?;
    Ok(Some(with_proof(list, poll.register_proof.as_ref())))
}

fn is_published(poll: &Poll) -> bool {
    poll.is_counted() && poll.shown_ballots >= crate::model::FEWEST
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
