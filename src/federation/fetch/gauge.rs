//! How many keys may be looked up at one server: floods of invented key ids must not make us its hammer.
//!
//! Each server has a purse of [`BURST`] requests, which fills by one every [`REFILL`]. What a look-up cost is
//! given back when it ended with a request that was believed, so a large server whose people we meet for the
//! first time is hardly held back, and one that sends what cannot be believed soon is. A few look-ups run at
//! once for one server; the others wait a little.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use platform::{Clock, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests at once.
const BURST: f64 = 8.0;
/// Time for one request to come back.
const REFILL: Duration = Duration::from_secs(60);
/// Look-ups under way at once.
const AT_ONCE: usize = 3;
/// Look-ups that may wait for their turn.
const MOST_WAITING: usize = 30;
/// How long they wait.
const PATIENCE: Duration = Duration::from_millis(if cfg!(test) { 200 } else { 5_000 });
/// Servers watched at once; a purse that is full again needs no watching.
const MOST: usize = 10_000;

struct Purse {
    left: f64,
    at: Timestamp,
    turns: Arc<Semaphore>,
    waiting: Arc<()>,
}

impl Purse {
    fn fill(&mut self, now: Timestamp) {
        let passed = now.since(self.at).as_secs_f64();
        self.left = (self.left + passed / REFILL.as_secs_f64()).min(BURST);
        self.at = now;
    }

    fn is_idle(&self) -> bool {
        self.left >= BURST && Arc::strong_count(&self.waiting) == 1
    }
}

/// The purses of all servers.
#[derive(Clone, Default)]
pub(crate) struct Gauges(Arc<Mutex<HashMap<String, Purse>>>);

/// One look-up. Dropped without [`Turn::believed`], its cost is lost.
pub(crate) struct Turn {
    gauges: Gauges,
    origin: String,
    clock: Clock,
    spent: AtomicU32,
    _permit: OwnedSemaphorePermit,
    _waiting: Arc<()>,
}

impl Gauges {
    /// Waits for a turn to look something up at this server.
    ///
    /// # Errors
    /// The time after which it is worth trying again.
    pub(crate) async fn turn(&self, origin: &str, clock: &Clock) -> Result<Turn, Duration> {
        let (turns, waiting) = self.with(origin, clock.now(), |purse| {
            (purse.turns.clone(), purse.waiting.clone())
        })?;
        if Arc::strong_count(&waiting) > MOST_WAITING + AT_ONCE {
            return Err(PATIENCE);
        }
        let permit = tokio::time::timeout(PATIENCE, turns.acquire_owned())
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or(PATIENCE)?;
        Ok(Turn {
            gauges: self.clone(),
            origin: origin.to_owned(),
            clock: clock.clone(),
            spent: AtomicU32::new(0),
            _permit: permit,
            _waiting: waiting,
        })
    }

    fn with<T>(&self, origin: &str, now: Timestamp, f: impl FnOnce(&mut Purse) -> T) -> Result<T, Duration> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST && !all.contains_key(origin) {
            all.retain(|_, purse| {
                purse.fill(now);
                !purse.is_idle()
            });
            if all.len() >= MOST {
                return Err(REFILL);
            }
        }
        let purse = all.entry(origin.to_owned()).or_insert_with(|| Purse {
            left: BURST,
            at: now,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(()),
        });
        purse.fill(now);
        Ok(f(purse))
    }
}

impl Turn {
    /// Takes one request out of the server's purse.
    ///
    /// # Errors
    /// The time until the next one may be made.
    pub(crate) fn spend(&self) -> Result<(), Duration> {
        self.gauges.with(&self.origin, self.clock.now(), |purse| {
            if purse.left < 1.0 {
                return Err(REFILL.mul_f64(1.0 - purse.left));
            }
            purse.left -= 1.0;
            self.spent.fetch_add(1, Ordering::Relaxed);
            Ok(())
        })?
    }

    /// Whether a request may be made at all.
    ///
    /// # Errors
    /// The time until the next one may be made.
    pub(crate) fn check(&self) -> Result<(), Duration> {
        self.gauges.with(&self.origin, self.clock.now(), |purse| {
            if purse.left < 1.0 {
                return Err(REFILL.mul_f64(1.0 - purse.left));
            }
            Ok(())
        })?
    }

    /// The request for which the look-up was made is believed: its cost is given back.
    pub(crate) fn believed(self) {
        let spent = f64::from(self.spent.load(Ordering::Relaxed));
        let _watched_no_more = self.gauges.with(&self.origin, self.clock.now(), |purse| {
            purse.left = (purse.left + spent).min(BURST);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    #[tokio::test]
    async fn a_flood_of_a_minute_makes_ten_requests_at_most() {
        let (gauges, clock) = (Gauges::default(), Clock::fixed(START));
        let mut made = 0;
        for _ in 0..1000 {
            clock.advance(Duration::from_millis(59));
            let turn = gauges.turn("https://a.test", &clock).await.unwrap();
            made += u32::from(turn.spend().is_ok());
        }
        assert!((8..=10).contains(&made), "{made}");
        let other = gauges.turn("https://b.test", &clock).await.unwrap();
        assert!(other.spend().is_ok());
    }

    #[tokio::test]
    async fn who_is_believed_is_not_held_back() {
        let (gauges, clock) = (Gauges::default(), Clock::fixed(START));
        for _ in 0..1000 {
            let turn = gauges.turn("https://a.test", &clock).await.unwrap();
            turn.spend().unwrap();
            turn.spend().unwrap();
            turn.believed();
        }
    }

    #[tokio::test]
    async fn the_wait_is_told() {
        let (gauges, clock) = (Gauges::default(), Clock::fixed(START));
        let turn = gauges.turn("https://a.test", &clock).await.unwrap();
        while turn.spend().is_ok() {}
        clock.advance(Duration::from_secs(20));
        assert_eq!(turn.spend(), Err(Duration::from_secs(40)));
        clock.advance(Duration::from_secs(40));
        assert_eq!(turn.spend(), Ok(()));
    }

    #[tokio::test]
    async fn a_few_look_ups_run_at_once_and_the_others_wait_a_little() {
        let (gauges, clock) = (Gauges::default(), Clock::fixed(START));
        let mut turns = Vec::new();
        for _ in 0..AT_ONCE {
            turns.push(gauges.turn("https://a.test", &clock).await.unwrap());
        }
        assert!(gauges.turn("https://a.test", &clock).await.is_err());
        turns.pop();
        assert!(gauges.turn("https://a.test", &clock).await.is_ok());
    }
}
