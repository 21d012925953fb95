//! The public log of moderation: the rule for comments and what was decided.

use account::Viewer;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::CommuneRef;
use federation::Ctx;
use platform::Timestamp;
use platform::store::Paging;
use platform::web::{Failure, Page, Visit, html};
use serde::Deserialize;

use super::desk::kind_key;
use crate::actions;
use crate::model::Decision;

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
    let code = commune.code.to_string();
    let title = ctx.words.t(visit.lang, "discussion-journal-title");
    let mut page = commune::page_of(&ctx, &visit, &commune, "moderation", title);
    page.noindex = true;
    let found = actions::decisions(&ctx, Some(&code), &Paging::before(older.avant, 50)).await?;
    let path = commune.below("moderation/journal");
    let mode = actions::rule(&ctx, &code).await?.code().replace('_', "-");
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
        is_moderator: viewer.may(account::Right::Moderation, commune.code),
        page,
        path,
    };
    html(StatusCode::OK, &shown)
}
