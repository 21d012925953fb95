//! draft-cavage: what must be signed, and what each deviation gets.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA512, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair};

use super::*;

pub(super) fn refusal(raw: &Raw) -> Refusal {
    raw.verify().unwrap_err()
}

pub(super) fn edit(raw: Raw, from: &str, to: &str) -> Raw {
    let value = raw.header("signature");
    assert!(value.contains(from), "{value}");
    let value = value.replace(from, to);
    raw.with("signature", &value)
}

#[test]
fn each_of_the_four_must_be_signed() {
    for missing in ["(request-target)", "host", "date", "digest"] {
        let signed: Vec<&str> = FULL.split(' ').filter(|name| *name != missing).collect();
        assert_eq!(
            refusal(&Raw::post().cavage(&signed.join(" "))),
            Refusal::NotCovered(missing)
        );
    }
    // The media type need not be.
    Raw::post()
        .cavage("(request-target) host date digest")
        .verify()
        .unwrap();
}

#[test]
fn the_sets_of_known_servers_are_believed() {
    Raw::post()
        .cavage("host date digest content-type (request-target)")
        .verify()
        .unwrap();
    let mobilizon = Raw::post().with("content-length", "60");
    mobilizon
        .cavage("(request-target) content-length date digest host")
        .verify()
        .unwrap();
    let created = now().as_secs();
    let lemmy = format!(r#"algorithm="hs2019",created={created},expires={}"#, created + 10);
    let signed = "(request-target) (created) (expires) content-type date digest host";
    Raw::post()
        .cavage_with(&RSA, signed, None, &lemmy)
        .verify()
        .unwrap();
    Raw::post()
        .cavage_with(&ED25519, FULL, None, r#"algorithm="hs2019""#)
        .verify_with(&ED25519)
        .unwrap();
}

#[test]
fn the_host_signed_must_be_ours() {
    for host in [
        "other.example",
        "mairie.example.",
        "mairie.example:8443",
        "mairie.example:80",
        "x@mairie.example",
    ] {
        let raw = Raw::post().with("host", host).cavage(FULL);
        assert_eq!(refusal(&raw), Refusal::WrongHost, "{host}");
    }
    for host in ["MAIRIE.example", "mairie.example:443"] {
        Raw::post().with("host", host).cavage(FULL).verify().unwrap();
    }
    let mut twice = Raw::post().cavage(FULL);
    twice.add("host", "mairie.example");
    assert_eq!(twice.status(), 400);
    assert_eq!(
        refusal(&Raw::post().cavage(FULL).without("host")),
        Refusal::WrongHost
    );
}

#[test]
fn over_http2_the_authority_is_the_host() {
    let mut raw = Raw::post().cavage(FULL).without("host");
    raw.uri = Uri::from_static("https://mairie.example/inbox");
    raw.verify().unwrap();
    raw.uri = Uri::from_static("https://other.example/inbox");
    assert_eq!(refusal(&raw), Refusal::WrongHost);
    raw.set("host", "mairie.example");
    assert_eq!(refusal(&raw), Refusal::WrongHost);
}

#[test]
fn created_and_expires_are_checked_signed_or_not() {
    let time = now().as_secs();
    let sign = |signed: &str, extra: &str| Raw::post().cavage_with(&RSA, signed, None, extra);
    let by_created = "(request-target) (created) host digest";
    sign(by_created, &format!(r#"algorithm="hs2019",created={time}"#))
        .verify()
        .unwrap();
    let old = time - 3601;
    let late = time + 301;
    for (signed, extra, expected) in [
        (by_created, format!("created={old}"), Refusal::TooOld),
        (by_created, format!("created={late}"), Refusal::InFuture),
        (FULL, format!("created={late}"), Refusal::InFuture),
        (FULL, format!("expires={}", time - 1), Refusal::Expired),
        (
            by_created,
            format!("created={time},expires={}", time - 1),
            Refusal::Expired,
        ),
        (
            by_created,
            "created=soon".to_owned(),
            Refusal::Malformed("unreadable created"),
        ),
        (
            by_created,
            "created=1.5".to_owned(),
            Refusal::Malformed("unreadable created"),
        ),
        (
            by_created,
            "created=-1".to_owned(),
            Refusal::Malformed("unreadable created"),
        ),
        (
            by_created,
            "created=99999999999999999999".to_owned(),
            Refusal::Malformed("unreadable created"),
        ),
        (
            FULL,
            "expires=never".to_owned(),
            Refusal::Malformed("unreadable expires"),
        ),
        (
            FULL,
            "expires=1.x".to_owned(),
            Refusal::Malformed("unreadable expires"),
        ),
    ] {
        assert_eq!(refusal(&sign(signed, &extra)), expected, "{signed} {extra}");
    }
    sign(FULL, &format!("expires={}.25", time + 10)).verify().unwrap();
    // The draft forbids both with the older names of algorithms.
    let older = sign(by_created, &format!(r#"algorithm="rsa-sha256",created={time}"#));
    assert_eq!(older.status(), 400);
    let named = edit(
        sign(by_created, &format!("created={time}")),
        &format!("created={time},"),
        "",
    );
    assert_eq!(refusal(&named), Refusal::Malformed("no created"));
}

#[test]
fn an_unsigned_created_does_not_replace_a_signed_time() {
    let extra = format!("created={}", now().as_secs());
    let raw = Raw::post().cavage_with(&RSA, "(request-target) host digest", None, &extra);
    assert_eq!(refusal(&raw), Refusal::NotCovered("date"));
    // Nor does an unsigned Date matter when created is signed.
    let raw = Raw::post().with("date", "nonsense");
    raw.cavage_with(&RSA, "(request-target) (created) host digest", None, &extra)
        .verify()
        .unwrap();
}

#[test]
fn dates_that_cannot_be_read_are_400() {
    for date in [
        "",
        "now",
        "2026-11-22T10:00:00Z",
        "Sun, 99 Nov 2026 10:00:00 GMT",
        "Thu, 01 Jan 1600 00:00:00 GMT",
    ] {
        assert_eq!(
            Raw::post().with("date", date).cavage(FULL).status(),
            400,
            "{date}"
        );
    }
    let mut twice = Raw::post().cavage(FULL);
    twice.add("date", &http_date(0));
    assert_eq!(twice.status(), 400);
}

/// Signs the usual text in another RSA way than ours.
fn signed_otherwise(how: &'static dyn RsaEncoding, algorithm: &str) -> Raw {
    let pair = RsaKeyPair::from_pkcs8(&RSA.to_der().unwrap()).unwrap();
    let raw = Raw::post();
    let text = format!(
        "(request-target): post /inbox\nhost: mairie.example\ndate: {}\ndigest: {}",
        raw.header("date"),
        raw.header("digest")
    );
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(how, &SystemRandom::new(), text.as_bytes(), &mut signature)
        .unwrap();
    let signature = BASE64_STANDARD.encode(signature);
    raw.with(
        "signature",
        &format!(
            r#"keyId="{KEY_ID}",{algorithm}headers="(request-target) host date digest",signature="{signature}""#
        ),
    )
}

#[test]
fn the_algorithm_says_what_may_be_believed() {
    for name in [r#"algorithm="hs2019","#, ""] {
        signed_otherwise(&RSA_PKCS1_SHA512, name).verify().unwrap();
        signed_otherwise(&RSA_PSS_SHA512, name).verify().unwrap();
    }
    let sha512 = r#"algorithm="rsa-sha512","#;
    signed_otherwise(&RSA_PKCS1_SHA512, sha512).verify().unwrap();
    assert_eq!(
        refusal(&signed_otherwise(&RSA_PSS_SHA512, sha512)),
        Refusal::BadSignature
    );
    let sha256 = r#"algorithm="rsa-sha256","#;
    assert_eq!(
        refusal(&signed_otherwise(&RSA_PKCS1_SHA512, sha256)),
        Refusal::BadSignature
    );
    for name in [
        "hmac-sha256",
        "hmac-sha512",
        "ecdsa-sha256",
        "none",
        "rsa-sha1",
        "",
    ] {
        let raw = Raw::post().cavage_with(&RSA, FULL, None, &format!(r#"algorithm="{name}""#));
        assert_eq!(refusal(&raw), Refusal::Unsupported("algorithm"), "{name}");
    }
}

#[test]
fn keys_of_one_kind_never_verify_another() {
    let rsa_named_ed25519 = Raw::post().cavage_with(&RSA, FULL, None, r#"algorithm="ed25519""#);
    assert_eq!(refusal(&rsa_named_ed25519), Refusal::WrongKeyKind);
    let ed25519_named_rsa = Raw::post().cavage_with(&ED25519, FULL, None, r#"algorithm="rsa-sha256""#);
    assert_eq!(
        ed25519_named_rsa.verify_with(&ED25519).unwrap_err(),
        Refusal::WrongKeyKind
    );
    let hs2019 = Raw::post().cavage_with(&RSA, FULL, None, "");
    assert_eq!(hs2019.verify_with(&ED25519).unwrap_err(), Refusal::BadSignature);
}

#[test]
fn digests_in_every_known_spelling() {
    let right = sha256(BODY);
    let wrong = sha256(b"other");
    for (digest, expected) in [
        (format!("sha-256={right}"), Ok(())),
        (format!("SHA-512=abc,SHA-256={right}"), Ok(())),
        (format!("SHA-256={right} , MD5=abc"), Ok(())),
        (format!("SHA-256={}", right.trim_end_matches('=')), Ok(())),
        (format!("SHA-256={right},sha-256={right}"), Ok(())),
        (
            format!("SHA-256={right},sha-256={wrong}"),
            Err(Refusal::DigestMismatch),
        ),
        (format!("SHA-256={wrong}"), Err(Refusal::DigestMismatch)),
        ("SHA-256=".to_owned(), Err(Refusal::DigestMismatch)),
        ("SHA-256=%%%".to_owned(), Err(Refusal::DigestMismatch)),
        ("SHA-512=abc".to_owned(), Err(Refusal::DigestMissing)),
        ("nonsense".to_owned(), Err(Refusal::DigestMissing)),
        (right.clone(), Err(Refusal::DigestMissing)),
    ] {
        let raw = Raw::post().with("digest", &digest).cavage(FULL);
        assert_eq!(raw.verify().map(|_| ()), expected, "{digest}");
    }
    // A second header line belongs to the list.
    let mut raw = Raw::post().cavage(FULL);
    raw.add("digest", &format!("SHA-256={wrong}"));
    assert_eq!(refusal(&raw), Refusal::DigestMismatch);
}

#[test]
fn the_query_may_be_signed_or_left_out_but_not_changed() {
    let signed = "(request-target) host date";
    let fetch = || Raw::get("/outbox?page=true");
    fetch().cavage(signed).verify().unwrap();
    fetch()
        .cavage_with(&RSA, signed, Some("/outbox"), "")
        .verify()
        .unwrap();
    let other = fetch().cavage_with(&RSA, signed, Some("/outbox?page=false"), "");
    assert_eq!(refusal(&other), Refusal::BadSignature);
    let mut moved = fetch().cavage(signed);
    moved.uri = Uri::from_static("/followers?page=true");
    assert_eq!(refusal(&moved), Refusal::BadSignature);
    assert_eq!(fetch().cavage(signed).examine().unwrap().bases.len(), 2);
    assert_eq!(
        Raw::get("/outbox").cavage(signed).examine().unwrap().bases.len(),
        1
    );
}

#[test]
fn a_fetch_needs_no_digest_unless_it_has_a_body() {
    let signed = "(request-target) host date";
    let mut raw = Raw::get("/users/alice").cavage(signed);
    raw.verify().unwrap();
    raw.body = b"x".to_vec();
    assert_eq!(refusal(&raw), Refusal::NotCovered("digest"));
    assert_eq!(
        refusal(&Raw::get("/").cavage("(request-target) date")),
        Refusal::NotCovered("host")
    );
    let empty = Raw::get("/").with("digest", &format!("SHA-256={}", sha256(b"")));
    empty
        .cavage("(request-target) host date digest")
        .verify()
        .unwrap();
    let wrong = Raw::get("/").with("digest", &format!("SHA-256={}", sha256(b"x")));
    assert_eq!(
        refusal(&wrong.cavage("(request-target) host date digest")),
        Refusal::DigestMismatch
    );
}
