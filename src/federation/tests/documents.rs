//! What we show of ourselves: actors, objects, collections, activities; to whom, and in which form.

use serde_json::{Value, json};

use super::{Peer, Person, World, on_each, on_each_with};
use crate::keys::PublicKey;
use crate::signatures::Proof;
use crate::store::actors as store;
use crate::{Actor, Audience, Config, Visibility, actors, follows, outbox};

fn path_of(uri: &str) -> String {
    uri.trim_start_matches("https://parvis.test").to_owned()
}

#[tokio::test]
async fn an_actor_is_a_document_for_servers_and_a_page_for_people() {
    on_each(|world| async move {
        let path = path_of(&world.mayor.uri);
        for accept in [
            "application/activity+json",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/activity+json, text/html;q=0.1",
            "application/json",
        ] {
            let answer = world.get(&path, accept).await;
            assert_eq!(answer.status.as_u16(), 200, "{accept}");
            assert_eq!(answer.header("content-type"), "application/activity+json");
            let vary: Vec<&str> = answer
                .headers
                .get_all("vary")
                .iter()
                .map(|value| value.to_str().unwrap())
                .collect();
            assert!(
                vary.iter()
                    .any(|value| value.contains("Accept") && value.contains("Signature")),
                "{vary:?}"
            );
        }
        for accept in ["text/html", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8"] {
            let answer = world.get(&path, accept).await;
            assert_eq!(
                (answer.status.as_u16(), answer.header("location")),
                (303, "/@maire-eze"),
                "{accept}"
            );
        }
        assert_eq!(world.get(&path, "image/png").await.status.as_u16(), 406);
        let actor = world.document(&path).await.json();
        assert_eq!(actor["id"], world.mayor.uri);
        assert_eq!(actor["type"], "Person");
        assert_eq!(actor["webfinger"], "maire-eze@parvis.test");
        assert_eq!(actor["endpoints"]["sharedInbox"], "https://parvis.test/inbox");
        assert!(PublicKey::from_pem(actor["publicKey"]["publicKeyPem"].as_str().unwrap()).is_ok());
        assert!(actor["@context"].is_array());
        let head = http::Request::head(&path)
            .header("accept", "application/activity+json")
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(world.send(head).await.status.as_u16(), 200);
        let instance = world.document("/ap/instance").await.json();
        assert_eq!(instance["type"], "Application");
        for name in ["outbox", "followers", "following", "featured"] {
            let answer = world.document(&format!("/ap/instance/{name}")).await;
            assert_eq!(answer.json()["totalItems"], 0, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_dark_is_missing_in_the_same_words_as_nobody() {
    on_each(|world| async move {
        let dark = path_of(&world.dark.uri);
        for suffix in ["", "/outbox", "/followers", "/following", "/featured", "/inbox"] {
            let mut bodies = Vec::new();
            for base in [dark.as_str(), "/ap/actors/117000000000000000"] {
                let answer = world.document(&format!("{base}{suffix}")).await;
                let mut body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
                if let Some(map) = body.as_object_mut() {
                    map.remove("reference");
                }
                bodies.push((answer.status, body));
            }
            assert_eq!(bodies[0], bodies[1], "{suffix}");
            assert!(bodies[0].0.is_client_error());
        }
    })
    .await;
}

/// `follower` follows `followee`, accepted.
async fn follows(world: &World, follower: &Actor, followee: &Actor) {
    let mut tx = world.ctx.db.begin().await.unwrap();
    follows::follow(&world.ctx, &mut tx, follower, followee)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn followers_are_listed_page_by_page_without_those_who_are_dark() {
    on_each(|world| async move {
        follows(&world, &world.dark, &world.mayor).await;
        let mut uris = vec![world.dark.uri.clone()];
        for number in 0..90 {
            let mut tx = world.ctx.db.begin().await.unwrap();
            let new = super::world::office(&format!("c{number}"), true);
            let citizen = actors::create_local(&world.ctx, &mut tx, new, None)
                .await
                .unwrap();
            follows::follow(&world.ctx, &mut tx, &citizen, &world.mayor)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            uris.push(citizen.uri);
        }
        let path = format!("{}/followers", path_of(&world.mayor.uri));
        let root = world.document(&path).await.json();
        assert_eq!(root["type"], "OrderedCollection");
        assert_eq!(root["totalItems"], 91);
        let mut next = root["first"].as_str().map(path_of);
        let mut listed = Vec::new();
        let mut pages = 0;
        while let Some(path) = next {
            let page = world.document(&path).await.json();
            assert_eq!(page["type"], "OrderedCollectionPage");
            assert_eq!(page["partOf"], root["id"]);
            let items = page["orderedItems"].as_array().unwrap();
            listed.extend(items.iter().map(|item| item.as_str().unwrap().to_owned()));
            next = page["next"].as_str().map(path_of);
            pages += 1;
        }
        assert_eq!((pages, listed.len()), (3, 90));
        assert!(!listed.contains(&world.dark.uri));
        listed.sort();
        listed.dedup();
        assert_eq!(listed.len(), 90);
        for odd in ["?page=true&max_id=x", "?page=true&max_id=99999999999999999999"] {
            let answer = world
                .document(&format!(
                    "{path_root}{odd}",
                    path_root = path_of(root["id"].as_str().unwrap())
                ))
                .await;
            assert_eq!(answer.status.as_u16(), 400, "{odd}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_followers_of_a_server_are_for_that_server_alone() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let anne = Person::new(&peer, "anne").with_key(1);
        let other = Person::new(&Peer::new().await, "autre").with_key(2);
        for person in [&paul, &anne, &other] {
            world
                .takes(person, &person.activity("Follow", json!(world.mayor.uri)))
                .await;
        }
        let path = format!("{}/followers_synchronization", path_of(&world.mayor.uri));
        let answer = world.get_signed(&path, &paul).await;
        let mut items = answer.json()["orderedItems"].as_array().unwrap().clone();
        items.sort_by_key(ToString::to_string);
        assert_eq!(items, [json!(anne.id), json!(paul.id)]);
        assert_eq!(answer.header("cache-control"), "private, no-store");
        let answer = world.get_signed(&path, &other).await;
        assert_eq!(answer.json()["orderedItems"], json!([other.id]));
        assert_eq!(world.document(&path).await.status.as_u16(), 404);
        let mut forged = paul.clone();
        forged.key = other.key.clone();
        assert_eq!(world.get_signed(&path, &forged).await.status.as_u16(), 404);
    })
    .await;
}

/// The mayor says something; gives the path of the activity.
async fn says(world: &World, activity: Value, visibility: Visibility, mentioned: &[Actor]) -> String {
    let mut tx = world.ctx.db.begin().await.unwrap();
    let audience = Audience::of(&world.mayor, visibility, mentioned);
    let id = outbox::say(&world.ctx, &mut tx, &world.mayor, activity, &audience)
        .await
        .unwrap()
        .unwrap();
    tx.commit().await.unwrap();
    format!("/ap/activities/{id}")
}

fn create(id: i64) -> Value {
    let note = json!({ "id": format!("https://parvis.test/ap/posts/{id}"), "type": "Note", "content": "x" });
    json!({ "type": "Create", "object": note })
}

#[tokio::test]
async fn the_outbox_holds_what_is_public_with_its_proof() {
    on_each(|world| async move {
        let public = says(&world, create(1), Visibility::Public, &[]).await;
        says(&world, create(2), Visibility::Followers, &[]).await;
        says(
            &world,
            json!({ "type": "Like", "object": "https://peer.test/1" }),
            Visibility::Public,
            &[],
        )
        .await;
        let path = format!("{}/outbox", path_of(&world.mayor.uri));
        let root = world.document(&path).await.json();
        assert_eq!(root["totalItems"], 1);
        let page = world
            .document(&path_of(root["first"].as_str().unwrap()))
            .await
            .json();
        let items = page["orderedItems"].as_array().unwrap();
        assert_eq!(items.len(), 1);
        assert_eq!(items[0]["object"]["id"], "https://parvis.test/ap/posts/1");

        let activity = world.document(&public).await.json();
        let proof = Proof::read(&activity, world.ctx.clock.now()).unwrap();
        assert_eq!(proof.verification_method(), world.mayor.proof_key_id());
        let key = store::key(&world.ctx.db, &world.mayor.proof_key_id())
            .await
            .unwrap()
            .unwrap();
        let key = PublicKey::from_der(&key.public_der).unwrap();
        proof.verify(&key).unwrap();
        let mut altered = activity.clone();
        altered["object"]["content"] = json!("y");
        let proof = Proof::read(&altered, world.ctx.clock.now()).unwrap();
        assert!(proof.verify(&key).is_err());
        // Taken back, it is in the list no more.
        let mut tx = world.ctx.db.begin().await.unwrap();
        outbox::unlist(&mut tx, world.mayor.id, "https://parvis.test/ap/posts/1")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(world.document(&path).await.json()["totalItems"], 0);
    })
    .await;
}

#[tokio::test]
async fn an_activity_is_read_by_those_it_is_for_and_goes_with_its_object() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let anne = Person::new(&peer, "anne").with_key(1);
        for person in [&paul, &anne] {
            world
                .takes(person, &person.activity("Like", json!(world.mayor.uri)))
                .await;
        }
        let paul_here = world.actor(&paul.id).await.unwrap();
        let direct = says(&world, create(2), Visibility::Direct, &[paul_here]).await;
        assert_eq!(world.document(&direct).await.status.as_u16(), 404);
        assert_eq!(world.get_signed(&direct, &anne).await.status.as_u16(), 404);
        let answer = world.get_signed(&direct, &paul).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(answer.json().get("proof"), None, "nothing private is proven");

        let to_followers = says(
            &world,
            json!({ "type": "Like", "object": "https://peer.test/1" }),
            Visibility::Followers,
            &[],
        )
        .await;
        assert_eq!(world.get_signed(&to_followers, &anne).await.status.as_u16(), 404);
        world
            .takes(&anne, &anne.activity("Follow", json!(world.mayor.uri)))
            .await;
        assert_eq!(world.get_signed(&to_followers, &anne).await.status.as_u16(), 200);

        // The post 3 was deleted, the post 4 never was.
        let deleted = says(&world, create(3), Visibility::Public, &[]).await;
        assert_eq!(world.document(&deleted).await.status.as_u16(), 410);
        let missing = says(&world, create(4), Visibility::Public, &[]).await;
        assert_eq!(world.document(&missing).await.status.as_u16(), 404);
    })
    .await;
}

#[tokio::test]
async fn objects_are_shown_by_their_owner_to_those_who_may_read_them() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let anne = Person::new(&peer, "anne").with_key(1);
        for person in [&paul, &anne] {
            world
                .takes(person, &person.activity("Like", json!(world.mayor.uri)))
                .await;
        }
        let public = world.document("/ap/posts/1").await;
        assert_eq!(public.json()["content"], "<p>1</p>");
        assert!(public.json()["@context"].is_array());
        let page = world.get("/ap/posts/1", "text/html").await;
        assert_eq!(page.header("location"), "/eze-06/actualites/1");
        let gone = world.document("/ap/posts/3").await;
        assert_eq!(
            (gone.status.as_u16(), gone.json()["type"].clone()),
            (410, json!("Tombstone"))
        );
        assert_eq!(world.get("/ap/posts/3", "text/html").await.status.as_u16(), 410);

        let plain = |answer: super::world::Answered| {
            let mut body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
            if let Some(map) = body.as_object_mut() {
                map.remove("reference");
            }
            (answer.status, body)
        };
        let missing = plain(world.document("/ap/posts/9").await);
        assert_eq!(missing.0.as_u16(), 404);
        assert_eq!(plain(world.document("/ap/posts/2").await), missing);
        assert_eq!(plain(world.get_signed("/ap/posts/2", &anne).await), missing);
        assert_eq!(world.get("/ap/posts/2", "text/html").await.status.as_u16(), 404);
        let restricted = world.get_signed("/ap/posts/2", &paul).await;
        assert_eq!(restricted.json()["content"], "<p>2</p>");
        assert_eq!(restricted.header("cache-control"), "private, no-store");
        for odd in ["01", "+1", "x", "1.0", "99999999999999999999", "-1", "%31%00"] {
            let answer = world.document(&format!("/ap/posts/{odd}")).await;
            assert!(answer.status.is_client_error(), "{odd}: {}", answer.status);
        }
        assert_eq!(world.document("/ap/unknown/1").await.status.as_u16(), 404);
    })
    .await;
}

#[tokio::test]
async fn collections_under_objects_turn_page_by_page() {
    on_each(|world| async move {
        let root = world.document("/ap/posts/1/replies").await.json();
        assert_eq!(
            (&root["type"], &root["totalItems"]),
            (&json!("OrderedCollection"), &json!(100))
        );
        let mut next = root["first"].as_str().map(path_of);
        let mut listed = 0;
        while let Some(path) = next {
            let page = world.document(&path).await.json();
            listed += page["orderedItems"].as_array().unwrap().len();
            next = page["next"].as_str().map(path_of);
        }
        assert_eq!(listed, 100);
        for path in [
            "/ap/posts/2/replies",
            "/ap/posts/1/unknown",
            "/ap/posts/9/replies",
        ] {
            assert_eq!(world.document(path).await.status.as_u16(), 404, "{path}");
        }
        assert_eq!(world.document("/ap/posts/3/replies").await.status.as_u16(), 410);
    })
    .await;
}

#[tokio::test]
async fn with_authorized_fetch_only_those_who_sign_read_and_keys_stay_readable() {
    let config = Config {
        authorized_fetch: true,
        ..Config::default()
    };
    on_each_with(config, |world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let path = path_of(&world.mayor.uri);
        let stub = world.document(&path).await.json();
        assert!(stub["publicKey"].is_object());
        assert_eq!(stub.get("name"), None);
        assert_eq!(world.document("/ap/instance").await.status.as_u16(), 200);
        for path in ["/ap/posts/1", "/ap/posts/1/replies", &format!("{path}/outbox")] {
            let answer = world.document(path).await;
            assert_eq!(answer.status.as_u16(), 401, "{path}");
            assert!(answer.header("accept-signature").contains("@target-uri"));
            assert_eq!(world.get_signed(path, &paul).await.status.as_u16(), 200, "{path}");
        }
        assert_eq!(
            world.get_signed(&path, &paul).await.json()["name"],
            "Mairie maire-eze"
        );
        crate::policy::add(&world.ctx, &peer.base, crate::policy::Rule::Block, "")
            .await
            .unwrap();
        assert_eq!(world.get_signed("/ap/posts/1", &paul).await.status.as_u16(), 403);
    })
    .await;
}

#[tokio::test]
async fn who_speaks_with_nobody_has_no_door() {
    let config = Config {
        enabled: false,
        ..Config::default()
    };
    on_each_with(config, |world| async move {
        for path in [
            "/ap/instance",
            "/.well-known/webfinger?resource=acct:maire-eze@parvis.test",
            "/.well-known/nodeinfo",
        ] {
            assert_eq!(world.document(path).await.status.as_u16(), 404, "{path}");
        }
        let error = crate::fetch::object(&world.ctx, "http://127.0.0.1:9/x")
            .await
            .unwrap_err();
        assert!(matches!(error, crate::fetch::FetchError::Refused(_)));
    })
    .await;
}
