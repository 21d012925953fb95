//! What is cast: choices, 32 random bytes, and the signature over both.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::{MOST_OPTIONS, PollId, PollRefusal};
use crate::blind::SIZE;

/// What is ticked on a ballot: positions from 0, each once, ascending.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choices(Vec<u8>);

impl Choices {
    /// From positions as sent.
    ///
    /// # Errors
    /// [`PollRefusal::BadChoice`]: none, one twice, several where one is asked for, or beyond the options.
    pub fn checked(wanted: &[u8], options: usize, multiple: bool) -> Result<Self, PollRefusal> {
        let mut sorted = wanted.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let possible = sorted.iter().all(|at| usize::from(*at) < options);
        let many = sorted.len() > 1 && !multiple;
        if sorted.is_empty() || many || !possible || sorted.len() != wanted.len() {
            return Err(PollRefusal::BadChoice);
        }
        Ok(Self(sorted))
    }

    /// From `0,2`, exactly as [`Choices::text`] writes it.
    pub fn read(text: &str) -> Option<Self> {
        let all: Vec<u8> = text
            .split(',')
            .map(|part| part.parse().ok().filter(|at: &u8| at.to_string() == part))
            .collect::<Option<_>>()?;
        let ascending = all.iter().zip(all.iter().skip(1)).all(|(a, b)| a < b);
        let possible = all.iter().all(|at| usize::from(*at) < MOST_OPTIONS);
        (ascending && possible && !all.is_empty()).then_some(Self(all))
    }

    /// `0,2`.
    pub fn text(&self) -> String {
        let all: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        all.join(",")
    }

    /// The positions.
    pub fn positions(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().map(|at| usize::from(*at))
    }

    fn mask(&self) -> u16 {
        self.0.iter().fold(0, |mask, at| mask | 1 << at)
    }

    fn of_mask(mask: u16) -> Self {
        Self((0..16).filter(|at| mask & 1 << at != 0).collect())
    }
}

/// A ballot, of nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// What is ticked.
    pub choices: Choices,
    /// Random, made by the voter.
    pub serial: [u8; 32],
    /// What RFC 9474 puts before the message.
    pub randomizer: [u8; 32],
    /// By the key of the poll.
    pub signature: Vec<u8>,
}

/// Bytes of a ballot in the box.
const PACKED: usize = 2 + 32 + 32 + SIZE;

impl Ballot {
    /// What is signed: poll, choices and 32 random bytes, in letters anybody can type again.
    pub fn message(poll: PollId, choices: &Choices, serial: &[u8; 32]) -> String {
        format!(
            "parvis-ballot-1|{poll}|{}|{}",
            choices.text(),
            hex::encode(serial)
        )
    }

    /// What the signature is over: the randomizer, then the message.
    pub fn signed(&self, poll: PollId) -> Vec<u8> {
        let message = Self::message(poll, &self.choices, &self.serial);
        [self.randomizer.as_slice(), message.as_bytes()].concat()
    }

    /// The hash of what is signed: random, says nothing, and by it a ballot is found.
    pub fn key(&self, poll: PollId) -> [u8; 32] {
        let mut key = [0; 32];
        let hash = digest(&SHA256, &self.signed(poll));
        for (to, from) in key.iter_mut().zip(hash.as_ref()) {
            *to = *from;
        }
        key
    }

    /// In as many bytes as every other ballot.
    pub fn packed(&self) -> Vec<u8> {
        let mut bytes = self.choices.mask().to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.serial);
        bytes.extend_from_slice(&self.randomizer);
        bytes.extend_from_slice(&self.signature);
        bytes
    }

    /// From [`Ballot::packed`].
    pub fn unpacked(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != PACKED {
            return None;
        }
        let (mask, rest) = bytes.split_first_chunk::<2>()?;
        let (serial, rest) = rest.split_first_chunk::<32>()?;
        let (randomizer, signature) = rest.split_first_chunk::<32>()?;
        Some(Self {
            choices: Choices::of_mask(u16::from_be_bytes(*mask)),
            serial: *serial,
            randomizer: *randomizer,
            signature: signature.to_vec(),
        })
    }

    /// As it stands in the published list.
    pub fn line(&self) -> Value {
        json!({
            "choices": self.choices.0,
            "serial": hex::encode(self.serial),
            "randomizer": hex::encode(self.randomizer),
            "signature": hex::encode(&self.signature),
        })
    }
}

/// The number of a ballot as people compare it: the first ten bytes of its key.
pub fn number(key: &[u8]) -> String {
    let hex: String = hex::encode(key.get(..10).unwrap_or(key));
    hex.as_bytes()
        .chunks(4)
        .map(String::from_utf8_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a voter keeps: her ballot, and of which poll it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The poll.
    pub poll: PollId,
    /// Her ballot.
    pub ballot: Ballot,
}

impl Receipt {
    /// Reads a ballot or a receipt as JSON; `poll` when it does not say its own.
    ///
    /// # Errors
    /// [`PollRefusal::BadBallot`].
    pub fn read(value: &Value, poll: PollId) -> Result<Self, PollRefusal> {
        let bad = PollRefusal::BadBallot;
        let bytes = |name: &str| {
            let text = value.get(name).and_then(Value::as_str)?;
            hex::decode(text).ok()
        };
        let short = |name: &str| bytes(name).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let choices = match value.get("choices") {
            Some(Value::Array(all)) => {
                let all: Option<Vec<String>> = all
                    .iter()
                    .map(|at| at.as_u64().map(|at| at.to_string()))
                    .collect();
                all.and_then(|all| Choices::read(&all.join(",")))
            }
            Some(Value::String(text)) => Choices::read(text),
            _ => None,
        };
        let of = match value.get("poll") {
            None => poll,
            Some(id) => id.as_str().and_then(|id| id.parse().ok()).ok_or(bad)?,
        };
        let signature = bytes("signature").filter(|bytes| bytes.len() == SIZE);
        Ok(Self {
            poll: of,
            ballot: Ballot {
                choices: choices.ok_or(bad)?,
                serial: short("serial").ok_or(bad)?,
                randomizer: short("randomizer").ok_or(bad)?,
                signature: signature.ok_or(bad)?,
            },
        })
    }

    /// As it is kept: the script of the page writes the same.
    pub fn document(&self, address: &str, words: &[String]) -> Value {
        let mut document = self.ballot.line();
        if let Some(map) = document.as_object_mut() {
            let ticked: Vec<&String> = self
                .ballot
                .choices
                .positions()
                .filter_map(|at| words.get(at))
                .collect();
            map.insert("kind".to_owned(), json!("parvis-receipt-1"));
            map.insert("poll".to_owned(), json!(self.poll.to_string()));
            map.insert("address".to_owned(), json!(address));
            map.insert("words".to_owned(), json!(ticked));
            map.insert("number".to_owned(), json!(number(&self.ballot.key(self.poll))));
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ballot() -> Ballot {
        Ballot {
            choices: Choices::checked(&[2, 0], 3, true).unwrap(),
            serial: [7; 32],
            randomizer: [8; 32],
            signature: vec![9; SIZE],
        }
    }

    #[test]
    fn choices_are_what_the_poll_allows() {
        let bad = Err(PollRefusal::BadChoice);
        assert_eq!(Choices::checked(&[1], 2, false).unwrap().text(), "1");
        for (wanted, multiple) in [(&[][..], true), (&[2], true), (&[0, 1], false), (&[0, 0], true)] {
            assert_eq!(Choices::checked(wanted, 2, multiple), bad, "{wanted:?}");
        }
        assert_eq!(Choices::read("0,2").unwrap().text(), "0,2");
        for text in ["", "2,0", "0,0", "00", "+1", "12", "a", "0,", " 0"] {
            assert_eq!(Choices::read(text), None, "{text}");
        }
    }

    #[test]
    fn every_ballot_has_one_length_and_comes_out_as_it_went_in() {
        let one = ballot();
        let mut other = one.clone();
        other.choices = Choices::read("0,1,2,3,4,5,6,7,8,9,10,11").unwrap();
        assert_eq!(one.packed().len(), other.packed().len());
        assert_eq!(Ballot::unpacked(&one.packed()), Some(one.clone()));
        assert_eq!(Ballot::unpacked(&other.packed()), Some(other));
        assert_eq!(Ballot::unpacked(&one.packed()[1..]), None);
    }

    #[test]
    fn what_is_signed_names_poll_and_choices() {
        let signed = ballot().signed(PollId(117));
        let text = String::from_utf8(signed[32..].to_vec()).unwrap();
        assert_eq!(text, format!("parvis-ballot-1|117|0,2|{}", "07".repeat(32)));
        assert_ne!(ballot().key(PollId(117)), ballot().key(PollId(118)));
    }

    #[test]
    fn a_receipt_is_written_and_read_again() {
        let receipt = Receipt {
            poll: PollId(117),
            ballot: ballot(),
        };
        let words = ["a", "b", "c"].map(str::to_owned);
        let document = receipt.document("https://parvis.test/eze-06/sondages/117", &words);
        assert_eq!(document["words"], json!(["a", "c"]));
        assert_eq!(Receipt::read(&document, PollId(1)), Ok(receipt.clone()));
        assert_eq!(document["number"].as_str().unwrap().len(), 24);
        for (name, value) in [
            ("choices", json!([])),
            ("choices", json!([0, 0])),
            ("choices", json!([-1])),
            ("serial", json!("07")),
            ("randomizer", json!(null)),
            ("signature", json!("zz")),
            ("poll", json!(117)),
        ] {
            let mut bent = document.clone();
            bent[name] = value;
            assert_eq!(
                Receipt::read(&bent, PollId(1)),
                Err(PollRefusal::BadBallot),
                "{name}"
            );
        }
    }
}
