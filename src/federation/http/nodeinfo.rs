//! NodeInfo 2.0 and 2.1: which software this is and how much it is used.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use platform::web::Failure;
use serde_json::{Map, Value, json};

use crate::objects::Usage;
use crate::{Ctx, instance_uri};

const SCHEMA: &str = "http://nodeinfo.diaspora.software/ns/schema";
/// Fewer people than this are not counted: in a village they have names.
const FLOOR: i64 = 5;

/// `GET /.well-known/nodeinfo`
pub(super) async fn links(State(ctx): State<Ctx>) -> Response {
    let link = |version: &str| {
        json!({
            "rel": format!("{SCHEMA}/{version}"),
            "href": ctx.urls.to(&format!("/nodeinfo/{version}")),
        })
    };
    let body = json!({ "links": [
        link("2.1"),
        link("2.0"),
        {
            "rel": "https://www.w3.org/ns/activitystreams#Application",
            "type": "application/activity+json",
            "href": instance_uri(&ctx),
        },
    ] });
    let kind = HeaderValue::from_static("application/json");
    open(([(header::CONTENT_TYPE, kind)], body.to_string()).into_response())
}

/// `GET /nodeinfo/{version}`
pub(super) async fn show(State(ctx): State<Ctx>, Path(version): Path<String>) -> Result<Response, Failure> {
    if !matches!(version.as_str(), "2.0" | "2.1") {
        return Err(Failure::not_found());
    }
    let usage = ctx.objects().count(&ctx).await?;
    let mut software = json!({ "name": "parvis", "version": env!("CARGO_PKG_VERSION") });
    if version == "2.1"
        && let Some(map) = software.as_object_mut()
    {
        if !ctx.instance.source_url.is_empty() {
            map.insert("repository".to_owned(), json!(ctx.instance.source_url));
        }
        map.insert("homepage".to_owned(), json!(ctx.urls.to("/")));
    }
    let body = json!({
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": { "inbound": [], "outbound": [] },
        "openRegistrations": ctx.instance.registrations,
        "usage": counted(usage),
        "metadata": {
            "nodeName": ctx.instance.name,
            "nodeDescription": ctx.instance.description,
        },
    });
    let kind = format!("application/json; profile=\"{SCHEMA}/{version}#\"");
    let kind = HeaderValue::try_from(kind).unwrap_or(HeaderValue::from_static("application/json"));
    Ok(open(
        ([(header::CONTENT_TYPE, kind)], body.to_string()).into_response(),
    ))
}

fn counted(usage: Usage) -> Value {
    let mut users = Map::new();
    for (name, number) in [
        ("total", usage.users),
        ("activeMonth", usage.active_month),
        ("activeHalfyear", usage.active_halfyear),
    ] {
        if number >= FLOOR {
            users.insert(name.to_owned(), json!(number));
        }
    }
    json!({ "users": users, "localPosts": usage.posts, "localComments": usage.comments })
}

fn open(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handful_of_people_is_not_counted() {
        let usage = Usage {
            users: 12,
            active_month: 4,
            active_halfyear: 5,
            posts: 3,
            comments: 0,
        };
        assert_eq!(
            counted(usage),
            json!({ "users": { "total": 12, "activeHalfyear": 5 }, "localPosts": 3, "localComments": 0 })
        );
    }
}
