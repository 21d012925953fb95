//! How an address finds its commune.

use askama::Template;
use axum::extract::{FromRef, FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use federation::Ctx;
use platform::StoreError;
use platform::web::{Failure, Page, Visit, Wants, html, redirect};
use serde::Deserialize;

use super::views::Listed;
use crate::actions::{self, Place};
use crate::model::Commune;

/// The commune that the first part of the path names (`/eze-06/…`).
///
/// Another spelling, an old name or an INSEE code is sent to the right address; a wrong one gets 404, with the
/// communes that look like it.
#[derive(Debug)]
pub struct CommuneRef(pub Commune);

#[derive(Deserialize)]
struct First {
    commune: String,
}

impl<S> FromRequestParts<S> for CommuneRef
where
    Ctx: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let ctx = Ctx::from_ref(state);
        let Path(First { commune: address }) = Path::from_request_parts(parts, state)
            .await
            .map_err(|_| Failure::not_found().into_response())?;
        let failed = |error: StoreError| Failure::from(error).into_response();
        match actions::at(&ctx, &address).await.map_err(failed)? {
            Place::Here(commune) => Ok(Self(*commune)),
            Place::Moved(commune) => Err(same_below(parts, StatusCode::PERMANENT_REDIRECT, &commune)),
            Place::For(commune) => Err(same_below(parts, StatusCode::TEMPORARY_REDIRECT, &commune)),
            Place::Nowhere => Err(lost(&ctx, parts, &address)
                .await
                .unwrap_or_else(IntoResponse::into_response)),
        }
    }
}

/// The same page of the right commune.
fn same_below(parts: &Parts, status: StatusCode, commune: &Commune) -> Response {
    let asked = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let below = asked
        .trim_start_matches('/')
        .find(['/', '?'])
        .map(|at| asked.trim_start_matches('/').split_at(at).1);
    redirect(
        status,
        &format!("{}{}", commune.path(), below.unwrap_or_default()),
    )
}

#[derive(Template)]
#[template(path = "commune/lost.html")]
struct LostPage {
    page: Page,
    listed: Vec<Listed>,
}

/// 404, with what may have been meant when a person reads it.
async fn lost(ctx: &Ctx, parts: &Parts, address: &str) -> Result<Response, Failure> {
    let visit = parts
        .extensions
        .get::<Visit>()
        .filter(|visit| visit.wants == Wants::Html);
    // Those who try `/wp-login.php` are not looking for a commune.
    let a_name = address.len() <= 80 && !address.contains(['.', '<', '\0']);
    let (Some(visit), true, &Method::GET) = (visit, a_name, &parts.method) else {
        return Err(Failure::not_found());
    };
    let alike = actions::like_address(ctx, address).await?;
    if alike.is_empty() {
        return Err(Failure::not_found());
    }
    let mut page = Page::titled(ctx, visit, "commune-lost-title");
    page.noindex = true;
    page.in_error = true;
    let listed = alike
        .iter()
        .map(|commune| Listed::by_name(&page, commune))
        .collect();
    html(StatusCode::NOT_FOUND, &LostPage { page, listed })
}
