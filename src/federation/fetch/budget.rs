//! How many documents one deed may ask for: a thread of replies to replies must end somewhere.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::FetchError;

/// Documents for one received activity.
const DOCUMENTS: usize = 20;

tokio::task_local! {
    static LEFT: Arc<AtomicUsize>;
}

/// Runs a deed that may ask for some documents and no more.
pub(crate) async fn within<F: Future>(deed: F) -> F::Output {
    LEFT.scope(Arc::new(AtomicUsize::new(DOCUMENTS)), deed).await
}

/// Takes one; outside of [`within`] nothing is counted.
pub(super) fn spend() -> Result<(), FetchError> {
    let spent = LEFT.try_with(|left| {
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok()
    });
    match spent {
        Ok(false) => Err(FetchError::Refused("too many documents for one deed")),
        Ok(true) | Err(_) => Ok(()),
    }
}
