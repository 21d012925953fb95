//! The machine's limit: bare signatures, nothing else done.

use std::time::{Duration, Instant};

use federation::keys::PrivateKey;
use serde_json::json;

pub(crate) fn run(threads: usize, seconds: u64) {
    let key = PrivateKey::generate_rsa().unwrap();
    let message = b"(request-target): post /inbox\nhost: peer.example\ndate: Mon, 23 Nov 2026 10:00:00 GMT";
    rate(threads, seconds, || drop(key.sign(message).unwrap()));
}

/// How often a deed is done when it is all that is done.
pub(crate) fn rate(threads: usize, seconds: u64, deed: impl Fn() + Sync) {
    let count = || {
        let end = Instant::now() + Duration::from_secs(seconds);
        let mut count = 0_u64;
        while Instant::now() < end {
            deed();
            count += 1;
        }
        count
    };
    let total: u64 = std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(count)).collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    println!(
        "{}",
        json!({ "threads": threads, "per_second": total as f64 / seconds as f64 })
    );
}
