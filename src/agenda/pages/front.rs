//! The next dates, beside the news on the front page of a commune.

use askama::Template;
use axum::extract::FromRequestParts as _;
use axum::http::request::Parts;
use commune::Commune;
use federation::Ctx;
use platform::web::{Failure, Page, Visit};
use shell::{Column, Piece, Pieces};

use super::view::{Row, mine, row};
use crate::store::lists;

/// Dates shown.
const SHOWN: i64 = 3;

#[derive(Template)]
#[template(path = "agenda/front.html")]
struct Next {
    page: Page,
    rows: Vec<Row>,
    all_href: String,
}

/// Draws the card; nothing when nothing comes. Never what is private: the page may be looked at together.
pub(crate) fn pieces(ctx: Ctx, mut parts: Parts, commune: Commune) -> Pieces {
    Box::pin(async move {
        let visit = Visit::from_request_parts(&mut parts, &ctx)
            .await
            .map_err(|_| Failure::internal("no visit in the request"))?;
        let now = ctx.clock.now();
        let lines = lists::coming(&ctx.db, commune.code.as_str(), false, now, None, SHOWN).await?;
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let below = commune.below("agenda");
        let none = mine(&ctx, None, &[]).await?;
        let rows = lines
            .iter()
            .map(|line| row(&ctx, visit.lang, commune.time_zone(), &below, line, &none))
            .collect();
        let shown = Next {
            page: commune::page_of(&ctx, &visit, &commune, "news", ""),
            rows,
            all_href: below,
        };
        Ok(vec![Piece {
            column: Column::Aside,
            html: shown.render()?,
        }])
    })
}
