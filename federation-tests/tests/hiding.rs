//! What the town hall or another server publishes, taken from sight by moderators and shown again.

use axum::http::Method;
use federation::Verdict;
use platform::on_db;
use serde_json::json;
use testkit::{Town, Visitor};

use crate::api::{Program, good, id};
use crate::carried::carried;
use crate::discussion::{comment_of, comments, takes};
use crate::news::{id_of, publish};

const DESK: &str = "/eze-06/moderation";
/// Any page of theirs with a form: that of a thing may be gone.
const DESK_FORM: &str = "/compte";

pub(crate) async fn hides(who: &mut Visitor, place: &str) -> u16 {
    let fields = [
        ("deed", "hide"),
        ("ground", "privacy"),
        ("reason-hide", "On y voit quelqu’un"),
    ];
    who.sends(DESK_FORM, place, &fields).await.status
}

pub(crate) async fn restores(who: &mut Visitor, place: &str) -> u16 {
    let fields = [("deed", "restore"), ("reason-restore", "Floutée depuis")];
    who.sends(DESK_FORM, place, &fields).await.status
}

pub(crate) async fn said(town: &Town) -> Vec<String> {
    on_db!(&town.ctx().db, c =>
        sqlx::query_scalar("SELECT kind FROM federation_activity WHERE kind <> 'Update' ORDER BY id").fetch_all(c).await)
    .unwrap()
}

async fn last_decision(town: &Town) -> String {
    let id: i64 = on_db!(&town.ctx().db, c =>
        sqlx::query_scalar("SELECT MAX(id) FROM discussion_decision").fetch_one(c).await)
    .unwrap();
    format!("/moderation/decisions/{id}")
}

/// The text of everything that could show a post, for somebody without account.
async fn everywhere(town: &Town, post: &str) -> Vec<(String, u16, String)> {
    let mut stranger = town.stranger();
    let id = id_of(post);
    let mut all = Vec::new();
    for path in [
        "/eze-06".to_owned(),
        "/eze-06/actualites".to_owned(),
        "/eze-06/actualites.atom".to_owned(),
        "/eze-06/actualites.json".to_owned(),
        "/sitemaps/actualites.xml".to_owned(),
        "/mots-cles/clocher".to_owned(),
        "/api/v1/timelines/public".to_owned(),
        "/api/v1/timelines/tag/clocher".to_owned(),
        "/api/v2/search?q=clocher".to_owned(),
        post.to_owned(),
        format!("{post}/versions"),
        format!("/partager/posts/{id}"),
        format!("/api/v1/statuses/{id}"),
        format!("/api/v1/statuses/{id}/context"),
        format!("/api/v1/statuses/{id}/history"),
    ] {
        let answer = stranger.opens(&path).await;
        all.push((path, answer.status, answer.text()));
    }
    for path in ["", "/replies", "/context", "/likes"] {
        let path = format!("/ap/posts/{id}{path}");
        let answer = stranger.reads(&path).await;
        all.push((path, answer.status, answer.text()));
    }
    all
}

#[tokio::test]
async fn a_post_of_the_town_hall_is_hidden_contested_and_shown_again() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut moderator = town.moderator("moderation").await;
        let mut operator = town.operator("exploitant").await;
        let mut zoe = town.citizen("zoe").await;
        let office = Program::of(&town, "camille", true).await;
        let photo = office.uploads("Le clocher et un passant").await;
        let file = photo["url"].as_str().unwrap().replace("https://parvis.test", "");
        let status = json!({ "status": "Voyez le #clocher restauré", "media_ids": [photo["id"]] });
        let status = good(&office.post("/api/v1/statuses", &status).await);
        let post = format!("/eze-06/actualites/{}", id(&status));
        let comment = comment_of(&comments(&mut zoe, &post, &[("text", "Beau clocher")]).await);

        let flag = format!("/signaler/posts/{}", id(&status));
        zoe.sends(&flag, &flag, &[("category", "privacy")]).await;
        let place = format!("{DESK}/posts/{}", id(&status));
        for who in [&mut moderator, &mut operator] {
            let notices = who.opens("/notifications").await.text();
            assert!(notices.contains("modération"), "{notices}");
        }
        // The town hall does not close what is said against itself.
        let dismiss = [("deed", "dismiss"), ("reason-dismiss", "Mais non")];
        assert_eq!(mayor.sends(&place, &place, &dismiss).await.status, 403);
        let shown = mayor.opens(&place).await.text();
        assert!(!shown.contains("reason-dismiss"), "{shown}");
        assert_eq!(zoe.sends(&post, &place, &[("deed", "hide")]).await.status, 403);
        assert_eq!(hides(&mut moderator, &place).await, 303);

        for (path, status, text) in everywhere(&town, &post).await {
            let is_of_it = path.contains(id_of(&post));
            assert!(!is_of_it || status == 404, "{path}: {status}");
            assert!(
                !text.contains("restauré") && !text.contains(&post),
                "{path}: {text}"
            );
        }
        let mut stranger = town.stranger();
        for path in [file.as_str(), &format!("/commentaires/{comment}")] {
            assert_eq!(stranger.opens(path).await.status, 404, "{path}");
        }
        assert_eq!(zoe.opens(&post).await.status, 404);
        assert_eq!(said(&town).await.last().unwrap(), "Delete");

        // The town hall and who decides still see it, with its photo.
        let piece = format!("{post}/pieces/0");
        let page = mayor.opens(&post).await.text();
        assert!(
            page.contains("Masqué par la modération") && page.contains(&piece),
            "{page}"
        );
        assert!(
            !page.contains(&format!("{post}/modifier")) && page.contains("noindex"),
            "{page}"
        );
        assert_eq!(
            mayor.opens(&piece).await.header("cache-control"),
            "private, no-store"
        );
        assert_eq!(moderator.opens(&piece).await.status, 200);
        assert_eq!(zoe.opens(&piece).await.status, 404);
        let edit = format!("{post}/modifier");
        assert!(
            mayor
                .opens(&edit)
                .await
                .text()
                .contains("La modération a masqué cette actualité")
        );
        let answer = office
            .send(
                Method::PUT,
                &format!("/api/v1/statuses/{}", id(&status)),
                &json!({ "status": "x" }),
            )
            .await;
        assert!(matches!(answer.status, 403 | 404 | 422), "{}", answer.text());

        // It is contested by the town hall, and judged by neither of the two.
        let decision = last_decision(&town).await;
        let page = mayor.opens(&decision).await.text();
        assert!(
            page.contains("Une autre personne que celle qui a décidé"),
            "{page}"
        );
        assert_eq!(
            mayor
                .sends(&decision, &decision, &[("text", "Il est flouté")])
                .await
                .status,
            303
        );
        assert_eq!(restores(&mut moderator, &place).await, 403);
        assert_eq!(restores(&mut mayor, &place).await, 403);
        assert_eq!(restores(&mut operator, &place).await, 303);
        let page = stranger.opens(&post).await.text();
        assert!(
            page.contains("restauré") && page.contains("Beau clocher"),
            "{page}"
        );
        assert_eq!(stranger.opens(&file).await.status, 200);
        assert_eq!(
            stranger.reads(&format!("/ap/posts/{}", id(&status))).await.status,
            200
        );
        assert_eq!(said(&town).await, ["Create", "Delete", "Undo", "Create"]);

        // What an operator hid, only an operator shows.
        assert_eq!(hides(&mut operator, &place).await, 303);
        assert_eq!(restores(&mut moderator, &place).await, 403);
        let shown = moderator.opens(&place).await.text();
        assert!(
            shown.contains("L’exploitant du site a pris cette décision"),
            "{shown}"
        );
        assert_eq!(restores(&mut operator, &place).await, 303);
        // A hidden one can still be deleted by its author, for good.
        assert_eq!(hides(&mut moderator, &place).await, 303);
        let remove = format!("{post}/supprimer");
        assert_eq!(mayor.sends(&remove, &remove, &[]).await.status, 303);
        assert_eq!(stranger.opens(&post).await.status, 410);
        assert_eq!(
            stranger.reads(&format!("/ap/posts/{}", id(&status))).await.status,
            410
        );
        assert_eq!(restores(&mut moderator, &place).await, 404);
    }
}

#[tokio::test]
async fn a_draft_is_nobodys_to_moderate() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut moderator = town.moderator("moderation").await;
        let fields = [("title", "Pas encore"), ("source", "Secret"), ("action", "draft")];
        publish(&mut mayor, &fields).await;
        let id: i64 = on_db!(&town.ctx().db, c =>
            sqlx::query_scalar("SELECT id FROM news_post").fetch_one(c).await)
        .unwrap();
        let place = format!("{DESK}/posts/{id}");
        assert_eq!(moderator.opens(&place).await.status, 404);
        assert_eq!(hides(&mut moderator, &place).await, 404);
    }
}

#[tokio::test]
async fn alone_a_moderator_reviews_her_own_decision_and_says_so() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = publish(&mut mayor, &[("title", "Marché"), ("source", "Samedi.")]).await;
        let mut zoe = town.citizen("zoe").await;
        let comment = comment_of(&comments(&mut zoe, &post, &[("text", "Trop cher")]).await);
        let place = format!("{DESK}/comments/{comment}");
        assert_eq!(hides(&mut mayor, &place).await, 303);
        let decision = last_decision(&town).await;
        let page = zoe.opens(&decision).await.text();
        assert!(page.contains("Une seule personne modère ici"), "{page}");
        assert_eq!(
            zoe.sends(&decision, &decision, &[("text", "C’est mon avis")])
                .await
                .status,
            303
        );
        let shown = mayor.opens(&place).await.text();
        assert!(shown.contains("vous décidez seul"), "{shown}");
        assert_eq!(restores(&mut mayor, &place).await, 303);
    }
}

#[tokio::test]
async fn a_carried_post_is_hidden_here_only() {
    for town in Town::everywhere().await {
        let mut operator = town.operator("exploitant").await;
        let elsewhere = carried(&town).await;
        let note = |words: &str, updated: &str| {
            json!({
                "id": "https://social.example/notes/7", "type": "Note", "attributedTo": elsewhere.uri,
                "to": ["https://www.w3.org/ns/activitystreams#Public"], "content": words,
                "published": "2026-11-20T08:00:00Z", "updated": updated,
            })
        };
        let say = |kind: &str, object: serde_json::Value| {
            json!({ "id": format!("https://social.example/{kind}/7"), "type": kind,
                    "actor": elsewhere.uri, "object": object })
        };
        let create = say("Create", note("Fermeture du pont", "2026-11-20T08:00:00Z"));
        assert_eq!(takes(&town, &elsewhere, create).await, Verdict::Done);
        let id: i64 = on_db!(&town.ctx().db, c =>
            sqlx::query_scalar("SELECT id FROM news_post").fetch_one(c).await)
        .unwrap();
        let mut stranger = town.stranger();
        let feed = stranger.opens("/nice-06").await.text();
        assert!(feed.contains("Fermeture du pont"), "{feed}");
        let place = format!("/nice-06/moderation/posts/{id}");
        assert_eq!(hides(&mut operator, &place).await, 303);
        assert!(
            !said(&town).await.contains(&"Delete".to_owned()),
            "nothing is said in its name"
        );
        // New words do not bring it back.
        let update = say("Update", note("Fermeture du grand pont", "2026-11-20T09:00:00Z"));
        assert_eq!(takes(&town, &elsewhere, update).await, Verdict::Done);
        for path in ["/nice-06".to_owned(), "/nice-06/actualites.atom".to_owned()] {
            let shown = stranger.opens(&path).await.text();
            assert!(!shown.contains("Fermeture"), "{path}: {shown}");
        }
        let page = format!("/nice-06/actualites/{id}");
        assert_eq!(stranger.opens(&page).await.status, 404);
        assert_eq!(restores(&mut operator, &place).await, 303);
        let page = stranger.opens(&page).await.text();
        assert!(page.contains("grand pont"), "{page}");
    }
}

#[tokio::test]
async fn an_event_is_hidden_and_shown_again() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut moderator = town.moderator("moderation").await;
        let mut operator = town.operator("exploitant").await;
        let mut zoe = town.citizen("zoe").await;
        let path = crate::agenda::plan(
            &mut mayor,
            &[("title", "Bal du clocher"), ("source", "Chez le voisin.")],
        )
        .await;
        let id = id_of(&path).to_owned();
        let flag = format!("/signaler/events/{id}");
        zoe.sends(&flag, &flag, &[("category", "privacy")]).await;
        let place = format!("{DESK}/events/{id}");
        assert_eq!(zoe.sends(&path, &place, &[("deed", "hide")]).await.status, 403);
        assert_eq!(hides(&mut moderator, &place).await, 303);

        let object = format!("/ap/events/{id}");
        let places = [
            path.clone(),
            "/eze-06".to_owned(),
            "/eze-06/agenda?vue=liste".to_owned(),
            "/eze-06/agenda".to_owned(),
            "/eze-06/agenda.ics".to_owned(),
            "/sitemaps/agenda.xml".to_owned(),
            format!("/api/parvis/v1/agenda/{id}"),
            format!("/api/v1/statuses/{id}"),
        ];
        for page in &places {
            for who in [&mut town.stranger(), &mut zoe] {
                let text = who.opens(page).await.text();
                assert!(
                    !text.contains("Bal du clocher") && !text.contains("Chez le voisin"),
                    "{page}: {text}"
                );
            }
        }
        assert_eq!(town.stranger().opens(&path).await.status, 404);
        assert_eq!(town.stranger().reads(&object).await.status, 404);
        assert_eq!(said(&town).await.last().unwrap(), "Delete");
        // Those who decide and those who wrote it still read it, and nobody changes it.
        for who in [&mut moderator, &mut operator, &mut mayor] {
            let page = who.opens(&path).await.text();
            assert!(
                page.contains("Bal du clocher") && page.contains("Masqué par la modération"),
                "{page}"
            );
            assert!(!page.contains(&format!("{path}/modifier")), "{page}");
            assert!(page.contains("/moderation/decisions/"), "{page}");
        }
        let change = crate::agenda::fields(&[("title", "Autre chose")]);
        let answer = mayor
            .sends(crate::agenda::NEW, &format!("{path}/modifier"), &change)
            .await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        for deed in ["annuler", "supprimer"] {
            let answer = mayor
                .sends(crate::agenda::NEW, &format!("{path}/{deed}"), &[("reason", "x")])
                .await;
            assert_eq!(answer.status, 422, "{deed}: {}", answer.text());
        }
        assert_eq!(restores(&mut operator, &place).await, 303);
        for page in &places[..5] {
            assert!(
                town.stranger()
                    .opens(page)
                    .await
                    .text()
                    .contains("Bal du clocher"),
                "{page}"
            );
        }
        assert_eq!(
            town.stranger().reads(&object).await.json()["name"],
            "Bal du clocher"
        );
        let said = said(&town).await;
        assert!(
            said.ends_with(&["Undo".to_owned(), "Create".to_owned()]),
            "{said:?}"
        );
    }
}

#[tokio::test]
async fn a_private_appointment_is_nobodys_to_moderate() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut moderator = town.moderator("moderation").await;
        let fields = [("title", "Chez le notaire"), ("visibility", "private")];
        let path = crate::agenda::plan(&mut mayor, &fields).await;
        let place = format!("{DESK}/events/{}", id_of(&path));
        assert_eq!(moderator.opens(&place).await.status, 404);
        assert_eq!(hides(&mut moderator, &place).await, 404);
        assert_eq!(restores(&mut moderator, &place).await, 404);
        assert_eq!(town.stranger().opens(&path).await.status, 404);
    }
}
