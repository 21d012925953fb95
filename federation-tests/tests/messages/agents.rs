//! Who reads what at the town hall.

use account::actions::roles;
use account::{Right, Role};
use testkit::Town;

use super::{HOME, SECRET, WRITE, account, answers, requests, service, writes};
use crate::api::{Program, id};

#[tokio::test]
async fn a_note_is_for_agents_alone() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        let thread = writes(&mut zoe, "0", "Bonjour").await;
        let noted = answers(
            &mut mayor,
            &thread,
            &[("text", &format!("Attention, {SECRET} !")), ("action", "note")],
        )
        .await;
        assert_eq!(noted.status, 303, "{}", noted.text());
        assert!(mayor.opens(&thread).await.text().contains(SECRET));
        let page = zoe.opens(&thread).await.text();
        assert!(!page.contains(SECRET) && !page.contains("Note interne"), "{page}");
        assert!(
            !zoe.opens(&format!("{HOME}?q={SECRET}"))
                .await
                .text()
                .contains("Lampadaire")
        );
        assert!(
            mayor
                .opens(&format!("{HOME}?q={SECRET}"))
                .await
                .text()
                .contains("Lampadaire")
        );
        let program = Program::of(&town, "zoe", false).await;
        let talks = program.read("/api/v1/conversations").await;
        assert!(!talks.to_string().contains(SECRET));
        let last = id(&talks[0]["last_status"]);
        let around = program.read(&format!("/api/v1/statuses/{last}/context")).await;
        assert!(!around.to_string().contains(SECRET), "{around}");
        town.works().await;
        // A citizen leaves no notes.
        answers(&mut zoe, &thread, &[("text", "moi aussi"), ("action", "note")]).await;
        assert!(!mayor.opens(&thread).await.text().contains("moi aussi"));
        assert!(
            !town
                .ctx()
                .mailer
                .sent()
                .iter()
                .any(|mail| mail.text.contains(SECRET))
        );
    }
}

/// The messages of a thread's page, without the list beside it.
pub(super) fn talk(page: &str) -> String {
    page.split("Messages échangés")
        .nth(1)
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn agents_read_their_services_and_what_is_given_to_them() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut anna = town.delegate("anna", Right::Messages).await;
        let mut bob = town.delegate("bob", Right::Messages).await;
        let mut zoe = town.citizen("zoe").await;
        let civil = service(&town, &mut mayor, "État civil", &["anna"]).await;
        let form = zoe.opens(WRITE).await.text();
        assert!(
            form.contains("État civil") && form.contains("Le ou la maire"),
            "{form}"
        );
        let to_mayor = writes(&mut zoe, "0", "À la maire").await;
        let to_civil = writes(&mut zoe, &civil, "À l’état civil").await;
        let foreign = [("service", "12345"), ("subject", "x"), ("text", "x")];
        assert_eq!(zoe.sends(WRITE, WRITE, &foreign).await.status, 422);

        assert_eq!(anna.opens(&to_civil).await.status, 200);
        assert_eq!(anna.opens(&to_mayor).await.status, 404);
        assert_eq!(bob.opens(&to_civil).await.status, 404);
        assert_eq!(mayor.opens(&to_civil).await.status, 200);
        assert!(
            anna.opens("/notifications")
                .await
                .text()
                .contains("message privé")
        );
        assert!(!bob.opens("/notifications").await.text().contains("message privé"));
        answers(&mut anna, &to_civil, &[("text", "Bonjour, passez mardi.")]).await;
        assert!(zoe.opens(&to_civil).await.text().contains("passez mardi"));

        // Given to a colleague, he reads this one and no other.
        let give = format!("{to_civil}/confier");
        let bob_id = format!("a{}", account(&town, "bob").await.id);
        assert_eq!(anna.sends(&to_civil, &give, &[("to", &bob_id)]).await.status, 303);
        assert_eq!(bob.opens(&to_civil).await.status, 200);
        assert!(bob.opens("/notifications").await.text().contains("message privé"));
        assert_eq!(bob.opens(&to_mayor).await.status, 404);
        let zoe_id = format!("a{}", account(&town, "zoe").await.id);
        assert_eq!(
            anna.sends(&to_civil, &give, &[("to", &zoe_id)]).await.status,
            422,
            "no agent"
        );
        let page = mayor.opens(&to_civil).await.text();
        assert!(page.contains("Confié à") && page.contains("Lu par"), "{page}");

        // A right taken back ends at once, whatever was given.
        for handle in ["bob", "anna"] {
            let id = account(&town, handle).await.id;
            roles::take(
                town.ctx(),
                None,
                id,
                Role::Delegate,
                Some("06059".parse().unwrap()),
            )
            .await
            .unwrap();
        }
        assert_eq!(bob.opens(&to_civil).await.status, 404);
        assert_eq!(anna.opens(&to_civil).await.status, 404);
        let action = format!("{to_civil}/repondre");
        assert_eq!(anna.sends(WRITE, &action, &[("text", "x")]).await.status, 404);
        for one in [&mut anna, &mut bob, &mut zoe] {
            assert_eq!(one.opens("/eze-06/messages/reglages").await.status, 404);
        }
        // An agent reads her own letters as a citizen: what is noted about her is not for her.
        let carl = town.delegate("carl", Right::Messages).await;
        let mut carl = carl;
        let desk = service(&town, &mut mayor, "Voirie", &["carl"]).await;
        let own = writes(&mut carl, &desk, "Ma rue").await;
        answers(&mut mayor, &own, &[("text", SECRET), ("action", "note")]).await;
        assert!(!carl.opens(&own).await.text().contains(SECRET));
        assert!(
            !carl
                .opens(&format!("{HOME}?boite=mairie"))
                .await
                .text()
                .contains("Ma rue")
        );
    }
}

#[tokio::test]
async fn a_new_mayor_does_not_read_the_letters_to_the_one_before() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        let talk = writes(&mut zoe, "0", &format!("Entre nous, {SECRET}.")).await;
        let formal = requests(&mut zoe, "Une demande").await;
        let code = "06059".parse().unwrap();
        let mandate = commune::model::Mandate {
            holder: "Dominique Autre".to_owned(),
            gender: commune::model::Gender::Unsaid,
            from_year: 2032,
            to_year: None,
        };
        let mut tx = town.ctx().db.begin().await.unwrap();
        commune::actions::hand_over(town.ctx(), &mut tx, code, &mandate)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(mayor.opens(&talk).await.status, 404);
        let list = mayor.opens(HOME).await.text();
        assert!(
            !list.contains("Lampadaire") && list.contains("Occuper la place"),
            "{list}"
        );
        assert!(
            !mayor
                .opens(&format!("{HOME}?q={SECRET}"))
                .await
                .text()
                .contains("Lampadaire")
        );
        assert_eq!(
            mayor.opens(&formal).await.status,
            200,
            "what was asked formally goes on"
        );
        let page = zoe.opens(&talk).await.text();
        assert!(
            page.contains(SECRET) && page.contains("mandat précédent"),
            "{page}"
        );
        let late = zoe
            .sends(WRITE, &format!("{talk}/repondre"), &[("text", "Allô ?")])
            .await;
        assert_eq!(late.status, 422);
        // The commune may choose otherwise.
        let settings = "/eze-06/messages/reglages";
        let fields = [
            ("action", "settings"),
            ("ack_days", "10"),
            ("ack_working", "on"),
            ("remind_days", "1"),
            ("answer_months", "2"),
        ];
        assert_eq!(mayor.sends(settings, settings, &fields).await.status, 303);
        assert_eq!(mayor.opens(&talk).await.status, 200);
        let next = requests(&mut zoe, "Une autre").await;
        assert!(
            zoe.opens(&next).await.text().contains("7\u{a0}décembre 2026"),
            "ten working days"
        );
        let wrong = [
            ("action", "settings"),
            ("ack_days", "0"),
            ("remind_days", "1"),
            ("answer_months", "2"),
        ];
        assert_eq!(mayor.sends(settings, settings, &wrong).await.status, 422);
    }
}
