//! A form sent twice (pressed twice, reloaded, come back to) does its deed once: the second time is answered as the
//! first was. The last deed of each browser is remembered, in the memory of this process: enough for impatient
//! fingers, and nothing that a crash could leave half-known.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA256};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use quick_cache::unsync::Cache;
use tokio::sync::watch;

use super::form::Submitted;
use crate::Ctx;
use crate::clock::Timestamp;

/// How long a deed is known.
const KEPT: Duration = Duration::from_secs(3600);
/// Browsers whose last deed is known: some 300 bytes each.
const BROWSERS: usize = 20_000;

/// What became of a deed.
#[derive(Debug, Clone)]
enum Outcome {
    UnderWay,
    /// Done: the headers that led to the next page.
    Done(HeaderMap),
    /// Refused, or failed: it may be tried again.
    Nothing,
}

#[derive(Debug, Clone)]
struct Deed {
    what: [u8; 32],
    at: Timestamp,
    outcome: watch::Receiver<Outcome>,
}

/// The last deed of each browser.
#[derive(Debug, Clone)]
pub(super) struct Deeds {
    ctx: Ctx,
    last: Arc<Mutex<Cache<String, Deed>>>,
}

impl Deeds {
    pub(super) fn new(ctx: &Ctx) -> Self {
        Self {
            ctx: ctx.clone(),
            last: Arc::new(Mutex::new(Cache::new(BROWSERS))),
        }
    }

    /// Begins a deed, or says what is known of it.
    fn begin(
        &self,
        browser: &str,
        what: [u8; 32],
    ) -> Result<watch::Sender<Outcome>, watch::Receiver<Outcome>> {
        let now = self.ctx.clock.now();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let known = last
            .get(browser)
            .filter(|deed| deed.what == what && deed.at >= now.minus(KEPT));
        if let Some(deed) = known {
            let is_known = match &*deed.outcome.borrow() {
                Outcome::UnderWay => deed.outcome.has_changed().is_ok(),
                Outcome::Done(_) => true,
                Outcome::Nothing => false,
            };
            if is_known {
                return Err(deed.outcome.clone());
            }
        }
        let (teller, outcome) = watch::channel(Outcome::UnderWay);
        last.insert(
            browser.to_owned(),
            Deed {
                what,
                at: now,
                outcome,
            },
        );
        Ok(teller)
    }
}

/// Carried by a request: where [`Submitted`] says what is being done.
#[derive(Debug, Clone)]
pub(super) struct Doing {
    deeds: Deeds,
    teller: Arc<Mutex<Option<watch::Sender<Outcome>>>>,
}

impl Doing {
    /// Waits while the same form of the same browser is being worked on; then says how it was answered, if it was
    /// done. `None`: it is to be done now.
    pub(super) async fn before(&self, browser: &str, path: &str, sent: &Submitted) -> Option<HeaderMap> {
        let what = fingerprint(path, sent);
        loop {
            match self.deeds.begin(browser, what) {
                Ok(teller) => {
                    *self.teller.lock().unwrap_or_else(PoisonError::into_inner) = Some(teller);
                    return None;
                }
                Err(mut outcome) => {
                    let ended = outcome
                        .wait_for(|outcome| !matches!(outcome, Outcome::UnderWay))
                        .await;
                    if let Ok(outcome) = ended
                        && let Outcome::Done(headers) = &*outcome
                    {
                        return Some(headers.clone());
                    }
                }
            }
        }
    }
}

fn fingerprint(path: &str, sent: &Submitted) -> [u8; 32] {
    let mut digest = Context::new(&SHA256);
    let mut part = |bytes: &[u8]| {
        digest.update(&(bytes.len() as u64).to_be_bytes());
        digest.update(bytes);
    };
    part(path.as_bytes());
    sent.each_part(&mut part);
    let mut out = [0; 32];
    out.copy_from_slice(digest.finish().as_ref());
    out
}

/// Remembers how each form was answered.
pub(super) async fn again_layer(State(deeds): State<Deeds>, mut request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let teller = Arc::new(Mutex::new(None));
    request.extensions_mut().insert(Doing {
        deeds,
        teller: teller.clone(),
    });
    let response = next.run(request).await;
    let told = teller.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(told) = told {
        told.send_replace(outcome_of(&response));
    }
    response
}

/// Only an answer that leads to the next page is repeated, and none that opens or ends a session.
fn outcome_of(response: &Response) -> Outcome {
    let headers = response.headers();
    let is_secret = headers
        .get_all(header::SET_COOKIE)
        .iter()
        .any(|cookie| !String::from_utf8_lossy(cookie.as_bytes()).contains("flash="));
    if response.status() != StatusCode::SEE_OTHER || is_secret {
        return Outcome::Nothing;
    }
    let kept = [header::LOCATION, header::SET_COOKIE];
    let of = |name: &header::HeaderName| -> Vec<_> {
        headers
            .get_all(name)
            .iter()
            .map(|value| (name.clone(), value.clone()))
            .collect()
    };
    Outcome::Done(kept.iter().flat_map(of).collect())
}
