//! draft-cavage-http-signatures-12, the receiving side.
//!
//! Stricter than the draft: `(request-target)`, `host`, a time and (with a body) `digest` must be signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_PAD_INDIFFERENT;
use http::HeaderName;

use super::digest::check_digest;
use super::verify::{Candidate, Choice, Examination, combined};
use super::{Refusal, Scheme};
use crate::keys::Algorithm;

const REQUEST_TARGET: &str = "(request-target)";
const CREATED: &str = "(created)";
const EXPIRES: &str = "(expires)";

/// Longest `Signature` header read.
const LONGEST: usize = 8 * 1024;
/// Most parameters, and most signed headers.
const MOST: usize = 32;
/// Longest signature: that of an 8192-bit key.
pub(super) const LONGEST_SIGNATURE: usize = 1024;
/// Headers that may come once only: signing joins lines, so a second one could change the meaning.
const ONCE: [&str; 4] = ["host", "date", "content-type", "content-length"];

/// The parameters of a `Signature` header.
#[derive(Debug, Default)]
struct Parameters {
    key_id: Option<String>,
    algorithm: Option<String>,
    headers: Option<String>,
    created: Option<String>,
    expires: Option<String>,
    signature: Option<String>,
}

/// From the request to a candidate.
pub(super) fn examine(examination: &Examination<'_>) -> Result<Candidate, Refusal> {
    let headers = examination.request.headers;
    let mut values = headers.get_all("signature").iter();
    let value = values.next().ok_or(Refusal::Unsigned)?;
    if values.next().is_some() {
        return Err(Refusal::Malformed("several Signature headers"));
    }
    let value = str::from_utf8(value.as_bytes()).map_err(|_bytes| Refusal::Malformed("not text"))?;
    let parameters = parse(value)?;

    let key_id = parameters.key_id.as_ref().filter(|id| !id.is_empty());
    let key_id = key_id.ok_or(Refusal::Malformed("no keyId"))?.clone();
    let signature = parameters
        .signature
        .as_ref()
        .ok_or(Refusal::Malformed("no signature"))?;
    let signature = STANDARD_PAD_INDIFFERENT
        .decode(signature)
        .ok()
        .filter(|bytes| (1..=LONGEST_SIGNATURE).contains(&bytes.len()))
        .ok_or(Refusal::Malformed("unreadable signature"))?;
    let signed = signed_headers(&parameters)?;
    let choice = choice(&parameters, &signed)?;
    let times = Times::read(&parameters, &signed)?;

    check_coverage(examination, &signed)?;
    for name in ONCE {
        if headers.get_all(name).iter().count() > 1 {
            return Err(Refusal::Malformed("a header came twice"));
        }
    }
    examination.check_host()?;
    let signed_at = times.check(examination, &signed)?;
    if signed.contains(&"digest") {
        check_digest(headers, examination.request.body)?;
    }
    let bases = bases(examination, &signed, &parameters)?;
    let expires = times.expires;
    Ok(Candidate {
        key_id,
        scheme: Scheme::Cavage,
        choice,
        bases,
        signature,
        signed_at,
        expires,
    })
}

/// The names of the signed headers, in order.
fn signed_headers(parameters: &Parameters) -> Result<Vec<&str>, Refusal> {
    // The draft's default, `(created)` or `date` alone, covers too little.
    let list = parameters
        .headers
        .as_deref()
        .ok_or(Refusal::NotCovered(REQUEST_TARGET))?;
    let mut names: Vec<&str> = Vec::new();
    for name in list.split(' ').filter(|name| !name.is_empty()) {
        let pseudo = matches!(name, REQUEST_TARGET | CREATED | EXPIRES);
        if !pseudo && HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(Refusal::Malformed("unreadable header name"));
        }
        if names.contains(&name) {
            return Err(Refusal::Malformed("a header is listed twice"));
        }
        if names.len() == MOST {
            return Err(Refusal::Malformed("too many headers"));
        }
        names.push(name);
    }
    if names.is_empty() {
        Err(Refusal::Malformed("no headers"))
    } else {
        Ok(names)
    }
}

fn choice(parameters: &Parameters, signed: &[&str]) -> Result<Choice, Refusal> {
    let name = parameters
        .algorithm
        .as_deref()
        .unwrap_or("hs2019")
        .to_ascii_lowercase();
    let choice = match name.as_str() {
        "hs2019" => Choice::CavageByKey,
        "rsa-sha256" => Choice::Named(Algorithm::RsaV15Sha256),
        "rsa-sha512" => Choice::Named(Algorithm::RsaV15Sha512),
        "ed25519" => Choice::Named(Algorithm::Ed25519),
        _ => return Err(Refusal::Unsupported("algorithm")),
    };
    // The draft: a name that begins with rsa, hmac or ecdsa forbids both.
    if name.starts_with("rsa") && (signed.contains(&CREATED) || signed.contains(&EXPIRES)) {
        return Err(Refusal::Malformed(
            "this algorithm cannot sign (created) or (expires)",
        ));
    }
    Ok(choice)
}

fn check_coverage(examination: &Examination<'_>, signed: &[&str]) -> Result<(), Refusal> {
    for needed in [REQUEST_TARGET, "host"] {
        if !signed.contains(&needed) {
            return Err(Refusal::NotCovered(needed));
        }
    }
    if !signed.contains(&"date") && !signed.contains(&CREATED) {
        return Err(Refusal::NotCovered("date"));
    }
    if examination.request.needs_digest() && !signed.contains(&"digest") {
        return Err(Refusal::NotCovered("digest"));
    }
    Ok(())
}

/// The instants the parameters name.
struct Times {
    created: Option<i64>,
    expires: Option<i64>,
}

impl Times {
    fn read(parameters: &Parameters, signed: &[&str]) -> Result<Self, Refusal> {
        let created = parameters
            .created
            .as_deref()
            .map(|text| whole_seconds(text).ok_or(Refusal::Malformed("unreadable created")))
            .transpose()?;
        // Only here does the draft allow fractions of a second.
        let expires = parameters
            .expires
            .as_deref()
            .map(|text| {
                let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
                whole_seconds(whole)
                    .filter(|_| whole_seconds(fraction).is_some())
                    .ok_or(Refusal::Malformed("unreadable expires"))
            })
            .transpose()?;
        if signed.contains(&CREATED) && created.is_none() {
            return Err(Refusal::Malformed("no created"));
        }
        if signed.contains(&EXPIRES) && expires.is_none() {
            return Err(Refusal::Malformed("no expires"));
        }
        Ok(Self { created, expires })
    }

    /// Checks every instant, signed or not; answers with the oldest signed one.
    fn check(&self, examination: &Examination<'_>, signed: &[&str]) -> Result<i64, Refusal> {
        let mut oldest = i64::MAX;
        if signed.contains(&"date") {
            let date = examination.date()?;
            examination.check_instant(date)?;
            oldest = date;
        }
        if let Some(created) = self.created {
            examination.check_instant(created)?;
            if signed.contains(&CREATED) {
                oldest = oldest.min(created);
            }
        }
        if let Some(expires) = self.expires {
            examination.check_expiry(expires)?;
        }
        Ok(oldest)
    }
}

fn whole_seconds(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// The texts that may have been signed: with the query, and without it (Gancio, Mitra).
fn bases(
    examination: &Examination<'_>,
    signed: &[&str],
    parameters: &Parameters,
) -> Result<Vec<Vec<u8>>, Refusal> {
    let request = examination.request;
    let mut bases = vec![base(examination, signed, parameters, request.target)?];
    if request.query.is_some() {
        bases.push(base(examination, signed, parameters, request.path)?);
    }
    Ok(bases)
}

fn base(
    examination: &Examination<'_>,
    signed: &[&str],
    parameters: &Parameters,
    target: &str,
) -> Result<Vec<u8>, Refusal> {
    let request = examination.request;
    let mut text = Vec::with_capacity(512);
    for name in signed {
        let value = match *name {
            REQUEST_TARGET => {
                let method = request.method.as_str().to_ascii_lowercase();
                Some(format!("{method} {target}").into_bytes())
            }
            CREATED => parameters.created.clone().map(String::into_bytes),
            EXPIRES => parameters.expires.clone().map(String::into_bytes),
            "host" => request.host().map(|host| host.as_bytes().to_vec()),
            other => combined(request.headers, other),
        };
        if !text.is_empty() {
            text.push(b'\n');
        }
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(&value.ok_or(Refusal::MissingHeader)?);
    }
    Ok(text)
}

/// Reads `name="value",name=value,...` (the auth-params of RFC 7235).
fn parse(value: &str) -> Result<Parameters, Refusal> {
    if value.len() > LONGEST {
        return Err(Refusal::Malformed("too long"));
    }
    let mut parameters = Parameters::default();
    let mut names: Vec<String> = Vec::new();
    let mut rest = value.trim_matches(BLANK);
    loop {
        let (name, value, after) = parameter(rest).ok_or(Refusal::Malformed("unreadable parameters"))?;
        let name = name.to_ascii_lowercase();
        if names.contains(&name) {
            return Err(Refusal::Malformed("a parameter came twice"));
        }
        match name.as_str() {
            "keyid" => parameters.key_id = Some(value),
            "algorithm" => parameters.algorithm = Some(value),
            // Names of headers are the same in any case.
            "headers" => parameters.headers = Some(value.to_ascii_lowercase()),
            "created" => parameters.created = Some(value),
            "expires" => parameters.expires = Some(value),
            "signature" => parameters.signature = Some(value),
            _ => {}
        }
        names.push(name);
        if names.len() > MOST {
            return Err(Refusal::Malformed("too many parameters"));
        }
        if after.is_empty() {
            return Ok(parameters);
        }
        let next = after
            .strip_prefix(',')
            .ok_or(Refusal::Malformed("unreadable parameters"))?;
        rest = next.trim_start_matches(BLANK);
    }
}

const BLANK: [char; 2] = [' ', '\t'];

/// One parameter; what follows it begins with a comma or is empty.
fn parameter(input: &str) -> Option<(&str, String, &str)> {
    let (name, rest) = input.split_once('=')?;
    let name = name.trim_end_matches(BLANK);
    if name.is_empty() || !name.bytes().all(is_token) {
        return None;
    }
    let rest = rest.trim_start_matches(BLANK);
    let Some(quoted) = rest.strip_prefix('"') else {
        let (value, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
        let value = value.trim_end_matches(BLANK);
        let legal = !value.is_empty() && value.bytes().all(is_token);
        return legal.then(|| (name, value.to_owned(), after));
    };
    let mut value = String::with_capacity(quoted.len());
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                let after = quoted.get(at + 1..)?.trim_start_matches(BLANK);
                return Some((name, value, after));
            }
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

/// A character of an RFC 7230 token.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
