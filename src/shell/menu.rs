//! "Plus": every section on one plain page.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commune::CommuneRef;
use federation::Ctx;
use platform::web::{Failure, Page, Visit, html};

#[derive(Template)]
#[template(path = "shell/more.html")]
struct More {
    page: Page,
}

pub(crate) async fn show(State(ctx): State<Ctx>, visit: Visit) -> Result<Response, Failure> {
    let page = Page::titled(&ctx, &visit, "shell-more-title");
    html(StatusCode::OK, &More { page })
}

pub(crate) async fn show_in_commune(
    State(ctx): State<Ctx>,
    visit: Visit,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    let title = ctx.words.t(visit.lang, "shell-more-title");
    let page = commune::page_of(&ctx, &visit, &commune, "plus", title);
    html(StatusCode::OK, &More { page })
}
