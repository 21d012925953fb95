//! Coming to events of other servers: asked, answered, taken back.

use federation::{Actor, Verdict};
use platform::{on_db, on_tx};
use serde_json::{Value, json};
use testkit::{Answer, Town, Visitor};

use super::wire::{activity, festival};
use super::{guest, receives, said};
use crate::api::federated;

/// An event of another server that is shown around here; gives who invites and the path of its page.
pub(crate) async fn invited(town: &Town, more: Value) -> (Actor, String) {
    let host = guest(town, "festival").await;
    let mut tx = town.ctx().db.begin().await.unwrap();
    on_tx!(&mut tx, c => sqlx::query(
        "INSERT INTO agenda_source (commune, actor_id, created_at) VALUES ('06059', $1, 1)").bind(host.id)
        .execute(c).await.map(|_| ()))
    .unwrap();
    tx.commit().await.unwrap();
    let create = activity(&host, "Create", 1, festival(&host, more));
    assert_eq!(receives(town, &host, create).await, Verdict::Done);
    let id: i64 = on_db!(&town.ctx().db, c => sqlx::query_scalar(
        "SELECT id FROM agenda_occurrence WHERE uri = 'https://peer.test/events/1'").fetch_one(c).await)
    .unwrap();
    (host, format!("/agenda/{id}"))
}

async fn comes(visitor: &mut Visitor, path: &str, coming: &str) -> Answer {
    let action = format!("{path}/participer");
    visitor.sends(path, &action, &[("coming", coming)]).await
}

/// What was said to the host of these types.
async fn told(town: &Town, kinds: &[&str]) -> Vec<Value> {
    let all = said(town).await;
    let of_kind = |one: &Value| kinds.iter().any(|kind| one["type"] == *kind);
    all.into_iter().filter(of_kind).collect()
}

/// The host's answer to a Join of ours, with the Join as it came or by its id alone.
fn answer(host: &Actor, kind: &str, n: usize, join: Value) -> Value {
    json!({ "id": format!("https://peer.test/answers/{n}"), "type": kind, "actor": host.uri, "object": join })
}

async fn notices(town: &Town, kind: &str) -> i64 {
    on_db!(&town.ctx().db, c => sqlx::query_scalar("SELECT COUNT(*) FROM notification WHERE kind = $1")
        .bind(kind).fetch_one(c).await)
    .unwrap()
}

#[tokio::test]
async fn one_asks_to_come_and_is_answered() {
    for town in Town::everywhere().await {
        let _mayor = town.mayor().await;
        let _jeanne = federated(&town, "jeanne").await;
        let mut jeanne = town.signed_in("jeanne").await;
        let (host, path) = invited(&town, json!({ "joinMode": "restricted" })).await;
        let page = jeanne.opens(&path).await.text();
        for words in [
            "Je participe",
            "L’organisateur choisit",
            "@jeanne@parvis.test",
            "@festival@peer.test",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert_eq!(comes(&mut jeanne, &path, "1").await.status, 303);
        let joins = told(&town, &["Join"]).await;
        assert_eq!(joins.len(), 1);
        let join = &joins[0];
        assert_eq!(join["object"], "https://peer.test/events/1");
        assert_eq!(join["to"], json!([host.uri]));
        assert!(
            join["actor"]
                .as_str()
                .unwrap()
                .starts_with("https://parvis.test/ap/actors/")
        );
        let page = jeanne.opens(&path).await.text();
        assert!(
            page.contains("pas encore de réponse") && page.contains("Je ne viens plus"),
            "{page}"
        );
        let around = jeanne.opens("/eze-06/agenda/alentour").await.text();
        assert!(around.contains("pas encore de réponse"), "{around}");
        // Asked twice, told once.
        assert_eq!(comes(&mut jeanne, &path, "1").await.status, 303);
        assert_eq!(told(&town, &["Join"]).await.len(), 1);
        // Nobody else answers for who invites.
        let mallory = guest(&town, "mallory").await;
        let forged = answer(&mallory, "Accept", 1, join.clone());
        assert!(matches!(
            receives(&town, &mallory, forged).await,
            Verdict::Reject(_)
        ));
        let whole = answer(&host, "Accept", 2, join.clone());
        assert_eq!(receives(&town, &host, whole).await, Verdict::Done);
        let page = jeanne.opens(&path).await.text();
        assert!(
            page.contains("Vous participez") && !page.contains("pas encore de réponse"),
            "{page}"
        );
        assert_eq!(notices(&town, "event-answer").await, 1);
        assert!(
            jeanne
                .opens("/notifications")
                .await
                .text()
                .contains("a répondu à votre inscription")
        );
        // Who comes is nobody's business but hers.
        assert!(!town.stranger().opens(&path).await.text().contains("jeanne"));
        // The host changes its mind; the answer names the Join by its id.
        let no = answer(&host, "Reject", 3, join["id"].clone());
        assert_eq!(receives(&town, &host, no).await, Verdict::Done);
        let page = jeanne.opens(&path).await.text();
        assert!(
            page.contains("a refusé votre inscription") && page.contains("Je participe"),
            "{page}"
        );
        // Refused, one may ask again: that is another Join.
        assert_eq!(comes(&mut jeanne, &path, "1").await.status, 303);
        let joins = told(&town, &["Join"]).await;
        assert_eq!(joins.len(), 2);
        assert_ne!(joins[0]["id"], joins[1]["id"]);
        let late = answer(&host, "Reject", 4, joins[0]["id"].clone());
        assert!(matches!(receives(&town, &host, late).await, Verdict::Ignore(_)));
        assert!(jeanne.opens(&path).await.text().contains("pas encore de réponse"));
        // And takes it back.
        assert_eq!(comes(&mut jeanne, &path, "0").await.status, 303);
        let leaves = told(&town, &["Leave"]).await;
        assert_eq!(leaves.len(), 1);
        assert_eq!(
            (&leaves[0]["object"], &leaves[0]["to"]),
            (&json!("https://peer.test/events/1"), &json!([host.uri]))
        );
        assert!(jeanne.opens(&path).await.text().contains("Je participe"));
        let after = answer(&host, "Accept", 5, joins[1]["id"].clone());
        assert!(matches!(receives(&town, &host, after).await, Verdict::Ignore(_)));
        assert!(!jeanne.opens(&path).await.text().contains("Vous participez"));
        // The host takes the event away: who meant to come is told.
        assert_eq!(comes(&mut jeanne, &path, "1").await.status, 303);
        let gone = json!({ "id": "https://peer.test/deletions/1", "type": "Delete", "actor": host.uri,
                           "object": "https://peer.test/events/1" });
        assert_eq!(receives(&town, &host, gone).await, Verdict::Done);
        assert_eq!(notices(&town, "event-cancelled").await, 1);
        assert!(jeanne.opens("/notifications").await.text().contains("est annulé"));
        assert_eq!(jeanne.opens(&path).await.status, 410);
    }
}

#[tokio::test]
async fn who_may_not_come_is_told_why() {
    for town in Town::everywhere().await {
        let _mayor = town.mayor().await;
        let mut lucie = town.citizen("lucie").await;
        let (_, path) = invited(&town, json!({ "joinMode": "free" })).await;
        let page = lucie.opens(&path).await.text();
        assert!(
            page.contains("vous ne l’avez pas permis") && page.contains("/compte/donnees"),
            "{page}"
        );
        assert!(!page.contains("Je participe"), "{page}");
        let refused = comes(&mut lucie, &path, "1").await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("Permettez-le d’abord"),
            "{}",
            refused.text()
        );
        let mut stranger = town.stranger();
        assert!(
            stranger
                .opens(&path)
                .await
                .text()
                .contains("Se connecter pour participer")
        );
        let sent = stranger
            .sends("/connexion", &format!("{path}/participer"), &[("coming", "1")])
            .await;
        assert!(
            sent.status == 303 && sent.location().starts_with("/connexion"),
            "{}",
            sent.location()
        );
        assert_eq!(told(&town, &["Join", "Leave"]).await, Vec::<Value>::new());
        let none = lucie
            .sends(super::FORM, "/agenda/1/participer", &[("coming", "1")])
            .await;
        assert_eq!(none.status, 422);
        let none = lucie
            .sends(super::FORM, "/agenda/1/participer", &[("coming", "0")])
            .await;
        assert_eq!(none.status, 404);
    }
}

#[tokio::test]
async fn events_that_take_nobody_cancelled_and_over_are_not_joined() {
    for town in Town::everywhere().await {
        let _mayor = town.mayor().await;
        let _jeanne = federated(&town, "jeanne").await;
        let mut jeanne = town.signed_in("jeanne").await;
        // Gancio says nothing of registering; nobody asks to be invited.
        let (host, path) = invited(&town, json!({})).await;
        assert!(!jeanne.opens(&path).await.text().contains("Je participe"));
        assert_eq!(comes(&mut jeanne, &path, "1").await.status, 422);
        let change = |n: usize, more: Value| activity(&host, "Update", n, festival(&host, more));
        for (n, mode) in ["invite", "none", "external", "<b>"].into_iter().enumerate() {
            let update = change(
                10 + n,
                json!({ "joinMode": mode, "externalParticipationUrl": "https://billets.test/1" }),
            );
            assert_eq!(receives(&town, &host, update).await, Verdict::Done);
            let page = jeanne.opens(&path).await.text();
            assert!(!page.contains("Je participe"), "{mode}: {page}");
            assert_eq!(
                page.contains("https://billets.test/1"),
                mode == "external",
                "{mode}: {page}"
            );
            assert_eq!(comes(&mut jeanne, &path, "1").await.status, 422, "{mode}");
        }
        assert_eq!(
            receives(&town, &host, change(20, json!({ "joinMode": "free" }))).await,
            Verdict::Done
        );
        assert_eq!(comes(&mut jeanne, &path, "1").await.status, 303);
        let join = told(&town, &["Join"]).await[0]["id"].clone();
        assert_eq!(
            receives(&town, &host, answer(&host, "Accept", 1, join)).await,
            Verdict::Done
        );
        // She hears that the hour changes, and that it is called off.
        let later = change(
            21,
            json!({ "joinMode": "free", "startTime": "2026-12-12T21:00:00+01:00" }),
        );
        assert_eq!(receives(&town, &host, later).await, Verdict::Done);
        assert_eq!(notices(&town, "event-changed").await, 1);
        let off = json!({ "joinMode": "free", "startTime": "2026-12-12T21:00:00+01:00", "eventStatus": "EventCancelled" });
        for n in [22, 23] {
            assert_eq!(
                receives(&town, &host, change(n, off.clone())).await,
                Verdict::Done
            );
        }
        assert_eq!(notices(&town, "event-cancelled").await, 1);
        let page = jeanne.opens(&path).await.text();
        assert!(page.contains("Annulé"), "{page}");
        // Her account ends: who invites is told that she does not come.
        assert_eq!(comes(&mut jeanne, &path, "0").await.status, 303);
        assert_eq!(comes(&mut jeanne, &path, "1").await.status, 422);
        assert_eq!(told(&town, &["Leave"]).await.len(), 1);
    }
}

#[tokio::test]
async fn a_program_reads_the_event_that_it_comes_to() {
    for town in Town::everywhere().await {
        let _mayor = town.mayor().await;
        let jeanne = federated(&town, "jeanne").await;
        let (host, path) = invited(&town, json!({ "joinMode": "free" })).await;
        let one = path.replace("/agenda/", "/api/parvis/v1/events/");
        let open = crate::api::Program::of_nobody(&town).read(&one).await;
        assert_eq!(
            (
                &open["uri"],
                &open["title"],
                &open["commune"],
                &open["calendar"],
                &open["mine"]
            ),
            (
                &json!("https://peer.test/events/1"),
                &json!("Festival du port"),
                &Value::Null,
                &Value::Null,
                &Value::Null
            )
        );
        assert_eq!(open["url"], format!("https://parvis.test{path}"));
        let joined = jeanne.does(&format!("{one}/join")).await;
        assert_eq!(jeanne.read(&one).await["mine"], joined["state"]);
        for change in ["cancel", "restore"] {
            let turned = jeanne.post(&format!("{one}/{change}"), &json!({})).await;
            assert_eq!(turned.status, 404, "{change}");
        }
        let gone = activity(&host, "Delete", 2, json!("https://peer.test/events/1"));
        assert_eq!(receives(&town, &host, gone).await, Verdict::Done);
        assert_eq!(jeanne.get(&one).await.status, 410);
    }
}
