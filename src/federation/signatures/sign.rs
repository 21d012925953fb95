//! Sending: the headers that sign a request.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use platform::Timestamp;
use url::Url;

use super::{BodyDigest, Scheme};
use crate::keys::{Algorithm, PrivateKey, SigningFailed};

/// A request about to leave.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// Its method.
    pub method: &'a Method,
    /// Where it goes; a fragment is ignored.
    pub url: &'a Url,
    /// Digest and media type of the body, if there is a body.
    pub body: Option<(&'a BodyDigest, &'a str)>,
}

/// Who signs.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The id under which peers find the public half (`{actor}#main-key`).
    pub key_id: &'a str,
    /// The key.
    pub key: &'a PrivateKey,
}

/// Why a request cannot be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SigningRefusal {
    /// The address is not one of the web, or holds a user name or password.
    #[error("the address cannot be signed for")]
    Address,
    /// The key id or the media type cannot stand in a header.
    #[error("the key id or the media type cannot stand in a header")]
    Header,
    /// The cryptographic library failed.
    #[error(transparent)]
    Failed(#[from] SigningFailed),
}

/// The headers to add to the request: `date`, `signature` and, as the case may be, `content-type`,
/// `digest` or `content-digest`, `signature-input`.
///
/// `Host` is not among them: it is signed as HTTP clients write it by themselves. RSA takes about 0.7 ms
/// of one core: call it from a blocking thread. Sign anew for each attempt, since a signature ages.
pub fn sign_request(
    scheme: Scheme,
    request: &Outgoing<'_>,
    signer: &Signer<'_>,
    now: Timestamp,
) -> Result<HeaderMap, SigningRefusal> {
    sign_request_and(scheme, request, signer, now, None)
}

/// [`sign_request`] with one more header, which is signed too.
pub fn sign_request_and(
    scheme: Scheme,
    request: &Outgoing<'_>,
    signer: &Signer<'_>,
    now: Timestamp,
    further: Option<(&'static str, &str)>,
) -> Result<HeaderMap, SigningRefusal> {
    let usable = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte))
    };
    if signer.key_id.is_empty() || !usable(signer.key_id) {
        return Err(SigningRefusal::Header);
    }
    if !matches!(request.url.scheme(), "https" | "http")
        || !request.url.username().is_empty()
        || request.url.password().is_some()
    {
        return Err(SigningRefusal::Address);
    }
    let mut headers = HeaderMap::with_capacity(6);
    let date = now.to_jiff().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Some((_, media_type)) = request.body {
        insert(&mut headers, "content-type", media_type.to_owned())?;
    }
    match scheme {
        Scheme::Cavage => cavage(&mut headers, request, signer, &date, further)?,
        Scheme::Rfc9421 => rfc9421(&mut headers, request, signer, now.as_secs(), further)?,
    }
    insert(&mut headers, "date", date)?;
    Ok(headers)
}

/// Exactly `(request-target) host date`, with a body followed by `digest content-type`, then the further one.
fn cavage(
    headers: &mut HeaderMap,
    request: &Outgoing<'_>,
    signer: &Signer<'_>,
    date: &str,
    further: Option<(&'static str, &str)>,
) -> Result<(), SigningRefusal> {
    let host = host(request.url).ok_or(SigningRefusal::Address)?;
    let method = request.method.as_str().to_ascii_lowercase();
    let target = target(request.url);
    let mut lines = vec![
        format!("(request-target): {method} {target}"),
        format!("host: {host}"),
        format!("date: {date}"),
    ];
    let mut signed = "(request-target) host date".to_owned();
    if let Some((digest, media_type)) = request.body {
        let digest = digest.digest();
        lines.push(format!("digest: {digest}"));
        lines.push(format!("content-type: {media_type}"));
        signed.push_str(" digest content-type");
        insert(headers, "digest", digest)?;
    }
    if let Some((name, value)) = further {
        lines.push(format!("{name}: {value}"));
        signed.push(' ');
        signed.push_str(name);
        insert(headers, name, value.to_owned())?;
    }
    let algorithm = match signer.key.algorithm() {
        Algorithm::RsaV15Sha256 => "rsa-sha256",
        _ => "hs2019",
    };
    let signature = BASE64_STANDARD.encode(signer.key.sign(lines.join("\n").as_bytes())?);
    let key_id = signer.key_id;
    let value =
        format!(r#"keyId="{key_id}",algorithm="{algorithm}",headers="{signed}",signature="{signature}""#);
    insert(headers, "signature", value)
}

/// Exactly `("@method" "@target-uri")`, with a body followed by `"content-digest"`, then the further one.
fn rfc9421(
    headers: &mut HeaderMap,
    request: &Outgoing<'_>,
    signer: &Signer<'_>,
    created: i64,
    further: Option<(&'static str, &str)>,
) -> Result<(), SigningRefusal> {
    host(request.url).ok_or(SigningRefusal::Address)?;
    let origin = request.url.origin().ascii_serialization();
    let mut lines = vec![
        format!(r#""@method": {}"#, request.method),
        format!(r#""@target-uri": {origin}{}"#, target(request.url)),
    ];
    let mut components = r#""@method" "@target-uri""#.to_owned();
    if let Some((digest, _)) = request.body {
        let digest = digest.content_digest();
        lines.push(format!(r#""content-digest": {digest}"#));
        components.push_str(r#" "content-digest""#);
        insert(headers, "content-digest", digest)?;
    }
    if let Some((name, value)) = further {
        lines.push(format!(r#""{name}": {value}"#));
        components.push_str(&format!(r#" "{name}""#));
        insert(headers, name, value.to_owned())?;
    }
    let algorithm = match signer.key.algorithm() {
        Algorithm::Ed25519 => "ed25519",
        _ => "rsa-v1_5-sha256",
    };
    let key_id = signer.key_id;
    let parameters = format!(r#"({components});created={created};keyid="{key_id}";alg="{algorithm}""#);
    lines.push(format!(r#""@signature-params": {parameters}"#));
    let signature = BASE64_STANDARD.encode(signer.key.sign(lines.join("\n").as_bytes())?);
    insert(headers, "signature-input", format!("sig1={parameters}"))?;
    insert(headers, "signature", format!("sig1=:{signature}:"))
}

/// Path and query as they stand in the request line.
fn target(url: &Url) -> String {
    url.query().map_or_else(
        || url.path().to_owned(),
        |query| format!("{}?{query}", url.path()),
    )
}

/// `Host` as clients write it: without a default port.
fn host(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(
        url.port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
    )
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: String) -> Result<(), SigningRefusal> {
    let value = HeaderValue::try_from(value).map_err(|_invalid| SigningRefusal::Header)?;
    headers.insert(HeaderName::from_static(name), value);
    Ok(())
}
