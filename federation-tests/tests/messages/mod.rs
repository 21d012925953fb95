//! Private messages: what is said, who reads it, and everywhere it must not be.

mod agents;
mod elsewhere;
mod files;
mod letters;
mod menu;
mod programs;
mod requests;

use account::actions::people;
use federation::{Actor, actors};
use platform::on_db;
use testkit::{Answer, Town, Visitor};

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

async fn office(town: &Town) -> Actor {
    actors::by_handle(town.ctx(), "maire-eze", None)
        .await
        .unwrap()
        .unwrap()
}
