//! The page about the vote, with the fingerprint of the script.

use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use federation::Ctx;
use platform::web::{Failure, Page, Visit, assets, html};

/// The script, always at this address.
pub(super) const SCRIPT: &str = "/static/urne.js";

fn hash() -> Vec<u8> {
    let script = assets::file("urne.js").unwrap_or_default();
    digest(&SHA256, &script).as_ref().to_vec()
}

/// For `integrity`: the browser runs no other file than the one whose hash is printed.
pub(super) fn integrity() -> String {
    format!("sha256-{}", STANDARD.encode(hash()))
}

#[derive(Template)]
#[template(path = "polls/trust.html")]
struct Trust {
    page: Page,
    script: &'static str,
    fingerprint: String,
}

pub(super) async fn show(State(ctx): State<Ctx>, visit: Visit) -> Result<Response, Failure> {
    let page = Page::titled(&ctx, &visit, "polls-trust-title");
    html(
        StatusCode::OK,
        &Trust {
            page,
            script: SCRIPT,
            fingerprint: hex::encode(hash()),
        },
    )
}
