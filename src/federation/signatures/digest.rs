//! Digests of bodies: `Digest` (RFC 3230) for draft-cavage, `Content-Digest` (RFC 9530) for RFC 9421.

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_PAD_INDIFFERENT;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;
use sfv::{BareItem, Dictionary, Item, ListEntry, Parser, Version};

use super::Refusal;
use super::verify::combined;

/// The SHA-256 of a body, computed once for however many hosts the body goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyDigest([u8; 32]);

impl BodyDigest {
    /// Of these bytes, exactly as they go out.
    pub fn of(body: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, body).as_ref());
        Self(bytes)
    }

    /// The value of `Digest`.
    pub fn digest(&self) -> String {
        format!("SHA-256={}", BASE64_STANDARD.encode(self.0))
    }

    /// The value of `Content-Digest`.
    pub fn content_digest(&self) -> String {
        format!("sha-256=:{}:", BASE64_STANDARD.encode(self.0))
    }
}

/// `Digest`: at least one SHA-256, and each SHA-256 that of the body; other algorithms say nothing here.
pub(super) fn check_digest(headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    let value = combined(headers, "digest").ok_or(Refusal::DigestMissing)?;
    let value = str::from_utf8(&value).map_err(|_not_text| Refusal::DigestMismatch)?;
    let expected = BodyDigest::of(body);
    let mut seen = false;
    for element in value.split(',') {
        let Some((algorithm, encoded)) = element.split_once('=') else {
            continue;
        };
        if algorithm.trim().eq_ignore_ascii_case("sha-256") {
            seen = true;
            if STANDARD_PAD_INDIFFERENT.decode(encoded.trim()).as_deref() != Ok(&expected.0) {
                return Err(Refusal::DigestMismatch);
            }
        }
    }
    if seen { Ok(()) } else { Err(Refusal::DigestMissing) }
}

/// `Content-Digest`: at least one of SHA-256 and SHA-512, and each of them that of the body.
pub(super) fn check_content_digest(headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    let value = combined(headers, "content-digest").ok_or(Refusal::DigestMissing)?;
    let dictionary: Dictionary = Parser::new(&value)
        .with_version(Version::Rfc8941)
        .parse()
        .map_err(|_malformed| Refusal::DigestMismatch)?;
    let mut seen = false;
    for (algorithm, entry) in &dictionary {
        let expected = match algorithm.as_str() {
            "sha-256" => digest(&SHA256, body),
            "sha-512" => digest(&SHA512, body),
            _ => continue,
        };
        seen = true;
        let ListEntry::Item(Item {
            bare_item: BareItem::ByteSequence(given),
            ..
        }) = entry
        else {
            return Err(Refusal::DigestMismatch);
        };
        if given.as_slice() != expected.as_ref() {
            return Err(Refusal::DigestMismatch);
        }
    }
    if seen { Ok(()) } else { Err(Refusal::DigestMissing) }
}
