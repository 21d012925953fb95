//! Who is who here: WebFinger (RFC 7033) and host-meta.

use activitypub_federation::FEDERATION_CONTENT_TYPE;
use activitypub_federation::fetch::webfinger::{Webfinger, WebfingerLink};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use platform::StoreError;
use platform::web::Failure;
use serde_json::json;
use url::{Url, form_urlencoded};

use super::actors::the_instance;
use crate::fetch::webfinger::parse_account;
use crate::store::actors as store;
use crate::{Actor, Ctx, instance_uri, objects};

/// The other spelling of the media type (ActivityPub section 3.2).
const LD: &str = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
/// Of the server itself (FEP-d556).
const SERVICE: &str = "https://www.w3.org/ns/activitystreams#Service";

/// `GET /.well-known/webfinger?resource=…`
pub(super) async fn webfinger(State(ctx): State<Ctx>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let parameters: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let values = |name: &str| -> Vec<&str> {
        parameters
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    };
    let [resource] = values("resource")[..] else {
        return open(Failure::bad_request("resource").into_response());
    };
    let answer = match subject(&ctx, resource).await {
        Ok(Subject::Unreadable) => Failure::bad_request("resource").into_response(),
        Ok(Subject::Nobody) => Failure::not_found().into_response(),
        Ok(Subject::Gone) => Failure::gone().into_response(),
        Ok(Subject::Actor(actor)) => jrd(described(&ctx, &actor), &values("rel")),
        Ok(Subject::Server(actor)) => jrd(server(&ctx, &actor), &values("rel")),
        Err(failure) => failure.into_response(),
    };
    open(answer)
}

enum Subject {
    Unreadable,
    Nobody,
    Gone,
    Actor(Box<Actor>),
    Server(Box<Actor>),
}

async fn subject(ctx: &Ctx, resource: &str) -> Result<Subject, Failure> {
    if resource.is_empty() || resource.len() > 1024 || resource.chars().any(char::is_control) {
        return Ok(Subject::Unreadable);
    }
    let is_address =
        resource.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("http")) && resource.contains("://");
    let actor = if is_address {
        let Some(address) = crate::address::canonical(resource) else {
            return Ok(Subject::Unreadable);
        };
        let Some(path) = ctx.urls.path_of(&address) else {
            return Ok(Subject::Nobody);
        };
        if matches!(path, "" | "/") {
            return Ok(Subject::Server(Box::new(the_instance(ctx).await?)));
        }
        at(ctx, &address, path).await?
    } else {
        let Some((user, host)) = parse_account(resource) else {
            return Ok(Subject::Unreadable);
        };
        if host != ctx.urls.authority() {
            return Ok(Subject::Nobody);
        }
        crate::actors::by_handle(ctx, &user, None).await?
    };
    Ok(match actor.filter(|actor| actor.local && actor.federated) {
        Some(actor) if actor.deleted_at.is_some() => Subject::Gone,
        Some(actor) if actor.is_visible() => Subject::Actor(Box::new(actor)),
        _ => Subject::Nobody,
    })
}

/// The actor at one of our addresses: its id, or a page of its own.
async fn at(ctx: &Ctx, address: &str, path: &str) -> Result<Option<Actor>, StoreError> {
    if address == instance_uri(ctx) || path.starts_with("/ap/actors/") {
        return store::by_uri(&ctx.db, address).await;
    }
    if let Some(handle) = path.strip_prefix("/@") {
        let handle = handle.trim_end_matches('/');
        if handle.contains(['/', '@']) {
            return Ok(None);
        }
        return crate::actors::by_handle(ctx, handle, None).await;
    }
    if objects::parse(ctx, address).is_some() {
        return Ok(None);
    }
    store::local_by_page(&ctx.db, address).await
}

fn described(ctx: &Ctx, actor: &Actor) -> Webfinger {
    Webfinger {
        subject: format!("acct:{}@{}", actor.handle, actor.host),
        aliases: [Some(&actor.uri), actor.url.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(|address| Url::parse(address).ok())
            .collect(),
        links: vec![
            link("self", FEDERATION_CONTENT_TYPE, &actor.uri),
            link("self", LD, &actor.uri),
            link("http://webfinger.net/rel/profile-page", "text/html", actor.page()),
            // Where another server sends our people who want to do something with what it shows them.
            WebfingerLink {
                rel: Some("http://ostatus.org/schema/1.0/subscribe".to_owned()),
                template: Some(ctx.urls.to("/authorize_interaction?uri={uri}")),
                ..WebfingerLink::default()
            },
        ],
        ..Webfinger::default()
    }
}

fn server(ctx: &Ctx, actor: &Actor) -> Webfinger {
    Webfinger {
        subject: ctx.urls.to("/"),
        aliases: Url::parse(&actor.uri).into_iter().collect(),
        links: vec![
            link(SERVICE, FEDERATION_CONTENT_TYPE, &actor.uri),
            link("self", FEDERATION_CONTENT_TYPE, &actor.uri),
        ],
        ..Webfinger::default()
    }
}

fn link(rel: &str, kind: &str, href: &str) -> WebfingerLink {
    WebfingerLink {
        rel: Some(rel.to_owned()),
        kind: Some(kind.to_owned()),
        href: Url::parse(href).ok(),
        ..WebfingerLink::default()
    }
}

/// Only the links of the relations asked for, if any were (RFC 7033 section 4.3).
fn jrd(mut whole: Webfinger, relations: &[&str]) -> Response {
    if !relations.is_empty() {
        whole
            .links
            .retain(|link| link.rel.as_deref().is_some_and(|rel| relations.contains(&rel)));
    }
    let mut body = json!(whole);
    let links = body.get_mut("links").and_then(serde_json::Value::as_array_mut);
    for link in links
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_object_mut)
    {
        // What a link does not have is left out, not null (RFC 7033 section 4.4.4).
        link.retain(|_, value| !value.is_null());
    }
    let kind = HeaderValue::from_static("application/jrd+json");
    ([(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}

/// Pages of other sites may ask too.
fn open(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn template(ctx: &Ctx) -> String {
    ctx.urls.to("/.well-known/webfinger?resource={uri}")
}

/// `GET /.well-known/host-meta`
pub(super) async fn host_meta(State(ctx): State<Ctx>, headers: axum::http::HeaderMap) -> Response {
    let wants_json = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("json") && !accept.contains("xml"));
    if wants_json {
        return host_meta_json(State(ctx)).await;
    }
    let template = template(&ctx);
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n\
         \x20 <Link rel=\"lrdd\" template=\"{template}\"/>\n\
         </XRD>\n"
    );
    let kind = HeaderValue::from_static("application/xrd+xml; charset=utf-8");
    open((StatusCode::OK, [(header::CONTENT_TYPE, kind)], body).into_response())
}

/// `GET /.well-known/host-meta.json`
pub(super) async fn host_meta_json(State(ctx): State<Ctx>) -> Response {
    let links = json!({ "links": [
        { "rel": "lrdd", "type": "application/jrd+json", "template": template(&ctx) },
    ] });
    let kind = HeaderValue::from_static("application/jrd+json");
    open(([(header::CONTENT_TYPE, kind)], links.to_string()).into_response())
}
