//! Public opinions: asked, answered from here and from other servers, counted once each.

use std::time::Duration;

use axum::http::Method;
use federation::{Actor, ActorId, Envelope, Verdict, actors};
use platform::{on_db, on_tx};
use serde_json::{Value, json};
use testkit::Town;

use super::opens;
use crate::api::{Program, good};

/// Somebody of another server, as if read from there.
pub(super) async fn remote(town: &Town, name: &str, host: &str) -> Actor {
    let ctx = town.ctx();
    let id = ActorId::new(ctx);
    let uri = format!("https://{host}/users/{name}");
    let mut tx = ctx.db.begin().await.unwrap();
    on_tx!(&mut tx, c => sqlx::query(
        "INSERT INTO federation_actor (id, uri, local, kind, handle, host, name, inbox, shared_inbox, followers,
             inbox_lane, shared_lane, federated, created_at, updated_at)
         VALUES ($1, $2, FALSE, 'Person', $3, $4, $3, $5, $6, $7, $8, $8, TRUE, 1, 1)")
        .bind(id).bind(&uri).bind(name).bind(host).bind(format!("{uri}/inbox"))
        .bind(format!("https://{host}/inbox")).bind(format!("{uri}/followers"))
        .bind(format!("https://{host}"))
        .execute(c).await.map(|_| ()))
    .unwrap();
    tx.commit().await.unwrap();
    actors::by_id(ctx, id).await.unwrap().unwrap()
}

pub(super) fn vote(actor: &Actor, question: &str, n: usize, words: &str) -> Value {
    json!({
        "id": format!("{}#votes/{n}", actor.uri), "type": "Note", "name": words,
        "attributedTo": actor.uri, "inReplyTo": question, "to": "https://parvis.test/ap/actors/1",
    })
}

pub(super) async fn gives(town: &Town, actor: &Actor, object: Value) -> Verdict {
    let n = town.ctx().new_id();
    let activity = json!({
        "id": format!("{}#votes/{n}/activity", actor.uri), "type": "Create", "actor": actor.uri,
        "to": "https://parvis.test/ap/actors/1", "object": object,
    });
    let envelope = Envelope::read(actor.clone(), activity).unwrap();
    town.app.inbox.give(town.ctx(), envelope).await
}

async fn question(town: &Town, path: &str) -> Value {
    let id = path.rsplit('/').next().unwrap();
    town.stranger().reads(&format!("/ap/questions/{id}")).await.json()
}

fn totals(question: &Value) -> Vec<i64> {
    let choices = question.get("oneOf").or_else(|| question.get("anyOf")).unwrap();
    let choices = choices.as_array().unwrap();
    choices
        .iter()
        .map(|choice| choice["replies"]["totalItems"].as_i64().unwrap())
        .collect()
}

const OPINION: [(&str, &str); 2] = [("genre", "avis"), ("question", "Marché le dimanche ?")];

#[tokio::test]
async fn answers_of_other_servers_count_once_and_stay_hidden() {
    for town in Town::everywhere().await {
        let path = opens(&mut town.mayor().await, &OPINION).await;
        let asked = question(&town, &path).await;
        assert_eq!(asked["type"], "Question");
        assert_eq!(asked["oneOf"][0]["name"], "Oui");
        assert!(asked.get("closed").is_none() && asked.get("updated").is_none());
        let uri = asked["id"].as_str().unwrap().to_owned();
        let anne = remote(&town, "anne", "social.example").await;
        assert_eq!(
            gives(&town, &anne, vote(&anne, &uri, 1, "Oui")).await,
            Verdict::Done
        );
        for words in ["Oui", "Non"] {
            assert!(matches!(
                gives(&town, &anne, vote(&anne, &uri, 2, words)).await,
                Verdict::Ignore(_)
            ));
        }
        let paul = remote(&town, "paul", "social.example").await;
        assert!(matches!(
            gives(&town, &paul, vote(&paul, &uri, 1, "Peut-être")).await,
            Verdict::Reject(_)
        ));
        // In another's name.
        assert!(matches!(
            gives(&town, &paul, vote(&anne, &uri, 3, "Non")).await,
            Verdict::Reject(_)
        ));
        // Two choices where one is asked for.
        let both = json!([vote(&paul, &uri, 4, "Oui"), vote(&paul, &uri, 5, "Non")]);
        assert!(matches!(gives(&town, &paul, both).await, Verdict::Ignore(_)));
        assert_eq!(
            gives(&town, &paul, vote(&paul, &uri, 6, "Non")).await,
            Verdict::Done
        );
        for n in 0..6 {
            let citizen = town.citizen(&format!("citoyenne{n}")).await;
            let mut citizen = citizen;
            let answer = citizen
                .sends(&path, &format!("{path}/reponse"), &[("choices", "0")])
                .await;
            assert_eq!(answer.status, 303);
            let twice = citizen
                .sends(&path, &format!("{path}/reponse"), &[("choices", "1")])
                .await;
            assert_eq!(twice.status, 409);
        }
        assert_eq!(totals(&question(&town, &path).await), [0, 0]);
        assert_eq!(question(&town, &path).await["votersCount"], 0);
        town.waits(Duration::from_secs(8 * 86_400)).await;
        assert!(matches!(
            gives(&town, &anne, vote(&anne, &uri, 9, "Non")).await,
            Verdict::Ignore(_)
        ));
        let closed = question(&town, &path).await;
        assert_eq!(totals(&closed), [7, 1]);
        assert_eq!(closed["votersCount"], 8);
        assert!(closed["closed"].is_string() && closed.get("updated").is_none());
        // Two from elsewhere are not shown apart: they would be told by name.
        let page = town.stranger().opens(&path).await.text();
        assert!(page.contains("montrés ensemble"), "{page}");
        let said: Vec<String> = on_db!(&town.ctx().db, c =>
            sqlx::query_scalar("SELECT body FROM federation_activity WHERE kind = 'Update' ORDER BY id")
            .fetch_all(c).await)
        .unwrap();
        let said: Vec<Value> = said
            .iter()
            .map(|body| serde_json::from_str(body).unwrap())
            .collect();
        let update = said
            .iter()
            .find(|update| update["object"]["type"] == "Question")
            .unwrap();
        assert_eq!(totals(&update["object"]), [7, 1]);
        assert!(update["object"].get("updated").is_none());
        // Who answered what can no longer be told.
        for table in ["poll_opinion_voter", "poll_opinion_vote", "poll_opinion_server"] {
            let sql = Box::leak(format!("SELECT COUNT(*) FROM {table}").into_boxed_str());
            let left: i64 =
                on_db!(&town.ctx().db, c => sqlx::query_scalar(&*sql).fetch_one(c).await).unwrap();
            assert_eq!(left, 0, "{table}");
        }
    }
}

#[tokio::test]
async fn several_choices_come_one_by_one_or_together_and_a_server_has_its_share() {
    for town in Town::everywhere().await {
        let fields = [
            OPINION[0],
            OPINION[1],
            ("multiple", "oui"),
            ("option-3", "Sans avis"),
        ];
        let path = opens(&mut town.mayor().await, &fields).await;
        let uri = question(&town, &path).await["id"].as_str().unwrap().to_owned();
        // Mastodon: one Create for each choice. GoToSocial: one with a list.
        let anne = remote(&town, "anne", "mastodon.example").await;
        for words in ["Oui", "Sans avis"] {
            assert_eq!(
                gives(&town, &anne, vote(&anne, &uri, 1, words)).await,
                Verdict::Done
            );
        }
        assert!(matches!(
            gives(&town, &anne, vote(&anne, &uri, 2, "Oui")).await,
            Verdict::Ignore(_)
        ));
        let gts = remote(&town, "gabriel", "gts.example").await;
        let list = json!([vote(&gts, &uri, 1, "Non"), vote(&gts, &uri, 2, "Sans avis")]);
        assert_eq!(gives(&town, &gts, list).await, Verdict::Done);
        // A list with one wrong choice counts for nothing.
        let lise = remote(&town, "lise", "gts.example").await;
        let wrong = json!([vote(&lise, &uri, 1, "Non"), vote(&lise, &uri, 2, "Autre")]);
        assert!(matches!(gives(&town, &lise, wrong).await, Verdict::Reject(_)));
        for n in 0..201 {
            let one = remote(&town, &format!("bot{n}"), "crowd.example").await;
            let verdict = gives(&town, &one, vote(&one, &uri, 1, "Non")).await;
            assert_eq!(verdict == Verdict::Done, n < 200, "{n}: {verdict:?}");
        }
        town.waits(Duration::from_secs(8 * 86_400)).await;
        let closed = question(&town, &path).await;
        assert_eq!(totals(&closed), [1, 201, 2]);
        assert_eq!(closed["votersCount"], 202);
    }
}

#[tokio::test]
async fn a_program_asks_and_others_answer() {
    for town in Town::everywhere().await {
        let _people = (town.citizen("jeanne").await, town.citizen("lucie").await);
        let mayor = Program::of(&town, "camille", true).await;
        let jeanne = Program::of(&town, "jeanne", false).await;
        let asked = json!({
            "status": "Un marché le dimanche ?\nDites-le nous.",
            "poll": { "options": ["Oui", "Non"], "expires_in": 3600, "multiple": false },
        });
        let refused = jeanne.post("/api/v1/statuses", &asked).await;
        assert_eq!(refused.status, 422);
        // What would be lost is refused.
        for (name, value) in [("spoiler_text", json!("Attention")), ("sensitive", json!(true))] {
            let mut warned = asked.clone();
            warned[name] = value;
            let refused = mayor.post("/api/v1/statuses", &warned).await;
            assert_eq!(refused.status, 422, "{name}: {}", refused.text());
            assert!(refused.text().contains("avertissement"), "{}", refused.text());
        }
        let status = good(&mayor.post("/api/v1/statuses", &asked).await);
        let poll = &status["poll"];
        assert_eq!(poll["options"][0], json!({ "title": "Oui", "votes_count": null }));
        assert_eq!(
            (&poll["expired"], &poll["multiple"]),
            (&json!(false), &json!(false))
        );
        let id = poll["id"].as_str().unwrap();
        let address = format!("/api/v1/polls/{id}");
        assert_eq!(jeanne.read(&address).await["voted"], false);
        for bad in [json!([]), json!([2]), json!([0, 1]), json!(["x"])] {
            let answer = jeanne
                .post(&format!("{address}/votes"), &json!({ "choices": bad }))
                .await;
            assert_eq!(answer.status, 422, "{bad}");
        }
        let voted = good(
            &jeanne
                .post(&format!("{address}/votes"), &json!({ "choices": ["1"] }))
                .await,
        );
        assert_eq!(
            (&voted["voted"], &voted["own_votes"]),
            (&json!(true), &json!([1]))
        );
        assert_eq!(voted["votes_count"], 0);
        let again = jeanne
            .post(&format!("{address}/votes"), &json!({ "choices": [0] }))
            .await;
        assert_eq!(again.status, 422);
        let own = mayor
            .post(&format!("{address}/votes"), &json!({ "choices": [0] }))
            .await;
        assert_eq!(own.status, 422);
        let nobody = Program::of_nobody(&town);
        assert!(nobody.read(&address).await.get("voted").is_none());
        let home = mayor.read("/api/v1/timelines/home").await;
        assert!(home.to_string().contains("Un marché le dimanche"));
        let public = nobody.read("/api/v1/timelines/public").await;
        assert_eq!(public[0]["poll"]["id"], id);
        town.waits(Duration::from_secs(3_700)).await;
        let over = nobody.read(&address).await;
        assert_eq!(over["expired"], true);
        // One answer is not shown to anybody.
        assert!(over["options"][1]["votes_count"].is_null());
        let deleted = mayor
            .send(
                Method::DELETE,
                &format!("/api/v1/statuses/{}", status["id"].as_str().unwrap()),
                &json!({}),
            )
            .await;
        assert_eq!(deleted.status, 200, "{}", deleted.text());
        assert_eq!(nobody.get(&address).await.status, 404);
    }
}

#[tokio::test]
async fn a_question_of_another_server_is_answered_there() {
    for town in Town::everywhere().await {
        let jeanne = crate::api::federated(&town, "jeanne").await;
        let _dark = town.citizen("lucie").await;
        let lucie = Program::of(&town, "lucie", false).await;
        let paul = remote(&town, "paul", "social.example").await;
        for handle in ["jeanne", "lucie"] {
            let account = account::actions::people::by_handle(town.ctx(), handle)
                .await
                .unwrap()
                .unwrap();
            let mut tx = town.ctx().db.begin().await.unwrap();
            on_tx!(&mut tx, c => sqlx::query(
                "INSERT INTO federation_follow (id, follower_id, followee_id, uri, canonical, accepted, created_at)
                 VALUES ($1, $2, $3, $4, $4, TRUE, 1)")
                .bind(town.ctx().new_id()).bind(account.actor).bind(paul.id)
                .bind(format!("https://f.example/{handle}")).execute(c).await.map(|_| ()))
            .unwrap();
            tx.commit().await.unwrap();
        }
        let uri = "https://social.example/questions/1";
        let asked = json!({
            "id": uri, "type": "Question", "attributedTo": paul.uri, "content": "<p>Thé ou café ?</p>",
            "to": "https://www.w3.org/ns/activitystreams#Public", "published": "2026-11-23T07:00:00Z",
            "endTime": "2026-11-25T07:00:00Z", "votersCount": 3,
            "oneOf": [
                { "type": "Note", "name": "Thé", "replies": { "type": "Collection", "totalItems": 1 } },
                { "type": "Note", "name": "Café", "replies": { "type": "Collection", "totalItems": 2 } },
            ],
        });
        assert_eq!(gives(&town, &paul, asked.clone()).await, Verdict::Done);
        let home = jeanne.read("/api/v1/timelines/home").await;
        let poll = &home[0]["poll"];
        assert_eq!(poll["options"][1], json!({ "title": "Café", "votes_count": 2 }));
        let address = format!("/api/v1/polls/{}", poll["id"].as_str().unwrap());
        let choice = json!({ "choices": [1] });
        // Who is dark would be named there.
        let refused = lucie.post(&format!("{address}/votes"), &choice).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        let voted = good(&jeanne.post(&format!("{address}/votes"), &choice).await);
        assert_eq!(voted["own_votes"], json!([1]));
        assert_eq!(
            jeanne.post(&format!("{address}/votes"), &choice).await.status,
            422
        );
        let said: Vec<String> = on_db!(&town.ctx().db, c =>
            sqlx::query_scalar("SELECT body FROM federation_activity WHERE kind = 'Create' ORDER BY id")
            .fetch_all(c).await)
        .unwrap();
        let vote: Value = serde_json::from_str(said.last().unwrap()).unwrap();
        assert_eq!(
            (&vote["object"]["name"], &vote["object"]["inReplyTo"]),
            (&json!("Café"), &json!(uri))
        );
        assert_eq!(
            (&vote["to"], &vote["object"]["to"]),
            (&json!([paul.uri]), &json!(paul.uri))
        );
        assert!(vote["object"].get("content").is_none());
        // Its counts change without `updated`.
        let mut counted = asked;
        counted["oneOf"][1]["replies"]["totalItems"] = json!(9);
        counted["closed"] = json!("2026-11-23T07:20:00Z");
        let update = json!({
            "id": format!("{uri}#updates/1"), "type": "Update", "actor": paul.uri, "object": counted,
            "to": "https://www.w3.org/ns/activitystreams#Public",
        });
        let envelope = Envelope::read(paul.clone(), update).unwrap();
        town.app.inbox.give(town.ctx(), envelope).await;
        let now = jeanne.read(&address).await;
        assert_eq!(now["options"][1]["votes_count"], 9);
        assert_eq!((&now["expired"], &now["own_votes"]), (&json!(true), &json!([1])));
    }
}
