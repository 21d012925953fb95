//! The front page of the server: for a citizen the way to her commune, for everybody else the search.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commune::Commune;
use federation::Ctx;
use platform::web::{Failure, Page, Visit, html, see_other};

const SHOWN: i64 = 12;

#[derive(Template)]
#[template(path = "shell/home.html")]
struct Home {
    page: Page,
    communes: Vec<Commune>,
    registrations: bool,
}

pub(crate) async fn show(State(ctx): State<Ctx>, visit: Visit) -> Result<Response, Failure> {
    if let Some(viewer) = &visit.viewer {
        return Ok(see_other(&ctx, super::way_back(&viewer.home), None));
    }
    let mut page = Page::titled(&ctx, &visit, "shell-home-title");
    page.canonical = Some(ctx.urls.to("/"));
    page.og = vec![
        ("og:type".to_owned(), "website".to_owned()),
        ("og:title".to_owned(), ctx.instance.name.clone()),
        ("og:description".to_owned(), ctx.instance.description.clone()),
        ("og:url".to_owned(), ctx.urls.to("/")),
        ("og:image".to_owned(), ctx.urls.to("/static/icon-512.png")),
    ];
    let communes = commune::actions::claimed(&ctx, SHOWN).await?;
    let registrations = ctx.instance.registrations;
    html(
        StatusCode::OK,
        &Home {
            page,
            communes,
            registrations,
        },
    )
}
