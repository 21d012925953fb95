//! Media on the web: pictures are shown, everything else is a download that cannot act.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use super::{Medium, store};
use crate::Ctx;
use crate::web::{Failure, holds};

/// Bytes read from the disk at once.
const PIECE: usize = 64 * 1024;
/// A browser that opens one of our files by its address may not run anything in it.
const POLICY: &str = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";
/// Whether pages of other origins may show it.
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// What stays as it is in a `filename*` (RFC 8187).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The route `/media/…`. `C` is the context of the rooms above.
pub fn routes<C: AsRef<Ctx> + Clone + Send + Sync + 'static>() -> Router<C> {
    Router::new().route("/media/{folder}/{name}", get(show::<C>))
}

async fn show<C: AsRef<Ctx>>(
    State(ctx): State<C>,
    Path((folder, name)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Failure> {
    let ctx = ctx.as_ref();
    let path = format!("{folder}/{name}");
    let medium = store::by_path(&ctx.db, &path)
        .await?
        .filter(|medium| !medium.withheld)
        .ok_or(Failure::not_found())?;
    let is_thumb = medium.thumb_path.as_deref() == Some(path.as_str());
    let headers = headers(&medium, is_thumb);
    let etag = headers.get(header::ETAG);
    if etag
        .and_then(|etag| etag.to_str().ok())
        .is_some_and(|etag| holds(&asked, etag))
    {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let body = body(ctx, &path).await?;
    Ok((headers, body).into_response())
}

/// The file of a medium for one person who may see it, withheld or not. The caller has asked whether she may.
///
/// # Errors
/// 404 when the file is not there.
pub async fn give_to(ctx: &Ctx, medium: &Medium) -> Result<Response, Failure> {
    let mut headers = headers(medium, false);
    for public in [header::ETAG, header::ACCESS_CONTROL_ALLOW_ORIGIN, CORP] {
        headers.remove(public);
    }
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    let body = body(ctx, &medium.path).await?;
    Ok((headers, body).into_response())
}

async fn body(ctx: &Ctx, path: &str) -> Result<Body, Failure> {
    match ctx.media.storage.open(path).await {
        Ok(file) => Ok(Body::from_stream(pieces(file))),
        Err(error) => {
            tracing::warn!(%error, path, "the file of a medium cannot be opened");
            Err(Failure::not_found())
        }
    }
}

fn pieces(file: File) -> impl stream::Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = BytesMut::with_capacity(PIECE);
        let length = file.read_buf(&mut piece).await?;
        Ok((length > 0).then(|| (piece.freeze(), file)))
    })
}

/// The headers a medium is served with. Its type is one of ours, never what its sender said.
fn headers(medium: &Medium, is_thumb: bool) -> HeaderMap {
    let mime = if is_thumb {
        thumb_mime(medium)
    } else {
        medium.mime.as_str()
    };
    let disposition = if medium.is_image() { "inline" } else { "attachment" };
    let name = utf8_percent_encode(&medium.file_name, PLAIN);
    let mark = if is_thumb { "-s" } else { "" };
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, mime);
    put(
        header::CONTENT_DISPOSITION,
        &format!("{disposition}; filename*=UTF-8''{name}"),
    );
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::CONTENT_SECURITY_POLICY, POLICY);
    put(header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    put(header::ETAG, &format!("\"{}{mark}\"", medium.sha256));
    // Pages of other servers and apps show our pictures.
    put(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    put(CORP, "cross-origin");
    headers
}

fn thumb_mime(medium: &Medium) -> &'static str {
    let path = medium.thumb_path.as_deref().unwrap_or_default();
    match path.rsplit('.').next() {
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        _ => "image/jpeg",
    }
}
