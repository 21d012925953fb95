//! What a program learns of the server, and what the server takes from it.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::Town;

use super::{Program, good, id, people_of};

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
