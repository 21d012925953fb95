//! People of other servers who answer a post: their activities are written and signed beforehand, and then
//! sent as fast as they are taken.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use federation::keys::PrivateKey;
use federation::signatures::{BodyDigest, Outgoing, Scheme, Signer, sign_request};
use http::Method;
use platform::{Clock, Timestamp};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::wire::Reader;

const HOST: &str = "127.17.0.1";
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
const TYPE: &str = "application/activity+json";

pub(crate) async fn run(inbox: &str, reply_to: &str, count: usize, actors: usize, connections: usize) {
    let listener = TcpListener::bind((HOST, 0)).await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let key = PrivateKey::generate_rsa().unwrap();
    tokio::spawn(actor_documents(
        listener,
        origin.clone(),
        key.public_key().to_pem(),
    ));
    let url = Url::parse(inbox).unwrap();
    let now = Clock::System.now();
    let first: Vec<Vec<u8>> = (0..actors)
        .map(|actor| letter(&url, &origin, &key, actor, actor, reply_to, now))
        .collect();
    let threads = std::thread::available_parallelism().unwrap().get();
    let letters: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|part| {
                let (url, origin, key) = (&url, &origin, &key);
                scope.spawn(move || {
                    (actors..actors + count)
                        .filter(|number| number % threads == part)
                        .map(|number| letter(url, origin, key, number % actors, number, reply_to, now))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    // The keys are fetched with the first activity of each.
    let (_, met) = send(&url, first, 4).await;
    let (seconds, statuses) = send(&url, letters, connections).await;
    println!(
        "{}",
        json!({ "sent": count, "seconds": seconds, "per_second": count as f64 / seconds, "statuses": statuses, "met": met })
    );
}

fn letter(
    url: &Url,
    origin: &str,
    key: &PrivateKey,
    actor: usize,
    number: usize,
    reply_to: &str,
    now: Timestamp,
) -> Vec<u8> {
    let actor = format!("{origin}/users/{actor}");
    let id = format!("{origin}/notes/{number}");
    let note = json!({
        "id": id, "type": "Note", "attributedTo": actor, "to": [PUBLIC], "cc": [], "inReplyTo": reply_to,
        "published": now.rfc3339(), "content": format!("<p>Réponse numéro {number}, écrite pour la mesure.</p>"),
    });
    let body = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{id}/activity"), "type": "Create",
        "actor": actor, "to": [PUBLIC], "cc": [], "object": note,
    })
    .to_string();
    let digest = BodyDigest::of(body.as_bytes());
    let outgoing = Outgoing {
        method: &Method::POST,
        url,
        body: Some((&digest, TYPE)),
    };
    let key_id = format!("{actor}#main-key");
    let signer = Signer { key_id: &key_id, key };
    let headers = sign_request(Scheme::Cavage, &outgoing, &signer, now).unwrap();
    let mut text = format!(
        "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n",
        url.path(),
        authority(url),
        body.len()
    );
    for (name, value) in &headers {
        text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    text.push_str("\r\n");
    text.push_str(&body);
    text.into_bytes()
}

fn authority(url: &Url) -> String {
    url.port().map_or_else(
        || url.host_str().unwrap().to_owned(),
        |port| format!("{}:{port}", url.host_str().unwrap()),
    )
}

/// Sends all of them; gives the seconds and how often each status came.
async fn send(url: &Url, letters: Vec<Vec<u8>>, connections: usize) -> (f64, BTreeMap<String, usize>) {
    let (letters, next) = (Arc::new(letters), Arc::new(AtomicUsize::new(0)));
    let began = Instant::now();
    let workers: Vec<_> = (0..connections)
        .map(|_| {
            let (letters, next, authority) = (letters.clone(), next.clone(), authority(url));
            tokio::spawn(async move {
                let mut statuses = BTreeMap::new();
                let mut stream = TcpStream::connect(authority).await.unwrap();
                stream.set_nodelay(true).unwrap();
                let mut reader = Reader::default();
                while let Some(letter) = letters.get(next.fetch_add(1, Ordering::Relaxed)) {
                    stream.write_all(letter).await.unwrap();
                    let answer = reader.next(&mut stream).await.unwrap().unwrap();
                    let status = answer.first.split(' ').nth(1).unwrap().to_owned();
                    *statuses.entry(status).or_insert(0) += 1;
                }
                statuses
            })
        })
        .collect();
    let mut all = BTreeMap::new();
    for worker in workers {
        for (status, count) in worker.await.unwrap() {
            *all.entry(status).or_insert(0) += count;
        }
    }
    (began.elapsed().as_secs_f64(), all)
}

/// Says who they are to whoever asks.
async fn actor_documents(listener: TcpListener, origin: String, pem: String) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (origin, pem) = (origin.clone(), pem.clone());
        tokio::spawn(async move {
            let mut reader = Reader::default();
            while let Ok(Some(asked)) = reader.next(&mut stream).await {
                let path = asked.first.split(' ').nth(1).unwrap_or("/").to_owned();
                let body = document(&origin, &path, &pem).to_string();
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: {TYPE}\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
        });
    }
}

fn document(origin: &str, path: &str, pem: &str) -> Value {
    if path.starts_with("/.well-known/webfinger") {
        let user = path
            .split("acct%3A")
            .nth(1)
            .or_else(|| path.split("acct:").nth(1))
            .unwrap_or_default();
        let user = user.split(['@', '%']).next().unwrap_or_default();
        let number = user.trim_start_matches("personne");
        let host = origin.trim_start_matches("http://");
        return json!({
            "subject": format!("acct:{user}@{host}"),
            "links": [{ "rel": "self", "type": TYPE, "href": format!("{origin}/users/{number}") }],
        });
    }
    let id = format!("{origin}{path}");
    let number = path.rsplit('/').next().unwrap_or_default();
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": id, "type": "Person", "preferredUsername": format!("personne{number}"),
        "name": format!("Personne {number}"), "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"),
        "publicKey": { "id": format!("{id}#main-key"), "owner": id, "publicKeyPem": pem },
    })
}
