//! The doors for other servers: `/inbox`, `/ap/…`, `/.well-known/…`, `/nodeinfo/…`.
//!
//! What anybody may read is served to anybody (unless `authorized_fetch`); what only some may read is served
//! to those who sign for one of them, and is missing for all others, with the same answer as what never was.

mod actors;
mod answer;
mod collections;
mod inbox;
mod nodeinfo;
mod objects;
mod reader;
mod wellknown;

use axum::Router;
use axum::routing::{get, post};

use crate::Ctx;

/// All routes of this room; none when this server speaks with no other.
pub fn routes(ctx: &Ctx) -> Router<Ctx> {
    if !ctx.federation().enabled {
        return Router::new();
    }
    Router::new()
        .route("/inbox", post(inbox::shared))
        .route("/ap/instance", get(actors::instance))
        .route("/ap/instance/inbox", post(inbox::shared))
        .route("/ap/instance/{name}", get(collections::of_instance))
        .route("/ap/actors/{id}", get(actors::show))
        .route("/ap/actors/{id}/inbox", post(inbox::of_actor))
        .route("/ap/actors/{id}/{name}", get(collections::of_actor))
        .route("/ap/activities/{id}", get(objects::activity))
        .route("/ap/{kind}/{id}", get(objects::show))
        .route("/ap/{kind}/{id}/{name}", get(objects::collection))
        .route("/.well-known/webfinger", get(wellknown::webfinger))
        .route("/.well-known/host-meta", get(wellknown::host_meta))
        .route("/.well-known/host-meta.json", get(wellknown::host_meta_json))
        .route("/.well-known/nodeinfo", get(nodeinfo::links))
        .route("/nodeinfo/{version}", get(nodeinfo::show))
}
