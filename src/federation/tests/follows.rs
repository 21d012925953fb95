//! Who follows whom: asked, answered, undone, blocked, by relays.

use serde_json::{Value, json};

use super::{Peer, Person, World, on_each};
use crate::{Audience, Visibility, actors, follows, outbox};

fn kinds(said: &[Value]) -> Vec<&str> {
    said.iter()
        .map(|activity| activity["type"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_follow_is_accepted_and_its_id_echoed() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        let mut follow = paul.activity("Follow", json!(world.mayor.uri));
        follow["id"] = json!(format!("{}#follows/1", paul.id));
        world.takes(&paul, &follow).await;
        assert_eq!(world.followers().await, 1);
        let said = world.said().await;
        assert_eq!(kinds(&said), ["Accept"]);
        assert_eq!(said[0]["actor"], world.mayor.uri);
        assert_eq!(said[0]["object"]["id"], follow["id"]);
        assert_eq!(said[0]["object"]["actor"], paul.id);
        assert_eq!(said[0]["to"], json!([paul.id]));
        assert_eq!(world.count("federation_delivery").await, 1);
        // Asked again, under the same id or another, it is answered again and followed once.
        world.later(1);
        world.takes(&paul, &follow).await;
        world
            .takes(
                &paul,
                &paul.activity("Follow", json!({ "id": world.mayor.uri, "type": "Person" })),
            )
            .await;
        assert_eq!(world.followers().await, 1);
        assert_eq!(kinds(&world.said().await), ["Accept"; 3]);
    })
    .await;
}

#[tokio::test]
async fn a_follow_of_who_is_dark_or_nobody_has_no_answer() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        for target in [
            world.dark.uri.clone(),
            "https://parvis.test/ap/actors/7".to_owned(),
            "https://parvis.test/ap/posts/1".to_owned(),
            "https://parvis.test/@maire-eze".to_owned(),
            "https://autre.test/users/x".to_owned(),
        ] {
            world.takes(&paul, &paul.activity("Follow", json!(target))).await;
        }
        assert_eq!(world.count("federation_follow").await, 0);
        assert_eq!(world.said().await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn an_undone_follow_is_undone_by_its_id_and_by_who_followed_whom() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        let follow = paul.activity("Follow", json!(world.mayor.uri));
        let by_both = json!({ "type": "Follow", "actor": paul.id, "object": world.mayor.uri });
        for undone in [follow["id"].clone(), follow.clone(), by_both] {
            world
                .takes(&paul, &paul.activity("Follow", json!(world.mayor.uri)))
                .await;
            let mut again = follow.clone();
            again["id"] = follow["id"].clone();
            world.takes(&paul, &again).await;
            let is_by_id = undone.is_string();
            if is_by_id {
                assert_eq!(world.followers().await, 1);
            }
            world.takes(&paul, &paul.activity("Undo", undone.clone())).await;
            assert_eq!(world.followers().await, 0, "{undone}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_follow_that_was_undone_before_it_came_has_no_effect() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        let follow = paul.activity("Follow", json!(world.mayor.uri));
        world.takes(&paul, &paul.activity("Undo", follow.clone())).await;
        world.takes(&paul, &follow).await;
        assert_eq!(world.followers().await, 0);
        assert_eq!(world.said().await.len(), 0);
        // A new one counts.
        world
            .takes(&paul, &paul.activity("Follow", json!(world.mayor.uri)))
            .await;
        assert_eq!(world.followers().await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_follow_that_ended_is_not_revived_by_its_replay() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        let without_id = json!({ "type": "Follow", "actor": paul.id, "object": world.mayor.uri });
        for end in [
            paul.activity("Undo", without_id),
            paul.activity("Block", json!(world.mayor.uri)),
        ] {
            let follow = paul.activity("Follow", json!(world.mayor.uri));
            let delivery = world.post(&paul, &follow);
            assert_eq!(world.send(delivery.request()).await.status.as_u16(), 202);
            world.work().await;
            // The answer may have been lost: as long as it stands it is answered again.
            let answers = world.said().await.len();
            world.ctx.memory().replays.clear();
            world.later(5);
            world.takes(&paul, &follow).await;
            assert_eq!(world.said().await.len(), answers + 1);
            assert_eq!(world.followers().await, 1);
            world.takes(&paul, &end).await;
            assert_eq!(world.followers().await, 0, "{end}");
            // Another process, which does not remember the request.
            world.ctx.memory().replays.clear();
            assert_eq!(world.send(delivery.request()).await.status.as_u16(), 202);
            world.work().await;
            assert_eq!(world.followers().await, 0, "{end}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_follow_is_undone_by_its_id_however_that_is_spelt() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        for path in ["/f/%c3%a9lan", "/f/%7Enora", "/f/é"] {
            let mut follow = paul.activity("Follow", json!(world.mayor.uri));
            let id = format!("{}{path}", peer.base);
            follow["id"] = json!(id);
            world.takes(&paul, &follow).await;
            assert_eq!(world.followers().await, 1, "{id}");
            assert_eq!(
                world.said().await.last().unwrap()["object"]["id"],
                id,
                "echoed as sent"
            );
            world.takes(&paul, &paul.activity("Undo", json!(id))).await;
            assert_eq!(world.followers().await, 0, "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stranger_who_says_nothing_that_counts_leaves_no_trace() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let before = (
            world.count("federation_actor").await,
            world.count("federation_key").await,
        );
        let anne = Person::new(&peer, "anne");
        for activity in [
            anne.activity("Foo", json!(world.mayor.uri)),
            anne.activity("Accept", json!("https://parvis.test/ap/activities/1")),
            anne.activity("Follow", json!("https://parvis.test/ap/actors/9")),
        ] {
            world.takes(&anne, &activity).await;
        }
        let after = (
            world.count("federation_actor").await,
            world.count("federation_key").await,
        );
        assert_eq!(after, before);
        world
            .takes(&anne, &anne.activity("Follow", json!(world.mayor.uri)))
            .await;
        world
            .takes(&anne, &anne.activity("Foo", json!(world.mayor.uri)))
            .await;
        assert_eq!(world.followers().await, 1);
    })
    .await;
}

#[tokio::test]
async fn nobody_undoes_the_follow_of_another() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let sally = Person::new(&peer, "sally").with_key(1);
        let follow = paul.activity("Follow", json!(world.mayor.uri));
        world.takes(&paul, &follow).await;
        for undone in [follow["id"].clone(), follow.clone()] {
            world.takes(&sally, &sally.activity("Undo", undone)).await;
        }
        assert_eq!(world.followers().await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_locked_actor_decides_for_itself() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        let mut tx = world.ctx.db.begin().await.unwrap();
        let change = actors::ProfileChange {
            locked: Some(true),
            ..Default::default()
        };
        actors::change_profile(&world.ctx, &mut tx, world.mayor.id, change)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        world
            .takes(&paul, &paul.activity("Follow", json!(world.mayor.uri)))
            .await;
        assert_eq!(world.followers().await, 0);
        let follower = world.actor(&paul.id).await.unwrap();
        let waiting = follows::requests(&world.ctx, world.mayor.id).await.unwrap();
        assert_eq!(waiting, [follower.id]);
        let mut tx = world.ctx.db.begin().await.unwrap();
        let done = follows::accept_request(&world.ctx, &mut tx, &world.mayor, &follower)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(done);
        assert_eq!(world.followers().await, 1);
        let said = world.said().await;
        assert_eq!(said.last().unwrap()["type"], "Accept");
        let mut tx = world.ctx.db.begin().await.unwrap();
        follows::reject(&world.ctx, &mut tx, &world.mayor, &follower)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(world.followers().await, 0);
        assert_eq!(world.said().await.last().unwrap()["type"], "Reject");
    })
    .await;
}

/// The mayor asks to follow somebody; gives the Follow as sent.
async fn asks(world: &World, whom: &Person) -> Value {
    let target = actors::resolve(&world.ctx, &whom.id).await.unwrap();
    let mut tx = world.ctx.db.begin().await.unwrap();
    follows::follow(&world.ctx, &mut tx, &world.mayor, &target)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    world.said().await.pop().unwrap()
}

async fn is_following(world: &World, whom: &Person) -> Option<bool> {
    let target = world.actor(&whom.id).await.unwrap();
    let follow = follows::between(&world.ctx, world.mayor.id, target.id)
        .await
        .unwrap();
    follow.map(|follow| follow.accepted)
}

#[tokio::test]
async fn only_the_one_who_was_asked_answers() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let anne = Person::new(&peer, "anne");
        let sally = Person::new(&peer, "sally").with_key(1);
        let mallory = Person::new(&Peer::new().await, "mallory").with_key(2);
        let follow = asks(&world, &anne).await;
        for liar in [&sally, &mallory] {
            for object in [follow.clone(), follow["id"].clone()] {
                world.takes(liar, &liar.activity("Accept", object.clone())).await;
                world.takes(liar, &liar.activity("Reject", object)).await;
            }
        }
        let invented = json!({ "type": "Follow", "actor": world.mayor.uri, "object": mallory.id });
        world.takes(&mallory, &mallory.activity("Accept", invented)).await;
        assert_eq!(is_following(&world, &anne).await, Some(false));
        assert_eq!(world.count("federation_follow").await, 1);
        world.takes(&anne, &anne.activity("Accept", follow.clone())).await;
        assert_eq!(is_following(&world, &anne).await, Some(true));
        world
            .takes(&mallory, &mallory.activity("Reject", follow.clone()))
            .await;
        assert_eq!(is_following(&world, &anne).await, Some(true));
        world
            .takes(&anne, &anne.activity("Reject", follow["id"].clone()))
            .await;
        assert_eq!(is_following(&world, &anne).await, None);
    })
    .await;
}

#[tokio::test]
async fn an_answer_may_name_the_follow_in_every_way() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        for (number, name) in ["a", "b", "c"].into_iter().enumerate() {
            let person = Person::new(&peer, name);
            let follow = asks(&world, &person).await;
            let object = match number {
                0 => follow["id"].clone(),
                1 => json!({ "type": "Follow", "actor": world.mayor.uri, "object": person.id }),
                _ => json!({ "id": "https://parvis.test/unknown", "type": "Follow", "actor": { "id": world.mayor.uri }, "object": { "id": person.id } }),
            };
            world
                .takes(&person, &person.activity("Accept", object.clone()))
                .await;
            assert_eq!(is_following(&world, &person).await, Some(true), "{object}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_block_ends_following_both_ways() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        world
            .takes(&paul, &paul.activity("Follow", json!(world.mayor.uri)))
            .await;
        asks(&world, &paul).await;
        assert_eq!(world.count("federation_follow").await, 2);
        world
            .takes(&paul, &paul.activity("Block", json!(world.mayor.uri)))
            .await;
        assert_eq!(world.count("federation_follow").await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_server_itself_is_followed_by_its_relays_alone() {
    on_each(|world| async move {
        let instance = crate::instance_uri(&world.ctx);
        let paul = Person::new(&Peer::new().await, "paul");
        world
            .takes(&paul, &paul.activity("Follow", json!(instance)))
            .await;
        let said = world.said().await;
        assert_eq!(kinds(&said), ["Reject"]);
        assert_eq!(said[0]["actor"], instance);
        assert_eq!(world.count("federation_follow").await, 0);

        let peer = Peer::new().await;
        let mut relay = Person::new(&peer, "relay");
        relay.document["type"] = json!("Application");
        relay.publish();
        let asked = crate::relay::add(&world.ctx, &peer.at("/inbox"))
            .await
            .unwrap()
            .follow_uri;
        let follow = json!({ "id": asked, "type": "Follow", "actor": instance, "object": crate::PUBLIC });
        // Somebody else cannot accept in its place.
        world.takes(&paul, &paul.activity("Accept", follow.clone())).await;
        assert_eq!(world.count("federation_relay WHERE state = 'pending'").await, 1);
        world.takes(&relay, &relay.activity("Accept", follow)).await;
        assert_eq!(world.count("federation_relay WHERE state = 'accepted'").await, 1);
        world
            .takes(&relay, &relay.activity("Follow", json!(instance)))
            .await;
        assert_eq!(world.said().await.last().unwrap()["type"], "Accept");

        // It hears of a deletion, and of its undoing.
        let note = "https://parvis.test/ap/posts/1";
        let audience = Audience::of(&world.mayor, Visibility::Public, &[]);
        let mut tx = world.ctx.db.begin().await.unwrap();
        let delete = json!({ "type": "Delete", "object": note });
        outbox::say(&world.ctx, &mut tx, &world.mayor, delete, &audience)
            .await
            .unwrap();
        outbox::undo_delete(&world.ctx, &mut tx, &world.mayor, note, &audience)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let to_relay = "federation_delivery d JOIN federation_activity a ON a.id = d.activity_id
                        JOIN federation_relay r ON r.inbox = d.inbox WHERE a.kind IN ('Delete', 'Undo')";
        assert_eq!(world.count(to_relay).await, 2);

        // What it passes on as it is becomes an Announce of its own, and no more.
        let anne = Person::new(&Peer::new().await, "anne").with_key(1);
        let note = anne.note("Relayée");
        let mut forwarded = anne.create(&note);
        forwarded["object"]["content"] = json!("Falsifiée");
        world.takes(&relay, &forwarded).await;
        let given = world.given.lock().unwrap().pop().unwrap();
        assert_eq!(given.kind, "Announce");
        assert_eq!(given.actor.uri, relay.id);
        assert_eq!(given.object, note["id"]);
        // Another person of the relay's server carries nothing.
        let clerk = Person::new(&peer, "clerk").with_key(2);
        assert_eq!(world.deliver(&clerk, &anne.create(&note)).await.as_u16(), 401);
    })
    .await;
}
