//! RFC 9421: what must be covered, how labels and parameters are read, what each deviation gets.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PSS_SHA512, RsaKeyPair};

use super::*;

fn refusal(raw: &Raw) -> Refusal {
    raw.verify().unwrap_err()
}

/// `(components);created=now` and what follows.
fn parameters(components: &str, rest: &str) -> String {
    format!("({components});created={}{rest}", now().as_secs())
}

fn keyed(components: &str) -> String {
    parameters(components, &format!(r#";keyid="{KEY_ID}""#))
}

#[test]
fn the_sets_of_known_servers_are_believed() {
    for components in [
        FULL_9421,
        r#""@method" "@target-uri" "@authority" "host" "date" "content-digest""#,
        r#""content-digest" "@authority" "@path" "@method""#,
        r#""@method" "@authority" "@request-target" "content-digest" "content-type""#,
        r#""@method" "@target-uri" "@scheme" "@query" "@path" "content-digest""#,
    ] {
        Raw::post().rfc9421(components).verify().unwrap();
    }
    Raw::get("/users/alice?page=1")
        .rfc9421(r#""@method" "@target-uri""#)
        .verify()
        .unwrap();
    let parts = r#""@method" "@authority" "@path" "@query""#;
    Raw::get("/users/alice?page=1").rfc9421(parts).verify().unwrap();
}

#[test]
fn what_is_missing_is_named() {
    for (components, missing) in [
        (r#""@target-uri" "content-digest""#, "@method"),
        (r#""@method" "content-digest""#, "@target-uri"),
        (r#""@method" "@authority" "content-digest""#, "@target-uri"),
        (r#""@method" "@path" "content-digest""#, "@target-uri"),
        (r#""@method" "host" "@path" "content-digest""#, "@target-uri"),
        (r#""@method" "@target-uri" "digest""#, "content-digest"),
    ] {
        let raw = Raw::post().rfc9421(components);
        assert_eq!(refusal(&raw), Refusal::NotCovered(missing), "{components}");
        assert_eq!(raw.status(), 401);
    }
    let raw = Raw::get("/users/alice?page=1").rfc9421(r#""@method" "@authority" "@path""#);
    assert_eq!(refusal(&raw), Refusal::NotCovered("@target-uri"));

    let undated = format!(r#"({FULL_9421});keyid="{KEY_ID}""#);
    assert_eq!(
        refusal(&Raw::post().rfc9421_with(&RSA, &undated)),
        Refusal::NotCovered("created")
    );
    let anonymous = parameters(FULL_9421, "");
    assert_eq!(
        refusal(&Raw::post().rfc9421_with(&RSA, &anonymous)),
        Refusal::NotCovered("keyid")
    );
    let anonymous = parameters(FULL_9421, r#";keyid="""#);
    assert_eq!(
        refusal(&Raw::post().rfc9421_with(&RSA, &anonymous)),
        Refusal::NotCovered("keyid")
    );
}

#[test]
fn parameters_are_signed_as_received() {
    let created = now().as_secs();
    for parameters in [
        format!(r#"({FULL_9421});alg="rsa-v1_5-sha256";keyid="{KEY_ID}";created={created}"#),
        format!(r#"({FULL_9421});keyid="{KEY_ID}";created={created};tag="x";nonce="a,b;c=\"d\"""#),
        format!(
            r#"({FULL_9421});created={created};expires={};keyid="{KEY_ID}";new=?1"#,
            created + 60
        ),
        format!(r#"( {FULL_9421}  );created={created};keyid="{KEY_ID}""#),
        format!(r#"({FULL_9421}); created={created};  keyid="{KEY_ID}""#),
    ] {
        let raw = Raw::post().rfc9421_with(&RSA, &parameters);
        raw.verify()
            .unwrap_or_else(|refusal| panic!("{parameters}: {refusal}"));
    }
}

#[test]
fn any_change_of_the_parameters_is_noticed() {
    let good = Raw::post().rfc9421(FULL_9421);
    let value = good.header("signature-input");
    for at in 0..value.len() {
        let mut bytes = value.clone().into_bytes();
        bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(
            good.clone().with("signature-input", &changed).verify().is_err(),
            "{changed}"
        );
    }
    let more_time = value.replace(";keyid", ";expires=99999999999;keyid");
    assert_eq!(
        refusal(&good.clone().with("signature-input", &more_time)),
        Refusal::BadSignature
    );
    let tagged = format!("{value};tag=\"x\"");
    assert_eq!(
        refusal(&good.with("signature-input", &tagged)),
        Refusal::BadSignature
    );
}

#[test]
fn times_are_checked() {
    let created = now().as_secs();
    let past = format!(r#";expires={};keyid="k""#, created - 1);
    let raw = Raw::post().rfc9421_with(&RSA, &parameters(FULL_9421, &past));
    assert_eq!(refusal(&raw), Refusal::Expired);
    let dated = format!(r#"{FULL_9421} "date""#);
    let raw = Raw::post().with("date", &http_date(-4000)).rfc9421(&dated);
    assert_eq!(refusal(&raw), Refusal::TooOld);
    // A Date that is not covered says nothing.
    Raw::post()
        .with("date", &http_date(-4000))
        .rfc9421(FULL_9421)
        .verify()
        .unwrap();
    for wrong in ["\"1\"", "1.0", "yes", "?1", ":AAAA:"] {
        let input = format!(r#"({FULL_9421});created={wrong};keyid="k""#);
        assert_eq!(Raw::post().rfc9421_with(&RSA, &input).status(), 400, "{wrong}");
    }
    let input = format!(r#"({FULL_9421});created=-5;keyid="k""#);
    assert_eq!(refusal(&Raw::post().rfc9421_with(&RSA, &input)), Refusal::TooOld);
    let input = format!(r#"({FULL_9421});created=999999999999999;keyid="k""#);
    assert_eq!(
        refusal(&Raw::post().rfc9421_with(&RSA, &input)),
        Refusal::InFuture
    );
}

#[test]
fn keys_of_one_kind_never_verify_another() {
    let with = |key: &PrivateKey, alg: &str| {
        Raw::post().rfc9421_with(key, &parameters(FULL_9421, &format!(r#";keyid="k"{alg}"#)))
    };
    with(&ED25519, "").verify_with(&ED25519).unwrap();
    with(&ED25519, r#";alg="ed25519""#).verify_with(&ED25519).unwrap();
    with(&RSA, "").verify().unwrap();
    let verdict =
        |key: &PrivateKey, alg: &str, found: &PrivateKey| with(key, alg).verify_with(found).unwrap_err();
    assert_eq!(
        verdict(&ED25519, r#";alg="rsa-v1_5-sha256""#, &ED25519),
        Refusal::WrongKeyKind
    );
    assert_eq!(verdict(&RSA, r#";alg="ed25519""#, &RSA), Refusal::WrongKeyKind);
    assert_eq!(
        verdict(&RSA, r#";alg="rsa-pss-sha512""#, &RSA),
        Refusal::BadSignature
    );
    assert_eq!(verdict(&RSA, "", &ED25519), Refusal::BadSignature);
    assert_eq!(verdict(&ED25519, "", &RSA), Refusal::BadSignature);
    for alg in ["hmac-sha256", "ecdsa-p256-sha256", "RSA-V1_5-SHA256", "none", ""] {
        let alg = format!(r#";alg="{alg}""#);
        assert_eq!(
            verdict(&RSA, &alg, &RSA),
            Refusal::Unsupported("algorithm"),
            "{alg}"
        );
    }
    assert_eq!(with(&RSA, ";alg=ed25519").status(), 400);
}

#[test]
fn pss_is_verified() {
    let input = parameters(FULL_9421, r#";keyid="k";alg="rsa-pss-sha512""#);
    let mut raw = Raw::post().rfc9421_with(&RSA, &input);
    let pair = RsaKeyPair::from_pkcs8(&RSA.to_der().unwrap()).unwrap();
    let base = raw.examine().unwrap().bases.remove(0);
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PSS_SHA512, &SystemRandom::new(), &base, &mut signature)
        .unwrap();
    raw.set(
        "signature",
        &format!("sig1=:{}:", BASE64_STANDARD.encode(signature)),
    );
    raw.verify().unwrap();
    assert_eq!(raw.verify_with(&OTHER_RSA).unwrap_err(), Refusal::BadSignature);
}

#[test]
fn the_address_signed_must_be_ours() {
    // Signed for us, by a peer who means us: another name in the request line changes nothing of it.
    let raw = Raw::post().rfc9421(FULL_9421);
    let incoming = Incoming::new(&raw.method, &raw.uri, &raw.headers, &raw.body);
    for base in [
        "https://other.example",
        "http://mairie.example",
        "https://mairie.example:8443",
    ] {
        let verifier = Verifier::new(&Url::parse(base).unwrap()).unwrap();
        let verdict = verifier
            .examine(&incoming, now())
            .and_then(|c| c.verify(RSA.public_key()));
        assert!(
            matches!(verdict.unwrap_err(), Refusal::WrongHost | Refusal::BadSignature),
            "{base}"
        );
    }
    assert_eq!(
        refusal(&raw.clone().with("host", "other.example")),
        Refusal::WrongHost
    );
    let mut moved = raw;
    moved.uri = Uri::from_static("/users/bob/inbox");
    assert_eq!(refusal(&moved), Refusal::BadSignature);
}

#[test]
fn a_query_signed_is_the_query_received() {
    let raw = Raw::get("/outbox?page=true").rfc9421(r#""@method" "@target-uri""#);
    for other in ["/outbox", "/outbox?page=false", "/outbox?page=true&x", "/outbox?"] {
        let mut moved = raw.clone();
        moved.uri = Uri::from_static(other);
        assert_eq!(refusal(&moved), Refusal::BadSignature, "{other}");
    }
}

#[test]
fn content_digests_in_every_spelling() {
    let right = sha256(BODY);
    let wrong = sha256(b"other");
    let sha512 = BASE64_STANDARD.encode(digest(&aws_lc_rs::digest::SHA512, BODY));
    for (value, expected) in [
        (format!("sha-256=:{right}:"), Ok(())),
        (format!("sha-512=:{sha512}:"), Ok(())),
        (format!("md5=:AAAA:, sha-256=:{right}:;x=1"), Ok(())),
        (format!("sha-256=:{right}:, sha-512=:{sha512}:"), Ok(())),
        (
            format!("sha-256=:{right}:, sha-512=:{wrong}:"),
            Err(Refusal::DigestMismatch),
        ),
        (format!("sha-256=:{wrong}:"), Err(Refusal::DigestMismatch)),
        (format!("sha-256={right}"), Err(Refusal::DigestMismatch)),
        ("sha-256".to_owned(), Err(Refusal::DigestMismatch)),
        ("sha-256=()".to_owned(), Err(Refusal::DigestMismatch)),
        ("sha-256=::".to_owned(), Err(Refusal::DigestMismatch)),
        (format!("SHA-256=:{right}:"), Err(Refusal::DigestMismatch)),
        ("md5=:AAAA:".to_owned(), Err(Refusal::DigestMissing)),
        (String::new(), Err(Refusal::DigestMissing)),
    ] {
        let raw = Raw::post().with("content-digest", &value).rfc9421(FULL_9421);
        assert_eq!(raw.verify().map(|_| ()), expected, "{value}");
    }
}

#[test]
fn the_first_acceptable_label_counts() {
    let good = Raw::post().rfc9421(FULL_9421);
    let (input, signature) = (good.header("signature-input"), good.header("signature"));
    let both = |other_input: &str, other_signature: &str| {
        let input = format!("{other_input}, {input}");
        let signature = format!("{other_signature}, {signature}");
        good.clone()
            .with("signature-input", &input)
            .with("signature", &signature)
    };
    both(r#"proxy=("date");created=1;keyid="p""#, "proxy=:AAAA:")
        .verify()
        .unwrap();
    both(r#"proxy=("@status");created=1;keyid="p""#, "other=:AAAA:")
        .verify()
        .unwrap();
    // An acceptable one that comes first is the one: no second try with another key.
    let mine = format!("a={}", keyed(FULL_9421));
    let taken = both(&mine, "a=:AAAA:");
    assert_eq!(refusal(&taken), Refusal::BadSignature);

    let mut lines = good.clone();
    lines.set("signature-input", r#"proxy=("date");created=1;keyid="p""#);
    lines.add("signature-input", &input);
    lines.set("signature", &signature);
    lines.add("signature", "proxy=:AAAA:");
    lines.verify().unwrap();

    let twice = both(&format!("sig1={}", keyed(FULL_9421)), "x=:AAAA:");
    assert_eq!(refusal(&twice), Refusal::Malformed("a label came twice"));
    let many: Vec<String> = (0..8).map(|n| format!("l{n}=();created=1")).collect();
    assert_eq!(both(&many.join(", "), "x=:AAAA:").status(), 400);
    assert_eq!(good.clone().without("signature").status(), 400);
    assert_eq!(good.clone().with("signature", "sig2=:AAAA:").status(), 400);
    assert_eq!(good.clone().with("signature", "sig1=::").status(), 400);
    assert_eq!(good.clone().with("signature", "sig1=\"AAAA\"").status(), 400);
    let cavage = Raw::post().cavage(FULL).header("signature");
    assert_eq!(good.with("signature", &cavage).status(), 400);
}

#[test]
fn unknown_ways_of_signing_are_refused_cleanly() {
    for component in [
        r#""date";sf"#,
        r#""date";bs"#,
        r#""@method";req"#,
        r#""date";tr"#,
        r#""date";key="a""#,
        r#""date";name="a""#,
        r#""@query-param""#,
        r#""@query-param";name="a";sf"#,
    ] {
        let input = format!("sig1={}", keyed(&format!("{FULL_9421} {component}")));
        let raw = Raw::post()
            .with("signature-input", &input)
            .with("signature", "sig1=:AAAA:");
        assert_eq!(
            refusal(&raw),
            Refusal::Unsupported("component parameter"),
            "{component}"
        );
    }
    for component in [
        r#""@status""#,
        r#""@signature-params""#,
        r#""@nonsense""#,
        r#""@""#,
    ] {
        let raw = Raw::post().rfc9421(&format!("{FULL_9421} {component}"));
        assert_eq!(refusal(&raw), Refusal::Unsupported("component"), "{component}");
    }
    for component in [
        r#""Date""#,
        r#""da te""#,
        r#""""#,
        r#""date" "date""#,
        "date",
        "1",
        "()",
        r#""@method""#,
    ] {
        let input = format!("sig1={}", keyed(&format!("{FULL_9421} {component}")));
        let raw = Raw::post()
            .with("signature-input", &input)
            .with("signature", "sig1=:AAAA:");
        assert_eq!(raw.status(), 400, "{component}: {:?}", raw.verify());
    }
    let raw = Raw::post().rfc9421(&format!(r#"{FULL_9421} "x-absent""#));
    assert_eq!(refusal(&raw), Refusal::MissingHeader);
}

#[test]
fn malformed_headers_are_400() {
    let created = now().as_secs();
    for input in [
        String::new(),
        "sig1".to_owned(),
        "sig1=".to_owned(),
        "sig1=1".to_owned(),
        "sig1=(".to_owned(),
        "sig1=()()".to_owned(),
        format!("sig1=({FULL_9421}"),
        format!(r#"sig1={FULL_9421};created={created};keyid="k""#),
        format!(r#"sig1=({FULL_9421});created={created};created={created};keyid="k""#),
        format!(r#"sig1=({FULL_9421});created={created};keyid="a";keyid="k""#),
        format!("sig1=({FULL_9421});created={created};keyid=k"),
        format!(r#"sig1=({FULL_9421});created={created};keyid="k"#),
        format!(r#"sig1=({FULL_9421});created={created};keyid="k","#),
        format!(r#"Sig1=({FULL_9421});created={created};keyid="k""#),
        format!(
            r#"sig1=({FULL_9421});created={created};keyid="{}""#,
            "k".repeat(17_000)
        ),
        format!(
            r#"sig1=({});created={created};keyid="k""#,
            (0..40).map(|n| format!("\"x{n}\"")).collect::<Vec<_>>().join(" ")
        ),
        format!("sig1=({FULL_9421});created={created};keyid=\"\u{e9}\""),
    ] {
        let raw = Raw::post()
            .with("signature-input", &input)
            .with("signature", "sig1=:AAAA:");
        assert_eq!(raw.status(), 400, "{input}: {:?}", raw.verify());
    }
}

#[test]
fn query_parameters_can_be_covered() {
    let mut raw = Raw::get("/search?q=%C3%A8ze+village&page=1&page=2");
    let base = |raw: &Raw, component: &str| {
        let input = format!(
            "sig1={}",
            keyed(&format!(r#""@method" "@target-uri" {component}"#))
        );
        let raw = raw
            .clone()
            .with("signature-input", &input)
            .with("signature", "sig1=:AAAA:");
        raw.examine()
            .map(|candidate| String::from_utf8(candidate.bases[0].clone()).unwrap())
    };
    let text = base(&raw, r#""@query-param";name="q""#).unwrap();
    assert!(
        text.contains("\"@query-param\";name=\"q\": %C3%A8ze%20village\n"),
        "{text}"
    );
    assert_eq!(
        base(&raw, r#""@query-param";name="page""#).unwrap_err().status(),
        400
    );
    assert_eq!(
        base(&raw, r#""@query-param";name="x""#).unwrap_err(),
        Refusal::MissingHeader
    );
    raw.uri = Uri::from_static("/search");
    assert_eq!(
        base(&raw, r#""@query-param";name="q""#).unwrap_err(),
        Refusal::MissingHeader
    );
}

#[test]
fn the_answer_to_a_refusal_says_what_is_wanted() {
    use super::super::accept_signature;
    let value = |method, id| accept_signature(&method, id).to_str().unwrap().to_owned();
    let post = r#"sig1=("@method" "@target-uri" "content-digest");created"#;
    assert_eq!(value(Method::POST, None), post);
    assert_eq!(
        value(Method::GET, None),
        r#"sig1=("@method" "@target-uri");created"#
    );
    assert_eq!(
        value(Method::POST, Some("a\"b\\c")),
        format!(r#"{post};keyid="a\"b\\c""#)
    );
    for hostile in ["a\r\nset-cookie: b", "\u{e9}", "\0"] {
        assert_eq!(value(Method::POST, Some(hostile)), post);
    }
    for text in [post.to_owned(), value(Method::POST, Some("a\"b\\c"))] {
        let parsed: Result<sfv::Dictionary, _> = sfv::Parser::new(&text).parse();
        assert_eq!(parsed.unwrap().len(), 1);
    }
}
