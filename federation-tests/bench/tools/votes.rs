//! Voters: they blind their ballots beforehand, ask for the signatures, and cast what comes of them. What they
//! compute themselves is not in the time. And the machine's limit: bare blind signatures, nothing else done.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use platform::rng::Rng;
use polls::blind::{BITS, Blinding, PrivateKey, PublicKey};
use polls::model::{Ballot, Choices, PollId};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use url::Url;

use crate::signing::rate;
use crate::wire::Reader;

pub(crate) fn bare(threads: usize, seconds: u64) {
    let rng = Rng::system();
    let key = PrivateKey::generate(rng.bytes(), BITS).unwrap();
    let ballot = ballot(&rng, 0);
    let blinded = blinded(&rng, &key.public().unwrap(), PollId(1), &ballot).blinded;
    rate(threads, seconds, || {
        drop(key.blind_sign(rng.bytes(), &blinded).unwrap());
    });
}

fn ballot(rng: &Rng, number: usize) -> Ballot {
    Ballot {
        choices: Choices::read(if number.is_multiple_of(3) { "1" } else { "0" }).unwrap(),
        serial: rng.bytes(),
        randomizer: rng.bytes(),
        signature: Vec::new(),
    }
}

fn blinded(rng: &Rng, key: &PublicKey, poll: PollId, ballot: &Ballot) -> Blinding {
    let factor: [u8; 272] = rng.bytes();
    key.blind(&ballot.signed(poll), &rng.bytes(), &factor).unwrap()
}

/// `page`: the address of the poll's page; `tokens`: a file with the token of one citizen on each line.
pub(crate) async fn run(page: &str, tokens: &str, connections: usize) {
    let page = Url::parse(page).unwrap();
    let tokens = std::fs::read_to_string(tokens).unwrap();
    let tokens: Vec<&str> = tokens.lines().collect();
    let poll: PollId = page.path().rsplit('/').next().unwrap().parse().unwrap();
    let door = format!("/api/parvis/v1/polls/{poll}");
    let key = key_of(&page, &door).await;
    let rng = Rng::system();
    let numbers: Vec<usize> = (0..tokens.len()).collect();
    let mut prepared = in_parallel(&numbers, |number| {
        let ballot = ballot(&rng, *number);
        let blinding = blinded(&rng, &key, poll, &ballot);
        (ballot, blinding)
    });
    let asking = prepared.iter().zip(&tokens).map(|((_, blinding), token)| {
        let body = json!({ "blinded": hex::encode(&blinding.blinded) });
        request(
            &page,
            &format!("{door}/token"),
            &format!("authorization: Bearer {token}\r\n"),
            &body,
        )
    });
    let asked = send(&page, asking.collect(), connections).await;
    let signed: Vec<Vec<u8>> = asked
        .bodies
        .iter()
        .map(|body| {
            let answer: Value = serde_json::from_slice(body).unwrap_or_default();
            hex::decode(answer["signature"].as_str().unwrap_or_default()).unwrap()
        })
        .collect();
    for (number, one) in prepared.iter_mut().enumerate() {
        let message = one.0.signed(poll);
        one.0.signature = key
            .unblind(&message, &signed[number], &one.1.inverse)
            .unwrap_or_else(|_| panic!("no signature: {:?}", asked.statuses));
    }
    let casting = prepared.iter().map(|(ballot, _)| {
        let mut body = ballot.line();
        body["poll"] = json!(poll.to_string());
        request(&page, &format!("{}/bulletin", page.path()), "", &body)
    });
    let cast = send(&page, casting.collect(), connections).await;
    let count = tokens.len() as f64;
    println!(
        "{}",
        json!({
            "voters": tokens.len(),
            "per_second": count / (asked.seconds + cast.seconds),
            "signed": asked.figures(),
            "cast": cast.figures(),
        })
    );
}

async fn key_of(page: &Url, door: &str) -> PublicKey {
    let text = format!("GET {door} HTTP/1.1\r\nhost: {}\r\n\r\n", authority(page));
    let mut done = send(page, vec![text.into_bytes()], 1).await;
    let poll: Value = serde_json::from_slice(&done.bodies.pop().unwrap()).unwrap();
    let number = |name: &str| hex::decode(poll["key"][name].as_str().unwrap()).unwrap();
    PublicKey::from_numbers(&number("modulus"), &number("exponent")).unwrap()
}

fn authority(url: &Url) -> String {
    format!(
        "{}:{}",
        url.host_str().unwrap(),
        url.port_or_known_default().unwrap()
    )
}

fn request(page: &Url, path: &str, more: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\naccept: application/json\r\ncontent-type: application/json\r\n\
         {more}content-length: {}\r\n\r\n{body}",
        authority(page),
        body.len()
    )
    .into_bytes()
}

fn in_parallel<A: Sync, B: Send>(all: &[A], act: impl Fn(&A) -> B + Sync) -> Vec<B> {
    let threads = std::thread::available_parallelism().unwrap().get();
    let size = all.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = all
            .chunks(size)
            .map(|part| scope.spawn(|| part.iter().map(&act).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

/// What came of a row of requests.
struct Done {
    seconds: f64,
    statuses: BTreeMap<String, usize>,
    micros: Vec<u64>,
    bodies: Vec<Vec<u8>>,
}

impl Done {
    fn figures(&self) -> Value {
        let mut micros = self.micros.clone();
        micros.sort_unstable();
        let at = |share: f64| micros[((micros.len() - 1) as f64 * share) as usize] as f64 / 1000.0;
        json!({
            "per_second": micros.len() as f64 / self.seconds, "statuses": self.statuses,
            "p50_ms": at(0.5), "p99_ms": at(0.99),
        })
    }
}

/// Sends all of them, each connection one after the other.
async fn send(page: &Url, requests: Vec<Vec<u8>>, connections: usize) -> Done {
    let count = requests.len();
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let began = Instant::now();
    let workers: Vec<_> = (0..connections)
        .map(|_| {
            let (requests, next, authority) = (requests.clone(), next.clone(), authority(page));
            tokio::spawn(async move {
                let mut answers = Vec::new();
                let mut stream = TcpStream::connect(authority).await.unwrap();
                stream.set_nodelay(true).unwrap();
                let mut reader = Reader::default();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(request) = requests.get(number) else {
                        return answers;
                    };
                    let left = Instant::now();
                    stream.write_all(request).await.unwrap();
                    let answer = reader.next(&mut stream).await.unwrap().unwrap();
                    answers.push((number, left.elapsed(), answer));
                }
            })
        })
        .collect();
    let mut done = Done {
        seconds: 0.0,
        statuses: BTreeMap::new(),
        micros: Vec::with_capacity(count),
        bodies: vec![Vec::new(); count],
    };
    for worker in workers {
        for (number, took, answer) in worker.await.unwrap() {
            let status = answer.first.split(' ').nth(1).unwrap().to_owned();
            *done.statuses.entry(status).or_insert(0) += 1;
            done.micros.push(took.as_micros() as u64);
            done.bodies[number] = answer.body;
        }
    }
    done.seconds = began.elapsed().as_secs_f64();
    done
}
