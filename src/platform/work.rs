//! Background work of the process: started here, told to stop here, waited for here.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

/// Starts background work and stops it.
#[derive(Debug, Clone)]
pub struct Work {
    stop: watch::Sender<bool>,
    running: Arc<Mutex<JoinSet<()>>>,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            stop: watch::Sender::new(false),
            running: Arc::default(),
        }
    }
}

impl Work {
    /// Runs `work` until it ends by itself; long-lived work watches [`Work::stopping`].
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        while running.try_join_next().is_some() {}
        running.spawn(work);
    }

    /// Whether a stop was asked for.
    pub fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Ends when a stop is asked for.
    pub async fn stopping(&self) {
        let mut stop = self.stop.subscribe();
        let _gone = stop.wait_for(|stop| *stop).await;
    }

    /// Asks everything to stop.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits for what runs, at most `patience`; what has not ended then is dropped (it is safe to drop:
    /// everything that matters is a row).
    pub async fn stopped(&self, patience: Duration) {
        let mut running = std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        let _late =
            tokio::time::timeout(patience, async { while running.join_next().await.is_some() {} }).await;
    }
}
