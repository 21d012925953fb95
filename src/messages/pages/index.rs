//! `/{commune}/messages`: the mailbox.

use account::Citizen;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::web::{Failure, Page, Visit, html};

use super::lines::{Asked, List, list};

#[derive(Template)]
#[template(path = "messages/index.html")]
struct Index {
    page: Page,
    commune: Commune,
    list: List,
}

pub(super) async fn index(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    if !commune.is_claimed() {
        return Err(crate::MessageError::from(crate::model::Refusal::NotHere).into());
    }
    let title = ctx.words.t(visit.lang, "messages-title");
    let page = super::page(&ctx, &visit, &commune, title);
    let list = list(&ctx, &page, &citizen, &commune, &asked, None).await?;
    html(StatusCode::OK, &Index { page, commune, list })
}
