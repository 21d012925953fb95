//! What agents do with a thread besides answering; what a citizen does with her list.

use account::Citizen;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};

use super::lines::missing;
use super::{home, of_commune, place, refuse};
use crate::actions::{self, Target};
use crate::error::MessageError;
use crate::model::{Acknowledgement, Body, MessageId, Refusal, Side, Silence, ThreadId};

pub(super) async fn assign(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, ThreadId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let to = sent.get("to");
    let number = |rest: &str| {
        rest.parse::<i64>()
            .map_err(|_| Failure::bad_request("unknown-target"))
    };
    let target = match (to.strip_prefix('a'), to.strip_prefix('s')) {
        (Some(rest), _) => Target::Account(number(rest)?),
        (_, Some(rest)) => Target::Service(number(rest)?),
        _ => Target::Nobody,
    };
    actions::assign(&ctx, &citizen, id, target).await?;
    let flash = (FlashKind::Success, "messages-flash-assigned");
    // Who has given it away may no longer read it.
    let path = match actions::line(&ctx, &citizen, id).await {
        Ok(_) => place(&commune, id),
        Err(MessageError::Refused(_)) => home(&commune),
        Err(error) => return Err(error.into()),
    };
    Ok(see_other(&ctx, &path, Some(flash)))
}

pub(super) async fn close(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, ThreadId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let flash = if sent.get("action") == "reopen" {
        actions::reopen(&ctx, &citizen, id).await?;
        "messages-flash-reopened"
    } else {
        actions::close(&ctx, &citizen, id).await?;
        "messages-flash-closed"
    };
    Ok(see_other(
        &ctx,
        &place(&commune, id),
        Some((FlashKind::Success, flash)),
    ))
}

pub(super) async fn hide(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, ThreadId)>,
    _sent: Submitted,
) -> Result<Response, Failure> {
    actions::hide(&ctx, &citizen, id).await?;
    let flash = (FlashKind::Success, "messages-flash-hidden");
    Ok(see_other(&ctx, &home(&commune), Some(flash)))
}

#[derive(Template)]
#[template(path = "messages/acknowledge.html")]
struct AcknowledgePage {
    page: Page,
    action: String,
    back: String,
    reference: String,
    answer_due_at: platform::Timestamp,
    form: FormState,
    silences: Vec<(String, String, String)>,
}

pub(super) async fn acknowledgement(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, ThreadId)>,
) -> Result<Response, Failure> {
    let view = actions::view(&ctx, &citizen, id).await.map_err(missing)?;
    if !view.party.is_office() {
        return Err(Failure::not_found());
    }
    let said = actions::acknowledgement_for(&ctx, &commune, &view.thread).await?;
    let form = FormState::default()
        .with("service", said.service)
        .with("email", said.email)
        .with("phone", said.phone)
        .with("address", said.address)
        .with("silence", said.silence.code());
    draw(&ctx, &visit, &citizen, &commune, id, form, StatusCode::OK).await
}

pub(super) async fn acknowledge(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, ThreadId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let text = |name: &str, most: usize| platform::text::clean_text(sent.get(name), most);
    let said = Acknowledgement {
        service: text("service", 120),
        email: text("email", 120),
        phone: text("phone", 40),
        address: text("address", 300),
        silence: sent.choice("silence", Some(Silence::Refusal), Silence::from_code)?,
        more: text("more", 3000),
    };
    match actions::acknowledge(&ctx, &citizen, id, &said).await {
        Ok(_) => {
            let flash = (FlashKind::Success, "messages-flash-acknowledged");
            Ok(see_other(&ctx, &place(&commune, id), Some(flash)))
        }
        Err(MessageError::Refused(refusal)) if refusal != Refusal::Missing => {
            let mut form = sent.state();
            refuse(&ctx, &visit, &mut form, refusal);
            draw(
                &ctx,
                &visit,
                &citizen,
                &commune,
                id,
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
        Err(error) => Err(error.into()),
    }
}

async fn draw(
    ctx: &Ctx,
    visit: &Visit,
    citizen: &Citizen,
    commune: &Commune,
    id: ThreadId,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let view = actions::view(ctx, citizen, id).await.map_err(missing)?;
    of_commune(&view.thread, commune)?;
    let request = view.request.ok_or_else(Failure::not_found)?;
    let title = ctx.words.t(visit.lang, "messages-ack-title");
    let mut page = super::page(ctx, visit, commune, title);
    page.in_error = form.has_errors();
    let label = page.t("messages-nav");
    let page = page.back_to(label, place(commune, id));
    let silences = Silence::ALL
        .into_iter()
        .map(|one| {
            let key = format!("messages-silence-{}", one.code());
            (
                one.code().to_owned(),
                page.t(&key),
                page.t(&format!("{key}-help")),
            )
        })
        .collect();
    let shown = AcknowledgePage {
        action: format!("{}/accuse", place(commune, id)),
        back: place(commune, id),
        reference: request.reference,
        answer_due_at: request.answer_due_at,
        silences,
        form,
        page,
    };
    html(status, &shown)
}

#[derive(Template)]
#[template(path = "messages/answer.html")]
struct AnswerPage {
    page: Page,
    action: String,
    back: String,
    form: FormState,
}

/// The words of the town hall's own answer to another server, to be changed or taken back.
pub(super) async fn edit(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id, message)): Path<(String, ThreadId, MessageId)>,
) -> Result<Response, Failure> {
    let view = actions::view(&ctx, &citizen, id).await.map_err(missing)?;
    of_commune(&view.thread, &commune)?;
    let found = view.messages.iter().find(|one| one.message.id == message);
    let found = found.filter(|one| {
        view.party.is_office() && one.message.side == Side::Office && one.message.uri.is_some()
    });
    let Some(Body::Text(text)) = found.map(|one| &one.message.body) else {
        return Err(Failure::not_found());
    };
    let form = FormState::default().with("text", text);
    answer_page(&ctx, &visit, &commune, id, message, form, StatusCode::OK)
}

pub(super) async fn change(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id, message)): Path<(String, ThreadId, MessageId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let (outcome, flash) = if sent.get("action") == "remove" {
        (
            actions::remove_answer(&ctx, &citizen, message).await,
            "messages-flash-removed",
        )
    } else {
        (
            actions::edit_answer(&ctx, &citizen, message, sent.get("text"), None).await,
            "messages-flash-edited",
        )
    };
    match outcome {
        Ok(()) => Ok(see_other(
            &ctx,
            &place(&commune, id),
            Some((FlashKind::Success, flash)),
        )),
        Err(MessageError::Refused(refusal)) if refusal.field() == "text" => {
            let mut form = sent.state();
            refuse(&ctx, &visit, &mut form, refusal);
            answer_page(
                &ctx,
                &visit,
                &commune,
                id,
                message,
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
        }
        Err(error) => Err(error.into()),
    }
}

fn answer_page(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    id: ThreadId,
    message: MessageId,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let title = ctx.words.t(visit.lang, "messages-answer-title");
    let mut page = super::page(ctx, visit, commune, title);
    page.in_error = form.has_errors();
    let label = page.t("messages-nav");
    let page = page.back_to(label, place(commune, id));
    let shown = AnswerPage {
        action: format!("{}/reponses/{message}", place(commune, id)),
        back: place(commune, id),
        form,
        page,
    };
    html(status, &shown)
}
