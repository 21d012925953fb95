//! The way to the town hall, beside the news on the front page of a commune.

use askama::Template;
use axum::extract::FromRequestParts as _;
use axum::http::request::Parts;
use commune::Commune;
use federation::Ctx;
use platform::web::{Failure, Page, Visit};
use shell::{Column, Piece, Pieces};

#[derive(Template)]
#[template(path = "messages/front.html")]
struct Front {
    page: Page,
    write: String,
    request: String,
}

/// Draws the card; nothing where no town hall is here to read.
pub(crate) fn pieces(ctx: Ctx, mut parts: Parts, commune: Commune) -> Pieces {
    Box::pin(async move {
        if !commune.is_claimed() {
            return Ok(Vec::new());
        }
        let visit = Visit::from_request_parts(&mut parts, &ctx)
            .await
            .map_err(|_| Failure::internal("no visit in the request"))?;
        let shown = Front {
            page: commune::page_of(&ctx, &visit, &commune, "news", ""),
            write: commune.below("messages/nouveau"),
            request: commune.below("messages/demande"),
        };
        Ok(vec![Piece {
            column: Column::Aside,
            html: shown.render()?,
        }])
    })
}
