//! Posts of other servers that a commune's page carries.

use std::time::Duration;

use federation::{Actor, Verdict};
use platform::on_db;
use serde_json::json;
use testkit::Town;

use crate::discussion::{guest, takes};

/// Somebody of another server whom the page of Nice carries.
pub(crate) async fn carried(town: &Town) -> Actor {
    let elsewhere = guest(town, "maire-ailleurs").await;
    let mut tx = town.ctx().db.begin().await.unwrap();
    platform::on_tx!(&mut tx, c => sqlx::query(
        "INSERT INTO news_carried (commune, actor_id, created_at) VALUES ('06088', $1, 1)")
        .bind(elsewhere.id).execute(c).await.map(|_| ()))
    .unwrap();
    tx.commit().await.unwrap();
    elsewhere
}

#[tokio::test]
async fn older_words_of_a_carried_post_never_beat_newer_ones() {
    for town in Town::everywhere().await {
        let elsewhere = carried(&town).await;
        let now = town.ctx().clock.now();
        let at = |seconds: u64| now.minus(Duration::from_secs(3600 - seconds)).rfc3339();
        let say = |kind: &str, n: u32, words: &str, updated: Option<u64>| {
            let mut note = json!({
                "id": format!("https://social.example/notes/{n}"), "type": "Note", "attributedTo": elsewhere.uri,
                "to": ["https://www.w3.org/ns/activitystreams#Public"], "content": words, "published": at(0),
            });
            if let Some(updated) = updated {
                note["updated"] = json!(at(updated));
            }
            json!({ "id": format!("https://social.example/{kind}/{n}/{}", words.len()), "type": kind,
                    "actor": elsewhere.uri, "object": note })
        };
        // The edit comes before what it edits.
        let early = say("Update", 1, "Pont fermé jusqu’à lundi", Some(60));
        assert_eq!(takes(&town, &elsewhere, early).await, Verdict::Done);
        let late = say("Create", 1, "Pont fermé", None);
        assert!(matches!(takes(&town, &elsewhere, late).await, Verdict::Ignore(_)));
        // It comes edited already; the edits before come late.
        let edited = say("Create", 2, "Marché déplacé place Masséna", Some(120));
        assert_eq!(takes(&town, &elsewhere, edited).await, Verdict::Done);
        let older = say("Update", 2, "Marché déplacé", Some(60));
        assert!(matches!(
            takes(&town, &elsewhere, older).await,
            Verdict::Ignore(_)
        ));
        let page = town.stranger().opens("/nice-06").await.text();
        assert!(
            page.contains("jusqu’à lundi") && page.contains("Masséna"),
            "{page}"
        );
        // An edit of something old that never came does not begin it.
        let mut old = say("Update", 3, "Il y a longtemps", Some(60));
        old["object"]["published"] = json!(now.minus(Duration::from_secs(3 * 86_400)).rfc3339());
        assert!(matches!(takes(&town, &elsewhere, old).await, Verdict::Ignore(_)));
    }
}

#[tokio::test]
async fn a_carried_post_of_any_size_leaves_the_page_light() {
    for town in Town::everywhere().await {
        let elsewhere = carried(&town).await;
        for n in 0..10 {
            let words = format!(
                "<p>Compte rendu {n}</p>{}",
                "<p>un mot et un autre</p>".repeat(7_000)
            );
            let far = format!("https://social.example/{}", "a".repeat(900_000));
            let create = json!({
                "id": format!("https://social.example/Create/{n}"), "type": "Create", "actor": elsewhere.uri,
                "object": {
                    "id": format!("https://social.example/notes/{n}"), "type": "Article",
                    "attributedTo": elsewhere.uri, "to": ["https://www.w3.org/ns/activitystreams#Public"],
                    "name": format!("Titre {n}"), "content": words, "url": far,
                    "attachment": [{ "type": "Document", "mediaType": "image/png", "url": far }],
                    "published": town.ctx().clock.now().rfc3339(),
                }
            });
            assert_eq!(takes(&town, &elsewhere, create).await, Verdict::Done);
        }
        let mut stranger = town.stranger();
        let page = stranger.opens("/nice-06").await.text();
        assert!(
            page.contains("Compte rendu") && page.contains("Lire la suite"),
            "{page}"
        );
        assert!(page.len() < 60_000, "{}", page.len());
        let id: i64 = on_db!(&town.ctx().db, c =>
            sqlx::query_scalar("SELECT MIN(id) FROM news_post").fetch_one(c).await)
        .unwrap();
        let whole = stranger.opens(&format!("/nice-06/actualites/{id}")).await.text();
        assert!(whole.len() > page.len() + 20_000, "{}", whole.len());
    }
}
