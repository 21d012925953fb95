//! What actors of other servers say of themselves: changed, gone, moved.

use std::sync::{Arc, Mutex};

use serde_json::json;

use super::{Peer, Person, Reply, World, on_each};
use crate::{actors, follows};

async fn follow_as_mayor(world: &World, whom: &Person) {
    let target = actors::resolve(&world.ctx, &whom.id).await.unwrap();
    let mut tx = world.ctx.db.begin().await.unwrap();
    follows::follow(&world.ctx, &mut tx, &world.mayor, &target)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let follow = world.said().await.pop().unwrap();
    world.takes(whom, &whom.activity("Accept", follow)).await;
}

#[tokio::test]
async fn a_changed_profile_is_read_from_its_server() {
    on_each(|world| async move {
        let mut paul = Person::new(&Peer::new().await, "paul");
        world
            .takes(&paul, &paul.activity("Follow", json!(world.mayor.uri)))
            .await;
        paul.document["name"] = json!("Paul \u{202e}Martin<b>");
        paul.document["summary"] = json!("<p>Bonjour <script>x</script></p>");
        paul.publish();
        let mut lie = paul.document.clone();
        lie["name"] = json!("Le maire");
        world.takes(&paul, &paul.activity("Update", lie)).await;
        let actor = world.actor(&paul.id).await.unwrap();
        assert_eq!(actor.name, "Paul Martin<b>");
        assert!(!actor.summary.contains("script"));
        // By its address alone as well.
        paul.document["name"] = json!("Paul");
        paul.publish();
        world.takes(&paul, &paul.activity("Update", json!(paul.id))).await;
        assert_eq!(world.actor(&paul.id).await.unwrap().name, "Paul");
        assert_eq!(world.given(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn nobody_changes_ends_or_moves_another() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let sally = Person::new(&peer, "sally").with_key(1);
        let mallory = Person::new(&Peer::new().await, "mallory").with_key(2);
        follow_as_mayor(&world, &paul).await;
        world
            .takes(&paul, &paul.activity("Follow", json!(world.mayor.uri)))
            .await;
        let before = world.actor(&paul.id).await.unwrap();
        for liar in [&sally, &mallory] {
            let mut stolen = paul.document.clone();
            stolen["name"] = json!("Volé");
            stolen["inbox"] = json!(liar.peer.at("/inbox"));
            let mut moved = liar.activity("Move", json!(paul.id));
            moved["target"] = json!(liar.id);
            for activity in [
                liar.activity("Update", stolen),
                liar.activity("Delete", json!(paul.id)),
                liar.activity("Delete", json!({ "id": paul.id, "type": "Tombstone" })),
                moved,
            ] {
                world.takes(liar, &activity).await;
            }
        }
        assert_eq!(world.actor(&paul.id).await.unwrap(), before);
        assert_eq!(world.followers().await, 1);
        // And Paul can still speak: what others buried of him counts for nothing.
        world.takes(&paul, &paul.create(&paul.note("Toujours là"))).await;
        assert_eq!(world.given().last().map(String::as_str), Some("Create"));
    })
    .await;
}

#[tokio::test]
async fn who_is_gone_leaves_nothing_and_cannot_come_back_by_a_late_letter() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        follow_as_mayor(&world, &paul).await;
        world
            .takes(&paul, &paul.activity("Follow", json!(world.mayor.uri)))
            .await;
        let late = paul.create(&paul.note("Trop tard"));
        world.takes(&paul, &paul.activity("Delete", json!(paul.id))).await;
        let actor = world.actor(&paul.id).await.unwrap();
        assert!(actor.deleted_at.is_some() && actor.name.is_empty());
        assert_eq!(world.count("federation_follow").await, 0);
        assert_eq!(world.count("federation_key WHERE private_der IS NULL").await, 0);
        assert!(actors::is_buried(&world.ctx, &paul.id).await.unwrap());
        let _answer = world.deliver(&paul, &late).await;
        world.work().await;
        assert_eq!(world.given(), Vec::<String>::new());
        assert!(actors::resolve(&world.ctx, &paul.id).await.is_err());
        assert!(actors::refresh(&world.ctx, &paul.id).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn who_is_gone_with_its_key_is_believed_by_its_server() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        world
            .takes(&paul, &paul.activity("Follow", json!(world.mayor.uri)))
            .await;
        // We lost the key, and its server shows it no more.
        world.ctx.memory().keys.clear();
        let mut tx = world.ctx.db.begin().await.unwrap();
        let id = world.actor(&paul.id).await.unwrap().id;
        crate::store::actors::forget_keys(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        let farewell = paul.activity("Delete", json!(paul.id));
        peer.serve("/users/paul", Reply::status(404));
        assert_eq!(world.deliver(&paul, &farewell).await.as_u16(), 401);
        world.later(120);
        peer.serve("/users/paul", Reply::status(410));
        world.takes(&paul, &farewell).await;
        assert!(world.actor(&paul.id).await.unwrap().deleted_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn the_rooms_hear_of_followers_and_of_those_who_go() {
    on_each(|world| async move {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let mut objects = crate::objects::Objects::default();
        let ear = heard.clone();
        objects.on_follow(move |_, follower, followed, accepted| {
            ear.lock().unwrap().push(format!(
                "{} follows {}: {accepted}",
                follower.handle, followed.handle
            ));
            async { Ok(()) }
        });
        let ear = heard.clone();
        objects.on_actor_gone(move |_, actor| {
            ear.lock().unwrap().push(format!("{} is gone", actor.handle));
            async { Ok(()) }
        });
        let ctx = crate::Ctx::new(
            world.ctx.platform().clone(),
            world.ctx.federation().clone(),
            objects,
        );
        let paul = Person::new(&Peer::new().await, "paul");
        for activity in [
            paul.activity("Follow", json!(world.mayor.uri)),
            paul.activity("Delete", json!(paul.id)),
        ] {
            assert_eq!(world.deliver(&paul, &activity).await.as_u16(), 202);
            crate::receive::run_due(&ctx, &world.inbox).await.unwrap();
        }
        assert_eq!(
            *heard.lock().unwrap(),
            ["paul follows maire-eze: true", "paul is gone"]
        );
    })
    .await;
}

#[tokio::test]
async fn who_moves_is_followed_if_the_new_one_agrees() {
    on_each(|world| async move {
        let old = Person::new(&Peer::new().await, "paul");
        let mut new = Person::new(&Peer::new().await, "paul").with_key(1);
        follow_as_mayor(&world, &old).await;
        let mut moved = old.activity("Move", json!(old.id));
        moved["target"] = json!(new.id);
        world.takes(&old, &moved).await;
        let refused = world.received().await;
        assert_eq!(refused.last().unwrap().1, "refused");

        new.document["alsoKnownAs"] = json!([old.id]);
        new.publish();
        let mut moved = old.activity("Move", json!(old.id));
        moved["target"] = json!(new.id);
        world.takes(&old, &moved).await;
        let new_actor = world.actor(&new.id).await.unwrap();
        let old_actor = world.actor(&old.id).await.unwrap();
        assert_eq!(old_actor.moved_to.as_deref(), Some(new.id.as_str()));
        let follow = |whom| follows::between(&world.ctx, world.mayor.id, whom);
        assert!(follow(old_actor.id).await.unwrap().is_none());
        assert!(!follow(new_actor.id).await.unwrap().unwrap().accepted);
        let said = world.said().await;
        let last: Vec<_> = said.iter().rev().take(2).map(|a| a["type"].clone()).collect();
        assert_eq!(last, ["Undo", "Follow"]);

        // Not again within a week.
        let mut third = Person::new(&Peer::new().await, "paul").with_key(2);
        third.document["alsoKnownAs"] = json!(old.id);
        third.publish();
        let mut again = old.activity("Move", json!(old.id));
        again["target"] = json!(third.id);
        world.takes(&old, &again).await;
        assert_eq!(world.received().await.last().unwrap().1, "ignored");
        world.later(8 * 24 * 3600);
        let mut again = old.activity("Move", json!(old.id));
        again["target"] = json!(third.id);
        world.takes(&old, &again).await;
        assert_eq!(world.received().await.last().unwrap().1, "done");
    })
    .await;
}
