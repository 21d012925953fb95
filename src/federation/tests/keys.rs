//! Changed keys and rare forms are taken; confused, weak and flooding ones are not.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::peer::KEYS;
use super::{Peer, Person, Reply, World, on_each};

const ACCEPTED: StatusCode = StatusCode::ACCEPTED;
const UNAUTHORIZED: StatusCode = StatusCode::UNAUTHORIZED;

async fn says(world: &World, person: &Person) -> StatusCode {
    let create = person.create(&person.note("Bonjour"));
    world.deliver(person, &create).await
}

#[tokio::test]
async fn a_changed_key_is_read_again_and_not_more_often_than_every_five_minutes() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let anne = Person::new(&peer, "anne");
        assert_eq!(says(&world, &anne).await, ACCEPTED);
        world.work().await;
        let changed = anne.clone().with_key(1);
        assert_eq!(says(&world, &changed).await, ACCEPTED);
        // In the database too: a restart does not bring the old one back.
        world.ctx.memory().keys.clear();
        peer.forget();
        assert_eq!(says(&world, &anne).await, UNAUTHORIZED);
        let mut forged = anne.clone();
        forged.key = KEYS[2].clone();
        for _ in 0..20 {
            assert_eq!(says(&world, &forged).await, UNAUTHORIZED);
        }
        assert_eq!(peer.fetches(), 0);
        world.later(301);
        for _ in 0..20 {
            says(&world, &forged).await;
        }
        assert_eq!(peer.fetches(), 1);
        assert_eq!(says(&world, &changed).await, ACCEPTED);
    })
    .await;
}

#[tokio::test]
async fn a_key_that_another_process_saw_change_is_believed_a_minute_at_most() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let anne = Person::new(&peer, "anne");
        assert_eq!(says(&world, &anne).await, ACCEPTED);
        world.work().await;
        world.ctx.memory().keys.clear();
        assert_eq!(says(&world, &anne).await, ACCEPTED);
        // What this process knows is what another one still knows after the change.
        let key_id = anne.key_id.clone();
        let old = world.ctx.memory().keys.get(&key_id).unwrap();
        assert!(old.is_stored);
        let changed = anne.clone().with_key(1);
        assert_eq!(says(&world, &changed).await, ACCEPTED);
        world.ctx.memory().keys.insert(key_id, old);
        assert_eq!(says(&world, &anne).await, ACCEPTED);
        world.later(61);
        assert_eq!(says(&world, &anne).await, UNAUTHORIZED);
        assert_eq!(says(&world, &changed).await, ACCEPTED);
    })
    .await;
}

#[tokio::test]
async fn rare_forms_of_keys_are_found() {
    on_each(|world| async move {
        let pem = KEYS[0].public_key().to_pem();
        let fresh = |name: &'static str| async move { Person::new(&Peer::new().await, name) };

        let mut a = fresh("liste").await;
        let other = json!({ "id": format!("{}#other", a.id), "owner": a.id, "publicKeyPem": KEYS[1].public_key().to_pem() });
        a.document["publicKey"] = json!([other, a.document["publicKey"]]);
        a.publish();
        assert_eq!(says(&world, &a).await, ACCEPTED, "one of a list");

        let mut a = fresh("chemin").await;
        a.key_id = format!("{}/main-key", a.id);
        a.document["publicKey"]["id"] = json!(a.key_id);
        a.publish();
        let stub = json!({
            "id": a.id, "type": "Person", "preferredUsername": "chemin", "publicKey": a.document["publicKey"],
        });
        a.peer.serve("/users/chemin/main-key", Reply::json(&stub));
        assert_eq!(says(&world, &a).await, ACCEPTED, "a path of its own");
        world.work().await;

        let mut a = fresh("apart").await;
        a.key_id = a.peer.publish(
            "/keys/1",
            json!({ "type": "Key", "owner": a.id, "publicKeyPem": pem }),
        );
        a.document["publicKey"] = json!(a.key_id);
        a.publish();
        assert_eq!(says(&world, &a).await, ACCEPTED, "a document of its own");

        let mut a = fresh("nu").await;
        a.key_id = a.id.clone();
        assert_eq!(says(&world, &a).await, ACCEPTED, "the actor itself");

        let mut a = fresh("question").await;
        a.key_id = format!("{}?key=1", a.id);
        a.document["publicKey"]["id"] = json!(a.key_id);
        a.publish();
        a.peer
            .serve("/users/question?key=1", Reply::json(&a.document));
        assert_eq!(says(&world, &a).await, ACCEPTED, "a query");
    })
    .await;
}

#[tokio::test]
async fn a_key_and_its_owner_must_name_each_other() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let elsewhere = Peer::new().await;
        let mallory = Person::new(&elsewhere, "mallory").with_key(1);
        let mut forged = paul.clone();
        forged.key = mallory.key.clone();
        let pem = mallory.key.public_key().to_pem();

        // On another host.
        forged.key_id = elsewhere.publish(
            "/keys/paul",
            json!({ "type": "Key", "owner": paul.id, "publicKeyPem": pem }),
        );
        assert_eq!(says(&world, &forged).await, UNAUTHORIZED);
        // On Paul's own host, where somebody could upload a document: Paul does not list it.
        forged.key_id = peer.publish(
            "/uploads/key",
            json!({ "type": "Key", "owner": paul.id, "publicKeyPem": pem }),
        );
        assert_eq!(says(&world, &forged).await, UNAUTHORIZED);
        // Sally lists a key under Paul's key id.
        let mut sally = Person::new(&peer, "sally").with_key(1);
        sally.document["publicKey"]["id"] = json!(paul.key_id);
        sally.publish();
        sally.key_id = paul.key_id.clone();
        assert_eq!(says(&world, &sally).await, UNAUTHORIZED);
        for wrong in [
            "",
            "bonjour",
            "//",
            "acct:paul@127.0.0.1",
            "https://parvis.test/ap/instance#main-key",
        ] {
            forged.key_id = wrong.to_owned();
            if wrong.is_empty() {
                continue;
            }
            let status = says(&world, &forged).await;
            assert!(status.is_client_error(), "{wrong}: {status}");
        }
        forged.key_id = format!("{}#autre", paul.id);
        assert_eq!(says(&world, &forged).await, UNAUTHORIZED);
        assert_eq!(world.count("federation_received").await, 0);
        assert_eq!(says(&world, &paul).await, ACCEPTED);
    })
    .await;
}

#[tokio::test]
async fn broken_keys_are_no_keys() {
    on_each(|world| async move {
        let good = KEYS[0].public_key().to_pem();
        for pem in [
            json!(null),
            json!(""),
            json!("bonjour"),
            json!(7),
            json!(good[..200]),
            json!(good.clone() + &"A".repeat(900_000)),
            json!(good.replace("PUBLIC KEY", "CERTIFICATE")),
        ] {
            let mut a = Person::new(&Peer::new().await, "cassee");
            a.document["publicKey"]["publicKeyPem"] = pem.clone();
            a.publish();
            assert_eq!(says(&world, &a).await, UNAUTHORIZED, "{pem:.60}");
        }
        for status in [204, 206, 304, 400, 404, 410, 429, 500, 503] {
            let a = Person::new(&Peer::new().await, "absente");
            a.peer.serve("/users/absente", Reply::status(status));
            assert_eq!(says(&world, &a).await, UNAUTHORIZED, "{status}");
        }
    })
    .await;
}

/// A thousand signatures with a thousand key ids of one host, whatever it answers.
#[tokio::test]
async fn a_flood_of_key_ids_causes_ten_fetches_at_most() {
    on_each(|world| async move {
        let answers: [fn(&Person, &str) -> Reply; 3] = [
            |_, _| Reply::status(404),
            |many, path| {
                let mut document = many.document.clone();
                document["id"] = json!(many.peer.at(path));
                Reply::json(&document)
            },
            |many, path| {
                // An actor in perfect order, whose key is another one.
                let mut document = many.document.clone();
                let id = many.peer.at(path);
                document["publicKey"]["id"] = json!(format!("{id}#main-key"));
                document["publicKey"]["owner"] = json!(id);
                document["id"] = json!(id);
                Reply::json(&document)
            },
        ];
        for answer in answers {
            let peer = Peer::new().await;
            let many = Person::new(&peer, "foule");
            let template = many.clone();
            peer.otherwise(move |seen| answer(&template, &seen.target));
            let mut forged = many.clone();
            forged.key = KEYS[3].clone();
            let mut statuses = std::collections::BTreeSet::new();
            for number in 0..1_000 {
                forged.id = peer.at(&format!("/users/f{number}"));
                forged.key_id = format!("{}#main-key", forged.id);
                let activity = forged.activity("Like", json!(world.mayor.uri));
                statuses.insert(world.deliver(&forged, &activity).await.as_u16());
            }
            assert!(peer.fetches() <= 10, "{}", peer.fetches());
            assert!(statuses.is_subset(&[401, 429].into()), "{statuses:?}");
        }
        // Nobody else is held back for it.
        let other = Person::new(&Peer::new().await, "autre");
        assert_eq!(says(&world, &other).await, ACCEPTED);
    })
    .await;
}

#[tokio::test]
async fn many_people_of_one_server_who_come_for_the_first_time_are_let_in() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        for number in 0..60 {
            let person = Person::new(&peer, &format!("p{number}"));
            assert_eq!(says(&world, &person).await, ACCEPTED, "{number}");
        }
        world.work().await;
        assert_eq!(world.given().len(), 60);
    })
    .await;
}

#[tokio::test]
async fn one_new_key_asked_for_at_once_is_fetched_once() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        peer.serve(
            "/users/paul",
            Reply::json(&paul.document).slow(Duration::from_millis(200)),
        );
        let sent = (0..20).map(|_| says(&world, &paul));
        let statuses = futures_util::future::join_all(sent).await;
        assert!(statuses.iter().all(|status| *status == ACCEPTED), "{statuses:?}");
        assert_eq!(peer.fetches(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_key_that_a_server_shows_only_to_those_who_sign_is_found() {
    on_each(|world| async move {
        for modern in [false, true] {
            let strict = Peer::new().await;
            let paul = Person::new(&strict, "paul");
            // The route answers only to the scheme it likes.
            let shown = paul.document.clone();
            strict.remove("/users/paul");
            strict.otherwise(move |seen| {
                let signed = seen.headers.contains_key("signature");
                let is_modern = seen.headers.contains_key("signature-input");
                if signed && is_modern == modern {
                    Reply::json(&shown)
                } else {
                    Reply::status(401)
                }
            });
            assert_eq!(says(&world, &paul).await, ACCEPTED, "modern: {modern}");
            let first = strict.fetches();
            world.work().await;
            // The scheme is remembered: no second knock any more.
            world.ctx.memory().documents.clear();
            strict.forget();
            crate::actors::refresh(&world.ctx, &paul.id).await.unwrap();
            assert_eq!(strict.fetches(), 1, "first {first}");
        }
    })
    .await;
}
