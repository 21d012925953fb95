//! Replays, duplicates, and deeds that arrive out of order.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::json;

use super::{Peer, Person, Reply, World, on_each};
use crate::{Inbox, Verdict, claims, receive};

#[tokio::test]
async fn a_replay_has_no_second_effect_also_after_an_undo() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        let like = paul.activity("Like", json!("https://parvis.test/ap/posts/1"));
        let delivery = world.post(&paul, &like);
        for _ in 0..3 {
            let answer = world.send(delivery.request()).await;
            assert_eq!(answer.status.as_u16(), 202);
            world.work().await;
        }
        assert_eq!(world.given(), ["Like"]);
        world.takes(&paul, &paul.activity("Undo", like.clone())).await;
        assert_eq!(world.send(delivery.request()).await.status.as_u16(), 202);
        world.later(5);
        world.takes(&paul, &like).await;
        // Another process, which does not remember the request.
        world.ctx.memory().replays.clear();
        assert_eq!(world.send(delivery.request()).await.status.as_u16(), 202);
        world.work().await;
        assert_eq!(world.given(), ["Like", "Undo"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_undone_or_deleted_before_it_came_has_no_effect() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        let like = paul.activity("Like", json!("https://parvis.test/ap/posts/1"));
        let boost = paul.activity("Announce", json!("https://parvis.test/ap/posts/1"));
        world.takes(&paul, &paul.activity("Undo", like.clone())).await;
        world
            .takes(&paul, &paul.activity("Undo", boost["id"].clone()))
            .await;
        let note = paul.note("Jamais vu");
        let tombstone = json!({ "id": note["id"], "type": "Tombstone" });
        world.takes(&paul, &paul.activity("Delete", tombstone)).await;
        world.given.lock().unwrap().clear();
        world.takes(&paul, &like).await;
        world.takes(&paul, &boost).await;
        world.takes(&paul, &paul.create(&note)).await;
        world.takes(&paul, &paul.activity("Update", note.clone())).await;
        assert_eq!(world.given(), Vec::<String>::new());
        let error = crate::fetch::object(&world.ctx, note["id"].as_str().unwrap())
            .await
            .unwrap_err();
        assert_eq!(error, crate::fetch::FetchError::Gone);
    })
    .await;
}

#[tokio::test]
async fn what_waits_behind_its_own_undo_or_delete_has_no_effect() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        let like = paul.activity("Like", json!("https://parvis.test/ap/posts/1"));
        let note = paul.note("Jamais vu");
        for activity in [
            paul.activity("Undo", like.clone()),
            paul.activity("Delete", note["id"].clone()),
            like,
            paul.create(&note),
            paul.activity("Like", json!("https://parvis.test/ap/posts/3")),
        ] {
            assert_eq!(world.deliver(&paul, &activity).await.as_u16(), 202);
        }
        world.work().await;
        assert_eq!(world.given(), ["Undo", "Delete", "Like"]);
        assert_eq!(
            world.count("federation_received WHERE state = 'waiting'").await,
            0
        );
    })
    .await;
}

#[tokio::test]
async fn one_cannot_undo_or_delete_beforehand_what_another_will_say() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let sally = Person::new(&peer, "sally").with_key(1);
        let like = paul.activity("Like", json!("https://parvis.test/ap/posts/1"));
        let note = paul.note("Bonjour");
        let mut taken = sally.activity("Like", json!("https://parvis.test/ap/posts/1"));
        taken["id"] = like["id"].clone();
        for activity in [
            sally.activity("Undo", like["id"].clone()),
            sally.activity("Delete", note["id"].clone()),
            taken,
        ] {
            world.takes(&sally, &activity).await;
        }
        world.given.lock().unwrap().clear();
        world.takes(&paul, &like).await;
        world.takes(&paul, &paul.create(&note)).await;
        assert_eq!(world.given(), ["Like", "Create"]);
    })
    .await;
}

#[tokio::test]
async fn spellings_of_an_id_are_one_id() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        let note = paul.note("Une fois");
        let id = note["id"].as_str().unwrap();
        let create = paul.create(&note);
        world.takes(&paul, &create).await;
        let activity = create["id"].as_str().unwrap();
        for spelling in [
            activity.replace("http://", "HTTP://"),
            activity.replace("/activities/", "/./activities/"),
            activity.replace("/activities/", "/x/../activities/"),
            activity.replace("/activities/", "/%61ctivities/"),
            format!("{activity}#"),
        ] {
            let mut twin = create.clone();
            twin["id"] = json!(spelling);
            world.takes(&paul, &twin).await;
        }
        assert_eq!(world.given(), ["Create"]);
        for spelling in [
            id.replace("/notes/", "/n%6ftes/"),
            id.replace("/notes/", "/./notes/"),
            format!("{id}?"),
        ] {
            let mut twin = note.clone();
            twin["id"] = json!(spelling);
            world.takes(&paul, &paul.create(&twin)).await;
            let given = world.given.lock().unwrap().pop().unwrap();
            assert_eq!(given.object_id(), Some(id), "the rooms see one id");
        }
        let mut twin = create.clone();
        twin["id"] = json!(activity.replace("http://", "http://me@"));
        assert_eq!(world.deliver(&paul, &twin).await.as_u16(), 400);
    })
    .await;
}

/// An inbox whose room wants to be asked again some times.
fn moody(refusals: u32) -> (Arc<Inbox>, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let mut inbox = Inbox::default();
    claims(&mut inbox);
    let count = asked.clone();
    inbox.on("Create", "*").then("moody", move |_, _| {
        let asked = count.fetch_add(1, Ordering::SeqCst);
        async move {
            if asked < refusals {
                Verdict::Retry("not now".to_owned())
            } else {
                Verdict::Done
            }
        }
    });
    (Arc::new(inbox), asked)
}

#[tokio::test]
async fn what_could_not_be_taken_in_is_tried_again_and_given_up_at_last() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        let (inbox, asked) = moody(2);
        assert_eq!(
            world
                .deliver(&paul, &paul.create(&paul.note("Patience")))
                .await
                .as_u16(),
            202
        );
        for wanted in [1, 2, 3, 3] {
            receive::run_due(&world.ctx, &inbox).await.unwrap();
            assert_eq!(asked.load(Ordering::SeqCst), wanted);
            world.later(40);
        }
        assert_eq!(world.received().await[0].1, "done");
        let (inbox, asked) = moody(u32::MAX);
        assert_eq!(
            world
                .deliver(&paul, &paul.create(&paul.note("Jamais")))
                .await
                .as_u16(),
            202
        );
        for _ in 0..20 {
            receive::run_due(&world.ctx, &inbox).await.unwrap();
            world.later(9 * 3600);
        }
        assert_eq!(asked.load(Ordering::SeqCst), 8);
        assert_eq!(world.received().await[1].1, "refused");
        assert_eq!(world.count("federation_received WHERE body IS NOT NULL").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_room_that_panics_takes_nobody_with_it() {
    on_each(|world| async move {
        let mut inbox = Inbox::default();
        claims(&mut inbox);
        inbox
            .on("Create", "*")
            .then("broken", |_, _| async { panic!("on purpose") });
        let paul = Person::new(&Peer::new().await, "paul");
        let anne = Person::new(&Peer::new().await, "anne");
        world.deliver(&paul, &paul.create(&paul.note("Panique"))).await;
        world
            .deliver(&anne, &anne.activity("Follow", json!(world.mayor.uri)))
            .await;
        receive::run_due(&world.ctx, &inbox).await.unwrap();
        assert_eq!(world.followers().await, 1);
        assert_eq!(world.received().await[0].1, "waiting");
    })
    .await;
}

#[tokio::test]
async fn an_actor_that_cannot_be_read_now_is_tried_again() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        world.deliver(&paul, &paul.create(&paul.note("Bonjour"))).await;
        peer.serve("/users/paul", Reply::status(503));
        world.ctx.memory().documents.clear();
        world.work().await;
        assert_eq!(world.given(), Vec::<String>::new());
        assert_eq!(world.received().await[0].1, "waiting");
        paul.publish();
        world.later(120);
        world.work().await;
        assert_eq!(world.given(), ["Create"]);
    })
    .await;
}

/// Waits for something with a bound.
async fn until(mut holds: impl FnMut() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it never came");
}

#[tokio::test]
async fn many_arrivals_share_commits_and_keep_the_order_of_each_actor() {
    on_each(|world: World| async move {
        receive::start(&world.ctx, world.inbox.clone()).await.unwrap();
        let mut people = Vec::new();
        for name in ["a", "b", "c", "d"] {
            people.push(Person::new(&Peer::new().await, name));
        }
        // Their keys and rows are known.
        for person in &people {
            let hello = person.activity("Like", json!("https://parvis.test/ap/posts/1"));
            assert_eq!(world.deliver(person, &hello).await.as_u16(), 202);
        }
        let letters = |person: &Person| {
            let person = person.clone();
            let world = &world;
            async move {
                for number in 0..50 {
                    let mut note = person.note("x");
                    note["content"] = json!(number.to_string());
                    let status = world.deliver(&person, &person.create(&note)).await;
                    assert_eq!(status.as_u16(), 202);
                }
            }
        };
        futures_util::future::join_all(people.iter().map(letters)).await;
        until(|| world.given.lock().unwrap().len() == 204).await;
        let given = world.given.lock().unwrap().clone();
        for person in &people {
            let numbers: Vec<i64> = given
                .iter()
                .filter(|envelope| envelope.actor.uri == person.id && envelope.kind == "Create")
                .map(|envelope| envelope.object["content"].as_str().unwrap().parse().unwrap())
                .collect();
            assert_eq!(numbers, (0..50).collect::<Vec<_>>());
        }
        world.ctx.work.stop();
        world.ctx.work.stopped(Duration::from_secs(5)).await;
    })
    .await;
}

#[tokio::test]
async fn old_records_are_forgotten_and_waiting_ones_are_not() {
    on_each(|world: World| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        world.takes(&paul, &paul.create(&paul.note("Vieux"))).await;
        let mut tx = world.ctx.db.begin().await.unwrap();
        let now = world.ctx.clock.now();
        crate::store::received::purge(&mut tx, now).await.unwrap();
        assert_eq!(
            crate::store::received::purge(&mut tx, now.plus(Duration::from_millis(1)))
                .await
                .unwrap(),
            1
        );
        tx.commit().await.unwrap();
        world.deliver(&paul, &paul.create(&paul.note("Attend"))).await;
        let mut tx = world.ctx.db.begin().await.unwrap();
        let later = now.plus(Duration::from_secs(1));
        assert_eq!(crate::store::received::purge(&mut tx, later).await.unwrap(), 0);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_was_said_to_few_is_forgotten_once_it_has_arrived() {
    on_each(|world: World| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        // Answered with an Accept, which waits for its delivery.
        world
            .takes(&paul, &paul.activity("Follow", json!(world.mayor.uri)))
            .await;
        let later = world.ctx.clock.now().plus(Duration::from_secs(1));
        let purged = async |sql: &'static str| {
            let mut tx = world.ctx.db.begin().await.unwrap();
            platform::on_tx!(&mut tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
            let purged = crate::store::activities::purge(&mut tx, later).await.unwrap();
            tx.commit().await.unwrap();
            purged
        };
        assert_eq!(purged("DELETE FROM federation_addressed").await, 0);
        assert_eq!(purged("UPDATE federation_activity SET public = TRUE").await, 0);
        assert_eq!(purged("DELETE FROM federation_delivery").await, 0, "public");
        assert_eq!(purged("UPDATE federation_activity SET public = FALSE").await, 1);
    })
    .await;
}
