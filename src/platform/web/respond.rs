//! The usual answers.

use askama::Template;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
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

/// Whether what a link or a form asks to come back to is a path of this site. Browsers read `\` as `/` and drop tabs
/// and line ends, so `/\host` and `/<tab>/host` lead elsewhere as `//host` does (URL Standard, section 4.4).
pub fn is_own_path(wanted: &str) -> bool {
    wanted.starts_with('/')
        && !wanted.starts_with("//")
        && !wanted.contains(|c: char| c == '\\' || c.is_control())
}

/// A redirect. A path that could lead to another site leads home instead.
pub fn redirect(status: StatusCode, path: &str) -> Response {
    let target = if path.starts_with('/') && !is_own_path(path) {
        "/"
    } else {
        path
    };
    let location = HeaderValue::try_from(target).unwrap_or(HeaderValue::from_static("/"));
    (status, [(header::LOCATION, location)]).into_response()
}

/// The fallback of the router: an address with a slash too many leads to the one without.
pub async fn not_found(method: Method, uri: Uri) -> Result<Response, Failure> {
    let path = uri.path();
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() || trimmed == path || !(method == Method::GET || method == Method::HEAD) {
        return Err(Failure::not_found());
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let target = format!("{trimmed}{query}");
    if !is_own_path(&target) {
        return Err(Failure::not_found());
    }
    Ok(redirect(StatusCode::PERMANENT_REDIRECT, &target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_slash_too_many_leads_to_the_page() {
        let asked = |method: Method, uri: &str| not_found(method, uri.parse().unwrap());
        let led = asked(Method::GET, "/eze-06/?avant=1").await.unwrap();
        assert_eq!(led.status(), StatusCode::PERMANENT_REDIRECT);
        assert_eq!(led.headers()[header::LOCATION], "/eze-06?avant=1");
        for (method, uri) in [
            (Method::GET, "/eze-06"),
            (Method::GET, "//"),
            (Method::GET, "//evil.example/"),
            (Method::POST, "/eze-06/"),
        ] {
            assert!(asked(method, uri).await.is_err(), "{uri}");
        }
    }

    #[test]
    fn nobody_is_led_away() {
        for ours in ["/", "/eze-06/actualites?depuis=1#commentaires", "/a//b"] {
            assert!(is_own_path(ours), "{ours:?}");
        }
        for foreign in [
            "",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example",
        ] {
            assert!(!is_own_path(foreign), "{foreign:?}");
        }
        let led = redirect(StatusCode::SEE_OTHER, "/\t/evil.example");
        assert_eq!(led.headers()[header::LOCATION], "/");
    }
}
