//! What the town hall does with its posts besides writing them; following.

use account::Citizen;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::CommuneRef;
use federation::Ctx;
use platform::Timestamp;
use platform::text::{self, Html};
use platform::web::{Failure, FlashKind, Page, Submitted, Visit, html, see_other};

use super::author;
use crate::actions;
use crate::model::{PostId, PostState};
use crate::store;

/// A line in the list of what is not published yet.
struct Draft {
    href: String,
    heading: String,
    scheduled_at: Option<Timestamp>,
    written_at: Timestamp,
}

#[derive(Template)]
#[template(path = "news/drafts.html")]
struct Drafts {
    page: Page,
    drafts: Vec<Draft>,
    new_href: String,
}

pub(super) async fn drafts(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    author(&ctx, &citizen, &commune).await?;
    let title = ctx.words.t(visit.lang, "news-drafts-title");
    let mut page = commune::page_of(&ctx, &visit, &commune, "news", title);
    page.noindex = true;
    let untitled = page.t("news-draft-untitled");
    let drafts = store::unpublished(&ctx.db, commune.code.as_str())
        .await?
        .into_iter()
        .map(|post| {
            let excerpt = text::excerpt(&Html::from_store(post.html), 80);
            let heading = [post.title, excerpt, untitled.clone()]
                .into_iter()
                .find(|text| !text.is_empty());
            Draft {
                href: commune.below(&format!("actualites/{}/modifier", post.id)),
                heading: heading.unwrap_or_default(),
                scheduled_at: post.scheduled_at.filter(|_| post.state == PostState::Scheduled),
                written_at: post.created_at,
            }
        })
        .collect();
    let label = page.t("news-nav");
    let page = page.back_to(label, commune.path());
    html(
        StatusCode::OK,
        &Drafts {
            page,
            drafts,
            new_href: commune.below("actualites/nouvelle"),
        },
    )
}

#[derive(Template)]
#[template(path = "news/remove.html")]
struct Remove {
    page: Page,
    heading: String,
    action: String,
    back: String,
    published: bool,
}

pub(super) async fn confirm_removal(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, PostId)>,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &commune).await?;
    let post = store::by_id(&ctx.db, id)
        .await?
        .filter(|post| post.actor_id == author.office.id);
    let post = post
        .filter(|post| post.state != PostState::Deleted)
        .ok_or_else(Failure::not_found)?;
    let title = ctx.words.t(visit.lang, "news-remove-title");
    let mut page = commune::page_of(&ctx, &visit, &commune, "news", title);
    page.noindex = true;
    let excerpt = text::excerpt(&Html::from_store(post.html), 80);
    let published = post.published_at.is_some();
    let back = if published {
        commune.below(&format!("actualites/{id}"))
    } else {
        commune.below(&format!("actualites/{id}/modifier"))
    };
    let shown = Remove {
        page,
        heading: if post.title.is_empty() {
            excerpt
        } else {
            post.title
        },
        action: commune.below(&format!("actualites/{id}/supprimer")),
        back,
        published,
    };
    html(StatusCode::OK, &shown)
}

pub(super) async fn remove(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, PostId)>,
    _form: Submitted,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &commune).await?;
    actions::delete_post(&ctx, &author, id).await?;
    Ok(see_other(
        &ctx,
        &commune.path(),
        Some((FlashKind::Success, "news-flash-removed")),
    ))
}

pub(super) async fn pin(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, PostId)>,
    form: Submitted,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &commune).await?;
    let pinned = form.get("pinned") == "1";
    actions::pin_post(&ctx, &author, id, pinned).await?;
    let flash = if pinned {
        "news-flash-pinned"
    } else {
        "news-flash-unpinned"
    };
    Ok(see_other(
        &ctx,
        &commune.path(),
        Some((FlashKind::Success, flash)),
    ))
}

pub(super) async fn follow(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    form: Submitted,
) -> Result<Response, Failure> {
    let claim = commune.claim.as_ref().ok_or_else(Failure::not_found)?;
    let office = federation::actors::by_id(&ctx, claim.mayor)
        .await?
        .ok_or_else(Failure::not_found)?;
    let mut tx = ctx.db.begin().await?;
    let flash = if form.get("follow") == "0" {
        federation::follows::unfollow(&ctx, &mut tx, &citizen.actor, &office).await?;
        "news-flash-unfollowed"
    } else {
        federation::follows::follow(&ctx, &mut tx, &citizen.actor, &office).await?;
        "news-flash-followed"
    };
    tx.commit().await?;
    Ok(see_other(
        &ctx,
        &commune.path(),
        Some((FlashKind::Success, flash)),
    ))
}
