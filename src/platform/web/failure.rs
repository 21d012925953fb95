//! What is answered when something cannot be done: a status, a sentence a citizen can read, a reference;
//! the cause goes to the log and nowhere else.

use std::time::Duration;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use super::rescue::{Rescue, SignInFirst};
use super::{Page, Visit, Wants};
use crate::Ctx;
use crate::store::StoreError;

/// Words shown to the visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The key of the words.
    pub key: String,
    /// What stands in them.
    pub args: Vec<(&'static str, String)>,
}

impl Message {
    /// Words without arguments.
    pub fn new(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            args: Vec::new(),
        }
    }

    /// With one more argument.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// In the visitor's language.
    pub fn say(&self, ctx: &Ctx, lang: crate::i18n::Lang) -> String {
        let pairs: Vec<(&str, &str)> = self
            .args
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        ctx.words.ta(lang, &self.key, &pairs)
    }
}

/// An answer that is not what was asked for.
#[derive(Debug)]
pub struct Failure {
    /// HTTP status.
    pub status: StatusCode,
    /// A stable word for programs (`not-found`).
    pub code: &'static str,
    /// What the visitor reads; without one, the general words of the status.
    pub message: Option<Message>,
    /// When to come back.
    pub retry_after: Option<Duration>,
    /// For the log only.
    pub cause: Option<anyhow::Error>,
    /// More headers.
    pub headers: Vec<(header::HeaderName, HeaderValue)>,
}

impl Failure {
    /// An answer of this status.
    pub const fn new(status: StatusCode, code: &'static str) -> Self {
        Self {
            status,
            code,
            message: None,
            retry_after: None,
            cause: None,
            headers: Vec::new(),
        }
    }

    /// The form was sent before: the answer it got then.
    pub(super) fn done_already(headers: HeaderMap) -> Self {
        let mut failure = Self::new(StatusCode::SEE_OTHER, "done-already");
        let mut name = None;
        for (next, value) in headers {
            name = next.or(name);
            failure.headers.extend(name.clone().map(|name| (name, value)));
        }
        failure
    }

    /// 404.
    pub const fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// 308: it stands at this path of ours for good.
    pub fn moved(path: &str) -> Self {
        let place = HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/"));
        Self::new(StatusCode::PERMANENT_REDIRECT, "moved").header(header::LOCATION, place)
    }

    /// 410: it was here and is gone for good.
    pub const fn gone() -> Self {
        Self::new(StatusCode::GONE, "gone")
    }

    /// 400.
    pub const fn bad_request(code: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code)
    }

    /// 400: a form says something that it does not offer.
    pub fn unknown_choice() -> Self {
        Self::bad_request("unknown-choice").saying(Message::new("failure-unknown-choice"))
    }

    /// 401.
    pub const fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized")
    }

    /// 403.
    pub const fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden")
    }

    /// 422 with words.
    pub fn unprocessable(code: &'static str, message: Message) -> Self {
        Self {
            message: Some(message),
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, code)
        }
    }

    /// 429.
    pub fn too_many(wait: Duration) -> Self {
        Self {
            retry_after: Some(wait),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many")
        }
    }

    /// 500; the cause is logged.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(anyhow::anyhow!("{cause}")),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
        }
    }

    /// With words for the visitor.
    pub fn saying(mut self, message: Message) -> Self {
        self.message = Some(message);
        self
    }

    /// With a header.
    pub fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(_) => Self::not_found(),
            StoreError::Conflict(what) => Self {
                cause: Some(anyhow::anyhow!("{what} exists already")),
                ..Self::new(StatusCode::CONFLICT, "conflict")
            },
            StoreError::Unavailable(_) => Self {
                cause: Some(error.into()),
                retry_after: Some(Duration::from_secs(5)),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
            },
            other => Self {
                cause: Some(other.into()),
                ..Self::internal("")
            },
        }
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        Self {
            cause: Some(error.into()),
            ..Self::internal("")
        }
    }
}

/// Carries the failure from the handler to [`failure_layer`].
#[derive(Clone)]
struct Carried(std::sync::Arc<Failure>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        for (name, value) in &self.headers {
            response.headers_mut().append(name, value.clone());
        }
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs().max(1);
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if !self.status.is_redirection() {
            response
                .extensions_mut()
                .insert(Carried(std::sync::Arc::new(self)));
        }
        response
    }
}

/// Why something was not done: RFC 9457, with what Mastodon's clients read.
#[derive(Serialize, JsonSchema)]
pub(super) struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    /// In a few words, in the language that was asked for.
    title: &'a str,
    /// The HTTP status.
    status: u16,
    /// In a sentence, in the language that was asked for.
    detail: &'a str,
    /// A stable word for programs.
    code: &'static str,
    /// For whoever asks the operator what happened.
    reference: &'a str,
    /// `detail` again, as Mastodon's clients read it.
    error: &'a str,
    /// The same.
    error_description: &'a str,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    page: Page,
    status: u16,
    title: String,
    text: String,
    reference: &'a str,
    given_back: &'a [String],
}

/// Writes failures in the form the visitor wants, and logs their causes once.
pub(super) async fn failure_layer(
    State(ctx): State<Ctx>,
    visit: Visit,
    request: Request,
    next: Next,
) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let (request, rescue) = Rescue::around(request);
    let mut response = next.run(request).await;
    let written = match rescue {
        Some(rescue) => rescue.finish(&mut response).await,
        None => Vec::new(),
    };
    // A layer further in may have found out who asks.
    let mut visit = response.extensions().get::<Visit>().cloned().unwrap_or(visit);
    if let Some(SignInFirst { back }) = response.extensions().get::<SignInFirst>().cloned() {
        if written.is_empty() {
            return response;
        }
        // Signing in leads back to the page that holds the form.
        visit.path = back;
        return dress(&ctx, &visit, &session_over(), &written, without_target(response));
    }
    let Some(Carried(failure)) = response.extensions().get::<Carried>().cloned() else {
        return bare(&ctx, &visit, &written, response);
    };
    if let Some(cause) = &failure.cause {
        let (status, reference) = (failure.status.as_u16(), &visit.reference);
        if failure.status.is_server_error() {
            tracing::error!(status, reference, %method, path, cause = format!("{cause:#}"), "a request failed");
        } else {
            tracing::debug!(status, reference, %method, path, cause = format!("{cause:#}"), "a request was refused");
        }
    }
    dress(&ctx, &visit, &failure, &written, response)
}

/// Somebody is not signed in any more, and was writing meanwhile.
fn session_over() -> Failure {
    Failure::unauthorized().saying(Message::new("failure-session-over"))
}

/// The answer leads nowhere: the page itself is to be read.
fn without_target(mut response: Response) -> Response {
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response.headers_mut().remove(header::LOCATION);
    response
}

/// Empty refusals of the router and of extractors (404, 405, 400 …) are dressed like our own.
fn bare(ctx: &Ctx, visit: &Visit, written: &[String], response: Response) -> Response {
    let status = response.status();
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|value| value.as_bytes().starts_with(b"text/plain"));
    if !(status.is_client_error() || status.is_server_error()) || !plain {
        return response;
    }
    let code = match status.as_u16() {
        404 => "not-found",
        405 => "method-not-allowed",
        413 => "too-large",
        _ => "bad-request",
    };
    dress(ctx, visit, &Failure::new(status, code), written, response)
}

fn dress(ctx: &Ctx, visit: &Visit, failure: &Failure, written: &[String], response: Response) -> Response {
    let lang = visit.lang;
    let status = failure.status.as_u16();
    let known = [400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 503].contains(&status);
    let general = if known {
        status
    } else if status < 500 {
        400
    } else {
        500
    };
    let title = if failure.code == "form-expired" {
        ctx.words.t(lang, "failure-form-expired-title")
    } else {
        ctx.words.t(lang, &format!("failure-{general}"))
    };
    let text = failure.message.as_ref().map_or_else(
        || ctx.words.t(lang, &format!("failure-{general}-text")),
        |message| message.say(ctx, lang),
    );
    let (mut head, _) = response.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let body = match visit.wants {
        Wants::Html => {
            let mut page = Page::new(ctx, visit, title.clone());
            page.noindex = true;
            page.in_error = true;
            let shown = ErrorPage {
                page,
                status,
                title: title.clone(),
                text,
                reference: &visit.reference,
                given_back: written,
            };
            match shown.render() {
                Ok(html) => {
                    head.headers.insert(
                        header::CONTENT_TYPE,
                        HeaderValue::from_static("text/html; charset=utf-8"),
                    );
                    axum::body::Body::from(html)
                }
                Err(error) => {
                    tracing::error!(%error, "the error page cannot be drawn");
                    axum::body::Body::from(title)
                }
            }
        }
        Wants::Json | Wants::Activity => {
            // Mastodon's clients (masto.js) read no other kind of JSON.
            let kind = if visit.path.starts_with("/api/") || visit.path.starts_with("/oauth/") {
                "application/json"
            } else {
                "application/problem+json"
            };
            head.headers
                .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            let problem = Problem {
                kind: "about:blank",
                title: &title,
                status,
                detail: &text,
                code: failure.code,
                reference: &visit.reference,
                error: &text,
                error_description: &text,
            };
            axum::body::Body::from(serde_json::to_vec(&problem).unwrap_or_default())
        }
    };
    (head, body).into_response()
}
