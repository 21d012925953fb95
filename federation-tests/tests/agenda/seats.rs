//! Seats: one number, two doors.

use std::sync::Arc;

use federation::Verdict;
use http::Method;
use serde_json::json;
use testkit::Town;

use super::{guest, id_of, plan, receives, said};

/// Who wants to come, from both doors at once, for ten seats.
const WISHES: usize = 50;
const SEATS: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_joins_from_both_doors_for_ten_seats() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = plan(&mut mayor, &[("capacity", "10")]).await;
        let uri = format!("https://parvis.test/ap/events/{}", id_of(&path));
        let town = Arc::new(town);
        let mut people = Vec::new();
        let mut guests = Vec::new();
        for n in 0..WISHES / 2 {
            let mut person = town.citizen(&format!("habitante{n}")).await;
            // The form is opened before, as people do; it is sent by all at once.
            let form = person.opens(&path).await.text();
            let csrf = form.split("name=\"csrf\" value=\"").nth(1).unwrap();
            let csrf = csrf.split('"').next().unwrap().to_owned();
            people.push((person, csrf));
            guests.push(guest(&town, &format!("invite{n}")).await);
        }
        let mut wishes = tokio::task::JoinSet::new();
        for (n, ((mut person, csrf), guest)) in people.into_iter().zip(guests).enumerate() {
            let page = path.clone();
            wishes.spawn(async move {
                let headers = [
                    ("content-type", "application/x-www-form-urlencoded"),
                    ("accept", "text/html"),
                ];
                let body = format!("csrf={csrf}&coming=1").into_bytes();
                let sent = person
                    .asks(Method::POST, &format!("{page}/participer"), &headers, body)
                    .await;
                assert_eq!(sent.status, 303, "{}", sent.text());
                let text = person.opens(&page).await.text();
                assert!(
                    text.contains("Vous participez") || text.contains("en liste d’attente, "),
                    "{text}"
                );
                text.contains("Vous participez")
            });
            let (here, uri) = (Arc::clone(&town), uri.clone());
            wishes.spawn(async move {
                let join = json!({ "id": format!("https://peer.test/joins/{n}"), "type": "Join",
                    "actor": guest.uri, "object": uri });
                assert_eq!(receives(&here, &guest, join.clone()).await, Verdict::Done);
                // The same again changes nothing.
                assert_eq!(receives(&here, &guest, join).await, Verdict::Done);
                false
            });
        }
        let mut here = 0;
        while let Some(done) = wishes.join_next().await {
            here += usize::from(done.unwrap());
        }
        let answers = said(&town).await;
        let answered = |kind: &str| {
            let mut whom: Vec<String> = answers
                .iter()
                .filter(|one| one["type"] == kind && one["object"]["type"] == "Join")
                .map(|one| one["object"]["actor"].as_str().unwrap().to_owned())
                .collect();
            whom.sort();
            whom.dedup();
            whom
        };
        let (accepted, rejected) = (answered("Accept"), answered("Reject"));
        assert_eq!(here + accepted.len(), SEATS, "{here} here, {accepted:?}");
        assert_eq!(
            accepted.len() + rejected.len(),
            WISHES / 2,
            "everybody elsewhere is told"
        );
        assert!(accepted.iter().all(|who| !rejected.contains(who)));
        let document = super::object(&town, &path).await.json();
        assert_eq!(document["participantCount"], SEATS);
        assert_eq!(document["remainingAttendeeCapacity"], 0);
        let list = mayor.opens(&format!("{path}/participants")).await.text();
        assert_eq!(list.matches("En liste d’attente").count(), WISHES - SEATS);
        assert_eq!(list.matches("A une place").count(), SEATS);
    }
}

#[tokio::test]
async fn a_freed_seat_goes_to_the_first_who_waits() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = plan(&mut mayor, &[("capacity", "1")]).await;
        let uri = format!("https://parvis.test/ap/events/{}", id_of(&path));
        let join = format!("{path}/participer");
        let mut alice = town.citizen("alice").await;
        let mut bob = town.citizen("bob").await;
        let paul = guest(&town, "paul").await;
        alice.sends(&path, &join, &[("coming", "1")]).await;
        let activity =
            json!({ "id": "https://peer.test/joins/1", "type": "Join", "actor": paul.uri, "object": uri });
        assert_eq!(receives(&town, &paul, activity.clone()).await, Verdict::Done);
        bob.sends(&path, &join, &[("coming", "1")]).await;
        assert!(bob.opens(&path).await.text().contains("à la place 2"));
        let answers = |all: Vec<serde_json::Value>| -> Vec<String> {
            let all = all.into_iter().filter(|one| one["object"]["type"] == "Join");
            all.map(|one| one["type"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(answers(said(&town).await), ["Reject"]);
        // Alice does not come: Paul, who was first, is accepted by the id of his Join.
        alice.sends(&path, &join, &[("coming", "0")]).await;
        let all = said(&town).await;
        let last = all.last().unwrap();
        assert_eq!(
            (last["type"].as_str(), last["object"]["id"].as_str()),
            (Some("Accept"), Some("https://peer.test/joins/1"))
        );
        assert_eq!(last["to"], json!([paul.uri]));
        // Paul leaves: Bob has the seat and is told.
        let leave =
            json!({ "id": "https://peer.test/leaves/1", "type": "Leave", "actor": paul.uri, "object": uri });
        assert_eq!(receives(&town, &paul, leave.clone()).await, Verdict::Done);
        assert!(matches!(receives(&town, &paul, leave).await, Verdict::Ignore(_)));
        assert!(bob.opens(&path).await.text().contains("Vous participez"));
        assert!(
            bob.opens("/notifications")
                .await
                .text()
                .contains("Une place s’est libérée")
        );
        // Alice comes back: behind nobody, but there is no seat. More seats: she has one.
        alice.sends(&path, &join, &[("coming", "1")]).await;
        assert!(alice.opens(&path).await.text().contains("en première place"));
        let edit = format!("{path}/modifier");
        let answer = mayor
            .sends(&edit, &edit, &super::fields(&[("capacity", "2")]))
            .await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(alice.opens(&path).await.text().contains("Vous participez"));
        // An undone Join is a Leave.
        let again =
            json!({ "id": "https://peer.test/joins/2", "type": "Join", "actor": paul.uri, "object": uri });
        assert_eq!(receives(&town, &paul, again.clone()).await, Verdict::Done);
        let undo =
            json!({ "id": "https://peer.test/undo/1", "type": "Undo", "actor": paul.uri, "object": again });
        assert_eq!(receives(&town, &paul, undo).await, Verdict::Done);
        assert!(
            !mayor
                .opens(&format!("{path}/participants"))
                .await
                .text()
                .contains("paul")
        );
    }
}

#[tokio::test]
async fn joins_that_cannot_be_are_told() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let paul = guest(&town, "paul").await;
        let open = plan(&mut mayor, &[("join_mode", "none")]).await;
        let private = plan(&mut mayor, &[("visibility", "private")]).await;
        let uri = |path: &str| format!("https://parvis.test/ap/events/{}", id_of(path));
        let join = |n: usize, object: String| json!({ "id": format!("https://peer.test/joins/{n}"), "type": "Join", "actor": paul.uri, "object": object });
        assert_eq!(receives(&town, &paul, join(1, uri(&open))).await, Verdict::Done);
        let all = said(&town).await;
        assert_eq!(all.last().unwrap()["type"], "Reject");
        let before = all.len();
        // What is private or not there is answered alike: not at all.
        for object in [
            uri(&private),
            "https://parvis.test/ap/events/117000000000000001".to_owned(),
        ] {
            assert!(matches!(
                receives(&town, &paul, join(2, object)).await,
                Verdict::Reject(_)
            ));
        }
        assert!(matches!(
            receives(&town, &paul, join(3, "https://parvis.test/ap/posts/1".to_owned())).await,
            Verdict::Ignore(_)
        ));
        assert_eq!(said(&town).await.len(), before);
    }
}

#[tokio::test]
async fn who_ends_her_account_gives_her_seat_back() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = plan(&mut mayor, &[("capacity", "1")]).await;
        let mut alice = town.citizen("alice").await;
        let mut bob = town.citizen("bob").await;
        alice
            .sends(&path, &format!("{path}/participer"), &[("coming", "1")])
            .await;
        bob.sends(&path, &format!("{path}/participer"), &[("coming", "1")])
            .await;
        let account = account::actions::people::by_handle(town.ctx(), "alice")
            .await
            .unwrap()
            .unwrap();
        let holding = ::agenda::holding();
        let held = (holding.export)(town.ctx(), account.actor).await.unwrap();
        assert_eq!(held["attendances"][0]["event"], "Conseil municipal");
        let mut tx = town.ctx().db.begin().await.unwrap();
        (holding.erase)(town.ctx(), &mut tx, account.actor).await.unwrap();
        tx.commit().await.unwrap();
        assert!(bob.opens(&path).await.text().contains("Vous participez"));
    }
}

#[tokio::test]
async fn any_of_her_joins_may_be_undone() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = plan(&mut mayor, &[("capacity", "1")]).await;
        let uri = format!("https://parvis.test/ap/events/{}", id_of(&path));
        let (paul, mallory) = (guest(&town, "paul").await, guest(&town, "mallory").await);
        let join = |n: usize| json!({ "id": format!("https://peer.test/joins/{n}"), "type": "Join", "actor": paul.uri, "object": uri });
        let undo = |who: &federation::Actor, n: usize, join: usize| {
            json!({ "id": format!("https://peer.test/undo/{n}"), "type": "Undo", "actor": who.uri,
                "object": format!("https://peer.test/joins/{join}") })
        };
        let taken = async || super::object(&town, &path).await.json()["participantCount"].clone();
        for (first, last) in [(1, 3), (4, 6)] {
            // By the id of the first, of one between, of the last; others' undoings are nothing.
            for undone in first..=last {
                for n in first..=last {
                    assert_eq!(receives(&town, &paul, join(n)).await, Verdict::Done);
                }
                assert_eq!(taken().await, 1);
                assert_ne!(
                    receives(&town, &mallory, undo(&mallory, undone, undone)).await,
                    Verdict::Done
                );
                assert_eq!(taken().await, 1);
                assert_eq!(
                    receives(&town, &paul, undo(&paul, undone, undone)).await,
                    Verdict::Done,
                    "{undone}"
                );
                assert_eq!(taken().await, 0, "{undone} of {first} to {last}");
                // What was undone with it does not undo what comes after.
                assert_eq!(receives(&town, &paul, join(9)).await, Verdict::Done);
                assert_ne!(
                    receives(&town, &paul, undo(&paul, 20, first)).await,
                    Verdict::Done
                );
                assert_eq!(taken().await, 1);
                assert_eq!(receives(&town, &paul, undo(&paul, 21, 9)).await, Verdict::Done);
            }
        }
    }
}
