//! What the signatures promise, tried with a signer that shares no code with the one under test.

mod cavage;
mod cavage_header;
mod garbage;
mod key_search;
mod other_implementation;
mod peers;
mod proofs;
mod rfc9421;
mod sending;
mod vectors;

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use platform::Timestamp;
use url::Url;

use super::{Candidate, Incoming, Refusal, Verified, Verifier};
use crate::keys::PrivateKey;

pub(super) const KEY_ID: &str = "https://peer.example/users/alice#main-key";
pub(super) const BODY: &[u8] = br#"{"type":"Create","actor":"https://peer.example/users/alice"}"#;

pub(super) static RSA: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate_rsa().unwrap());
pub(super) static OTHER_RSA: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate_rsa().unwrap());
pub(super) static ED25519: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate_ed25519().unwrap());

/// 2026-11-22 10:00:00 UTC
pub(super) fn now() -> Timestamp {
    Timestamp::from_millis(1_795_341_600_000)
}

pub(super) fn http_date(seconds_from_now: i64) -> String {
    let at = Timestamp::from_millis(now().as_millis() + seconds_from_now * 1000);
    at.to_jiff().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

pub(super) fn sha256(body: &[u8]) -> String {
    BASE64_STANDARD.encode(digest(&SHA256, body))
}

/// A request put together by hand.
#[derive(Clone)]
pub(super) struct Raw {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Raw {
    /// A delivery as peers make it, not signed yet.
    pub(super) fn post() -> Self {
        let mut raw = Self {
            method: Method::POST,
            uri: Uri::from_static("/inbox"),
            headers: HeaderMap::new(),
            body: BODY.to_vec(),
        };
        raw.set("host", "mairie.example");
        raw.set("date", &http_date(0));
        raw.set("content-type", "application/activity+json");
        raw.set("digest", &format!("SHA-256={}", sha256(BODY)));
        raw.set("content-digest", &format!("sha-256=:{}:", sha256(BODY)));
        raw
    }

    /// A fetch, not signed yet.
    pub(super) fn get(target: &'static str) -> Self {
        let mut raw = Self {
            method: Method::GET,
            uri: Uri::from_static(target),
            headers: HeaderMap::new(),
            body: Vec::new(),
        };
        raw.set("host", "mairie.example");
        raw.set("date", &http_date(0));
        raw
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.headers
            .insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }

    pub(super) fn add(&mut self, name: &str, value: &str) {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.headers
            .append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    fn header(&self, name: &str) -> String {
        self.headers
            .get(name)
            .map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    }

    /// Signs with draft-cavage over these headers; `target` replaces path and query, `extra` goes into
    /// the header as it is (`algorithm="..."`, `created=...`).
    pub(super) fn cavage_with(
        mut self,
        key: &PrivateKey,
        signed: &str,
        target: Option<&str>,
        extra: &str,
    ) -> Self {
        let target = target.unwrap_or_else(|| self.uri.path_and_query().unwrap().as_str());
        let parameter = |name: &str| {
            let at = extra
                .split(',')
                .find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
            at.unwrap().to_owned()
        };
        let lines: Vec<String> = signed
            .split(' ')
            .map(|name| {
                let value = match name {
                    "(request-target)" => {
                        format!("{} {target}", self.method.as_str().to_ascii_lowercase())
                    }
                    "(created)" => parameter("created"),
                    "(expires)" => parameter("expires"),
                    other => self.header(other),
                };
                format!("{}: {value}", name.to_ascii_lowercase())
            })
            .collect();
        let signature = BASE64_STANDARD.encode(key.sign(lines.join("\n").as_bytes()).unwrap());
        let separator = if extra.is_empty() { "" } else { "," };
        self.set(
            "signature",
            &format!(r#"keyId="{KEY_ID}",{extra}{separator}headers="{signed}",signature="{signature}""#),
        );
        self
    }

    pub(super) fn cavage(self, signed: &str) -> Self {
        self.cavage_with(&RSA, signed, None, r#"algorithm="rsa-sha256""#)
    }

    /// Signs with RFC 9421; `parameters` is the whole inner list.
    pub(super) fn rfc9421_with(mut self, key: &PrivateKey, parameters: &str) -> Self {
        let inside = parameters.split_once(')').unwrap().0.trim_start_matches('(');
        let target = self.uri.path_and_query().unwrap().as_str().to_owned();
        let mut lines: Vec<String> = Vec::new();
        for component in inside.split(' ').filter(|component| !component.is_empty()) {
            let value = match component.trim_matches('"') {
                "@method" => self.method.as_str().to_owned(),
                "@target-uri" => format!("https://mairie.example{target}"),
                "@authority" => "mairie.example".to_owned(),
                "@scheme" => "https".to_owned(),
                "@path" => self.uri.path().to_owned(),
                "@query" => format!("?{}", self.uri.query().unwrap_or_default()),
                "@request-target" => target.clone(),
                other => self.header(other),
            };
            lines.push(format!("{component}: {value}"));
        }
        lines.push(format!("\"@signature-params\": {parameters}"));
        let signature = BASE64_STANDARD.encode(key.sign(lines.join("\n").as_bytes()).unwrap());
        self.set("signature-input", &format!("sig1={parameters}"));
        self.set("signature", &format!("sig1=:{signature}:"));
        self
    }

    pub(super) fn rfc9421(self, components: &str) -> Self {
        let created = now().as_secs();
        let alg = r#";alg="rsa-v1_5-sha256""#;
        self.rfc9421_with(
            &RSA,
            &format!(r#"({components});created={created};keyid="{KEY_ID}"{alg}"#),
        )
    }

    pub(super) fn examine(&self) -> Result<Candidate, Refusal> {
        let incoming = Incoming::new(&self.method, &self.uri, &self.headers, &self.body);
        verifier().examine(&incoming, now())
    }

    /// The whole way, with this key found under the key id.
    pub(super) fn verify_with(&self, key: &PrivateKey) -> Result<Verified, Refusal> {
        self.examine()?.verify(key.public_key())
    }

    pub(super) fn verify(&self) -> Result<Verified, Refusal> {
        self.verify_with(&RSA)
    }

    pub(super) fn status(&self) -> u16 {
        self.verify()
            .map_or_else(|refusal| refusal.status().as_u16(), |_| 202)
    }
}

pub(super) fn verifier() -> Verifier {
    Verifier::new(&Url::parse("https://mairie.example/").unwrap()).unwrap()
}

/// What Mastodon signs, in our order.
pub(super) const FULL: &str = "(request-target) host date digest content-type";
/// What the second knock signs.
pub(super) const FULL_9421: &str = r#""@method" "@target-uri" "content-digest""#;
