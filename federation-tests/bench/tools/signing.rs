//! The machine's limit: bare RSA-2048 signatures, nothing else done.

use std::time::{Duration, Instant};

use federation::keys::PrivateKey;
use serde_json::json;

pub(crate) fn run(threads: usize, seconds: u64) {
    let key = PrivateKey::generate_rsa().unwrap();
    let counts: Vec<u64> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| sign(&key, seconds)))
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let total: u64 = counts.iter().sum();
    println!(
        "{}",
        json!({ "threads": threads, "per_second": total as f64 / seconds as f64 })
    );
}

fn sign(key: &PrivateKey, seconds: u64) -> u64 {
    let message = b"(request-target): post /inbox\nhost: peer.example\ndate: Mon, 23 Nov 2026 10:00:00 GMT";
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut count = 0;
    while Instant::now() < end {
        key.sign(message).unwrap();
        count += 1;
    }
    count
}
