//! What people say to one another under a post, through the pages.

use federation::{Envelope, Verdict};
use platform::{on_db, on_tx};
use serde_json::json;
use testkit::{Answer, Town, Visitor};

use crate::news::{id_of, publish};

/// A post to talk about.
pub(crate) async fn post(mayor: &mut Visitor) -> String {
    publish(mayor, &[("title", "Le sentier rouvre"), ("source", "Samedi.")]).await
}

/// Comments under a post; gives the answer of the server.
pub(crate) async fn comments(who: &mut Visitor, post: &str, fields: &[(&str, &str)]) -> Answer {
    let action = format!("/commenter/posts/{}", id_of(post));
    who.sends(post, &action, fields).await
}

/// The id in `/commentaires/{id}`.
pub(crate) fn comment_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let place = answer.location();
    let id = place.strip_prefix("/commentaires/").unwrap_or_default();
    assert!(!id.is_empty(), "{place}");
    id.to_owned()
}

#[tokio::test]
async fn a_citizen_comments_answers_edits_and_deletes() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = post(&mut mayor).await;
        let mut zoe = town.citizen("zoe").await;
        let first = comment_of(&comments(&mut zoe, &post, &[("text", "Enfin ! <b>Merci</b>")]).await);
        let mut stranger = town.stranger();
        let page = stranger.opens(&post).await.text();
        assert!(page.contains("1 commentaire<"), "{page}");
        assert!(page.contains("Enfin\u{202f}! &lt;b&gt;Merci&lt;/b&gt;"), "{page}");
        assert!(page.contains("Connectez-vous pour commenter"));
        assert!(!page.contains("/modifier\">"));

        // Answers in the name of the town hall.
        let form = format!("/commenter/posts/{}?reponse={first}", id_of(&post));
        let shown = mayor.opens(&form).await.text();
        assert!(shown.contains("Vous écrivez en tant que"), "{shown}");
        let fields = [
            ("text", "Oui, en laisse."),
            ("parent", first.as_str()),
            ("comme", "mairie"),
        ];
        comment_of(&comments(&mut mayor, &post, &fields).await);
        let page = stranger.opens(&post).await.text();
        assert!(page.contains("2 commentaires<"), "{page}");
        assert!(page.contains("class=\"reponses\""));
        assert!(page.contains("avatar mairie"));

        // The permanent link leads to its place.
        let place = stranger.opens(&format!("/commentaires/{first}")).await;
        assert_eq!(place.location(), format!("{post}#commentaire-{first}"));

        let edit = format!("/commentaires/{first}/modifier");
        assert!(zoe.opens(&edit).await.text().contains("Enfin ! &#60;b&#62;Merci"));
        let answer = zoe.sends(&edit, &edit, &[("text", "Enfin, merci")]).await;
        assert_eq!(answer.status, 303);
        let versions = stranger
            .opens(&format!("/commentaires/{first}/versions"))
            .await
            .text();
        assert!(versions.contains("Enfin, merci") && versions.contains("&lt;b&gt;"));
        assert_eq!(mayor.opens(&edit).await.status, 403);
        assert_eq!(stranger.opens(&edit).await.status, 303, "to the sign-in page");

        let remove = format!("/commentaires/{first}/supprimer");
        assert_eq!(mayor.sends(&post, &remove, &[]).await.status, 403);
        assert_eq!(zoe.sends(&remove, &remove, &[]).await.status, 303);
        let page = stranger.opens(&post).await.text();
        assert!(!page.contains("Enfin"), "{page}");
        assert!(page.contains("Oui, en laisse"));
        assert_eq!(
            stranger.opens(&format!("/commentaires/{first}")).await.status,
            410
        );
        assert_eq!(zoe.opens(&edit).await.status, 404);
    }
}

#[tokio::test]
async fn a_bad_comment_keeps_what_was_typed() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = post(&mut mayor).await;
        let mut zoe = town.citizen("zoe").await;
        let empty = comments(&mut zoe, &post, &[("text", "  "), ("summary", "Attention")]).await;
        assert_eq!(empty.status, 422);
        let page = empty.text();
        assert!(page.contains("Écrivez quelques mots"), "{page}");
        assert!(page.contains("value=\"Attention\""));
        assert!(page.contains("<title>Erreur"));
        let long = "é".repeat(5001);
        let too_long = comments(&mut zoe, &post, &[("text", &long)]).await;
        assert_eq!(too_long.status, 422);
        assert!(too_long.text().contains(&long));
        for (kind, id) in [
            ("posts", "999"),
            ("comments", "1"),
            ("rien", "1"),
            ("posts", "abc"),
        ] {
            let action = format!("/commenter/{kind}/{id}");
            let answer = zoe.sends(&post, &action, &[("text", "x")]).await;
            assert!(matches!(answer.status, 400 | 404), "{action}: {}", answer.status);
        }
        let foreign = [("text", "x"), ("parent", "12345")];
        assert_eq!(comments(&mut zoe, &post, &foreign).await.status, 404);
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let action = format!("/commenter/posts/{}", id_of(&post));
        let answer = zoe
            .asks("POST".parse().unwrap(), &action, &form, b"text=x".to_vec())
            .await;
        assert_eq!(answer.status, 403, "without the form's token");
        assert!(!town.stranger().opens(&post).await.text().contains("commentaire-"));
    }
}

#[tokio::test]
async fn likes_and_shares_have_buttons() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = post(&mut mayor).await;
        let mut zoe = town.citizen("zoe").await;
        let like = format!("/aimer/posts/{}", id_of(&post));
        let fields = [("aimer", "1"), ("retour", post.as_str())];
        let answer = zoe.sends(&post, &like, &fields).await;
        assert_eq!((answer.status, answer.location()), (303, post.clone()));
        zoe.sends(&post, &like, &fields).await;
        let page = zoe.opens(&post).await.text();
        assert!(
            page.contains("aria-pressed=\"true\"") && page.contains("<span>1</span>"),
            "{page}"
        );
        let page = town.stranger().opens(&post).await.text();
        assert!(page.contains("<span>1</span>") && !page.contains("aria-pressed"));
        // Asked for by htmx, only the button comes back; another site is not led to.
        let csrf = zoe.opens(&post).await.text();
        let csrf = csrf
            .split("name=\"csrf\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let body = format!("csrf={csrf}&aimer=0&retour=//evil.example");
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html"),
            ("hx-request", "true"),
        ];
        let part = zoe
            .asks("POST".parse().unwrap(), &like, &headers, body.into_bytes())
            .await;
        assert_eq!(part.status, 200);
        let part = part.text();
        assert!(
            part.trim_start().starts_with("<form") && part.contains("aria-pressed=\"false\""),
            "{part}"
        );
        assert!(!part.contains("evil.example"));

        let share = format!("/partager/posts/{}", id_of(&post));
        let page = zoe.opens(&share).await.text();
        assert!(page.contains(&format!("https://parvis.test{post}")), "{page}");
        assert!(page.contains("wa.me") && page.contains("mailto:?subject=Le%20sentier"));
        assert!(page.contains("Le partage reste sur ce site"));
        assert_eq!(zoe.sends(&share, &share, &[("partager", "1")]).await.status, 303);
        assert!(zoe.opens(&share).await.text().contains("Ne plus partager"));
        let page = zoe.opens(&format!("{share}?serveur=social.example")).await.text();
        assert!(
            page.contains("https://social.example/share?text=Le+sentier"),
            "{page}"
        );
        assert_eq!(zoe.opens(&format!("{share}?serveur=a%20b")).await.status, 422);
        let note = town
            .stranger()
            .reads(&format!("/ap/posts/{}/likes", id_of(&post)))
            .await
            .json();
        assert_eq!(note["totalItems"], 0, "dark citizens are counted for nobody else");
    }
}

#[tokio::test]
async fn a_guest_of_another_server_talks_with_us() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = post(&mut mayor).await;
        let guest = guest(&town, "ami").await;
        let uri = format!("https://parvis.test/ap/posts/{}", id_of(&post));
        let note = json!({
            "id": "https://social.example/notes/1", "type": "Note", "attributedTo": guest.uri,
            "inReplyTo": uri, "to": [federation::PUBLIC], "content": "<p>Bravo<img src=x onerror=alert(1)></p>",
            "contentMap": { "de": "<p>Bravo<img src=x onerror=alert(1)></p>" },
            "published": "2026-11-23T06:00:00Z",
        });
        let create = json!({ "id": "https://social.example/a/1", "type": "Create", "actor": guest.uri, "object": note });
        assert_eq!(takes(&town, &guest, create).await, Verdict::Done);
        let like =
            json!({ "id": "https://social.example/a/2", "type": "Like", "actor": guest.uri, "object": uri });
        assert_eq!(takes(&town, &guest, like).await, Verdict::Done);
        let page = town.stranger().opens(&post).await.text();
        assert!(
            page.contains("@ami@social.example") && page.contains("lang=\"de\""),
            "{page}"
        );
        assert!(!page.contains("onerror") && !page.contains("<img src=\"x"));
        assert!(page.contains("<span>1</span>"));
        let replies = town
            .stranger()
            .reads(&format!("/ap/posts/{}/replies?page=true", id_of(&post)))
            .await;
        assert_eq!(
            replies.json()["orderedItems"],
            json!(["https://social.example/notes/1"])
        );

        // A dark citizen is asked before her like leaves; her words under our post stay here.
        let mut zoe = town.citizen("zoe").await;
        let id: i64 = on_db!(&town.ctx().db, c =>
            sqlx::query_scalar("SELECT id FROM discussion_comment").fetch_one(c).await)
        .unwrap();
        let answer = zoe
            .sends(&post, &format!("/aimer/comments/{id}"), &[("aimer", "1")])
            .await;
        assert_eq!(answer.status, 422);
        assert!(
            answer.text().contains("partirait vers un autre serveur"),
            "{}",
            answer.text()
        );
        let fields = [("text", "Merci à vous"), ("parent", &id.to_string())];
        let mine = comment_of(&comments(&mut zoe, &post, &fields).await);
        assert_eq!(
            town.stranger()
                .reads(&format!("/ap/comments/{mine}"))
                .await
                .status,
            404
        );
        let said: i64 = on_db!(&town.ctx().db, c =>
            sqlx::query_scalar("SELECT COUNT(*) FROM federation_activity WHERE kind = 'Create' AND body LIKE '%Merci%'")
            .fetch_one(c).await).unwrap();
        assert_eq!(said, 0);
    }
}

/// Somebody of another server, as if read from there.
pub(crate) async fn guest(town: &Town, name: &str) -> federation::Actor {
    let ctx = town.ctx();
    let id = federation::ActorId::new(ctx);
    let uri = format!("https://social.example/users/{name}");
    let mut tx = ctx.db.begin().await.unwrap();
    on_tx!(&mut tx, c => sqlx::query(
        "INSERT INTO federation_actor (id, uri, local, kind, handle, host, name, inbox, shared_inbox, followers,
             inbox_lane, shared_lane, federated, created_at, updated_at)
         VALUES ($1, $2, FALSE, 'Person', $3, 'social.example', $3, $4, 'https://social.example/inbox', $5,
             'https://social.example', 'https://social.example', TRUE, 1, 1)")
        .bind(id).bind(&uri).bind(name).bind(format!("{uri}/inbox")).bind(format!("{uri}/followers"))
        .execute(c).await.map(|_| ()))
    .unwrap();
    tx.commit().await.unwrap();
    federation::actors::by_id(ctx, id).await.unwrap().unwrap()
}

/// The server takes in an activity whose signature was good.
pub(crate) async fn takes(town: &Town, who: &federation::Actor, activity: serde_json::Value) -> Verdict {
    let envelope = Envelope::read(who.clone(), activity).unwrap();
    town.app.inbox.give(town.ctx(), envelope).await
}
