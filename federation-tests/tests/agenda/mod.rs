//! The agenda, on SQLite and on PostgreSQL.

mod calendars;
pub(crate) mod elsewhere;
mod seats;
mod wire;

use std::time::Duration;

use account::Right;
use federation::{Actor, ActorId, Envelope, Verdict, actors};
use platform::{on_db, on_tx};
use serde_json::{Value, json};
use testkit::{Answer, Town, Visitor};

pub(crate) const AGENDA: &str = "/eze-06/agenda";
/// A page that has a form for everybody, for the token of its forms.
pub(crate) const FORM: &str = "/affichage";
pub(crate) const NEW: &str = "/eze-06/agenda/nouveau";

/// An event that a form describes, but for what is given.
pub(crate) fn fields<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![
        ("title", "Conseil municipal"),
        ("start_date", "2026-11-26"),
        ("start_time", "18:30"),
        ("end_time", "20:30"),
        ("repeat", "never"),
        ("interval", "1"),
        ("category", "mairie"),
        ("source", "Séance **publique**."),
        ("place_name", "Salle du conseil"),
        ("street", "1, place de la Nef"),
        ("postal_code", "06360"),
        ("locality", "Èze"),
        ("join_mode", "free"),
        ("comment_mode", "open"),
        ("visibility", "public"),
    ];
    all.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    all.extend_from_slice(more);
    all
}

/// Plans an event; gives the path of its page.
pub(crate) async fn plan(mayor: &mut Visitor, more: &[(&str, &str)]) -> String {
    let answer = mayor.sends(NEW, NEW, &fields(more)).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location()
}

pub(crate) fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// The object of a page.
pub(crate) async fn object(town: &Town, path: &str) -> Answer {
    town.stranger()
        .reads(&format!("/ap/events/{}", id_of(path)))
        .await
}

/// Somebody of another server, as if read from there.
pub(crate) async fn guest(town: &Town, name: &str) -> Actor {
    let ctx = town.ctx();
    let id = ActorId::new(ctx);
    let (host, uri) = ("peer.test", format!("https://peer.test/users/{name}"));
    let mut tx = ctx.db.begin().await.unwrap();
    on_tx!(&mut tx, c => sqlx::query(
        "INSERT INTO federation_actor (id, uri, local, kind, handle, host, name, inbox, shared_inbox, followers,
             inbox_lane, shared_lane, federated, created_at, updated_at)
         VALUES ($1, $2, FALSE, 'Person', $3, $4, $3, $5, $6, $7, $8, $8, TRUE, 1, 1)")
        .bind(id).bind(&uri).bind(name).bind(host).bind(format!("{uri}/inbox"))
        .bind("https://peer.test/inbox").bind(format!("{uri}/followers")).bind("https://peer.test")
        .execute(c).await.map(|_| ()))
    .unwrap();
    tx.commit().await.unwrap();
    actors::by_id(ctx, id).await.unwrap().unwrap()
}

/// An activity that has come in, verified.
pub(crate) async fn receives(town: &Town, actor: &Actor, activity: Value) -> Verdict {
    let envelope = Envelope::read(actor.clone(), activity).unwrap();
    town.app.inbox.give(town.ctx(), envelope).await
}

/// Everything that was said to other servers, the oldest first.
pub(crate) async fn said(town: &Town) -> Vec<Value> {
    let bodies: Vec<String> = on_db!(&town.ctx().db, c => sqlx::query_scalar(
        "SELECT body FROM federation_activity ORDER BY id").fetch_all(c).await)
    .unwrap();
    bodies
        .iter()
        .map(|body| serde_json::from_str(body).unwrap())
        .collect()
}

/// What was said of one type about an object.
pub(crate) async fn said_of(town: &Town, kind: &str, about: &str) -> Vec<Value> {
    let is = |value: &Value| value == about || value["id"] == about || value["object"] == about;
    said(town)
        .await
        .into_iter()
        .filter(|one| one["type"] == kind && is(&one["object"]))
        .collect()
}

#[tokio::test]
async fn an_event_is_seen_in_every_view_and_by_other_servers() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = plan(
            &mut mayor,
            &[
                ("capacity", "40"),
                ("latitude", "43,7278"),
                ("longitude", "7.3617"),
            ],
        )
        .await;
        let mut stranger = town.stranger();
        for view in [
            "",
            "?vue=mois&date=2026-11",
            "?vue=semaine&date=2026-11-26",
            "?vue=liste",
        ] {
            let page = stranger.opens(&format!("{AGENDA}{view}")).await;
            assert_eq!(page.status, 200);
            assert!(
                page.text().contains("Conseil municipal"),
                "{view}: {}",
                page.text()
            );
        }
        assert!(
            stranger
                .opens("/eze-06")
                .await
                .text()
                .contains("Conseil municipal")
        );
        let december = stranger
            .opens(&format!("{AGENDA}?vue=mois&date=2027-02"))
            .await
            .text();
        assert!(december.contains("Aucun rendez-vous ce mois-ci"));
        let page = stranger.opens(&path).await;
        assert_eq!(page.status, 200);
        let text = page.text();
        assert!(
            text.contains("jeudi 26\u{a0}novembre 2026, de 18\u{a0}h\u{a0}30 à 20\u{a0}h\u{a0}30"),
            "{text}"
        );
        assert!(text.contains("<strong>publique</strong>"));
        assert!(text.contains("Salle du conseil, 1, place de la Nef, 06360 Èze"));
        assert!(text.contains("Places restantes\u{202f}: 40 sur 40"), "{text}");
        let data = text.split("application/ld+json\">").nth(1).unwrap();
        let data: Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
        assert_eq!(data["startDate"], "2026-11-26T18:30:00+01:00");
        assert_eq!(data["eventStatus"], "https://schema.org/EventScheduled");
        assert_eq!(data["location"]["address"]["addressLocality"], "Èze");
        // Wrong dates in the address are the present, never a fault.
        for odd in [
            "?date=9999-99",
            "?date=x&vue=y",
            "?vue=liste&apres=1-x",
            "?date=-1",
        ] {
            assert_eq!(
                stranger.opens(&format!("{AGENDA}{odd}")).await.status,
                200,
                "{odd}"
            );
        }
    }
}

#[tokio::test]
async fn a_form_with_faults_comes_back_filled() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let sent = fields(&[
            ("title", ""),
            ("end_time", "xx"),
            ("capacity", "0"),
            ("website", "javascript:1"),
        ]);
        let answer = mayor.sends(NEW, NEW, &sent).await;
        assert_eq!(answer.status, 422);
        let text = answer.text();
        assert!(text.contains("La date ou l’heure de fin"), "{text}");
        assert!(text.contains("Salle du conseil"));
        let sent = fields(&[("title", ""), ("capacity", "0"), ("website", "javascript:1")]);
        let text = mayor.sends(NEW, NEW, &sent).await.text();
        for words in ["Donnez un titre", "Le nombre de places", "adresse web"] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(
            !town
                .stranger()
                .opens(&format!("{AGENDA}?vue=liste"))
                .await
                .text()
                .contains("Salle du conseil")
        );
    }
}

#[tokio::test]
async fn a_private_appointment_leaves_by_no_door() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = plan(
            &mut mayor,
            &[("title", "Entretien Dupont"), ("visibility", "private")],
        )
        .await;
        let id = id_of(&path).to_owned();
        assert!(mayor.opens(AGENDA).await.text().contains("Entretien Dupont"));
        assert_eq!(mayor.opens(&path).await.status, 200);
        let mut team = town.delegate("odile", Right::Agenda).await;
        assert!(
            team.opens(&format!("{AGENDA}?vue=liste"))
                .await
                .text()
                .contains("Entretien Dupont")
        );
        let mut news = town.delegate("nadia", Right::News).await;
        let mut citizen = town.citizen("alice").await;
        for who in [&mut town.stranger(), &mut citizen, &mut news] {
            for path in [
                AGENDA.to_owned(),
                format!("{AGENDA}?vue=semaine&date=2026-11-26"),
                format!("{AGENDA}?vue=liste"),
                "/eze-06/agenda.ics".to_owned(),
                "/eze-06/agenda.json".to_owned(),
                "/sitemaps/agenda.xml".to_owned(),
                "/eze-06".to_owned(),
                "/api/parvis/v1/communes/06059/events".to_owned(),
                "/api/v1/timelines/public".to_owned(),
            ] {
                let answer = who.opens(&path).await;
                assert!(!answer.text().contains("Entretien Dupont"), "{path}");
            }
            for path in [
                path.clone(),
                format!("{path}/agenda.ics"),
                format!("{path}/participants"),
                format!("{path}/modifier"),
                format!("/agenda/{id}"),
                format!("/api/parvis/v1/events/{id}"),
                format!("/api/v1/statuses/{id}"),
            ] {
                let status = who.opens(&path).await.status;
                assert!(matches!(status, 303 | 403 | 404), "{path}: {status}");
            }
            assert_eq!(who.reads(&format!("/ap/events/{id}")).await.status, 404);
            assert_eq!(who.reads(&format!("/ap/events/{id}/attendees")).await.status, 404);
            let joined = who
                .sends(FORM, &format!("{path}/participer"), &[("coming", "1")])
                .await;
            assert!(matches!(joined.status, 303 | 403 | 404), "{}", joined.status);
            assert!(!joined.location().contains(&id));
        }
        assert!(said(&town).await.iter().all(|one| !one.to_string().contains(&id)));
        assert_eq!(mayor.opens(&format!("{path}/agenda.ics")).await.status, 404);
        // Deleted, it was never there.
        let remove = format!("{path}/supprimer");
        assert_eq!(mayor.sends(&remove, &remove, &[]).await.status, 303);
        assert_eq!(citizen.opens(&path).await.status, 404);
        assert_eq!(citizen.reads(&format!("/ap/events/{id}")).await.status, 404);
    }
}

#[tokio::test]
async fn a_series_has_its_dates_over_the_change_of_clocks() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = plan(
            &mut mayor,
            &[
                ("title", "Permanence"),
                ("start_date", "2027-03-19"),
                ("start_time", "18:00"),
                ("end_time", "19:00"),
                ("repeat", "weekly"),
                ("until", "2027-04-09"),
            ],
        )
        .await;
        let api = "/api/parvis/v1/communes/06059/events?from=2027-03-01&to=2027-05-01";
        let items = town.stranger().opens(api).await.json();
        let of = |name: &str| -> Vec<String> {
            let items = items["items"].as_array().unwrap();
            items
                .iter()
                .map(|one| one[name].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(
            of("start"),
            [
                "2027-03-19T18:00:00",
                "2027-03-26T18:00:00",
                "2027-04-02T18:00:00",
                "2027-04-09T18:00:00"
            ]
        );
        assert_eq!(of("starts_at")[1], "2027-03-26T17:00:00.000Z");
        assert_eq!(of("starts_at")[2], "2027-04-02T16:00:00.000Z");
        assert!(
            town.stranger()
                .opens(&path)
                .await
                .text()
                .contains("Toutes les semaines, le vendredi, jusqu’au 9\u{a0}avril 2027")
        );
        // Other servers are told of the next date only, and of the following one when that is over.
        let creates = |all: Vec<Value>| -> Vec<String> {
            let creates = all.iter().filter(|one| one["type"] == "Create");
            creates
                .map(|one| one["object"]["startTime"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(creates(said(&town).await), ["2027-03-19T18:00:00+01:00"]);
        town.waits(Duration::from_secs(116 * 24 * 3600 + 12 * 3600)).await;
        assert_eq!(creates(said(&town).await).len(), 2);
        assert_eq!(creates(said(&town).await)[1], "2027-03-26T18:00:00+01:00");
        // What is over is in the archive.
        let past = town.stranger().opens("/eze-06/agenda/passes").await.text();
        assert!(past.contains("Permanence"), "{past}");
    }
}

#[tokio::test]
async fn one_date_of_a_series_is_moved_and_another_cancelled() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let first = plan(
            &mut mayor,
            &[
                ("title", "Marché"),
                ("start_date", "2026-12-05"),
                ("start_time", "08:00"),
                ("end_time", "12:00"),
                ("repeat", "weekly"),
                ("until", "2026-12-31"),
            ],
        )
        .await;
        let api = "/api/parvis/v1/communes/06059/events?from=2026-12-01&to=2027-02-01";
        let items = town.stranger().opens(api).await.json();
        let path = |n: usize| format!("{AGENDA}/{}", items["items"][n]["id"].as_str().unwrap());
        assert_eq!(items["items"].as_array().unwrap().len(), 4);
        assert_eq!(path(0), first);
        let cancel = format!("{}/annuler", path(1));
        let answer = mayor
            .sends(&cancel, &cancel, &[("which", "one"), ("reason", "Neige")])
            .await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let shift = format!("{}/deplacer", path(2));
        let to = [
            ("start_date", "2026-12-20"),
            ("start_time", "09:00"),
            ("end_date", "2026-12-20"),
            ("end_time", "13:00"),
        ];
        assert_eq!(mayor.sends(&shift, &shift, &to).await.status, 303);
        let page = town.stranger().opens(&path(1)).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("Annulé") && page.text().contains("Neige"));
        let list = town.stranger().opens(&format!("{AGENDA}?vue=liste")).await.text();
        assert!(list.contains("Annulé"));
        assert!(
            town.stranger()
                .opens(&path(2))
                .await
                .text()
                .contains("dimanche 20\u{a0}décembre")
        );
        let document = object(&town, &path(1)).await.json();
        assert_eq!(document["eventStatus"], "EventCancelled");
        assert_eq!(
            object(&town, &path(2)).await.json()["eventStatus"],
            "EventRescheduled"
        );
        assert_eq!(
            object(&town, &path(0)).await.json()["eventStatus"],
            "EventScheduled"
        );
        // Taken back.
        let restored = mayor.sends(&path(1), &format!("{}/retablir", path(1)), &[]).await;
        assert_eq!(restored.status, 303);
        assert_eq!(
            object(&town, &path(1)).await.json()["eventStatus"],
            "EventScheduled"
        );
        // A change of the whole series keeps the pages of its days.
        let edit = format!("{first}/modifier");
        let more = [
            ("title", "Marché de Noël"),
            ("start_date", "2026-12-05"),
            ("start_time", "10:00"),
            ("end_time", "12:00"),
            ("repeat", "weekly"),
            ("until", "2026-12-20"),
            ("seen", "0"),
        ];
        let mut sent = fields(&more);
        sent.retain(|(name, _)| *name != "seen");
        let answer = mayor.sends(&edit, &edit, &sent).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let items = town.stranger().opens(api).await.json();
        let starts: Vec<&str> = items["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["start"].as_str().unwrap())
            .collect();
        assert_eq!(
            starts,
            [
                "2026-12-05T10:00:00",
                "2026-12-12T10:00:00",
                "2026-12-19T10:00:00"
            ]
        );
        assert_eq!(town.stranger().opens(&path(0)).await.status, 200);
    }
}

#[tokio::test]
async fn a_cancelled_event_stays_and_a_deleted_one_is_gone() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        // Deleted without a word before it: who meant to come is told.
        let path = plan(&mut mayor, &[("title", "Bal des pompiers")]).await;
        let mut zoe = town.citizen("zoe").await;
        let come = [("coming", "1")];
        assert_eq!(
            zoe.sends(&path, &format!("{path}/participer"), &come)
                .await
                .status,
            303
        );
        let remove = format!("{path}/supprimer");
        assert_eq!(mayor.sends(&remove, &remove, &[]).await.status, 303);
        let told = zoe.opens("/notifications").await.text();
        assert!(
            told.contains("Bal des pompiers") && told.contains("est annulé"),
            "{told}"
        );

        let path = plan(&mut mayor, &[]).await;
        let uri = format!("https://parvis.test/ap/events/{}", id_of(&path));
        let cancel = format!("{path}/annuler");
        assert_eq!(
            mayor
                .sends(&cancel, &cancel, &[("reason", "reporté en janvier")])
                .await
                .status,
            303
        );
        let page = town.stranger().opens(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("reporté en janvier"));
        let updates = said_of(&town, "Update", &uri).await;
        assert_eq!(updates.len(), 1);
        assert_eq!(updates[0]["object"]["eventStatus"], "EventCancelled");
        assert_eq!(updates[0]["object"]["ical:status"], "CANCELLED");
        assert!(
            updates[0]["object"]["summary"]
                .as_str()
                .unwrap()
                .contains("ANNULÉ")
        );
        assert!(updates[0]["object"]["updated"].as_str() > updates[0]["object"]["published"].as_str());
        assert_eq!(said_of(&town, "Delete", &uri).await.len(), 0);
        // Cancelled twice is said, and changes nothing.
        assert_eq!(mayor.sends(&cancel, &cancel, &[]).await.status, 422);
        let remove = format!("{path}/supprimer");
        assert_eq!(mayor.sends(&remove, &remove, &[]).await.status, 303);
        assert_eq!(town.stranger().opens(&path).await.status, 410);
        assert_eq!(object(&town, &path).await.status, 410);
        let gone = said_of(&town, "Delete", &uri).await;
        assert_eq!(gone.len(), 1);
        assert_eq!(gone[0]["object"]["type"], "Tombstone");
        assert!(
            !town
                .stranger()
                .opens("/eze-06/agenda.ics")
                .await
                .text()
                .contains("Conseil")
        );
    }
}

#[tokio::test]
async fn those_who_come_are_reminded_told_of_changes_and_of_the_end() {
    for town in Town::everywhere().await {
        let mut alice = town.citizen("alice").await;
        let path = plan(&mut town.mayor().await, &[]).await;
        let come = alice
            .sends(&path, &format!("{path}/participer"), &[("coming", "1")])
            .await;
        assert_eq!(come.status, 303, "{}", come.text());
        assert!(alice.opens(&path).await.text().contains("Vous participez"));
        town.waits(Duration::from_secs(3600)).await;
        assert!(
            !alice
                .opens("/notifications")
                .await
                .text()
                .contains("C’est demain")
        );
        // The clock stood on Monday at half past eight; the council is on Thursday. On Wednesday at nine she is told.
        town.waits(Duration::from_secs(48 * 3600)).await;
        let mut alice = town.signed_in("alice").await;
        let mut mayor = town.signed_in("camille").await;
        assert!(
            alice
                .opens("/notifications")
                .await
                .text()
                .contains("C’est demain")
        );
        town.waits(Duration::from_secs(3600)).await;
        assert_eq!(
            alice
                .opens("/notifications")
                .await
                .text()
                .matches("C’est demain")
                .count(),
            1
        );
        let edit = format!("{path}/modifier");
        let answer = mayor
            .sends(&edit, &edit, &fields(&[("start_time", "19:00")]))
            .await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(alice.opens("/notifications").await.text().contains("a changé"));
        let cancel = format!("{path}/annuler");
        assert_eq!(mayor.sends(&cancel, &cancel, &[]).await.status, 303);
        assert!(alice.opens("/notifications").await.text().contains("est annulé"));
        // Nobody comes to what is cancelled.
        let mut bob = town.citizen("bob").await;
        assert_eq!(
            bob.sends(&path, &format!("{path}/participer"), &[("coming", "1")])
                .await
                .status,
            422
        );
    }
}

#[tokio::test]
async fn the_town_hall_sees_who_comes_and_nobody_else_does() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut alice = town.citizen("alice").await;
        let path = plan(&mut mayor, &[("capacity", "3")]).await;
        alice
            .sends(&path, &format!("{path}/participer"), &[("coming", "1")])
            .await;
        let list = mayor.opens(&format!("{path}/participants")).await.text();
        assert!(list.contains("Alice"), "{list}");
        assert_eq!(alice.opens(&format!("{path}/participants")).await.status, 403);
        for answer in [
            town.stranger().opens(&path).await,
            object(&town, &path).await,
            town.stranger()
                .reads(&format!("/ap/events/{}/attendees", id_of(&path)))
                .await,
            town.stranger()
                .opens(&format!("/api/parvis/v1/events/{}", id_of(&path)))
                .await,
        ] {
            assert_eq!(answer.status, 200);
            assert!(
                !answer.text().to_lowercase().contains("alice"),
                "{}",
                answer.text()
            );
        }
        let document = object(&town, &path).await.json();
        assert_eq!(document["participantCount"], 1);
        assert_eq!(document["remainingAttendeeCapacity"], 2);
        assert_eq!(document["attendees"]["totalItems"], 1);
        assert!(
            said(&town)
                .await
                .iter()
                .all(|one| !one.to_string().to_lowercase().contains("alice"))
        );
    }
}

#[tokio::test]
async fn a_delegate_keeps_the_agenda_and_others_do_not() {
    for town in Town::everywhere().await {
        let mut odile = town.delegate("odile", Right::Agenda).await;
        let path = plan(&mut odile, &[]).await;
        let mut news = town.delegate("nadia", Right::News).await;
        let mut citizen = town.citizen("alice").await;
        let mut neighbour = town.neighbour("bruno", "06088").await;
        for who in [&mut news, &mut citizen, &mut neighbour] {
            for verb in ["modifier", "annuler", "deplacer", "supprimer", "participants"] {
                assert_eq!(who.opens(&format!("{path}/{verb}")).await.status, 403, "{verb}");
            }
            assert_eq!(who.opens(NEW).await.status, 403);
            assert_eq!(who.sends(FORM, NEW, &fields(&[])).await.status, 403);
            for (verb, sent) in [
                ("annuler", [("which", "all")]),
                ("supprimer", [("x", "y")]),
                ("retablir", [("x", "y")]),
            ] {
                assert_eq!(
                    who.sends(FORM, &format!("{path}/{verb}"), &sent).await.status,
                    403,
                    "{verb}"
                );
            }
        }
        assert_eq!(town.stranger().opens(&path).await.status, 200);
        assert_eq!(town.stranger().opens(NEW).await.status, 303);
    }
}

#[tokio::test]
async fn programs_plan_read_join_and_cancel() {
    use crate::api::{Program, good};
    for town in Town::everywhere().await {
        let _mayor = town.mayor().await;
        let _alice = town.citizen("alice").await;
        let office = Program::of(&town, "camille", true).await;
        let alice = Program::of(&town, "alice", false).await;
        let event = json!({ "title": "Fête du port", "start": "2027-06-26T18:30", "end": "2027-06-26T23:00",
            "capacity": 1, "place": { "name": "Le port" }, "description": "Venez." });
        let path = "/api/parvis/v1/communes/06059/events";
        let made = office.post(path, &event).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let id = made.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(alice.post(path, &event).await.status, 403);
        assert_eq!(Program::of_nobody(&town).post(path, &event).await.status, 401);
        for bad in [
            json!({ "title": "x" }),
            json!([]),
            json!({ "title": "x", "start": "2027-06-26T18:30", "nonsense": 1 }),
        ] {
            assert_eq!(office.post(path, &bad).await.status, 400, "{bad}");
        }
        for bad in [
            json!({ "title": "x", "start": "demain" }),
            json!({ "title": "", "start": "2027-06-26T18:30" }),
            json!({ "title": "x", "start": "2027-06-26T18:30", "rrule": "FREQ=SECONDLY" }),
            json!({ "title": "x", "start": "2027-06-26T18:30", "capacity": -1 }),
            json!({ "title": "x", "start": "2027-06-26T18:30", "category": "nonsense" }),
        ] {
            assert_eq!(office.post(path, &bad).await.status, 422, "{bad}");
        }
        let one = format!("/api/parvis/v1/events/{id}");
        let joined = alice.post(&format!("{one}/join"), &json!({})).await;
        assert_eq!(good(&joined)["state"], "accepted");
        assert_eq!(alice.read(&one).await["mine"], "accepted");
        assert_eq!(alice.read(&one).await["seats_left"], 0);
        assert_eq!(office.post(&format!("{one}/join"), &json!({})).await.status, 403);
        // In a phone app it reads as a status.
        let status = alice.read(&format!("/api/v1/statuses/{id}")).await;
        assert!(
            status["content"].as_str().unwrap().contains("Fête du port"),
            "{status}"
        );
        assert!(status["content"].as_str().unwrap().contains("samedi 26"));
        let office_id = status["account"]["id"].as_str().unwrap().to_owned();
        let all = alice
            .read(&format!("/api/v1/accounts/{office_id}/statuses"))
            .await;
        assert_eq!(all[0]["id"], status["id"], "{all}");
        let cancelled = office
            .post(&format!("{one}/cancel"), &json!({ "reason": "Mistral" }))
            .await;
        assert_eq!(good(&cancelled)["status"], "cancelled");
        assert_eq!(
            alice.post(&format!("{one}/leave"), &json!({})).await.json()["left"],
            true
        );
        for bad in [
            "?from=x",
            "?from=2027-01-02&to=2027-01-01",
            "?from=2027-01-01&to=2029-01-01",
            "?from=9999-12-31",
        ] {
            assert_eq!(alice.get(&format!("{path}{bad}")).await.status, 400, "{bad}");
        }
    }
}
