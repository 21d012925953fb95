//! Reading other servers: what is believed, what is refused, what it may cost.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Peer, Person, Reply, World, on_each};
use crate::fetch::{self, FetchError, budget};
use crate::{actors, policy};

async fn refused(world: &World, uri: &str) -> FetchError {
    fetch::object(&world.ctx, uri).await.unwrap_err()
}

#[tokio::test]
async fn an_object_lies_at_its_id() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let note = paul.note("Bonjour");
        let id = note["id"].as_str().unwrap().to_owned();
        let object = fetch::object(&world.ctx, &id).await.unwrap();
        assert_eq!(object["content"], "Bonjour");
        // By its page, which shows the document of another address.
        peer.serve("/@paul/1", Reply::json(&note));
        let object = fetch::object(&world.ctx, &peer.at("/@paul/1")).await.unwrap();
        assert_eq!(object["id"], id);
        peer.serve("/@paul/2", Reply::redirect(&id));
        let object = fetch::object(&world.ctx, &peer.at("/@paul/2")).await.unwrap();
        assert_eq!(object["id"], id);
        let requests = peer.seen();
        let signed = |name: &str| requests.iter().all(|seen| seen.headers.contains_key(name));
        assert!(signed("signature") && signed("date"));
        assert!(
            requests[0].headers["signature"]
                .to_str()
                .unwrap()
                .contains("https://parvis.test/ap/instance#main-key")
        );
    })
    .await;
}

#[tokio::test]
async fn documents_that_lie_about_where_they_are_from_are_refused() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let other = Peer::new().await;
        let mallory = Person::new(&other, "mallory");
        let note = paul.note("De Paul");
        other.serve("/notes/liar", Reply::json(&note));
        assert!(matches!(
            refused(&world, &other.at("/notes/liar")).await,
            FetchError::Refused(_)
        ));
        // Another port is another server.
        let mut twin = mallory.note("Voisin");
        twin["id"] = json!(peer.at("/notes/voisin"));
        other.serve("/notes/voisin", Reply::json(&twin));
        assert!(matches!(
            refused(&world, &other.at("/notes/voisin")).await,
            FetchError::Refused(_)
        ));
        // The id of its own server, where there is something else, or nothing.
        let mut moved = note.clone();
        moved["id"] = json!(peer.at("/notes/none"));
        peer.serve("/notes/here", Reply::json(&moved));
        assert_eq!(
            refused(&world, &peer.at("/notes/here")).await,
            FetchError::Status(404)
        );
        // In another one's name.
        let stolen = other.publish(
            "/notes/stolen",
            json!({ "type": "Note", "attributedTo": paul.id }),
        );
        assert!(matches!(refused(&world, &stolen).await, FetchError::Refused(_)));
        let two = other.publish(
            "/notes/two",
            json!({ "type": "Note", "attributedTo": [mallory.id, { "id": paul.id }] }),
        );
        assert!(matches!(refused(&world, &two).await, FetchError::Refused(_)));
        // Without an id, or not a document.
        for body in ["{}", "[]", "\"x\"", "{\"id\":7}", "{\"id\":\"\"}", "", "{"] {
            other.serve("/odd", Reply::text("application/activity+json", body));
            assert!(
                matches!(refused(&world, &other.at("/odd")).await, FetchError::Refused(_)),
                "{body}"
            );
            world.later(120);
        }
    })
    .await;
}

#[tokio::test]
async fn only_documents_of_activitypub_are_read() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        for (number, kind) in [
            "text/html",
            "application/json",
            "application/ld+json",
            "text/plain",
            "application/activity+jsonx",
        ]
        .into_iter()
        .enumerate()
        {
            let path = format!("/uploads/{number}");
            let body = json!({ "id": peer.at(&path), "type": "Note" }).to_string();
            peer.serve(&path, Reply::text(kind, body));
            assert!(
                matches!(refused(&world, &peer.at(&path)).await, FetchError::Refused(_)),
                "{kind}"
            );
        }
        let typed = json!({ "id": peer.at("/typed"), "type": "Note" }).to_string();
        let twice =
            Reply::text("application/activity+json", typed.clone()).header("content-type", "text/html");
        peer.serve("/typed", twice);
        assert!(matches!(
            refused(&world, &peer.at("/typed")).await,
            FetchError::Refused(_)
        ));
        world.later(120);
        let kind = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
        peer.serve("/typed", Reply::text(kind, typed));
        assert!(fetch::object(&world.ctx, &peer.at("/typed")).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn bombs_loops_and_depths_are_refused() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let kind = "application/activity+json";
        peer.serve("/big", Reply::text(kind, vec![b' '; 1_100_000]));
        peer.serve(
            "/packed",
            Reply::text(kind, packed(50_000_000)).header("content-encoding", "gzip"),
        );
        peer.serve("/odd", Reply::text(kind, "x").header("content-encoding", "br"));
        peer.serve("/deep", Reply::text(kind, "{\"a\":".repeat(50_000)));
        peer.serve("/loop", Reply::redirect("/loop"));
        for n in 0..40 {
            peer.serve(
                &format!("/chain/{n}"),
                Reply::redirect(&format!("/chain/{}", n + 1)),
            );
        }
        for path in ["/big", "/packed", "/odd", "/deep", "/loop", "/chain/0"] {
            peer.forget();
            let error = refused(&world, &peer.at(path)).await;
            assert!(
                matches!(error, FetchError::Refused(_) | FetchError::Unreachable(_)),
                "{path}: {error:?}"
            );
            assert!(peer.fetches() <= 5, "{path}");
        }
        for target in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "//",
            "http://",
            "http://10.0.0.7/",
        ] {
            peer.serve("/away", Reply::redirect(target));
            let error = refused(&world, &peer.at("/away")).await;
            assert!(matches!(error, FetchError::Refused(_)), "{target}: {error:?}");
            world.later(120);
        }
    })
    .await;
}

/// So many blanks, in gzip.
fn packed(length: usize) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(&vec![b' '; length]).unwrap();
    writer.finish().unwrap()
}

#[tokio::test]
async fn our_own_and_private_and_blocked_addresses_are_never_asked() {
    on_each(|world| async move {
        for uri in [
            "https://parvis.test/ap/posts/1",
            "https://PARVIS.test/ap/posts/1",
            "http://10.0.0.7/x",
            "http://169.254.169.254/latest",
            "http://[::ffff:10.0.0.7]/x",
            "ftp://peer.test/x",
            "bonjour",
        ] {
            assert!(
                matches!(refused(&world, uri).await, FetchError::Refused(_)),
                "{uri}"
            );
        }
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        policy::add(&world.ctx, &peer.base, policy::Rule::Block, "trial")
            .await
            .unwrap();
        assert_eq!(refused(&world, &paul.id).await, FetchError::Blocked);
        assert_eq!(
            actors::lookup(&world.ctx, &format!("@paul@{}", peer.authority()))
                .await
                .unwrap_err(),
            FetchError::Blocked
        );
        assert_eq!(peer.fetches(), 0);
        // Nor by a redirect.
        let other = Peer::new().await;
        other.serve("/x", Reply::redirect(&paul.id));
        assert_eq!(refused(&world, &other.at("/x")).await, FetchError::Blocked);
        assert_eq!(peer.fetches(), 0);
    })
    .await;
}

#[tokio::test]
async fn one_deed_asks_for_twenty_documents_at_most() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let base = peer.base.clone();
        peer.otherwise(move |seen| {
            Reply::json(&json!({ "id": format!("{base}{}", seen.target), "type": "Note" }))
        });
        let got = budget::within(async {
            let mut got = 0;
            for number in 0..100 {
                let uri = peer.at(&format!("/notes/{number}"));
                got += u32::from(fetch::object(&world.ctx, &uri).await.is_ok());
            }
            got
        })
        .await;
        assert_eq!((got, peer.fetches()), (20, 20));
    })
    .await;
}

#[tokio::test]
async fn failures_are_remembered_for_a_moment_and_things_for_none() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let uri = peer.at("/notes/1");
        for _ in 0..10 {
            assert_eq!(refused(&world, &uri).await, FetchError::Status(404));
        }
        assert_eq!(peer.fetches(), 1);
        world.later(16);
        peer.publish("/notes/1", json!({ "type": "Note", "content": "un" }));
        assert_eq!(fetch::object(&world.ctx, &uri).await.unwrap()["content"], "un");
        peer.publish("/notes/1", json!({ "type": "Note", "content": "deux" }));
        assert_eq!(fetch::object(&world.ctx, &uri).await.unwrap()["content"], "deux");
        peer.serve("/notes/1", Reply::status(410));
        assert_eq!(refused(&world, &uri).await, FetchError::Gone);
    })
    .await;
}

#[tokio::test]
async fn an_actor_is_kept_for_a_day() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let mut paul = Person::new(&peer, "paul");
        let first = actors::resolve(&world.ctx, &paul.id).await.unwrap();
        paul.document["name"] = json!("Nouveau");
        paul.publish();
        peer.forget();
        let kept = actors::resolve(&world.ctx, &paul.id).await.unwrap();
        assert_eq!((kept.name.as_str(), peer.fetches()), ("paul", 0));
        world.later(25 * 3600);
        world.ctx.memory().documents.clear();
        let again = actors::resolve(&world.ctx, &paul.id).await.unwrap();
        assert_eq!((again.name.as_str(), again.id), ("Nouveau", first.id));
        // Its server away, it stays as it was.
        world.later(25 * 3600);
        world.ctx.memory().documents.clear();
        peer.serve("/users/paul", Reply::status(500));
        let kept = actors::resolve(&world.ctx, &paul.id).await.unwrap();
        assert_eq!(kept.name, "Nouveau");
    })
    .await;
}

#[tokio::test]
async fn a_name_is_what_webfinger_and_the_actor_both_say() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let handle = format!("paul@{}", peer.authority());
        let found = actors::lookup(&world.ctx, &handle).await.unwrap().unwrap();
        assert_eq!(found.uri, paul.id);
        assert!(
            actors::lookup(&world.ctx, &format!("nobody@{}", peer.authority()))
                .await
                .unwrap()
                .is_none()
        );
        // A name that belongs to somebody else.
        let liar = Person::new(&peer, "menteur");
        liar.named(&paul.id, &format!("acct:menteur@{}", peer.authority()));
        assert!(actors::resolve(&world.ctx, &liar.id).await.is_err());
        assert!(
            actors::lookup(&world.ctx, &format!("menteur@{}", peer.authority()))
                .await
                .is_err()
        );
        assert!(world.actor(&liar.id).await.is_none());
        // Another host claims Paul.
        let other = Peer::new().await;
        let mallory = Person::new(&other, "paul");
        mallory.named(&paul.id, &format!("acct:paul@{}", other.authority()));
        assert!(
            actors::lookup(&world.ctx, &format!("paul@{}", other.authority()))
                .await
                .is_err()
        );
        // Names at a host of their own, which points back.
        let front = Peer::new().await;
        let anne = Person::new(&peer, "anne");
        let at_front = Person::new(&front, "anne");
        let subject = format!("acct:anne@{}", front.authority());
        anne.named(&anne.id, &subject);
        at_front.named(&anne.id, &subject);
        let actor = actors::resolve(&world.ctx, &anne.id).await.unwrap();
        assert_eq!(actor.host, front.authority());
        // Or that does not: then its own server's name stands.
        let jean = Person::new(&peer, "jean");
        jean.named(&jean.id, &format!("acct:jean@{}", front.authority()));
        let actor = actors::resolve(&world.ctx, &jean.id).await.unwrap();
        assert_eq!(actor.host, peer.authority());
    })
    .await;
}

#[tokio::test]
async fn a_slow_server_costs_one_deadline_and_then_nothing() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        peer.serve("/slow", Reply::json(&Value::Null).slow(Duration::from_secs(3600)));
        let began = std::time::Instant::now();
        assert!(refused(&world, &peer.at("/slow")).await.is_temporary());
        assert!(began.elapsed() < Duration::from_secs(15));
        let began = std::time::Instant::now();
        for _ in 0..20 {
            assert!(refused(&world, &peer.at("/slow")).await.is_temporary());
        }
        assert!(began.elapsed() < Duration::from_secs(1));
    })
    .await;
}
