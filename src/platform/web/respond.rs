//! The usual answers.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::page::FlashKind;
use super::{Failure, cookie};
use crate::Ctx;

/// A page.
///
/// # Errors
/// 500 when the template fails.
pub fn html(status: StatusCode, template: &impl Template) -> Result<Response, Failure> {
    let body = template.render()?;
    Ok((status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response())
}

/// 303 to a path of ours, with a message on the next page (`flash` holds `-flash-`).
pub fn see_other(ctx: &Ctx, path: &str, flash: Option<(FlashKind, &str)>) -> Response {
    let mut response = redirect(StatusCode::SEE_OTHER, path);
    if let Some((kind, key)) = flash {
        let value = format!("{}.{key}", kind.code());
        response.headers_mut().append(
            header::SET_COOKIE,
            cookie(
                &ctx.urls,
                "flash",
                &value,
                Some(std::time::Duration::from_secs(60)),
            ),
        );
    }
    response
}

/// A redirect. A path that could lead to another site (`//host`, `\`) leads home instead.
pub fn redirect(status: StatusCode, path: &str) -> Response {
    let foreign = path.starts_with("//") || path.contains('\\') || path.contains(['\r', '\n']);
    let target = if path.starts_with('/') && foreign {
        "/"
    } else {
        path
    };
    let location = HeaderValue::try_from(target).unwrap_or(HeaderValue::from_static("/"));
    (status, [(header::LOCATION, location)]).into_response()
}

/// The fallback of the router.
pub async fn not_found() -> Failure {
    Failure::not_found()
}
