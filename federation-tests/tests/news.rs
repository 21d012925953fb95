//! The news feed, on SQLite and on PostgreSQL.

use std::time::Duration;

use account::Right;
use testkit::{Town, Visitor};

const FEED: &str = "/eze-06";
const NEW: &str = "/eze-06/actualites/nouvelle";

const BASE: [(&str, &str); 4] = [
    ("language", "fr"),
    ("comment_mode", "open"),
    ("when", "now"),
    ("action", "publish"),
];

/// Publishes; gives the path of the post.
pub(crate) async fn publish(mayor: &mut Visitor, fields: &[(&str, &str)]) -> String {
    let mut all = BASE.to_vec();
    all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    all.extend_from_slice(fields);
    if !all.iter().any(|(name, _)| *name == "visibility") {
        all.push(("visibility", "public"));
    }
    let answer = mayor.sends(NEW, NEW, &all).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location()
}

pub(crate) fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_post_is_read_by_everybody_and_by_other_servers() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = publish(
            &mut mayor,
            &[
                ("title", "Le sentier rouvre"),
                ("source", "Samedi à 9 h 30 : **venez** #sentier"),
            ],
        )
        .await;
        let mut stranger = town.stranger();
        let feed = stranger.opens(FEED).await.text();
        assert!(feed.contains("Le sentier rouvre"), "{feed}");
        let page = stranger.opens(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("<strong>venez</strong>"));

        let note = stranger.reads(&format!("/ap/posts/{}", id_of(&path))).await;
        assert_eq!(note.status, 200, "{}", note.text());
        let note = note.json();
        assert_eq!(note["type"], "Note");
        assert_eq!(note["to"][0], "https://www.w3.org/ns/activitystreams#Public");
        assert!(
            note["content"]
                .as_str()
                .unwrap()
                .starts_with("<p><strong>Le sentier rouvre</strong></p>")
        );
        assert_eq!(note["contentMap"]["fr"], note["content"]);
        assert_eq!(note["tag"][0]["name"], "#sentier");

        let finger = stranger
            .opens("/.well-known/webfinger?resource=acct:maire-eze@parvis.test")
            .await
            .json();
        let actor = finger["links"]
            .as_array()
            .unwrap()
            .iter()
            .find(|link| link["rel"] == "self")
            .unwrap();
        let actor = actor["href"].as_str().unwrap().replace("https://parvis.test", "");
        let outbox = stranger.reads(&format!("{actor}/outbox")).await.json();
        assert_eq!(outbox["totalItems"], 1, "{outbox}");

        let atom = stranger.opens("/eze-06/actualites.atom").await;
        assert!(atom.text().contains("Le sentier rouvre"));
        let feed = stranger.opens("/eze-06/actualites.json").await.json();
        assert_eq!(feed["items"][0]["title"], "Le sentier rouvre");
    }
}

#[tokio::test]
async fn an_edit_keeps_what_was_said_and_a_deletion_keeps_nothing() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = publish(
            &mut mayor,
            &[("title", "Marché"), ("source", "Le marché est samedi.")],
        )
        .await;
        let edit = format!("{path}/modifier");
        let mut fields = BASE.to_vec();
        fields.extend([
            ("title", "Marché"),
            ("source", "Le marché est dimanche."),
            ("visibility", "public"),
            ("seen", "0"),
        ]);
        let answer = mayor.sends(&edit, &edit, &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let mut stranger = town.stranger();
        assert!(stranger.opens(&path).await.text().contains("dimanche"));
        let versions = stranger.opens(&format!("{path}/versions")).await.text();
        assert!(versions.contains("samedi") && versions.contains("dimanche"));
        let note = stranger
            .reads(&format!("/ap/posts/{}", id_of(&path)))
            .await
            .json();
        assert!(note["updated"].as_str().unwrap() > note["published"].as_str().unwrap());

        let remove = format!("{path}/supprimer");
        assert_eq!(mayor.sends(&remove, &remove, &[]).await.status, 303);
        assert_eq!(stranger.opens(&path).await.status, 410);
        let tombstone = stranger.reads(&format!("/ap/posts/{}", id_of(&path))).await;
        assert_eq!(tombstone.status, 410);
        assert!(!tombstone.text().contains("march"));
        assert!(
            !stranger
                .opens("/eze-06/actualites.atom")
                .await
                .text()
                .contains("dimanche")
        );
    }
}

#[tokio::test]
async fn an_older_window_does_not_overwrite_a_newer_edit() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = publish(&mut mayor, &[("source", "Un.")]).await;
        let edit = format!("{path}/modifier");
        let fields = |source: &'static str| {
            let mut fields = BASE.to_vec();
            fields.extend([("source", source), ("visibility", "public"), ("seen", "0")]);
            fields
        };
        assert_eq!(mayor.sends(&edit, &edit, &fields("Deux.")).await.status, 303);
        let late = mayor.sends(&edit, &edit, &fields("Trois.")).await;
        assert_eq!(late.status, 422);
        assert!(late.text().contains("Trois."), "what was typed is kept");
        assert!(town.stranger().opens(&path).await.text().contains("Deux."));
    }
}

#[tokio::test]
async fn a_scheduled_post_waits_for_its_moment() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        // The clock of the town stands on 23 November 2026, 8 h 30 in Paris.
        let drafts = publish(
            &mut mayor,
            &[
                ("title", "Vœux"),
                ("source", "Bonne année."),
                ("when", "later"),
                ("date", "2026-11-24"),
                ("time", "07:30"),
            ],
        )
        .await;
        assert_eq!(drafts, "/eze-06/actualites/brouillons");
        let mut stranger = town.stranger();
        town.waits(Duration::from_secs(22 * 3600)).await;
        assert!(!stranger.opens(FEED).await.text().contains("Vœux"));
        town.waits(Duration::from_secs(3600 + 60)).await;
        assert!(stranger.opens(FEED).await.text().contains("Vœux"));
        assert!(
            !mayor
                .opens("/eze-06/actualites/brouillons")
                .await
                .text()
                .contains("Vœux")
        );
    }
}

#[tokio::test]
async fn a_draft_is_seen_by_nobody_else() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        publish(
            &mut mayor,
            &[
                ("title", "Secret"),
                ("source", "Pas encore."),
                ("action", "draft"),
            ],
        )
        .await;
        let drafts = mayor.opens("/eze-06/actualites/brouillons").await.text();
        assert!(drafts.contains("Secret"));
        let id = drafts
            .split("/actualites/")
            .find_map(|rest| rest.split_once("/modifier"))
            .unwrap()
            .0
            .to_owned();
        let mut citizen = town.citizen("alice").await;
        for path in [format!("/eze-06/actualites/{id}"), format!("/ap/posts/{id}")] {
            assert_eq!(citizen.opens(&path).await.status, 404);
            assert_eq!(town.stranger().reads(&path).await.status, 404);
        }
        assert_eq!(
            citizen
                .opens(&format!("/eze-06/actualites/{id}/modifier"))
                .await
                .status,
            403
        );
        assert_eq!(citizen.opens("/eze-06/actualites/brouillons").await.status, 403);
    }
}

#[tokio::test]
async fn a_post_for_residents_never_leaves() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = publish(
            &mut mayor,
            &[
                ("title", "Réunion de quartier"),
                ("source", "Salle du bas."),
                ("visibility", "residents"),
            ],
        )
        .await;
        let mut resident = town.citizen("alice").await;
        assert_eq!(resident.opens(&path).await.status, 200);
        let mut neighbour = town.neighbour("bob", "06088").await;
        let mut stranger = town.stranger();
        for visitor in [&mut neighbour, &mut stranger] {
            assert_eq!(visitor.opens(&path).await.status, 404);
            assert!(!visitor.opens(FEED).await.text().contains("Réunion de quartier"));
        }
        for path in [
            format!("/ap/posts/{}", id_of(&path)),
            "/eze-06/actualites.atom".to_owned(),
            "/eze-06/actualites.json".to_owned(),
        ] {
            assert!(!stranger.reads(&path).await.text().contains("Salle du bas"));
        }
    }
}

#[tokio::test]
async fn only_those_who_may_publish_do() {
    for town in Town::everywhere().await {
        let mut stranger = town.stranger();
        let answer = stranger.opens(NEW).await;
        assert_eq!(answer.status, 303);
        assert!(answer.location().starts_with("/connexion"));
        let mut citizen = town.citizen("alice").await;
        assert_eq!(citizen.opens(NEW).await.status, 403);
        let forged = citizen
            .sends(FEED, NEW, &[("source", "Faux."), ("action", "publish")])
            .await;
        assert_eq!(forged.status, 403);
        let mut delegate = town.delegate("odile", Right::News).await;
        let path = publish(&mut delegate, &[("source", "Par délégation.")]).await;
        assert!(
            town.stranger()
                .opens(&path)
                .await
                .text()
                .contains("Par délégation")
        );
        let mut other = town.delegate("pierre", Right::Agenda).await;
        assert_eq!(other.opens(NEW).await.status, 403);
    }
}

#[tokio::test]
async fn a_faulty_post_comes_back_filled() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let long = "x".repeat(5001);
        let mut fields = BASE.to_vec();
        fields.extend([
            ("title", "Trop long"),
            ("source", long.as_str()),
            ("visibility", "public"),
        ]);
        let answer = mayor.sends(NEW, NEW, &fields).await;
        assert_eq!(answer.status, 422);
        let page = answer.text();
        assert!(
            page.contains("Trop long") && page.contains("5\u{202f}000") || page.contains("5000"),
            "{page}"
        );
        assert!(page.contains("aria-invalid"));
        assert!(!town.stranger().opens(FEED).await.text().contains("Trop long"));
    }
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let body = b"source=Faux.&action=publish&visibility=public".to_vec();
        let answer = mayor.asks(http::Method::POST, NEW, &headers, body).await;
        assert_eq!(answer.status, 403);
        assert!(!town.stranger().opens(FEED).await.text().contains("Faux."));
    }
}

#[tokio::test]
async fn a_pinned_post_stands_first_and_is_featured() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let first = publish(&mut mayor, &[("title", "Première"), ("source", "Un.")]).await;
        town.ctx().clock.advance(Duration::from_secs(60));
        publish(&mut mayor, &[("title", "Seconde"), ("source", "Deux.")]).await;
        let answer = mayor
            .sends(&first, &format!("{first}/epingler"), &[("pinned", "1")])
            .await;
        assert_eq!(answer.status, 303);
        let feed = town.stranger().opens(FEED).await.text();
        assert!(feed.find("Première").unwrap() < feed.find("Seconde").unwrap());
        assert_eq!(feed.matches("titre-post").count(), 2, "a pinned post stands once");
    }
}

#[tokio::test]
async fn names_of_two_people_lead_each_to_their_own() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let namesake = crate::discussion::guest(&town, "maire-eze").await;
        let text = format!("Merci à @maire-eze@{} et à @maire-eze.", namesake.host);
        let path = publish(&mut mayor, &[("source", text.as_str())]).await;
        let note = town
            .stranger()
            .reads(&format!("/ap/posts/{}", id_of(&path)))
            .await
            .json();
        let content = note["content"].as_str().unwrap();
        for page in [namesake.page(), "https://parvis.test/eze-06"] {
            assert!(content.contains(&format!("href=\"{page}\"")), "{page}: {content}");
        }
    }
}
