//! Many servers that take everything: one listener for each, on loopback addresses of their own.
//!
//! Control, on 127.0.0.1 at the port below: `GET /` gives what came since the last `POST /reset`;
//! `POST /close` and `POST /keep` say whether connections are closed after each answer.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::wire::{Reader, Stream};

struct Counts {
    began: Instant,
    requests: AtomicU64,
    connections: AtomicU64,
    first: AtomicU64,
    last: AtomicU64,
    close: AtomicBool,
}

/// The address of a host.
pub(crate) fn address(host: u32) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 16, 0, 1)) + host / 200 * 256 + host % 200)
}

pub(crate) async fn run(port: u16, hosts: u32, folder: Option<&str>) {
    let counts = Arc::new(Counts {
        began: Instant::now(),
        requests: AtomicU64::new(0),
        connections: AtomicU64::new(0),
        first: AtomicU64::new(0),
        last: AtomicU64::new(0),
        close: AtomicBool::new(false),
    });
    for host in 0..hosts {
        let listener = TcpListener::bind((address(host), port)).await.unwrap();
        let acceptor = folder.map(|folder| acceptor(folder, host));
        tokio::spawn(listen(listener, acceptor, counts.clone()));
    }
    control(port - 1, &counts).await;
}

fn acceptor(folder: &str, host: u32) -> TlsAcceptor {
    let chain = CertificateDer::pem_file_iter(format!("{folder}/{}.pem", address(host)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let key = PrivateKeyDer::from_pem_file(format!("{folder}/leaf.key")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

async fn listen(listener: TcpListener, acceptor: Option<TlsAcceptor>, counts: Arc<Counts>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        counts.connections.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(take(stream, acceptor.clone(), counts.clone()));
    }
}

async fn take(stream: TcpStream, acceptor: Option<TlsAcceptor>, counts: Arc<Counts>) {
    stream.set_nodelay(true).unwrap();
    match acceptor {
        None => serve(stream, &counts).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream, &counts).await;
            }
        }
    }
}

async fn serve(mut stream: impl Stream, counts: &Counts) {
    let mut reader = Reader::default();
    while let Ok(Some(_taken)) = reader.next(&mut stream).await {
        let at = counts.began.elapsed().as_micros() as u64;
        let _other = counts
            .first
            .compare_exchange(0, at, Ordering::Relaxed, Ordering::Relaxed);
        counts.last.fetch_max(at, Ordering::Relaxed);
        counts.requests.fetch_add(1, Ordering::Relaxed);
        let close = counts.close.load(Ordering::Relaxed);
        let answer: &[u8] = if close {
            b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        } else {
            b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n"
        };
        if stream.write_all(answer).await.is_err() || close {
            let _gone = stream.shutdown().await;
            return;
        }
    }
}

async fn control(port: u16, counts: &Counts) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let Ok(Some(order)) = Reader::default().next(&mut stream).await else {
            continue;
        };
        match order.first.split(' ').nth(1) {
            Some("/reset") => {
                for count in [&counts.requests, &counts.connections, &counts.first, &counts.last] {
                    count.store(0, Ordering::Relaxed);
                }
            }
            Some("/close") => counts.close.store(true, Ordering::Relaxed),
            Some("/keep") => counts.close.store(false, Ordering::Relaxed),
            _ => {}
        }
        let (first, last) = (
            counts.first.load(Ordering::Relaxed),
            counts.last.load(Ordering::Relaxed),
        );
        let body = json!({
            "requests": counts.requests.load(Ordering::Relaxed),
            "connections": counts.connections.load(Ordering::Relaxed),
            "seconds": last.saturating_sub(first) as f64 / 1e6,
            "last_ago": counts.began.elapsed().as_secs_f64() - last as f64 / 1e6,
        })
        .to_string();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        let _gone = stream.write_all(answer.as_bytes()).await;
    }
}
