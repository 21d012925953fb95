//! Notices on the site and by mail.

use std::time::Duration;

use serde_json::json;
use testkit::Town;

use crate::discussion::{comment_of, comments, guest, post, takes};
use crate::news::{id_of, publish};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn an_answer_is_told_on_the_site_and_in_the_mail_of_the_day() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = post(&mut mayor).await;
        let mut zoe = town.citizen("zoe").await;
        let mut paul = town.citizen("paul").await;
        let first = comment_of(&comments(&mut zoe, &post, &[("text", "Bonjour")]).await);
        for who in [&mut paul, &mut mayor] {
            let fields = [("text", "Bonsoir"), ("parent", first.as_str()), ("comme", "moi")];
            comment_of(&comments(who, &post, &fields).await);
        }
        let like = format!("/aimer/comments/{first}");
        paul.sends(&post, &like, &[("aimer", "1")]).await;
        let page = zoe.opens(&post).await.text();
        assert!(page.contains("3 non lus"), "{page}");
        let list = zoe.opens("/notifications").await.text();
        assert!(
            list.contains("Paul") && list.contains("Votre texte plaît"),
            "{list}"
        );
        assert_eq!(list.matches("Réponse à votre commentaire").count(), 2);
        assert!(
            !town
                .stranger()
                .opens("/notifications")
                .await
                .text()
                .contains("paul")
        );
        assert!(!paul.opens("/notifications").await.text().contains("Bonsoir"));

        town.works().await;
        let to_zoe = || {
            let mut mails = town.ctx().mailer.sent();
            mails.retain(|mail| mail.to.as_str() == "zoe@example.org");
            mails
        };
        assert!(to_zoe().is_empty(), "answers are told once a day");
        town.waits(DAY).await;
        let mails = to_zoe();
        assert_eq!(mails.len(), 1, "one mail for all of it");
        assert!(
            mails[0].text.contains("Paul") && mails[0].html.contains("Camille"),
            "{}",
            mails[0].text
        );
        assert!(
            !mails[0].text.contains("Votre texte plaît"),
            "likes are told on the site only"
        );
        town.waits(DAY).await;
        town.waits(7 * DAY).await;
        assert_eq!(to_zoe().len(), 1, "nothing new, no mail");
    }
}

#[tokio::test]
async fn what_was_read_is_not_mailed() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = post(&mut mayor).await;
        let mut zoe = town.citizen("zoe").await;
        let mut paul = town.citizen("paul").await;
        let first = comment_of(&comments(&mut zoe, &post, &[("text", "Bonjour")]).await);
        let fields = [("text", "Bonsoir"), ("parent", first.as_str())];
        let answer = comment_of(&comments(&mut paul, &post, &fields).await);
        let list = zoe.opens("/notifications").await.text();
        let href = list
            .split("class=\"rangee\" href=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        assert_eq!(paul.opens(href).await.status, 404, "somebody else's");
        assert_eq!(
            zoe.opens(href).await.location(),
            format!("/commentaires/{answer}")
        );
        assert!(!zoe.opens(&post).await.text().contains("non lu"));
        town.waits(2 * DAY).await;
        assert!(
            !town
                .ctx()
                .mailer
                .sent()
                .iter()
                .any(|mail| mail.to.as_str() == "zoe@example.org")
        );
        // All at once. Sessions of a public computer did not last so long.
        let (mut zoe, mut paul) = (town.signed_in("zoe").await, town.signed_in("paul").await);
        paul.sends(&post, &format!("/aimer/comments/{first}"), &[("aimer", "1")])
            .await;
        let list = zoe.opens("/notifications").await.text();
        let newest = list
            .split("name=\"jusqua\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let answer = zoe
            .sends("/notifications", "/notifications/lues", &[("jusqua", newest)])
            .await;
        assert_eq!(answer.status, 303);
        assert!(!zoe.opens(&post).await.text().contains("non lu"));
    }
}

#[tokio::test]
async fn what_is_gone_is_told_no_more() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let post = post(&mut mayor).await;
        let mut zoe = town.citizen("zoe").await;
        let mut paul = town.citizen("paul").await;
        let first = comment_of(&comments(&mut zoe, &post, &[("text", "Bonjour")]).await);
        let fields = [("text", "Bonsoir"), ("parent", first.as_str())];
        comment_of(&comments(&mut paul, &post, &fields).await);
        assert!(zoe.opens("/notifications").await.text().contains("Bonsoir"));
        let remove = format!("{post}/supprimer");
        assert_eq!(mayor.sends(&remove, &remove, &[]).await.status, 303);
        let list = zoe.opens("/notifications").await.text();
        assert!(!list.contains("Bonsoir") && !list.contains("Paul"), "{list}");
        town.waits(2 * DAY).await;
        let mails = town.ctx().mailer.sent();
        assert!(!mails.iter().any(|mail| mail.to.as_str() == "zoe@example.org"));
    }
}

#[tokio::test]
async fn one_click_ends_the_mails_without_signing_in() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        let mut paul = town.citizen("paul").await;
        let path = post(&mut mayor).await;
        let first = comment_of(&comments(&mut zoe, &path, &[("text", "Bonjour")]).await);
        let fields = [("text", "Bonsoir"), ("parent", first.as_str())];
        comment_of(&comments(&mut paul, &path, &fields).await);
        town.waits(DAY).await;
        let mail = town
            .ctx()
            .mailer
            .sent()
            .into_iter()
            .find(|mail| mail.to.as_str() == "zoe@example.org")
            .unwrap();
        let link = mail.headers.unsubscribe.clone().unwrap();
        let link = link.strip_prefix("https://parvis.test").unwrap().to_owned();
        assert!(mail.text.contains(&link), "{}", mail.text);

        let mut program = town.stranger();
        let (mut zoe, mut paul) = (town.signed_in("zoe").await, town.signed_in("paul").await);
        assert_eq!(program.opens(&link).await.status, 200);
        let preferences = zoe.opens("/notifications/preferences").await.text();
        assert!(
            preferences.contains("value=\"daily\" selected"),
            "looking changes nothing"
        );
        for bad in [
            link.replace("daily", "now"),
            format!("{link}x"),
            "/desabonnement/daily.1.AAAA".to_owned(),
        ] {
            let answer = program.asks("POST".parse().unwrap(), &bad, &[], Vec::new()).await;
            assert_eq!(answer.status, 404, "{bad}");
        }
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let body = b"List-Unsubscribe=One-Click".to_vec();
        let answer = program.asks("POST".parse().unwrap(), &link, &headers, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let preferences = zoe.opens("/notifications/preferences").await.text();
        assert!(
            preferences.contains("value=\"never\" selected")
                && !preferences.contains("value=\"daily\" selected"),
            "{preferences}"
        );
        let fields = [("text", "Encore"), ("parent", first.as_str())];
        comment_of(&comments(&mut paul, &path, &fields).await);
        town.waits(2 * DAY).await;
        let mails = town.ctx().mailer.sent();
        assert_eq!(
            mails
                .iter()
                .filter(|mail| mail.to.as_str() == "zoe@example.org")
                .count(),
            1
        );
    }
}

#[tokio::test]
async fn preferences_decide_when_mails_leave() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        zoe.sends("/eze-06", "/eze-06/suivre", &[("follow", "1")]).await;
        let preferences = "/notifications/preferences";
        let page = zoe.opens(preferences).await.text();
        assert!(!page.contains("À modérer"), "{page}");
        let answer = zoe
            .sends(
                preferences,
                preferences,
                &[("new-post", "now"), ("reply", "jamais")],
            )
            .await;
        assert_eq!(answer.status, 303);
        let path = publish(&mut mayor, &[("title", "Le marché"), ("source", "Dimanche.")]).await;
        town.works().await;
        let mails = town.ctx().mailer.sent();
        let mail = mails
            .iter()
            .find(|mail| mail.to.as_str() == "zoe@example.org")
            .unwrap();
        assert!(mail.subject.contains("Nouvelle publication"), "{}", mail.subject);
        assert!(mail.text.contains("Le marché") && mail.text.contains(&format!("https://parvis.test{path}")));
        // Weekly from now on.
        zoe.sends(preferences, preferences, &[("new-post", "weekly")])
            .await;
        publish(&mut mayor, &[("title", "La fête"), ("source", "Lundi.")]).await;
        town.waits(2 * DAY).await;
        let count = || {
            let mails = town.ctx().mailer.sent();
            mails
                .iter()
                .filter(|mail| mail.to.as_str() == "zoe@example.org")
                .count()
        };
        assert_eq!(count(), 1);
        town.waits(5 * DAY).await;
        assert_eq!(count(), 2);
        let mut zoe = town.signed_in("zoe").await;
        zoe.sends(preferences, preferences, &[("new-post", "never")])
            .await;
        let page = zoe.opens(preferences).await.text();
        assert!(!page.contains("value=\"weekly\" selected"), "{page}");
        let mut mayor = town.signed_in("camille").await;
        publish(&mut mayor, &[("title", "Le bal"), ("source", "Mardi.")]).await;
        town.waits(8 * DAY).await;
        assert_eq!(count(), 2);
    }
}

#[tokio::test]
async fn the_office_is_told_through_those_who_hold_it() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = post(&mut mayor).await;
        let friend = guest(&town, "ami").await;
        let uri = format!("https://parvis.test/ap/posts/{}", id_of(&path));
        let announce = json!({ "id": "https://social.example/a/1", "type": "Announce", "actor": friend.uri, "object": uri });
        takes(&town, &friend, announce).await;
        let list = mayor.opens("/notifications").await.text();
        assert!(
            list.contains("Votre texte est partagé") && list.contains("ami"),
            "{list}"
        );
        let mut secretary = town.delegate("secretaire", account::Right::Alerts).await;
        let mut deputy = town.delegate("adjointe", account::Right::News).await;
        let announce =
            json!({ "id": "https://social.example/a/2", "type": "Like", "actor": friend.uri, "object": uri });
        takes(&town, &friend, announce).await;
        let list = deputy.opens("/notifications").await.text();
        assert!(list.contains("Votre texte plaît"), "{list}");
        let list = secretary.opens("/notifications").await.text();
        assert!(!list.contains("Votre texte plaît"), "not her matter: {list}");
    }
}
