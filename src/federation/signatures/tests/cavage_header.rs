//! draft-cavage: how the header may be written, and what a change of it gets.

use super::cavage::{edit, refusal};
use super::*;

#[test]
fn the_header_may_be_written_loosely() {
    let raw = Raw::post().cavage(FULL);
    edit(raw.clone(), "\",", "\" ,\t ").verify().unwrap();
    edit(raw.clone(), "headers=\"", "headers = \"").verify().unwrap();
    edit(raw.clone(), "keyId", "KEYID").verify().unwrap();
    edit(raw.clone(), "keyId", "nonce=\"a,b=c\",keyId")
        .verify()
        .unwrap();
    edit(raw.clone(), "#main-key", r"#main\-key").verify().unwrap();
    edit(raw.clone(), "host date", "Host  Date").verify().unwrap();
    let raw = Raw::post().cavage_with(&RSA, FULL, None, "algorithm=hs2019");
    raw.verify().unwrap();
}

#[test]
fn the_header_may_not_be_ambiguous() {
    let good = Raw::post().cavage(FULL);
    let cases = [
        ("keyId", "keyId=\"https://evil.example\",keyId"),
        ("keyId", "keyId=\"https://evil.example\",KEYID"),
        ("headers=", "headers=\"date\",headers="),
        ("host date", "host host date"),
        ("host date", "host HOST date"),
        ("signature=", "signature=\"AAAA\",signature="),
        ("keyId", "key"),
        ("#main-key", "\"#main-key"),
        ("headers=\"", "headers=\"b\u{e9} "),
        (
            "headers=\"(request-target) host date digest content-type\"",
            "headers=\"\"",
        ),
        (
            "headers=\"(request-target) host date digest content-type\"",
            "headers=\" \"",
        ),
        ("signature=\"", "signature=\"%"),
        ("keyId=\"", "keyId=\"\",x=\""),
        (",signature", ",,signature"),
        ("keyId=", "=keyId="),
    ];
    for (from, to) in cases {
        let raw = edit(good.clone(), from, to);
        assert_eq!(raw.status(), 400, "{to}: {:?}", raw.verify());
    }
    let mut several = good.clone();
    several.add("signature", &good.header("signature"));
    assert_eq!(refusal(&several), Refusal::Malformed("several Signature headers"));
    for header in [
        "",
        ",",
        "keyId",
        "keyId=\"",
        "keyId=\"a\\",
        "a=b",
        "\"",
        "=",
        "keyId=\"a\" signature=\"b\"",
    ] {
        assert_eq!(Raw::post().with("signature", header).status(), 400, "{header}");
    }
    let long = edit(
        good.clone(),
        "keyId",
        &format!("x=\"{}\",keyId", "a".repeat(9000)),
    );
    assert_eq!(refusal(&long), Refusal::Malformed("too long"));
    let many = (0..40).map(|n| format!("p{n}=1,")).collect::<Vec<_>>().concat();
    assert_eq!(edit(good.clone(), "keyId", &format!("{many}keyId")).status(), 400);
    let many = (0..40).map(|n| format!("x-{n} ")).collect::<Vec<_>>().concat();
    assert_eq!(edit(good, "host date", &format!("{many}host date")).status(), 400);
    assert_eq!(
        Raw::post()
            .cavage_with(&RSA, FULL, None, "")
            .without("content-type")
            .status(),
        401
    );
}

#[test]
fn altered_signed_headers_do_not_verify() {
    let good = Raw::post().cavage(FULL);
    for (name, value) in [
        ("date", http_date(1)),
        ("content-type", "application/ld+json".to_owned()),
        ("digest", format!("sha-256={}", sha256(BODY))),
    ] {
        assert_eq!(
            refusal(&good.clone().with(name, &value)),
            Refusal::BadSignature,
            "{name}"
        );
    }
    let mut get = good.clone();
    get.method = Method::PUT;
    assert_eq!(refusal(&get), Refusal::BadSignature);
    let mut twice = good;
    twice.add("content-type", "text/plain");
    assert_eq!(twice.status(), 400);
}

#[test]
fn lines_of_one_header_are_joined_as_signed() {
    let mut raw = Raw::get("/").with("accept", "application/activity+json");
    raw.set("accept", "a, b");
    let mut split = raw.cavage("(request-target) host date accept");
    split.set("accept", " a ");
    split.add("accept", "b\t");
    split.verify().unwrap();
    // A header may be empty.
    Raw::get("/")
        .with("accept", "")
        .cavage("(request-target) host date accept")
        .verify()
        .unwrap();
}

#[test]
fn a_replay_is_recognised_however_the_key_id_is_spelled() {
    let raw = Raw::post().cavage(FULL);
    let first = raw.verify().unwrap();
    assert_eq!(raw.verify().unwrap(), first);
    let respelled = edit(raw.clone(), "#main-key", "?x#main-key").verify().unwrap();
    assert_ne!(respelled.key_id, first.key_id);
    assert_eq!(respelled.replay_key, first.replay_key);
    let unpadded = edit(raw, "==\"", "\"").verify().unwrap();
    assert_eq!(unpadded.replay_key, first.replay_key);

    let later = Raw::post()
        .with("date", &http_date(1))
        .cavage(FULL)
        .verify()
        .unwrap();
    assert_ne!(later.replay_key, first.replay_key);
    let end = now().as_secs() + 3600;
    assert!(first.replayable_until.as_secs() > end);
    let short = format!("expires={}", now().as_secs() + 10);
    let short = Raw::post()
        .cavage_with(&RSA, FULL, None, &short)
        .verify()
        .unwrap();
    assert_eq!(short.replayable_until.as_secs(), now().as_secs() + 11);
}
