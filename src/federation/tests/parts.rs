//! Activities that tell of their object only the address, or a part: the rooms are given the whole.

use serde_json::{Value, json};

use super::{Peer, Person, Reply, on_each};

/// What the rooms were given last: the object.
fn last(world: &super::World) -> Value {
    world.given.lock().unwrap().last().unwrap().object.clone()
}

#[tokio::test]
async fn what_was_told_in_part_is_read_whole_from_its_server() {
    on_each(|world| async move {
        let paul = Person::new(&Peer::new().await, "paul");
        for kind in ["Create", "Update"] {
            let note = paul.note("En entier");
            for part in [
                note["id"].clone(),
                json!([note["id"]]),
                json!({ "id": note["id"] }),
                json!({ "id": note["id"], "type": "Note" }),
                json!({ "id": note["id"], "type": "Note", "attributedTo": paul.id, "content": null }),
                json!([[{ "id": note["id"], "type": "Note", "content": "sans auteur" }]]),
            ] {
                world.takes(&paul, &paul.activity(kind, part.clone())).await;
                assert_eq!(last(&world)["content"], "En entier", "{kind} {part}");
                assert_eq!(last(&world)["attributedTo"], paul.id);
            }
        }
        // What is whole is not asked for again.
        let before = paul.peer.fetches();
        world.takes(&paul, &paul.create(&paul.note("Déjà"))).await;
        assert_eq!(paul.peer.fetches(), before);
    })
    .await;
}

#[tokio::test]
async fn parts_that_cannot_be_read_reach_no_room() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let (paul, far) = (Person::new(&peer, "paul"), Person::new(&Peer::new().await, "far"));
        let theirs = far.note("D'un autre serveur");
        peer.serve("/notes/gone", Reply::status(410));
        peer.serve("/notes/lie", Reply::json(&theirs));
        let fetches = far.peer.fetches();
        for (object, state) in [
            (theirs["id"].clone(), "refused"),
            (json!({ "id": theirs["id"], "type": "Note" }), "refused"),
            (json!(peer.at("/notes/lie")), "refused"),
            (json!(peer.at("/notes/gone")), "ignored"),
            (json!(peer.at("/notes/never")), "ignored"),
            (json!(world.ctx.urls.to("/ap/posts/1")), "refused"),
            (json!({ "type": "Note" }), "refused"),
        ] {
            world.takes(&paul, &paul.activity("Create", object.clone())).await;
            assert_eq!(world.received().await.pop().unwrap().1, state, "{object}");
        }
        assert_eq!(far.peer.fetches(), fetches, "nobody is asked for another's words");
        assert!(world.given().is_empty());
    })
    .await;
}
