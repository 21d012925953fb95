//! The threads that sign: as many as there are cores, so that the async threads never wait for RSA.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use http::{HeaderMap, Method};
use platform::StoreError;
use tokio::sync::oneshot;
use url::Url;

use crate::Ctx;
use crate::keys::PrivateKey;
use crate::signatures::{BodyDigest, Outgoing, Scheme, Signer, SigningRefusal, sign_request_and};

type Job = Box<dyn FnOnce() + Send>;

/// The threads, started at the first use. They end with the process, or with the last context in tests.
#[derive(Default)]
pub(super) struct Pool(Mutex<Option<Sender<Job>>>);

impl Pool {
    /// Does `work` on one of the threads. `None` when it panicked.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (done, result) = oneshot::channel();
        let job = Box::new(move || {
            // Whoever asked may be gone.
            let _gone = done.send(work());
        });
        self.hand(job);
        result.await.ok()
    }

    fn hand(&self, job: Job) {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = jobs.get_or_insert_with(start);
        if let Err(back) = sender.send(job) {
            // No thread could be started the last time.
            let fresh = start();
            let _sent = fresh.send(back.0);
            *sender = fresh;
        }
    }
}

fn start() -> Sender<Job> {
    let (sender, jobs) = channel::<Job>();
    let jobs = Arc::new(Mutex::new(jobs));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    for n in 0..threads {
        let jobs = Arc::clone(&jobs);
        let started = std::thread::Builder::new()
            .name(format!("sign-{n}"))
            .spawn(move || work_off(&jobs));
        if let Err(error) = started {
            tracing::error!(%error, "a signing thread cannot be started");
        }
    }
    sender
}

fn work_off(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            // Whoever waits for the job sees that its end of the channel is gone.
            Ok(job) => drop(catch_unwind(AssertUnwindSafe(job))),
            Err(_nobody_sends) => return,
        }
    }
}

/// The headers that sign a request, made off the async threads: `key` is that of `key_id`, `body` the digest
/// and the media type of what is sent, `further` one more header to be signed.
///
/// # Errors
/// [`SigningRefusal`] when the request cannot be signed for.
pub async fn sign(
    ctx: &Ctx,
    scheme: Scheme,
    method: Method,
    url: &Url,
    body: Option<(BodyDigest, &'static str)>,
    key_id: &str,
    key: &PrivateKey,
    further: Option<(&'static str, String)>,
) -> Result<HeaderMap, SigningRefusal> {
    let (url, key_id, key, now) = (url.clone(), key_id.to_owned(), key.clone(), ctx.clock.now());
    ctx.memory
        .of::<Pool>()
        .run(move || {
            let outgoing = Outgoing {
                method: &method,
                url: &url,
                body: body.as_ref().map(|(digest, media_type)| (digest, *media_type)),
            };
            let signer = Signer {
                key_id: &key_id,
                key: &key,
            };
            let further = further.as_ref().map(|(name, value)| (*name, value.as_str()));
            sign_request_and(scheme, &outgoing, &signer, now, further)
        })
        .await
        .unwrap_or(Err(SigningRefusal::Failed(crate::keys::SigningFailed)))
}

/// Reads a private key, off the async threads: the library checks its numbers, which takes a while.
pub(super) async fn parse_key(ctx: &Ctx, der: Vec<u8>, key_id: &str) -> Result<PrivateKey, StoreError> {
    ctx.memory
        .of::<Pool>()
        .run(move || PrivateKey::from_der(&der))
        .await
        .and_then(Result::ok)
        .ok_or_else(|| StoreError::Inconsistent {
            table: "federation_key",
            column: "private_der",
            row: key_id.to_owned(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_costs_its_own_job_only() {
        let pool = Pool::default();
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        for _ in 0..=threads {
            let broken: Option<()> = pool.run(|| std::panic::panic_any("as told")).await;
            assert_eq!(broken, None);
        }
        assert_eq!(pool.run(|| 7).await, Some(7));
    }
}
