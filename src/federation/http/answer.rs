//! Documents as answers.

use activitypub_federation::FEDERATION_CONTENT_TYPE;
use activitypub_federation::protocol::tombstone::Tombstone;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use platform::Timestamp;
use platform::web::Failure;
use platform::web::negotiate::{Preference, accept, preference};
use serde_json::{Value, json};
use url::Url;

/// The media type of our documents, in the spelling every peer knows.
pub(super) const ACTIVITY: HeaderValue = HeaderValue::from_static(FEDERATION_CONTENT_TYPE);

/// What a request for one of our addresses wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Document,
    Page,
}

/// Reads `Accept`.
///
/// # Errors
/// 406 for what we do not have.
pub(super) fn form(headers: &axum::http::HeaderMap) -> Result<Form, Failure> {
    match preference(accept(headers).as_deref()) {
        // Many small programs ask for plain JSON.
        Preference::Activity | Preference::Json => Ok(Form::Document),
        Preference::Html => Ok(Form::Page),
        Preference::Other => Err(Failure::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable")),
    }
}

/// Whether anybody may keep a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    Everybody,
    Reader,
}

/// A document. `@context` is added where there is none.
pub(super) fn document(mut value: Value, whose: For) -> Response {
    if let Some(map) = value.as_object_mut()
        && !map.contains_key("@context")
    {
        map.insert("@context".to_owned(), crate::vocabulary::context());
    }
    text(value.to_string(), whose)
}

/// A document that is text already.
pub(super) fn text(body: String, whose: For) -> Response {
    let mut response = ([(header::CONTENT_TYPE, ACTIVITY)], body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Signature"));
    if whose == For::Reader {
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        );
    }
    response
}

/// 410: it was here and is gone for good.
pub(super) fn gone(form: Form, uri: &str, kind: Option<&str>, at: Option<Timestamp>) -> Response {
    if form == Form::Page {
        return Failure::gone().into_response();
    }
    let mut tombstone = Url::parse(uri).map_or(Value::Null, |id| json!(Tombstone::new(id)));
    if let Some(map) = tombstone.as_object_mut() {
        if let Some(kind) = kind {
            map.insert("formerType".to_owned(), json!(kind));
        }
        if let Some(at) = at {
            map.insert("deleted".to_owned(), json!(at.rfc3339()));
        }
    }
    let mut response = document(tombstone, For::Everybody);
    *response.status_mut() = StatusCode::GONE;
    response
}

/// To the page for people.
pub(super) fn see_page(ctx: &crate::Ctx, address: &str) -> Response {
    // Of our own address only the path is named: it then holds behind any proxy.
    let path = ctx.urls.path_of(address).unwrap_or(address);
    let path = if path.is_empty() { "/" } else { path };
    let mut response = platform::web::redirect(StatusCode::SEE_OTHER, path);
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("Accept, Signature"));
    response
}
