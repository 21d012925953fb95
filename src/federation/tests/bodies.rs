//! Bodies no peer should send: types, sizes, depth, characters.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Peer, Person, World, on_each};

const ACCEPTED: StatusCode = StatusCode::ACCEPTED;
const BAD: StatusCode = StatusCode::BAD_REQUEST;

async fn raw(world: &World, by: &Person, body: impl Into<Vec<u8>>) -> StatusCode {
    let mut delivery = world.post(by, &json!({}));
    delivery.body = body.into();
    world.send(delivery.request()).await.status
}

#[tokio::test]
async fn only_the_two_types_of_activitypub_are_read() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        for (kind, wanted) in [
            ("text/html", 415),
            ("text/plain", 415),
            ("application/json", 415),
            ("application/ld+json", 415),
            ("application/ld+json; profile=\"https://example.org/other\"", 415),
            ("application/x-www-form-urlencoded", 415),
            ("multipart/form-data; boundary=x", 415),
            ("application/activity+jsonx", 415),
            ("application/activity+json, text/html", 415),
            ("application/activity+json; charset=utf-8", 202),
            ("application/activity+json;charset=UTF-8", 202),
            ("Application/Activity+JSON", 202),
            (
                "application/ld+json;profile=\"https://www.w3.org/ns/activitystreams\"",
                202,
            ),
            (
                "application/ld+json; charset=\"utf-8\"; profile=\"https://www.w3.org/ns/activitystreams\"",
                202,
            ),
        ] {
            let create = paul.create(&paul.note("type"));
            let mut delivery = world.post(&paul, &create);
            delivery.media_type = kind.to_owned();
            let answer = world.send(delivery.request()).await;
            assert_eq!(answer.status.as_u16(), wanted, "{kind}");
        }
        let mut packed = world.post(&paul, &json!({}));
        packed.changed.push(("content-encoding", Some("gzip".to_owned())));
        assert_eq!(world.send(packed.request()).await.status.as_u16(), 415);
        let mut none = world.post(&paul, &json!({}));
        none.changed.push(("content-type", None));
        assert_eq!(world.send(none.request()).await.status.as_u16(), 415);
        assert_eq!(world.count("federation_received").await, 5);
    })
    .await;
}

#[tokio::test]
async fn a_megabyte_is_the_most() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let note = |length: usize| {
            let mut note = paul.note("");
            note["content"] = json!("x".repeat(length));
            paul.create(&note)
        };
        assert_eq!(world.deliver(&paul, &note(2_000_000)).await.as_u16(), 413);
        let fits = 1024 * 1024 - note(0).to_string().len() - 10;
        assert_eq!(world.deliver(&paul, &note(fits)).await, ACCEPTED);
        let mut claimed = world.post(&paul, &json!({}));
        claimed
            .changed
            .push(("content-length", Some("2000000000".to_owned())));
        assert_eq!(world.send(claimed.request()).await.status.as_u16(), 413);
        // In chunks, without a length.
        let chunks: Vec<Result<Vec<u8>, std::io::Error>> = (0..30).map(|_| Ok(vec![b' '; 100_000])).collect();
        let mut chunked = world.post(&paul, &json!({})).request();
        *chunked.body_mut() = axum::body::Body::from_stream(futures_util::stream::iter(chunks));
        assert_eq!(world.send(chunked).await.status.as_u16(), 413);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_activity_is_refused_and_leaves_nothing() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let good = paul.create(&paul.note("bon"));
        let text = good.to_string();
        let with = |name: &str, value: Value| {
            let mut changed = good.clone();
            changed[name] = value;
            changed.to_string().into_bytes()
        };
        let mut deep = good.clone();
        for _ in 0..60 {
            deep = paul.activity("Undo", deep);
        }
        let bodies: Vec<Vec<u8>> = vec![
            Vec::new(),
            text[..text.len() / 2].into(),
            format!("[{text}]").into(),
            "\"Create\"".into(),
            "null".into(),
            "42".into(),
            text.replace("bon", "\u{e9}")
                .chars()
                .map(|c| c as u32 as u8)
                .collect(),
            text.replace("bon", "\\ud800").into(),
            text.replace("bon", "bon\\u0000").into(),
            format!("{text}\0").into(),
            format!("{text}{text}").into(),
            format!("/* */{text}").into(),
            text.replacen("\"Create\"", "NaN", 1).into(),
            format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000)).into(),
            format!("{{\"type\":{}}}", "9".repeat(100_000)).into(),
            format!("{{\"{}\":1}}", "k".repeat(900_000)).into(),
            deep.to_string().into(),
            with("type", json!(null)),
            with("type", json!("Create\n")),
            with("type", json!("Create\0")),
            with("id", json!("bonjour")),
            with("id", json!(format!("{}\0", good["id"].as_str().unwrap()))),
            with("id", json!("https://autre.test/activities/1")),
            with("id", json!("https://parvis.test/ap/activities/1")),
            with("actor", json!([])),
            with("actor", json!([paul.id, "https://autre.test/users/x"])),
            with("object", json!(null)),
            with("object", json!([])),
            with("object", json!(7)),
            with("@graph", json!([good["object"]])),
            with("@included", json!([])),
            with("@reverse", json!({})),
        ];
        for body in bodies {
            let shown = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
            assert_eq!(raw(&world, &paul, body).await, BAD, "{shown}");
        }
        assert_eq!(world.count("federation_received").await, 0);
        assert_eq!(peer.fetches(), 0, "nothing was fetched for it");
    })
    .await;
}

#[tokio::test]
async fn crowds_are_taken_in_and_ask_nothing_of_anybody() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let picture = json!({ "type": "Image", "mediaType": "image/png", "url": peer.at("/p.png") });
        let mention = |n: usize| json!({ "type": "Mention", "href": peer.at(&format!("/users/m{n}")) });
        for (name, value) in [
            ("attachment", json!(vec![picture; 5_000])),
            ("tag", json!((0..5_000).map(mention).collect::<Vec<_>>())),
            ("content", json!("<b>".repeat(10_000))),
        ] {
            let mut note = paul.note("foule");
            note[name] = value;
            world.takes(&paul, &paul.create(&note)).await;
        }
        assert_eq!(world.given(), ["Create"; 3]);
        let paths: Vec<String> = peer.seen().into_iter().map(|seen| seen.target).collect();
        assert!(
            paths
                .iter()
                .all(|path| path == "/users/paul" || path.starts_with("/.well-known/")),
            "{paths:?}"
        );
        assert_eq!(world.count("federation_actor").await, 4);
    })
    .await;
}

#[tokio::test]
async fn unknown_kinds_are_recorded_and_have_no_effect() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        for kind in ["View", "Arrive", "x:Hug", "QuoteRequest"] {
            world
                .takes(&paul, &paul.activity(kind, json!(world.mayor.uri)))
                .await;
        }
        let states: Vec<String> = world
            .received()
            .await
            .into_iter()
            .map(|(_, state, _)| state)
            .collect();
        assert_eq!(states, ["ignored"; 4]);
        assert_eq!(world.said().await.len(), 0);
    })
    .await;
}
