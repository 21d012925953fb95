//! Formal requests: numbers, delays, the whole file.

use platform::on_db;
use std::time::Duration;
use testkit::Town;

use super::{REQUEST, SECRET, WRITE, answers, everything, requests};

#[tokio::test]
async fn numbers_have_no_gap_however_many_ask_at_once() {
    for town in Town::everywhere().await {
        let mut people = Vec::new();
        for n in 0..12 {
            people.push(town.citizen(&format!("c{n}")).await);
        }
        let local = tokio::task::LocalSet::new();
        local
            .run_until(async move {
                let mut waiting = Vec::new();
                for mut one in people {
                    waiting.push(tokio::task::spawn_local(async move {
                        // Every second one is turned away, and uses up no number.
                        for n in 0..3 {
                            let address = if n == 1 { "" } else { "1 rue X" };
                            let fields = [
                                ("service", "0"),
                                ("name", "A B"),
                                ("address", address),
                                ("subject", "S"),
                                ("text", "T"),
                            ];
                            let answer = one.sends(REQUEST, REQUEST, &fields).await;
                            assert_eq!(answer.status, if n == 1 { 422 } else { 303 });
                        }
                    }));
                }
                for one in waiting {
                    one.await.unwrap();
                }
            })
            .await;
        let references: Vec<String> = on_db!(&town.ctx().db, c => sqlx::query_scalar(
            "SELECT reference FROM messages_request ORDER BY number").fetch_all(c).await)
        .unwrap();
        let wanted: Vec<String> = (1..=24).map(|n| format!("EZE-2026-{n:06}")).collect();
        assert_eq!(references, wanted);
    }
}

#[tokio::test]
async fn a_formal_request_goes_its_way() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        // NOON is Monday 23 November 2026.
        let thread = requests(&mut zoe, &format!("Une fête avec un {SECRET}, le 20 février.")).await;
        let page = zoe.opens(&thread).await.text();
        assert!(
            page.contains("EZE-2026-000001") && page.contains("Votre demande est enregistrée"),
            "{page}"
        );
        assert!(page.contains("avant le 30\u{a0}novembre 2026"), "{page}");
        assert!(
            page.contains("avant le 25\u{a0}janvier 2027"),
            "two months end on a Saturday: {page}"
        );
        let all = everything(&town).await;
        for word in ["rue du Barri", "Zoé Exemple", SECRET] {
            assert!(!all.contains(word), "{word} stands in the open");
        }
        assert!(mayor.opens(&thread).await.text().contains("12 rue du Barri"));

        // Two working days before the delay ends, in the morning, agents are told; not the citizen.
        let told = |page: String| page.matches("son délai approche").count();
        assert_eq!(told(mayor.opens("/notifications").await.text()), 0);
        town.waits(Duration::from_secs(3 * 24 * 3600)).await;
        let (mut mayor, mut zoe) = (town.mayor().await, town.signed_in("zoe").await);
        assert_eq!(told(mayor.opens("/notifications").await.text()), 1);
        assert_eq!(told(zoe.opens("/notifications").await.text()), 0);

        let close = format!("{thread}/clore");
        let early = mayor.sends(&thread, &close, &[("action", "close")]).await;
        assert_eq!(early.status, 422, "it is closed by its answer");
        let ack = format!("{thread}/accuse");
        assert_eq!(zoe.opens(&ack).await.status, 404);
        let empty = mayor
            .sends(&ack, &ack, &[("service", "Vie locale"), ("silence", "refusal")])
            .await;
        assert_eq!(empty.status, 422, "the law wants a way to reach the service");
        let fields = [
            ("service", "Vie locale"),
            ("phone", "01 99 00 00 01"),
            ("silence", "refusal"),
            ("more", "Joignez un plan."),
        ];
        assert_eq!(mayor.sends(&ack, &ack, &fields).await.status, 303);
        let again = mayor.sends(&ack, &ack, &fields).await;
        assert_eq!(again.status, 422, "once");
        let page = zoe.opens(&thread).await.text();
        for word in [
            "EZE-2026-000001",
            "Vie locale",
            "01 99 00 00 01",
            "25",
            "décision implicite de rejet",
            "telerecours",
            "Joignez un plan",
        ] {
            assert!(page.contains(word), "{word}: {page}");
        }
        // Nothing more is told of the acknowledgement; of the answer it is.
        town.waits(Duration::from_secs(10 * 24 * 3600)).await;
        let mut mayor = town.mayor().await;
        assert_eq!(told(mayor.opens("/notifications").await.text()), 1);
        town.waits(Duration::from_secs(60 * 24 * 3600)).await;
        let (mut mayor, mut zoe) = (town.mayor().await, town.signed_in("zoe").await);
        assert!(told(mayor.opens("/notifications").await.text()) >= 1);
        assert!(zoe.opens(&thread).await.text().contains("Délai dépassé"));

        let answer = answers(&mut mayor, &thread, &[("text", "Accordé."), ("last", "on")]).await;
        assert_eq!(answer.status, 303);
        let page = zoe.opens(&thread).await.text();
        assert!(
            page.contains("Échange clos") && page.contains("Accordé"),
            "{page}"
        );
        let late = zoe
            .sends(WRITE, &format!("{thread}/repondre"), &[("text", "Merci")])
            .await;
        assert_eq!(late.status, 422);
        for paper in ["recepisse.pdf", "dossier.pdf"] {
            for who in [&mut zoe, &mut mayor] {
                let made = who.opens(&format!("{thread}/{paper}")).await;
                assert_eq!(made.status, 200, "{}", made.text());
                assert!(made.body.starts_with(b"%PDF-"));
                assert_eq!(made.header("content-type"), "application/pdf");
                assert!(made.header("content-disposition").contains("EZE-2026-000001"));
                assert!(made.header("cache-control").contains("no-store"));
            }
        }
    }
}
