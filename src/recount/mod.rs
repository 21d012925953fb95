//! Recounts the published ballots of an anonymous poll.
//!
//! Stands alone: it shares no line with the server, so that a fault of the server is not repeated here. It is given
//! the two lists that the town hall publishes (`bulletins.json`, `registre.json`), and if wanted a receipt and the
//! public key of the mayor's office. It verifies each signature, counts, and checks that there are no more ballots
//! than signatures in the register. `docs/guide/recompter.md` tells how it is used and what each line means.

use std::collections::BTreeSet;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, RSA_PSS_2048_8192_SHA384, RsaPublicKeyComponents, UnparsedPublicKey};
use rsa::BoxedUint;
use serde_json::Value;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The question.
    pub question: String,
    /// Choices with their votes, in order; only ballots that are right are counted.
    pub counts: Vec<(String, u64)>,
    /// Ballots that are right.
    pub ballots: u64,
    /// Signatures in the register that are right.
    pub signatures: Option<u64>,
    /// Whether the ballot of the receipt is in the list.
    pub receipt: Option<bool>,
    /// Which lists bear a good proof of the given key.
    pub proven: Vec<String>,
    /// Everything that is wrong. Nothing: the count stands.
    pub faults: Vec<String>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.faults.is_empty()
    }
}

/// The key of a poll.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

/// The published documents.
#[derive(Debug, Default, Clone, Copy)]
pub struct Documents<'a> {
    /// `bulletins.json`.
    pub list: Option<&'a Value>,
    /// `registre.json`.
    pub register: Option<&'a Value>,
    /// A voter's receipt.
    pub receipt: Option<&'a Value>,
    /// The key of the mayor's office, `z6Mk…`, as its ActivityPub document shows it.
    pub office_key: Option<&'a str>,
}

/// Recounts.
pub fn recount(documents: &Documents<'_>) -> Report {
    let mut report = Report::default();
    let Some(list) = documents.list else {
        report.faults.push("there is no list of ballots".to_owned());
        return report;
    };
    let Some(poll) = Poll::read(list) else {
        report
            .faults
            .push("the list of ballots cannot be read".to_owned());
        return report;
    };
    report.question.clone_from(&poll.question);
    report.counts = poll.options.iter().map(|words| (words.clone(), 0)).collect();
    let known = ballots(&poll, list, &mut report);
    if let Some(register) = documents.register {
        signatures(&poll, list, register, &mut report);
    }
    if let Some(receipt) = documents.receipt {
        let hash = Ballot::read(receipt).map(|ballot| ballot.hash(&poll.id));
        report.receipt = Some(hash.is_some_and(|hash| known.contains(&hash)));
    }
    if let Some(key) = documents.office_key {
        let named = [("bulletins", Some(list)), ("registre", documents.register)];
        for (name, document) in named {
            let Some(document) = document else { continue };
            if is_proven(document, key) {
                report.proven.push(name.to_owned());
            } else {
                report.faults.push(format!("{name}: not signed with this key"));
            }
        }
    }
    report
}

/// What the list says of the poll.
struct Poll {
    id: String,
    question: String,
    options: Vec<String>,
    multiple: bool,
    key: Key,
}

impl Poll {
    fn read(list: &Value) -> Option<Self> {
        if list.get("kind")?.as_str()? != "parvis-ballots-1" {
            return None;
        }
        let options = list.get("options")?.as_array()?;
        Some(Self {
            id: list.get("poll")?.as_str()?.to_owned(),
            question: list.get("question")?.as_str()?.to_owned(),
            options: options
                .iter()
                .map(|words| words.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
            multiple: list.get("multiple")?.as_bool()?,
            key: key_of(list)?,
        })
    }
}

fn key_of(document: &Value) -> Option<Key> {
    let number = |name: &str| hex::decode(document.get("key")?.get(name)?.as_str()?).ok();
    let key = Key {
        modulus: number("modulus")?,
        exponent: number("exponent")?,
    };
    (key.modulus.len() >= 256 && key.exponent == [1, 0, 1]).then_some(key)
}

/// A ballot, its choices as they stand in what was signed.
struct Ballot {
    choices: Vec<usize>,
    serial: String,
    randomizer: Vec<u8>,
    signature: Vec<u8>,
}

impl Ballot {
    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name)?.as_str();
        let choices = value.get("choices")?.as_array()?;
        let choices: Option<Vec<usize>> = choices
            .iter()
            .map(|at| usize::try_from(at.as_u64()?).ok())
            .collect();
        let serial = text("serial")?;
        let serial_is_good = serial.len() == 64
            && serial
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        let randomizer = hex::decode(text("randomizer")?).ok()?;
        (serial_is_good && randomizer.len() == 32).then_some(())?;
        Some(Self {
            choices: choices?,
            serial: serial.to_owned(),
            randomizer,
            signature: hex::decode(text("signature")?).ok()?,
        })
    }

    /// What is signed: the randomizer of RFC 9474, then poll, choices and serial in letters.
    fn message(&self, poll: &str) -> Vec<u8> {
        let choices: Vec<String> = self.choices.iter().map(ToString::to_string).collect();
        let text = format!("parvis-ballot-1|{poll}|{}|{}", choices.join(","), self.serial);
        [self.randomizer.as_slice(), text.as_bytes()].concat()
    }

    fn hash(&self, poll: &str) -> Vec<u8> {
        digest(&SHA256, &self.message(poll)).as_ref().to_vec()
    }

    fn fits(&self, poll: &Poll) -> bool {
        let ascending = self
            .choices
            .iter()
            .zip(self.choices.iter().skip(1))
            .all(|(a, b)| a < b);
        let possible = self.choices.iter().all(|at| *at < poll.options.len());
        ascending && possible && !self.choices.is_empty() && (poll.multiple || self.choices.len() == 1)
    }
}

/// Verifies and counts every ballot; the hashes of those that are right.
fn ballots(poll: &Poll, list: &Value, report: &mut Report) -> BTreeSet<Vec<u8>> {
    let mut known = BTreeSet::new();
    let lines = list.get("ballots").and_then(Value::as_array);
    for (at, line) in lines.into_iter().flatten().enumerate() {
        let Some(ballot) = Ballot::read(line) else {
            report.faults.push(format!("ballot {}: cannot be read", at + 1));
            continue;
        };
        if !ballot.fits(poll) {
            report
                .faults
                .push(format!("ballot {}: its choices are not possible", at + 1));
            continue;
        }
        let key = RsaPublicKeyComponents {
            n: &poll.key.modulus,
            e: &poll.key.exponent,
        };
        let message = ballot.message(&poll.id);
        if key
            .verify(&RSA_PSS_2048_8192_SHA384, &message, &ballot.signature)
            .is_err()
        {
            report
                .faults
                .push(format!("ballot {}: its signature is wrong", at + 1));
            continue;
        }
        if !known.insert(ballot.hash(&poll.id)) {
            report
                .faults
                .push(format!("ballot {}: it stands in the list twice", at + 1));
            continue;
        }
        report.ballots += 1;
        for choice in ballot.choices {
            if let Some((_, count)) = report.counts.get_mut(choice) {
                *count += 1;
            }
        }
    }
    known
}

/// Verifies the register: each signature is one of the poll's key over a blinded ballot, none stands twice, and
/// there are at least as many as ballots.
fn signatures(poll: &Poll, list: &Value, register: &Value, report: &mut Report) {
    let same_poll = register.get("poll").and_then(Value::as_str) == Some(poll.id.as_str());
    let of_kind = register.get("kind").and_then(Value::as_str) == Some("parvis-register-1");
    if !same_poll || !of_kind || key_of(register).as_ref() != Some(&poll.key) {
        report
            .faults
            .push("the register is not of this poll and its key".to_owned());
        return;
    }
    let mut known = BTreeSet::new();
    let lines = register.get("signatures").and_then(Value::as_array);
    for (at, line) in lines.into_iter().flatten().enumerate() {
        let bytes = |name: &str| hex::decode(line.get(name)?.as_str()?).ok();
        let right = bytes("blinded")
            .zip(bytes("signature"))
            .filter(|(blinded, signature)| is_power(&poll.key, signature, blinded));
        match right {
            None => report
                .faults
                .push(format!("register, line {}: its signature is wrong", at + 1)),
            Some((blinded, _)) => {
                if !known.insert(blinded) {
                    report
                        .faults
                        .push(format!("register, line {}: it stands in it twice", at + 1));
                }
            }
        }
    }
    let given = known.len() as u64;
    report.signatures = Some(given);
    if list.get("signatures").and_then(Value::as_u64) != Some(given) {
        report
            .faults
            .push("the list names another number of signatures than the register holds".to_owned());
    }
    if report.ballots > given {
        report.faults.push(format!(
            "there are {} ballots and only {given} signatures in the register",
            report.ballots
        ));
    }
}

/// Whether `signature` to the power of the exponent is `blinded`, modulo the key.
fn is_power(key: &Key, signature: &[u8], blinded: &[u8]) -> bool {
    let bits = (key.modulus.len() as u32 * 8).div_ceil(64) * 64;
    let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, bits).ok();
    let (Some(n), Some(signature), Some(blinded)) =
        (number(&key.modulus), number(signature), number(blinded))
    else {
        return false;
    };
    let exponent = BoxedUint::from_be_slice(&key.exponent, 64);
    let Some(public) = exponent.ok().and_then(|e| rsa::PublicKey::new(n, e).ok()) else {
        return false;
    };
    rsa::hazmat::rsa_encrypt(&public, &signature).is_ok_and(|power| power == blinded)
}

/// Whether a document bears a proof (`eddsa-jcs-2022`) of this key.
fn is_proven(document: &Value, key: &str) -> bool {
    proven(document, key).unwrap_or(false)
}

fn proven(document: &Value, key: &str) -> Option<bool> {
    let key = bs58::decode(key.strip_prefix('z')?).into_vec().ok()?;
    let key = key.strip_prefix(&[0xed, 0x01])?;
    let mut fields = document.as_object()?.clone();
    let mut proof = fields.remove("proof")?.as_object()?.clone();
    let value = proof.remove("proofValue")?;
    let signature = bs58::decode(value.as_str()?.strip_prefix('z')?).into_vec().ok()?;
    let hash = |value: &Value| {
        let canonical = serde_json_canonicalizer::to_vec(value).ok()?;
        Some(digest(&SHA256, &canonical).as_ref().to_vec())
    };
    let message = [hash(&Value::Object(proof))?, hash(&Value::Object(fields))?].concat();
    Some(
        UnparsedPublicKey::new(&ED25519, key)
            .verify(&message, &signature)
            .is_ok(),
    )
}
