//! The server: layers around the router, listening, stopping.

use std::any::Any;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{StatusCode, Version};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};

use super::again::{Deeds, again_layer};
use super::failure::failure_layer;
use super::security::security_layer;
use super::visit::{VisitState, parse_proxies, visit_layer};
use super::{Failure, not_found};
use crate::Ctx;

/// Puts around the router what every answer needs.
pub fn layers(ctx: &Ctx, router: Router) -> Router {
    layers_around(ctx, router, |router| router)
}

/// Puts around the router what every answer needs; `inner` adds a layer of the rooms above that runs once the
/// visit is known (who is signed in), for pages that are not found too.
pub fn layers_around(ctx: &Ctx, router: Router, inner: impl FnOnce(Router) -> Router) -> Router {
    let proxies = parse_proxies(&ctx.server.trusted_proxies);
    let visit = VisitState {
        ctx: ctx.clone(),
        proxies: proxies.into(),
    };
    let compressible = DefaultPredicate::new().and(NotForContentType::const_new("font/woff2"));
    inner(router.fallback(not_found))
        .layer(DefaultBodyLimit::max(1 << 20))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(in_time))
        .layer(from_fn_with_state(Deeds::new(ctx), again_layer))
        .layer(from_fn_with_state(ctx.clone(), failure_layer))
        .layer(from_fn_with_state(visit, visit_layer))
        .layer(from_fn_with_state(ctx.clone(), security_layer))
        .layer(map_response(vary))
        .layer(CompressionLayer::new().compress_when(compressible))
}

/// The language and the kind of an answer depend on what was asked.
async fn vary(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.append(
        "vary",
        axum::http::HeaderValue::from_static("Accept, Accept-Language, Cookie"),
    );
    response
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Failure::internal(format!("panic: {said}")).into_response()
}

/// A request of HTTP/1.1 names one host (RFC 9112, 3.2): with none or several, proxies disagree on whom it is for.
async fn one_host(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(HOST).iter().count();
    let is_clear = match request.version() {
        Version::HTTP_11 => hosts == 1,
        _ => hosts <= 1,
    };
    if is_clear {
        next.run(request).await
    } else {
        (StatusCode::BAD_REQUEST, "one Host, please\n").into_response()
    }
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it may take to send files: 20 MB at 300 kbit/s.
const PATIENCE_WITH_FILES: Duration = Duration::from_secs(540);

/// Ends what takes too long.
async fn in_time(request: Request, next: Next) -> Response {
    let has_files = request
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    let patience = if has_files { PATIENCE_WITH_FILES } else { PATIENCE };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) if has_files => Failure::new(StatusCode::REQUEST_TIMEOUT, "too-slow").into_response(),
        Err(_) => Failure::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable").into_response(),
    }
}

/// Serves until a stop is asked for, then lets the requests under way end.
///
/// # Errors
/// When the socket fails.
pub async fn serve(ctx: &Ctx, listener: TcpListener, router: Router) -> std::io::Result<()> {
    let work = ctx.work.clone();
    axum::serve(
        listener,
        router
            .layer(from_fn(one_host))
            .into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(async move { work.stopping().await })
    .await
}
