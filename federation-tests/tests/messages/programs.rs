//! Conversations through the client API.

use axum::http::Method;
use federation::Verdict;
use platform::on_tx;
use serde_json::{Value, json};
use testkit::Town;

use super::elsewhere::{letter, said};
use super::{HOME, SECRET, account, everything, office, writes};
use crate::api::{Program, good, id};
use crate::discussion::{guest, takes};

#[tokio::test]
async fn a_program_holds_conversations_with_the_right_scopes() {
    for town in Town::everywhere().await {
        town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        town.citizen("paul").await;
        let (hers, his, mairie) = (
            Program::of(&town, "zoe", false).await,
            Program::of(&town, "paul", false).await,
            Program::of(&town, "camille", true).await,
        );
        for (text, status) in [
            ("Bonjour", 422),
            ("@inconnu bonjour", 422),
            ("@maire@ailleurs.example bonjour", 422),
            ("@maire-eze", 422),
        ] {
            let answer = hers
                .post(
                    "/api/v1/statuses",
                    &json!({ "status": text, "visibility": "direct" }),
                )
                .await;
            assert_eq!(answer.status, status, "{text}: {}", answer.text());
        }
        let first = good(
            &hers
                .post(
                    "/api/v1/statuses",
                    &json!({ "status": format!("@maire-eze Un {SECRET}."), "visibility": "direct" }),
                )
                .await,
        );
        assert_eq!(first["visibility"], "direct");
        assert!(!first["content"].as_str().unwrap().contains("maire-eze"));
        let talks = mairie.read("/api/v1/conversations").await;
        assert_eq!(talks.as_array().unwrap().len(), 1, "{talks}");
        assert_eq!(talks[0]["unread"], true);
        assert_eq!(talks[0]["accounts"][0]["username"], "zoe");
        let path = format!("/api/v1/conversations/{}/read", talks[0]["id"].as_str().unwrap());
        assert_eq!(mairie.does(&path).await["unread"], false);
        // Whatever visibility the program says, the answer is private.
        let answer = json!({ "status": "@zoe C’est noté", "in_reply_to_id": talks[0]["last_status"]["id"], "visibility": "public" });
        let second = good(&mairie.post("/api/v1/statuses", &answer).await);
        assert_eq!(second["visibility"], "direct");
        assert_eq!(second["in_reply_to_id"], first["id"]);
        assert_eq!(second["account"]["username"], "maire-eze");
        let talks = hers.read("/api/v1/conversations").await;
        assert_eq!(
            (talks[0]["unread"].as_bool(), &talks[0]["last_status"]["id"]),
            (Some(true), &second["id"])
        );
        let around = hers
            .read(&format!("/api/v1/statuses/{}/context", id(&second)))
            .await;
        assert_eq!(around["ancestors"][0]["id"], first["id"]);
        assert!(zoe.opens(HOME).await.text().contains("noté"));

        // To anybody else there is nothing, in no list and by no door.
        let narrow = narrowed(&town, "zoe", "read:statuses write:statuses").await;
        let one = format!("/api/v1/statuses/{}", id(&first));
        for program in [&his, &narrow, &Program::of_nobody(&town)] {
            assert_eq!(program.get(&one).await.status, 404);
            assert_eq!(program.get(&format!("{one}/context")).await.status, 404);
        }
        assert_eq!(narrow.get("/api/v1/conversations").await.status, 403);
        assert_eq!(his.read("/api/v1/conversations").await, json!([]));
        assert_eq!(
            Program::of_nobody(&town)
                .get("/api/v1/conversations")
                .await
                .status,
            401
        );
        let own = Program::of(&town, "camille", false).await;
        assert_eq!(
            own.get(&one).await.status,
            404,
            "her own token is not the town hall's"
        );
        assert_eq!(own.read("/api/v1/conversations").await, json!([]));
        for program in [&hers, &mairie, &his] {
            for deed in ["favourite", "reblog", "pin"] {
                let answer = program.post(&format!("{one}/{deed}"), &json!({})).await;
                assert!(answer.status >= 400, "{deed}");
            }
            for list in ["home", "public"] {
                let page = program.get(&format!("/api/v1/timelines/{list}")).await.text();
                assert!(!page.contains(SECRET), "{list}");
            }
            assert!(
                !program
                    .get(&format!("/api/v2/search?q={SECRET}"))
                    .await
                    .text()
                    .contains("Un hipp")
            );
            assert!(!program.get("/api/v1/notifications").await.text().contains(SECRET));
        }
        let path = format!("/api/v1/conversations/{}", talks[0]["id"].as_str().unwrap());
        assert_eq!(his.send(Method::DELETE, &path, &json!({})).await.status, 404);
        assert_eq!(hers.send(Method::DELETE, &path, &json!({})).await.status, 200);
        assert_eq!(hers.read("/api/v1/conversations").await, json!([]));

        // Formal requests have doors of their own.
        let asked = json!({ "commune": "06059", "subject": "Place", "text": "Une fête", "name": "Zoé E", "address": "" });
        assert_eq!(hers.post("/api/parvis/v1/requests", &asked).await.status, 422);
        let asked = json!({ "commune": "06059", "subject": "Place", "text": "Une fête", "name": "Zoé E", "address": "1 rue X" });
        let made = hers.post("/api/parvis/v1/requests", &asked).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(made.json()["reference"], "EZE-2026-000001");
        assert_eq!(
            hers.read("/api/parvis/v1/requests")
                .await
                .as_array()
                .unwrap()
                .len(),
            1
        );
        assert_eq!(
            mairie
                .read("/api/parvis/v1/requests")
                .await
                .as_array()
                .unwrap()
                .len(),
            1
        );
        assert_eq!(his.read("/api/parvis/v1/requests").await, json!([]));
        let one = format!("/api/parvis/v1/requests/{}", id(&made.json()));
        assert_eq!(his.get(&one).await.status, 404);
        let counters = Program::of_nobody(&town)
            .read("/api/parvis/v1/communes/06059/counters")
            .await;
        assert_eq!(counters[0]["id"], "0");
    }
}

/// A program with these scopes only.
async fn narrowed(town: &Town, handle: &str, scopes: &str) -> Program {
    let program = Program::of(town, handle, false).await;
    let account = account(town, handle).await.id;
    let mut tx = town.ctx().db.begin().await.unwrap();
    on_tx!(&mut tx, c => sqlx::query(
        "UPDATE client_token SET scopes = $2 WHERE id = (SELECT MAX(id) FROM client_token WHERE account_id = $1)")
        .bind(account.0).bind(scopes).execute(c).await.map(|_| ()))
    .unwrap();
    tx.commit().await.unwrap();
    program
}

fn accts(people: &Value) -> Vec<&str> {
    people
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["acct"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_program_is_told_who_reads_what_it_said_and_how_it_was_typed() {
    for town in Town::everywhere().await {
        town.mayor().await;
        let mairie = Program::of(&town, "camille", true).await;
        let (ada, eve) = (guest(&town, "ada").await, guest(&town, "eve").await);
        let office = office(&town).await;
        let to = [office.uri.as_str(), &eve.uri];
        assert_eq!(
            takes(&town, &ada, letter(&ada, 1, &to, json!({ "sensitive": true }))).await,
            Verdict::Done
        );
        let both = ["ada@social.example", "eve@social.example"];
        let talks = mairie.read("/api/v1/conversations").await;
        assert_eq!(accts(&talks[0]["accounts"]), both);
        let letter = &talks[0]["last_status"];
        assert_eq!(accts(&letter["mentions"]), ["maire-eze", "eve@social.example"]);
        assert_eq!(letter["sensitive"], true);
        let theirs = format!("/api/v1/statuses/{}", id(letter));
        assert_eq!(mairie.get(&format!("{theirs}/source")).await.status, 404);
        assert_eq!(
            mairie
                .read(&format!("{theirs}/history"))
                .await
                .as_array()
                .unwrap()
                .len(),
            1
        );

        let answer = json!({
            "status": "@ada@social.example Il **mord**.", "in_reply_to_id": letter["id"], "spoiler_text": "Animaux",
        });
        let made = good(&mairie.post("/api/v1/statuses", &answer).await);
        assert_eq!(
            (&made["spoiler_text"], &made["sensitive"]),
            (&json!("Animaux"), &json!(true))
        );
        assert_eq!(accts(&made["mentions"]), both);
        let (_, body, _) = said(&town).await.remove(0);
        assert_eq!(
            (&body["object"]["summary"], &body["object"]["sensitive"]),
            (&json!("Animaux"), &json!(true))
        );
        let ours = format!("/api/v1/statuses/{}", id(&made));
        let source = mairie.read(&format!("{ours}/source")).await;
        assert_eq!(
            (&source["text"], &source["spoiler_text"]),
            (&json!("Il **mord**."), &json!("Animaux"))
        );
        // An edit of the words keeps the warning, one of the warning the words.
        for (edit, text, warning) in [
            (json!({ "status": "Il dort." }), "Il dort.", "Animaux"),
            (json!({ "spoiler_text": "Sieste" }), "Il dort.", "Sieste"),
        ] {
            good(&mairie.send(Method::PUT, &ours, &edit).await);
            let source = mairie.read(&format!("{ours}/source")).await;
            assert_eq!(
                (&source["text"], &source["spoiler_text"]),
                (&json!(text), &json!(warning))
            );
            assert_eq!(said(&town).await.remove(0).1["object"]["summary"], warning);
        }
        // An endless warning is refused whole.
        let endless = json!({ "spoiler_text": "é".repeat(201) });
        assert_eq!(mairie.send(Method::PUT, &ours, &endless).await.status, 422);
        let history = mairie.read(&format!("{ours}/history")).await;
        assert_eq!(history.as_array().unwrap().len(), 1);
        assert_eq!(
            (&history[0]["spoiler_text"], &history[0]["account"]["acct"]),
            (&json!("Sieste"), &json!("maire-eze"))
        );

        // Between people of this server too, and to nobody else.
        let mut zoe = town.citizen("zoe").await;
        town.citizen("paul").await;
        let (hers, his) = (
            Program::of(&town, "zoe", false).await,
            Program::of(&town, "paul", false).await,
        );
        let new = json!({ "status": format!("@maire-eze Un {SECRET}."), "visibility": "direct", "spoiler_text": "Chut" });
        let made = good(&hers.post("/api/v1/statuses", &new).await);
        assert_eq!(
            (&made["spoiler_text"], &made["sensitive"]),
            (&json!("Chut"), &json!(true))
        );
        let one = format!("/api/v1/statuses/{}", id(&made));
        assert_eq!(
            hers.read(&format!("{one}/source")).await["text"],
            format!("Un {SECRET}.")
        );
        assert_eq!(mairie.read(&one).await["spoiler_text"], "Chut");
        assert_eq!(mairie.get(&format!("{one}/source")).await.status, 404);
        for part in ["source", "history"] {
            assert_eq!(his.get(&format!("{one}/{part}")).await.status, 404);
        }
        let thread = writes(&mut zoe, "0", "Sans avertissement").await;
        assert!(!thread.is_empty());
        assert!(
            !everything(&town).await.contains("Chut"),
            "a warning is sealed as the words are"
        );
    }
}
