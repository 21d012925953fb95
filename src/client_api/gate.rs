//! What stands before every door for programs: other sites' scripts may come in (CORS), nobody too often.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use federation::Ctx;
use platform::limits::Brake;
use platform::web::{Failure, Visit};

use crate::bearer;

/// Requests without a token, by address.
const ANYBODY: Brake = Brake::new("api", 300, 300);
/// Reading with a token.
const READING: Brake = Brake::new("api-read", 1500, 300);
/// Everything else with a token.
const WRITING: Brake = Brake::new("api-write", 300, 300);

const EXPOSED: &str = "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After";
const METHODS: &str = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
const HEADERS: &str = "Authorization, Content-Type, Idempotency-Key, Accept, Accept-Language";

/// Puts the gate before the router; all other paths go through untouched.
pub fn layer(ctx: &Ctx, router: Router) -> Router {
    router.layer(from_fn_with_state(ctx.clone(), gate))
}

fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/")
        || path.starts_with("/.well-known/")
        || path.starts_with("/nodeinfo/")
        || matches!(path, "/oauth/token" | "/oauth/revoke" | "/oauth/userinfo")
}

async fn gate(State(ctx): State<Ctx>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !is_for_programs(path) {
        return next.run(request).await;
    }
    if request.method() == Method::OPTIONS {
        return preflight();
    }
    let counts = path.starts_with("/api/");
    let mut response = if counts {
        counted(&ctx, request, next).await
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    open(headers);
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(EXPOSED),
    );
    response
}

fn open(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
}

fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    open(headers);
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static(METHODS),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(HEADERS),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    headers.insert(header::ALLOW, HeaderValue::from_static(METHODS));
    response
}

/// Finds out who asks, once for all handlers, and counts her requests; a wrong token counts for the address it
/// came from.
async fn counted(ctx: &Ctx, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Some(visit) = parts.extensions.get::<Visit>().cloned() else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    // The handler that needs the token refuses a bad one in its own words.
    let known = bearer::read(&parts, ctx).await.unwrap_or_default();
    let (brake, key) = match &known {
        Some(bearer) if parts.method.is_safe() => (READING, format!("token {}", bearer.token.id)),
        Some(bearer) => (WRITING, format!("token {}", bearer.token.id)),
        None => (ANYBODY, visit.ip_key()),
    };
    if let Some(bearer) = known {
        parts.extensions.insert(bearer);
    }
    match ctx.limits.count(brake, &key) {
        Ok(left) => {
            let mut response = next.run(Request::from_parts(parts, body)).await;
            tell(ctx, response.headers_mut(), brake, left);
            response
        }
        Err(wait) => {
            let mut response = Failure::too_many(wait).into_response();
            tell(ctx, response.headers_mut(), brake, 0);
            response
        }
    }
}

fn tell(ctx: &Ctx, headers: &mut HeaderMap, brake: Brake, left: u32) {
    let spent = brake.burst.saturating_sub(left);
    let full_again = ctx.clock.now().plus(brake.per * spent / brake.burst.max(1));
    let mut put = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    put("x-ratelimit-limit", brake.burst.to_string());
    put("x-ratelimit-remaining", left.to_string());
    put("x-ratelimit-reset", full_again.rfc3339());
}
