//! The document of the sections' API: what it says is what the doors do.

use http::Method;
use serde_json::{Map, Value, json};
use testkit::Town;

use crate::agenda::{id_of, plan};
use crate::api::Program;
use crate::groups::{group, id_in};
use crate::polls::opens;

const DOCUMENT: &str = "/api/parvis/v1/openapi.json";

async fn document(town: &Town) -> Value {
    Program::of_nobody(town).read(DOCUMENT).await
}

/// Path, method and operation of all.
fn operations(document: &Value) -> Vec<(&String, &String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap();
            methods
                .iter()
                .map(move |(method, operation)| (path, method, operation))
        })
        .collect()
}

/// An address of this path, with a number for each variable.
fn filled(path: &str) -> String {
    let part = |part: &str| match part {
        "{code}" => "06059".to_owned(),
        part if part.starts_with('{') => "117000000000000000".to_owned(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn the_document_is_there_for_any_site_and_is_kept() {
    let town = Town::everywhere().await.remove(0);
    let first = Program::of_nobody(&town).get(DOCUMENT).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header("content-type"), "application/json");
    assert_eq!(first.header("access-control-allow-origin"), "*");
    let tag = first.header("etag");
    let asked = [("if-none-match", tag.as_str())];
    let again = town
        .stranger()
        .asks(Method::GET, DOCUMENT, &asked, Vec::new())
        .await;
    assert_eq!((again.status, again.text().as_str()), (304, ""));
    let document = first.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], town.ctx().urls.base());
}

#[tokio::test]
async fn every_described_operation_is_a_door_and_says_all_of_itself() {
    let town = Town::everywhere().await.remove(0);
    let document = document(&town).await;
    let all = operations(&document);
    assert_eq!(all.len(), 30, "{:?}", document["paths"]);
    let nobody = Program::of_nobody(&town);
    let mut names = Vec::new();
    for (path, method, operation) in &all {
        let address = filled(path);
        let door = nobody.send(Method::PATCH, &address, &json!({})).await;
        assert_eq!(door.status, 405, "{path} is no door");
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let answer = nobody.send(method.clone(), &address, &json!({})).await;
        let status = answer.status.to_string();
        assert_ne!(status, "405", "{method} {path}");
        assert!(
            operation["responses"].get(&status).is_some(),
            "{method} {path} answers {status}: {}",
            answer.text()
        );
        // Who must say who she is, needs a scope; so does what shows more with a token.
        let requirements = operation["security"].as_array().cloned().unwrap_or_default();
        let scopes: Vec<&Value> = requirements.iter().filter_map(|one| one.get("oauth")).collect();
        assert!(scopes.iter().all(|scopes| scopes.as_array().unwrap().len() == 1));
        let is_open = requirements.is_empty() || requirements.contains(&json!({}));
        assert_eq!(is_open, answer.status != 401, "{method} {path}: {requirements:?}");
        for variable in path.split('/').filter_map(|part| part.strip_prefix('{')) {
            let name = variable.trim_end_matches('}');
            let told = operation["parameters"].as_array().unwrap();
            assert!(
                told.iter().any(|one| one["in"] == "path" && one["name"] == name),
                "{path}: {told:?}"
            );
        }
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()));
        names.push(operation["operationId"].as_str().unwrap());
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all.len());
    let known = document["components"]["securitySchemes"]["oauth"]["flows"]["authorizationCode"]["scopes"]
        .as_object()
        .unwrap();
    let text = document["paths"].to_string();
    for scope in known.keys() {
        assert!(text.contains(&format!("\"{scope}\"")), "nothing asks for {scope}");
    }
}

#[tokio::test]
async fn a_section_that_is_off_is_not_in_the_document() {
    let town = Town::everywhere().await.remove(0);
    assert!(
        document(&town).await["paths"]
            .get("/api/parvis/v1/groups/{id}")
            .is_some()
    );
    let town = town.reopened(|settings| settings.sections.groups = false).await;
    let text = document(&town).await["paths"].to_string();
    assert!(!text.contains("/groups") && text.contains("/events"), "{text}");
}

/// How this value differs from what the schema says; nothing that is not described may stand in it.
fn differs(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let target = document.pointer(name.trim_start_matches('#'));
        return differs(document, target.unwrap(), value, at, found);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let fits = |one: &&Value| {
            let mut found = Vec::new();
            differs(document, one, value, at, &mut found);
            found.is_empty()
        };
        if !any.iter().any(|one| fits(&one)) {
            found.push(format!("{at}: {value} is none of {any:?}"));
        }
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_kind = |said: &Value| said == kind || (said == "number" && kind == "integer");
    let fits = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(is_kind),
        said => is_kind(said),
    };
    if !fits {
        found.push(format!("{at}: {value} is no {}", schema["type"]));
    }
    if let Some(all) = schema["enum"].as_array().filter(|all| !all.contains(value)) {
        found.push(format!("{at}: {value} is none of {all:?}"));
    }
    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
        differs(
            document,
            &schema["items"],
            item,
            &format!("{at}[{number}]"),
            found,
        );
    }
    let Some(fields) = value.as_object() else { return };
    let none = Map::new();
    let described = schema["properties"].as_object().unwrap_or(&none);
    for (name, inner) in fields {
        match described.get(name) {
            Some(schema) => differs(document, schema, inner, &format!("{at}.{name}"), found),
            None => found.push(format!("{at}.{name} is not described")),
        }
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if !fields.contains_key(name.as_str().unwrap()) {
            found.push(format!("{at}.{name} is missing"));
        }
    }
}

/// Holds an answer to what the document says of it.
async fn fits(
    document: &Value,
    who: &Program,
    method: &str,
    path: &str,
    address: &str,
    body: Value,
) -> Value {
    let asked = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    let answer = who.send(asked, address, &body).await;
    let status = answer.status.to_string();
    let mut said = &document["paths"][format!("/api/parvis/v1/{path}")][method]["responses"][&status];
    assert!(!said.is_null(), "{method} {path}: {status} {}", answer.text());
    if let Some(name) = said["$ref"].as_str() {
        said = document.pointer(name.trim_start_matches('#')).unwrap();
    }
    let mut found = Vec::new();
    let schema = &said["content"]["application/json"]["schema"];
    differs(document, schema, &answer.json(), "$", &mut found);
    assert!(found.is_empty(), "{method} {path} {status}: {found:?}");
    answer.json()
}

#[tokio::test]
async fn answers_are_what_the_document_says() {
    for town in Town::everywhere().await {
        let document = document(&town).await;
        let mut mayor = town.mayor().await;
        town.citizen("zoe").await;
        let event = format!("/api/parvis/v1/events/{}", id_of(&plan(&mut mayor, &[]).await));
        let group = group(&mut mayor, "public", &[]).await;
        let group = format!("/api/parvis/v1/groups/{}", id_in(&group));
        opens(&mut mayor, &[]).await;
        let (nobody, zoe) = (Program::of_nobody(&town), Program::of(&town, "zoe", false).await);
        let here = "/api/parvis/v1/communes/06059";
        let none = || json!({});
        let get = async |who: &Program, path: &str, address: &str| {
            fits(&document, who, "get", path, address, none()).await
        };
        let post = async |who: &Program, path: &str, address: &str, body: Value| {
            fits(&document, who, "post", path, address, body).await
        };
        get(&nobody, "communes", "/api/parvis/v1/communes?q=eze").await;
        get(&nobody, "communes", "/api/parvis/v1/communes").await;
        get(&nobody, "communes/{code}", here).await;
        let events = get(&zoe, "communes/{code}/events", &format!("{here}/events")).await;
        assert_eq!(events["total"], 1);
        get(&nobody, "events/{id}", &event).await;
        post(&zoe, "events/{id}/join", &format!("{event}/join"), none()).await;
        get(&zoe, "events/{id}", &event).await;
        post(&zoe, "events/{id}/leave", &format!("{event}/leave"), none()).await;
        post(&zoe, "events/{id}/cancel", &format!("{event}/cancel"), none()).await;
        let polls = get(&nobody, "communes/{code}/polls", &format!("{here}/polls")).await;
        let poll = format!(
            "/api/parvis/v1/polls/{}",
            polls["polls"][0]["id"].as_str().unwrap()
        );
        get(&nobody, "polls/{id}", &poll).await;
        let blinded = json!({ "blinded": "" });
        let refused = post(&zoe, "polls/{id}/token", &format!("{poll}/token"), blinded).await;
        assert_eq!(refused["code"], "bad-blinding");
        post(&nobody, "polls/{id}/ballots", &format!("{poll}/ballots"), none()).await;
        get(&zoe, "communes/{code}/groups", &format!("{here}/groups")).await;
        post(&zoe, "groups/{id}/join", &format!("{group}/join"), none()).await;
        get(&zoe, "groups/{id}", &group).await;
        let topics = format!("{group}/topics");
        let written = json!({ "title": "Un banc", "text": "Cassé." });
        post(&zoe, "groups/{id}/topics", &topics, written).await;
        let page = get(&zoe, "groups/{id}/topics", &topics).await;
        assert_eq!(page["items"][0]["title"], "Un banc");
        get(&nobody, "communes/{code}/counters", &format!("{here}/counters")).await;
        let asked = json!({
            "commune": "06059", "subject": "Place", "text": "Une fête", "name": "Zoé E", "address": "1 rue X",
        });
        post(&zoe, "requests", "/api/parvis/v1/requests", asked).await;
        let requests = get(&zoe, "requests", "/api/parvis/v1/requests").await;
        assert_eq!(requests.as_array().unwrap().len(), 1);
        get(&nobody, "requests", "/api/parvis/v1/requests").await;
    }
}
