//! One signed GET: draft-cavage first, RFC 9421 when the peer does not take it, remembered for a week.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use platform::http::{Fetched, HttpError, Limits};
use url::Url;

use super::FetchError;
use super::gauge::Turn;
use crate::policy::Standing;
use crate::signatures::{Outgoing, Scheme, Signer, sign_request};
use crate::{Ctx, policy, signing};

/// The two media types of ActivityPub.
const ACTIVITY: &str =
    "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
/// How long the scheme a server takes is remembered.
const SCHEME_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long a server that cannot be reached is left alone.
const DOWN: Duration = Duration::from_secs(15);

/// What is asked for and at whose expense.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    accept: &'static str,
    signed: bool,
    max_bytes: usize,
    deadline: Duration,
    turn: Option<&'a Turn>,
}

impl<'a> Ask<'a> {
    /// A document of ActivityPub.
    pub(crate) const fn activity() -> Self {
        Self {
            accept: ACTIVITY,
            signed: true,
            max_bytes: 1024 * 1024,
            deadline: Duration::from_secs(10),
            turn: None,
        }
    }

    /// A key or its owner, paid for out of the purse of its server.
    pub(crate) const fn key(turn: &'a Turn) -> Self {
        Self {
            turn: Some(turn),
            ..Self::activity()
        }
    }

    /// An answer of WebFinger, which needs no signature.
    pub(crate) const fn finger() -> Self {
        Self {
            accept: "application/jrd+json, application/json",
            signed: false,
            max_bytes: 64 * 1024,
            deadline: Duration::from_secs(5),
            turn: None,
        }
    }
}

/// Asks. Any status is an answer.
pub(crate) async fn get(ctx: &Ctx, url: &Url, ask: &Ask<'_>) -> Result<Fetched, FetchError> {
    if !ctx.federation().enabled {
        return Err(FetchError::Refused("this server speaks with no other"));
    }
    let origin = url.origin().ascii_serialization();
    let now = ctx.clock.now();
    if ctx.memory().down.get(&origin).is_some_and(|until| until > now) {
        return Err(FetchError::Unreachable(
            "it could not be reached a moment ago".to_owned(),
        ));
    }
    if !ask.signed {
        return once(ctx, url, ask, None).await;
    }
    let known = ctx.memory().schemes.get(&origin);
    let scheme = known
        .filter(|(_, until)| *until > now)
        .map_or(Scheme::Cavage, |(scheme, _)| scheme);
    let answer = once(ctx, url, ask, Some(scheme)).await?;
    if !matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED) {
        return Ok(answer);
    }
    let second = once(ctx, url, ask, Some(scheme.other())).await?;
    if second.status.is_success() {
        ctx.memory()
            .schemes
            .insert(origin, (scheme.other(), now.plus(SCHEME_KEPT)));
    }
    Ok(second)
}

async fn once(ctx: &Ctx, url: &Url, ask: &Ask<'_>, scheme: Option<Scheme>) -> Result<Fetched, FetchError> {
    let limits = Limits {
        deadline: ask.deadline,
        max_bytes: ask.max_bytes,
        ..Limits::default()
    };
    // The client only passes on that a hop could not be prepared; why is kept here.
    let trouble = Mutex::new(None);
    let fetched = ctx
        .http
        .get_with(url, limits, |hop| {
            let trouble = &trouble;
            async move {
                prepare(ctx, &hop, ask, scheme).await.map_err(|error| {
                    *trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    HttpError::Unprepared(String::new())
                })
            }
        })
        .await;
    let trouble = trouble.into_inner().unwrap_or_else(PoisonError::into_inner);
    fetched.map_err(|error| {
        if matches!(error, HttpError::Unreachable(_) | HttpError::TimedOut) {
            let until = ctx.clock.now().plus(DOWN);
            ctx.memory()
                .down
                .insert(url.origin().ascii_serialization(), until);
        }
        trouble.unwrap_or_else(|| of(error))
    })
}

fn of(error: HttpError) -> FetchError {
    match error {
        HttpError::Refused(_) => FetchError::Refused("the address is not one we go to"),
        HttpError::TooLarge { .. } => FetchError::Refused("the answer is too large"),
        HttpError::Unprepared(_) => FetchError::Refused("the request could not be prepared"),
        HttpError::TimedOut | HttpError::Unreachable(_) | HttpError::Broken(_) => {
            FetchError::Unreachable(error.to_string())
        }
    }
}

/// Each hop is judged and signed for itself.
async fn prepare(
    ctx: &Ctx,
    hop: &Url,
    ask: &Ask<'_>,
    scheme: Option<Scheme>,
) -> Result<HeaderMap, FetchError> {
    if ctx.urls.is_ours(hop.as_str()) {
        return Err(FetchError::Refused("the address is our own"));
    }
    if policy::standing_of(ctx, hop).await? == Standing::Blocked {
        return Err(FetchError::Blocked);
    }
    if let Some(turn) = ask.turn {
        turn.spend().map_err(FetchError::Later)?;
    }
    let mut headers = match scheme {
        Some(scheme) => signed(ctx, hop, scheme).await?,
        None => HeaderMap::new(),
    };
    headers.insert(header::ACCEPT, HeaderValue::from_static(ask.accept));
    Ok(headers)
}

async fn signed(ctx: &Ctx, hop: &Url, scheme: Scheme) -> Result<HeaderMap, FetchError> {
    let (key_id, key) = signing::instance_key(ctx).await?;
    let (url, now) = (hop.clone(), ctx.clock.now());
    // RSA takes most of a millisecond.
    tokio::task::spawn_blocking(move || {
        let outgoing = Outgoing {
            method: &Method::GET,
            url: &url,
            body: None,
        };
        let signer = Signer {
            key_id: &key_id,
            key: &key,
        };
        sign_request(scheme, &outgoing, &signer, now)
    })
    .await
    .ok()
    .and_then(Result::ok)
    .ok_or(FetchError::Refused("the request could not be signed"))
}
