//! The cement tiles of people without a photo.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use federation::ActorId;
use platform::web::Failure;
use platform::web::tile::tile_svg;

/// The address of an actor's tile.
pub(crate) fn tile_address(actor: ActorId) -> String {
    format!("/carreaux/{actor}.svg")
}

/// Drawn from the id alone: nothing is looked up, and an id that nobody has gets a tile too.
pub(super) async fn show(Path(file): Path<String>) -> Result<Response, Failure> {
    let seed: u64 = file
        .strip_suffix(".svg")
        .filter(|id| id.len() <= 19)
        .and_then(|id| id.parse().ok())
        .ok_or_else(Failure::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, tile_svg(seed)).into_response())
}
