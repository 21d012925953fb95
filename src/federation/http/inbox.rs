//! `POST /inbox`: what a peer hears.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{OriginalUri, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::BytesMut;
use futures_util::StreamExt as _;
use platform::web::Visit;
use platform::web::negotiate::is_activity;
use serde_json::json;

use crate::objects::{Sight, parse_id};
use crate::receive::arrive::{Delivery, NotTaken, arrive};
use crate::receive::verify;
use crate::signatures::{Incoming, accept_signature};
use crate::store::actors as store;
use crate::{ActorId, Ctx};

/// Largest activity.
const LARGEST: usize = 1024 * 1024;
/// How long a sender may take over one.
const PATIENCE: Duration = Duration::from_secs(20);

/// The inbox of the whole server.
pub(super) async fn shared(State(ctx): State<Ctx>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    take(&ctx, parts, body).await
}

/// The inbox of one actor. Who is dark has none that anybody could know of.
pub(super) async fn of_actor(
    State(ctx): State<Ctx>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let actor = match parse_id(&id) {
        Some(id) => store::by_id(&ctx.db, ActorId(id)).await,
        None => Ok(None),
    };
    match actor {
        Ok(Some(actor)) if actor.local && actor.is_visible() => take(&ctx, parts, body).await,
        Ok(Some(actor)) if actor.local && actor.federated && actor.deleted_at.is_some() => {
            problem(StatusCode::GONE, "gone", "there is no such inbox any more")
        }
        Ok(actor) => behind_the_veil(&ctx, actor.filter(crate::Actor::is_veiled), parts, body).await,
        Err(error) => unavailable(&error),
    }
}

/// The inbox of an actor behind a veil takes letters of those who see it. For everybody else there is none;
/// the signature is looked at in either case, so that what we ask of others does not tell.
async fn behind_the_veil(ctx: &Ctx, actor: Option<crate::Actor>, parts: Parts, body: Body) -> Response {
    let nothing = || problem(StatusCode::NOT_FOUND, "not-found", "there is no such inbox");
    if !parts.headers.contains_key("signature") || !has_right_type(&parts.headers) {
        return nothing();
    }
    let Ok(body) = read(&parts.headers, body).await else {
        return nothing();
    };
    let uri = original(&parts);
    let address = address_of(&parts);
    let request = Incoming::new(&parts.method, &uri, &parts.headers, &body);
    let signed = match verify::examine(ctx, &request) {
        Ok(candidate) => verify::signer(ctx, &candidate, &address).await,
        Err(refusal) => Err(verify::Turned::Refused(refusal)),
    };
    let (Ok(mut signed), Some(actor)) = (signed, actor) else {
        return nothing();
    };
    signed.believed();
    let sight = match store::by_uri(&ctx.db, &signed.owner).await {
        Ok(known) => {
            ctx.objects()
                .sight(ctx, &actor, &signed.owner, known.as_ref())
                .await
        }
        Err(error) => Err(error),
    };
    match sight {
        Ok(Sight::Whole) => take(ctx, parts, Body::from(body)).await,
        Ok(_) => nothing(),
        Err(error) => unavailable(&error),
    }
}

/// As in the request line.
fn original(parts: &Parts) -> axum::http::Uri {
    parts
        .extensions
        .get::<OriginalUri>()
        .map_or_else(|| parts.uri.clone(), |original| original.0.clone())
}

fn address_of(parts: &Parts) -> String {
    parts
        .extensions
        .get::<Visit>()
        .map(Visit::ip_key)
        .unwrap_or_default()
}

async fn take(ctx: &Ctx, parts: Parts, body: Body) -> Response {
    if !has_right_type(&parts.headers) {
        return problem(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "application/activity+json, or application/ld+json with the profile of ActivityStreams",
        );
    }
    let body = match read(&parts.headers, body).await {
        Ok(body) => body,
        Err(Unread::TooLarge) => {
            return problem(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "at most one megabyte");
        }
        Err(Unread::Broken) => {
            return problem(StatusCode::BAD_REQUEST, "bad-request", "the body broke off");
        }
        Err(Unread::Late) => {
            return problem(StatusCode::REQUEST_TIMEOUT, "too-slow", "the body took too long");
        }
    };
    let uri = original(&parts);
    let address = address_of(&parts);
    let delivery = Delivery {
        method: &parts.method,
        uri: &uri,
        headers: &parts.headers,
        body: &body,
        address: &address,
    };
    match arrive(ctx, &delivery).await {
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(not_taken) => refuse(&parts, &not_taken),
    }
}

fn has_right_type(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let right = types
        .next()
        .and_then(|value| value.to_str().ok())
        .is_some_and(is_activity);
    let plain = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .all(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"));
    right && types.next().is_none() && plain
}

enum Unread {
    TooLarge,
    Broken,
    Late,
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Unread> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok())
        .unwrap_or(0);
    if announced > LARGEST as u64 {
        return Err(Unread::TooLarge);
    }
    let reading = async {
        let mut whole = BytesMut::with_capacity(usize::try_from(announced).unwrap_or(0).min(64 * 1024));
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_broken| Unread::Broken)?;
            if whole.len() + chunk.len() > LARGEST {
                return Err(Unread::TooLarge);
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.to_vec())
    };
    tokio::time::timeout(PATIENCE, reading)
        .await
        .unwrap_or(Err(Unread::Late))
}

fn refuse(parts: &Parts, not_taken: &NotTaken) -> Response {
    match not_taken {
        NotTaken::Signature(refusal, key_id) => {
            tracing::debug!(%refusal, key_id, "a delivery is refused");
            let mut response = problem(refusal.status(), "signature", &refusal.to_string());
            response.headers_mut().insert(
                HeaderName::from_static("accept-signature"),
                accept_signature(&parts.method, key_id.as_deref()),
            );
            response
        }
        NotTaken::Json(refusal) => problem(StatusCode::BAD_REQUEST, "malformed", &refusal.to_string()),
        NotTaken::Shape(why) => problem(StatusCode::BAD_REQUEST, "malformed", why),
        NotTaken::Blocked => problem(
            StatusCode::FORBIDDEN,
            "forbidden",
            "this server is not heard here",
        ),
        NotTaken::Later(wait) => {
            let mut response = problem(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many",
                "too much at once; please come back later",
            );
            response.headers_mut().insert(
                header::RETRY_AFTER,
                HeaderValue::from(wait.as_secs().saturating_add(1)),
            );
            response
        }
        NotTaken::Store(error) => unavailable(error),
    }
}

fn unavailable(error: &platform::StoreError) -> Response {
    tracing::error!(%error, "a delivery cannot be written down");
    let mut response = problem(
        StatusCode::SERVICE_UNAVAILABLE,
        "unavailable",
        "this server cannot write now",
    );
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    response
}

/// RFC 9457, whatever the peer says it accepts (FEP-c180).
fn problem(status: StatusCode, code: &str, detail: &str) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(), "detail": detail, "code": code, "error": detail,
    });
    (
        status,
        [(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        )],
        body.to_string(),
    )
        .into_response()
}
