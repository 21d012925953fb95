//! A thread, and answering in it.

use account::Citizen;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::Timestamp;
use platform::text::{Html, french};
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};

use super::lines::{Asked, List, list, missing};
use super::{files, of_commune, place, refuse};
use crate::actions::{self, Reply, Shown, View};
use crate::error::MessageError;
use crate::model::{Body, Kind, Request, Side, Step, ThreadId, Warning};

/// A file of a message.
pub(super) struct FileView {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) weight: i64,
}

/// A message as it is drawn.
pub(super) struct Bubble {
    pub(super) id: String,
    pub(super) class: &'static str,
    pub(super) who: String,
    pub(super) at: Timestamp,
    pub(super) edited: bool,
    pub(super) html: Html,
    pub(super) gone: bool,
    pub(super) unreadable: bool,
    pub(super) note: bool,
    pub(super) public: bool,
    pub(super) to_followers: bool,
    pub(super) summary: String,
    pub(super) files: Vec<FileView>,
    pub(super) links: Vec<(String, String)>,
    pub(super) read: bool,
    pub(super) edit_href: String,
}

/// What an agent did.
pub(super) struct DeedView {
    pub(super) words: String,
    pub(super) at: Timestamp,
}

#[derive(Template)]
#[template(path = "messages/show.html")]
struct ShowPage {
    page: Page,
    commune: Commune,
    list: List,
    id: String,
    subject: String,
    with: String,
    remote: String,
    readers: Vec<String>,
    closed: bool,
    sealed: bool,
    office: bool,
    request: Option<Request>,
    step: u8,
    late: bool,
    bubbles: Vec<Bubble>,
    deeds: Vec<DeedView>,
    colleagues: Vec<(String, String)>,
    assigned: String,
    form: FormState,
    may_answer: bool,
    may_close: bool,
    files_allowed: bool,
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, ThreadId)>,
) -> Result<Response, Failure> {
    let view = actions::view(&ctx, &citizen, id).await.map_err(missing)?;
    of_commune(&view.thread, &commune)?;
    let answer = draw(
        &ctx,
        &visit,
        &citizen,
        &commune,
        &view,
        FormState::default(),
        StatusCode::OK,
    )
    .await?;
    actions::mark_read(&ctx, &citizen, &view).await?;
    Ok(answer)
}

pub(super) async fn reply(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, ThreadId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let view = actions::view(&ctx, &citizen, id).await.map_err(missing)?;
    of_commune(&view.thread, &commune)?;
    let mut form = sent.state();
    let files = files(&ctx, &visit, &sent, &mut form).await;
    if !form.has_errors() {
        let reply = Reply {
            warning: Warning::default(),
            text: sent.get("text").to_owned(),
            files,
            note: sent.get("action") == "note",
            last: sent.has("last"),
        };
        let note = reply.note;
        match actions::reply(&ctx, &citizen, id, reply).await {
            Ok(message) => {
                let flash = if note {
                    "messages-flash-noted"
                } else {
                    "messages-flash-sent"
                };
                let path = format!("{}#message-{message}", place(&commune, id));
                return Ok(see_other(&ctx, &path, Some((FlashKind::Success, flash))));
            }
            Err(MessageError::Refused(refusal)) if refusal != crate::model::Refusal::Missing => {
                refuse(&ctx, &visit, &mut form, refusal);
            }
            Err(error) => return Err(error.into()),
        }
    }
    draw(
        &ctx,
        &visit,
        &citizen,
        &commune,
        &view,
        form,
        StatusCode::UNPROCESSABLE_ENTITY,
    )
    .await
}

async fn draw(
    ctx: &Ctx,
    visit: &Visit,
    citizen: &Citizen,
    commune: &Commune,
    view: &View,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let mut page = super::page(ctx, visit, commune, french(&view.thread.subject));
    page.in_error = form.has_errors();
    let label = page.t("messages-nav");
    let page = page.back_to(label, super::home(commune));
    let office = view.party.is_office();
    let asked = Asked {
        boite: if office { "mairie" } else { "moi" }.to_owned(),
        ..Asked::default()
    };
    let list = list(ctx, &page, citizen, commune, &asked, Some(view.thread.id)).await?;
    let colleagues = if office {
        targets(ctx, &page, commune, view).await?
    } else {
        Vec::new()
    };
    let remote = view
        .writer
        .as_ref()
        .filter(|_| view.thread.remote)
        .map(federation::Actor::full_handle)
        .unwrap_or_default();
    let shown = ShowPage {
        id: view.thread.id.to_string(),
        subject: french(&view.thread.subject),
        with: with(&page, commune, view),
        readers: readers(view),
        remote,
        closed: view.thread.closed_at.is_some(),
        sealed: view.sealed,
        office,
        step: match view.request.as_ref().map(Request::step) {
            None | Some(Step::Registered) => 1,
            Some(Step::Acknowledged) => 2,
            Some(Step::Answered) => 3,
        },
        late: view
            .request
            .as_ref()
            .is_some_and(|request| request.is_late(ctx.clock.now())),
        bubbles: view
            .messages
            .iter()
            .map(|one| bubble(&page, commune, view, one))
            .collect(),
        deeds: view
            .deeds()
            .map(|(name, deed, detail, at)| DeedView {
                words: page.ta(
                    &format!("messages-deed-{deed}"),
                    &[("name", name), ("detail", detail)],
                ),
                at,
            })
            .collect(),
        assigned: view
            .thread
            .assigned
            .and_then(|account| {
                let code = format!("a{account}");
                colleagues
                    .iter()
                    .find(|(one, _)| *one == code)
                    .map(|(_, name)| name.clone())
            })
            .unwrap_or_default(),
        colleagues,
        may_answer: view.thread.closed_at.is_none() && !view.sealed,
        may_close: office
            && (view.thread.kind == Kind::Conversation
                || view
                    .request
                    .as_ref()
                    .is_some_and(|request| request.answered_at.is_some())),
        files_allowed: !(view.thread.remote && office),
        request: view.request.clone(),
        commune: commune.clone(),
        list,
        form,
        page,
    };
    html(status, &shown)
}

/// To whom a thread can be given: colleagues (`a…`) and services (`s…`).
async fn targets(
    ctx: &Ctx,
    page: &Page,
    commune: &Commune,
    view: &View,
) -> Result<Vec<(String, String)>, Failure> {
    let mut all = vec![(String::new(), page.t("messages-assign-nobody"))];
    for (account, name) in actions::colleagues(ctx, commune).await? {
        all.push((format!("a{account}"), name));
    }
    if !view.thread.remote {
        for counter in actions::counters(ctx, commune).await? {
            if counter.id != view.thread.service.0 {
                let name = if counter.id == 0 {
                    page.t("messages-counter-mayor")
                } else {
                    counter.name
                };
                all.push((
                    format!("s{}", counter.id),
                    page.ta("messages-assign-service", &[("service", &name)]),
                ));
            }
        }
    }
    Ok(all)
}

/// "Avec la mairie, État civil", or with whom the town hall writes.
fn with(page: &Page, commune: &Commune, view: &View) -> String {
    let service = view.service.as_ref().map(|service| service.name.as_str());
    if view.party.is_office() {
        let name = view.writer.as_ref().map_or_else(
            || page.t("messages-somebody-gone"),
            |actor| actor.display_name().to_owned(),
        );
        return match service {
            Some(service) => page.ta("messages-from-to", &[("name", &name), ("service", service)]),
            None => page.ta("messages-from", &[("name", &name)]),
        };
    }
    match service {
        Some(service) => page.ta("messages-with-service", &[("service", service)]),
        None => page.ta("messages-with-mayor", &[("of", &commune.name.of())]),
    }
}

/// Whoever reads the answers: by name, else by the address.
fn readers(view: &View) -> Vec<String> {
    let known = view.readers.iter().map(federation::Actor::full_handle);
    known.chain(view.strangers.iter().cloned()).collect()
}

/// Who has written a letter: mostly the one who began, and sometimes another of those who were in it.
fn author(page: &Page, view: &View, actor: Option<i64>) -> String {
    let other = view.authors.iter().find(|one| actor == Some(one.id.0));
    other.or(view.writer.as_ref()).map_or_else(
        || page.t("messages-somebody-gone"),
        |actor| actor.display_name().to_owned(),
    )
}

fn bubble(page: &Page, commune: &Commune, view: &View, one: &Shown) -> Bubble {
    let message = &one.message;
    let office = view.party.is_office();
    let own = office == message.side.is_of_office();
    let who = match message.side {
        Side::Writer if !office => page.t("messages-you"),
        Side::Writer => author(page, view, message.actor),
        Side::Note => page.ta("messages-note-by", &[("name", &message.byline)]),
        Side::Office | Side::Receipt if message.byline.is_empty() => page.t("messages-town-hall-short"),
        Side::Office | Side::Receipt => message.byline.clone(),
    };
    let known = message.wire.clone().unwrap_or_default();
    let at = place(commune, view.thread.id);
    let changeable =
        office && message.side == Side::Office && message.uri.is_some() && message.body != Body::Gone;
    Bubble {
        id: message.id.to_string(),
        class: match (message.side, own) {
            (Side::Note, _) => "note",
            (_, true) => "moi",
            (_, false) => "",
        },
        who,
        at: message.created_at,
        edited: message.edited_at.is_some() && message.body != Body::Gone,
        html: one.html.clone(),
        gone: message.body == Body::Gone,
        unreadable: message.body == Body::Unreadable,
        note: message.side == Side::Note,
        public: known.public,
        to_followers: known.to_followers,
        summary: known.summary,
        files: one
            .files
            .iter()
            .map(|file| FileView {
                href: format!("{at}/pieces/{}", file.id),
                name: file.name.clone(),
                weight: (file.bytes + 999) / 1000,
            })
            .collect(),
        links: known
            .files
            .into_iter()
            .map(|(url, words)| {
                let words = if words.is_empty() { url.clone() } else { words };
                (url, words)
            })
            .collect(),
        read: own && message.side != Side::Note && view.read.is_some_and(|(up_to, _)| up_to >= message.id),
        edit_href: if changeable {
            format!("{at}/reponses/{}", message.id)
        } else {
            String::new()
        },
    }
}
