//! `/{commune}/rubriques`: the mayor says which sections her commune has.

use std::fmt;
use std::sync::Arc;

use account::audit::{self, Deed};
use account::{Citizen, Role};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::web::{Failure, FlashKind, FormState, Message, Page, Submitted, Visit, html, see_other};

use crate::section::Running;

/// A section that may be switched off in a commune.
#[derive(Clone, Copy)]
pub struct Switch {
    /// Its name in code and settings (`agenda`).
    pub name: &'static str,
    /// The key of its name for people.
    pub label: &'static str,
    /// What keeps it from being switched off.
    pub running: Option<Running>,
}

/// The sections that may be switched off; a request bears them as an extension. Cheap to clone.
#[derive(Clone, Default)]
pub struct Switches(Arc<Vec<Switch>>);

impl fmt::Debug for Switches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|switch| switch.name))
            .finish()
    }
}

impl Switches {
    /// From the sections.
    pub fn new(switches: Vec<Switch>) -> Self {
        Self(Arc::new(switches))
    }
}

/// A switch as it is drawn.
struct Line {
    name: &'static str,
    label: String,
    help: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "shell/switches.html")]
struct SwitchesPage {
    page: Page,
    action: String,
    lines: Vec<Line>,
    form: FormState,
}

/// The mayor alone decides which sections there are.
fn mayor_of(citizen: &Citizen, commune: &Commune) -> Result<(), Failure> {
    let is_mayor = citizen
        .grants
        .iter()
        .any(|grant| grant.role == Role::Mayor && grant.commune == Some(commune.code));
    if is_mayor {
        Ok(())
    } else {
        Err(Failure::forbidden())
    }
}

pub(crate) async fn edit(
    State(ctx): State<Ctx>,
    Extension(switches): Extension<Switches>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    mayor_of(&citizen, &commune)?;
    let on = |name: &str| commune::actions::offers(&ctx, &commune, name);
    let drawn = draw(&ctx, &visit, &commune, &switches, &on, FormState::default());
    html(StatusCode::OK, &drawn)
}

fn draw(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    switches: &Switches,
    on: &dyn Fn(&str) -> bool,
    form: FormState,
) -> SwitchesPage {
    let title = ctx.words.t(visit.lang, "shell-switches-title");
    let mut page = commune::page_of(ctx, visit, commune, "", title);
    page.noindex = true;
    page.in_error = form.has_errors();
    let page = page.back_to(ctx.words.t(visit.lang, "account-title"), "/compte");
    let lines = switches
        .0
        .iter()
        .map(|switch| Line {
            name: switch.name,
            label: page.t(switch.label),
            help: page.t(&format!("shell-switch-{}", switch.name)),
            on: on(switch.name),
        })
        .collect();
    SwitchesPage {
        action: commune.below("rubriques"),
        lines,
        form,
        page,
    }
}

pub(crate) async fn update(
    State(ctx): State<Ctx>,
    Extension(switches): Extension<Switches>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    sent: Submitted,
) -> Result<Response, Failure> {
    mayor_of(&citizen, &commune)?;
    let wanted = |name: &str| sent.all("sections").any(|on| on == name);
    let mut changes = Vec::new();
    let mut form = FormState::default();
    for switch in switches.0.iter() {
        let (is_on, on) = (
            commune::actions::offers(&ctx, &commune, switch.name),
            wanted(switch.name),
        );
        if is_on == on {
            continue;
        }
        if !on
            && let Some(running) = switch.running
            && running(ctx.clone(), Some(commune.code.to_string())).await? > 0
        {
            let why = Message::new(format!("shell-switch-{}-running", switch.name));
            form.refuse(&ctx, visit.lang, switch.name, &why);
        }
        changes.push((switch.name, on));
    }
    if form.has_errors() {
        let drawn = draw(&ctx, &visit, &commune, &switches, &wanted, form);
        return html(StatusCode::UNPROCESSABLE_ENTITY, &drawn);
    }
    let mut tx = ctx.db.begin().await?;
    for (name, on) in changes {
        commune::actions::switch_section(&ctx, &mut tx, commune.code, name, !on, citizen.id().0).await?;
        let deed = Deed {
            by: Some(citizen.id()),
            code: if on { "section-on" } else { "section-off" },
            about: None,
            commune: Some(commune.code),
            detail: name,
        };
        audit::record(&ctx, &mut tx, deed).await?;
    }
    tx.commit().await?;
    let saved = Some((FlashKind::Success, "shell-flash-switches-saved"));
    Ok(see_other(&ctx, &commune.below("rubriques"), saved))
}
