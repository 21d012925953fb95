//! The rows on signatures of the table in `docs/federation/signatures.md`: what other servers do wrong,
//! one by one, with the status a peer gets from us.

use super::*;

#[test]
fn unsigned_is_401() {
    assert_eq!(Raw::post().examine().unwrap_err(), Refusal::Unsigned);
    assert_eq!(Raw::post().status(), 401);
}

#[test]
fn good_cavage_is_believed() {
    let verified = Raw::post().cavage(FULL).verify().unwrap();
    assert_eq!(verified.key_id, KEY_ID);
    assert_eq!(verified.scheme, super::super::Scheme::Cavage);
}

#[test]
fn good_cavage_with_hs2019_or_without_algorithm_is_believed() {
    for extra in [r#"algorithm="hs2019""#, "", r#"algorithm="RSA-SHA256""#] {
        assert_eq!(
            Raw::post().cavage_with(&RSA, FULL, None, extra).status(),
            202,
            "{extra}"
        );
    }
}

#[test]
fn altered_body_is_401() {
    let mut raw = Raw::post().cavage(FULL);
    raw.body[10] ^= 1;
    assert_eq!(raw.verify().unwrap_err(), Refusal::DigestMismatch);
    assert_eq!(raw.status(), 401);
}

#[test]
fn missing_digest_is_401() {
    let unsigned = Raw::post()
        .without("digest")
        .cavage("(request-target) host date content-type");
    assert_eq!(unsigned.verify().unwrap_err(), Refusal::NotCovered("digest"));
    let removed = Raw::post().cavage(FULL).without("digest");
    assert_eq!(removed.verify().unwrap_err(), Refusal::DigestMissing);
    assert_eq!((unsigned.status(), removed.status()), (401, 401));
}

#[test]
fn digest_sent_but_not_signed_is_401() {
    let raw = Raw::post().cavage("(request-target) host date content-type");
    assert_eq!(raw.verify().unwrap_err(), Refusal::NotCovered("digest"));
}

#[test]
fn only_date_signed_is_401() {
    let raw = Raw::post().cavage("date");
    assert_eq!(raw.verify().unwrap_err(), Refusal::NotCovered("(request-target)"));
    assert_eq!(raw.status(), 401);
}

#[test]
fn the_window_is_one_hour_back_and_five_minutes_ahead() {
    for (offset, expected) in [
        (-30 * 60, Ok(())),
        (-60 * 60, Ok(())),
        (-60 * 60 - 1, Err(Refusal::TooOld)),
        (-2 * 60 * 60, Err(Refusal::TooOld)),
        (-48 * 60 * 60, Err(Refusal::TooOld)),
        (5 * 60, Ok(())),
        (5 * 60 + 1, Err(Refusal::InFuture)),
        (10 * 60 * 60, Err(Refusal::InFuture)),
    ] {
        let raw = Raw::post().with("date", &http_date(offset)).cavage(FULL);
        assert_eq!(raw.verify().map(|_| ()), expected, "{offset}");
        let created = now().as_secs() + offset;
        let raw = Raw::post().rfc9421_with(&RSA, &format!(r#"({FULL_9421});created={created};keyid="k""#));
        assert_eq!(raw.verify().map(|_| ()), expected, "{offset}");
    }
}

#[test]
fn wrong_key_is_401() {
    let raw = Raw::post().cavage(FULL);
    assert_eq!(raw.verify_with(&OTHER_RSA).unwrap_err(), Refusal::BadSignature);
    assert!(Refusal::BadSignature.may_be_old_key());
}

#[test]
fn good_rfc9421_is_believed() {
    let verified = Raw::post().rfc9421(FULL_9421).verify().unwrap();
    assert_eq!(verified.scheme, super::super::Scheme::Rfc9421);
    assert_eq!(verified.key_id, KEY_ID);
}

#[test]
fn rfc9421_with_an_altered_body_is_401() {
    let mut raw = Raw::post().rfc9421(FULL_9421);
    raw.body.push(b' ');
    assert_eq!(raw.verify().unwrap_err(), Refusal::DigestMismatch);
}

#[test]
fn rfc9421_without_content_digest_is_401() {
    let raw = Raw::post()
        .without("content-digest")
        .rfc9421(r#""@method" "@target-uri""#);
    assert_eq!(raw.verify().unwrap_err(), Refusal::NotCovered("content-digest"));
    let raw = Raw::post().rfc9421(FULL_9421).without("content-digest");
    assert_eq!(raw.verify().unwrap_err(), Refusal::DigestMissing);
}

#[test]
fn rfc9421_with_an_uncovered_digest_is_401() {
    let raw = Raw::post().rfc9421(r#""@method" "@target-uri""#);
    assert_eq!(raw.verify().unwrap_err(), Refusal::NotCovered("content-digest"));
}

#[test]
fn refusals_are_400_for_form_and_401_for_belief() {
    assert_eq!(Raw::post().with("signature", "nonsense").status(), 400);
    assert_eq!(Raw::post().with("signature-input", "nonsense").status(), 400);
    let value = super::super::accept_signature(&Method::POST, Some(KEY_ID));
    let expected = format!(r#"sig1=("@method" "@target-uri" "content-digest");created;keyid="{KEY_ID}""#);
    assert_eq!(value.to_str().unwrap(), expected);
}
