//! `/{commune}/messages/reglages`: services, who reads there, delays, sealing. The mayor's alone.

use account::Citizen;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};

use super::home;
use crate::actions;
use crate::error::MessageError;
use crate::model::{NewService, Refusal, Settings};

/// A place of the town hall.
struct DeskView {
    id: String,
    name: String,
    form: FormState,
    agents: Vec<(String, String, bool)>,
    is_mayor: bool,
}

#[derive(Template)]
#[template(path = "messages/settings.html")]
struct SettingsPage {
    page: Page,
    action: String,
    desks: Vec<DeskView>,
    colleagues: Vec<(String, String)>,
    form: FormState,
    new: FormState,
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    let kept = actions::settings(&ctx, &commune).await?;
    draw(
        &ctx,
        &visit,
        &citizen,
        &commune,
        filled(&kept),
        FormState::default(),
        StatusCode::OK,
    )
    .await
}

fn filled(kept: &Settings) -> FormState {
    let mut form = FormState::default()
        .with("ack_days", kept.ack_days)
        .with("remind_days", kept.remind_days)
        .with("answer_months", kept.answer_months);
    for (name, on) in [("ack_working", kept.ack_working), ("seal", kept.seal)] {
        if on {
            form = form.with(name, "on");
        }
    }
    form
}

pub(super) async fn save(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    sent: Submitted,
) -> Result<Response, Failure> {
    let number = |name: &str| sent.get(name).parse().unwrap_or(-1);
    let action = sent.get("action");
    let outcome = match action {
        "settings" => {
            let new = Settings {
                ack_days: number("ack_days"),
                ack_working: sent.has("ack_working"),
                remind_days: number("remind_days"),
                answer_months: number("answer_months"),
                seal: sent.has("seal"),
            };
            actions::save_settings(&ctx, &citizen, &commune, &new).await
        }
        "close" => actions::close_service(&ctx, &citizen, &commune, number("service")).await,
        "service" | "new" => {
            let new = NewService {
                name: sent.get("name").to_owned(),
                description: sent.get("description").to_owned(),
                email: sent.get("email").to_owned(),
                phone: sent.get("phone").to_owned(),
            };
            let agents: Vec<i64> = sent.all("agents").filter_map(|one| one.parse().ok()).collect();
            let id = (action == "service").then(|| number("service"));
            actions::save_service(&ctx, &citizen, &commune, id, &new, &agents)
                .await
                .map(|_| ())
        }
        _ => return Err(Failure::bad_request("unknown-action")),
    };
    match outcome {
        Ok(()) => {
            let flash = (FlashKind::Success, "messages-flash-saved");
            let path = commune.below("messages/reglages");
            Ok(see_other(&ctx, &path, Some(flash)))
        }
        Err(MessageError::Refused(Refusal::Unusable)) => {
            let field = if action == "settings" { "ack_days" } else { "name" };
            let message = crate::error::words(Refusal::Unusable);
            let mut state = sent.state();
            state.refuse(&ctx, visit.lang, field, &message);
            let kept = filled(&actions::settings(&ctx, &commune).await?);
            let (form, new) = if action == "settings" {
                (state, FormState::default())
            } else {
                (kept, state)
            };
            draw(
                &ctx,
                &visit,
                &citizen,
                &commune,
                form,
                new,
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
    form: FormState,
    new: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let desks = actions::desks(ctx, citizen, commune).await?;
    let colleagues = actions::colleagues(ctx, commune).await?;
    let title = ctx.words.t(visit.lang, "messages-settings-title");
    let mut page = super::page(ctx, visit, commune, title);
    page.in_error = form.has_errors() || new.has_errors();
    let label = page.t("messages-nav");
    let page = page.back_to(label, home(commune));
    let desks = desks
        .into_iter()
        .map(|desk| DeskView {
            id: desk.service.as_ref().map_or(0, |one| one.id.0).to_string(),
            name: desk
                .service
                .as_ref()
                .map_or_else(|| page.t("messages-counter-mayor"), |one| one.name.clone()),
            agents: colleagues
                .iter()
                .map(|(account, name)| (account.to_string(), name.clone(), desk.agents.contains(account)))
                .collect(),
            is_mayor: desk.service.is_none(),
            form: desk.service.map_or_else(FormState::default, |one| {
                FormState::default()
                    .with("name", one.name)
                    .with("description", one.description)
                    .with("email", one.email)
                    .with("phone", one.phone)
            }),
        })
        .collect();
    let shown = SettingsPage {
        action: commune.below("messages/reglages"),
        colleagues: colleagues
            .into_iter()
            .map(|(account, name)| (account.to_string(), name))
            .collect(),
        desks,
        form,
        new,
        page,
    };
    html(status, &shown)
}
