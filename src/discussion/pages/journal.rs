//! The public log of moderation: the rule for comments and what was decided.

use account::Viewer;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::CommuneRef;
use federation::{ActorId, Ctx};
use platform::Timestamp;
use platform::store::Paging;
use platform::web::{Failure, Page, Visit, html};
use serde::Deserialize;

use super::desk::kind_key;
use super::{commune_of, reader};
use crate::actions::telling::desk_of;
use crate::model::{CommentMode, Decision, Under};
use crate::{actions, circles};

/// A decision in a list.
pub(super) struct DecisionView {
    pub(super) deed: String,
    pub(super) ground: String,
    pub(super) reason: String,
    pub(super) appeal: String,
    pub(super) kind: String,
    pub(super) at: Timestamp,
}

impl DecisionView {
    pub(super) fn of(page: &Page, decision: &Decision) -> Self {
        Self {
            deed: page.t(&format!("discussion-deed-{}", decision.deed.code())),
            ground: decision.ground().map_or_else(String::new, |ground| {
                page.t(&format!("discussion-ground-{}", ground.code()))
            }),
            reason: decision.reason.clone(),
            appeal: decision.appeal.clone().unwrap_or_default(),
            kind: page.t(kind_key(&decision.target_kind)),
            at: decision.created_at,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Older {
    avant: Option<i64>,
}

#[derive(Template)]
#[template(path = "discussion/journal.html")]
struct JournalPage {
    page: Page,
    rule: String,
    rule_help: String,
    decisions: Vec<DecisionView>,
    older: Option<String>,
    is_later: bool,
    path: String,
    is_moderator: bool,
}

/// `GET /{commune}/moderation/journal`: the rule for comments and what was decided; no name, no reason, since
/// a reason may speak of somebody.
pub(super) async fn journal(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    CommuneRef(commune): CommuneRef,
    Query(older): Query<Older>,
) -> Result<Response, Failure> {
    let title = ctx.words.t(visit.lang, "discussion-journal-title");
    let page = commune::page_of(&ctx, &visit, &commune, "moderation", title);
    let under = Under::Commune(commune.code.to_string());
    let path = commune.below("moderation/journal");
    let is_moderator = viewer.may(account::Right::Moderation, commune.code);
    show(&ctx, page, &under, path, &older, is_moderator).await
}

/// `GET /moderation/groupes/{group}/journal`: for whoever may read what is said in the group.
pub(super) async fn of_circle(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    Path(group): Path<i64>,
    Query(older): Query<Older>,
) -> Result<Response, Failure> {
    let circle = circles::circle(&ctx, ActorId(group))
        .await?
        .ok_or_else(Failure::not_found)?;
    let reader = reader(&viewer);
    let may_read = match &reader {
        _ if !circle.private => true,
        Some(reader) => actions::may_read_circle(&ctx, reader, &circle).await?,
        None => false,
    };
    if !may_read {
        return Err(Failure::not_found());
    }
    let title = ctx.words.t(visit.lang, "discussion-journal-title");
    let page = match commune_of(&ctx, Some(&circle.commune)).await? {
        Some(commune) => commune::page_of(&ctx, &visit, &commune, "moderation", title),
        None => Page::new(&ctx, &visit, title),
    };
    let page = page.back_to(circle.name.clone(), circle.page.clone());
    let path = format!("{}/journal", desk_of(&circle));
    let is_moderator = reader.is_some_and(|reader| circle.is_moderated_by(&reader));
    show(&ctx, page, &Under::Circle(circle), path, &older, is_moderator).await
}

/// The log of a desk.
async fn show(
    ctx: &Ctx,
    mut page: Page,
    under: &Under,
    path: String,
    older: &Older,
    is_moderator: bool,
) -> Result<Response, Failure> {
    page.noindex = true;
    let key = under.key();
    let found = actions::decisions(ctx, key.as_deref(), &Paging::before(older.avant, 50)).await?;
    let mode = match under {
        Under::Commune(code) => actions::rule(ctx, code).await?,
        Under::Operator | Under::Circle(_) => CommentMode::Open,
    };
    let mode = mode.code().replace('_', "-");
    let shown = JournalPage {
        rule: page.t(&format!("discussion-mode-{mode}")),
        rule_help: page.t(&format!("discussion-mode-{mode}-help")),
        older: found
            .items
            .last()
            .filter(|_| found.has_more)
            .map(|last| format!("{path}?avant={}", last.id)),
        decisions: found
            .items
            .iter()
            .map(|decision| DecisionView {
                reason: String::new(),
                ..DecisionView::of(&page, decision)
            })
            .collect(),
        is_later: older.avant.is_some(),
        is_moderator,
        page,
        path,
    };
    html(StatusCode::OK, &shown)
}
