//! Sections switched off: by the mayor in her commune, by the operator everywhere; and what the front page shows of
//! those that are on.

use axum::http::Method;
use federation::Verdict;
use serde_json::json;
use testkit::{Answer, Town, Visitor};

use crate::agenda::{id_of, object, plan};
use crate::api::Program;
use crate::discussion::{guest, takes};
use crate::messages::writes;
use crate::polls::opens;

const PAGE: &str = "/eze-06/rubriques";
const ALL: [&str; 4] = ["agenda", "polls", "groups", "messages"];

/// The mayor leaves these sections on.
async fn leaves_on(mayor: &mut Visitor, sections: &[&str]) -> Answer {
    let fields: Vec<(&str, &str)> = sections.iter().map(|name| ("sections", *name)).collect();
    mayor.sends(PAGE, PAGE, &fields).await
}

fn all_but(name: &str) -> Vec<&'static str> {
    ALL.into_iter().filter(|one| *one != name).collect()
}

/// The status of each path for somebody.
async fn statuses(who: &mut Visitor, paths: &[String]) -> Vec<u16> {
    let mut all = Vec::new();
    for path in paths {
        all.push(who.opens(path).await.status);
    }
    all
}

#[tokio::test]
async fn only_the_mayor_says_which_sections_there_are() {
    for town in Town::everywhere().await {
        let mut people = vec![
            (town.stranger(), 303),
            (town.citizen("alice").await, 403),
            (town.moderator("modeste").await, 403),
            (town.delegate("odile", account::Right::Delegates).await, 403),
            (town.operator("oscar").await, 403),
        ];
        for (visitor, status) in &mut people {
            assert_eq!(visitor.opens(PAGE).await.status, *status);
            let sent = visitor.sends("/affichage", PAGE, &[("sections", "agenda")]).await;
            assert_eq!(sent.status, *status, "{}", sent.text());
        }
        let mut mayor = town.mayor().await;
        let page = mayor.opens(PAGE).await.text();
        assert_eq!(page.matches(" checked").count(), 4, "{page}");
        assert!(mayor.opens("/compte").await.text().contains(PAGE));
        assert!(!people[1].0.opens("/compte").await.text().contains(PAGE));
        assert_eq!(leaves_on(&mut mayor, &["agenda", "news", "x"]).await.status, 303);
        let page = mayor.opens(PAGE).await.text();
        assert_eq!(page.matches(" checked").count(), 1, "{page}");
        assert!(page.contains("value=\"agenda\" checked"), "{page}");
    }
}

#[tokio::test]
async fn an_agenda_that_is_off_is_nowhere_and_comes_back_whole() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let event = plan(&mut mayor, &[("title", "Fête du citron")]).await;
        let id = id_of(&event).to_owned();
        let mut visitor = town.citizen("alice").await;
        let program = Program::of(&town, "alice", false).await;
        let office = Program::of(&town, "camille", true).await;
        let paths: Vec<String> = [
            "/eze-06/agenda",
            "/eze-06/agenda?vue=liste",
            "/%65ze-06/agenda",
            "/eze-06/agenda.ics",
            "/eze-06/agenda.json",
            "/eze-06/agenda/passes",
            &event,
            &format!("{event}/agenda.ics"),
            &format!("/partager/events/{id}"),
            &format!("/signaler/events/{id}"),
            &format!("/commenter/events/{id}"),
            "/api/parvis/v1/communes/06059/events",
            &format!("/api/parvis/v1/events/{id}"),
            &format!("/api/v1/statuses/{id}"),
        ]
        .map(str::to_owned)
        .to_vec();
        let before = statuses(&mut visitor, &paths).await;
        assert!(before.iter().all(|status| *status == 200), "{before:?}");
        assert_eq!(leaves_on(&mut mayor, &all_but("agenda")).await.status, 303);
        for who in [&mut visitor, &mut mayor] {
            let after = statuses(who, &paths).await;
            assert!(after.iter().all(|status| *status == 404), "{paths:?} {after:?}");
        }
        for path in [
            "/eze-06",
            "/eze-06/plus",
            "/eze-06/commune",
            "/sitemaps/agenda.xml",
        ] {
            let text = visitor.opens(path).await.text();
            assert!(
                !text.contains("/eze-06/agenda") && !text.contains("Fête du citron"),
                "{path}: {text}"
            );
        }
        let public = program.get("/api/v1/timelines/public?local=true").await.text();
        assert!(!public.contains("citron"), "{public}");
        let new = json!({ "title": "Encore", "start": "2026-12-01T10:00" });
        let made = office
            .send(Method::POST, "/api/parvis/v1/communes/06059/events", &new)
            .await;
        assert_eq!(made.status, 404, "{}", made.text());
        let joined = visitor
            .sends("/affichage", &format!("{event}/participer"), &[("come", "1")])
            .await;
        assert_eq!(joined.status, 404);
        // Other servers that know the event still find it; nobody comes to it.
        let told = object(&town, &event).await;
        assert_eq!(told.status, 200);
        let stranger = guest(&town, "ana").await;
        let join = json!({
            "id": format!("{}/joins/1", stranger.uri), "type": "Join", "actor": stranger.uri, "object": told.json()["id"],
        });
        assert!(matches!(takes(&town, &stranger, join).await, Verdict::Ignore(_)));
        // Another commune is not touched, and what was there is there again.
        assert_eq!(visitor.opens("/nice-06").await.status, 200);
        assert_eq!(leaves_on(&mut mayor, &ALL).await.status, 303);
        assert_eq!(statuses(&mut visitor, &paths).await, before);
        assert!(visitor.opens("/eze-06").await.text().contains("Fête du citron"));
    }
}

#[tokio::test]
async fn polls_are_not_switched_off_while_one_runs() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let poll = opens(&mut mayor, &[("question", "Une fontaine ?")]).await;
        let mut visitor = town.citizen("alice").await;
        let front = visitor.opens("/eze-06").await.text();
        assert!(
            front.contains("Une fontaine\u{202f}?") && front.contains("Donner mon avis"),
            "{front}"
        );
        let refused = leaves_on(&mut mayor, &["agenda"]).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused
                .text()
                .contains("Un sondage ou un avis public est en cours"),
            "{}",
            refused.text()
        );
        // Nothing of what was sent with it is done, and it stands in the form.
        assert!(!refused.text().contains("value=\"groups\" checked"));
        assert_eq!(visitor.opens("/eze-06/groupes").await.status, 200);
        assert_eq!(visitor.opens(&poll).await.status, 200);
        let gone = mayor
            .sends(&format!("{poll}/retirer"), &format!("{poll}/retirer"), &[])
            .await;
        assert_eq!(gone.status, 303, "{}", gone.text());
        assert_eq!(leaves_on(&mut mayor, &all_but("polls")).await.status, 303);
        let id = id_of(&poll);
        for path in [
            "/eze-06/sondages".to_owned(),
            "/eze-06/sondages/nouveau".to_owned(),
            poll.clone(),
            "/api/parvis/v1/communes/06059/polls".to_owned(),
            format!("/api/parvis/v1/polls/{id}"),
        ] {
            assert_eq!(mayor.opens(&path).await.status, 404, "{path}");
        }
        assert!(!mayor.opens("/eze-06").await.text().contains("/eze-06/sondages"));
        let asked =
            json!({ "status": "Et par ici ?", "poll": { "options": ["Oui", "Non"], "expires_in": 3600 } });
        let office = Program::of(&town, "camille", true).await;
        let made = office.send(Method::POST, "/api/v1/statuses", &asked).await;
        assert_eq!(made.status, 422, "{}", made.text());
        assert!(made.text().contains("la rubrique est fermée"), "{}", made.text());
    }
}

#[tokio::test]
async fn groups_and_messages_that_are_off_take_nothing_in() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut alice = town.citizen("alice").await;
        let thread = writes(&mut alice, "0", "Le lampadaire est cassé.").await;
        let fields = [
            ("scope", "public"),
            ("name", "Les sentiers"),
            ("about", "Les chemins."),
            ("opening", "members"),
        ];
        let made = mayor
            .sends("/eze-06/groupes/nouveau", "/eze-06/groupes/nouveau", &fields)
            .await;
        let group = made.location();
        let front = alice.opens("/eze-06").await.text();
        assert!(front.contains("/eze-06/messages/demande"), "{front}");
        assert_eq!(leaves_on(&mut mayor, &["agenda", "polls"]).await.status, 303);
        for path in [
            "/eze-06/messages",
            "/eze-06/messages/nouveau",
            "/eze-06/messages/demande",
            &thread,
            "/eze-06/groupes",
            &group,
            &format!("{group}/sujets/nouveau"),
            "/api/parvis/v1/communes/06059/counters",
        ] {
            for who in [&mut alice, &mut mayor] {
                assert_eq!(who.opens(path).await.status, 404, "{path}");
            }
        }
        let front = alice.opens("/eze-06").await.text();
        assert!(
            !front.contains("/eze-06/messages") && !front.contains("/eze-06/groupes"),
            "{front}"
        );
        let program = Program::of(&town, "alice", false).await;
        assert_eq!(program.get("/api/v1/conversations").await.json(), json!([]));
        let letter = json!({ "status": "@maire-eze Bonjour", "visibility": "direct" });
        assert!(
            program
                .send(Method::POST, "/api/v1/statuses", &letter)
                .await
                .status
                >= 400
        );
        takes_nothing(&town, &group).await;
        assert_eq!(leaves_on(&mut mayor, &ALL).await.status, 303);
        assert_eq!(alice.opens(&thread).await.status, 200);
        assert_eq!(alice.opens(&group).await.status, 200);
        assert_eq!(
            program
                .get("/api/v1/conversations")
                .await
                .json()
                .as_array()
                .unwrap()
                .len(),
            1
        );
    }
}

/// The actor of the group answers as before; neither a topic nor a letter is kept.
async fn takes_nothing(town: &Town, group: &str) {
    let ana = guest(town, "ana").await;
    let actor = format!("/ap/actors/{}", id_of(group));
    assert_eq!(town.stranger().reads(&actor).await.status, 200);
    let to_group = format!("https://parvis.test{actor}");
    let office = town.stranger().reads("/eze-06").await.location();
    for (n, to) in [
        (
            1,
            vec![
                to_group,
                "https://www.w3.org/ns/activitystreams#Public".to_owned(),
            ],
        ),
        (2, vec![office]),
    ] {
        let note = json!({
            "id": format!("{}/notes/{n}", ana.uri), "type": "Note", "attributedTo": ana.uri, "to": to,
            "content": "<p>Le pont est-il ouvert ?</p>", "published": "2026-11-23T11:00:00Z",
            "tag": [{ "type": "Mention", "href": to[0] }],
        });
        let create = json!({
            "id": format!("{}/notes/{n}/activity", ana.uri), "type": "Create", "actor": ana.uri, "to": to, "object": note,
        });
        let verdict = takes(town, &ana, create).await;
        assert!(!matches!(verdict, Verdict::Done), "{n}: {verdict:?}");
    }
    let rows: i64 = platform::on_db!(&town.ctx().db, c => sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM groups_topic) + (SELECT COUNT(*) FROM messages_thread WHERE remote)")
        .fetch_one(c).await)
    .unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn the_operator_switches_sections_off_for_the_whole_server() {
    for town in Town::everywhere().await {
        let event = plan(&mut town.mayor().await, &[("title", "Fête du citron")]).await;
        let poll = opens(&mut town.mayor().await, &[]).await;
        let town = town
            .reopened(|settings| {
                settings.sections.agenda = false;
                settings.sections.groups = false;
                settings.sections.polls = false;
            })
            .await;
        // The server does not start while a poll runs.
        let refused = town.app.start().await.unwrap_err().to_string();
        assert!(refused.starts_with("[sections] polls = false"), "{refused}");
        let town = town.reopened(|settings| settings.sections.polls = true).await;
        let mut mayor = town.signed_in("camille").await;
        let id = id_of(&event);
        for path in [
            "/eze-06/agenda".to_owned(),
            "/nice-06/agenda".to_owned(),
            event.clone(),
            "/eze-06/groupes".to_owned(),
            "/sitemaps/agenda.xml".to_owned(),
            "/api/parvis/v1/communes/06059/events".to_owned(),
            format!("/api/parvis/v1/events/{id}"),
            format!("/api/v1/statuses/{id}"),
        ] {
            assert_eq!(mayor.opens(&path).await.status, 404, "{path}");
        }
        assert_eq!(mayor.opens(&poll).await.status, 200);
        assert!(!mayor.opens("/sitemap.xml").await.text().contains("agenda"));
        let front = mayor.opens("/eze-06").await.text();
        assert!(
            !front.contains("/eze-06/agenda") && front.contains("/eze-06/sondages"),
            "{front}"
        );
        assert_eq!(object(&town, &event).await.status, 200);
        // The mayor is offered what the server has.
        let page = mayor.opens(PAGE).await.text();
        assert!(
            !page.contains("value=\"agenda\"") && page.contains("value=\"messages\""),
            "{page}"
        );
        assert_eq!(
            leaves_on(&mut mayor, &["agenda", "polls", "messages"])
                .await
                .status,
            303
        );
        assert_eq!(mayor.opens("/eze-06/agenda").await.status, 404);
    }
}
