//! The table of signatures, row by row: what a delivery is answered, and that a refused one leaves nothing.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::world::Delivery;
use super::{Peer, Person, on_each};
use crate::signatures::Scheme;

const UNAUTHORIZED: StatusCode = StatusCode::UNAUTHORIZED;
const ACCEPTED: StatusCode = StatusCode::ACCEPTED;

#[tokio::test]
async fn a_note_is_taken_in_once() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let create = paul.create(&paul.note("<p>Bonjour</p>"));
        world.takes(&paul, &create).await;
        assert_eq!(world.given(), ["Create"]);
        let actor = world.actor(&paul.id).await.unwrap();
        assert_eq!(actor.full_handle(), format!("@paul@{}", peer.authority()));
        assert!(!actor.local && actor.federated);
        // Once more, newly signed, and by the other scheme.
        world.later(1);
        world.takes(&paul, &create).await;
        let mut again = world.post(&paul, &create);
        again.scheme = Scheme::Rfc9421;
        assert_eq!(world.send(again.request()).await.status, ACCEPTED);
        world.work().await;
        assert_eq!(world.given(), ["Create"]);
        assert_eq!(world.count("federation_received").await, 1);
    })
    .await;
}

/// One row of the table: how a good delivery is altered, and what it is then answered.
type Row = (&'static str, fn(&mut Delivery<'_>), StatusCode);

const HOUR: Duration = Duration::from_secs(3600);

fn rfc(delivery: &mut Delivery<'_>) {
    delivery.scheme = Scheme::Rfc9421;
}

fn altered(delivery: &mut Delivery<'_>) {
    let body = String::from_utf8(delivery.body.clone()).unwrap();
    delivery.sent = Some(body.replace("Bonjour", "Bonsoir").into_bytes());
}

/// Replaces a piece of the `Signature` header, which unsigns what it names.
fn resigned(delivery: &Delivery<'_>, from: &str, to: &str) -> http::Request<axum::body::Body> {
    let mut request = delivery.request();
    for name in ["signature", "signature-input"] {
        let Some(value) = request.headers().get(name) else {
            continue;
        };
        let value = value.to_str().unwrap().replace(from, to);
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    request
}

const TABLE: [Row; 14] = [
    ("cavage good", |_| {}, ACCEPTED),
    ("cavage, body altered", altered, UNAUTHORIZED),
    (
        "cavage, no Digest",
        |d| d.changed.push(("digest", None)),
        UNAUTHORIZED,
    ),
    (
        "cavage, Digest of another body",
        |d| {
            let other = "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
            d.changed.push(("digest", Some(other.to_owned())));
        },
        UNAUTHORIZED,
    ),
    (
        "cavage, Date 30 min old",
        |d| d.at = d.at.minus(HOUR / 2),
        ACCEPTED,
    ),
    (
        "cavage, Date 2 h old",
        |d| d.at = d.at.minus(HOUR * 2),
        UNAUTHORIZED,
    ),
    (
        "cavage, Date 2 days old",
        |d| d.at = d.at.minus(HOUR * 48),
        UNAUTHORIZED,
    ),
    (
        "cavage, Date 2 h ahead",
        |d| d.at = d.at.plus(HOUR * 2),
        UNAUTHORIZED,
    ),
    ("RFC 9421 good", rfc, ACCEPTED),
    (
        "RFC 9421, body altered",
        |d| {
            rfc(d);
            altered(d);
        },
        UNAUTHORIZED,
    ),
    (
        "RFC 9421, no Content-Digest",
        |d| {
            rfc(d);
            d.changed.push(("content-digest", None));
        },
        UNAUTHORIZED,
    ),
    (
        "RFC 9421, created 2 h ago",
        |d| {
            rfc(d);
            d.at = d.at.minus(HOUR * 2);
        },
        UNAUTHORIZED,
    ),
    (
        "for another host",
        |d| d.changed.push(("host", Some("autre.test".to_owned()))),
        UNAUTHORIZED,
    ),
    ("unsigned", |d| d.changed.push(("signature", None)), UNAUTHORIZED),
];

#[tokio::test]
async fn the_table_of_signatures_is_kept_row_by_row() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let mut taken = 0;
        for (sentence, alter, wanted) in TABLE {
            let create = paul.create(&paul.note("<p>Bonjour</p>"));
            let mut delivery = world.post(&paul, &create);
            alter(&mut delivery);
            let answer = world.send(delivery.request()).await;
            assert_eq!(answer.status, wanted, "{sentence}: {}", answer.body);
            if wanted == UNAUTHORIZED {
                let accepts = answer.header("accept-signature");
                assert!(
                    accepts.contains("\"@target-uri\""),
                    "{sentence}: {:?}",
                    answer.headers
                );
                assert_eq!(answer.header("content-type"), "application/problem+json");
            }
            taken += i64::from(wanted == ACCEPTED);
            assert_eq!(world.count("federation_received").await, taken, "{sentence}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_must_be_signed_must_be_signed() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let create = paul.create(&paul.note("<p>Bonjour</p>"));
        let cavage = world.post(&paul, &create);
        let mut modern = world.post(&paul, &create);
        modern.scheme = Scheme::Rfc9421;
        for (from, to) in [
            ("(request-target) host date digest content-type", "date"),
            (
                "(request-target) host date digest content-type",
                "(request-target) host date content-type",
            ),
            (
                "(request-target) host date digest content-type",
                "host date digest content-type",
            ),
            (
                "(request-target) host date digest content-type",
                "(request-target) date digest content-type",
            ),
            ("rsa-sha256", "hmac-sha256"),
            ("rsa-sha256", "rsa-sha1"),
            (" \"content-digest\"", ""),
            ("\"@target-uri\" ", ""),
            ("\"@method\" ", ""),
            ("rsa-v1_5-sha256", "hmac-sha256"),
        ] {
            for delivery in [&cavage, &modern] {
                let request = resigned(delivery, from, to);
                let is_changed = request.headers() != delivery.request().headers();
                if is_changed {
                    let answer = world.send(request).await;
                    assert_eq!(answer.status, UNAUTHORIZED, "{from} → {to}");
                }
            }
        }
        for delivery in [&cavage, &modern] {
            let mut elsewhere = delivery.request();
            *elsewhere.uri_mut() = "/ap/instance/inbox".parse().unwrap();
            assert_eq!(world.send(elsewhere).await.status, UNAUTHORIZED);
        }
        let hs2019 = resigned(&cavage, "rsa-sha256", "hs2019");
        assert_eq!(world.send(hs2019).await.status, ACCEPTED);
        assert_eq!(world.count("federation_received").await, 1);
    })
    .await;
}

#[tokio::test]
async fn nobody_speaks_for_another() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let sally = Person::new(&peer, "sally").with_key(1);
        let elsewhere = Peer::new().await;
        let mallory = Person::new(&elsewhere, "mallory").with_key(2);
        let create = paul.create(&paul.note("<p>Bonjour</p>"));
        for (by, scheme) in [
            (&sally, Scheme::Cavage),
            (&mallory, Scheme::Cavage),
            (&mallory, Scheme::Rfc9421),
        ] {
            let mut delivery = world.post(by, &create);
            delivery.scheme = scheme;
            assert_eq!(world.send(delivery.request()).await.status, UNAUTHORIZED);
        }
        // For a letter of another server no key is even looked up.
        assert_eq!(elsewhere.fetches(), 0);
        let mut wrong_key = paul.clone();
        wrong_key.key = mallory.key.clone();
        assert_eq!(world.deliver(&wrong_key, &create).await, UNAUTHORIZED);
        assert_eq!(world.count("federation_received").await, 0);
        assert_eq!(world.deliver(&paul, &create).await, ACCEPTED);
    })
    .await;
}

#[tokio::test]
async fn every_inbox_of_ours_takes_and_those_of_nobody_do_not() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let inbox = |actor: &crate::Actor| actor.inbox.trim_start_matches("https://parvis.test").to_owned();
        for (path, wanted) in [
            (inbox(&world.mayor), ACCEPTED),
            ("/inbox".to_owned(), ACCEPTED),
            ("/ap/instance/inbox".to_owned(), ACCEPTED),
            (inbox(&world.dark), StatusCode::NOT_FOUND),
            ("/ap/actors/7/inbox".to_owned(), StatusCode::NOT_FOUND),
            ("/ap/actors/x/inbox".to_owned(), StatusCode::NOT_FOUND),
            (
                format!("/ap/actors/0{}/inbox", world.mayor.id),
                StatusCode::NOT_FOUND,
            ),
        ] {
            let like = paul.activity("Like", json!(world.mayor.uri));
            let mut delivery = world.post(&paul, &like);
            delivery.path = path.clone();
            let answer = world.send(delivery.request()).await;
            assert_eq!(answer.status, wanted, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_end_of_a_stranger_is_no_news() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let gone = Person::new(&peer, "partie");
        peer.serve("/users/partie", super::Reply::status(410));
        let farewell = gone.activity("Delete", json!(gone.id));
        assert_eq!(world.deliver(&gone, &farewell).await, ACCEPTED);
        assert_eq!(peer.fetches(), 0);
        assert_eq!(world.count("federation_received").await, 0);
        // Unsigned it is not even that.
        let mut unsigned = world.post(&gone, &farewell);
        unsigned.changed.push(("signature", None));
        assert_eq!(world.send(unsigned.request()).await.status, UNAUTHORIZED);
    })
    .await;
}
