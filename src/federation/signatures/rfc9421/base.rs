//! The signature base (RFC 9421, section 2.5).

use http::HeaderName;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::form_urlencoded;

use super::super::Refusal;
use super::super::verify::{Incoming, Verifier, combined};
use super::input::{Component, SignatureInput};

/// What `application/x-www-form-urlencoded` leaves alone.
const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'*')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_');

/// The bytes that were signed.
///
/// Our address is the public one of the verifier, never what the request or a proxy calls us.
pub(in super::super) fn signature_base(
    verifier: &Verifier,
    request: &Incoming<'_>,
    input: &SignatureInput<'_>,
) -> Result<Vec<u8>, Refusal> {
    let mut base = Vec::with_capacity(512);
    for component in &input.components {
        let value = if component.name.starts_with('@') {
            derived(verifier, request, component)?.into_bytes()
        } else {
            field(request, &component.name)?
        };
        base.extend_from_slice(component.raw.as_bytes());
        base.extend_from_slice(b": ");
        base.extend_from_slice(&value);
        base.push(b'\n');
    }
    base.extend_from_slice(b"\"@signature-params\": ");
    base.extend_from_slice(input.raw.as_bytes());
    Ok(base)
}

fn derived(
    verifier: &Verifier,
    request: &Incoming<'_>,
    component: &Component<'_>,
) -> Result<String, Refusal> {
    Ok(match component.name.as_str() {
        "@method" => request.method.as_str().to_owned(),
        "@target-uri" => format!("{}{}", verifier.origin, request.target),
        "@authority" => verifier.authority.clone(),
        "@scheme" => verifier.scheme.clone(),
        "@request-target" => request.target.to_owned(),
        "@path" => request.path.to_owned(),
        "@query" => format!("?{}", request.query.unwrap_or_default()),
        "@query-param" => query_parameter(request, component.query_name.as_deref().unwrap_or_default())?,
        _ => return Err(Refusal::Unsupported("component")),
    })
}

/// The value of the only query parameter of that (encoded) name, encoded.
fn query_parameter(request: &Incoming<'_>, name: &str) -> Result<String, Refusal> {
    let encode = |text: &str| utf8_percent_encode(text, FORM).to_string();
    let mut values = form_urlencoded::parse(request.query.unwrap_or_default().as_bytes())
        .filter(|(found, _)| encode(found) == name)
        .map(|(_, value)| encode(&value));
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        (None, _) => Err(Refusal::MissingHeader),
        (Some(_), Some(_)) => Err(Refusal::Malformed("a query parameter came twice")),
    }
}

fn field(request: &Incoming<'_>, name: &str) -> Result<Vec<u8>, Refusal> {
    let lower = !name.bytes().any(|byte| byte.is_ascii_uppercase());
    if !lower || HeaderName::from_bytes(name.as_bytes()).is_err() {
        return Err(Refusal::Malformed("unreadable component"));
    }
    if name == "host" {
        return request
            .host()
            .map(|host| host.as_bytes().to_vec())
            .ok_or(Refusal::MissingHeader);
    }
    combined(request.headers, name).ok_or(Refusal::MissingHeader)
}
