//! A citizen and the town hall, and nobody else.

use account::Right;
use platform::on_tx;
use serde_json::json;
use testkit::{Town, Visitor};

use super::{HOME, SECRET, WRITE, account, answers, everything, requests, writes};

#[tokio::test]
async fn a_letter_and_its_answer_stay_between_the_two() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        let thread = writes(&mut zoe, "0", &format!("Un {SECRET} a mangé le lampadaire.")).await;
        let page = zoe.opens(&thread).await.text();
        assert!(page.contains(SECRET) && page.contains("chiffrés"), "{page}");

        let list = mayor.opens(HOME).await.text();
        assert!(
            list.contains("Lampadaire cassé") && list.contains("1 non lu"),
            "{list}"
        );
        let notices = mayor.opens("/notifications").await.text();
        assert!(notices.contains("Vous avez un message privé"), "{notices}");
        town.works().await;
        let mails = town.ctx().mailer.sent();
        let mail = mails
            .iter()
            .find(|mail| mail.to.as_str() == "camille@example.org")
            .unwrap();
        for word in [SECRET, "Lampadaire", "Zoe", "zoe"] {
            assert!(
                !mail.text.contains(word) && !mail.html.contains(word),
                "{}",
                mail.text
            );
        }
        let answer = answers(&mut mayor, &thread, &[("text", "C’est noté, **merci**.")]).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(
            !mayor.opens(HOME).await.text().contains("class=\"non-lu\""),
            "answering is reading"
        );
        let page = zoe.opens(&thread).await.text();
        assert!(
            page.contains("<strong>merci</strong>") && page.contains("Camille Exemple"),
            "{page}"
        );
        let page = mayor.opens(&thread).await.text();
        assert!(
            page.contains("· lu"),
            "the town hall sees that it was read: {page}"
        );

        let all = everything(&town).await;
        for word in [SECRET, "Lampadaire cass", "C’est noté"] {
            assert!(!all.contains(word), "{word} stands in the open");
        }
    }
}

#[tokio::test]
async fn nobody_else_finds_a_letter() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        let thread = writes(&mut zoe, "0", &format!("Un {SECRET}.")).await;
        let mut stranger = town.stranger();
        let sign_in = stranger.opens(&thread).await;
        assert_eq!(sign_in.status, 303);
        assert!(sign_in.location().starts_with("/connexion"));
        let mut others = vec![
            town.citizen("paul").await,
            town.neighbour("lea", "06088").await,
            town.delegate("nina", Right::News).await,
            town.moderator("milo").await,
            town.operator("olga").await,
        ];
        for other in &mut others {
            let seen = other.opens(&thread).await;
            assert_eq!(seen.status, 404, "{}", seen.text());
            assert!(!seen.text().contains(SECRET));
            assert!(!other.opens(HOME).await.text().contains("Lampadaire"));
            assert_eq!(other.opens(&format!("{thread}/dossier.pdf")).await.status, 404);
            let action = format!("{thread}/repondre");
            assert_eq!(other.sends(WRITE, &action, &[("text", "x")]).await.status, 404);
            for deed in ["confier", "clore", "retirer"] {
                let answer = other
                    .sends(WRITE, &format!("{thread}/{deed}"), &[("to", "")])
                    .await;
                assert_eq!(answer.status, 404, "{deed}");
            }
        }
        // A thread of one commune is not one of another's.
        let elsewhere = thread.replace("eze-06", "nice-06");
        assert_eq!(zoe.opens(&elsewhere).await.status, 404);
        for path in [
            "/eze-06",
            "/eze-06/actualites.atom",
            "/eze-06/actualites.json",
            "/sitemaps/actualites.xml",
            "/api/v2/search?q=hippopotame",
            "/api/v1/timelines/public",
        ] {
            assert!(!mayor.opens(path).await.text().contains(SECRET), "{path}");
        }
        let id = thread.rsplit('/').next().unwrap();
        for kind in ["messages", "posts"] {
            assert_eq!(stranger.reads(&format!("/ap/{kind}/{id}")).await.status, 404);
        }
        let headers = zoe.opens(&thread).await;
        assert!(headers.text().contains("noindex"));
        assert!(!headers.text().contains("og:description\" content=\"Un"));
    }
}

#[tokio::test]
async fn one_searches_in_ones_own_letters() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        let mut paul = town.citizen("paul").await;
        writes(&mut zoe, "0", "Le Pré aux clercs est inondé par l’été.").await;
        requests(&mut zoe, "Autre chose").await;
        let finds = async |who: &mut Visitor, words: &str| {
            let page = who.opens(&format!("{HOME}?q={words}")).await.text();
            page.contains("Lampadaire cassé") && page.contains("class=\"rangee\"")
        };
        for words in ["pre", "PR%C3%89", "ete+inonde", "lampadaire", "casse"] {
            assert!(finds(&mut zoe, words).await, "{words}");
            assert!(finds(&mut mayor, words).await, "{words}");
            assert!(!finds(&mut paul, words).await, "{words}");
        }
        assert!(!finds(&mut zoe, "automne").await);
        let page = zoe.opens(&format!("{HOME}?q=eze-2026-000001")).await.text();
        assert!(page.contains("Occuper la place"), "{page}");
    }
}

#[tokio::test]
async fn her_conversations_go_with_her_account_and_her_requests_stay_with_the_town_hall() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        let talk = writes(&mut zoe, "0", &format!("Un {SECRET}")).await;
        let formal = requests(&mut zoe, "Ma demande").await;
        let account = account(&town, "zoe").await;
        let holding = messages::holding();
        let held = (holding.export)(town.ctx(), account.actor)
            .await
            .unwrap()
            .to_string();
        for word in [SECRET, "Ma demande", "EZE-2026-000001", "rue du Barri"] {
            assert!(held.contains(word), "{word}: {held}");
        }
        let mut tx = town.ctx().db.begin().await.unwrap();
        (holding.erase)(town.ctx(), &mut tx, account.actor).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(mayor.opens(&talk).await.status, 404);
        let page = mayor.opens(&formal).await.text();
        assert!(
            page.contains("Ma demande") && page.contains("Compte supprimé"),
            "{page}"
        );
        let left = (holding.export)(town.ctx(), account.actor).await.unwrap();
        assert_eq!(left["threads"], json!([]));
    }
}

#[tokio::test]
async fn a_lost_key_closes_letters_and_not_the_mailbox() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        let thread = writes(&mut zoe, "0", SECRET).await;
        // The first byte after the number of the key: as if it had been sealed with another one.
        let mut tx = town.ctx().db.begin().await.unwrap();
        let rows: Vec<(i64, Vec<u8>)> =
            on_tx!(&mut tx, c => sqlx::query_as("SELECT id, body FROM messages_message").fetch_all(c).await)
                .unwrap();
        for (id, mut body) in rows {
            body[4] = 9;
            on_tx!(&mut tx, c => sqlx::query("UPDATE messages_message SET body = $2 WHERE id = $1")
                .bind(id).bind(body).execute(c).await.map(|_| ()))
            .unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(mayor.opens(HOME).await.status, 200);
        let page = mayor.opens(&thread).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("clé que ce serveur n’a plus"));
        assert_eq!(
            answers(&mut mayor, &thread, &[("text", "Pouvez-vous répéter ?")])
                .await
                .status,
            303
        );
    }
}

#[tokio::test]
async fn an_answer_written_while_the_thread_was_closed_is_kept() {
    for town in Town::everywhere().await {
        let (mut zoe, mut mayor) = (town.citizen("zoe").await, town.mayor().await);
        let thread = writes(&mut zoe, "0", "Le portail du cimetière grince.").await;
        let close = format!("{thread}/clore");
        let closed = mayor.sends(&thread, &close, &[("action", "close")]).await;
        assert_eq!(closed.status, 303, "{}", closed.text());
        let answer = answers(&mut zoe, &thread, &[("text", "Il grince <encore>, hélas.")]).await;
        let page = answer.text();
        assert_eq!(answer.status, 422, "{page}");
        assert!(
            page.contains("Il grince &#60;encore&#62;, hélas.</textarea>"),
            "{page}"
        );
        assert!(
            page.contains("href=\"#champ-text\"") || page.contains("Cet échange est clos."),
            "{page}"
        );
        let again = zoe.opens(&thread).await.text();
        assert!(!again.contains("<textarea"), "{again}");
    }
}
