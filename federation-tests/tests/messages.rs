//! Private messages: what is said, who reads it, and everywhere it must not be.

use std::time::Duration;

use account::actions::{people, roles};
use account::{Right, Role};
use axum::http::Method;
use federation::{Actor, Verdict, actors};
use platform::{on_db, on_tx};
use serde_json::{Value, json};
use testkit::{Answer, Town, Visitor};

use crate::api::{Program, good, id};
use crate::discussion::{guest, post, takes};

const HOME: &str = "/eze-06/messages";
const WRITE: &str = "/eze-06/messages/nouveau";
const REQUEST: &str = "/eze-06/messages/demande";
/// A word that stands in no page and no other test.
const SECRET: &str = "hippopotame";

/// Writes a letter; gives the path of its thread.
pub(crate) async fn writes(who: &mut Visitor, service: &str, text: &str) -> String {
    let fields = [
        ("service", service),
        ("subject", "Lampadaire cassé"),
        ("text", text),
    ];
    let answer = who.sends(WRITE, WRITE, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location()
}

/// Makes a formal request; gives the path of its thread.
pub(crate) async fn requests(who: &mut Visitor, text: &str) -> String {
    let fields = [
        ("service", "0"),
        ("name", "Zoé Exemple"),
        ("address", "12 rue du Barri\n06360 Èze"),
        ("subject", "Occuper la place"),
        ("text", text),
    ];
    let answer = who.sends(REQUEST, REQUEST, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location()
}

pub(crate) async fn answers(who: &mut Visitor, thread: &str, fields: &[(&str, &str)]) -> Answer {
    who.sends(thread, &format!("{thread}/repondre"), fields).await
}

async fn account(town: &Town, handle: &str) -> account::Account {
    people::by_handle(town.ctx(), handle).await.unwrap().unwrap()
}

/// Every text of the database, and the bytes of its file: nothing sealed may stand there.
async fn everything(town: &Town) -> String {
    let mut all = String::new();
    for query in [
        "SELECT COALESCE(excerpt, '') || page FROM notification",
        "SELECT body FROM federation_activity",
        "SELECT COALESCE(body, '') FROM federation_received",
        "SELECT payload FROM task",
        "SELECT subject || body_text || body_html || headers_json FROM mail",
        "SELECT detail || name FROM messages_log",
        "SELECT byline FROM messages_message",
    ] {
        let rows: Result<Vec<String>, _> =
            on_db!(&town.ctx().db, c => sqlx::query_scalar(query).fetch_all(c).await);
        all.extend(rows.unwrap_or_default());
    }
    for entry in std::fs::read_dir(&town.folder.0).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            all.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
        }
    }
    for mail in town.ctx().mailer.sent() {
        all.push_str(&format!("{} {} {}", mail.subject, mail.text, mail.html));
    }
    all
}

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

/// The messages of a thread's page, without the list beside it.
fn talk(page: &str) -> String {
    page.split("Messages échangés")
        .nth(1)
        .unwrap_or_default()
        .to_owned()
}

/// Gives the mayor's settings one more service read by these accounts; gives its id.
pub(crate) async fn service(town: &Town, mayor: &mut Visitor, name: &str, agents: &[&str]) -> String {
    let mut ids = Vec::new();
    for agent in agents {
        ids.push(account(town, agent).await.id.to_string());
    }
    let mut fields = vec![("action", "new"), ("name", name), ("description", "Pour essayer")];
    fields.extend(ids.iter().map(|id| ("agents", id.as_str())));
    let settings = "/eze-06/messages/reglages";
    let answer = mayor.sends(settings, settings, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let id: i64 = on_db!(&town.ctx().db, c => sqlx::query_scalar(
        "SELECT id FROM messages_service WHERE name = $1").bind(name).fetch_one(c).await)
    .unwrap();
    id.to_string()
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

/// Sends a form with one file.
async fn uploads(
    who: &mut Visitor,
    form: &str,
    action: &str,
    fields: &[(&str, &str)],
    file: (&str, &[u8]),
) -> Answer {
    let page = who.opens(form).await.text();
    let token = page
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let mut body = Vec::new();
    for (name, value) in fields.iter().chain(&[("csrf", token.as_str())]) {
        body.extend(
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    body.extend(
        format!(
            "--x\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{}\"\r\n\r\n",
            file.0
        )
        .bytes(),
    );
    body.extend_from_slice(file.1);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let headers = [
        ("content-type", "multipart/form-data; boundary=x"),
        ("accept", "text/html"),
    ];
    who.asks(Method::POST, action, &headers, body).await
}

#[tokio::test]
async fn a_file_is_sealed_and_given_to_the_parties_alone() {
    const PNG: &[u8] = include_bytes!("../../templates/static/icon-180.png");
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        let mut paul = town.citizen("paul").await;
        let fields = [("service", "0"), ("subject", "Plan"), ("text", "Voici")];
        let bad = uploads(
            &mut zoe,
            WRITE,
            WRITE,
            &fields,
            ("plan.png", b"<script>alert(1)</script>"),
        )
        .await;
        assert_eq!(bad.status, 422);
        assert!(bad.text().contains("Voici"), "what was typed is kept");
        let sent = uploads(&mut zoe, WRITE, WRITE, &fields, ("plan de la place.png", PNG)).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let thread = sent.location();
        let page = mayor.opens(&thread).await.text();
        let href = page
            .split("class=\"piece\" href=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        for who in [&mut zoe, &mut mayor] {
            let got = who.opens(&href).await;
            assert_eq!(got.status, 200);
            assert!(got.body.starts_with(b"\x89PNG") || got.body.starts_with(b"RIFF"));
            assert!(got.header("content-security-policy").contains("sandbox"));
            assert!(got.header("content-disposition").starts_with("attachment"));
            assert_eq!(got.header("x-content-type-options"), "nosniff");
            assert!(got.header("cache-control").contains("no-store"));
            assert!(!got.headers.contains_key("access-control-allow-origin"));
        }
        assert_eq!(paul.opens(&href).await.status, 404);
        assert_eq!(town.stranger().opens(&href).await.status, 303);
        let own = writes(&mut paul, "0", "x").await;
        let piece = href.rsplit('/').next().unwrap();
        assert_eq!(paul.opens(&format!("{own}/pieces/{piece}")).await.status, 404);
        let media: i64 =
            on_db!(&town.ctx().db, c => sqlx::query_scalar("SELECT COUNT(*) FROM media").fetch_one(c).await)
                .unwrap();
        assert_eq!(media, 0, "it lies nowhere an address leads to");
        let content: Vec<u8> = on_db!(&town.ctx().db, c => sqlx::query_scalar("SELECT content FROM messages_attachment").fetch_one(c).await).unwrap();
        assert!(!content.windows(4).any(|four| four == b"IHDR" || four == b"WEBP"));
        assert!(!everything(&town).await.contains("plan de la place"));
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

fn letter(who: &Actor, n: u32, to: &[&str], more: Value) -> Value {
    let mut note = json!({
        "id": format!("{}/notes/{n}", who.uri), "type": "Note", "attributedTo": who.uri,
        "to": to, "cc": [], "content": format!("<p>Bonjour, un {SECRET} n° {n}<script>x</script></p>"),
        "published": "2026-11-23T07:00:00Z",
    });
    for (name, value) in more.as_object().unwrap() {
        note[name] = value.clone();
    }
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/notes/{n}/create", who.uri),
        "type": "Create", "actor": who.uri, "to": to, "object": note,
    })
}

async fn office(town: &Town) -> Actor {
    actors::by_handle(town.ctx(), "maire-eze", None)
        .await
        .unwrap()
        .unwrap()
}

/// What was said since, newest first: type, whole body, inboxes.
async fn said(town: &Town) -> Vec<(String, Value, Vec<String>)> {
    let rows: Vec<(i64, String, String)> = on_db!(&town.ctx().db, c => sqlx::query_as(
        "SELECT id, kind, body FROM federation_activity ORDER BY id DESC").fetch_all(c).await)
    .unwrap();
    let mut all = Vec::new();
    for (id, kind, body) in rows {
        let inboxes: Vec<String> = on_db!(&town.ctx().db, c => sqlx::query_scalar(
            "SELECT inbox FROM federation_delivery WHERE activity_id = $1 ORDER BY inbox").bind(id).fetch_all(c).await)
        .unwrap();
        all.push((kind, serde_json::from_str(&body).unwrap(), inboxes));
    }
    all
}

async fn threads(town: &Town) -> i64 {
    on_db!(&town.ctx().db, c => sqlx::query_scalar("SELECT COUNT(*) FROM messages_thread").fetch_one(c).await)
        .unwrap()
}

async fn comments(town: &Town) -> i64 {
    on_db!(&town.ctx().db, c => sqlx::query_scalar("SELECT COUNT(*) FROM discussion_comment").fetch_one(c).await).unwrap()
}

#[tokio::test]
async fn somebody_of_another_server_writes_and_is_answered_and_nobody_else() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let (ada, eve) = (guest(&town, "ada").await, guest(&town, "eve").await);
        let office = office(&town).await;
        let mention = json!({ "tag": [{ "type": "Mention", "href": office.uri, "name": "@maire-eze" }],
            "conversation": "tag:social.example,2026:1" });
        assert_eq!(
            takes(&town, &ada, letter(&ada, 1, &[&office.uri, &eve.uri], mention)).await,
            Verdict::Done
        );
        let list = mayor.opens(HOME).await.text();
        assert!(list.contains("@ada@social.example"), "{list}");
        let thread = list
            .split("class=\"rangee\" href=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let page = mayor.opens(&thread).await.text();
        assert!(page.contains(SECRET) && !page.contains("<script>x"), "{page}");
        assert!(
            page.contains("Message venu d’un autre serveur,")
                && page.contains("lisible par ses administrateurs")
        );
        assert!(
            page.contains("<li>@eve@social.example</li>"),
            "who else reads it is said"
        );
        let stored: String = on_db!(&town.ctx().db, c => sqlx::query_scalar(
            "SELECT CAST(COUNT(*) AS TEXT) FROM messages_message WHERE html").fetch_one(c).await)
        .unwrap();
        assert_eq!(stored, "1");

        // Naming somebody in the answer brings nobody in.
        guest(&town, "mallory").await;
        let answer = answers(
            &mut mayor,
            &thread,
            &[("text", "Merci. @mallory@social.example regarde ? #secret")],
        )
        .await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let (kind, body, inboxes) = said(&town).await.remove(0);
        assert_eq!(kind, "Create");
        let note = &body["object"];
        let mut to: Vec<&str> = note["to"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_str().unwrap())
            .collect();
        to.sort_unstable();
        assert_eq!(to, [ada.uri.as_str(), eve.uri.as_str()]);
        assert_eq!(body["to"], note["to"]);
        assert_eq!((&note["cc"], &body["cc"]), (&json!([]), &json!([])));
        assert_eq!(note["directMessage"], true);
        assert_eq!(note["inReplyTo"], format!("{}/notes/1", ada.uri));
        assert_eq!(note["conversation"], "tag:social.example,2026:1");
        let mut tags: Vec<&str> = note["tag"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tag| tag["href"].as_str().unwrap())
            .collect();
        tags.sort_unstable();
        assert_eq!(tags, [ada.uri.as_str(), eve.uri.as_str()]);
        assert_eq!(
            inboxes,
            [format!("{}/inbox", ada.uri), format!("{}/inbox", eve.uri)],
            "personal inboxes only"
        );
        assert!(body.get("proof").is_none());

        // It is nowhere to be had without a signature, nor in any list.
        let uri = note["id"].as_str().unwrap().replace("https://parvis.test", "");
        let mut stranger = town.stranger();
        for path in [
            uri.as_str(),
            &format!("{uri}/replies"),
            &format!("{uri}/likes"),
            &format!("{uri}/context"),
        ] {
            let got = stranger.reads(path).await;
            let missing = stranger.reads("/ap/messages/1").await;
            assert_eq!(
                (got.status, got.text().len()),
                (404, missing.text().len()),
                "{path}"
            );
            assert!(mayor.opens(path).await.status >= 300);
        }
        let activity = body["id"].as_str().unwrap().replace("https://parvis.test", "");
        assert_eq!(stranger.reads(&activity).await.status, 404);
        let outbox = office.uri.replace("https://parvis.test", "") + "/outbox";
        for path in [outbox.clone(), outbox + "?page=true"] {
            assert!(!stranger.reads(&path).await.text().contains("Merci"), "{path}");
        }

        // An answer of theirs comes back into the thread, from whomever was in it.
        let reply = json!({ "inReplyTo": note["id"], "tag": [{ "type": "Mention", "href": office.uri }] });
        assert_eq!(
            takes(
                &town,
                &eve,
                letter(&eve, 2, &[&office.uri, &ada.uri], reply.clone())
            )
            .await,
            Verdict::Done
        );
        assert_eq!(threads(&town).await, 1);
        // Who was not in it begins a thread of his own, though he knows the address.
        let mallory = actors::by_handle(town.ctx(), "mallory", Some("social.example"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            takes(
                &town,
                &mallory,
                letter(&mallory, 3, &[&office.uri], reply.clone())
            )
            .await,
            Verdict::Done
        );
        assert_eq!(threads(&town).await, 2);
        assert!(!talk(&mayor.opens(&thread).await.text()).contains("n° 3"));

        // Their edits and deletions follow; nobody else's.
        let edit = |who: &Actor, of: &Actor| {
            json!({ "id": format!("{}/u", who.uri), "type": "Update", "actor": who.uri,
            "object": { "id": format!("{}/notes/1", of.uri), "type": "Note", "attributedTo": who.uri, "to": [office.uri],
                        "content": "<p>Corrigé</p>", "updated": "2026-11-23T07:20:00Z" } })
        };
        assert!(matches!(
            takes(&town, &mallory, edit(&mallory, &ada)).await,
            Verdict::Reject(_)
        ));
        assert_eq!(takes(&town, &ada, edit(&ada, &ada)).await, Verdict::Done);
        let page = mayor.opens(&thread).await.text();
        assert!(
            talk(&page).contains("Corrigé") && !talk(&page).contains("n° 1<"),
            "{page}"
        );
        answers(&mut mayor, &thread, &[("text", "Encore")]).await;
        let to = said(&town).await.remove(0).1["to"].clone();
        assert!(
            to.as_array().unwrap().contains(&json!(ada.uri)),
            "an edit takes nobody out: {to}"
        );
        let gone = |who: &Actor| {
            json!({ "id": format!("{}/d", who.uri), "type": "Delete", "actor": who.uri,
            "object": { "id": format!("{}/notes/1", ada.uri), "type": "Tombstone" } })
        };
        assert!(matches!(
            takes(&town, &mallory, gone(&mallory)).await,
            Verdict::Reject(_)
        ));
        assert_eq!(takes(&town, &ada, gone(&ada)).await, Verdict::Done);
        assert!(!talk(&mayor.opens(&thread).await.text()).contains("Corrigé"));
        assert_ne!(
            takes(&town, &ada, letter(&ada, 1, &[&office.uri], json!({}))).await,
            Verdict::Done,
            "it is buried"
        );

        // Ours: changed and taken back, for the same people.
        let page = mayor.opens(&thread).await.text();
        let change = page
            .split("/reponses/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let change = format!("{thread}/reponses/{change}");
        assert_eq!(
            mayor
                .sends(&change, &change, &[("text", "Mieux dit"), ("action", "save")])
                .await
                .status,
            303
        );
        let (kind, body, inboxes) = said(&town).await.remove(0);
        assert_eq!((kind.as_str(), inboxes.len()), ("Update", 2));
        assert!(
            body["object"]["updated"].is_string()
                && body["object"]["content"].as_str().unwrap().contains("Mieux dit")
        );
        assert_eq!(
            mayor
                .sends(&change, &change, &[("action", "remove")])
                .await
                .status,
            303
        );
        let (kind, body, inboxes) = said(&town).await.remove(0);
        assert_eq!((kind.as_str(), inboxes.len()), ("Delete", 2));
        assert!(!body.to_string().contains("Public"));
        let with_file = uploads(
            &mut mayor,
            &thread,
            &format!("{thread}/repondre"),
            &[("text", "x")],
            ("a.png", include_bytes!("../../templates/static/icon-180.png")),
        )
        .await;
        assert_eq!(with_file.status, 422, "files do not leave");
        assert_eq!(comments(&town).await, 0);
    }
}

#[tokio::test]
async fn what_is_private_never_becomes_a_comment_nor_the_reverse() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let ada = guest(&town, "ada").await;
        let office = office(&town).await;
        let path = post(&mut mayor).await;
        let uri = format!(
            "https://parvis.test/ap/posts/{}",
            path.rsplit('/').next().unwrap()
        );
        // A private answer to a public post.
        let private = json!({ "inReplyTo": uri, "context": format!("{uri}/context") });
        assert_eq!(
            takes(&town, &ada, letter(&ada, 1, &[&office.uri], private)).await,
            Verdict::Done
        );
        assert_eq!((threads(&town).await, comments(&town).await), (1, 0));
        assert!(!town.stranger().opens(&path).await.text().contains(SECRET));
        // A public answer to the private answer of the town hall: in the thread, and nowhere else.
        let list = mayor.opens(HOME).await.text();
        let thread = list
            .split("class=\"rangee\" href=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        answers(&mut mayor, &thread, &[("text", "Je vous réponds")]).await;
        let ours = said(&town).await.remove(0).1["object"]["id"].clone();
        let public = "https://www.w3.org/ns/activitystreams#Public";
        let open = json!({ "inReplyTo": ours, "cc": [office.uri] });
        assert_eq!(
            takes(&town, &ada, letter(&ada, 2, &[public, &office.uri], open)).await,
            Verdict::Done
        );
        assert_eq!((threads(&town).await, comments(&town).await), (1, 0));
        let page = mayor.opens(&thread).await.text();
        assert!(page.contains("Publié à la vue de tous sur son serveur"), "{page}");
        answers(&mut mayor, &thread, &[("text", "Toujours en privé")]).await;
        let body = said(&town).await.remove(0).1;
        assert_eq!(body["to"], json!([ada.uri]), "the answer stays private: {body}");
        // A vote and a letter to a citizen are no letters to the town hall.
        let vote = json!({ "name": "Oui", "content": null, "inReplyTo": uri });
        assert_ne!(
            takes(&town, &ada, letter(&ada, 3, &[&office.uri], vote)).await,
            Verdict::Done
        );
        town.citizen("zoe").await;
        let zoe = actors::by_handle(town.ctx(), "zoe", None).await.unwrap().unwrap();
        assert_ne!(
            takes(&town, &ada, letter(&ada, 4, &[&zoe.uri], json!({}))).await,
            Verdict::Done
        );
        assert_eq!(threads(&town).await, 1);
        // Somebody else's name, another server's id.
        let eve = guest(&town, "eve").await;
        assert!(matches!(
            takes(&town, &eve, letter(&ada, 5, &[&office.uri], json!({}))).await,
            Verdict::Reject(_)
        ));
    }
}

#[tokio::test]
async fn lemmy_and_chat_messages_hang_together_by_their_people() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let (ada, eve) = (guest(&town, "ada").await, guest(&town, "eve").await);
        let office = office(&town).await;
        for n in 1..=2 {
            assert_eq!(
                takes(&town, &ada, letter(&ada, n, &[&office.uri], json!({}))).await,
                Verdict::Done
            );
        }
        assert_eq!(threads(&town).await, 1, "one line between two people");
        let chat = json!({ "type": "ChatMessage" });
        assert_eq!(
            takes(&town, &ada, letter(&ada, 3, &[&office.uri], chat)).await,
            Verdict::Done
        );
        assert_eq!(threads(&town).await, 1);
        assert_eq!(
            takes(&town, &ada, letter(&ada, 4, &[&office.uri, &eve.uri], json!({}))).await,
            Verdict::Done
        );
        assert_eq!(threads(&town).await, 2, "other readers, another thread");
        let page = mayor.opens(HOME).await.text();
        assert!(page.contains("@ada@social.example"));
        // A flood is stopped.
        let mut last = Verdict::Done;
        for n in 10..70 {
            last = takes(&town, &ada, letter(&ada, n, &[&office.uri], json!({}))).await;
        }
        assert!(matches!(last, Verdict::Reject(_)), "{last:?}");
    }
}

#[tokio::test]
async fn a_program_holds_conversations_with_the_right_scopes() {
    for town in Town::everywhere().await {
        town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        town.citizen("paul").await;
        let (hers, his, mairie) = (
            Program::of(&town, "zoe", false).await,
            Program::of(&town, "paul", false).await,
            Program::of(&town, "camille", true).await,
        );
        for (text, status) in [
            ("Bonjour", 422),
            ("@inconnu bonjour", 422),
            ("@maire@ailleurs.example bonjour", 422),
            ("@maire-eze", 422),
        ] {
            let answer = hers
                .post(
                    "/api/v1/statuses",
                    &json!({ "status": text, "visibility": "direct" }),
                )
                .await;
            assert_eq!(answer.status, status, "{text}: {}", answer.text());
        }
        let first = good(
            &hers
                .post(
                    "/api/v1/statuses",
                    &json!({ "status": format!("@maire-eze Un {SECRET}."), "visibility": "direct" }),
                )
                .await,
        );
        assert_eq!(first["visibility"], "direct");
        assert!(!first["content"].as_str().unwrap().contains("maire-eze"));
        let talks = mairie.read("/api/v1/conversations").await;
        assert_eq!(talks.as_array().unwrap().len(), 1, "{talks}");
        assert_eq!(talks[0]["unread"], true);
        assert_eq!(talks[0]["accounts"][0]["username"], "zoe");
        let path = format!("/api/v1/conversations/{}/read", talks[0]["id"].as_str().unwrap());
        assert_eq!(mairie.does(&path).await["unread"], false);
        // Whatever visibility the program says, the answer is private.
        let answer = json!({ "status": "@zoe C’est noté", "in_reply_to_id": talks[0]["last_status"]["id"], "visibility": "public" });
        let second = good(&mairie.post("/api/v1/statuses", &answer).await);
        assert_eq!(second["visibility"], "direct");
        assert_eq!(second["in_reply_to_id"], first["id"]);
        assert_eq!(second["account"]["username"], "maire-eze");
        let talks = hers.read("/api/v1/conversations").await;
        assert_eq!(
            (talks[0]["unread"].as_bool(), &talks[0]["last_status"]["id"]),
            (Some(true), &second["id"])
        );
        let around = hers
            .read(&format!("/api/v1/statuses/{}/context", id(&second)))
            .await;
        assert_eq!(around["ancestors"][0]["id"], first["id"]);
        assert!(zoe.opens(HOME).await.text().contains("noté"));

        // To anybody else there is nothing, in no list and by no door.
        let narrow = narrowed(&town, "zoe", "read:statuses write:statuses").await;
        let one = format!("/api/v1/statuses/{}", id(&first));
        for program in [&his, &narrow, &Program::of_nobody(&town)] {
            assert_eq!(program.get(&one).await.status, 404);
            assert_eq!(program.get(&format!("{one}/context")).await.status, 404);
        }
        assert_eq!(narrow.get("/api/v1/conversations").await.status, 403);
        assert_eq!(his.read("/api/v1/conversations").await, json!([]));
        assert_eq!(
            Program::of_nobody(&town)
                .get("/api/v1/conversations")
                .await
                .status,
            401
        );
        let own = Program::of(&town, "camille", false).await;
        assert_eq!(
            own.get(&one).await.status,
            404,
            "her own token is not the town hall's"
        );
        assert_eq!(own.read("/api/v1/conversations").await, json!([]));
        for program in [&hers, &mairie, &his] {
            for deed in ["favourite", "reblog", "pin"] {
                let answer = program.post(&format!("{one}/{deed}"), &json!({})).await;
                assert!(answer.status >= 400, "{deed}");
            }
            for list in ["home", "public"] {
                let page = program.get(&format!("/api/v1/timelines/{list}")).await.text();
                assert!(!page.contains(SECRET), "{list}");
            }
            assert!(
                !program
                    .get(&format!("/api/v2/search?q={SECRET}"))
                    .await
                    .text()
                    .contains("Un hipp")
            );
            assert!(!program.get("/api/v1/notifications").await.text().contains(SECRET));
        }
        let path = format!("/api/v1/conversations/{}", talks[0]["id"].as_str().unwrap());
        assert_eq!(his.send(Method::DELETE, &path, &json!({})).await.status, 404);
        assert_eq!(hers.send(Method::DELETE, &path, &json!({})).await.status, 200);
        assert_eq!(hers.read("/api/v1/conversations").await, json!([]));

        // Formal requests have doors of their own.
        let asked = json!({ "commune": "06059", "subject": "Place", "text": "Une fête", "name": "Zoé E", "address": "" });
        assert_eq!(hers.post("/api/parvis/v1/requests", &asked).await.status, 422);
        let asked = json!({ "commune": "06059", "subject": "Place", "text": "Une fête", "name": "Zoé E", "address": "1 rue X" });
        let made = hers.post("/api/parvis/v1/requests", &asked).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(made.json()["reference"], "EZE-2026-000001");
        assert_eq!(
            hers.read("/api/parvis/v1/requests")
                .await
                .as_array()
                .unwrap()
                .len(),
            1
        );
        assert_eq!(
            mairie
                .read("/api/parvis/v1/requests")
                .await
                .as_array()
                .unwrap()
                .len(),
            1
        );
        assert_eq!(his.read("/api/parvis/v1/requests").await, json!([]));
        let one = format!("/api/parvis/v1/requests/{}", id(&made.json()));
        assert_eq!(his.get(&one).await.status, 404);
        let counters = Program::of_nobody(&town)
            .read("/api/parvis/v1/communes/06059/counters")
            .await;
        assert_eq!(counters[0]["id"], "0");
    }
}

/// A program with these scopes only.
async fn narrowed(town: &Town, handle: &str, scopes: &str) -> Program {
    let program = Program::of(town, handle, false).await;
    let account = account(town, handle).await.id;
    let mut tx = town.ctx().db.begin().await.unwrap();
    on_tx!(&mut tx, c => sqlx::query(
        "UPDATE client_token SET scopes = $2 WHERE id = (SELECT MAX(id) FROM client_token WHERE account_id = $1)")
        .bind(account.0).bind(scopes).execute(c).await.map(|_| ()))
    .unwrap();
    tx.commit().await.unwrap();
    program
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

/// The menu of a page.
fn menu(page: &str) -> &str {
    let from = page.split("class=\"onglets\"").nth(1).unwrap();
    from.split("</nav>").next().unwrap()
}

/// The number beside "Messages" in it; empty without one.
fn counted(page: &str) -> String {
    let mut entries = menu(page).split("<li");
    let entry = entries
        .find(|entry| entry.contains("/eze-06/messages\""))
        .unwrap();
    match entry.split_once("class=\"compteur\"><span aria-hidden=\"true\">") {
        Some((_, number)) => number.split('<').next().unwrap().to_owned(),
        None => String::new(),
    }
}

#[tokio::test]
async fn the_menu_counts_what_waits() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut alice = town.citizen("alice").await;
        let mut other = town.citizen("other").await;
        let count = async |who: &mut Visitor, path: &str| counted(&who.opens(path).await.text());
        assert_eq!(count(&mut mayor, "/eze-06").await, "");
        let thread = writes(&mut alice, "0", "Le banc est cassé").await;
        let second = writes(&mut alice, "0", "Et le lampadaire").await;
        assert_eq!(count(&mut mayor, "/eze-06").await, "2");
        assert_eq!(count(&mut mayor, "/eze-06/agenda").await, "2");
        for path in ["/eze-06", "/eze-06/plus"] {
            assert_eq!(count(&mut alice, path).await, "");
            assert_eq!(count(&mut other, path).await, "");
        }
        assert!(
            mayor
                .opens("/eze-06/plus")
                .await
                .text()
                .contains(">2</span><span class=\"vh\">")
        );
        // Of another commune nothing waits for anybody.
        let elsewhere = mayor.opens("/communes/06088").await.location();
        let elsewhere = mayor.opens(&elsewhere).await;
        assert_eq!(elsewhere.status, 200, "{}", elsewhere.text());
        let text = elsewhere.text();
        let entry = text
            .split("class=\"onglets\"")
            .nth(1)
            .and_then(|menu| menu.split("</nav>").next());
        assert!(!entry.unwrap_or_default().contains("compteur"), "{text}");
        // Read, it waits no longer; answered, it waits for her.
        mayor.opens(&thread).await;
        assert_eq!(count(&mut mayor, "/eze-06").await, "1");
        assert_eq!(
            answers(&mut mayor, &thread, &[("text", "On le répare")])
                .await
                .status,
            303
        );
        assert_eq!(count(&mut alice, "/eze-06").await, "1");
        assert_eq!(count(&mut other, "/eze-06").await, "");
        alice.opens(&thread).await;
        assert_eq!(count(&mut alice, "/eze-06").await, "");
        // An agent of no service has nothing to read, one of another right neither.
        let mut agent = town.delegate("agent", account::Right::Messages).await;
        let mut editor = town.delegate("editor", account::Right::News).await;
        assert_eq!(count(&mut agent, "/eze-06").await, "");
        assert_eq!(count(&mut editor, "/eze-06").await, "");
        mayor.opens(&second).await;
        assert_eq!(count(&mut mayor, "/eze-06").await, "");
        // The box of the town hall promises no more than is true.
        let office = mayor.opens("/eze-06/messages").await.text();
        assert!(office.contains("le nom d’un autre serveur"), "{office}");
        let own = alice.opens("/eze-06/messages").await.text();
        assert!(
            own.contains("ne quittent pas ce serveur") && !own.contains("d’un autre serveur"),
            "{own}"
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

/// The path of the only thread in the mayor's list.
async fn only_thread(mayor: &mut Visitor) -> String {
    let list = mayor.opens(HOME).await.text();
    let threads: Vec<&str> = list
        .split("class=\"rangee\" href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(threads.len(), 1, "{list}");
    threads[0].to_owned()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_dark_citizen_in_a_letter_is_named_to_nobody() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        let dark = actors::by_handle(town.ctx(), "zoe", None).await.unwrap().unwrap();
        assert!(!dark.is_visible());
        crate::api::federated(&town, "paul").await;
        let paul = actors::by_handle(town.ctx(), "paul", None)
            .await
            .unwrap()
            .unwrap();
        let (ada, office) = (guest(&town, "ada").await, office(&town).await);
        let never = "https://parvis.test/ap/actors/12345";
        let to = [office.uri.as_str(), &dark.uri, &paul.uri, never];
        assert_eq!(
            takes(&town, &ada, letter(&ada, 1, &to, json!({}))).await,
            Verdict::Done
        );
        let thread = only_thread(&mut mayor).await;
        let page = mayor.opens(&thread).await.text();
        assert!(page.contains("<li>@paul@parvis.test</li>"), "{page}");
        for word in ["zoe", dark.uri.as_str(), never] {
            assert!(!page.contains(word), "{word}: {page}");
        }
        let mairie = Program::of(&town, "camille", true).await;
        let talks = mairie.read("/api/v1/conversations").await;
        assert!(!talks.to_string().contains("zoe"), "{talks}");

        assert_eq!(
            answers(&mut mayor, &thread, &[("text", "Merci")]).await.status,
            303
        );
        let page = mayor.opens(&thread).await.text();
        let change = page
            .split("/reponses/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let form = format!("{thread}/reponses/{change}");
        let fields = [("text", "Mieux"), ("action", "save")];
        assert_eq!(mayor.sends(&form, &form, &fields).await.status, 303);
        // Whom others could see, and cannot any more, is named no longer.
        let keys = federation::actors::new_keys().await.unwrap();
        let mut tx = town.ctx().db.begin().await.unwrap();
        actors::set_federated(town.ctx(), &mut tx, paul.id, false, &keys)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let fields = [("text", "Encore mieux"), ("action", "save")];
        assert_eq!(mayor.sends(&form, &form, &fields).await.status, 303);
        let said: Vec<Value> = said(&town)
            .await
            .into_iter()
            .filter(|(kind, body, _)| {
                ["Create", "Update"].contains(&kind.as_str()) && body["object"]["type"] == "Note"
            })
            .map(|(_, body, _)| body)
            .collect();
        let named: [Vec<&str>; 3] = [
            vec![&ada.uri],
            vec![&ada.uri, &paul.uri],
            vec![&ada.uri, &paul.uri],
        ];
        assert_eq!(said.len(), named.len());
        for (body, named) in said.iter().zip(named) {
            assert!(
                !body.to_string().contains("zoe") && !body.to_string().contains(&dark.uri),
                "{body}"
            );
            assert_eq!(
                (texts(&body["to"]), texts(&body["object"]["to"])),
                (named.clone(), named.clone())
            );
            let tags = body["object"]["tag"].as_array().unwrap();
            assert_eq!(tags.len(), named.len(), "{body}");
        }
        assert!(!zoe.opens("/notifications").await.text().contains("message privé"));
        assert!(!everything(&town).await.contains(SECRET));
    }
}

#[tokio::test]
async fn no_list_of_followers_is_answered() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let (ada, eve) = (guest(&town, "ada").await, guest(&town, "eve").await);
        let office = office(&town).await;
        let lists = [
            format!("{}/followers", office.uri),
            format!("{}/followers", eve.uri),
            format!("{}/following", office.uri),
            "https://nowhere.invalid/circles/1".to_owned(),
        ];
        let mut to = vec![office.uri.as_str(), &eve.uri];
        to.extend(lists.iter().map(String::as_str));
        assert_eq!(
            takes(&town, &ada, letter(&ada, 1, &to, json!({}))).await,
            Verdict::Done
        );
        let thread = only_thread(&mut mayor).await;
        let page = mayor.opens(&thread).await.text();
        assert!(
            page.contains("Envoyé aussi à une liste d’abonnés")
                && page.contains("<li>@eve@social.example</li>"),
            "{page}"
        );
        for list in &lists[..3] {
            assert!(!page.contains(list), "{page}");
        }
        assert_eq!(
            answers(&mut mayor, &thread, &[("text", "Merci")]).await.status,
            303
        );
        let (_, body, inboxes) = said(&town).await.remove(0);
        assert_eq!(texts(&body["to"]), [ada.uri.as_str(), eve.uri.as_str()]);
        assert_eq!(body["to"], body["object"]["to"]);
        assert_eq!(
            inboxes,
            [format!("{}/inbox", ada.uri), format!("{}/inbox", eve.uri)]
        );

        // What one of them writes to the mayor alone is answered to her alone, under her own name.
        let reply = json!({ "inReplyTo": body["object"]["id"], "content": "<p>Entre nous</p>" });
        assert_eq!(
            takes(&town, &eve, letter(&eve, 2, &[&office.uri], reply)).await,
            Verdict::Done
        );
        let page = mayor.opens(&thread).await.text();
        assert!(!page.contains("<li>@ada@social.example</li>"), "{page}");
        let page = talk(&page);
        let bubble = page.split("Entre nous").next().unwrap();
        let bubble = bubble.rsplit("<article").next().unwrap();
        assert!(bubble.contains("aria-label=\"eve\""), "{bubble}");
        answers(&mut mayor, &thread, &[("text", "Bien")]).await;
        let (_, body, inboxes) = said(&town).await.remove(0);
        assert_eq!((texts(&body["to"]), inboxes.len()), (vec![eve.uri.as_str()], 1));
    }
}

fn accts(people: &Value) -> Vec<&str> {
    people
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["acct"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_program_is_told_who_reads_what_it_said_and_how_it_was_typed() {
    for town in Town::everywhere().await {
        town.mayor().await;
        let mairie = Program::of(&town, "camille", true).await;
        let (ada, eve) = (guest(&town, "ada").await, guest(&town, "eve").await);
        let office = office(&town).await;
        let to = [office.uri.as_str(), &eve.uri];
        assert_eq!(
            takes(&town, &ada, letter(&ada, 1, &to, json!({ "sensitive": true }))).await,
            Verdict::Done
        );
        let both = ["ada@social.example", "eve@social.example"];
        let talks = mairie.read("/api/v1/conversations").await;
        assert_eq!(accts(&talks[0]["accounts"]), both);
        let letter = &talks[0]["last_status"];
        assert_eq!(accts(&letter["mentions"]), ["maire-eze", "eve@social.example"]);
        assert_eq!(letter["sensitive"], true);
        let theirs = format!("/api/v1/statuses/{}", id(letter));
        assert_eq!(mairie.get(&format!("{theirs}/source")).await.status, 404);
        assert_eq!(
            mairie
                .read(&format!("{theirs}/history"))
                .await
                .as_array()
                .unwrap()
                .len(),
            1
        );

        let answer = json!({
            "status": "@ada@social.example Il **mord**.", "in_reply_to_id": letter["id"], "spoiler_text": "Animaux",
        });
        let made = good(&mairie.post("/api/v1/statuses", &answer).await);
        assert_eq!(
            (&made["spoiler_text"], &made["sensitive"]),
            (&json!("Animaux"), &json!(true))
        );
        assert_eq!(accts(&made["mentions"]), both);
        let (_, body, _) = said(&town).await.remove(0);
        assert_eq!(
            (&body["object"]["summary"], &body["object"]["sensitive"]),
            (&json!("Animaux"), &json!(true))
        );
        let ours = format!("/api/v1/statuses/{}", id(&made));
        let source = mairie.read(&format!("{ours}/source")).await;
        assert_eq!(
            (&source["text"], &source["spoiler_text"]),
            (&json!("Il **mord**."), &json!("Animaux"))
        );
        // An edit of the words keeps the warning, one of the warning the words.
        for (edit, text, warning) in [
            (json!({ "status": "Il dort." }), "Il dort.", "Animaux"),
            (json!({ "spoiler_text": "Sieste" }), "Il dort.", "Sieste"),
        ] {
            good(&mairie.send(Method::PUT, &ours, &edit).await);
            let source = mairie.read(&format!("{ours}/source")).await;
            assert_eq!(
                (&source["text"], &source["spoiler_text"]),
                (&json!(text), &json!(warning))
            );
            assert_eq!(said(&town).await.remove(0).1["object"]["summary"], warning);
        }
        let history = mairie.read(&format!("{ours}/history")).await;
        assert_eq!(history.as_array().unwrap().len(), 1);
        assert_eq!(
            (&history[0]["spoiler_text"], &history[0]["account"]["acct"]),
            (&json!("Sieste"), &json!("maire-eze"))
        );

        // Between people of this server too, and to nobody else.
        let mut zoe = town.citizen("zoe").await;
        town.citizen("paul").await;
        let (hers, his) = (
            Program::of(&town, "zoe", false).await,
            Program::of(&town, "paul", false).await,
        );
        let new = json!({ "status": format!("@maire-eze Un {SECRET}."), "visibility": "direct", "spoiler_text": "Chut" });
        let made = good(&hers.post("/api/v1/statuses", &new).await);
        assert_eq!(
            (&made["spoiler_text"], &made["sensitive"]),
            (&json!("Chut"), &json!(true))
        );
        let one = format!("/api/v1/statuses/{}", id(&made));
        assert_eq!(
            hers.read(&format!("{one}/source")).await["text"],
            format!("Un {SECRET}.")
        );
        assert_eq!(mairie.read(&one).await["spoiler_text"], "Chut");
        assert_eq!(mairie.get(&format!("{one}/source")).await.status, 404);
        for part in ["source", "history"] {
            assert_eq!(his.get(&format!("{one}/{part}")).await.status, 404);
        }
        let thread = writes(&mut zoe, "0", "Sans avertissement").await;
        assert!(!thread.is_empty());
        assert!(
            !everything(&town).await.contains("Chut"),
            "a warning is sealed as the words are"
        );
    }
}
