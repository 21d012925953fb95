//! The client against small hostile servers on loopback.

use std::io::Write as _;
use std::net::TcpListener;
use std::thread;
use std::time::Instant;

use http::header::{ACCEPT, AUTHORIZATION};

use super::test_server::{CERTIFICATE, send, serve, serve_tls};
use super::*;

fn options() -> Options {
    Options {
        allow_loopback: true,
        ..Options::new(Url::parse("https://parvis.example.org/").unwrap())
    }
}

fn client() -> Client {
    Client::new(options()).unwrap()
}

fn within(seconds: u64) -> Limits {
    Limits {
        deadline: Duration::from_secs(seconds),
        ..Limits::default()
    }
}

#[tokio::test]
async fn a_plain_answer_comes_whole_with_its_type() {
    let (url, seen) = serve(|_, stream| {
        send(
            stream,
            "200 OK\r\nContent-Type: text/html;charset=UTF-8",
            b"bonjour",
        );
    });
    let headers = HeaderMap::from_iter([(ACCEPT, "text/html".parse().unwrap())]);
    let fetched = client()
        .get(&url.join("a#b").unwrap(), headers, Limits::default())
        .await
        .unwrap();
    assert_eq!(fetched.status, StatusCode::OK);
    assert_eq!(fetched.body, "bonjour");
    assert_eq!(fetched.final_url, url.join("a").unwrap());
    assert_eq!(fetched.content_type.unwrap().essence().to_string(), "text/html");
    let request = seen.recv().unwrap();
    assert_eq!(request.line, "GET /a HTTP/1.1");
    assert_eq!(request.header("accept"), Some("text/html"));
    let agent = format!(
        "Parvis/{} (+https://parvis.example.org)",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(request.header("user-agent"), Some(agent.as_str()));
    assert_eq!(request.header("cookie"), None);
}

#[tokio::test]
async fn a_compression_bomb_stops_at_the_limit() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..32 {
        packed.write_all(&vec![0; 1024 * 1024]).unwrap();
    }
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 1024 * 1024, "the bomb must pass as a small file");
    let (url, _) = serve(move |_, stream| {
        send(stream, "200 OK\r\nContent-Encoding: gzip", &packed);
    });
    let error = client()
        .get(&url, HeaderMap::new(), within(20))
        .await
        .unwrap_err();
    assert!(
        matches!(error, HttpError::TooLarge { limit: 1_048_576 }),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_honest_compressed_answer_is_unpacked() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all("clair".as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let (url, _) = serve(move |_, stream| {
        send(stream, "200 OK\r\nContent-Encoding: gzip", &packed);
    });
    let fetched = client().get(&url, HeaderMap::new(), within(5)).await.unwrap();
    assert_eq!(fetched.body, "clair");
}

#[tokio::test]
async fn an_encoding_we_did_not_ask_for_is_broken() {
    let (url, _) = serve(|_, stream| send(stream, "200 OK\r\nContent-Encoding: br", b"xyz"));
    let error = client().get(&url, HeaderMap::new(), within(5)).await.unwrap_err();
    assert!(matches!(error, HttpError::Broken(_)), "{error:?}");
}

#[tokio::test]
async fn an_announced_giant_is_not_read_at_all() {
    let (url, _) = serve(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    });
    let error = client().get(&url, HeaderMap::new(), within(5)).await.unwrap_err();
    assert!(matches!(error, HttpError::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn an_endless_answer_stops_at_the_limit() {
    let (url, _) = serve(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = format!("8000\r\n{}\r\n", "x".repeat(0x8000));
        while stream.write_all(chunk.as_bytes()).is_ok() {}
    });
    let limits = Limits {
        max_bytes: 100_000,
        ..within(10)
    };
    let error = client().get(&url, HeaderMap::new(), limits).await.unwrap_err();
    assert!(
        matches!(error, HttpError::TooLarge { limit: 100_000 }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_body_exactly_at_the_limit_passes() {
    let (url, _) = serve(|_, stream| send(stream, "200 OK", &[b'x'; 1000]));
    let limits = |max_bytes| Limits {
        max_bytes,
        ..within(5)
    };
    let client = client();
    let whole = client.get(&url, HeaderMap::new(), limits(1000)).await.unwrap();
    assert_eq!(whole.body.len(), 1000);
    let error = client.get(&url, HeaderMap::new(), limits(999)).await.unwrap_err();
    assert!(matches!(error, HttpError::TooLarge { limit: 999 }), "{error:?}");
}

#[tokio::test]
async fn dawdlers_end_at_the_deadline() {
    let (silent, _) = serve(|_, _| {});
    let (dripping, _) = serve(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    let limits = Limits {
        deadline: Duration::from_millis(400),
        ..Limits::default()
    };
    for url in [silent, dripping] {
        let start = Instant::now();
        let error = client().get(&url, HeaderMap::new(), limits).await.unwrap_err();
        assert!(matches!(error, HttpError::TimedOut), "{error:?}");
        assert!(start.elapsed() < Duration::from_secs(3));
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_broken() {
    let (url, _) = serve(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort");
        let _ = stream.shutdown(std::net::Shutdown::Both);
    });
    let error = client().get(&url, HeaderMap::new(), within(5)).await.unwrap_err();
    assert!(matches!(error, HttpError::Broken(_)), "{error:?}");
    assert!(error.is_temporary());
}

#[tokio::test]
async fn of_a_failure_only_the_beginning_is_kept() {
    let (url, _) = serve(|_, stream| send(stream, "404 Not Found", &vec![b'x'; 3_000_000]));
    let fetched = client().get(&url, HeaderMap::new(), within(10)).await.unwrap();
    assert_eq!(fetched.status, StatusCode::NOT_FOUND);
    assert_eq!(fetched.body.len(), 64 * 1024);
}

#[tokio::test]
async fn a_redirect_into_a_private_network_is_refused() {
    for location in [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0x0a000001/",
        "http://[::ffff:10.0.0.1]/",
        "http://interne.example.org/",
    ] {
        let (url, seen) = serve(move |_, stream| {
            send(stream, &format!("302 Found\r\nLocation: {location}"), b"");
        });
        let options = Options {
            known_hosts: HashMap::from([(
                "interne.example.org".to_owned(),
                vec!["10.0.0.1".parse().unwrap()],
            )]),
            ..options()
        };
        let error = Client::new(options)
            .unwrap()
            .get(&url, HeaderMap::new(), within(5))
            .await
            .unwrap_err();
        assert!(
            matches!(error, HttpError::Refused(Refusal::PrivateAddress)),
            "{location}: {error:?}"
        );
        assert_eq!(seen.try_iter().count(), 1);
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_when_connecting() {
    let names = [
        ("interne.example.org", "192.168.1.1"),
        ("boucle.example.org", "127.0.0.1"),
        ("mappe.example.org", "::ffff:127.0.0.1"),
        ("local.example.org", "fe80::1"),
    ];
    let options = Options {
        known_hosts: names
            .iter()
            .map(|(name, ip)| ((*name).to_owned(), vec![ip.parse().unwrap()]))
            .collect(),
        ..Options::new(Url::parse("https://parvis.example.org/").unwrap())
    };
    let client = Client::new(options).unwrap();
    for host in names
        .map(|(name, _)| name)
        .into_iter()
        .chain(["localhost", "INTERNE.example.org."])
    {
        let url = Url::parse(&format!("https://{host}/")).unwrap();
        let error = client.get(&url, HeaderMap::new(), within(5)).await.unwrap_err();
        assert!(
            matches!(error, HttpError::Refused(Refusal::PrivateAddress)),
            "{host}: {error:?}"
        );
        let error = client
            .post(&url, HeaderMap::new(), Bytes::new(), Duration::from_secs(5))
            .await
            .unwrap_err();
        assert!(!error.is_temporary(), "{host}: {error:?}");
    }
}

#[tokio::test]
async fn a_trial_reaches_loopback_by_name() {
    let (url, _) = serve(|_, stream| send(stream, "200 OK", b"ici"));
    let options = Options {
        known_hosts: HashMap::from([("essai.test".to_owned(), vec!["127.0.0.1".parse().unwrap()])]),
        ..options()
    };
    let url = Url::parse(&format!("http://essai.test:{}/", url.port().unwrap())).unwrap();
    let fetched = Client::new(options)
        .unwrap()
        .get(&url, HeaderMap::new(), within(5))
        .await
        .unwrap();
    assert_eq!(fetched.body, "ici");
}

#[tokio::test]
async fn redirects_are_counted() {
    let (url, seen) = serve(|request, stream| {
        let step: usize = request.line[5..6].parse().unwrap();
        if step == 0 {
            send(stream, "200 OK", b"but");
        } else {
            send(stream, &format!("307 x\r\nLocation: /{}", step - 1), b"");
        }
    });
    let client = client();
    let fetched = client
        .get(&url.join("3").unwrap(), HeaderMap::new(), within(5))
        .await
        .unwrap();
    assert_eq!(fetched.body, "but");
    assert_eq!(fetched.final_url, url.join("0").unwrap());
    let error = client
        .get(&url.join("4").unwrap(), HeaderMap::new(), within(5))
        .await
        .unwrap_err();
    assert!(
        matches!(error, HttpError::Refused(Refusal::TooManyRedirects)),
        "{error:?}"
    );
    assert_eq!(seen.try_iter().count(), 4 + 4);
}

#[tokio::test]
async fn a_redirect_loop_ends() {
    let (url, seen) = serve(|_, stream| send(stream, "301 x\r\nLocation: /", b""));
    let error = client().get(&url, HeaderMap::new(), within(5)).await.unwrap_err();
    assert!(
        matches!(error, HttpError::Refused(Refusal::TooManyRedirects)),
        "{error:?}"
    );
    assert_eq!(seen.try_iter().count(), 4);
}

#[tokio::test]
async fn every_hop_gets_headers_of_its_own() {
    let (there, seen_there) = serve(|_, stream| send(stream, "200 OK", b""));
    let location = there.join("but").unwrap();
    let (here, _) = serve(move |_, stream| {
        send(stream, &format!("302 x\r\nLocation: {location}"), b"");
    });
    let fetched = client()
        .get_with(&here, within(5), |hop: Url| async move {
            Ok(HeaderMap::from_iter([(
                http::HeaderName::from_static("x-signed"),
                hop.as_str().parse().unwrap(),
            )]))
        })
        .await
        .unwrap();
    let target = there.join("but").unwrap();
    assert_eq!(fetched.final_url, target);
    let arrived = seen_there.recv().unwrap();
    assert_eq!(arrived.header("x-signed"), Some(target.as_str()));
}

#[tokio::test]
async fn credentials_stay_with_the_first_origin() {
    let (there, seen_there) = serve(|_, stream| send(stream, "200 OK", b""));
    let (here, seen_here) = serve(move |_, stream| {
        send(stream, &format!("302 x\r\nLocation: {there}"), b"");
    });
    let headers = HeaderMap::from_iter([
        (AUTHORIZATION, "Bearer secret".parse().unwrap()),
        (ACCEPT, "text/html".parse().unwrap()),
    ]);
    client().get(&here, headers, within(5)).await.unwrap();
    assert_eq!(
        seen_here.recv().unwrap().header("authorization"),
        Some("Bearer secret")
    );
    let there = seen_there.recv().unwrap();
    assert_eq!(there.header("authorization"), None);
    assert_eq!(there.header("accept"), Some("text/html"));
}

#[tokio::test]
async fn a_post_is_sent_once_and_its_answer_summed_up() {
    let (url, seen) = serve(|_, stream| {
        send(stream, "429 Too Many\r\nRetry-After: 90", b"slow\r\n  down");
    });
    let headers = HeaderMap::from_iter([(http::header::HOST, "autre.example.org".parse().unwrap())]);
    let posted = client()
        .post(&url, headers, Bytes::from_static(b"{}"), Duration::from_secs(5))
        .await
        .unwrap();
    assert_eq!(posted.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(posted.retry_after, Some(RetryAfter::In(Duration::from_secs(90))));
    assert_eq!(posted.body_excerpt, "slow down");
    let request = seen.recv().unwrap();
    assert_eq!(request.line, "POST / HTTP/1.1");
    assert_eq!(request.body, "{}");
    let host = format!("127.0.0.1:{}", url.port().unwrap());
    assert_eq!(request.header("host"), Some(host.as_str()));
    assert!(seen.try_recv().is_err());
}

#[tokio::test]
async fn a_post_follows_no_redirect() {
    let (url, seen) = serve(|_, stream| send(stream, "308 x\r\nLocation: /ailleurs", b""));
    let posted = client()
        .post(&url, HeaderMap::new(), Bytes::new(), Duration::from_secs(5))
        .await
        .unwrap();
    assert_eq!(posted.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(seen.try_iter().count(), 1);
}

#[tokio::test]
async fn an_accepted_post_stays_accepted_when_its_answer_never_ends() {
    let (url, _) = serve(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\n");
    });
    let posted = client()
        .post(&url, HeaderMap::new(), Bytes::new(), Duration::from_millis(500))
        .await
        .unwrap();
    assert_eq!(posted.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn connections_are_kept() {
    let (url, seen) = serve(|_, stream| send(stream, "202 Accepted", b"ok"));
    let client = client();
    for _ in 0..5 {
        client
            .post(&url, HeaderMap::new(), Bytes::new(), Duration::from_secs(5))
            .await
            .unwrap();
    }
    let connections: Vec<_> = seen.try_iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0; 5]);
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let url = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap()
    };
    let error = client().get(&url, HeaderMap::new(), within(5)).await.unwrap_err();
    assert!(matches!(error, HttpError::Unreachable(_)), "{error:?}");
    assert!(error.is_temporary());
}

#[tokio::test]
async fn a_server_without_tls_is_unreachable_by_https() {
    let (url, _) = serve(|_, stream| send(stream, "200 OK", b""));
    let url = Url::parse(&format!("https://127.0.0.1:{}/", url.port().unwrap())).unwrap();
    let error = client().get(&url, HeaderMap::new(), within(5)).await.unwrap_err();
    assert!(matches!(error, HttpError::Unreachable(_)), "{error:?}");
}

#[test]
fn a_useless_file_of_authorities_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    let build = || {
        Client::new(Options {
            ca_file: Some(file.clone()),
            ..options()
        })
    };
    assert!(build().unwrap_err().to_string().contains("ca.pem"));
    std::fs::write(&file, "not a certificate").unwrap();
    assert!(build().unwrap_err().to_string().contains("no certificate"));
}

/// A client that knows where `pair.example.org` is, and perhaps trusts it.
fn tls_client(trusts: bool) -> Client {
    let here = vec!["127.0.0.1".parse().unwrap()];
    let names = ["pair.example.org", "autre.example.org"].map(|name| (name.to_owned(), here.clone()));
    Client::new(Options {
        ca_file: trusts.then(|| CERTIFICATE.into()),
        known_hosts: HashMap::from(names),
        ..options()
    })
    .unwrap()
}

#[tokio::test]
async fn a_peer_is_trusted_by_the_file_of_authorities_and_under_its_own_name_only() {
    let port = serve_tls(|_, mut stream| send(&mut stream, "200 OK\r\nConnection: close", b"clos"));
    for (trusts, host, is_reached) in [
        (true, "pair.example.org", true),
        (true, "127.0.0.1", true),
        (true, "autre.example.org", false),
        (false, "pair.example.org", false),
    ] {
        let url = Url::parse(&format!("https://{host}:{port}/")).unwrap();
        let fetched = tls_client(trusts).get(&url, HeaderMap::new(), within(5)).await;
        match fetched {
            Ok(fetched) => assert!(is_reached && fetched.body == "clos", "{host}"),
            Err(error) => assert!(
                !is_reached && matches!(error, HttpError::Unreachable(_)),
                "{host}: {error}"
            ),
        }
    }
}

#[tokio::test]
async fn a_redirect_never_leaves_tls() {
    let (plain, seen) = serve(|_, stream| send(stream, "200 OK", b""));
    let port = serve_tls(move |_, mut stream| {
        send(
            &mut stream,
            &format!("302 x\r\nConnection: close\r\nLocation: {plain}"),
            b"",
        );
    });
    let url = Url::parse(&format!("https://pair.example.org:{port}/")).unwrap();
    let error = tls_client(true)
        .get(&url, HeaderMap::new(), within(5))
        .await
        .unwrap_err();
    assert!(
        matches!(error, HttpError::Refused(Refusal::Redirect)),
        "{error:?}"
    );
    assert!(seen.try_recv().is_err());
}
