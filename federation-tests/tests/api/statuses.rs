//! Writing: statuses, answers, likes.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use testkit::Town;

use super::{Program, federated, good, id, ids, ids_of_statuses, people_of};

#[tokio::test]
async fn a_status_has_the_shape_that_apps_expect() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let new = json!({ "status": "Fête à **Èze** #Été", "language": "fr", "spoiler_text": "Bruit" });
        let made = good(&office.post("/api/v1/statuses", &new).await);
        for list in ["media_attachments", "mentions", "tags", "emojis", "filtered"] {
            assert!(made[list].is_array(), "{list}");
        }
        for number in ["replies_count", "reblogs_count", "favourites_count"] {
            assert_eq!(made[number], 0, "{number}");
        }
        assert_eq!(made["visibility"], "public");
        assert_eq!(made["language"], "fr");
        assert_eq!(made["spoiler_text"], "Bruit");
        assert_eq!(made["sensitive"], true);
        assert_eq!(made["pinned"], false);
        assert_eq!(made["tags"][0]["name"], "Été");
        assert!(made["content"].as_str().unwrap().contains("<strong>Èze</strong>"));
        assert_eq!(made["created_at"], "2026-11-23T07:30:00.000Z");
        assert_eq!(made["edited_at"], Value::Null);
        assert_eq!(made["account"]["acct"], "maire-eze");
        assert_eq!(id(&made).len(), 18);
        let seen = Program::of_nobody(&town)
            .read(&format!("/api/v1/statuses/{}", id(&made)))
            .await;
        assert_eq!(seen["content"], made["content"]);
        assert!(seen.get("favourited").is_none() && seen.get("pinned").is_none());
        let hers = citizen.read(&format!("/api/v1/statuses/{}", id(&made))).await;
        assert_eq!(hers["favourited"], false);
        assert!(hers.get("pinned").is_none());
        for wrong in ["1", "abc", "-1", "99999999999999999999"] {
            let answer = citizen.get(&format!("/api/v1/statuses/{wrong}")).await;
            assert_eq!(answer.status, 404, "{wrong}");
        }
    }
}

#[tokio::test]
async fn one_key_makes_one_status_however_often_it_is_sent() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let body = json!({ "status": "Une seule fois" }).to_string().into_bytes();
        let headers = [("content-type", "application/json"), ("idempotency-key", "clé")];
        let mut together = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (office, body) = (office.clone(), body.clone());
            together.spawn(async move {
                let answer = office
                    .call(Method::POST, "/api/v1/statuses", &headers, body)
                    .await;
                id(&good(&answer))
            });
        }
        let made: std::collections::BTreeSet<String> = together.join_all().await.into_iter().collect();
        assert_eq!(made.len(), 1);
        let all = office.read("/api/v1/timelines/public").await;
        assert_eq!(all.as_array().unwrap().len(), 1);
        let again = office
            .call(Method::POST, "/api/v1/statuses", &headers, body)
            .await;
        assert_eq!(id(&good(&again)), *made.first().unwrap());

        let answered = made.first().unwrap();
        let comment = json!({ "status": "Oui", "in_reply_to_id": answered, "local_only": true });
        let mut first = None;
        for _ in 0..3 {
            let sent = comment.to_string().into_bytes();
            let answer = citizen
                .call(Method::POST, "/api/v1/statuses", &headers, sent)
                .await;
            let made = id(&good(&answer));
            assert_eq!(*first.get_or_insert(made.clone()), made);
        }
        let context = office.read(&format!("/api/v1/statuses/{answered}/context")).await;
        assert_eq!(context["descendants"].as_array().unwrap().len(), 1);

        // A warning that is too long is not cut, it is refused: in a new comment and in a changed one.
        let endless = "é".repeat(201);
        let mut new = comment.clone();
        new["spoiler_text"] = json!(endless);
        let place = format!("/api/v1/statuses/{}", first.unwrap());
        let change = json!({ "spoiler_text": endless });
        for refused in [
            citizen.post("/api/v1/statuses", &new).await,
            citizen.send(Method::PUT, &place, &change).await,
        ] {
            assert_eq!(refused.status, 422, "{}", refused.text());
            assert!(refused.text().contains("200 caractères"), "{}", refused.text());
        }
        assert_eq!(citizen.read(&place).await["spoiler_text"], "");
    }
}

#[tokio::test]
async fn only_town_halls_publish_and_nothing_is_private() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let answer = citizen
            .post("/api/v1/statuses", &json!({ "status": "Bonjour" }))
            .await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert!(answer.json()["error"].as_str().unwrap().contains("mairies"));
        for wrong in [
            json!({ "status": "x", "visibility": "direct" }),
            json!({ "status": "x", "visibility": "partout" }),
            json!({ "status": "x", "poll": { "options": ["a"], "expires_in": 600 } }),
            json!({ "status": "x", "language": "français" }),
            json!({ "status": "x", "media_ids": ["12"] }),
            json!({ "status": "x", "scheduled_at": "demain" }),
            json!({ "status": "x", "scheduled_at": "2020-01-01T00:00:00Z" }),
            json!({ "status": "" }),
            json!({ "status": "é".repeat(5001) }),
            json!({ "status": "x", "spoiler_text": "é".repeat(201) }),
            json!({}),
        ] {
            let answer = office.post("/api/v1/statuses", &wrong).await;
            assert_eq!(answer.status, 422, "{wrong} {}", answer.text());
            let said = answer.json();
            let said = said["error"].as_str().unwrap();
            assert!(said.len() > 5 && !said.contains(['⟦', '{']), "{said}");
        }
        let nobody = Program::of_nobody(&town);
        let answer = nobody.post("/api/v1/statuses", &json!({ "status": "x" })).await;
        assert_eq!(answer.status, 401);
    }
}

#[tokio::test]
async fn a_status_is_edited_read_in_its_versions_and_deleted() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let photo = office.uploads("La place").await;
        assert_eq!(photo["type"], "image");
        assert_eq!(photo["description"], "La place");
        assert!(photo["meta"]["original"]["width"].as_i64().unwrap() > 0);
        let new = json!({ "status": "Marché à 8 h", "media_ids": [photo["id"]] });
        let made = good(&office.post("/api/v1/statuses", &new).await);
        let path = format!("/api/v1/statuses/{}", id(&made));
        assert_eq!(made["media_attachments"][0]["description"], "La place");
        town.ctx().clock.advance(Duration::from_secs(60));
        let edited = good(
            &office
                .send(Method::PUT, &path, &json!({ "status": "Marché à 9 h" }))
                .await,
        );
        assert!(edited["content"].as_str().unwrap().contains('9'));
        assert_eq!(edited["edited_at"], "2026-11-23T07:31:00.000Z");
        assert_eq!(edited["media_attachments"][0]["id"], photo["id"]);
        let described = json!({
            "status": "Marché à 9 h",
            "media_ids": [photo["id"]],
            "media_attributes": [{ "id": photo["id"], "description": "La place et le marché" }],
        });
        town.ctx().clock.advance(Duration::from_secs(60));
        let edited = good(&office.send(Method::PUT, &path, &described).await);
        assert_eq!(
            edited["media_attachments"][0]["description"],
            "La place et le marché"
        );
        let versions = office.read(&format!("{path}/history")).await;
        assert_eq!(versions.as_array().unwrap().len(), 3);
        assert!(versions[0]["content"].as_str().unwrap().contains('8'));
        assert_eq!(
            office.read(&format!("{path}/source")).await["text"],
            "Marché à 9 h"
        );

        for (method, at) in [(Method::PUT, path.clone()), (Method::DELETE, path.clone())] {
            let answer = citizen.send(method, &at, &json!({ "status": "Non" })).await;
            assert_eq!(answer.status, 404, "{}", answer.text());
        }
        let gone = good(&office.send(Method::DELETE, &path, &json!({})).await);
        assert_eq!(gone["text"], "Marché à 9 h");
        assert_eq!(office.get(&path).await.status, 404);
        let again = json!({ "status": "Marché à 10 h", "media_ids": [photo["id"]] });
        let again = good(&office.post("/api/v1/statuses", &again).await);
        assert_eq!(again["media_attachments"][0]["id"], photo["id"]);
    }
}

#[tokio::test]
async fn a_comment_is_an_answer_in_a_thread() {
    for town in Town::everywhere().await {
        let (office, _) = people_of(&town).await;
        let paul = federated(&town, "paul").await;
        let post = office.publish("Que pensez-vous du marché ?").await;
        let answer = |text: &str, to: &Value| json!({ "status": text, "in_reply_to_id": to["id"] });
        let first = good(&paul.post("/api/v1/statuses", &answer("Bien", &post)).await);
        assert_eq!(first["in_reply_to_id"], post["id"]);
        assert_eq!(first["in_reply_to_account_id"], post["account"]["id"]);
        let thanks = good(&office.post("/api/v1/statuses", &answer("Merci", &first)).await);
        let other = good(&paul.post("/api/v1/statuses", &answer("Autre chose", &post)).await);
        assert_eq!(thanks["in_reply_to_account_id"], first["account"]["id"]);

        let context = office
            .read(&format!("/api/v1/statuses/{}/context", id(&post)))
            .await;
        assert_eq!(
            ids(&context["descendants"]),
            [id(&first), id(&thanks), id(&other)]
        );
        let context = office
            .read(&format!("/api/v1/statuses/{}/context", id(&thanks)))
            .await;
        assert_eq!(ids(&context["ancestors"]), [id(&post), id(&first)]);
        let counted = paul.read(&format!("/api/v1/statuses/{}", id(&post))).await;
        assert_eq!(counted["replies_count"], 3);

        let path = format!("/api/v1/statuses/{}", id(&first));
        let edited = good(
            &paul
                .send(Method::PUT, &path, &json!({ "status": "Très bien" }))
                .await,
        );
        assert!(edited["content"].as_str().unwrap().contains("Très"));
        assert_eq!(
            paul.read(&format!("{path}/history"))
                .await
                .as_array()
                .unwrap()
                .len(),
            2
        );
        let gone = good(&paul.send(Method::DELETE, &path, &json!({})).await);
        assert_eq!(gone["text"], "Très bien");
        assert_eq!(paul.get(&path).await.status, 404);

        let notices = office.read("/api/v1/notifications?types[]=mention").await;
        assert_eq!(ids_of_statuses(&notices), [id(&other)]);
        assert_eq!(notices[0]["account"]["acct"], "paul");
    }
}

#[tokio::test]
async fn likes_and_shares_count_and_are_told() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let paul = federated(&town, "paul").await;
        let post = office.publish("Nouvelle").await;
        let path = format!("/api/v1/statuses/{}", id(&post));
        assert_eq!(
            citizen.does(&format!("{path}/favourite")).await["favourited"],
            true
        );
        assert_eq!(
            paul.does(&format!("{path}/favourite")).await["favourites_count"],
            2
        );
        let share = paul.does(&format!("{path}/reblog")).await;
        assert_eq!(share["reblog"]["id"], post["id"]);
        assert_eq!(share["reblog"]["reblogged"], true);
        assert_ne!(share["id"], post["id"]);
        assert_eq!(share["account"]["acct"], "paul");
        let again = paul.does(&format!("{path}/reblog")).await;
        assert_eq!(again["id"], share["id"]);
        let seen = office.read(&format!("/api/v1/statuses/{}", id(&share))).await;
        assert_eq!(seen["reblog"]["id"], post["id"]);

        let fans = office.read(&format!("{path}/favourited_by")).await;
        assert_eq!(fans.as_array().unwrap().len(), 1, "nobody dark is listed");
        assert_eq!(fans[0]["acct"], "paul");
        let hers = citizen.read(&format!("{path}/favourited_by")).await;
        assert_eq!(hers.as_array().unwrap().len(), 2, "she finds herself");
        assert_eq!(
            office.read(&format!("{path}/reblogged_by")).await[0]["acct"],
            "paul"
        );
        assert_eq!(ids(&citizen.read("/api/v1/favourites").await), [id(&post)]);

        let kinds: Vec<String> = office
            .read("/api/v1/notifications")
            .await
            .as_array()
            .unwrap()
            .iter()
            .map(|notice| notice["type"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(kinds, ["reblog", "favourite", "favourite"]);
        let liked = citizen.does(&format!("{path}/unfavourite")).await;
        assert_eq!(liked["favourited"], false);
        assert_eq!(liked["favourites_count"], 1);
        let shared = paul
            .does(&format!("/api/v1/statuses/{}/unreblog", id(&share)))
            .await;
        assert_eq!(shared["id"], post["id"]);
        assert_eq!(shared["reblogs_count"], 0);
    }
}

#[tokio::test]
async fn a_post_waits_for_its_moment() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let new = json!({ "status": "Demain", "scheduled_at": "2026-11-24T08:00:00.000Z" });
        let waits = good(&office.post("/api/v1/statuses", &new).await);
        assert_eq!(waits["scheduled_at"], "2026-11-24T08:00:00.000Z");
        assert_eq!(waits["params"]["text"], "Demain");
        let path = format!("/api/v1/scheduled_statuses/{}", id(&waits));
        assert_eq!(
            ids(&office.read("/api/v1/scheduled_statuses").await),
            [id(&waits)]
        );
        assert_eq!(citizen.read("/api/v1/scheduled_statuses").await, json!([]));
        assert_eq!(citizen.get(&path).await.status, 404);
        assert_eq!(
            citizen
                .get(&format!("/api/v1/statuses/{}", id(&waits)))
                .await
                .status,
            404
        );
        let later = json!({ "scheduled_at": "2026-11-25T08:00:00.000Z" });
        let later = good(&office.send(Method::PUT, &path, &later).await);
        assert_eq!(later["scheduled_at"], "2026-11-25T08:00:00.000Z");
        town.waits(Duration::from_secs(30 * 3600)).await;
        assert_eq!(office.read("/api/v1/timelines/public").await, json!([]));
        town.waits(Duration::from_secs(24 * 3600)).await;
        let out = office.read("/api/v1/timelines/public").await;
        assert_eq!(out.as_array().unwrap().len(), 1);
        assert_eq!(office.read("/api/v1/scheduled_statuses").await, json!([]));

        let new = json!({ "status": "Jamais", "scheduled_at": "2026-12-24T08:00:00Z" });
        let never = good(&office.post("/api/v1/statuses", &new).await);
        let path = format!("/api/v1/scheduled_statuses/{}", id(&never));
        good(&office.send(Method::DELETE, &path, &json!({})).await);
        assert_eq!(office.get(&path).await.status, 404);
    }
}

#[tokio::test]
async fn pinned_posts_stand_apart() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let (one, two) = (office.publish("Un").await, office.publish("Deux").await);
        let path = format!("/api/v1/statuses/{}", id(&one));
        assert_eq!(office.does(&format!("{path}/pin")).await["pinned"], true);
        let answer = citizen.post(&format!("{path}/pin"), &json!({})).await;
        assert_eq!(answer.status, 422);
        let mayor = office.read("/api/v1/accounts/verify_credentials").await;
        let of = |query: &str| format!("/api/v1/accounts/{}/statuses{query}", id(&mayor));
        assert_eq!(ids(&citizen.read(&of("?pinned=true")).await), [id(&one)]);
        assert_eq!(ids(&citizen.read(&of("")).await), [id(&two), id(&one)]);
        assert_eq!(office.does(&format!("{path}/unpin")).await["pinned"], false);
        assert_eq!(citizen.read(&of("?pinned=true")).await, json!([]));
    }
}
