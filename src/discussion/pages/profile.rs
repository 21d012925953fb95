//! `/@handle`: who somebody is for whoever comes from another server. A citizen has such a page once her
//! comments may leave this server; before that nothing tells that she exists.

use account::Viewer;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use federation::{Actor, Ctx, actors};
use platform::Timestamp;
use platform::store::Paging;
use platform::text::{self, Html};
use platform::web::{Failure, Page, Visit, Wants, html, redirect};
use serde::Deserialize;

use crate::Subjects;
use crate::actions::{comments_of_actor, may_read_thing};
use crate::model::COMMENTS;

const PER_PAGE: i64 = 20;
const EXCERPT: usize = 280;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    avant: Option<i64>,
}

/// Something she said, and where.
struct Said {
    href: String,
    at: Timestamp,
    language: String,
    words: String,
    /// What it is about.
    about: String,
}

#[derive(Template)]
#[template(path = "discussion/profile.html")]
struct ProfilePage {
    page: Page,
    name: String,
    handle: String,
    avatar: String,
    summary: Html,
    said: Vec<Said>,
    older: String,
}

/// `GET /@{handle}`, with or without `@host`.
pub(super) async fn show(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    viewer: Viewer,
    Path(handle): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let (name, host) = match handle.split_once('@') {
        Some((name, host)) => (name, Some(host)),
        None => (handle.as_str(), None),
    };
    if host.is_some_and(|host| !host.eq_ignore_ascii_case(ctx.urls.authority())) {
        return Err(Failure::not_found());
    }
    let actor = actors::by_handle(&ctx, name, None)
        .await?
        .filter(|actor| actor.local)
        .ok_or_else(Failure::not_found)?;
    let own = viewer
        .citizen()
        .is_some_and(|citizen| citizen.actor.id == actor.id);
    if !actor.is_visible() && !own {
        return Err(Failure::not_found());
    }
    if visit.wants == Wants::Activity && actor.is_visible() {
        return Ok(redirect(StatusCode::SEE_OTHER, &actor.uri));
    }
    let here = format!("/@{}", actor.handle);
    // A town hall's page is its commune's.
    let page = ctx.urls.path_of(actor.page()).unwrap_or_default().to_owned();
    if page.starts_with('/') && page != here {
        return Ok(redirect(StatusCode::SEE_OTHER, &page));
    }
    if handle != actor.handle {
        return Ok(redirect(StatusCode::SEE_OTHER, &here));
    }
    draw(&ctx, &subjects, &visit, &actor, &wanted).await
}

async fn draw(
    ctx: &Ctx,
    subjects: &Subjects,
    visit: &Visit,
    actor: &Actor,
    wanted: &Wanted,
) -> Result<Response, Failure> {
    let found = comments_of_actor(ctx, actor.id, &Paging::before(wanted.avant, PER_PAGE)).await?;
    let older = match found.items.last() {
        Some(last) if found.has_more => format!("/@{}?avant={}", actor.handle, last.id),
        _ => String::new(),
    };
    let ids: Vec<(String, i64)> = found
        .items
        .iter()
        .map(|comment| (COMMENTS.to_owned(), comment.id.0))
        .collect();
    let things = subjects.things(ctx, &ids).await?;
    let mut said = Vec::new();
    for comment in found.items {
        let Some(thing) = things.get(&comment.target()) else {
            continue;
        };
        // What anybody may read, whoever asks.
        if may_read_thing(ctx, None, thing).await? {
            let words = if comment.summary.is_empty() {
                text::excerpt(&Html::from_store(comment.html.clone()), EXCERPT)
            } else {
                comment.summary.clone()
            };
            said.push(Said {
                href: format!("/commentaires/{}", comment.id),
                at: comment.created_at,
                language: text::clean_line(&comment.language, 16),
                words,
                about: thing.subject().excerpt.clone(),
            });
        }
    }
    let mut page = Page::new(ctx, visit, actor.display_name());
    page.canonical = Some(ctx.urls.to(&format!("/@{}", actor.handle)));
    page.noindex = !actor.discoverable || wanted.avant.is_some();
    let shown = ProfilePage {
        name: actor.display_name().to_owned(),
        handle: actor.full_handle(),
        avatar: account::avatar(actor),
        summary: Html::from_store(actor.summary.clone()),
        said,
        older,
        page,
    };
    html(StatusCode::OK, &shown)
}
