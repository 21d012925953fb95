//! Files of messages: opened for the parties alone, given as downloads that cannot act.

use account::Citizen;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use commune::CommuneRef;
use federation::Ctx;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use platform::web::Failure;

use super::lines::missing;
use crate::actions;
use crate::model::{AttachmentId, ThreadId};

/// A browser that opens one may not run anything in it.
const POLICY: &str = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";
/// What stays as it is in a `filename*` (RFC 8187).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub(super) async fn show(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, thread, id)): Path<(String, ThreadId, AttachmentId)>,
) -> Result<Response, Failure> {
    let (file, content) = actions::attachment(&ctx, &citizen, id).await.map_err(missing)?;
    let (line, _) = actions::line(&ctx, &citizen, thread).await.map_err(missing)?;
    if file.thread != thread || line.thread.commune != commune.code.as_str() {
        return Err(Failure::not_found());
    }
    Ok((headers(&file.mime, &file.name), content).into_response())
}

/// The headers of a private download.
pub(super) fn headers(mime: &str, name: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut put = |key: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(key, value);
        }
    };
    put(header::CONTENT_TYPE, mime);
    put(
        header::CONTENT_DISPOSITION,
        &format!(
            "attachment; filename*=UTF-8''{}",
            utf8_percent_encode(name, PLAIN)
        ),
    );
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::CONTENT_SECURITY_POLICY, POLICY);
    put(header::CACHE_CONTROL, "private, no-store");
    put(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    headers
}
