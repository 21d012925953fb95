//! Questions of other servers, answered on a page: without JavaScript, once, by who has agreed that it leaves.

use federation::{Actor, Envelope, Verdict};
use platform::{on_db, on_tx};
use serde_json::{Value, json};
use testkit::{Answer, Town, Visitor};

use super::opinions::{gives, remote};
use crate::api::federated;

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

fn choice(words: &str, votes: i64) -> Value {
    json!({ "type": "Note", "name": words, "replies": { "type": "Collection", "totalItems": votes } })
}

/// A question of Paul's that came to a timeline here; gives its object and the path of its ballot.
async fn asked(town: &Town, paul: &Actor, n: u8, several: bool) -> (Value, String, String) {
    let uri = format!("https://social.example/questions/{n}");
    let choices = json!([choice("Thé", 1), choice("Café <b>", 2), choice("Eau", 0)]);
    let mut question = json!({
        "id": uri, "type": "Question", "attributedTo": paul.uri, "content": "<p>Que buvez-vous ?</p>",
        "to": PUBLIC, "published": "2026-11-23T07:00:00Z", "endTime": "2026-11-25T07:00:00Z", "votersCount": 3,
    });
    question[if several { "anyOf" } else { "oneOf" }] = choices;
    assert_eq!(gives(town, paul, question.clone()).await, Verdict::Done);
    let db = &town.ctx().db;
    let id: i64 =
        on_db!(db, c => sqlx::query_scalar("SELECT id FROM poll_question WHERE uri = $1").bind(&uri)
        .fetch_one(c).await)
        .unwrap();
    let post: i64 = on_db!(db, c => sqlx::query_scalar("SELECT id FROM news_post WHERE uri = $1").bind(&uri)
        .fetch_one(c).await)
    .unwrap();
    (
        question,
        format!("/sondages/ailleurs/{id}"),
        format!("/actualites/{post}"),
    )
}

/// Somebody here follows Paul, so that what he says comes here.
async fn paul_with_a_follower(town: &Town) -> Actor {
    let _jeanne = federated(town, "jeanne").await;
    let paul = remote(town, "paul", "social.example").await;
    let account = account::actions::people::by_handle(town.ctx(), "jeanne")
        .await
        .unwrap()
        .unwrap();
    let mut tx = town.ctx().db.begin().await.unwrap();
    on_tx!(&mut tx, c => sqlx::query(
        "INSERT INTO federation_follow (id, follower_id, followee_id, uri, canonical, accepted, created_at)
         VALUES ($1, $2, $3, 'https://f.example/1', 'https://f.example/1', TRUE, 1)")
        .bind(town.ctx().new_id()).bind(account.actor).bind(paul.id).execute(c).await.map(|_| ()))
    .unwrap();
    tx.commit().await.unwrap();
    paul
}

/// A question of another server that is kept here; gives the path of its ballot.
pub(super) async fn kept(town: &Town) -> String {
    let paul = paul_with_a_follower(town).await;
    asked(town, &paul, 9, false).await.1
}

/// All votes that left, as their words.
async fn votes_sent(town: &Town) -> Vec<(String, Value)> {
    let bodies: Vec<String> = on_db!(&town.ctx().db, c => sqlx::query_scalar(
        "SELECT body FROM federation_activity WHERE kind = 'Create' ORDER BY id").fetch_all(c).await)
    .unwrap();
    bodies
        .iter()
        .map(|body| serde_json::from_str::<Value>(body).unwrap())
        .map(|vote| {
            (
                vote["object"]["name"].as_str().unwrap().to_owned(),
                vote["to"].clone(),
            )
        })
        .collect()
}

async fn says(visitor: &mut Visitor, path: &str, choices: &[&str]) -> Answer {
    let fields: Vec<(&str, &str)> = choices.iter().map(|choice| ("choices", *choice)).collect();
    visitor.sends(path, path, &fields).await
}

#[tokio::test]
async fn a_question_is_answered_from_its_page_once() {
    for town in Town::everywhere().await {
        let paul = paul_with_a_follower(&town).await;
        let (_, ballot, post) = asked(&town, &paul, 1, false).await;
        let mut jeanne = town.signed_in("jeanne").await;
        // On the page of the post, and on a page of its own.
        for page in [&post, &ballot] {
            let text = jeanne.opens(page).await.text();
            for words in [
                "type=\"radio\" name=\"choices\" value=\"2\"",
                "n’est pas secret",
                "@paul@social.example",
                "@jeanne@parvis.test",
                "Café &#60;b&#62;",
                "Actualiser les résultats",
            ] {
                assert!(text.contains(words), "{page}: {words}: {text}");
            }
            assert!(text.contains("Que buvez-vous"), "{page}: {text}");
        }
        for (choices, words) in [
            (&[][..], "Cochez une réponse"),
            (&["7"], "Cochez une réponse"),
            (&["x"], "Cochez une réponse"),
            (&["-1"], "Cochez une réponse"),
            (&["0", "1"], "Cochez une réponse"),
        ] {
            let refused = says(&mut jeanne, &ballot, choices).await;
            assert_eq!(refused.status, 422, "{choices:?}");
            assert!(refused.text().contains(words), "{}", refused.text());
        }
        // What was ticked is still ticked.
        let kept = says(&mut jeanne, &ballot, &["1", "2"]).await.text();
        assert!(kept.contains("value=\"1\" checked"), "{kept}");
        let voted = says(&mut jeanne, &ballot, &["1"]).await;
        assert_eq!((voted.status, voted.location()), (303, post.clone()));
        assert_eq!(
            votes_sent(&town).await,
            [("Café <b>".to_owned(), json!([paul.uri]))]
        );
        let text = jeanne.opens(&post).await.text();
        assert!(
            text.contains("Vous avez répondu") && text.contains("Votre réponse"),
            "{text}"
        );
        assert!(!text.contains("type=\"radio\""), "{text}");
        let twice = says(&mut jeanne, &ballot, &["0"]).await;
        assert_eq!(twice.status, 409);
        assert!(twice.text().contains("déjà été enregistré"), "{}", twice.text());
        assert_eq!(votes_sent(&town).await.len(), 1);
        jeanne.opens("/langue?vers=en&suite=/").await;
        let english = jeanne.opens(&post).await.text();
        assert!(english.contains("You have answered"), "{english}");
    }
}

#[tokio::test]
async fn several_choices_are_several_letters() {
    for town in Town::everywhere().await {
        let paul = paul_with_a_follower(&town).await;
        let (_, ballot, _) = asked(&town, &paul, 2, true).await;
        let mut jeanne = town.signed_in("jeanne").await;
        assert!(
            jeanne
                .opens(&ballot)
                .await
                .text()
                .contains("type=\"checkbox\" name=\"choices\"")
        );
        assert_eq!(says(&mut jeanne, &ballot, &["0", "2"]).await.status, 303);
        let words: Vec<String> = votes_sent(&town)
            .await
            .into_iter()
            .map(|(words, _)| words)
            .collect();
        assert_eq!(words, ["Thé", "Eau"]);
        assert_eq!(
            jeanne
                .opens(&ballot)
                .await
                .text()
                .matches("Votre réponse</span>")
                .count(),
            2
        );
    }
}

#[tokio::test]
async fn who_may_not_answer_is_told_why() {
    for town in Town::everywhere().await {
        let paul = paul_with_a_follower(&town).await;
        let (question, ballot, post) = asked(&town, &paul, 3, false).await;
        let mut lucie = town.citizen("lucie").await;
        let text = lucie.opens(&post).await.text();
        assert!(
            text.contains("vous ne l’avez pas permis") && text.contains("/compte/donnees"),
            "{text}"
        );
        assert!(!text.contains("type=\"radio\""));
        let refused = says(&mut lucie, &ballot, &["0"]).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(
            refused.text().contains("Rendez d’abord votre profil visible"),
            "{}",
            refused.text()
        );
        let mut stranger = town.stranger();
        let text = stranger.opens(&post).await.text();
        assert!(
            text.contains("Connectez-vous pour voter") && text.contains("Café"),
            "{text}"
        );
        assert!(!text.contains("Actualiser"), "{text}");
        let refused = stranger.sends("/connexion", &ballot, &[("choices", "0")]).await;
        assert_eq!(refused.status, 303);
        assert!(
            refused.location().starts_with("/connexion"),
            "{}",
            refused.location()
        );
        // Nothing is taken without the token of the form.
        let mut jeanne = town.signed_in("jeanne").await;
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html"),
        ];
        let forged = jeanne
            .asks(axum::http::Method::POST, &ballot, &headers, b"choices=0".to_vec())
            .await;
        assert!(matches!(forged.status, 400 | 403 | 422), "{}", forged.status);
        assert_eq!(votes_sent(&town).await, []);
        // Its end, as its server tells it.
        let mut over = question.clone();
        over["closed"] = json!("2026-11-23T07:20:00Z");
        let update = json!({
            "id": "https://social.example/updates/1", "type": "Update", "actor": paul.uri, "object": over, "to": PUBLIC,
        });
        let envelope = Envelope::read(paul.clone(), update).unwrap();
        town.app.inbox.give(town.ctx(), envelope).await;
        let text = jeanne.opens(&post).await.text();
        assert!(
            text.contains("Clos le") && !text.contains("type=\"radio\""),
            "{text}"
        );
        let late = says(&mut jeanne, &ballot, &["0"]).await;
        assert_eq!(late.status, 409);
        assert!(late.text().contains("est clos"), "{}", late.text());
        // What its author deletes is asked no more.
        let delete = json!({
            "id": "https://social.example/deletes/1", "type": "Delete", "actor": paul.uri,
            "object": { "id": question["id"], "type": "Tombstone" }, "to": PUBLIC,
        });
        let envelope = Envelope::read(paul.clone(), delete).unwrap();
        town.app.inbox.give(town.ctx(), envelope).await;
        assert_eq!(jeanne.opens(&ballot).await.status, 404);
        for path in [
            "/sondages/ailleurs/1",
            "/sondages/ailleurs/x",
            "/sondages/ailleurs/-1",
        ] {
            assert_eq!(jeanne.opens(path).await.status, 404, "{path}");
        }
    }
}

#[tokio::test]
async fn two_votes_at_the_same_time_are_one() {
    for town in Town::everywhere().await {
        let paul = paul_with_a_follower(&town).await;
        let (_, ballot, _) = asked(&town, &paul, 4, false).await;
        let jeanne = town.signed_in("jeanne").await;
        let (mut one, mut other) = (jeanne.clone(), jeanne);
        let (first, second) =
            tokio::join!(says(&mut one, &ballot, &["0"]), says(&mut other, &ballot, &["1"]));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        assert_eq!(votes_sent(&town).await.len(), 1);
    }
}

#[tokio::test]
async fn an_address_is_opened_by_who_has_an_account() {
    for town in Town::everywhere().await {
        let paul = paul_with_a_follower(&town).await;
        let (question, _, post) = asked(&town, &paul, 5, false).await;
        assert_eq!(town.stranger().opens("/ailleurs").await.status, 303);
        let mut jeanne = town.signed_in("jeanne").await;
        let page = jeanne.opens("/eze-06/sondages").await.text();
        assert!(page.contains("href=\"/ailleurs\""), "{page}");
        let uri = question["id"].as_str().unwrap();
        let found = jeanne.sends("/ailleurs", "/ailleurs", &[("adresse", uri)]).await;
        assert_eq!((found.status, found.location()), (303, post));
        // As another server sends our people here (WebFinger's subscribe).
        let brought = jeanne
            .opens("/authorize_interaction?uri=https%3A%2F%2Fsocial.example%2Fnotes%2F1")
            .await;
        assert_eq!(brought.status, 303);
        let page = jeanne.opens(&brought.location()).await.text();
        assert!(
            page.contains("value=\"https://social.example/notes/1\""),
            "{page}"
        );
        for (address, words) in [
            ("", "pas une adresse"),
            ("paul@social.example", "pas une adresse"),
            ("javascript:alert(1)", "pas une adresse"),
            (paul.uri.as_str(), "celle d’un compte"),
            ("https://parvis.test/nulle/part", "Rien de lisible"),
            ("https://localhost/x", "Rien de lisible"),
        ] {
            let refused = jeanne
                .sends("/ailleurs", "/ailleurs", &[("adresse", address)])
                .await;
            assert_eq!(refused.status, 422, "{address}");
            assert!(refused.text().contains(words), "{address}: {}", refused.text());
        }
    }
}
