//! What a section of the product hands to the composition: the only door between it and the rest.

use std::pin::Pin;

use axum::Router;
use axum::extract::{RawPathParams, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use federation::objects::Objects;
use federation::{Ctx, Inbox};
use platform::StoreError;
use platform::queue::Registry;
use platform::web::api::ApiRouter;
use platform::web::{Failure, NavEntry};

use crate::front::OnFront;

/// How many things that must come to their end run in a section: in the commune with this INSEE code, or in all.
pub type Running = fn(Ctx, Option<String>) -> Pin<Box<dyn Future<Output = Result<i64, StoreError>> + Send>>;

/// A section: its routes, its menu entry, what it does in the background, what it claims from other servers.
#[derive(Debug)]
pub struct Section {
    /// Its name in code and settings (`news`).
    pub name: &'static str,
    /// Its place in the menu; a section without pages of its own has none.
    pub nav: Option<NavEntry>,
    /// The path of the site map of its own public content (`/sitemaps/actualites.xml`).
    pub sitemap: Option<&'static str>,
    /// What it shows beside the news on the front page of a commune.
    pub front: Option<OnFront>,
    /// What keeps it from being switched off; a section without it can be switched off at any time.
    pub running: Option<Running>,
    /// Pages.
    pub routes: Router<Ctx>,
    /// Doors under `/api/parvis/v1`, described by their types.
    pub api: fn() -> ApiRouter<Ctx>,
    /// Kinds of background work.
    pub tasks: fn(&mut Registry<Ctx>),
    /// Activities it takes in.
    pub claims: fn(&mut Inbox),
    /// Objects it answers for.
    pub objects: fn(&mut Objects),
}

/// The routes of a section, which are not there while it is switched off: everywhere, or in the commune that the
/// address names. What is found by its own number only, the section itself looks after.
pub fn gated(ctx: &Ctx, name: &'static str, routes: Router<Ctx>) -> Router<Ctx> {
    routes.route_layer(from_fn_with_state((ctx.clone(), name), gate))
}

async fn gate(
    State((ctx, name)): State<(Ctx, &'static str)>,
    params: Result<RawPathParams, axum::extract::rejection::RawPathParamsRejection>,
    request: Request,
    next: Next,
) -> Response {
    let is_closed = match params {
        Ok(params) => is_closed(&ctx, name, &params).await,
        Err(_) => Ok(ctx.closed.contains(&name)),
    };
    match is_closed {
        Ok(false) => next.run(request).await,
        Ok(true) => Failure::not_found().into_response(),
        Err(error) => Failure::from(error).into_response(),
    }
}

async fn is_closed(ctx: &Ctx, name: &str, params: &RawPathParams) -> Result<bool, StoreError> {
    for (param, value) in params {
        match (param, value.parse()) {
            ("commune", _) => return commune::actions::is_closed_at(ctx, value, name).await,
            ("code", Ok(code)) => {
                return Ok(match commune::actions::by_code(ctx, code).await? {
                    Some(commune) => !commune::actions::offers(ctx, &commune, name),
                    None => ctx.closed.contains(&name),
                });
            }
            _ => {}
        }
    }
    Ok(ctx.closed.contains(&name))
}
