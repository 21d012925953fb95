//! A post with its comments; its former versions.

use account::{Right, Viewer};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::Timestamp;
use platform::text::Html;
use platform::web::{Failure, FeedLink, Page, Visit, Wants, html, redirect};

use super::talk::ThreadPage;
use super::view::{PostView, views};
use super::{commune_of, hidden, readable, reader};
use crate::federation::subject;
use crate::model::{Post, PostId, PostState};
use crate::store;

#[derive(Template)]
#[template(path = "news/show.html")]
struct Show {
    page: Page,
    post: PostView,
    /// What another room shows with it: the ballot of a question.
    beside: Html,
    thread: Html,
    may_edit: bool,
    /// Says that moderators hid it, to those who still see it.
    withheld: Html,
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, PostId)>,
    Query(wanted): Query<ThreadPage>,
) -> Result<Response, Failure> {
    let reader = reader(&ctx, &viewer, &commune).await?;
    let post = match hidden::post(&ctx, &viewer, Some(&commune), id).await? {
        Some(hidden) => hidden,
        None => readable(&ctx, &commune, reader, id).await?,
    };
    if visit.wants == Wants::Activity && post.state == PostState::Published {
        return Ok(redirect(StatusCode::SEE_OTHER, &post.uri));
    }
    let page = commune::page_of(&ctx, &visit, &commune, "news", "");
    draw(&ctx, &visit, &viewer, page, Some(&commune), post, wanted).await
}

/// A post of another server that stands on no commune's page: somebody here follows its author.
pub(super) async fn show_alone(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    Path(id): Path<PostId>,
    Query(wanted): Query<ThreadPage>,
) -> Result<Response, Failure> {
    let post = store::by_id(&ctx.db, id).await?.ok_or_else(Failure::not_found)?;
    if let Some(code) = &post.commune {
        let commune = commune_of(&ctx, code).await?.ok_or_else(Failure::not_found)?;
        return Ok(redirect(
            StatusCode::SEE_OTHER,
            &commune.below(&format!("actualites/{id}")),
        ));
    }
    let is_hidden = hidden::post(&ctx, &viewer, None, id).await?.is_some();
    if !is_hidden && (post.state != PostState::Published || !post.visibility.is_open()) {
        return Err(Failure::not_found());
    }
    let mut page = Page::new(&ctx, &visit, "");
    page.noindex = true;
    draw(&ctx, &visit, &viewer, page, None, post, wanted).await
}

async fn draw(
    ctx: &Ctx,
    visit: &Visit,
    viewer: &Viewer,
    mut page: Page,
    commune: Option<&Commune>,
    post: Post,
    wanted: ThreadPage,
) -> Result<Response, Failure> {
    let subject = subject(ctx, &post).await?;
    let uri = post.uri.clone();
    let withheld = discussion::pages::withheld(ctx, visit, viewer, commune, &subject).await?;
    let (beside, thread) = if subject.open {
        (
            discussion::pages::beside(ctx, visit, viewer, &subject).await?,
            super::talk::thread(ctx, visit, viewer, commune, &subject, &wanted).await?,
        )
    } else {
        (Html::default(), Html::default())
    };
    let shown = views(ctx, viewer, vec![post]).await?;
    let Some(post) = super::talk::rows(ctx, visit, shown)?.pop() else {
        return Err(Failure::not_found());
    };
    page.title.clone_from(&post.heading);
    page.description = post.excerpt();
    page.noindex |= post.origin.is_some() || post.visibility != "public" || post.hidden;
    page.canonical = Some(
        post.origin
            .as_ref()
            .map_or_else(|| ctx.urls.to(&post.page), |(_, url)| url.clone()),
    );
    if !post.hidden {
        page.og = card(ctx, &post);
    }
    if let Some(commune) = commune {
        page.feeds = super::feed::feeds(&page, commune);
        if !page.noindex {
            // Who pastes the address of this page into another server finds the post by it.
            page.feeds.push(FeedLink {
                title: page.title.clone(),
                href: uri,
                kind: "application/activity+json",
            });
        }
        let label = page.t("news-nav");
        page = page.back_to(label, commune.path());
    }
    let may_edit =
        post.may_edit && commune.is_some_and(|commune| viewer.acting_for(Right::News, commune).is_some());
    html(
        StatusCode::OK,
        &Show {
            page,
            post,
            beside,
            thread,
            may_edit,
            withheld,
        },
    )
}

/// What other sites show when the page is shared.
fn card(ctx: &Ctx, post: &PostView) -> Vec<(String, String)> {
    let covered = post.sensitive && !post.warning.is_empty();
    let description = if covered {
        post.warning.clone()
    } else {
        post.excerpt()
    };
    let mut card = vec![
        ("og:type".to_owned(), "article".to_owned()),
        ("og:title".to_owned(), post.heading.clone()),
        ("og:description".to_owned(), description),
        ("og:url".to_owned(), ctx.urls.to(&post.page)),
        ("article:published_time".to_owned(), post.published_at.rfc3339()),
    ];
    match post.photos.first().filter(|_| !post.sensitive) {
        Some(photo) => {
            card.push(("og:image".to_owned(), ctx.urls.to(&photo.src)));
            card.push(("og:image:alt".to_owned(), photo.alt.clone()));
        }
        None => card.push(("og:image".to_owned(), ctx.urls.to("/static/icon-512.png"))),
    }
    card
}

/// A version of a post.
struct Version {
    title: String,
    html: Html,
    warning: String,
    at: Timestamp,
}

#[derive(Template)]
#[template(path = "news/history.html")]
struct History {
    page: Page,
    versions: Vec<Version>,
}

pub(super) async fn history(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, PostId)>,
) -> Result<Response, Failure> {
    let reader = reader(&ctx, &viewer, &commune).await?;
    let post = readable(&ctx, &commune, reader, id).await?;
    let mut versions: Vec<Version> = store::revisions(&ctx.db, id)
        .await?
        .into_iter()
        .map(|old| Version {
            title: old.title,
            html: Html::from_store(old.html),
            warning: old.summary,
            at: old.written_at,
        })
        .collect();
    versions.push(Version {
        at: post.edited_at.or(post.published_at).unwrap_or(post.created_at),
        title: post.title,
        html: Html::from_store(post.html),
        warning: post.summary,
    });
    versions.reverse();
    let title = ctx.words.t(visit.lang, "news-history-title");
    let mut page = commune::page_of(&ctx, &visit, &commune, "news", title);
    page.noindex = true;
    let label = page.t("news-back-to-post");
    let page = page.back_to(label, commune.below(&format!("actualites/{id}")));
    html(StatusCode::OK, &History { page, versions })
}
