//! The Mastodon client API, so that existing phone apps work with an account of this server.
//!
//! Owns the tables `client_*`, the routes `/oauth/…` and `/api/v1…`, `/api/v2…`. Knows no section: each
//! registers how its objects read as statuses and what reply, like and edit mean there.

mod bearer;
mod oauth;
mod params;
mod scopes;
mod store;
mod tokens;

use axum::Router;
use federation::Ctx;

pub use bearer::{Bearer, MaybeBearer};
pub use params::Params;
pub use scopes::Scopes;
pub use tokens::{for_command_line, revoke_all};

/// All routes of this room.
pub fn routes() -> Router<Ctx> {
    oauth::routes()
}
