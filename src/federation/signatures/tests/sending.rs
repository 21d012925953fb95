//! What leaves here, byte by byte, and that it is accepted back.

use super::super::{BodyDigest, Outgoing, Scheme, Signer, SigningRefusal, sign_request};
use super::*;
use crate::keys::Algorithm;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn signer(key: &PrivateKey) -> Signer<'_> {
    Signer { key_id: KEY_ID, key }
}

const JSON: &str = "application/activity+json";

/// Puts the signed headers into a request as it would arrive at the host of `url`.
fn arrived(method: &Method, url: &Url, signed: HeaderMap, body: &[u8]) -> Raw {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut raw = Raw {
        method: method.clone(),
        uri: target.parse().unwrap(),
        headers: signed,
        body: body.to_vec(),
    };
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    raw.set("host", host);
    raw
}

fn sent(scheme: Scheme, key: &PrivateKey, url: &Url, body: Option<&[u8]>) -> Raw {
    let digest = body.map(BodyDigest::of);
    let method = if body.is_some() { Method::POST } else { Method::GET };
    let request = Outgoing {
        method: &method,
        url,
        body: digest.as_ref().map(|digest| (digest, JSON)),
    };
    let headers = sign_request(scheme, &request, &signer(key), now()).unwrap();
    arrived(&method, url, headers, body.unwrap_or_default())
}

#[test]
fn cavage_post_signs_exactly_five_things() {
    let raw = sent(
        Scheme::Cavage,
        &RSA,
        &url("https://mairie.example/inbox"),
        Some(BODY),
    );
    let digest = format!("SHA-256={}", sha256(BODY));
    assert_eq!(raw.header("digest"), digest);
    assert_eq!(raw.header("content-type"), JSON);
    assert_eq!(raw.header("date"), "Sun, 22 Nov 2026 10:00:00 GMT");
    let (head, tail) = {
        let value = raw.header("signature");
        let (head, tail) = value.split_once("signature=\"").unwrap();
        (head.to_owned(), tail.trim_end_matches('"').to_owned())
    };
    assert_eq!(
        head,
        format!(
            r#"keyId="{KEY_ID}",algorithm="rsa-sha256",headers="(request-target) host date digest content-type","#
        )
    );
    let text = format!(
        "(request-target): post /inbox\nhost: mairie.example\ndate: Sun, 22 Nov 2026 10:00:00 GMT\n\
         digest: {digest}\ncontent-type: {JSON}"
    );
    let signature = BASE64_STANDARD.decode(tail).unwrap();
    RSA.public_key()
        .verify(Algorithm::RsaV15Sha256, text.as_bytes(), &signature)
        .unwrap();
}

#[test]
fn cavage_get_signs_exactly_three_things() {
    let raw = sent(
        Scheme::Cavage,
        &RSA,
        &url("https://mairie.example/users/a?page=true"),
        None,
    );
    assert!(
        raw.header("signature")
            .contains(r#"headers="(request-target) host date""#)
    );
    assert!(!raw.headers.contains_key("digest") && !raw.headers.contains_key("content-type"));
    raw.verify().unwrap();
}

#[test]
fn rfc9421_covers_what_mastodon_covers() {
    let raw = sent(
        Scheme::Rfc9421,
        &RSA,
        &url("https://mairie.example/inbox"),
        Some(BODY),
    );
    let created = now().as_secs();
    assert_eq!(
        raw.header("signature-input"),
        format!(
            r#"sig1=("@method" "@target-uri" "content-digest");created={created};keyid="{KEY_ID}";alg="rsa-v1_5-sha256""#
        )
    );
    assert_eq!(
        raw.header("content-digest"),
        format!("sha-256=:{}:", sha256(BODY))
    );
    raw.verify().unwrap();
    let raw = sent(
        Scheme::Rfc9421,
        &RSA,
        &url("https://mairie.example/users/a?page=true"),
        None,
    );
    assert!(
        raw.header("signature-input")
            .starts_with(r#"sig1=("@method" "@target-uri");created="#)
    );
    assert!(!raw.headers.contains_key("content-digest"));
    raw.verify().unwrap();
}

#[test]
fn everything_sent_is_accepted_and_nothing_altered_is() {
    let addresses = [
        "https://mairie.example/inbox",
        "https://mairie.example/",
        "https://mairie.example",
        "https://mairie.example/users/%C3%A9ze/inbox?a=b&c=%20d#fragment",
        "https://mairie.example/inbox?",
    ];
    let bodies: [&[u8]; 4] = [
        BODY,
        b"",
        "{\"content\":\"Èze 🌻\"}".as_bytes(),
        &[0, 255, 10, 13],
    ];
    for scheme in [Scheme::Cavage, Scheme::Rfc9421] {
        for key in [&*RSA, &*ED25519] {
            for address in addresses {
                for body in bodies.iter().map(|body| Some(*body)).chain([None]) {
                    let raw = sent(scheme, key, &url(address), body);
                    assert_eq!(raw.verify_with(key).unwrap().scheme, scheme, "{address}");

                    let mut altered = raw.clone();
                    altered.uri = Uri::from_static("/elsewhere");
                    assert!(altered.verify_with(key).is_err());
                    let mut altered = raw.clone();
                    altered.method = Method::PUT;
                    assert!(altered.verify_with(key).is_err());
                    if body.is_some() {
                        let mut altered = raw.clone();
                        altered.body.push(b'x');
                        assert_eq!(altered.verify_with(key).unwrap_err(), Refusal::DigestMismatch);
                    }
                }
            }
        }
    }
}

#[test]
fn ports_are_signed_when_they_are_not_the_default() {
    let verifier = Verifier::new(&url("https://mairie.example:8443")).unwrap();
    for scheme in [Scheme::Cavage, Scheme::Rfc9421] {
        let raw = sent(
            scheme,
            &RSA,
            &url("https://mairie.example:8443/inbox"),
            Some(BODY),
        );
        let incoming = Incoming::new(&raw.method, &raw.uri, &raw.headers, &raw.body);
        verifier
            .examine(&incoming, now())
            .unwrap()
            .verify(RSA.public_key())
            .unwrap();
        assert_eq!(raw.examine().unwrap_err(), Refusal::WrongHost);
    }
}

#[test]
fn what_cannot_be_signed_is_refused() {
    let sign = |address: &str, key_id: &str| {
        let (method, address) = (Method::GET, url(address));
        let request = Outgoing {
            method: &method,
            url: &address,
            body: None,
        };
        sign_request(Scheme::Cavage, &request, &Signer { key_id, key: &RSA }, now()).map(|_| ())
    };
    assert_eq!(
        sign("https://user@mairie.example/", KEY_ID),
        Err(SigningRefusal::Address)
    );
    assert_eq!(sign("mailto:a@example.org", KEY_ID), Err(SigningRefusal::Address));
    assert_eq!(
        sign("https://mairie.example/", "a\"b"),
        Err(SigningRefusal::Header)
    );
    assert_eq!(
        sign("https://mairie.example/", "a\nb"),
        Err(SigningRefusal::Header)
    );
    assert_eq!(sign("https://mairie.example/", ""), Err(SigningRefusal::Header));
}

#[test]
fn the_schemes_have_stable_names() {
    for scheme in [Scheme::Cavage, Scheme::Rfc9421] {
        assert_eq!(Scheme::from_name(scheme.name()), Some(scheme));
        assert_eq!(scheme.other().other(), scheme);
    }
    assert_eq!(Scheme::from_name("hmac"), None);
}
