//! What this process remembers of other servers and may forget at any time: keys, documents, refusals, how
//! they sign, the domain rules. Everything here has a bound.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

use platform::Timestamp;
use quick_cache::sync::Cache;
use serde_json::Value;
use tokio::time::Instant;

use crate::fetch::FetchError;
use crate::fetch::gauge::Gauges;
use crate::keys::{PrivateKey, PublicKey};
use crate::policy::KeptRules;
use crate::receive::Door;
use crate::signatures::{ReplayKey, Scheme};

/// Requests that may wait for keys, all servers together.
const WAITING: usize = 200;

/// A key whose owner confirmed it.
#[derive(Debug, Clone)]
pub(crate) struct KnownKey {
    /// The actor, in canonical form.
    pub(crate) owner: String,
    pub(crate) key: PublicKey,
    /// Until when it is believed at most.
    pub(crate) until: Timestamp,
    /// When the database was asked about it last: another process may have learned that it changed.
    pub(crate) asked_at: Timestamp,
    /// Whether the database had it then: if it has it no more, it was taken away.
    pub(crate) is_stored: bool,
}

/// A document as its origin served it.
#[derive(Debug, Clone)]
pub(crate) struct KeptDocument {
    pub(crate) value: Arc<Value>,
    /// When the request for it began.
    pub(crate) asked: Instant,
}

/// See the module.
pub(crate) struct Memory {
    /// By key id.
    pub(crate) keys: Cache<String, KnownKey>,
    /// Key ids under which there is nothing to be believed, until when.
    pub(crate) no_keys: Cache<String, Timestamp>,
    /// When a key was last asked for again because a signature did not match.
    pub(crate) key_refreshes: Cache<String, Timestamp>,
    /// Small documents read lately, by their id.
    pub(crate) documents: Cache<String, KeptDocument>,
    /// Addresses that failed, until when.
    pub(crate) failures: Cache<String, (FetchError, Timestamp)>,
    /// Servers that could not be reached, until when.
    pub(crate) down: Cache<String, Timestamp>,
    /// How servers want requests signed, by origin.
    pub(crate) schemes: Cache<String, (Scheme, Timestamp)>,
    /// Requests taken in lately.
    pub(crate) replays: Cache<ReplayKey, Timestamp>,
    /// Our own keys, parsed.
    pub(crate) private_keys: Cache<String, PrivateKey>,
    pub(crate) rules: RwLock<Option<KeptRules>>,
    pub(crate) gauges: Gauges,
    pub(crate) flights: Flights,
    /// Places for requests that wait for a key: each keeps its body in memory meanwhile.
    pub(crate) waiting: tokio::sync::Semaphore,
    /// Where verified activities wait to be written.
    pub(crate) door: Door,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memory")
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            keys: Cache::new(20_000),
            no_keys: Cache::new(10_000),
            key_refreshes: Cache::new(20_000),
            documents: Cache::new(100),
            failures: Cache::new(10_000),
            down: Cache::new(5_000),
            schemes: Cache::new(10_000),
            replays: Cache::new(50_000),
            private_keys: Cache::new(1_000),
            rules: RwLock::default(),
            gauges: Gauges::default(),
            flights: Flights::default(),
            waiting: tokio::sync::Semaphore::new(WAITING),
            door: Door::default(),
        }
    }
}

/// One at a time for each key: whoever comes second waits and then finds what the first one brought.
#[derive(Default)]
pub(crate) struct Flights(Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>);

impl Flights {
    /// Waits for its turn.
    pub(crate) async fn turn(&self, key: &str) -> tokio::sync::OwnedMutexGuard<()> {
        let lock = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if all.len() > 1_000 {
                all.retain(|_, lock| lock.strong_count() > 0);
            }
            match all.get(key).and_then(Weak::upgrade) {
                Some(lock) => lock,
                None => {
                    let lock = Arc::new(tokio::sync::Mutex::new(()));
                    all.insert(key.to_owned(), Arc::downgrade(&lock));
                    lock
                }
            }
        };
        lock.lock_owned().await
    }
}
