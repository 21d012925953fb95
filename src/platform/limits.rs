//! How often one key (an address, an account, a host) may do one thing. Kept in the process: a limit is a
//! brake, not a record; what must be counted across processes is counted in the database by its owner.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

/// Counts what is left, which programs are told in headers.
type Limiter = RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// A named brake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Brake {
    /// What is limited, for the log.
    pub name: &'static str,
    /// How many at once.
    pub burst: u32,
    /// The time in which a whole burst grows back.
    pub per: Duration,
}

impl Brake {
    /// `burst` deeds in each `seconds`.
    pub const fn new(name: &'static str, burst: u32, seconds: u64) -> Self {
        Self {
            name,
            burst,
            per: Duration::from_secs(seconds),
        }
    }
}

/// All the brakes of the process.
#[derive(Default)]
pub struct Limits {
    off: bool,
    brakes: Mutex<HashMap<Brake, std::sync::Arc<Limiter>>>,
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Limits")
    }
}

impl Limits {
    /// No brake holds: load tests and most tests.
    pub fn off() -> Self {
        Self {
            off: true,
            ..Self::default()
        }
    }

    /// Counts one deed of `key`.
    ///
    /// # Errors
    /// The time to wait when there were too many.
    pub fn check(&self, brake: Brake, key: &str) -> Result<(), Duration> {
        self.count(brake, key).map(|_left| ())
    }

    /// Counts one deed of `key`; gives how many more are possible at once.
    ///
    /// # Errors
    /// The time to wait when there were too many.
    pub fn count(&self, brake: Brake, key: &str) -> Result<u32, Duration> {
        if self.off {
            return Ok(brake.burst);
        }
        let limiter = {
            let mut brakes = self.brakes.lock().unwrap_or_else(PoisonError::into_inner);
            brakes
                .entry(brake)
                .or_insert_with(|| {
                    let burst = NonZeroU32::new(brake.burst).unwrap_or(NonZeroU32::MIN);
                    let quota = Quota::with_period(brake.per / burst.get())
                        .unwrap_or_else(|| Quota::per_second(burst))
                        .allow_burst(burst);
                    std::sync::Arc::new(
                        RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>(),
                    )
                })
                .clone()
        };
        // Idle keys are dropped now and then, so that a scan of addresses does not grow the map for ever.
        if limiter.len() > 10_000 {
            limiter.retain_recent();
        }
        limiter
            .check_key(&key.to_owned())
            .map(|state| state.remaining_burst_capacity())
            .map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_is_stopped_and_another_goes_on() {
        let limits = Limits::default();
        let brake = Brake::new("sign-in", 3, 600);
        for left in [2, 1, 0] {
            assert_eq!(limits.count(brake, "198.51.100.7"), Ok(left));
        }
        let wait = limits.check(brake, "198.51.100.7").unwrap_err();
        assert!(wait > Duration::from_secs(100));
        assert!(limits.check(brake, "198.51.100.8").is_ok());
    }
}
