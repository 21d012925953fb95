//! Events to and from other servers.

use federation::{Actor, Verdict, follows};
use serde_json::{Value, json};
use testkit::Town;

use super::{guest, id_of, object, plan, receives, said_of};

/// What Mobilizon and Gancio require of an event, and what Mastodon shows (INTEROP.md 4.7).
const REQUIRED: [&str; 39] = [
    "type",
    "id",
    "url",
    "name",
    "content",
    "summary",
    "startTime",
    "endTime",
    "timezone",
    "displayEndTime",
    "location",
    "attributedTo",
    "organizers",
    "category",
    "eventStatus",
    "status",
    "ical:status",
    "joinMode",
    "maximumAttendeeCapacity",
    "remainingAttendeeCapacity",
    "participantCount",
    "attendees",
    "anonymousParticipationEnabled",
    "repliesModerationOption",
    "commentsEnabled",
    "inLanguage",
    "isOnline",
    "uuid",
    "tag",
    "attachment",
    "to",
    "cc",
    "published",
    "actor",
    "mediaType",
    "draft",
    "replies",
    "likes",
    "shares",
];

#[tokio::test]
async fn the_document_has_all_that_mobilizon_and_gancio_require() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = plan(
            &mut mayor,
            &[
                ("capacity", "40"),
                ("latitude", "43"),
                ("longitude", "7"),
                ("website", "https://eze.example.org/"),
            ],
        )
        .await;
        let event = object(&town, &path).await.json();
        for name in REQUIRED {
            assert!(
                event.get(name).is_some_and(|value| !value.is_null()),
                "{name} is missing: {event}"
            );
        }
        assert_eq!(event["type"], "Event");
        assert_eq!(
            event["to"],
            json!(["https://www.w3.org/ns/activitystreams#Public"])
        );
        assert!(event["cc"][0].as_str().unwrap().ends_with("/followers"));
        assert_eq!(event["startTime"], "2026-11-26T18:30:00+01:00");
        assert_eq!(event["endTime"], "2026-11-26T20:30:00+01:00");
        assert_eq!(event["timezone"], "Europe/Paris");
        let place = &event["location"];
        assert_eq!(
            (&place["type"], &place["name"]),
            (&json!("Place"), &json!("Salle du conseil"))
        );
        assert_eq!(place["address"]["type"], "PostalAddress");
        for part in ["streetAddress", "postalCode", "addressLocality", "addressCountry"] {
            assert!(!place["address"][part].as_str().unwrap().is_empty(), "{part}");
        }
        // Mobilizon drops whole numbers.
        assert!(
            place["latitude"].is_f64() && place.to_string().contains("43.0"),
            "{place}"
        );
        assert_eq!(event["organizers"]["type"], "OrderedCollection");
        assert_eq!(
            event["attachment"][0],
            json!({ "type": "Link", "name": "Website",
            "href": "https://eze.example.org/", "mediaType": "text/html" })
        );
        let summary = event["summary"].as_str().unwrap();
        assert!(
            summary.contains("jeudi 26\u{a0}novembre 2026") && summary.contains("Salle du conseil"),
            "{summary}"
        );
        assert!(!event["name"].as_str().unwrap().contains('<'));
        let uuid = event["uuid"].as_str().unwrap();
        assert_eq!(
            uuid.split('-').map(str::len).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        // What was sent is what is served.
        let uri = event["id"].as_str().unwrap();
        let sent = said_of(&town, "Create", uri).await;
        assert_eq!(sent.len(), 1);
        let (mut served, told) = (event.clone(), sent[0]["object"].clone());
        for name in ["@context", "proof"] {
            served.as_object_mut().unwrap().remove(name);
        }
        assert_eq!(served, told);
        // An event without a place has one all the same.
        let bare = plan(
            &mut mayor,
            &[
                ("place_name", ""),
                ("street", ""),
                ("postal_code", ""),
                ("locality", ""),
            ],
        )
        .await;
        let event = object(&town, &bare).await.json();
        assert_eq!(event["location"]["name"], "Èze");
        assert_eq!(event["location"]["address"]["addressLocality"], "Èze");
        assert_eq!(
            id_of(&bare),
            event["id"].as_str().unwrap().rsplit('/').next().unwrap()
        );
    }
}

pub(super) fn festival(host: &Actor, more: Value) -> Value {
    let mut event = json!({
        "id": "https://peer.test/events/1", "type": "Event", "attributedTo": host.uri, "actor": host.uri,
        "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [],
        "name": "Festival du port", "content": "<p>Musique</p><script>alert(1)</script>",
        "startTime": "2026-12-12T20:00:00+01:00", "endTime": "2026-12-12T23:00:00+01:00",
        "timezone": "Europe/Paris", "published": "2026-11-20T10:00:00Z",
        "location": { "type": "Place", "name": "Le port de Nice" },
        "url": "https://peer.test/e/1",
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

pub(super) fn activity(host: &Actor, kind: &str, n: usize, object: Value) -> Value {
    json!({ "id": format!("https://peer.test/activities/{n}"), "type": kind, "actor": host.uri,
        "to": ["https://www.w3.org/ns/activitystreams#Public"], "object": object })
}

#[tokio::test]
async fn events_of_chosen_accounts_are_shown_around_here() {
    for town in Town::everywhere().await {
        let _mayor = town.mayor().await;
        let host = guest(&town, "festival").await;
        let around = |town: &Town| {
            let mut stranger = town.stranger();
            async move { stranger.opens("/eze-06/agenda/alentour").await.text() }
        };
        // Nobody here follows them: it is nobody's.
        let create = activity(&host, "Create", 1, festival(&host, json!({})));
        assert!(matches!(
            receives(&town, &host, create.clone()).await,
            Verdict::Ignore(_)
        ));
        // Followed, it is kept; shown around here only once the town hall says so.
        let instance = federation::actors::ensure_instance(town.ctx()).await.unwrap();
        let mut tx = town.ctx().db.begin().await.unwrap();
        follows::follow(town.ctx(), &mut tx, &instance, &host)
            .await
            .unwrap();
        platform::on_tx!(&mut tx, c => sqlx::query("UPDATE federation_follow SET accepted = TRUE").execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        assert_eq!(receives(&town, &host, create.clone()).await, Verdict::Done);
        assert!(matches!(receives(&town, &host, create).await, Verdict::Ignore(_)));
        assert!(!around(&town).await.contains("Festival du port"));
        let mut tx = town.ctx().db.begin().await.unwrap();
        platform::on_tx!(&mut tx, c => sqlx::query(
            "INSERT INTO agenda_source (commune, actor_id, created_at) VALUES ('06059', $1, 1)").bind(host.id)
            .execute(c).await.map(|_| ()))
        .unwrap();
        tx.commit().await.unwrap();
        let page = around(&town).await;
        assert!(
            page.contains("Festival du port") && page.contains("peer.test"),
            "{page}"
        );
        assert!(
            !town
                .stranger()
                .opens(super::AGENDA)
                .await
                .text()
                .contains("Festival du port")
        );
        let href = page.split("/agenda/").find_map(|rest| {
            let id = rest.split('"').next().unwrap();
            (id.len() == 18 && id.bytes().all(|b| b.is_ascii_digit())).then(|| format!("/agenda/{id}"))
        });
        let href = href.unwrap();
        let shown = town.stranger().opens(&href).await;
        assert_eq!(shown.status, 200);
        assert!(shown.text().contains("Musique") && !shown.text().contains("alert(1)"));
        assert!(shown.text().contains("https://peer.test/e/1"));
        // Changed, cancelled, deleted; by nobody but its host.
        let stranger = guest(&town, "mallory").await;
        let update = |who: &Actor, n: usize, more: Value| {
            let object = festival(&host, more);
            (who.clone(), activity(who, "Update", n, object))
        };
        let (who, forged) = update(
            &stranger,
            2,
            json!({ "name": "Annulé !", "updated": "2026-11-21T10:00:00Z" }),
        );
        assert!(!matches!(receives(&town, &who, forged).await, Verdict::Done));
        let mut stolen = festival(
            &stranger,
            json!({ "name": "Annulé !", "updated": "2026-11-21T10:00:00Z" }),
        );
        stolen["attributedTo"] = json!(stranger.uri);
        assert!(!matches!(
            receives(&town, &stranger, activity(&stranger, "Update", 3, stolen)).await,
            Verdict::Done
        ));
        assert!(around(&town).await.contains("Festival du port"));
        let (who, cancelled) = update(
            &host,
            4,
            json!({ "eventStatus": "EventCancelled", "updated": "2026-11-22T10:00:00Z" }),
        );
        assert_eq!(receives(&town, &who, cancelled).await, Verdict::Done);
        assert!(around(&town).await.contains("Annulé"));
        let (who, older) = update(
            &host,
            5,
            json!({ "name": "Vieux", "updated": "2026-11-21T10:00:00Z" }),
        );
        assert!(matches!(receives(&town, &who, older).await, Verdict::Ignore(_)));
        // No longer for everybody: no longer shown.
        let (who, hidden) = update(
            &host,
            6,
            json!({ "to": [host.followers_uri()], "updated": "2026-11-23T07:00:00Z" }),
        );
        assert_eq!(receives(&town, &who, hidden).await, Verdict::Done);
        assert!(!around(&town).await.contains("Festival"));
        assert_eq!(town.stranger().opens(&href).await.status, 410);
    }
}

#[tokio::test]
async fn what_is_not_public_or_no_event_is_not_taken() {
    for town in Town::everywhere().await {
        let _mayor = town.mayor().await;
        let host = guest(&town, "festival").await;
        let mut tx = town.ctx().db.begin().await.unwrap();
        platform::on_tx!(&mut tx, c => sqlx::query(
            "INSERT INTO agenda_source (commune, actor_id, created_at) VALUES ('06059', $1, 1)").bind(host.id)
            .execute(c).await.map(|_| ()))
        .unwrap();
        tx.commit().await.unwrap();
        let nobody = "https://www.w3.org/ns/activitystreams#Public";
        for (n, more) in [
            json!({ "to": [host.followers_uri()], "cc": [nobody] }),
            json!({ "name": "" }),
            json!({ "startTime": "bientôt" }),
            json!({ "startTime": { "x": [1, 2] } }),
            json!({ "id": "https://other.test/events/1" }),
            json!({ "attributedTo": "https://other.test/users/x" }),
        ]
        .into_iter()
        .enumerate()
        {
            let create = activity(&host, "Create", 10 + n, festival(&host, more.clone()));
            assert_ne!(receives(&town, &host, create).await, Verdict::Done, "{more}");
        }
        assert!(
            !town
                .stranger()
                .opens("/eze-06/agenda/alentour")
                .await
                .text()
                .contains("Festival")
        );
        let fine = activity(
            &host,
            "Create",
            20,
            festival(&host, json!({ "location": [1, "x", {}], "image": "y", "url": 7 })),
        );
        assert_eq!(receives(&town, &host, fine).await, Verdict::Done);
        // Deleted before a second Create comes.
        let gone = activity(&host, "Delete", 21, json!("https://peer.test/events/1"));
        assert_eq!(receives(&town, &host, gone).await, Verdict::Done);
        let late = activity(&host, "Create", 22, festival(&host, json!({})));
        assert!(matches!(receives(&town, &host, late).await, Verdict::Ignore(_)));
        assert!(
            !town
                .stranger()
                .opens("/eze-06/agenda/alentour")
                .await
                .text()
                .contains("Festival")
        );
    }
}

/// Another server on this machine, which serves these documents; gives its address.
#[expect(
    clippy::disallowed_methods,
    reason = "the other server is not ours: it ends with the test"
)]
async fn peer(documents: impl FnOnce(&str) -> Vec<(&'static str, Value)>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let pages: std::collections::HashMap<String, String> = documents(&base)
        .into_iter()
        .map(|(path, document)| (path.to_owned(), document.to_string()))
        .collect();
    let app = axum::Router::new().fallback(move |uri: http::Uri| {
        let found = pages.get(uri.path()).cloned();
        async move {
            match found {
                Some(text) => (
                    http::StatusCode::OK,
                    [("content-type", "application/activity+json")],
                    text,
                ),
                None => (
                    http::StatusCode::NOT_FOUND,
                    [("content-type", "text/plain")],
                    String::new(),
                ),
            }
        }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    base
}

#[tokio::test]
async fn what_a_followed_group_passes_on_is_read_from_its_server() {
    for town in Town::everywhere().await {
        let event = |base: &str, n: u32| {
            json!({ "id": format!("{base}/events/{n}"), "type": "Event", "attributedTo": format!("{base}/group"),
                "actor": format!("{base}/member"), "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [],
                "name": format!("Rencontre {n}"), "startTime": "2026-12-12T20:00:00+01:00" })
        };
        let create = |base: &str, n: u32, object: Value| {
            json!({ "id": format!("{base}/creates/{n}"), "type": "Create", "actor": format!("{base}/member"),
                "object": object })
        };
        let base = peer(|base| {
            vec![
                ("/events/1", event(base, 1)),
                ("/events/2", event(base, 2)),
                ("/events/3", event(base, 3)),
                ("/events/4", event(base, 4)),
                ("/creates/4", create(base, 4, event(base, 4))),
                (
                    "/creates/5",
                    create(base, 5, json!("https://elsewhere.invalid/events/5")),
                ),
                (
                    "/notes/6",
                    json!({ "id": format!("{base}/notes/6"), "type": "Note",
                    "attributedTo": format!("{base}/member"), "content": "x" }),
                ),
            ]
        })
        .await;
        let group = guest(&town, "group").await;
        let mut tx = town.ctx().db.begin().await.unwrap();
        platform::on_tx!(&mut tx, c => sqlx::query(
            "UPDATE federation_actor SET kind = 'Group', uri = $2, inbox = $2 || '/inbox' WHERE id = $1")
            .bind(group.id).bind(format!("{base}/group")).execute(c).await.map(|_| ()))
        .unwrap();
        tx.commit().await.unwrap();
        let group = federation::actors::by_id(town.ctx(), group.id)
            .await
            .unwrap()
            .unwrap();
        let passes_on = |n: u32, object: Value| {
            json!({ "id": format!("{base}/announces/{n}"), "type": "Announce", "actor": group.uri,
                "to": ["https://www.w3.org/ns/activitystreams#Public"], "object": object })
        };
        let first = passes_on(1, json!(format!("{base}/events/1")));
        // Nobody here follows it.
        assert!(matches!(
            receives(&town, &group, first.clone()).await,
            Verdict::Ignore(_)
        ));
        crate::api::federated(&town, "zoe").await;
        let zoe = federation::actors::by_handle(town.ctx(), "zoe", None)
            .await
            .unwrap()
            .unwrap();
        let mut tx = town.ctx().db.begin().await.unwrap();
        follows::follow(town.ctx(), &mut tx, &zoe, &group).await.unwrap();
        platform::on_tx!(&mut tx, c => sqlx::query("UPDATE federation_follow SET accepted = TRUE").execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();

        // By its id, whole, in the Create it came with, by the id of that; what stands in the activity is not believed.
        let mut forged = event(&base, 2);
        forged["name"] = json!("Faux");
        let taken = [
            first,
            passes_on(2, forged.clone()),
            passes_on(3, create(&base, 3, event(&base, 3))),
            passes_on(4, json!(format!("{base}/creates/4"))),
        ];
        for one in taken {
            assert_eq!(receives(&town, &group, one.clone()).await, Verdict::Done, "{one}");
        }
        let turned = [
            passes_on(5, json!(format!("{base}/creates/5"))),
            passes_on(6, json!(format!("{base}/notes/6"))),
            passes_on(7, json!("https://elsewhere.invalid/events/7")),
            passes_on(
                8,
                create(
                    &base,
                    8,
                    json!({ "id": format!("{base}/notes/8"), "type": "Note" }),
                ),
            ),
        ];
        for one in turned {
            assert_ne!(receives(&town, &group, one.clone()).await, Verdict::Done, "{one}");
        }
        let titles: Vec<String> = platform::on_db!(&town.ctx().db, c => sqlx::query_scalar(
            "SELECT title FROM agenda_event ORDER BY title").fetch_all(c).await)
        .unwrap();
        assert_eq!(
            titles,
            ["Rencontre 1", "Rencontre 2", "Rencontre 3", "Rencontre 4"]
        );
    }
}
