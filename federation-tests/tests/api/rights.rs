//! Who may do what, and what stays dark.

use serde_json::json;
use testkit::Town;

use super::{Program, federated, good, id, ids, people_of};

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
