//! The list of threads, on a page of its own and beside a thread.

use account::Citizen;
use commune::Commune;
use federation::Ctx;
use platform::Timestamp;
use platform::store::Paging;
use platform::web::{Failure, Page};

use crate::actions::{self, Line};
use crate::model::{Refusal, Step, ThreadId};
use crate::{MessageError, pages};

/// Lines of one page.
const LINES: i64 = 20;

/// A line of the list.
pub(super) struct LineView {
    pub(super) href: String,
    pub(super) subject: String,
    pub(super) who: String,
    pub(super) elsewhere: String,
    pub(super) reference: String,
    pub(super) state: String,
    pub(super) excerpt: String,
    pub(super) at: Timestamp,
    pub(super) unread: i64,
    pub(super) current: bool,
}

/// The list as it is drawn.
#[derive(Default)]
pub(super) struct List {
    pub(super) lines: Vec<LineView>,
    /// Both boxes, when she has both: words, address, which is shown.
    pub(super) boxes: Vec<(String, String, bool)>,
    pub(super) words: String,
    pub(super) box_code: String,
    pub(super) action: String,
    pub(super) older: String,
    pub(super) newest: String,
    /// She looks into the town hall's box.
    pub(super) office: bool,
    pub(super) is_mayor: bool,
}

/// What is asked of the list.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) boite: String,
    pub(super) q: String,
    pub(super) avant: Option<i64>,
}

/// The list for somebody; `current` is the thread beside it.
pub(super) async fn list(
    ctx: &Ctx,
    page: &Page,
    citizen: &Citizen,
    commune: &Commune,
    asked: &Asked,
    current: Option<ThreadId>,
) -> Result<List, Failure> {
    let agent = actions::agent_of(ctx, citizen, commune).await?;
    let office = agent.is_some() && asked.boite != "moi";
    let home = pages::home(commune);
    let lines = if asked.q.trim().is_empty() {
        let paging = Paging::before(asked.avant, LINES);
        actions::inbox(ctx, citizen, Some(commune), office, &paging).await?
    } else {
        platform::store::Page {
            items: actions::search(ctx, citizen, Some(commune), office, &asked.q).await?,
            has_more: false,
        }
    };
    let box_code = if office { "mairie" } else { "moi" };
    let query = |before: i64| format!("{home}?boite={box_code}&avant={before}");
    Ok(List {
        older: lines
            .items
            .last()
            .filter(|_| lines.has_more)
            .map(|line| query(line.thread.last.0))
            .unwrap_or_default(),
        newest: asked
            .avant
            .map(|_| format!("{home}?boite={box_code}"))
            .unwrap_or_default(),
        boxes: if agent.is_some() {
            vec![
                (
                    page.t("messages-box-office"),
                    format!("{home}?boite=mairie"),
                    office,
                ),
                (page.t("messages-box-mine"), format!("{home}?boite=moi"), !office),
            ]
        } else {
            Vec::new()
        },
        lines: lines
            .items
            .into_iter()
            .map(|line| view(page, commune, line, office, current))
            .collect(),
        words: asked.q.trim().to_owned(),
        box_code: box_code.to_owned(),
        action: home,
        office,
        is_mayor: agent.is_some_and(|agent| agent.mayor),
    })
}

fn view(page: &Page, commune: &Commune, line: Line, office: bool, current: Option<ThreadId>) -> LineView {
    let state = if line.thread.closed_at.is_some() {
        page.t("messages-state-closed")
    } else {
        match line.request.as_ref().map(crate::model::Request::step) {
            Some(Step::Registered) => page.t("messages-state-registered"),
            Some(Step::Acknowledged) => page.t("messages-state-acknowledged"),
            Some(Step::Answered) => page.t("messages-state-answered"),
            None => String::new(),
        }
    };
    let side = if office {
        line.writer.as_ref().map_or_else(
            || page.t("messages-somebody-gone"),
            |actor| actor.display_name().to_owned(),
        )
    } else if line.thread.last_office {
        page.t("messages-town-hall-short")
    } else {
        page.t("messages-you")
    };
    LineView {
        href: pages::place(commune, line.thread.id),
        subject: platform::text::french(&line.thread.subject),
        who: side,
        elsewhere: line
            .writer
            .filter(|actor| !actor.local)
            .map(|actor| actor.full_handle())
            .unwrap_or_default(),
        reference: line.request.map(|request| request.reference).unwrap_or_default(),
        state,
        excerpt: line.excerpt,
        at: line.thread.last_at(),
        unread: line.unread,
        current: current == Some(line.thread.id),
    }
}

/// A refusal that means "not for you" as the page for it.
pub(super) fn missing(error: MessageError) -> Failure {
    match error {
        MessageError::Refused(Refusal::Missing) => Failure::not_found(),
        other => other.into(),
    }
}
