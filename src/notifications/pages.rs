//! The page of notices, the preferences, the link that ends mails.

use std::collections::HashMap;

use account::{Citizen, own_page};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use federation::{ActorId, Ctx};
use platform::Timestamp;
use platform::store::Paging;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, redirect, see_other};
use serde::Deserialize;

use crate::group::groups;
use crate::model::{Kind, MailPace, NoticeId};
use crate::{actions, mails, token};

/// Notices on one page, before they are put together.
const PAGE: i64 = 60;

/// The routes of this room.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/notifications", get(index))
        .route("/notifications/lues", post(read_all))
        .route(
            "/notifications/preferences",
            get(preferences).post(update_preferences),
        )
        .route("/notifications/{id}", get(open))
        .route("/desabonnement/{token}", get(leaving).post(leave))
}

/// Counts for the header what the visitor has not read. Within the layer that knows who asks.
pub fn layer(ctx: &Ctx, router: Router) -> Router {
    router.layer(from_fn_with_state(ctx.clone(), count_layer))
}

async fn count_layer(State(ctx): State<Ctx>, mut request: Request, next: Next) -> Response {
    let reader = request
        .extensions()
        .get::<Citizen>()
        .map(|citizen| citizen.actor.id);
    if let Some(reader) = reader.filter(|_| request.method() == Method::GET) {
        match actions::unread(&ctx, reader).await {
            Ok(unread) => {
                if let Some(viewer) = request
                    .extensions_mut()
                    .get_mut::<Visit>()
                    .and_then(|visit| visit.viewer.as_mut())
                {
                    viewer.unread = unread;
                }
            }
            Err(error) => return Failure::from(error).into_response(),
        }
    }
    next.run(request).await
}

/// A line of the list.
struct Line {
    href: String,
    icon: &'static str,
    sentence: String,
    excerpt: String,
    at: Timestamp,
    unread: bool,
}

#[derive(Template)]
#[template(path = "notifications/index.html")]
struct IndexPage {
    page: Page,
    lines: Vec<Line>,
    newest: String,
    has_unread: bool,
    older: Option<String>,
    is_later: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Before {
    avant: Option<i64>,
}

const fn icon(kind: Kind) -> &'static str {
    match kind {
        Kind::NewPost => "newspaper",
        Kind::PollOpened | Kind::PollClosed => "vote",
        Kind::Event => "calendar-plus",
        Kind::EventChanged => "clock",
        Kind::EventCancelled => "calendar-x",
        Kind::EventTomorrow => "calendar-days",
        Kind::EventSeat | Kind::EventAnswer => "calendar-check",
        Kind::Comment => "message-circle",
        Kind::Reply => "reply",
        Kind::Mention => "at-sign",
        Kind::Like => "heart",
        Kind::Share => "repeat-2",
        Kind::Follow => "user-plus",
        Kind::Decision => "gavel",
        Kind::Message => "mail",
        Kind::RequestDue => "clock",
        Kind::Moderation => "flag",
        Kind::GroupTopic | Kind::GroupComment => "messages-square",
        Kind::GroupRequest | Kind::GroupPlace => "users",
    }
}

async fn index(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    Query(before): Query<Before>,
) -> Result<Response, Failure> {
    let paging = Paging::before(before.avant, PAGE);
    let found = actions::of_actor(&ctx, citizen.actor.id, &paging).await?;
    let names: HashMap<ActorId, String> = mails::names(&ctx, &found.items).await?;
    let newest = found
        .items
        .first()
        .map_or_else(String::new, |told| told.id.to_string());
    let older = found
        .items
        .last()
        .filter(|_| found.has_more)
        .map(|last| format!("/notifications?avant={}", last.id));
    let lines: Vec<Line> = groups(found.items)
        .into_iter()
        .map(|group| Line {
            href: format!("/notifications/{}", group.newest.id),
            icon: icon(group.newest.kind),
            sentence: group.sentence(&ctx, visit.lang, &names),
            excerpt: group.newest.excerpt.clone(),
            at: group.newest.created_at,
            unread: group.unread,
        })
        .collect();
    let mut page = own_page(&ctx, &visit, &citizen, "notifications-title").await?;
    page.noindex = true;
    let shown = IndexPage {
        has_unread: visit.viewer.as_ref().is_some_and(|viewer| viewer.unread > 0),
        is_later: before.avant.is_some(),
        page,
        lines,
        newest,
        older,
    };
    html(StatusCode::OK, &shown)
}

/// Leads to what a notice is about, and marks it as read.
async fn open(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Path(id): Path<NoticeId>,
) -> Result<Response, Failure> {
    let told = actions::one(&ctx, citizen.actor.id, id).await?;
    actions::mark_one(&ctx, citizen.actor.id, &told).await?;
    let mut response = redirect(StatusCode::SEE_OTHER, &told.page);
    // Asked for again, it must be asked of us.
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        axum::http::HeaderValue::from_static("private, no-store"),
    );
    Ok(response)
}

async fn read_all(State(ctx): State<Ctx>, citizen: Citizen, sent: Submitted) -> Result<Response, Failure> {
    // Only what was on the page: what came meanwhile was not read.
    if let Ok(up_to) = sent.get("jusqua").parse::<NoticeId>() {
        actions::mark_read(&ctx, citizen.actor.id, up_to).await?;
    }
    let flash = (FlashKind::Success, "notifications-flash-read");
    Ok(see_other(&ctx, "/notifications", Some(flash)))
}

/// A kind with the paces to choose from.
struct Choice {
    name: String,
    label: String,
    help: String,
}

#[derive(Template)]
#[template(path = "notifications/preferences.html")]
struct PreferencesPage {
    page: Page,
    form: FormState,
    choices: Vec<Choice>,
    paces: Vec<(String, String)>,
}

async fn preferences(State(ctx): State<Ctx>, visit: Visit, citizen: Citizen) -> Result<Response, Failure> {
    let mut form = FormState::default();
    let mut page = own_page(&ctx, &visit, &citizen, "notifications-preferences-title").await?;
    page.noindex = true;
    let mut choices = Vec::new();
    for (kind, pace) in actions::preferences(&ctx, citizen.actor.id).await? {
        let code = kind.code();
        // Who decides nothing is not asked how to be told of what waits for a decision.
        if kind == Kind::Moderation && citizen.grants.is_empty() {
            continue;
        }
        form = form.with(code, pace.code());
        choices.push(Choice {
            name: code.to_owned(),
            label: page.t(&format!("notifications-kind-{code}")),
            help: page.t(&format!("notifications-kind-{code}-help")),
        });
    }
    let paces = MailPace::ALL
        .into_iter()
        .map(|pace| {
            let words = page.t(&format!("notifications-pace-{}", pace.code()));
            (pace.code().to_owned(), words)
        })
        .collect();
    let label = page.t("notifications-title");
    let page = page.back_to(label, "/notifications");
    let shown = PreferencesPage {
        page,
        form,
        choices,
        paces,
    };
    html(StatusCode::OK, &shown)
}

async fn update_preferences(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    let wishes: Vec<(Kind, MailPace)> = Kind::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, MailPace::from_code(sent.get(kind.code()))?)))
        .collect();
    actions::prefer(&ctx, citizen.actor.id, &wishes).await?;
    let flash = (FlashKind::Success, "notifications-flash-preferences");
    Ok(see_other(&ctx, "/notifications/preferences", Some(flash)))
}

#[derive(Template)]
#[template(path = "notifications/leave.html")]
struct LeavePage {
    page: Page,
    action: String,
    which: String,
    done: bool,
}

fn which(page: &Page, pace: MailPace) -> String {
    page.t(&format!("notifications-mails-{}", pace.code()))
}

/// `GET /desabonnement/{token}`: asks, since mail programs look at links by themselves.
async fn leaving(
    State(ctx): State<Ctx>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let (_, pace) = token::read(&ctx, &token).await?.ok_or_else(Failure::not_found)?;
    let mut page = Page::titled(&ctx, &visit, "notifications-leave-title");
    page.noindex = true;
    let shown = LeavePage {
        which: which(&page, pace),
        action: format!("/desabonnement/{token}"),
        done: false,
        page,
    };
    html(StatusCode::OK, &shown)
}

/// `POST /desabonnement/{token}`: from the page, or by the mail program's own button (RFC 8058). The token is
/// all the proof there is: no cookie, no form token.
async fn leave(State(ctx): State<Ctx>, visit: Visit, Path(token): Path<String>) -> Result<Response, Failure> {
    let (actor, pace) = token::read(&ctx, &token).await?.ok_or_else(Failure::not_found)?;
    actions::end_mails(&ctx, actor, pace).await?;
    let mut page = Page::titled(&ctx, &visit, "notifications-leave-title");
    page.noindex = true;
    let shown = LeavePage {
        which: which(&page, pace),
        action: String::new(),
        done: true,
        page,
    };
    html(StatusCode::OK, &shown)
}
