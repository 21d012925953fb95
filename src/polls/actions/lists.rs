//! What is published of a counted poll: the list of its ballots, and the register of those that were given out.

use federation::Ctx;
use platform::web::api::Moment;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::PollError;
use crate::blind::PublicKey;
use crate::model::{Choices, Poll};
use crate::store::ballots::{self, Opened};
use crate::store::polls as store;
use crate::store::register::{self, Given};

/// A key under which ballots are signed, in hexadecimal.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PublishedKey")]
struct Key {
    modulus: String,
    exponent: String,
}

impl Key {
    fn of(poll: &Poll) -> Result<Self, PollError> {
        let key = PublicKey::from_der(&poll.public_key)?;
        Ok(Self {
            modulus: hex::encode(key.modulus()),
            exponent: hex::encode(key.exponent()),
        })
    }
}

/// All ballots of a poll, proved by the town hall. Made from the rows each time: who changes a row changes the list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BallotList {
    /// `parvis-ballots-1`
    kind: &'static str,
    poll: String,
    /// The page of the poll.
    address: String,
    /// INSEE code.
    commune: String,
    question: String,
    options: Vec<String>,
    multiple: bool,
    closed_at: Moment,
    key: Key,
    /// How many ballots were given out.
    signatures: i64,
    /// Ballots of the box that could not be counted.
    unreadable: i64,
    ballots: Vec<Line>,
    /// A data integrity proof of all the rest, by the town hall's actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<serde_json::Map<String, Value>>,
}

/// A ballot, as it was signed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CountedBallot")]
struct Line {
    /// Positions of the options.
    choices: Option<Vec<usize>>,
    /// Hexadecimal.
    serial: String,
    /// Hexadecimal.
    randomizer: String,
    /// Hexadecimal.
    signature: String,
}

/// All signatures that were given out, of nobody, proved by the town hall.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Register {
    /// `parvis-register-1`
    kind: &'static str,
    poll: String,
    /// The page of the poll.
    address: String,
    closed_at: Moment,
    key: Key,
    signatures: Vec<Signed>,
    /// A data integrity proof of all the rest, by the town hall's actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<serde_json::Map<String, Value>>,
}

/// A blinded ballot that was signed, in hexadecimal.
#[derive(Debug, Serialize, JsonSchema)]
struct Signed {
    blinded: String,
    signature: String,
}

impl BallotList {
    /// The list without its proof.
    pub(super) fn of(
        poll: &Poll,
        words: Vec<String>,
        rows: &[Opened],
        address: &str,
    ) -> Result<Self, PollError> {
        let line = |row: &Opened| Line {
            choices: Choices::read(&row.choices).map(|all| all.positions().collect()),
            serial: hex::encode(&row.serial),
            randomizer: hex::encode(&row.randomizer),
            signature: hex::encode(&row.signature),
        };
        Ok(Self {
            kind: "parvis-ballots-1",
            poll: poll.id.to_string(),
            address: address.to_owned(),
            commune: poll.commune.clone(),
            question: poll.question.clone(),
            options: words,
            multiple: poll.multiple,
            closed_at: poll.closes_at.into(),
            key: Key::of(poll)?,
            signatures: poll.signatures,
            unreadable: poll.unreadable,
            ballots: rows.iter().map(line).collect(),
            proof: None,
        })
    }
}

impl Register {
    /// The register without its proof.
    pub(super) fn of(poll: &Poll, given: &[Given], address: &str) -> Result<Self, PollError> {
        let signed = |given: &Given| Signed {
            blinded: hex::encode(&given.blinded),
            signature: hex::encode(&given.signature),
        };
        Ok(Self {
            kind: "parvis-register-1",
            poll: poll.id.to_string(),
            address: address.to_owned(),
            closed_at: poll.closes_at.into(),
            key: Key::of(poll)?,
            signatures: given.iter().map(signed).collect(),
            proof: None,
        })
    }
}

fn proof(kept: Option<&String>) -> Option<serde_json::Map<String, Value>> {
    serde_json::from_str(kept?).ok()
}

/// The signed list of ballots; none before the end, nor of fewer than five.
///
/// # Errors
/// [`PollError`].
pub(crate) async fn published_list(
    ctx: &Ctx,
    poll: &Poll,
    address: &str,
) -> Result<Option<BallotList>, PollError> {
    if !is_published(poll) {
        return Ok(None);
    }
    let words: Vec<String> = store::options(&ctx.db, poll.id)
        .await?
        .into_iter()
        .map(|option| option.words)
        .collect();
    let rows = ballots::opened(&ctx.db, poll.id).await?;
    let mut list = BallotList::of(poll, words, &rows, address)?;
    list.proof = proof(poll.list_proof.as_ref());
    Ok(Some(list))
}

/// The signed register, of nobody; none where there is no list.
///
/// # Errors
/// [`PollError`].
pub(crate) async fn published_register(
    ctx: &Ctx,
    poll: &Poll,
    address: &str,
) -> Result<Option<Register>, PollError> {
    if !is_published(poll) {
        return Ok(None);
    }
    let given = register::published(&ctx.db, poll.id).await?;
    let mut list = Register::of(poll, &given, address)?;
    list.proof = proof(poll.register_proof.as_ref());
    Ok(Some(list))
}

fn is_published(poll: &Poll) -> bool {
    poll.is_counted() && poll.shown_ballots >= crate::model::FEWEST
}
