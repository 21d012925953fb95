//! Everybody tries every door of the agenda: the table of docs/develop/access-agenda.md.

use account::actions::{people, roles};
use account::{Right, Role};
use http::Method;
use serde_json::json;
use testkit::{Town, Visitor};

use crate::agenda::elsewhere::invited;
use crate::agenda::{AGENDA, FORM, NEW, fields, id_of, plan};
use crate::api::Program;

/// Somebody, and whether she keeps the agenda.
struct Who {
    name: &'static str,
    visitor: Visitor,
    program: Program,
    team: bool,
    signed_in: bool,
}

async fn everybody(town: &Town) -> Vec<Who> {
    let mut all = Vec::new();
    let stranger = Who {
        name: "stranger",
        visitor: town.stranger(),
        program: Program::of_nobody(town),
        team: false,
        signed_in: false,
    };
    all.push(stranger);
    let people = [
        ("citizen", town.citizen("alice").await, false),
        ("neighbour", town.neighbour("bruno", "06088").await, false),
        ("moderator", town.moderator("modeste").await, false),
        ("operator", town.operator("oscar").await, false),
        (
            "delegate of news",
            town.delegate("nadia", Right::News).await,
            false,
        ),
        ("delegate", town.delegate("odile", Right::Agenda).await, true),
        ("revoked delegate", revoked(town).await, false),
        ("mayor", town.mayor().await, true),
    ];
    let handles = [
        "alice", "bruno", "modeste", "oscar", "nadia", "odile", "remi", "camille",
    ];
    for ((name, visitor, team), handle) in people.into_iter().zip(handles) {
        let program = Program::of(town, handle, false).await;
        all.push(Who {
            name,
            visitor,
            program,
            team,
            signed_in: true,
        });
    }
    all
}

/// Somebody whose right was taken back; her sessions and tokens are as they were.
async fn revoked(town: &Town) -> Visitor {
    let visitor = town.delegate("remi", Right::Agenda).await;
    let account = people::by_handle(town.ctx(), "remi").await.unwrap().unwrap();
    let code = "06059".parse().unwrap();
    roles::take(town.ctx(), None, account.id, Role::Delegate, Some(code))
        .await
        .unwrap();
    visitor
}

#[tokio::test]
async fn everybody_tries_every_door_of_the_agenda() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let public = plan(&mut mayor, &[("title", "Conseil public")]).await;
        let private = plan(
            &mut mayor,
            &[("title", "Entretien secret"), ("visibility", "private")],
        )
        .await;
        let cancelled = plan(&mut mayor, &[("title", "Concert")]).await;
        let gone = plan(&mut mayor, &[("title", "Erreur")]).await;
        let hidden_gone = plan(&mut mayor, &[("title", "Rien"), ("visibility", "private")]).await;
        let (_, elsewhere) = invited(&town, json!({ "joinMode": "free" })).await;
        mayor.sends(FORM, &format!("{cancelled}/annuler"), &[]).await;
        for path in [&gone, &hidden_gone] {
            let deleted = mayor.sends(FORM, &format!("{path}/supprimer"), &[]).await;
            assert_eq!(deleted.status, 303, "{}", deleted.text());
        }
        for mut who in everybody(&town).await {
            let name = who.name;
            for list in [
                "",
                "?vue=semaine&date=2026-11-26",
                "?vue=liste",
                "/passes",
                "/alentour",
            ] {
                let answer = who.visitor.opens(&format!("{AGENDA}{list}")).await;
                assert_eq!(answer.status, 200, "{name} {list}");
                let sees = answer.text().contains("Entretien secret");
                let may = who.team && !list.starts_with('/');
                assert_eq!(sees, may, "{name} sees a private appointment: {list}");
            }
            for feed in [
                "/eze-06/agenda.ics",
                "/eze-06/agenda.json",
                "/sitemaps/agenda.xml",
                "/eze-06",
            ] {
                let text = who.visitor.opens(feed).await.text();
                assert!(
                    !text.contains("Entretien") && !text.contains(id_of(&private)),
                    "{name} {feed}"
                );
            }
            let team = if who.team { 200 } else { 404 };
            for (path, status) in [
                (public.clone(), 200),
                (cancelled.clone(), 200),
                (elsewhere.clone(), 200),
                (private.clone(), team),
                (gone.clone(), 410),
                (hidden_gone.clone(), 404),
                (format!("{public}/agenda.ics"), 200),
                (format!("{private}/agenda.ics"), 404),
                (format!("/agenda/{}", id_of(&private)), 404),
                (format!("/agenda/{}", id_of(&public)), 404),
                (format!("/nice-06/agenda/{}", id_of(&public)), 404),
                (format!("/api/v1/statuses/{}", id_of(&private)), 404),
            ] {
                assert_eq!(who.visitor.opens(&path).await.status, status, "{name} {path}");
            }
            for (path, status) in [
                (&public, 200),
                (&cancelled, 200),
                (&private, 404),
                (&gone, 410),
                (&hidden_gone, 404),
            ] {
                let object = format!("/ap/events/{}", id_of(path));
                assert_eq!(who.visitor.reads(&object).await.status, status, "{name} {object}");
                let api = format!("/api/parvis/v1/events/{}", id_of(path));
                assert_eq!(who.program.get(&api).await.status, status, "{name} {api}");
                if status == 404 {
                    for part in ["attendees", "replies", "likes", "shares", "context"] {
                        assert_eq!(
                            who.visitor.reads(&format!("{object}/{part}")).await.status,
                            404,
                            "{name} {part}"
                        );
                    }
                }
            }
            // They all are dark: who invites there would be told their names.
            let action = format!("{elsewhere}/participer");
            let asked = who.visitor.sends(FORM, &action, &[("coming", "1")]).await;
            assert_eq!(asked.status, if who.signed_in { 422 } else { 303 }, "{name}");
            tries_deeds(&mut who, &public, &private).await;
        }
        // After all that the events are as they were.
        let text = town.stranger().opens(&public).await.text();
        assert!(text.contains("Conseil public") && !text.contains("barre-texte"));
    }
}

async fn tries_deeds(who: &mut Who, public: &str, private: &str) {
    let name = who.name;
    // Pages of the desk.
    let page = match (who.signed_in, who.team) {
        (false, _) => 303,
        (true, false) => 403,
        (true, true) => 200,
    };
    for path in [
        NEW.to_owned(),
        format!("{AGENDA}/importer"),
        format!("{public}/modifier"),
        format!("{public}/deplacer"),
        format!("{public}/annuler"),
        format!("{public}/supprimer"),
        format!("{public}/participants"),
    ] {
        let answer = who.visitor.opens(&path).await;
        assert_eq!(answer.status, page, "{name} {path}");
        if page == 303 {
            assert!(answer.location().starts_with("/connexion"), "{name} {path}");
        }
    }
    if who.team {
        return;
    }
    let refused = if who.signed_in { 403 } else { 303 };
    for path in [
        NEW.to_owned(),
        format!("{AGENDA}/importer"),
        format!("{AGENDA}/alentour/ajouter"),
        format!("{AGENDA}/alentour/retirer"),
        format!("{public}/modifier"),
        format!("{public}/deplacer"),
        format!("{public}/annuler"),
        format!("{public}/retablir"),
        format!("{public}/supprimer"),
        format!("{private}/modifier"),
        format!("{private}/supprimer"),
    ] {
        let answer = who.visitor.sends(FORM, &path, &fields(&[])).await;
        assert_eq!(answer.status, refused, "{name} {path}");
    }
    let joins = who
        .visitor
        .sends(FORM, &format!("{private}/participer"), &[("coming", "1")])
        .await;
    assert_eq!(joins.status, if who.signed_in { 404 } else { 303 }, "{name}");
    let refused = if who.signed_in { 403 } else { 401 };
    let event = json!({ "title": "x", "start": "2027-06-26T18:30" });
    let one = format!("/api/parvis/v1/events/{}", id_of(public));
    let all = "/api/parvis/v1/communes/06059/events";
    for (method, path, body) in [
        (Method::POST, all.to_owned(), event.clone()),
        (Method::PUT, one.clone(), event),
        (Method::DELETE, one.clone(), json!({})),
        (Method::POST, format!("{one}/cancel"), json!({})),
        (Method::POST, format!("{one}/restore"), json!({})),
    ] {
        let answer = who.program.send(method.clone(), &path, &body).await;
        assert_eq!(
            answer.status,
            refused,
            "{name} {method} {path}: {}",
            answer.text()
        );
    }
    let hidden = format!("/api/parvis/v1/events/{}/join", id_of(private));
    let status = who.program.post(&hidden, &json!({})).await.status;
    assert_eq!(status, if who.signed_in { 404 } else { 401 }, "{name}");
}
