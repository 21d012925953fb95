//! The front page of a commune: its feed; and the posts that bear a hashtag.

use account::{Right, Viewer};
use askama::Template;
use axum::RequestPartsExt as _;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use commune::pages::FrontAnswer;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::store::Paging;
use platform::text;
use platform::web::{Failure, FeedLink, Page, Visit, html, redirect};
use serde::Deserialize;
use shell::Front;

use super::reader;
use super::view::{PostView, views};
use crate::model::Topic;
use crate::store;

const PER_PAGE: i64 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    avant: Option<i64>,
    theme: Option<String>,
    rang: Option<i64>,
}

/// A topic in the strip of filters.
struct Filter {
    code: &'static str,
    current: bool,
}

#[derive(Template)]
#[template(path = "news/index.html")]
struct Index {
    page: Page,
    commune: Commune,
    filters: Vec<Filter>,
    all_current: bool,
    pinned: Vec<PostView>,
    /// What other sections show among the news and beside them.
    among: Vec<String>,
    beside: Vec<String>,
    posts: Vec<PostView>,
    range: String,
    older: String,
    newer: String,
    may_publish: bool,
    signed_in: bool,
    follows: bool,
    handle: String,
}

/// Draws the front page of a commune whose town hall is here, or whose news are carried from another server.
pub fn front(ctx: Ctx, mut parts: Parts, commune: Commune) -> FrontAnswer {
    Box::pin(async move {
        let visit: Visit = parts.extract().await?;
        let Ok(viewer) = parts.extract::<Viewer>().await;
        let Query(wanted) = Query::<Wanted>::try_from_uri(&parts.uri).unwrap_or_default();
        let carried = store::carried_actors(&ctx.db, commune.code.as_str()).await?;
        if !commune.is_claimed() && carried.is_empty() {
            return Ok(None);
        }
        // Older pages of the feed are for reading on.
        let pieces = match wanted.avant {
            None => Front::draw(&ctx, &parts, &commune).await?,
            Some(_) => Default::default(),
        };
        draw(&ctx, &visit, &viewer, commune, wanted, pieces)
            .await
            .map(Some)
    })
}

/// `/{commune}/actualites` is the front page's other name.
pub(super) async fn index(CommuneRef(commune): CommuneRef) -> Response {
    redirect(StatusCode::PERMANENT_REDIRECT, &commune.path())
}

async fn draw(
    ctx: &Ctx,
    visit: &Visit,
    viewer: &Viewer,
    commune: Commune,
    wanted: Wanted,
    (among, beside): (Vec<String>, Vec<String>),
) -> Result<Response, Failure> {
    let topic = wanted.theme.as_deref().and_then(Topic::from_code);
    let reader = reader(ctx, viewer, &commune).await?;
    let code = commune.code.to_string();
    let paging = Paging::before(wanted.avant, PER_PAGE);
    let found = store::feed(&ctx.db, &code, topic, reader, &paging).await?;
    let total = store::count_feed(&ctx.db, &code, topic, reader).await?;
    let first_page = wanted.avant.is_none();
    let pinned = if first_page && topic.is_none() {
        let shown = views(ctx, viewer, store::pinned_in(&ctx.db, &code, reader).await?).await?;
        super::talk::rows(ctx, visit, shown)?
    } else {
        Vec::new()
    };
    let theme = topic
        .map(|topic| format!("&theme={}", topic.code()))
        .unwrap_or_default();
    let rank = if first_page {
        1
    } else {
        wanted.rang.unwrap_or(1).clamp(1, total.max(1))
    };
    let last = rank + found.items.len() as i64 - 1;
    let older = match found.items.last() {
        Some(post) if found.has_more => {
            format!("{}?avant={}&rang={}{theme}", commune.path(), post.id, last + 1)
        }
        _ => String::new(),
    };
    let newer = if first_page {
        String::new()
    } else {
        format!("{}?{}", commune.path(), theme.trim_start_matches('&'))
    };
    // A pinned post stands at the top and not a second time below.
    let posts: Vec<_> = found
        .items
        .into_iter()
        .filter(|post| !(first_page && topic.is_none() && post.pinned_at.is_some()))
        .collect();
    let posts = super::talk::rows(ctx, visit, views(ctx, viewer, posts).await?)?;
    let mut page = commune::page_of(ctx, visit, &commune, "news", ctx.words.t(visit.lang, "news-nav"));
    dress(ctx, &mut page, &commune);
    let range = if total == 0 {
        String::new()
    } else {
        let number = |n: i64| page.number(&n);
        page.ta(
            "news-range",
            &[
                ("first", &number(rank)),
                ("last", &number(last)),
                ("total", &number(total)),
            ],
        )
    };
    let may_publish = viewer.acting_for(Right::News, &commune).is_some();
    let shown = Index {
        filters: Topic::ALL
            .iter()
            .map(|one| Filter {
                code: one.code(),
                current: topic == Some(*one),
            })
            .collect(),
        all_current: topic.is_none(),
        pinned,
        among,
        beside,
        posts,
        range,
        older,
        newer,
        may_publish,
        signed_in: viewer.is_signed_in(),
        follows: reader.follower,
        handle: format!("@{}@{}", commune.mayor_handle(), ctx.urls.authority()),
        page,
        commune,
    };
    html(StatusCode::OK, &shown)
}

fn dress(ctx: &Ctx, page: &mut Page, commune: &Commune) {
    page.plate_is_h1 = true;
    page.canonical = Some(ctx.urls.to(&commune.path()));
    page.description = page.ta("news-description", &[("of", &commune.name.of())]);
    page.og = vec![
        ("og:type".to_owned(), "website".to_owned()),
        ("og:title".to_owned(), commune.name.shown()),
        ("og:description".to_owned(), page.description.clone()),
        ("og:url".to_owned(), ctx.urls.to(&commune.path())),
        ("og:image".to_owned(), ctx.urls.to("/static/icon-512.png")),
    ];
    page.feeds = feeds(page, commune);
}

/// The two feeds of a commune.
pub(super) fn feeds(page: &Page, commune: &Commune) -> Vec<FeedLink> {
    let title = page.ta("news-feed-title", &[("of", &commune.name.of())]);
    vec![
        FeedLink {
            title: title.clone(),
            href: commune.below("actualites.atom"),
            kind: "application/atom+xml",
        },
        FeedLink {
            title,
            href: commune.below("actualites.json"),
            kind: "application/feed+json",
        },
    ]
}

#[derive(Template)]
#[template(path = "news/tag.html")]
struct TagPage {
    page: Page,
    posts: Vec<PostView>,
    older: String,
}

pub(super) async fn tag(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    Path(tag): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let folded = text::fold(&tag);
    if folded.is_empty() || folded.len() > 200 {
        return Err(Failure::not_found());
    }
    let found = store::by_tag(&ctx.db, &folded, false, &Paging::before(wanted.avant, PER_PAGE)).await?;
    let older = match found.items.last() {
        Some(post) if found.has_more => format!("/mots-cles/{folded}?avant={}", post.id),
        _ => String::new(),
    };
    let posts = super::talk::rows(&ctx, &visit, views(&ctx, &viewer, found.items).await?)?;
    let mut page = Page::new(&ctx, &visit, format!("#{}", text::clean_line(&tag, 80)));
    page.noindex = posts.is_empty();
    html(StatusCode::OK, &TagPage { page, posts, older })
}
