//! Proofs on documents.

use serde_json::{Value, json};

use super::super::{Proof, ProofRefusal, add_proof};
use super::*;

const ACTOR: &str = "https://peer.example/users/alice";

fn proven() -> Value {
    let mut document = json!({
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1"],
        "id": "https://mairie.example/ap/posts/1",
        "type": "Note",
        "attributedTo": ACTOR,
        "content": "<p>Réunion publique à Èze</p>",
        "totalItems": 3,
        "latitude": 43.5
    });
    add_proof(
        &mut document,
        &ED25519,
        "https://peer.example/users/alice#ed25519-key",
        now(),
    )
    .unwrap();
    document
}

fn verdict(document: &Value) -> Result<(), ProofRefusal> {
    Proof::read(document, now())?.verify(ED25519.public_key())
}

#[test]
fn proofs_hold_whatever_the_order_of_keys() {
    let document = proven();
    verdict(&document).unwrap();
    let text = serde_json::to_string(&document).unwrap();
    verdict(&serde_json::from_str(&text).unwrap()).unwrap();
    let reversed: serde_json::Map<String, Value> = document
        .as_object()
        .unwrap()
        .iter()
        .rev()
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    verdict(&Value::Object(reversed)).unwrap();
    // Made again, it replaces the old one.
    let mut again = document;
    add_proof(
        &mut again,
        &ED25519,
        "https://peer.example/users/alice#ed25519-key",
        now(),
    )
    .unwrap();
    verdict(&again).unwrap();
    // A Linked Data signature added later is not part of it.
    again["signature"] = json!({"type": "RsaSignature2017"});
    verdict(&again).unwrap();
}

#[test]
fn proofs_hold_without_a_context_too() {
    let mut document = json!({"type": "Note", "content": "x"});
    add_proof(&mut document, &ED25519, "https://peer.example/a#k", now()).unwrap();
    assert!(document["proof"].get("@context").is_none());
    verdict(&document).unwrap();
}

#[test]
fn altered_documents_do_not_hold() {
    let change = |edit: &dyn Fn(&mut Value)| {
        let mut document = proven();
        edit(&mut document);
        verdict(&document)
    };
    assert_eq!(
        change(&|d| d["content"] = json!("x")),
        Err(ProofRefusal::Mismatch)
    );
    assert_eq!(change(&|d| d["new"] = json!(1)), Err(ProofRefusal::Mismatch));
    assert_eq!(
        change(&|d| d["proof"]["created"] = json!("2020-01-01T00:00:00Z")),
        Err(ProofRefusal::Mismatch)
    );
    assert_eq!(
        change(&|d| d["proof"]["verificationMethod"] = json!("https://a.example/#k")),
        Err(ProofRefusal::Mismatch)
    );
    assert_eq!(
        change(&|d| d["@context"] = json!("https://evil.example/")),
        Err(ProofRefusal::Mismatch)
    );
    assert_eq!(
        change(&|d| d["proof"]["@context"] = json!([])),
        Err(ProofRefusal::Mismatch)
    );
    assert_eq!(
        change(&|d| d["proof"]["expires"] = json!("2020-01-01T00:00:00Z")),
        Err(ProofRefusal::Expired)
    );
    assert_eq!(
        change(&|d| d["proof"]["expires"] = json!(5)),
        Err(ProofRefusal::Malformed)
    );
    assert_eq!(
        change(&|d| d["proof"]["proofPurpose"] = json!("authentication")),
        Err(ProofRefusal::Malformed)
    );
    assert_eq!(
        change(&|d| d["proof"]["proofValue"] = json!("m123")),
        Err(ProofRefusal::Malformed)
    );
    assert_eq!(
        change(&|d| d["proof"]["proofValue"] = json!("z123")),
        Err(ProofRefusal::Malformed)
    );
    assert_eq!(
        change(&|d| d["proof"]["cryptosuite"] = json!("eddsa-rdfc-2022")),
        Err(ProofRefusal::Absent)
    );
    assert_eq!(change(&|d| d["proof"] = json!(null)), Err(ProofRefusal::Absent));
    assert_eq!(change(&|d| d["proof"] = json!([])), Err(ProofRefusal::Absent));
    // Contexts may follow those that were signed, as JSON-LD lets them.
    let added = |d: &mut Value| d["@context"].as_array_mut().unwrap().push(json!({"toot": "x"}));
    assert_eq!(change(&added), Ok(()));
    // The known one among several counts.
    let several = |d: &mut Value| d["proof"] = json!([{"type": "Other"}, d["proof"]]);
    assert_eq!(change(&several), Ok(()));
}

#[test]
fn proofs_need_ed25519() {
    let mut document = json!({"type": "Note"});
    assert_eq!(
        add_proof(&mut document, &RSA, "x", now()),
        Err(ProofRefusal::WrongKeyKind)
    );
    assert_eq!(document, json!({"type": "Note"}));
    assert_eq!(
        add_proof(&mut json!([]), &ED25519, "x", now()),
        Err(ProofRefusal::Absent)
    );
    let proof = Proof::read(&proven(), now()).unwrap();
    assert_eq!(proof.verify(RSA.public_key()), Err(ProofRefusal::WrongKeyKind));
    let other = PrivateKey::generate_ed25519().unwrap();
    assert_eq!(proof.verify(other.public_key()), Err(ProofRefusal::Mismatch));
}
