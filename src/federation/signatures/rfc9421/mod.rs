//! HTTP Message Signatures (RFC 9421), the receiving side.
//!
//! Of the labels of a request the first acceptable one counts. Parameters enter the signature base byte
//! for byte as received. Component parameters other than `name` of `@query-param` are refused.

mod base;
mod input;

use super::cavage::LONGEST_SIGNATURE;
use super::digest::check_content_digest;
use super::verify::{Candidate, Choice, Examination, combined};
use super::{Refusal, Scheme};
use crate::keys::Algorithm;

use input::SignatureInput;

#[cfg(test)]
pub(super) use base::signature_base;
#[cfg(test)]
pub(super) use input::signature_inputs as parsed_inputs;

/// From the request to a candidate.
pub(super) fn examine(examination: &Examination<'_>) -> Result<Candidate, Refusal> {
    let headers = examination.request.headers;
    let inputs = combined(headers, "signature-input").ok_or(Refusal::Unsigned)?;
    let inputs = str::from_utf8(&inputs).map_err(|_bytes| Refusal::Malformed("not text"))?;
    let signatures = combined(headers, "signature").ok_or(Refusal::Malformed("no Signature header"))?;
    let signatures = str::from_utf8(&signatures).map_err(|_bytes| Refusal::Malformed("not text"))?;

    let signatures = input::signatures(signatures)?;
    let mut first_refusal = None;
    for (label, input) in input::signature_inputs(inputs)? {
        let signature = signatures
            .iter()
            .find_map(|(name, bytes)| (*name == label).then(|| bytes.clone()))
            .filter(|bytes| (1..=LONGEST_SIGNATURE).contains(&bytes.len()));
        let candidate = match signature {
            Some(signature) => candidate(examination, &input, signature),
            None => Err(Refusal::Malformed("a label without its signature")),
        };
        match candidate {
            Ok(candidate) => return Ok(candidate),
            Err(refusal) => first_refusal = first_refusal.or(Some(refusal)),
        }
    }
    Err(first_refusal.unwrap_or(Refusal::Unsigned))
}

fn candidate(
    examination: &Examination<'_>,
    input: &SignatureInput<'_>,
    signature: Vec<u8>,
) -> Result<Candidate, Refusal> {
    let created = input.created.ok_or(Refusal::NotCovered("created"))?;
    let key_id = input
        .key_id
        .clone()
        .filter(|id| !id.is_empty())
        .ok_or(Refusal::NotCovered("keyid"))?;
    let choice = choice(input)?;
    check_coverage(examination, input)?;
    examination.check_host()?;

    examination.check_instant(created)?;
    let mut signed_at = created;
    if input.covers("date") {
        let date = examination.date()?;
        examination.check_instant(date)?;
        signed_at = signed_at.min(date);
    }
    if let Some(expires) = input.expires {
        examination.check_expiry(expires)?;
    }
    if input.covers("content-digest") {
        check_content_digest(examination.request.headers, examination.request.body)?;
    }
    let base = base::signature_base(examination.verifier, examination.request, input)?;
    Ok(Candidate {
        key_id,
        scheme: Scheme::Rfc9421,
        choice,
        bases: vec![base],
        signature,
        signed_at,
        expires: input.expires,
    })
}

fn choice(input: &SignatureInput<'_>) -> Result<Choice, Refusal> {
    Ok(match input.algorithm.as_deref() {
        None => Choice::ByKey,
        Some("rsa-v1_5-sha256") => Choice::Named(Algorithm::RsaV15Sha256),
        Some("rsa-pss-sha512") => Choice::Named(Algorithm::RsaPssSha512),
        Some("ed25519") => Choice::Named(Algorithm::Ed25519),
        Some(_) => return Err(Refusal::Unsupported("algorithm")),
    })
}

/// Method, whole address, and (with a body) the digest must be covered.
fn check_coverage(examination: &Examination<'_>, input: &SignatureInput<'_>) -> Result<(), Refusal> {
    if !input.covers("@method") {
        return Err(Refusal::NotCovered("@method"));
    }
    let target = input.covers("@path") && (examination.request.query.is_none() || input.covers("@query"));
    let in_parts = input.covers("@authority") && (target || input.covers("@request-target"));
    if !input.covers("@target-uri") && !in_parts {
        return Err(Refusal::NotCovered("@target-uri"));
    }
    if examination.request.needs_digest() && !input.covers("content-digest") {
        return Err(Refusal::NotCovered("content-digest"));
    }
    Ok(())
}
