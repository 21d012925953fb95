//! Reading a comment: its place, the answers below it, its former versions.

use account::Viewer;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use federation::Ctx;
use platform::Timestamp;
use platform::text::Html;
use platform::web::{Failure, Page, Visit, Wants, html, redirect};
use serde::Deserialize;

use super::talk::form_of;
use super::view::{BranchView, branches};
use super::{page_beside, readable, reader};
use crate::Subjects;
use crate::actions;
use crate::model::{COMMENTS, CommentId, CommentState, Thing};

/// `GET /commentaires/{id}`: to its place on the page of its subject; other servers are led to the comment.
pub(super) async fn show(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    viewer: Viewer,
    Path(id): Path<CommentId>,
) -> Result<Response, Failure> {
    let (comment, subject) = match subjects.thing(&ctx, COMMENTS, id.0).await? {
        Some(Thing::Comment(comment, subject)) => (comment, subject),
        _ => return Err(Failure::not_found()),
    };
    let reader = reader(&viewer);
    let is_closed = subjects.is_closed(&ctx, &subject).await?;
    if is_closed || !actions::may_read(&ctx, reader.as_ref(), &subject).await? {
        return Err(Failure::not_found());
    }
    if comment.state == CommentState::Deleted {
        return Err(Failure::gone());
    }
    let thing = Thing::Comment(comment.clone(), subject.clone());
    if !actions::may_read_thing(&ctx, reader.as_ref(), &thing).await? {
        return Err(Failure::not_found());
    }
    if visit.wants == Wants::Activity {
        return Ok(redirect(StatusCode::SEE_OTHER, &comment.uri));
    }
    let branch = actions::branch(&ctx, reader.as_ref(), &subject, comment.root_id, None).await?;
    let is_in_sight = comment.id == comment.root_id
        || branch.is_some_and(|branch| branch.answers.iter().any(|answer| answer.comment.id == id));
    let place = if is_in_sight {
        let first = actions::thread(&ctx, reader.as_ref(), &subject, None).await?;
        let is_first = first
            .branches
            .iter()
            .any(|branch| branch.root.comment.id == comment.root_id);
        let from = if is_first {
            String::new()
        } else {
            format!("?depuis={}", comment.root_id)
        };
        format!("{}{from}#commentaire-{id}", subject.page)
    } else {
        let before = id.0 - 1;
        format!(
            "/commentaires/{}/reponses?apres={before}#commentaire-{id}",
            comment.root_id
        )
    };
    Ok(redirect(StatusCode::SEE_OTHER, &place))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    apres: Option<i64>,
}

#[derive(Template)]
#[template(path = "discussion/branch.html")]
struct BranchPage {
    page: Page,
    branch: BranchView,
    at: String,
    next: Option<String>,
}

/// `GET /commentaires/{id}/reponses?apres=…`: the answers that find no room under the subject.
pub(super) async fn branch(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    viewer: Viewer,
    Path(id): Path<CommentId>,
    Query(after): Query<After>,
) -> Result<Response, Failure> {
    let thing = readable(&ctx, &subjects, &viewer, COMMENTS, id.0).await?;
    let subject = thing.subject().clone();
    let from = after.apres.map(|after| CommentId(after.saturating_add(1)));
    let reader = reader(&viewer);
    let found = actions::branch(&ctx, reader.as_ref(), &subject, id, from)
        .await?
        .ok_or_else(Failure::not_found)?;
    let (page, commune) = page_beside(&ctx, &visit, &subject, "discussion-answers-title").await?;
    let form = form_of(&ctx, &viewer, commune.as_ref(), &subject).await?;
    let mut shown = branches(&ctx, &viewer, commune.as_ref(), &subject, vec![found]).await?;
    let mut branch = shown.pop().ok_or_else(Failure::not_found)?;
    let next = branch
        .answers
        .last()
        .filter(|_| branch.more > 0)
        .map(|last| format!("/commentaires/{id}/reponses?apres={}", last.id));
    branch.more = 0;
    let label = page.t("discussion-back-to-all");
    let page = page.back_to(label, format!("{}#commentaires", subject.page));
    html(
        StatusCode::OK,
        &BranchPage {
            page,
            branch,
            at: if form.open { form.action } else { String::new() },
            next,
        },
    )
}

/// A version of a comment.
struct Version {
    html: Html,
    warning: String,
    at: Timestamp,
}

#[derive(Template)]
#[template(path = "discussion/versions.html")]
struct VersionsPage {
    page: Page,
    versions: Vec<Version>,
    language: String,
}

/// `GET /commentaires/{id}/versions`
pub(super) async fn versions(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    viewer: Viewer,
    Path(id): Path<CommentId>,
) -> Result<Response, Failure> {
    let thing = readable(&ctx, &subjects, &viewer, COMMENTS, id.0).await?;
    let Some(comment) = thing.comment() else {
        return Err(Failure::not_found());
    };
    let mut versions: Vec<Version> = actions::history(&ctx, id)
        .await?
        .into_iter()
        .map(|old| Version {
            html: Html::from_store(old.html),
            warning: old.summary,
            at: old.written_at,
        })
        .collect();
    versions.push(Version {
        html: Html::from_store(comment.html.clone()),
        warning: comment.summary.clone(),
        at: comment.written_at(),
    });
    versions.reverse();
    let (page, _) = page_beside(&ctx, &visit, thing.subject(), "discussion-versions-title").await?;
    let label = page.t("discussion-back");
    let page = page.back_to(label, comment.page());
    html(
        StatusCode::OK,
        &VersionsPage {
            page,
            versions,
            language: comment.language.clone(),
        },
    )
}
