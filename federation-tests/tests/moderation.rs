//! Flags, decisions, the rule for comments, through the pages.

use std::time::Duration;

use platform::on_db;
use testkit::Town;

use crate::discussion::{comment_of, comments, post};
use crate::news::id_of;

const DESK: &str = "/eze-06/moderation";

#[tokio::test]
async fn a_flag_ends_in_a_decision_that_can_be_contested() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = post(&mut mayor).await;
        let mut zoe = town.citizen("zoe").await;
        let mut paul = town.citizen("paul").await;
        let mut moderator = town.moderator("moderation").await;
        let id = comment_of(&comments(&mut zoe, &post, &[("text", "Achetez mes tapis")]).await);

        let flag = format!("/signaler/comments/{id}");
        assert_eq!(paul.sends(&flag, &flag, &[]).await.status, 422);
        let other = paul.sends(&flag, &flag, &[("category", "other")]).await;
        assert_eq!(other.status, 422);
        assert!(other.text().contains("Dites pourquoi en une phrase"));
        assert_eq!(
            paul.sends(&flag, &flag, &[("category", "spam"), ("text", "Tapis")])
                .await
                .status,
            303
        );
        let to_notice = town.stranger().opens(&flag).await;
        assert!(
            to_notice
                .location()
                .starts_with("/signaler?adresse=https%3A%2F%2Fparvis.test")
        );

        assert_eq!(zoe.opens(DESK).await.status, 403);
        assert_eq!(paul.opens(&format!("{DESK}/comments/{id}")).await.status, 403);
        assert_eq!(town.stranger().opens(DESK).await.status, 303);
        let desk = moderator.opens(DESK).await.text();
        assert!(
            desk.contains("Achetez mes tapis") && desk.contains("Publicité ou répétition"),
            "{desk}"
        );
        let place = format!("{DESK}/comments/{id}");
        let shown = moderator.opens(&place).await.text();
        assert!(
            shown.contains("Tapis") && shown.contains("par un compte de ce site"),
            "{shown}"
        );
        assert!(!shown.contains("Paul"), "who flagged is nobody's business");
        let unreasoned = [("deed", "hide"), ("ground", "spam"), ("reason-hide", " ")];
        assert_eq!(moderator.sends(&place, &place, &unreasoned).await.status, 422);
        let hide = [
            ("deed", "hide"),
            ("ground", "spam"),
            ("reason-hide", "Publicité commerciale"),
        ];
        assert_eq!(paul.sends(&post, &place, &hide).await.status, 403);
        assert_eq!(moderator.sends(&place, &place, &hide).await.status, 303);

        let page = town.stranger().opens(&post).await.text();
        assert!(!page.contains("tapis"), "{page}");
        assert!(
            page.contains("publicité ou répétition") && page.contains("/moderation/journal"),
            "{page}"
        );
        for path in [
            format!("/commentaires/{id}"),
            format!("/commentaires/{id}/versions"),
            flag.clone(),
        ] {
            assert_eq!(town.stranger().opens(&path).await.status, 404, "{path}");
        }
        let journal = town.stranger().opens("/eze-06/moderation/journal").await.text();
        assert!(journal.contains("Contenu masqué"), "{journal}");
        for secret in ["Zoe", "Paul", "tapis", "Publicité commerciale", "moderation@"] {
            assert!(!journal.contains(secret), "{secret}");
        }

        let decision: i64 = on_db!(&town.ctx().db, c =>
            sqlx::query_scalar("SELECT id FROM discussion_decision").fetch_one(c).await)
        .unwrap();
        let decision = format!("/moderation/decisions/{decision}");
        assert_eq!(paul.opens(&decision).await.status, 404);
        let shown = zoe.opens(&decision).await.text();
        assert!(shown.contains("À la suite d’un signalement"), "{shown}");
        assert!(
            shown.contains("Publicité commerciale") && shown.contains("Achetez mes tapis"),
            "{shown}"
        );
        assert_eq!(zoe.sends(&decision, &decision, &[("text", "")]).await.status, 422);
        assert_eq!(
            zoe.sends(&decision, &decision, &[("text", "C’était gratuit")])
                .await
                .status,
            303
        );
        assert!(zoe.opens(&decision).await.text().contains("Votre contestation"));
        let notices = paul.opens("/notifications").await.text();
        assert!(notices.contains("décision qui vous concerne"), "{notices}");

        assert!(moderator.opens(DESK).await.text().contains("C’était gratuit"));
        // Whoever decided does not judge her own decision while somebody else can.
        let restore = [("deed", "restore"), ("reason-restore", "Bien reçu")];
        let shown = moderator.opens(&place).await.text();
        assert!(shown.contains("Une autre personne doit en décider"), "{shown}");
        assert!(
            !shown.contains("reason-restore") && !shown.contains("reason-hide"),
            "{shown}"
        );
        assert_eq!(moderator.sends(&place, &place, &restore).await.status, 403);
        assert_eq!(moderator.sends(&place, &place, &hide).await.status, 403);
        assert_eq!(mayor.sends(&place, &place, &restore).await.status, 303);
        assert!(
            town.stranger()
                .opens(&post)
                .await
                .text()
                .contains("Achetez mes tapis")
        );
        assert!(!moderator.opens(DESK).await.text().contains("C’était gratuit"));
    }
}

#[tokio::test]
async fn the_rule_of_the_commune_holds() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = post(&mut mayor).await;
        let mut zoe = town.citizen("zoe").await;
        let rule = format!("{DESK}/regle");
        assert_eq!(zoe.sends(&post, &rule, &[("mode", "open")]).await.status, 403);
        assert_eq!(mayor.sends(DESK, &rule, &[("mode", "x")]).await.status, 422);
        assert_eq!(
            mayor.sends(DESK, &rule, &[("mode", "all_held")]).await.status,
            303
        );
        let shown = zoe.opens(&post).await.text();
        assert!(shown.contains("peut le lire avant sa publication"), "{shown}");
        let id = comment_of(&comments(&mut zoe, &post, &[("text", "Bonjour")]).await);
        assert!(!town.stranger().opens(&post).await.text().contains("Bonjour"));
        assert!(zoe.opens(&post).await.text().contains("En attente de lecture"));
        let place = format!("{DESK}/comments/{id}");
        assert_eq!(
            mayor.sends(DESK, &place, &[("deed", "approve")]).await.status,
            303
        );
        assert!(town.stranger().opens(&post).await.text().contains("Bonjour"));

        mayor.sends(DESK, &rule, &[("mode", "off")]).await;
        let shown = zoe.opens(&post).await.text();
        assert!(shown.contains("Les commentaires sont fermés ici"), "{shown}");
        let refused = comments(&mut zoe, &post, &[("text", "Encore")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("Encore"));
    }
}

#[tokio::test]
async fn anybody_gives_notice_and_gets_answers_by_mail() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = post(&mut mayor).await;
        let mut zoe = town.citizen("zoe").await;
        let id = comment_of(&comments(&mut zoe, &post, &[("text", "Mot de trop")]).await);
        let mut stranger = town.stranger();
        let address = format!("https://parvis.test{post}#commentaire-{id}");
        let empty = stranger
            .sends(
                "/signaler",
                "/signaler",
                &[("adresse", "https://ailleurs.example/1")],
            )
            .await;
        assert_eq!(empty.status, 422);
        for words in [
            "Donnez l’adresse complète",
            "Choisissez une raison",
            "Donnez votre nom",
            "Cochez cette case",
        ] {
            assert!(empty.text().contains(words), "{words}: {}", empty.text());
        }
        let fields = [
            ("adresse", address.as_str()),
            ("category", "illegal"),
            ("text", "Injure publique"),
            ("name", "Dominique Exemple"),
            ("email", "dominique@example.org"),
            ("good_faith", "on"),
        ];
        let given = stranger.sends("/signaler", "/signaler", &fields).await;
        assert_eq!(given.status, 200, "{}", given.text());
        assert!(given.text().contains("dominique@example.org"));
        town.works().await;
        let mails = town.ctx().mailer.sent();
        let receipt = mails
            .iter()
            .find(|mail| mail.to.as_str() == "dominique@example.org")
            .unwrap();
        assert!(receipt.text.contains(&address), "{}", receipt.text);

        let place = format!("{DESK}/comments/{id}");
        let shown = mayor.opens(&place).await.text();
        assert!(
            shown.contains("Injure publique") && shown.contains("Dominique Exemple"),
            "{shown}"
        );
        let dismiss = [("deed", "dismiss"), ("reason-dismiss", "Le mot est permis")];
        assert_eq!(mayor.sends(&place, &place, &dismiss).await.status, 303);
        town.works().await;
        let outcome = town.ctx().mailer.sent().pop().unwrap();
        assert_eq!(outcome.to.as_str(), "dominique@example.org");
        assert!(outcome.text.contains("Le mot est permis"), "{}", outcome.text);

        // An address of ours that is nothing (any more) is the operator's, who is told.
        let mut operator = town.operator("exploitant").await;
        let mut lost = fields;
        lost[0].1 = "https://parvis.test/eze-06/rien/99";
        assert_eq!(stranger.sends("/signaler", "/signaler", &lost).await.status, 200);
        assert_eq!(mayor.opens("/moderation").await.status, 403);
        assert_eq!(zoe.opens("/moderation/rien/0").await.status, 403);
        let told = operator.opens("/notifications").await.text();
        assert!(told.contains("Un contenu attend la modération"), "{told}");
        assert!(
            operator
                .opens("/moderation")
                .await
                .text()
                .contains("/eze-06/rien/99")
        );
        let place = "/moderation/rien/0";
        let dismiss = [("deed", "dismiss"), ("reason-dismiss", "Cette page n’existe pas")];
        assert_eq!(operator.sends(place, place, &dismiss).await.status, 303);
        assert!(
            !operator
                .opens("/moderation")
                .await
                .text()
                .contains("/eze-06/rien/99")
        );

        // Half a year later nothing tells who gave notice.
        let named = || async {
            let count: i64 = on_db!(&town.ctx().db, c => sqlx::query_scalar(
                "SELECT COUNT(*) FROM discussion_flag WHERE reporter_email IS NOT NULL OR reporter_name IS NOT NULL")
                .fetch_one(c).await)
            .unwrap();
            count
        };
        town.waits(Duration::from_secs(180 * 24 * 3600)).await;
        assert_eq!(named().await, 2);
        town.waits(Duration::from_secs(4 * 24 * 3600)).await;
        assert_eq!(named().await, 0);
    }
}

#[tokio::test]
async fn the_abuse_of_a_child_is_denounced_without_a_name() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = post(&mut mayor).await;
        let mut stranger = town.stranger();
        let address = format!("https://parvis.test{post}");
        let mut fields = vec![
            ("adresse", address.as_str()),
            ("category", "privacy"),
            ("text", "Voir la photo"),
            ("good_faith", "on"),
        ];
        let refused = stranger.sends("/signaler", "/signaler", &fields).await;
        assert_eq!(refused.status, 422, "any other notice has a name");
        fields[1].1 = "minors";
        fields.push(("email", "pas une adresse"));
        assert_eq!(
            stranger.sends("/signaler", "/signaler", &fields).await.status,
            422
        );
        fields.pop();
        let given = stranger.sends("/signaler", "/signaler", &fields).await;
        assert_eq!(given.status, 200, "{}", given.text());
        assert!(given.text().contains("notez cette référence"), "{}", given.text());
        town.works().await;
        let desk = mayor.opens(DESK).await.text();
        assert!(desk.contains("Atteinte sexuelle à un enfant"), "{desk}");
        let place = format!("{DESK}/posts/{}", id_of(&post));
        assert!(mayor.opens(&place).await.text().contains("sans nom"));
        let dismiss = [("deed", "dismiss"), ("reason-dismiss", "Rien de tel")];
        assert_eq!(mayor.sends(&place, &place, &dismiss).await.status, 303);
    }
}

#[tokio::test]
async fn a_decision_says_what_the_law_wants_said() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = post(&mut mayor).await;
        let mut zoe = town.citizen("zoe").await;
        let id = comment_of(&comments(&mut zoe, &post, &[("text", "Son numéro est le mien")]).await);
        let place = format!("{DESK}/comments/{id}");
        let hide = [
            ("deed", "hide"),
            ("ground", "privacy"),
            ("reason-hide", "Un numéro de téléphone"),
        ];
        assert_eq!(mayor.sends(&place, &place, &hide).await.status, 303);
        let decision: i64 = on_db!(&town.ctx().db, c =>
            sqlx::query_scalar("SELECT id FROM discussion_decision").fetch_one(c).await)
        .unwrap();
        let shown = zoe
            .opens(&format!("/moderation/decisions/{decision}"))
            .await
            .text();
        for words in [
            "sans limite de durée",
            "La loi",
            "atteinte à la vie privée",
            "Un numéro de téléphone",
            "À l’initiative de la modération",
            "prise par une personne",
            "Contester cette décision",
            "règlement extrajudiciaire",
        ] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        town.works().await;
        let mails = town.ctx().mailer.sent();
        let mail = mails
            .iter()
            .find(|mail| mail.to.as_str() == "zoe@example.org")
            .unwrap();
        assert!(
            mail.subject.contains("décision qui vous concerne"),
            "{}",
            mail.subject
        );
        let path = format!("https://parvis.test/moderation/decisions/{decision}");
        assert!(
            mail.text.contains(&path) && mail.html.contains(&path),
            "{}",
            mail.text
        );
    }
}
