//! The client API as an app speaks it, on SQLite and on PostgreSQL.

use std::time::Duration;

use account::actions::people;
use axum::http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Town, Visitor};

const PNG: &[u8] = include_bytes!("../../templates/static/icon-180.png");

/// A program with a token.
#[derive(Clone)]
struct Program {
    visitor: Visitor,
    token: Option<String>,
}

impl Program {
    /// For nobody.
    fn of_nobody(town: &Town) -> Self {
        Self {
            visitor: town.stranger(),
            token: None,
        }
    }

    /// For somebody who has an account, or for the office she holds.
    async fn of(town: &Town, handle: &str, office: bool) -> Self {
        let account = people::by_handle(town.ctx(), handle).await.unwrap().unwrap();
        let office = office.then(|| "06059".to_owned());
        let token = client_api::for_command_line(town.ctx(), account.id, office)
            .await
            .unwrap();
        Self {
            visitor: town.stranger(),
            token: Some(token),
        }
    }

    async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut all = vec![("accept-language", "fr")];
        all.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        all.extend_from_slice(headers);
        self.visitor.clone().asks(method, path, &all, body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[], Vec::new()).await
    }

    async fn send(&self, method: Method, path: &str, value: &Value) -> Answer {
        let headers = [("content-type", "application/json")];
        self.call(method, path, &headers, value.to_string().into_bytes())
            .await
    }

    async fn post(&self, path: &str, value: &Value) -> Answer {
        self.send(Method::POST, path, value).await
    }

    /// The JSON of a good answer.
    async fn read(&self, path: &str) -> Value {
        good(&self.get(path).await)
    }

    async fn publish(&self, text: &str) -> Value {
        good(&self.post("/api/v1/statuses", &json!({ "status": text })).await)
    }

    async fn does(&self, path: &str) -> Value {
        good(&self.post(path, &json!({})).await)
    }

    async fn uploads(&self, description: &str) -> Value {
        let mut body = format!(
            "--x\r\ncontent-disposition: form-data; name=\"description\"\r\n\r\n{description}\r\n--x\r\n\
             content-disposition: form-data; name=\"file\"; filename=\"p.png\"\r\ncontent-type: image/png\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(PNG);
        body.extend_from_slice(b"\r\n--x--\r\n");
        let headers = [("content-type", "multipart/form-data; boundary=x")];
        good(&self.call(Method::POST, "/api/v2/media", &headers, body).await)
    }
}

fn good(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn id(status: &Value) -> String {
    status["id"].as_str().unwrap().to_owned()
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(id).collect()
}

/// The `Link` header's address of this kind, without the host.
fn link(answer: &Answer, rel: &str) -> Option<String> {
    let header = answer.header("link");
    header
        .split(", ")
        .find(|link| link.ends_with(&format!("rel=\"{rel}\"")))
        .and_then(|link| link.split(['<', '>']).nth(1))
        .map(|address| address.replace("https://parvis.test", ""))
}

/// The mayor's office, and a dark citizen.
async fn people_of(town: &Town) -> (Program, Program) {
    let _citizen = town.citizen("jeanne").await;
    (
        Program::of(town, "camille", true).await,
        Program::of(town, "jeanne", false).await,
    )
}

/// A citizen who lets her name and words leave.
async fn federated(town: &Town, handle: &str) -> Program {
    let _citizen = town.citizen(handle).await;
    let account = people::by_handle(town.ctx(), handle).await.unwrap().unwrap();
    let keys = federation::actors::new_keys().await.unwrap();
    let mut tx = town.ctx().db.begin().await.unwrap();
    federation::actors::set_federated(town.ctx(), &mut tx, account.actor, true, &keys)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    Program::of(town, handle, false).await
}

#[tokio::test]
async fn a_program_learns_which_server_this_is() {
    for town in Town::everywhere().await {
        let nobody = Program::of_nobody(&town);
        let instance = nobody.read("/api/v2/instance").await;
        assert_eq!(instance["domain"], "parvis.test");
        assert_eq!(instance["configuration"]["statuses"]["max_characters"], 5000);
        assert!(instance["api_versions"]["mastodon"].as_i64().unwrap() > 0);
        assert!(instance["rules"].is_array() && instance["languages"].is_array());
        assert!(instance["version"].as_str().unwrap().starts_with('4'));
        let first = nobody.read("/api/v1/instance").await;
        assert_eq!(first["uri"], "parvis.test");
        assert!(first["stats"]["user_count"].is_i64() && first["urls"]["streaming_api"].is_string());
    }
}

#[tokio::test]
async fn the_office_and_the_person_are_two_accounts() {
    for town in Town::everywhere().await {
        let (office, _) = people_of(&town).await;
        let person = Program::of(&town, "camille", false).await;
        let me = office.read("/api/v1/accounts/verify_credentials").await;
        assert_eq!(me["acct"], "maire-eze");
        assert_eq!(me["source"]["privacy"], "public");
        for list in ["emojis", "fields", "roles"] {
            assert!(me[list].is_array(), "{list}");
        }
        for address in ["avatar", "avatar_static", "header", "header_static", "url", "uri"] {
            assert!(me[address].as_str().unwrap().starts_with("https://"), "{address}");
        }
        assert!(me["created_at"].as_str().unwrap().ends_with("T00:00:00.000Z"));
        let she = person.read("/api/v1/accounts/verify_credentials").await;
        assert_eq!(she["username"], "camille");
        assert_ne!(me["id"], she["id"]);
        let nobody = Program::of_nobody(&town)
            .get("/api/v1/accounts/verify_credentials")
            .await;
        assert_eq!(nobody.status, 401);
        assert!(nobody.json()["error"].is_string());
    }
}

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
            json!({ "status": "x", "poll": { "options": ["a", "b"], "expires_in": 600 } }),
            json!({ "status": "x", "language": "français" }),
            json!({ "status": "x", "media_ids": ["12"] }),
            json!({ "status": "x", "scheduled_at": "demain" }),
            json!({ "status": "x", "scheduled_at": "2020-01-01T00:00:00Z" }),
            json!({ "status": "" }),
            json!({ "status": "é".repeat(5001) }),
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

fn ids_of_statuses(notices: &Value) -> Vec<String> {
    notices
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| id(&notice["status"]))
        .collect()
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
async fn a_dark_citizen_is_in_no_list_and_nothing_of_hers_leaves() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let nobody = Program::of_nobody(&town);
        let paul = federated(&town, "paul").await;
        let me = citizen.read("/api/v1/accounts/verify_credentials").await;
        let mayor = office.read("/api/v1/accounts/verify_credentials").await;
        let post = office.publish("Votre avis ?").await;
        for path in [
            format!("/api/v1/accounts/{}/follow", id(&mayor)),
            format!("/api/v1/statuses/{}/favourite", id(&post)),
            format!("/api/v1/statuses/{}/reblog", id(&post)),
        ] {
            citizen.does(&path).await;
        }
        let refused = json!({ "status": "Mon avis", "in_reply_to_id": post["id"] });
        let refused = citizen.post("/api/v1/statuses", &refused).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("fédéré"), "{}", refused.text());
        let here = json!({ "status": "Mon avis", "in_reply_to_id": post["id"], "local_only": true });
        let here = good(&citizen.post("/api/v1/statuses", &here).await);

        for reader in [&nobody, &paul, &office] {
            for path in [
                "/api/v1/accounts/lookup?acct=jeanne".to_owned(),
                "/api/v2/search?q=jeanne".to_owned(),
                "/api/v2/search?q=@jeanne@parvis.test".to_owned(),
                format!("/api/v1/accounts/{}/followers", id(&mayor)),
                format!("/api/v1/statuses/{}/favourited_by", id(&post)),
                format!("/api/v1/statuses/{}/reblogged_by", id(&post)),
                "/api/v1/timelines/public".to_owned(),
            ] {
                let answer = reader.get(&path).await;
                assert!(answer.status == 404 || answer.status == 200, "{path}");
                let said = answer.text();
                assert!(
                    !said.contains(&id(&me)) && !said.contains("\"jeanne\""),
                    "{path}: {said}"
                );
            }
        }
        for path in [
            format!("/api/v1/accounts/{}", id(&me)),
            format!("/api/v1/accounts/{}/statuses", id(&me)),
            format!("/api/v1/accounts/{}/following", id(&me)),
            format!("/api/v1/statuses/{}", id(&here)),
        ] {
            assert_eq!(nobody.get(&path).await.status, 404, "{path}");
        }
        let thread = format!("/api/v1/statuses/{}/context", id(&post));
        assert!(!nobody.get(&thread).await.text().contains("jeanne"));
        assert_eq!(ids(&office.read(&thread).await["descendants"]), [id(&here)]);
        let hers = office
            .read(&format!("/api/v1/accounts/{}/statuses", id(&me)))
            .await;
        assert_eq!(hers, json!([]));
    }
}

#[tokio::test]
async fn following_fills_the_home_timeline() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let paul = federated(&town, "paul").await;
        let mayor = citizen.read("/api/v1/accounts/lookup?acct=maire-eze").await;
        let before = office.publish("Avant").await;
        assert_eq!(citizen.read("/api/v1/timelines/home").await, json!([]));
        let path = format!("/api/v1/accounts/{}", id(&mayor));
        let follow = citizen.does(&format!("{path}/follow")).await;
        assert_eq!(follow["following"], true);
        assert_eq!(follow["requested"], false);
        let between = citizen
            .read(&format!("/api/v1/accounts/relationships?id[]={}", id(&mayor)))
            .await;
        assert_eq!(between[0]["following"], true);
        let after = office.publish("Après").await;
        let home = citizen.read("/api/v1/timelines/home").await;
        assert_eq!(ids(&home), [id(&after), id(&before)]);
        let told = citizen.read("/api/v1/notifications").await;
        assert_eq!(told[0]["type"], "status");
        assert_eq!(told[0]["status"]["id"], after["id"]);

        let herself = citizen.read("/api/v1/accounts/verify_credentials").await;
        let answer = citizen
            .post(&format!("/api/v1/accounts/{}/follow", id(&herself)), &json!({}))
            .await;
        assert!(answer.status == 404 || answer.status == 422);

        let paul_account = paul.read("/api/v1/accounts/verify_credentials").await;
        office
            .does(&format!("/api/v1/accounts/{}/follow", id(&paul_account)))
            .await;
        let answer = json!({ "status": "Bravo", "in_reply_to_id": after["id"] });
        let comment = good(&paul.post("/api/v1/statuses", &answer).await);
        paul.does(&format!("/api/v1/statuses/{}/reblog", id(&comment)))
            .await;
        let home = office.read("/api/v1/timelines/home").await;
        assert_eq!(home[0]["reblog"]["id"], comment["id"]);
        assert_eq!(
            citizen.does(&format!("{path}/unfollow")).await["following"],
            false
        );
        assert_eq!(citizen.read("/api/v1/timelines/home").await, json!([]));
    }
}

#[tokio::test]
async fn lists_are_paged_by_links_in_both_directions() {
    for town in Town::everywhere().await {
        let (office, _) = people_of(&town).await;
        let mut made = Vec::new();
        for number in 0..5 {
            town.ctx().clock.advance(Duration::from_secs(1));
            made.push(id(&office.publish(&format!("Numéro {number} #Èze")).await));
        }
        made.reverse();
        let mayor = office.read("/api/v1/accounts/verify_credentials").await;
        for path in [
            "/api/v1/timelines/public?local=true&limit=2".to_owned(),
            "/api/v1/timelines/tag/eze?limit=2".to_owned(),
            "/api/v1/timelines/tag/%C3%88ZE?limit=2".to_owned(),
            "/api/v1/timelines/home?limit=2".to_owned(),
            format!("/api/v1/accounts/{}/statuses?limit=2", id(&mayor)),
        ] {
            let first = office.get(&path).await;
            assert_eq!(ids(&good(&first)), made[..2], "{path}");
            let second = office.get(&link(&first, "next").unwrap()).await;
            assert_eq!(ids(&good(&second)), made[2..4], "{path}");
            let third = office.get(&link(&second, "next").unwrap()).await;
            assert_eq!(ids(&good(&third)), made[4..], "{path}");
            assert_eq!(link(&third, "next"), None);
            let back = office.get(&link(&third, "prev").unwrap()).await;
            assert_eq!(ids(&good(&back)), made[2..4], "{path}");
            let newest = office.get(&format!("{path}&since_id={}", made[3])).await;
            assert_eq!(ids(&good(&newest)), made[..2], "{path}");
        }
        let all = office.get("/api/v1/timelines/public?limit=9999").await;
        assert_eq!(ids(&good(&all)), made);
        let other = office.read("/api/v1/timelines/public?remote=true").await;
        assert_eq!(other, json!([]));
        let photos = office.read("/api/v1/timelines/public?only_media=true").await;
        assert_eq!(photos, json!([]));
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

#[tokio::test]
async fn what_only_some_may_read_is_not_there_for_others() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let _stranger = town.neighbour("marc", "06088").await;
        let neighbour = Program::of(&town, "marc", false).await;
        let nobody = Program::of_nobody(&town);
        let new = json!({ "status": "Entre nous", "visibility": "private" });
        let private = good(&office.post("/api/v1/statuses", &new).await);
        let new = json!({ "status": "Pour les habitants", "visibility": "residents" });
        let residents = good(&office.post("/api/v1/statuses", &new).await);
        assert_eq!(private["visibility"], "private");
        let path = |status: &Value| format!("/api/v1/statuses/{}", id(status));
        for (reader, may) in [
            (&citizen, [404, 200]),
            (&neighbour, [404, 404]),
            (&nobody, [404, 404]),
        ] {
            assert_eq!(reader.get(&path(&private)).await.status, may[0]);
            assert_eq!(reader.get(&path(&residents)).await.status, may[1]);
            let like = reader
                .post(&format!("{}/favourite", path(&private)), &json!({}))
                .await;
            assert!(matches!(like.status, 401 | 404));
        }
        let mayor = office.read("/api/v1/accounts/verify_credentials").await;
        neighbour
            .does(&format!("/api/v1/accounts/{}/follow", id(&mayor)))
            .await;
        assert_eq!(neighbour.get(&path(&private)).await.status, 200);
        let list = format!("/api/v1/accounts/{}/statuses", id(&mayor));
        assert_eq!(ids(&neighbour.read(&list).await), [id(&private)]);
        assert_eq!(ids(&citizen.read(&list).await), [id(&residents)]);
        assert_eq!(nobody.read(&list).await, json!([]));
        let answer = office
            .post(&format!("{}/reblog", path(&private)), &json!({}))
            .await;
        assert_eq!(answer.status, 422);
    }
}

#[tokio::test]
async fn search_finds_town_halls_hashtags_and_addresses() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let post = office.publish("Le #sentier rouvre").await;
        for asked in ["maire-eze", "@maire-eze@parvis.test", "èze", "Maire"] {
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("q", asked)
                .finish();
            let found = citizen.read(&format!("/api/v2/search?{query}")).await;
            let names: Vec<&str> = found["accounts"]
                .as_array()
                .unwrap()
                .iter()
                .map(|account| account["acct"].as_str().unwrap())
                .collect();
            assert!(names.contains(&"maire-eze"), "{asked}: {names:?}");
        }
        let found = citizen.read("/api/v2/search?q=sent").await;
        assert_eq!(found["hashtags"][0]["name"], "sentier");
        for address in [post["uri"].as_str().unwrap(), post["url"].as_str().unwrap()] {
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("q", address)
                .append_pair("resolve", "true")
                .finish();
            let found = citizen.read(&format!("/api/v2/search?{query}")).await;
            assert_eq!(ids(&found["statuses"]), [id(&post)]);
        }
        let nobody = Program::of_nobody(&town);
        let answer = nobody.get("/api/v2/search?q=x&resolve=true").await;
        assert_eq!(answer.status, 401);
        assert_eq!(citizen.read("/api/v2/search?q=").await["accounts"], json!([]));
    }
}

#[tokio::test]
async fn notifications_are_read_dismissed_and_marked() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let post = office.publish("Nouvelle").await;
        citizen
            .does(&format!("/api/v1/statuses/{}/favourite", id(&post)))
            .await;
        let all = office.read("/api/v1/notifications").await;
        let notice = id(&all[0]);
        assert_eq!(
            office.read("/api/v1/notifications/unread_count").await["count"],
            1
        );
        assert_eq!(
            office
                .read("/api/v1/notifications?exclude_types[]=favourite")
                .await,
            json!([])
        );
        let one = office.read(&format!("/api/v1/notifications/{notice}")).await;
        assert_eq!(one["status"]["id"], post["id"]);
        let groups = office.read("/api/v2/notifications").await;
        assert_eq!(groups["notification_groups"][0]["status_id"], post["id"]);
        assert_eq!(groups["accounts"][0]["acct"], "jeanne");
        let mark = json!({ "notifications": { "last_read_id": notice } });
        let marked = good(&office.post("/api/v1/markers", &mark).await);
        assert_eq!(marked["notifications"]["last_read_id"], notice);
        let marks = office.read("/api/v1/markers?timeline[]=notifications").await;
        assert_eq!(marks["notifications"]["version"], 1);
        assert_eq!(
            office.read("/api/v1/notifications/unread_count").await["count"],
            0
        );
        let path = format!("/api/v1/notifications/{notice}");
        assert_eq!(citizen.get(&path).await.status, 404);
        office.does(&format!("{path}/dismiss")).await;
        assert_eq!(office.get(&path).await.status, 404);
        office.does("/api/v1/notifications/clear").await;
        assert_eq!(office.read("/api/v1/notifications").await, json!([]));
    }
}

#[tokio::test]
async fn somebody_reports_a_post_or_a_person() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let post = office.publish("Nouvelle").await;
        let account = &post["account"]["id"];
        let report =
            json!({ "account_id": account, "status_ids": [post["id"]], "comment": "Erreur de date" });
        let made = good(&citizen.post("/api/v1/reports", &report).await);
        assert_eq!(made["action_taken"], false);
        assert_eq!(made["comment"], "Erreur de date");
        assert_eq!(made["target_account"]["id"], *account);
        assert_eq!(made["status_ids"], json!([post["id"]]));
        let plain = json!({ "account_id": account, "category": "spam" });
        assert_eq!(
            good(&citizen.post("/api/v1/reports", &plain).await)["category"],
            "spam"
        );
        let other = citizen
            .post("/api/v1/reports", &json!({ "account_id": "1" }))
            .await;
        assert_eq!(other.status, 404);
    }
}

#[tokio::test]
async fn media_belong_to_whoever_sent_them() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let photo = office.uploads("").await;
        assert_eq!(photo["description"], Value::Null);
        let path = format!("/api/v1/media/{}", id(&photo));
        assert_eq!(citizen.get(&path).await.status, 404);
        let described = json!({ "description": "La fontaine", "focus": "0.5,-0.25" });
        let described = good(&office.send(Method::PUT, &path, &described).await);
        assert_eq!(described["description"], "La fontaine");
        assert_eq!(described["meta"]["focus"]["y"], -0.25);
        let taken = json!({ "status": "x", "media_ids": [photo["id"]] });
        let _other = town.delegate("paule", account::Right::News).await;
        assert_eq!(citizen.post("/api/v1/statuses", &taken).await.status, 422);
        let post = good(&office.post("/api/v1/statuses", &taken).await);
        assert_eq!(post["media_attachments"][0]["meta"]["focus"]["x"], 0.5);
        assert_eq!(
            office.post("/api/v1/statuses", &taken).await.status,
            422,
            "it is used"
        );
        let without = json!({ "status": "x", "media_ids": [office.uploads("").await["id"]] });
        let answer = office.post("/api/v1/statuses", &without).await;
        assert_eq!(answer.status, 422, "a photo needs words");
        let nothing = office.post("/api/v2/media", &json!({})).await;
        assert_eq!(nothing.status, 422);
    }
}

#[tokio::test]
async fn a_token_does_what_its_scopes_and_its_owners_rights_allow() {
    for town in Town::everywhere().await {
        let (office, _) = people_of(&town).await;
        let _delegate = town.delegate("paule", account::Right::Alerts).await;
        let paule = Program::of(&town, "paule", true).await;
        let post = office.publish("Nouvelle").await;
        let answer = paule.post("/api/v1/statuses", &json!({ "status": "x" })).await;
        assert_eq!(answer.status, 403, "a delegate for alerts does not publish news");
        let answer = paule
            .post(&format!("/api/v1/statuses/{}/favourite", id(&post)), &json!({}))
            .await;
        assert_eq!(answer.status, 403);
        let wrong = Program {
            visitor: town.stranger(),
            token: Some("x".repeat(43)),
        };
        let answer = wrong.get("/api/v1/timelines/public").await;
        assert_eq!(answer.status, 401);
        assert!(answer.header("www-authenticate").contains("invalid_token"));
    }
}

#[tokio::test]
async fn a_program_with_few_scopes_is_stopped_at_the_others() {
    for town in Town::everywhere().await {
        let nobody = Program::of_nobody(&town);
        let app = json!({ "client_name": "Appli", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read:statuses" });
        let app = good(&nobody.post("/api/v1/apps", &app).await);
        let grant = json!({
            "grant_type": "client_credentials", "client_id": app["client_id"],
            "client_secret": app["client_secret"], "scope": "read:statuses",
        });
        let token = good(&nobody.post("/oauth/token", &grant).await);
        let program = Program {
            visitor: town.stranger(),
            token: Some(token["access_token"].as_str().unwrap().to_owned()),
        };
        assert_eq!(program.get("/api/v1/timelines/public").await.status, 200);
        assert_eq!(program.get("/api/v1/timelines/home").await.status, 422);
        let answer = program.get("/api/v1/accounts/lookup?acct=maire-eze").await;
        assert_eq!(answer.status, 403);
        assert!(answer.json()["error"].is_string());
        for path in [
            "bookmarks",
            "blocks",
            "lists",
            "notifications",
            "markers",
            "preferences",
        ] {
            let answer = program.get(&format!("/api/v1/{path}")).await;
            let expected = if path == "markers" { 422 } else { 403 };
            assert_eq!(answer.status, expected, "{path}");
        }
        let answer = program.post("/api/v1/statuses", &json!({ "status": "x" })).await;
        assert_eq!(answer.status, 403);
    }
}

#[tokio::test]
async fn other_sites_may_ask_and_nobody_too_often() {
    for town in Town::everywhere().await {
        let nobody = Program::of_nobody(&town);
        let origin = [
            ("origin", "https://elk.example.org"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization,idempotency-key"),
        ];
        for path in ["/api/v1/statuses", "/oauth/token", "/api/v1/nowhere"] {
            let answer = nobody.call(Method::OPTIONS, path, &origin, Vec::new()).await;
            assert_eq!(answer.status, 204, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            assert!(
                answer
                    .header("access-control-allow-headers")
                    .contains("Idempotency-Key")
            );
            assert!(answer.header("access-control-allow-methods").contains("DELETE"));
        }
        for (path, status) in [
            ("/api/v2/instance", 200),
            ("/api/v1/nowhere", 404),
            ("/api/v1/timelines/home", 401),
            ("/.well-known/oauth-authorization-server", 200),
        ] {
            let answer = nobody.get(path).await;
            assert_eq!(answer.status, status, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
            assert!(answer.header("access-control-expose-headers").contains("Link"));
            if path.starts_with("/api/") {
                assert_eq!(answer.header("x-ratelimit-limit"), "300", "{path}");
                assert!(answer.header("x-ratelimit-reset").ends_with('Z'));
                // masto.js reads no `application/problem+json`.
                let kind = answer.header("content-type");
                assert!(kind.starts_with("application/json"), "{path}: {kind}");
            }
        }
        let page = nobody.get("/").await;
        assert_eq!(page.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn lists_of_what_is_not_here_are_empty() {
    for town in Town::everywhere().await {
        let (_, citizen) = people_of(&town).await;
        let nobody = Program::of_nobody(&town);
        for path in [
            "custom_emojis",
            "announcements",
            "trends/tags",
            "trends/statuses",
            "trends/links",
            "filters",
            "lists",
            "bookmarks",
            "followed_tags",
            "conversations",
            "domain_blocks",
            "blocks",
            "mutes",
            "follow_requests",
            "endorsements",
            "featured_tags",
            "suggestions",
            "directory",
            "scheduled_statuses",
            "notifications/requests",
            "instance/rules",
            "instance/peers",
        ] {
            assert_eq!(
                citizen.read(&format!("/api/v1/{path}")).await,
                json!([]),
                "{path}"
            );
        }
        assert_eq!(citizen.read("/api/v2/filters").await, json!([]));
        let one = citizen.get("/api/v1/instance/translation_languages").await;
        assert_eq!(good(&one), json!({}));
        let new = json!({ "username": "x", "email": "x@example.org", "password": "x", "agreement": true });
        let answer = nobody.post("/api/v1/accounts", &new).await;
        assert_eq!(answer.status, 422);
        assert!(answer.json()["error"].as_str().unwrap().contains("inscrire"));
        assert_eq!(nobody.get("/api/v1/bookmarks").await.status, 401);
        let preferences = citizen.read("/api/v1/preferences").await;
        assert_eq!(preferences["posting:default:visibility"], "public");
        let me = citizen.read("/api/v1/accounts/verify_credentials").await;
        let answer = citizen
            .post(&format!("/api/v1/accounts/{}/block", id(&me)), &json!({}))
            .await;
        assert_eq!(answer.status, 422, "said, and not pretended");
    }
}

#[tokio::test]
async fn a_form_says_the_same_as_json() {
    for town in Town::everywhere().await {
        let (office, _) = people_of(&town).await;
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let body = "status=Par+formulaire&visibility=unlisted&sensitive=true&language=en";
        let answer = office
            .call(
                Method::POST,
                "/api/v1/statuses",
                &headers,
                body.as_bytes().to_vec(),
            )
            .await;
        let made = good(&answer);
        assert_eq!(made["visibility"], "unlisted");
        assert_eq!(made["language"], "en");
        assert_eq!(made["sensitive"], true);
        assert_eq!(office.read("/api/v1/timelines/public").await, json!([]));
    }
}
