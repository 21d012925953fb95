//! The crate that Lemmy, its relatives and relays sign and verify with, in both directions.

use std::collections::BTreeMap;

use http_signature_normalization::Config;

use super::super::{BodyDigest, Outgoing, Scheme, Signer, sign_request};
use super::*;
use crate::keys::Algorithm;

fn map(headers: &HeaderMap) -> BTreeMap<String, String> {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn what_we_sign_it_verifies() {
    let address = Url::parse("https://mairie.example/users/1/inbox?a=b").unwrap();
    let digest = BodyDigest::of(BODY);
    let body = Some((&digest, "application/activity+json"));
    let request = Outgoing {
        method: &Method::POST,
        url: &address,
        body,
    };
    let signer = Signer {
        key_id: KEY_ID,
        key: &RSA,
    };
    let mut headers = sign_request(Scheme::Cavage, &request, &signer, now()).unwrap();
    headers.insert("host", HeaderValue::from_static("mairie.example"));
    // It reads the clock of the machine.
    let always = std::time::Duration::from_hours(24 * 365 * 50);
    let config = Config::new()
        .mastodon_compat()
        .require_digest()
        .set_expiration(always);
    let unverified = config
        .begin_verify("POST", "/users/1/inbox?a=b", map(&headers))
        .unwrap();
    assert_eq!(unverified.key_id(), KEY_ID);
    let verified = unverified.verify(|signature, text| {
        let signature = BASE64_STANDARD.decode(signature).unwrap();
        RSA.public_key()
            .verify(Algorithm::RsaV15Sha256, text.as_bytes(), &signature)
    });
    verified.unwrap();
}

fn signed_by_it(config: &Config, mut raw: Raw) -> Raw {
    let signed = config
        .begin_sign("POST", "/inbox", map(&raw.headers))
        .unwrap()
        .sign(KEY_ID.to_owned(), |text| {
            RSA.sign(text.as_bytes())
                .map(|signature| BASE64_STANDARD.encode(signature))
        })
        .unwrap();
    raw.set("signature", &signed.signature_header());
    raw
}

#[test]
fn what_it_signs_as_mastodon_does_we_verify() {
    signed_by_it(&Config::new().mastodon_compat(), Raw::post())
        .verify()
        .unwrap();
}

#[test]
fn what_it_signs_with_created_and_expires_we_verify() {
    let raw = signed_by_it(&Config::new(), Raw::post().without("date"));
    // It reads the clock of the machine: take the time from what it wrote.
    let header = raw.header("signature");
    let created = header
        .split_once("created=")
        .unwrap()
        .1
        .split(',')
        .next()
        .unwrap();
    let at = Timestamp::from_millis(created.trim_matches('"').parse::<i64>().unwrap() * 1000);
    let incoming = Incoming::new(&raw.method, &raw.uri, &raw.headers, &raw.body);
    verifier()
        .examine(&incoming, at)
        .unwrap()
        .verify(RSA.public_key())
        .unwrap();
}
