//! Anonymous polls and public opinions, on SQLite and on PostgreSQL.

mod access;
mod crowd;
mod elsewhere;
mod hiding;
mod leaks;
mod opinions;
mod script;
mod secrecy;
mod voting;

use axum::http::Method;
use polls::blind::{Blinding, PublicKey};
use polls::model::{Ballot, Choices, PollId, Receipt};
use serde_json::{Value, json};
use testkit::{Answer, Town, Visitor};

pub(crate) const NEW: &str = "/eze-06/sondages/nouveau";

/// The fields of a good form; the end is in a week.
const FORM: [(&str, &str); 8] = [
    ("genre", "anonyme"),
    ("question", "Une piste cyclable ?"),
    ("option-1", "Oui"),
    ("option-2", "Non"),
    ("multiple", "non"),
    ("electorate", "declared"),
    ("comment_mode", "open"),
    ("action", "publish"),
];

/// Opens a poll that ends in a week; gives the path of its page.
pub(crate) async fn opens(mayor: &mut Visitor, fields: &[(&str, &str)]) -> String {
    let mut all = FORM.to_vec();
    all.extend([("date", "2026-11-30"), ("time", "20:00")]);
    all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    all.extend_from_slice(fields);
    let answer = mayor.sends(NEW, NEW, &all).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location()
}

pub(crate) fn id_of(path: &str) -> PollId {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// A ballot on its way.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) ballot: Ballot,
    pub(crate) blinding: Blinding,
    key: PublicKey,
    poll: PollId,
}

/// The key of a poll, as its page tells it.
pub(crate) async fn key_of(town: &Town, path: &str) -> PublicKey {
    let address = format!("/api/parvis/v1/polls/{}", id_of(path));
    let poll = town.stranger().opens(&address).await.json();
    let number = |name: &str| hex::decode(poll["key"][name].as_str().unwrap()).unwrap();
    PublicKey::from_numbers(&number("modulus"), &number("exponent")).unwrap()
}

impl Prepared {
    /// What a browser does before it asks for anything; `seed` stands for its chance.
    pub(crate) fn new(key: &PublicKey, poll: PollId, choices: &str, seed: u8) -> Self {
        let random =
            |n: u8| std::array::from_fn(|at| seed ^ (at as u8).wrapping_mul(29 + 8 * n) ^ n.wrapping_mul(97));
        let ballot = Ballot {
            choices: Choices::read(choices).unwrap(),
            serial: random(1),
            randomizer: random(2),
            signature: Vec::new(),
        };
        let salt: [u8; 48] = std::array::from_fn(|at| seed ^ at as u8);
        let factor: Vec<u8> = (0..300usize)
            .map(|at| seed.wrapping_mul(7) ^ (at * 13) as u8)
            .collect();
        let blinding = key.blind(&ballot.signed(poll), &salt, &factor).unwrap();
        Self {
            ballot,
            blinding,
            key: key.clone(),
            poll,
        }
    }

    /// Asks for the signature, with the session.
    pub(crate) async fn asks(&self, voter: &mut Visitor, path: &str) -> Answer {
        let blinded = hex::encode(&self.blinding.blinded);
        voter
            .sends(path, &format!("{path}/jeton"), &[("blinded", &blinded)])
            .await
    }

    /// Takes the blinding off.
    pub(crate) fn signed(&self, answer: &Answer) -> Receipt {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let signed = hex::decode(answer.json()["signature"].as_str().unwrap()).unwrap();
        let mut ballot = self.ballot.clone();
        let message = ballot.signed(self.poll);
        ballot.signature = self
            .key
            .unblind(&message, &signed, &self.blinding.inverse)
            .unwrap();
        Receipt {
            poll: self.poll,
            ballot,
        }
    }
}

/// A ballot or receipt sent without any cookie.
pub(crate) async fn sends(town: &Town, address: &str, receipt: &Receipt) -> Answer {
    let mut body = receipt.ballot.line();
    body["poll"] = json!(receipt.poll.to_string());
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json"),
    ];
    town.stranger()
        .asks(Method::POST, address, &headers, body.to_string().into_bytes())
        .await
}

/// The whole way of a vote; gives the receipt.
pub(crate) async fn votes(town: &Town, voter: &mut Visitor, path: &str, choices: &str, seed: u8) -> Receipt {
    let key = key_of(town, path).await;
    let prepared = Prepared::new(&key, id_of(path), choices, seed);
    let receipt = prepared.signed(&prepared.asks(voter, path).await);
    let answer = sends(town, &format!("{path}/bulletin"), &receipt).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    receipt
}

/// What a receipt shows.
pub(crate) async fn shows(town: &Town, path: &str, receipt: &Receipt) -> Value {
    let answer = sends(town, &format!("{path}/resultats"), receipt).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}
