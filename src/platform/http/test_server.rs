//! Small servers on loopback for the tests of the client.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use url::Url;

/// A request as the server saw it: start line, headers, body.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) line: String,
    pub(super) headers: Vec<String>,
    pub(super) body: String,
    pub(super) connection: usize,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

fn read_request(stream: &mut impl BufRead, connection: usize) -> Option<Seen> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let mut seen = Seen {
        line: lines.remove(0),
        headers: lines,
        body: String::new(),
        connection,
    };
    let length = seen.header("content-length").map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    seen.body = String::from_utf8(body).unwrap();
    Some(seen)
}

/// Serves every request with `answer` until the test ends; returns the address and what was asked.
pub(super) fn serve<A>(answer: A) -> (Url, Receiver<Seen>)
where
    A: Fn(&Seen, &mut TcpStream) + Send + Sync + Clone + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let (log, seen) = channel();
    thread::spawn(move || {
        for (connection, stream) in listener.incoming().enumerate() {
            let (answer, log) = (answer.clone(), log.clone());
            thread::spawn(move || {
                let mut writer = stream.unwrap();
                let mut reader = BufReader::new(writer.try_clone().unwrap());
                while let Some(request) = read_request(&mut reader, connection) {
                    let _ = log.send(request.clone());
                    answer(&request, &mut writer);
                }
            });
        }
    });
    (base, seen)
}

pub(super) fn send(stream: &mut impl Write, head: &str, body: &[u8]) {
    let _ = write!(
        stream,
        "HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(body);
}

/// The certificate of [`serve_tls`], which is its own authority: for `pair.example.org` and `127.0.0.1`.
pub(super) const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/http/testdata/certificate.pem");

/// Serves one request a connection with `answer`, over TLS.
pub(super) fn serve_tls<A>(answer: A) -> u16
where
    A: Fn(&Seen, &mut dyn Write) + Send + 'static,
{
    let certificate = CertificateDer::from_pem_file(CERTIFICATE).unwrap();
    let key = PrivateKeyDer::from_pem_file(CERTIFICATE.replace("certificate", "key")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for (connection, stream) in listener.incoming().enumerate() {
            let tls = ServerConnection::new(config.clone()).unwrap();
            let mut stream = BufReader::new(StreamOwned::new(tls, stream.unwrap()));
            if let Some(request) = read_request(&mut stream, connection) {
                let stream = stream.get_mut();
                answer(&request, stream);
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    port
}
