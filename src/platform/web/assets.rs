//! The files of the look (`templates/static/`), embedded, with addresses that change when they do.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

use super::Failure;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../templates/static"]
#[exclude = "*.md"]
#[exclude = "*.mjs"]
#[exclude = "*.sh"]
struct Files;

static VERSIONS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    Files::iter()
        .filter_map(|name| {
            let hash = Files::get(&name)?.metadata.sha256_hash();
            Some((name.to_string(), hex::encode(hash.get(..6)?)))
        })
        .collect()
});

/// `/static/parvis.css?v=1a2b3c…`; without version when there is no such file.
pub fn address(name: &str) -> String {
    match VERSIONS.get(name) {
        Some(version) => format!("/static/{name}?v={version}"),
        None => format!("/static/{name}"),
    }
}

/// The bytes of a file of the look.
pub fn file(name: &str) -> Option<std::borrow::Cow<'static, [u8]>> {
    Files::get(name).map(|file| file.data)
}

/// The route `/static/…`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/static/{*name}", get(show))
}

async fn show(
    Path(name): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let file = Files::get(&name).ok_or(Failure::not_found())?;
    let etag = format!("\"{}\"", hex::encode(file.metadata.sha256_hash()));
    let caching = if query.contains_key("v") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=86400"
    };
    let common = [
        (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
        (
            header::ETAG,
            HeaderValue::try_from(etag.as_str()).unwrap_or(HeaderValue::from_static("\"\"")),
        ),
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type(&name))),
    ];
    if super::holds(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    Ok((common, file.data.into_owned()).into_response())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
