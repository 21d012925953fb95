//! Everybody tries every door of the private messages: the table of docs/develop/access-messages.md.

use account::actions::{people, roles};
use account::{Right, Role};
use platform::on_db;
use testkit::{Town, Visitor};

use crate::api::{Program, id};
use crate::messages::{answers, requests, service, writes};

/// In what part somebody stands to the letter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Stranger,
    Writer,
    Reader,
    Mayor,
    Else,
}

struct Who {
    name: &'static str,
    part: Part,
    visitor: Visitor,
    program: Program,
}

async fn everybody(town: &Town, mayor: Visitor, zoe: Visitor, anna: Visitor) -> Vec<Who> {
    let revoked = town.delegate("remi", Right::Messages).await;
    let account = people::by_handle(town.ctx(), "remi").await.unwrap().unwrap();
    let code = "06059".parse().unwrap();
    roles::take(town.ctx(), None, account.id, Role::Delegate, Some(code))
        .await
        .unwrap();
    let mut follower = town.citizen("flora").await;
    follower
        .sends("/eze-06", "/eze-06/suivre", &[("follow", "1")])
        .await;
    let people = vec![
        ("writer", Part::Writer, zoe, "zoe"),
        ("reader", Part::Reader, anna, "anna"),
        ("mayor", Part::Mayor, mayor, "camille"),
        ("citizen", Part::Else, town.citizen("alice").await, "alice"),
        (
            "neighbour",
            Part::Else,
            town.neighbour("bruno", "06088").await,
            "bruno",
        ),
        ("follower", Part::Else, follower, "flora"),
        (
            "delegate of news",
            Part::Else,
            town.delegate("nadia", Right::News).await,
            "nadia",
        ),
        (
            "delegate of no service",
            Part::Else,
            town.delegate("dora", Right::Messages).await,
            "dora",
        ),
        ("revoked delegate", Part::Else, revoked, "remi"),
        (
            "moderator",
            Part::Else,
            town.moderator("modeste").await,
            "modeste",
        ),
        ("operator", Part::Else, town.operator("oscar").await, "oscar"),
    ];
    let mut all = vec![Who {
        name: "stranger",
        part: Part::Stranger,
        visitor: town.stranger(),
        program: Program::of_nobody(town),
    }];
    for (name, part, visitor, handle) in people {
        let program = Program::of(town, handle, false).await;
        all.push(Who {
            name,
            part,
            visitor,
            program,
        });
    }
    all
}

#[tokio::test]
async fn everybody_tries_every_door_of_the_messages() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let anna = town.delegate("anna", Right::Messages).await;
        let mut zoe = town.citizen("zoe").await;
        let civil = service(&town, &mut mayor, "État civil", &["anna"]).await;
        let talk = writes(&mut zoe, &civil, "Un mot : ornithorynque.").await;
        let formal = requests(&mut zoe, "Une demande d’ornithorynque.").await;
        answers(
            &mut mayor,
            &talk,
            &[("text", "Note : kangourou"), ("action", "note")],
        )
        .await;
        let message: i64 = on_db!(&town.ctx().db, c => sqlx::query_scalar(
            "SELECT MIN(id) FROM messages_message").fetch_one(c).await)
        .unwrap();
        for mut who in everybody(&town, mayor.clone(), zoe.clone(), anna.clone()).await {
            let (name, part) = (who.name, who.part);
            let expected = |reads: bool| match part {
                Part::Stranger => 303,
                _ if reads => 200,
                _ => 404,
            };
            let own = part == Part::Writer;
            let reads_talk = own || matches!(part, Part::Reader | Part::Mayor);
            let reads_formal = own || part == Part::Mayor;
            for (path, status) in [
                (talk.clone(), expected(reads_talk)),
                (formal.clone(), expected(reads_formal)),
                (format!("{formal}/recepisse.pdf"), expected(reads_formal)),
                (format!("{formal}/dossier.pdf"), expected(reads_formal)),
                (format!("{talk}/dossier.pdf"), expected(false)),
                (format!("{formal}/accuse"), expected(part == Part::Mayor)),
                (format!("{talk}/pieces/1"), expected(false)),
                (format!("{talk}/reponses/{message}"), expected(false)),
                (talk.replace("eze-06", "nice-06"), expected(false)),
                ("/eze-06/messages/1".to_owned(), expected(false)),
                (
                    "/eze-06/messages/reglages".to_owned(),
                    expected(part == Part::Mayor),
                ),
            ] {
                let answer = who.visitor.opens(&path).await;
                assert_eq!(answer.status, status, "{name} {path}");
                if status != 200 {
                    assert!(!answer.text().contains("ornithorynque"), "{name} {path}");
                }
            }
            let page = who.visitor.opens(&talk).await.text();
            assert_eq!(
                page.contains("kangourou"),
                matches!(part, Part::Reader | Part::Mayor),
                "{name}"
            );
            for query in [
                "",
                "?boite=mairie",
                "?boite=moi",
                "?q=ornithorynque",
                "?boite=mairie&q=kangourou",
            ] {
                let list = who
                    .visitor
                    .opens(&format!("/eze-06/messages{query}"))
                    .await
                    .text();
                let sees = list.contains("Lampadaire cassé");
                let may = match query {
                    "?boite=moi" => own,
                    "?boite=mairie&q=kangourou" => matches!(part, Part::Reader | Part::Mayor),
                    _ => reads_talk,
                };
                assert_eq!(sees, may, "{name} {query}");
            }
            for deed in ["repondre", "confier", "clore", "retirer"] {
                if part == Part::Else {
                    let form = "/eze-06/messages/nouveau";
                    let answer = who
                        .visitor
                        .sends(form, &format!("{talk}/{deed}"), &[("text", "x")])
                        .await;
                    assert_eq!(answer.status, 404, "{name} {deed}");
                }
            }
            // Programs with a token of their own see their own letters only, whatever office their bearer holds.
            let status = who
                .program
                .get(&format!("/api/v1/statuses/{message}"))
                .await
                .status;
            assert_eq!(status, if own { 200 } else { 404 }, "{name}");
            let talks = who.program.get("/api/v1/conversations").await;
            if part == Part::Stranger {
                assert_eq!(talks.status, 401);
            } else {
                assert_eq!(talks.text().contains("ornithorynque"), own, "{name}");
            }
            let number = formal.rsplit('/').next().unwrap();
            let request = who
                .program
                .get(&format!("/api/parvis/v1/requests/{number}"))
                .await;
            let wanted = match part {
                Part::Stranger => 401,
                Part::Writer => 200,
                _ => 404,
            };
            assert_eq!(request.status, wanted, "{name}");
            for object in [message.to_string(), talk.rsplit('/').next().unwrap().to_owned()] {
                for tail in ["", "/replies", "/likes", "/context"] {
                    let path = format!("/ap/messages/{object}{tail}");
                    assert_eq!(who.visitor.reads(&path).await.status, 404, "{name} {path}");
                }
            }
        }
        // The token of the office reads what the office reads.
        let office = Program::of(&town, "camille", true).await;
        let talks = office.read("/api/v1/conversations").await;
        assert_eq!(talks.as_array().unwrap().len(), 2);
        assert!(!talks.to_string().contains("kangourou"));
        assert!(!id(&talks[0]).is_empty());
        for handle in ["dora", "nadia"] {
            let program = Program::of(&town, handle, true).await;
            let got = program.get("/api/v1/conversations").await.text();
            assert!(!got.contains("ornithorynque"), "{handle}: {got}");
        }
    }
}
