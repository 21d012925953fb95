//! The client API as an app speaks it, on SQLite and on PostgreSQL.

mod reading;
mod rights;
mod server;
mod statuses;

use account::actions::people;
use axum::http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Town, Visitor};

const PNG: &[u8] = include_bytes!("../../../templates/static/icon-180.png");

/// A program with a token.
#[derive(Clone)]
pub(crate) struct Program {
    visitor: Visitor,
    token: Option<String>,
}

impl Program {
    /// For nobody.
    pub(crate) fn of_nobody(town: &Town) -> Self {
        Self {
            visitor: town.stranger(),
            token: None,
        }
    }

    /// For somebody who has an account, or for the office she holds.
    pub(crate) async fn of(town: &Town, handle: &str, office: bool) -> Self {
        let account = people::by_handle(town.ctx(), handle).await.unwrap().unwrap();
        let office = office.then(|| "06059".to_owned());
        let token = client_api::for_command_line(town.ctx(), account.id, office)
            .await
            .unwrap();
        Self {
            visitor: town.stranger(),
            token: Some(token),
        }
    }

    async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut all = vec![("accept-language", "fr")];
        all.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        all.extend_from_slice(headers);
        self.visitor.clone().asks(method, path, &all, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[], Vec::new()).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, value: &Value) -> Answer {
        let headers = [("content-type", "application/json")];
        self.call(method, path, &headers, value.to_string().into_bytes())
            .await
    }

    pub(crate) async fn post(&self, path: &str, value: &Value) -> Answer {
        self.send(Method::POST, path, value).await
    }

    /// The JSON of a good answer.
    pub(crate) async fn read(&self, path: &str) -> Value {
        good(&self.get(path).await)
    }

    pub(crate) async fn publish(&self, text: &str) -> Value {
        good(&self.post("/api/v1/statuses", &json!({ "status": text })).await)
    }

    pub(crate) async fn does(&self, path: &str) -> Value {
        good(&self.post(path, &json!({})).await)
    }

    pub(crate) async fn uploads(&self, description: &str) -> Value {
        let mut body = format!(
            "--x\r\ncontent-disposition: form-data; name=\"description\"\r\n\r\n{description}\r\n--x\r\n\
             content-disposition: form-data; name=\"file\"; filename=\"p.png\"\r\ncontent-type: image/png\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(PNG);
        body.extend_from_slice(b"\r\n--x--\r\n");
        let headers = [("content-type", "multipart/form-data; boundary=x")];
        good(&self.call(Method::POST, "/api/v2/media", &headers, body).await)
    }
}

pub(crate) fn good(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

pub(crate) fn id(status: &Value) -> String {
    status["id"].as_str().unwrap().to_owned()
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(id).collect()
}

/// The `Link` header's address of this kind, without the host.
fn link(answer: &Answer, rel: &str) -> Option<String> {
    let header = answer.header("link");
    header
        .split(", ")
        .find(|link| link.ends_with(&format!("rel=\"{rel}\"")))
        .and_then(|link| link.split(['<', '>']).nth(1))
        .map(|address| address.replace("https://parvis.test", ""))
}

/// The mayor's office, and a dark citizen.
async fn people_of(town: &Town) -> (Program, Program) {
    let _citizen = town.citizen("jeanne").await;
    (
        Program::of(town, "camille", true).await,
        Program::of(town, "jeanne", false).await,
    )
}

/// A citizen who lets her name and words leave.
pub(crate) async fn federated(town: &Town, handle: &str) -> Program {
    let _citizen = town.citizen(handle).await;
    let account = people::by_handle(town.ctx(), handle).await.unwrap().unwrap();
    let keys = federation::actors::new_keys().await.unwrap();
    let mut tx = town.ctx().db.begin().await.unwrap();
    federation::actors::set_federated(town.ctx(), &mut tx, account.actor, true, &keys)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    Program::of(town, handle, false).await
}

/// The statuses that notifications are about.
fn ids_of_statuses(notices: &Value) -> Vec<String> {
    notices
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| id(&notice["status"]))
        .collect()
}
