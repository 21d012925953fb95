//! Hostile noise: whatever comes, an answer and no panic.

use serde_json::Value;

use super::super::{KeySearch, KeyUse, Proof, Step};
use super::*;
use crate::keys::PublicKey;

/// A small generator of the same noise at every run (xorshift).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const PIECES: [&str; 40] = [
    "keyId=",
    "\"",
    "\\",
    ",",
    ";",
    "=",
    "(",
    ")",
    " ",
    "\t",
    ":",
    "?1",
    "sig1=",
    "created=",
    "expires=",
    "1795341600",
    "keyid=",
    "alg=",
    "\"@method\"",
    "\"@target-uri\"",
    "\"content-digest\"",
    "\"@query-param\"",
    ";name=\"a\"",
    "headers=",
    "(request-target)",
    "host",
    "date",
    "digest",
    "signature=",
    "AAAA",
    ":AAAA:",
    "\u{e9}",
    "\u{1f33b}",
    "-",
    "99999999999999999999",
    "https://peer.example/a#b",
    "sig1",
    "algorithm=\"hs2019\"",
    "*",
    "%",
];

fn noise(source: &mut Noise) -> String {
    (0..source.below(14)).map(|_| source.pick(&PIECES)).collect()
}

#[test]
fn random_headers_get_an_answer() {
    let mut source = Noise(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        let mut raw = if source.below(2) == 0 {
            Raw::post()
        } else {
            Raw::get("/a?b=c")
        };
        for name in [
            "signature",
            "signature-input",
            "digest",
            "content-digest",
            "host",
            "date",
        ] {
            if source.below(3) != 0 {
                raw.set(name, &noise(&mut source));
            }
        }
        assert!(raw.verify().is_err());
    }
}

#[test]
fn random_bytes_get_an_answer() {
    let mut source = Noise(42);
    for _ in 0..5_000 {
        let mut raw = Raw::post();
        for name in ["signature", "signature-input"] {
            let bytes: Vec<u8> = (0..source.below(60))
                .map(|_| source.next().to_le_bytes()[0])
                .collect();
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                raw.headers.insert(HeaderName::from_static(name), value);
            }
        }
        assert!(raw.verify().is_err());
    }
}

#[test]
fn good_requests_survive_no_random_change_of_what_is_signed() {
    let mut source = Noise(7);
    for good in [Raw::post().cavage(FULL), Raw::post().rfc9421(FULL_9421)] {
        let cavage = good.headers.contains_key("signature-input");
        for _ in 0..300 {
            let mut raw = good.clone();
            match source.below(3) {
                0 => {
                    let at = source.below(raw.body.len());
                    raw.body[at] ^= 1 << source.below(8);
                }
                1 => {
                    let name = if cavage { "content-digest" } else { "digest" };
                    let mut value = raw.header(name).into_bytes();
                    let at = 9 + source.below(value.len() - 12);
                    value[at] = if value[at] == b'A' { b'B' } else { b'A' };
                    raw.set(name, &String::from_utf8(value).unwrap());
                }
                _ => {
                    let value = raw.header("signature");
                    let start = value.len() - 300 + source.below(280);
                    let mut bytes = value.into_bytes();
                    bytes[start] = if bytes[start] == b'A' { b'B' } else { b'A' };
                    raw.set("signature", &String::from_utf8(bytes).unwrap());
                }
            }
            assert!(raw.verify().is_err());
        }
    }
}

#[test]
fn random_keys_get_an_answer() {
    let mut source = Noise(3);
    let good = RSA.public_key().to_pem();
    for _ in 0..3_000 {
        let mut bytes = good.clone().into_bytes();
        for _ in 0..=source.below(4) {
            let at = source.below(bytes.len());
            bytes[at] = b"\n-=AZaz09+/ \\\""[source.below(14)];
        }
        // Either unreadable, or another key; the point is to come back at all.
        if let Ok(text) = String::from_utf8(bytes) {
            let _answer = PublicKey::from_pem(&text);
        }
        let der: Vec<u8> = (0..source.below(80))
            .map(|_| source.next().to_le_bytes()[0])
            .collect();
        assert!(PublicKey::from_der(&der).is_err());
        assert!(PublicKey::from_multibase(&noise(&mut source)).is_err());
    }
    for cut in 0..RSA.public_key().to_der().len() {
        assert!(PublicKey::from_der(&RSA.public_key().to_der()[..cut]).is_err());
    }
}

/// A random JSON value with the names that are looked at.
fn random_json(source: &mut Noise, depth: usize) -> Value {
    const NAMES: [&str; 14] = [
        "id",
        "type",
        "publicKey",
        "publicKeyPem",
        "publicKeyMultibase",
        "owner",
        "controller",
        "assertionMethod",
        "expires",
        "revoked",
        "proof",
        "proofValue",
        "cryptosuite",
        "@context",
    ];
    const TEXTS: [&str; 8] = [
        "https://peer.example/a",
        "https://peer.example/a#b",
        "Person",
        "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        "DataIntegrityProof",
        "eddsa-jcs-2022",
        "assertionMethod",
        "",
    ];
    match source.below(if depth == 0 { 4 } else { 8 }) {
        0 => Value::Null,
        1 => Value::from(source.next()),
        2 | 3 => Value::from(source.pick(&TEXTS)),
        4 => (0..source.below(4))
            .map(|_| random_json(source, depth - 1))
            .collect(),
        _ => (0..source.below(8))
            .map(|_| (source.pick(&NAMES).to_owned(), random_json(source, depth - 1)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}

#[test]
fn random_documents_get_an_answer() {
    let mut source = Noise(11);
    let here = Url::parse("https://peer.example/a").unwrap();
    for _ in 0..20_000 {
        let document = random_json(&mut source, 3);
        let _answer = Proof::read(&document, now());
        let usage = if source.below(2) == 0 {
            KeyUse::Request
        } else {
            KeyUse::Document
        };
        let mut search = KeySearch::new(
            source.pick(&["https://peer.example/a", "https://peer.example/a#b"]),
            usage,
        )
        .unwrap();
        // Never more than two documents.
        for _ in 0..2 {
            match search.read(&here, &document, now()) {
                Ok(Step::Fetch(next)) => search = next,
                Ok(Step::Found(_)) | Err(_) => break,
            }
            assert_eq!(search.url().host_str(), Some("peer.example"));
        }
    }
}
