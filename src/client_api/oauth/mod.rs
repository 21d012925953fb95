//! OAuth 2: programs register, a person agrees, a code is changed for a token (RFC 6749, 7009, 7636, 8414).

mod apps;
mod authorize;
mod token;

use axum::Router;
use axum::routing::{get, post};
use federation::Ctx;

/// Where a person is asked for leave.
pub(crate) const AUTHORIZE: &str = "/oauth/authorize";
/// Where a code is changed for a token.
pub(crate) const TOKEN: &str = "/oauth/token";

/// Its routes.
pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/api/v1/apps", post(apps::create))
        .route("/api/v1/apps/verify_credentials", get(apps::verify))
        .route(AUTHORIZE, get(authorize::show).post(authorize::decide))
        .route(TOKEN, post(token::create))
        .route("/oauth/revoke", post(token::revoke))
        .route("/oauth/userinfo", get(token::userinfo).post(token::userinfo))
        .route("/.well-known/oauth-authorization-server", get(token::metadata))
}

/// Shown on a page instead of a redirect, for programs that cannot be called back.
pub(crate) const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";
