//! Requests for one address: at a fixed rate, whatever the answers (their time is counted from when they
//! should have left), or one after the other as fast as they are answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use url::Url;

use crate::wire::Reader;

struct Plan {
    authority: String,
    request: Vec<u8>,
    rate: u64,
    begin: Instant,
    end: Instant,
    next: AtomicU64,
}

#[derive(Default)]
struct Seen {
    micros: Vec<u64>,
    failures: u64,
    bytes: u64,
}

pub(crate) async fn run(url: &str, rate: u64, seconds: u64, connections: usize, headers: &[&str]) {
    let url = Url::parse(url).unwrap();
    let authority = format!(
        "{}:{}",
        url.host_str().unwrap(),
        url.port_or_known_default().unwrap()
    );
    let mut request = format!(
        "GET {} HTTP/1.1\r\nhost: {authority}\r\n",
        &url[url::Position::BeforePath..]
    );
    for header in headers {
        request.push_str(header);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    let begin = Instant::now() + Duration::from_millis(50);
    let plan = Arc::new(Plan {
        authority,
        request: request.into_bytes(),
        rate,
        begin,
        end: begin + Duration::from_secs(seconds),
        next: AtomicU64::new(0),
    });
    let workers: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(work(plan.clone())))
        .collect();
    let mut all = Seen::default();
    for worker in workers {
        let seen = worker.await.unwrap();
        all.micros.extend(seen.micros);
        all.failures += seen.failures;
        all.bytes = seen.bytes.max(all.bytes);
    }
    all.micros.sort_unstable();
    let at = |share: f64| {
        let last = all.micros.len().saturating_sub(1);
        all.micros
            .get((last as f64 * share) as usize)
            .map_or(0.0, |micros| *micros as f64 / 1000.0)
    };
    println!(
        "{}",
        json!({
            "requests": all.micros.len(), "failures": all.failures, "bytes": all.bytes,
            "per_second": all.micros.len() as f64 / begin.elapsed().as_secs_f64(),
            "p50_ms": at(0.5), "p99_ms": at(0.99), "max_ms": at(1.0),
        })
    );
}

async fn work(plan: Arc<Plan>) -> Seen {
    let mut seen = Seen::default();
    let mut stream = TcpStream::connect(&plan.authority).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut reader = Reader::default();
    loop {
        let number = plan.next.fetch_add(1, Ordering::Relaxed);
        let due = match (number * 1_000_000_000).checked_div(plan.rate) {
            Some(nanos) => plan.begin + Duration::from_nanos(nanos),
            None => Instant::now().max(plan.begin),
        };
        if due >= plan.end {
            return seen;
        }
        tokio::time::sleep_until(due.into()).await;
        stream.write_all(&plan.request).await.unwrap();
        let answer = reader.next(&mut stream).await.unwrap().unwrap();
        seen.micros.push(due.elapsed().as_micros() as u64);
        seen.bytes = seen.bytes.max(answer.body.len() as u64);
        if !answer.first.contains(" 200 ") {
            seen.failures += 1;
        }
    }
}
