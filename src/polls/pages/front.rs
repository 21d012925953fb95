//! What can be answered now, among the news on the front page of a commune. Never how many have.

use askama::Template;
use axum::extract::FromRequestParts as _;
use axum::http::request::Parts;
use commune::Commune;
use federation::Ctx;
use platform::Timestamp;
use platform::text::french;
use platform::web::{Failure, Page, Visit};
use shell::{Column, Piece, Pieces};

use crate::store::{opinions, polls};

/// Cards shown; the others are in the section.
const SHOWN: usize = 2;

/// Something that can be answered.
struct Card {
    id: i64,
    href: String,
    question: String,
    anonymous: bool,
    closes_at: Timestamp,
}

#[derive(Template)]
#[template(path = "polls/front.html")]
struct Open {
    page: Page,
    cards: Vec<Card>,
    /// The section, when it holds more of them.
    more: String,
}

/// Draws the cards; nothing when nothing is asked.
pub(crate) fn pieces(ctx: Ctx, mut parts: Parts, commune: Commune) -> Pieces {
    Box::pin(async move {
        let visit = Visit::from_request_parts(&mut parts, &ctx)
            .await
            .map_err(|_| Failure::internal("no visit in the request"))?;
        let mut cards = cards(&ctx, &commune).await?;
        if cards.is_empty() {
            return Ok(Vec::new());
        }
        let more = if cards.len() > SHOWN {
            commune.below("sondages")
        } else {
            String::new()
        };
        cards.truncate(SHOWN);
        let shown = Open {
            page: commune::page_of(&ctx, &visit, &commune, "news", ""),
            cards,
            more,
        };
        Ok(vec![Piece {
            column: Column::Main,
            html: shown.render()?,
        }])
    })
}

async fn cards(ctx: &Ctx, commune: &Commune) -> Result<Vec<Card>, Failure> {
    let (code, now, limit) = (commune.code.as_str(), ctx.clock.now(), SHOWN as i64 + 1);
    let open = polls::open_now(&ctx.db, code, now, limit).await?;
    let mut cards: Vec<Card> = open
        .into_iter()
        .map(|poll| Card {
            id: poll.id.0,
            href: commune.below(&format!("sondages/{}", poll.id)),
            question: french(&poll.question),
            anonymous: true,
            closes_at: poll.closes_at,
        })
        .collect();
    let asked = opinions::open_now(&ctx.db, code, now, limit).await?;
    cards.extend(asked.into_iter().map(|opinion| Card {
        id: opinion.id.0,
        href: commune.below(&format!("avis-publics/{}", opinion.id)),
        question: french(&opinion.question),
        anonymous: false,
        closes_at: opinion.closes_at,
    }));
    cards.sort_by_key(|card| (card.closes_at, card.id));
    Ok(cards)
}
