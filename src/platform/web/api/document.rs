//! The document: `/api/parvis/v1/openapi.json`.

use std::collections::BTreeSet;

use aide::OperationOutput;
use aide::generate::{GenContext, in_context};
use aide::openapi::{MediaType, OpenApi, Operation, Response as Described};
use axum::Extension;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::Router;
use schemars::generate::{Contract, SchemaSettings};
use serde_json::{Map, Value, json};

use super::super::{holds, tag_of};
use super::{ApiRouter, get_with, refusing, told};
use crate::urls::Urls;

/// The way in of programs, in the document.
pub(super) const OAUTH: &str = "oauth";

const PATH: &str = "/api/parvis/v1/openapi.json";

/// What the rooms say of the API as a whole.
#[derive(Debug)]
pub struct About {
    /// Where programs ask people for leave.
    pub authorize: &'static str,
    /// Where they get their tokens.
    pub token: &'static str,
    /// The scopes that operations ask for, with what each lets do.
    pub scopes: &'static [(&'static str, &'static str)],
}

/// One room's routes. A function, for what types say is gathered in the memory of one thread.
pub type Room<S> = (&'static str, fn() -> ApiRouter<S>);

/// The route of the document about the rooms' routes and itself.
pub fn routes<S>(urls: &Urls, about: &About, rooms: &[Room<S>]) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    aide::generate::reset_context();
    in_context(|ctx| ctx.schema = settings().into_generator());
    // All together, so that two types of one name get two names in the document.
    let all = rooms.iter().fold(own(), |all, (tag, room)| {
        all.merge(room().with_path_items(|path| path.tag(tag)))
    });
    let mut api = OpenApi::default();
    let _ = all.finish_api(&mut api);
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    complete(&mut document, urls, about);
    let text = document.to_string();
    let served = Document {
        tag: HeaderValue::try_from(tag_of(text.as_bytes())).unwrap_or(HeaderValue::from_static("\"\"")),
        text: text.into(),
    };
    Router::from(own()).layer(Extension(served))
}

/// How answers are described: what may be `null` is there all the same.
fn settings() -> SchemaSettings {
    SchemaSettings::draft2020_12().with(|settings| {
        settings.contract = Contract::Serialize;
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    })
}

fn own<S: Clone + Send + Sync + 'static>() -> ApiRouter<S> {
    ApiRouter::new().api_route(PATH, get_with(show, told("This document", &[])))
}

/// Name, place, ways in and refusals; a name for each operation.
fn complete(document: &mut Value, urls: &Urls, about: &About) {
    let mut statuses = BTreeSet::new();
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, methods) in paths {
            for (method, operation) in methods.as_object_mut().into_iter().flatten() {
                let Some(operation) = operation.as_object_mut() else {
                    continue;
                };
                operation.insert("operationId".to_owned(), name(method, path).into());
                let refusals = operation.get("responses").and_then(Value::as_object);
                let refusals = refusals.into_iter().flatten();
                statuses.extend(
                    refusals
                        .filter(|(_, said)| said.get("$ref").is_some())
                        .filter_map(|(status, _)| status.parse::<u16>().ok()),
                );
            }
        }
    }
    let Some(document) = document.as_object_mut() else {
        return;
    };
    document.insert(
        "info".to_owned(),
        json!({
            "title": "Parvis", "version": env!("CARGO_PKG_VERSION"),
            "summary": "What Mastodon's API has no word for",
            "description": "The directory of communes, the agenda, polls, groups and formal requests.",
            "license": { "name": "AGPL-3.0-only", "identifier": "AGPL-3.0-only" },
        }),
    );
    document.insert("servers".to_owned(), json!([{ "url": urls.base() }]));
    let components = document.entry("components").or_insert_with(|| json!({}));
    if let Some(components) = components.as_object_mut() {
        let refusals: Map<String, Value> = statuses
            .into_iter()
            .map(|status| (status.to_string(), refusal(status)))
            .collect();
        components.insert("responses".to_owned(), refusals.into());
        components.insert("securitySchemes".to_owned(), ways_in(urls, about));
    }
}

/// `postEventsCancel` for `POST /api/parvis/v1/events/{id}/cancel`; one that ends with a variable is of one thing:
/// `getEventsById`.
fn name(method: &str, path: &str) -> String {
    let mut name = method.to_owned();
    for part in path.split('/').skip(4).flat_map(|part| part.split('.')) {
        let variable = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        name.push_str(variable.map_or("", |_| "By"));
        let word = variable.unwrap_or(part);
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

fn ways_in(urls: &Urls, about: &About) -> Value {
    let scopes: Map<String, Value> = about
        .scopes
        .iter()
        .map(|(scope, lets)| ((*scope).to_owned(), (*lets).into()))
        .collect();
    json!({
        OAUTH: {
            "type": "oauth2",
            "description": "The token of a person, or of an office that she holds. A coarse scope (`write`) \
                covers the fine ones (`write:statuses`).",
            "flows": { "authorizationCode": {
                "authorizationUrl": urls.to(about.authorize), "tokenUrl": urls.to(about.token), "scopes": scopes,
            } },
        }
    })
}

/// What is answered with this status instead of what was asked for.
fn refusal(status: u16) -> Value {
    let meaning = match status {
        308 => "It has moved for good: see `Location`",
        400 => "What was sent cannot be read",
        401 => "No token, or one that is no longer good",
        403 => "Not allowed to this token, to its person, or to a form without its mark",
        404 => "Not here, or not for whoever asks",
        409 => "It does not go with what is so already",
        410 => "It was here, and is gone for good",
        413 => "Too long",
        422 => "A rule was broken: `code` says which",
        429 => "Too often: come back after `Retry-After` seconds",
        503 => "Not for the moment: come back later",
        _ => "A fault of the server",
    };
    if status < 400 {
        let place = json!({ "Location": { "schema": { "type": "string" } } });
        return json!({ "description": meaning, "headers": place });
    }
    json!({
        "description": meaning,
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}

/// The document as it is sent.
#[derive(Debug, Clone)]
struct Document {
    text: Bytes,
    tag: HeaderValue,
}

/// The document, or that it is the one already held.
#[derive(Debug)]
struct Shown {
    document: Document,
    is_held: bool,
}

async fn show(Extension(document): Extension<Document>, headers: HeaderMap) -> Shown {
    let is_held = document.tag.to_str().is_ok_and(|tag| holds(&headers, tag));
    Shown { document, is_held }
}

impl IntoResponse for Shown {
    fn into_response(self) -> Response {
        let common = [
            (
                header::CACHE_CONTROL,
                HeaderValue::from_static("public, max-age=3600"),
            ),
            (header::ETAG, self.document.tag),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        ];
        if self.is_held {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        (common, self.document.text).into_response()
    }
}

impl OperationOutput for Shown {
    type Inner = Value;

    fn inferred_responses(_: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, Described)> {
        refusing(operation, &[429]);
        let mut shown = Described {
            description: "An OpenAPI 3.1 document".to_owned(),
            ..Described::default()
        };
        shown
            .content
            .insert("application/json".to_owned(), MediaType::default());
        let same = Described {
            description: "The one that is held already (`If-None-Match`)".to_owned(),
            ..Described::default()
        };
        vec![(Some(200), shown), (Some(304), same)]
    }
}
