//! Object integrity proofs (FEP-8b32) with `eddsa-jcs-2022`: Ed25519 over SHA-256 of canonical JSON.
//!
//! A proof says that the owner of a key wrote the document; whose key it is, [`super::KeySearch`] finds.

use aws_lc_rs::digest::{SHA256, digest};
use platform::Timestamp;
use serde_json::{Map, Value, json};

use crate::keys::{Algorithm, KeyKind, PrivateKey, PublicKey, multibase_decode, multibase_encode};

/// Why there is no valid proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ProofRefusal {
    /// The document is not an object, or carries no proof of a kind known here.
    #[error("there is no proof of a known kind")]
    Absent,
    /// The proof lacks something, or has it in a wrong form.
    #[error("the proof cannot be read")]
    Malformed,
    /// Past its own end.
    #[error("the proof has expired")]
    Expired,
    /// Not a key for documents.
    #[error("the proof needs an Ed25519 key")]
    WrongKeyKind,
    /// The proof is not one of this key over this document.
    #[error("the proof does not match the document")]
    Mismatch,
    /// The cryptographic library failed.
    #[error("the proof could not be made")]
    Failed,
}

/// Adds `proof` to a document that is complete otherwise; an older proof is replaced.
///
/// `verification_method` is the id of the Multikey in the actor's `assertionMethod`. Never for private
/// documents: whoever gets hold of one could prove who wrote it.
pub fn add_proof(
    document: &mut Value,
    key: &PrivateKey,
    verification_method: &str,
    created: Timestamp,
) -> Result<(), ProofRefusal> {
    if key.algorithm() != Algorithm::Ed25519 {
        return Err(ProofRefusal::WrongKeyKind);
    }
    let fields = document.as_object_mut().ok_or(ProofRefusal::Absent)?;
    fields.remove("proof");
    let mut proof = Map::new();
    if let Some(context) = fields.get("@context") {
        proof.insert("@context".to_owned(), context.clone());
    }
    let about = [
        ("type", "DataIntegrityProof"),
        ("cryptosuite", "eddsa-jcs-2022"),
        ("created", &whole_seconds(created)),
        ("verificationMethod", verification_method),
        ("proofPurpose", "assertionMethod"),
    ];
    proof.extend(about.map(|(name, value)| (name.to_owned(), json!(value))));
    let signature = key
        .sign(&hashes(&proof, fields)?)
        .map_err(|_failed| ProofRefusal::Failed)?;
    proof.insert("proofValue".to_owned(), json!(multibase_encode(&signature)));
    fields.insert("proof".to_owned(), Value::Object(proof));
    Ok(())
}

/// The proof of a document, read but not yet believed.
#[derive(Debug, Clone)]
pub struct Proof {
    verification_method: String,
    /// What may have been signed: the draft and its older readers differ on the context of the proof.
    messages: Vec<[u8; 64]>,
    signature: Vec<u8>,
}

impl Proof {
    /// Reads the proof of a document.
    pub fn read(document: &Value, now: Timestamp) -> Result<Self, ProofRefusal> {
        let document = document.as_object().ok_or(ProofRefusal::Absent)?;
        let proof = match document.get("proof") {
            Some(Value::Array(proofs)) => proofs.iter().filter_map(Value::as_object).find(|p| is_known(p)),
            Some(Value::Object(proof)) => Some(proof).filter(|proof| is_known(proof)),
            _ => None,
        };
        let mut proof = proof.ok_or(ProofRefusal::Absent)?.clone();
        let signature = match proof.remove("proofValue") {
            Some(Value::String(value)) => multibase_decode(&value).filter(|bytes| bytes.len() == 64),
            _ => None,
        };
        let signature = signature.ok_or(ProofRefusal::Malformed)?;
        check_times(&proof, now)?;
        let text = |name| proof.get(name).and_then(Value::as_str);
        let verification_method = text("verificationMethod")
            .ok_or(ProofRefusal::Malformed)?
            .to_owned();
        if text("proofPurpose") != Some("assertionMethod") {
            return Err(ProofRefusal::Malformed);
        }
        let messages = messages(document, &proof)?;
        Ok(Self {
            verification_method,
            messages,
            signature,
        })
    }

    /// The id of the key; search for it with [`super::KeyUse::Document`].
    pub fn verification_method(&self) -> &str {
        &self.verification_method
    }

    /// Checks the proof with that key. Its owner must be the author of the document: the caller compares.
    pub fn verify(&self, key: &PublicKey) -> Result<(), ProofRefusal> {
        if key.kind() != KeyKind::Ed25519 {
            return Err(ProofRefusal::WrongKeyKind);
        }
        let matches = |message: &[u8; 64]| key.verify(Algorithm::Ed25519, message, &self.signature).is_ok();
        if self.messages.iter().any(matches) {
            Ok(())
        } else {
            Err(ProofRefusal::Mismatch)
        }
    }
}

/// As XML Schema writes an instant, without fractions.
fn whole_seconds(at: Timestamp) -> String {
    at.to_jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn is_known(proof: &Map<String, Value>) -> bool {
    let is = |name, value: &str| proof.get(name).and_then(Value::as_str) == Some(value);
    is("type", "DataIntegrityProof") && is("cryptosuite", "eddsa-jcs-2022")
}

fn check_times(proof: &Map<String, Value>, now: Timestamp) -> Result<(), ProofRefusal> {
    let time = |name: &str| match proof.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Timestamp::parse_rfc3339(text)
            .map(Some)
            .ok_or(ProofRefusal::Malformed),
        Some(_) => Err(ProofRefusal::Malformed),
    };
    time("created")?;
    if time("expires")?.is_some_and(|end| end < now) {
        return Err(ProofRefusal::Expired);
    }
    Ok(())
}

/// The messages a right proof may sign, for a document with its proof.
fn messages(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
) -> Result<Vec<[u8; 64]>, ProofRefusal> {
    let mut document = document.clone();
    document.remove("proof");
    // A Linked Data signature was added after the proof.
    document.remove("signature");
    if let Some(context) = proof.get("@context") {
        let whole = document.get("@context").ok_or(ProofRefusal::Malformed)?;
        if !as_slice(whole).starts_with(as_slice(context)) {
            return Err(ProofRefusal::Mismatch);
        }
        document.insert("@context".to_owned(), context.clone());
        return Ok(vec![hashes(proof, &document)?]);
    }
    let mut messages = vec![hashes(proof, &document)?];
    if let Some(context) = document.get("@context") {
        let mut with_context = proof.clone();
        with_context.insert("@context".to_owned(), context.clone());
        messages.push(hashes(&with_context, &document)?);
    }
    Ok(messages)
}

fn as_slice(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        single => std::slice::from_ref(single),
    }
}

/// SHA-256 of the canonical proof options, then of the canonical document.
fn hashes(proof: &Map<String, Value>, document: &Map<String, Value>) -> Result<[u8; 64], ProofRefusal> {
    let mut message = [0; 64];
    let (first, second) = message.split_at_mut(32);
    for (half, part) in [(first, proof), (second, document)] {
        let canonical =
            serde_json_canonicalizer::to_vec(part).map_err(|_unwritable| ProofRefusal::Malformed)?;
        half.copy_from_slice(digest(&SHA256, &canonical).as_ref());
    }
    Ok(message)
}
