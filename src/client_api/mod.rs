//! The Mastodon client API, so that existing phone apps work with an account of this server.
//!
//! Owns the tables `client_*`, the routes `/oauth/…` and `/api/v1…`, `/api/v2…`, and what stands before every
//! door for programs (CORS, limits). Knows no section: each describes its things as [`Record`]s and does what
//! programs ask through its [`Source`]; comments, likes, shares and flags are the discussion's.

mod bearer;
mod door;
mod doors;
mod elsewhere;
mod entities;
mod fields;
mod gate;
mod held;
mod oauth;
mod once;
mod params;
mod private;
mod scopes;
mod source;
mod store;
mod tokens;

use std::time::Duration;

use axum::{Extension, Router};
use federation::Ctx;
use platform::queue::Registry;
use platform::web::api::About;

pub use bearer::{Bearer, MaybeBearer};
pub use entities::media::of_upload;
pub use fields::{Fields, QueryFields};
pub use gate::layer;
pub use held::holding;
pub use once::Once;
pub use params::{Params, number};
pub use private::{Direct, DirectWords, NewDirect, Private, Talk};
pub use scopes::Scopes;
pub use source::{
    Answer, Api, Attached, Ballots, Card, Figures, Filter, List, NewPoll, NewStatus, Outcome, Poll, Record,
    Source, StatusEdit, Version,
};
pub use tokens::for_command_line;

/// What the document of the sections' API says of tokens.
pub const ABOUT: About = About {
    authorize: oauth::AUTHORIZE,
    token: oauth::TOKEN,
    scopes: &[
        ("read:statuses", "See what the person sees, and where she stands"),
        ("write:statuses", "Publish, vote and say that one comes"),
        ("write:follows", "Join and leave groups"),
        ("read:conversations", "Read formal requests"),
        ("write:conversations", "Hand formal requests in"),
    ],
};

/// All routes of this room.
pub fn routes(api: Api) -> Router<Ctx> {
    oauth::routes().merge(doors::routes().merge(elsewhere::routes()).layer(Extension(api)))
}

/// Its background work.
pub fn tasks(registry: &mut Registry<Ctx>) {
    registry.every(&once::Purge, Duration::from_secs(6 * 3600));
}
