//! The vectors of the documents themselves: draft-cavage-12 appendix C, RFC 9421 appendix B and
//! section 4.3, FEP-8b32.

use serde_json::json;

use super::super::rfc9421::{parsed_inputs, signature_base};
use super::super::{Proof, ProofRefusal, add_proof};
use super::*;
use crate::keys::{Algorithm, KeyRefusal, PublicKey};

/// The 1024-bit key of draft-cavage, good for these vectors only.
const CAVAGE_KEY: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3
6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6
Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw
oYi+1hqp1fIekaxsyQIDAQAB
-----END PUBLIC KEY-----";

const CAVAGE_NOW: i64 = 1_388_957_500_000;

fn cavage_request(headers: &str, signature: &str) -> Raw {
    let mut raw = Raw {
        method: Method::POST,
        uri: Uri::from_static("/foo?param=value&pet=dog"),
        headers: HeaderMap::new(),
        body: br#"{"hello": "world"}"#.to_vec(),
    };
    raw.set("host", "example.com");
    raw.set("date", "Sun, 05 Jan 2014 21:31:40 GMT");
    raw.set("content-type", "application/json");
    raw.set("digest", "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=");
    raw.set("content-length", "18");
    raw.set(
        "signature",
        &format!(r#"keyId="Test",algorithm="rsa-sha256",{headers}signature="{signature}""#),
    );
    raw
}

fn examine_at_example_com(raw: &Raw, millis: i64) -> Result<Candidate, Refusal> {
    let verifier = Verifier::new(&Url::parse("https://example.com/").unwrap()).unwrap();
    let incoming = Incoming::new(&raw.method, &raw.uri, &raw.headers, &raw.body);
    verifier.examine(&incoming, Timestamp::from_millis(millis))
}

#[test]
fn cavage_c3_all_headers() {
    let raw = cavage_request(
        r#"headers="(request-target) host date content-type digest content-length","#,
        "vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEUHFv\
         120V01IL+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE=",
    );
    let key = PublicKey::from_small_pem_in_tests(CAVAGE_KEY).unwrap();
    let candidate = examine_at_example_com(&raw, CAVAGE_NOW).unwrap();
    assert_eq!(candidate.key_id(), "Test");
    candidate.verify(&key).unwrap();
    assert_eq!(
        candidate.verify(RSA.public_key()).unwrap_err(),
        Refusal::BadSignature
    );
}

#[test]
fn cavage_c1_and_c2_cover_too_little() {
    let c1 = cavage_request(
        "",
        "SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn+ibttBqtifLN7Sazz6m79cNfwwb8DMJ5cou1s7uEGKKCs+FLEEaDV5lp7q25\
         WqS+lavg7T8hc0GppauB6hbgEKTwblDHYGEtbGmtdHgVCk9SuS13F0hZ8FD0k/5OxEPXe5WozsbM=",
    );
    let c2 = cavage_request(
        r#"headers="(request-target) host date", "#,
        "qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8Vf\
         EdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0=",
    );
    let refusal = |raw: &Raw| examine_at_example_com(raw, CAVAGE_NOW).unwrap_err();
    assert_eq!(refusal(&c1), Refusal::NotCovered("(request-target)"));
    assert_eq!(refusal(&c2), Refusal::NotCovered("digest"));
}

#[test]
fn the_key_of_cavage_is_too_small_for_the_world() {
    assert_eq!(
        PublicKey::from_pem(CAVAGE_KEY).unwrap_err(),
        KeyRefusal::Size(1024)
    );
}

const TEST_KEY_RSA: &str = "-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrw
WEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFq
MGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75jfZg
kne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0P
uKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQ
PSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ10wIDAQAB
-----END RSA PUBLIC KEY-----";

const TEST_KEY_RSA_PSS: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----";

const TEST_KEY_ED25519: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----";

/// The test-request of RFC 9421, appendix B.2.
fn rfc_request(input: &str, signature: &str) -> Raw {
    let mut raw = Raw {
        method: Method::POST,
        uri: Uri::from_static("/foo?param=Value&Pet=dog"),
        headers: HeaderMap::new(),
        body: br#"{"hello": "world"}"#.to_vec(),
    };
    raw.set("host", "example.com");
    raw.set("date", "Tue, 20 Apr 2021 02:07:55 GMT");
    raw.set("content-type", "application/json");
    raw.set(
        "content-digest",
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    );
    raw.set("content-length", "18");
    raw.set("signature-input", input);
    raw.set("signature", signature);
    raw
}

/// The base of the only label, without any of our demands.
fn base_of(raw: &Raw, origin: &str) -> Vec<u8> {
    let verifier = Verifier::new(&Url::parse(origin).unwrap()).unwrap();
    let input = raw.header("signature-input");
    let inputs = parsed_inputs(&input).unwrap();
    let incoming = Incoming::new(&raw.method, &raw.uri, &raw.headers, &raw.body);
    signature_base(&verifier, &incoming, &inputs[0].1).unwrap()
}

fn signature_of(raw: &Raw) -> Vec<u8> {
    let value = raw.header("signature");
    BASE64_STANDARD.decode(value.split(':').nth(1).unwrap()).unwrap()
}

#[test]
fn rfc9421_b21_minimal() {
    let raw = rfc_request(
        r#"sig-b21=();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd""#,
        "sig-b21=:d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8\
         Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLM\
         IQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m\
         0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==:",
    );
    let key = PublicKey::from_pem(TEST_KEY_RSA_PSS).unwrap();
    let base = base_of(&raw, "https://example.com");
    key.verify(Algorithm::RsaPssSha512, &base, &signature_of(&raw))
        .unwrap();
}

#[test]
fn rfc9421_b22_selective() {
    let raw = rfc_request(
        r#"sig-b22=("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example""#,
        "sig-b22=:LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH\
         7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVt\
         R8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErO\
         s0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==:",
    );
    let key = PublicKey::from_pem(TEST_KEY_RSA_PSS).unwrap();
    let base = base_of(&raw, "https://example.com");
    key.verify(Algorithm::RsaPssSha512, &base, &signature_of(&raw))
        .unwrap();
}

#[test]
fn rfc9421_b23_full_coverage_the_whole_way() {
    let raw = rfc_request(
        r#"sig-b23=("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss""#,
        "sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU\
         5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2H\
         XXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka3\
         9VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:",
    );
    let candidate = examine_at_example_com(&raw, 1_618_884_480_000).unwrap();
    candidate
        .verify(&PublicKey::from_pem(TEST_KEY_RSA_PSS).unwrap())
        .unwrap();
    let other = PublicKey::from_pem(TEST_KEY_RSA).unwrap();
    assert_eq!(candidate.verify(&other).unwrap_err(), Refusal::BadSignature);
}

#[test]
fn rfc9421_b26_ed25519_both_ways() {
    let raw = rfc_request(
        r#"sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519""#,
        "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
    );
    let base = base_of(&raw, "https://example.com");
    let key = PublicKey::from_pem(TEST_KEY_ED25519).unwrap();
    assert_eq!(
        key.to_multibase().unwrap(),
        "z6Mkh4LmfP1ev9MNPGr7JbEbtD6BD4fsu1duEj83PMCs3xHG"
    );
    key.verify(Algorithm::Ed25519, &base, &signature_of(&raw))
        .unwrap();

    let seed = "n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=";
    let private = PrivateKey::from_ed25519_seed(&BASE64_STANDARD.decode(seed).unwrap()).unwrap();
    assert_eq!(private.public_key(), &key);
    assert_eq!(private.sign(&base).unwrap(), signature_of(&raw));

    // Too little for us: the body is not covered.
    let refusal = examine_at_example_com(&raw, 1_618_884_480_000).unwrap_err();
    assert_eq!(refusal, Refusal::NotCovered("@target-uri"));
}

#[test]
fn rfc9421_43_signature_of_a_proxy_with_rsa_v15() {
    let input = r#"proxy_sig=("@method" "@authority" "@path" "content-digest" "content-type" "content-length" "forwarded");created=1618884480;keyid="test-key-rsa";alg="rsa-v1_5-sha256";expires=1618884540"#;
    let mut raw = rfc_request(
        input,
        "proxy_sig=:S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtRPz+MjniOaY\
         mdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVcasqOWAEObtNKKZd8tSFu7LB5Y\
         Av0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtflzvZdXAsD3LH2TwevU+/PBPv0B6NMNk93wUs\
         /vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzirrswsE1w5o0LV/g==:",
    );
    raw.set("host", "origin.host.internal.example");
    raw.set("forwarded", "for=192.0.2.123;host=example.com;proto=https");
    let base = base_of(&raw, "https://origin.host.internal.example");
    let key = PublicKey::from_pem(TEST_KEY_RSA).unwrap();
    key.verify(Algorithm::RsaV15Sha256, &base, &signature_of(&raw))
        .unwrap();
}

#[test]
fn rfc9421_b4_transformed_message() {
    let mut raw = Raw::get("/demo?name1=Value1&Name2=value2");
    raw.set("host", "example.org");
    raw.set("date", "Fri, 15 Jul 2022 14:24:55 GMT");
    raw.add("accept", "application/json");
    raw.add("accept", "*/*");
    raw.set(
        "signature-input",
        r#"transform=("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519""#,
    );
    raw.set(
        "signature",
        "transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:",
    );
    let key = PublicKey::from_pem(TEST_KEY_ED25519).unwrap();
    let base = base_of(&raw, "https://example.org");
    key.verify(Algorithm::Ed25519, &base, &signature_of(&raw))
        .unwrap();
    let changed = base_of(&raw, "https://example.com");
    assert!(
        key.verify(Algorithm::Ed25519, &changed, &signature_of(&raw))
            .is_err()
    );
}

fn fep_document() -> serde_json::Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/activitystreams",
            "https://w3id.org/security/data-integrity/v2"
        ],
        "id": "https://server.example/activities/1",
        "type": "Create",
        "actor": "https://server.example/users/alice",
        "object": {
            "id": "https://server.example/objects/1",
            "type": "Note",
            "attributedTo": "https://server.example/users/alice",
            "content": "Hello world",
            "location": {"type": "Place", "longitude": -71.184_902, "latitude": 25.273_962}
        }
    })
}

const FEP_METHOD: &str = "https://server.example/users/alice#ed25519-key";
const FEP_VALUE: &str =
    "z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ5TYHaJENCxUDe9SdL";
const FEP_PUBLIC: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
/// 2023-02-24T23:36:38Z
const FEP_NOW: Timestamp = Timestamp::from_millis(1_677_281_798_000);

/// The secret key of the vectors: multicodec `0x1300`, then the seed.
fn fep_key() -> PrivateKey {
    let bytes = crate::keys::multibase_decode("z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq").unwrap();
    PrivateKey::from_ed25519_seed(bytes.strip_prefix(&[0x80, 0x26]).unwrap()).unwrap()
}

#[test]
fn fep_8b32_is_made_and_verified() {
    let mut document = fep_document();
    add_proof(&mut document, &fep_key(), FEP_METHOD, FEP_NOW).unwrap();
    assert_eq!(document["proof"]["proofValue"], FEP_VALUE);
    assert_eq!(
        document["proof"],
        json!({
            "@context": fep_document()["@context"],
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "verificationMethod": FEP_METHOD,
            "proofPurpose": "assertionMethod",
            "proofValue": FEP_VALUE,
            "created": "2023-02-24T23:36:38Z"
        })
    );
    let key = PublicKey::from_multibase(FEP_PUBLIC).unwrap();
    assert_eq!(fep_key().public_key(), &key);
    let proof = Proof::read(&document, FEP_NOW).unwrap();
    assert_eq!(proof.verification_method(), FEP_METHOD);
    proof.verify(&key).unwrap();
    document["object"]["content"] = json!("Hello, world");
    assert_eq!(
        Proof::read(&document, FEP_NOW).unwrap().verify(&key),
        Err(ProofRefusal::Mismatch)
    );
}

/// The vector of the FEP before 2024: the proof is shown without its context.
#[test]
fn fep_8b32_of_older_writers_is_verified() {
    let document = json!({
        "@context": [
            "https://www.w3.org/ns/activitystreams",
            "https://w3id.org/security/data-integrity/v1"
        ],
        "type": "Create",
        "actor": "https://server.example/users/alice",
        "object": {"type": "Note", "content": "Hello world"},
        "proof": {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "verificationMethod": "https://server.example/users/alice#ed25519-key",
            "proofPurpose": "assertionMethod",
            "proofValue": "z3sXaxjKs4M3BRicwWA9peyNPJvJqxtGsDmpt1jjoHCjgeUf71TRFz56osPSfDErszyLp5Ks1EhYSgpDaNM977Rg2",
            "created": "2023-02-24T23:36:38Z"
        }
    });
    let key = PublicKey::from_multibase(FEP_PUBLIC).unwrap();
    Proof::read(&document, FEP_NOW).unwrap().verify(&key).unwrap();
}
