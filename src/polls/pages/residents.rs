//! The tick of the town hall: somebody showed at the counter that she lives here. No list of accounts is shown.

use account::actions::people;
use account::{Citizen, Right};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::limits::Brake;
use platform::web::{Failure, FlashKind, FormState, Message, Page, Submitted, Visit, html, see_other};

/// Names tried by one person: the form is not for finding out who has an account.
const TRIES: Brake = Brake::new("verify-resident", 60, 3600);

#[derive(Template)]
#[template(path = "polls/residents.html")]
struct Residents {
    page: Page,
    form: FormState,
    action: String,
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    may(&citizen, &commune)?;
    draw(&ctx, &visit, &commune, FormState::default(), StatusCode::OK)
}

fn may(citizen: &Citizen, commune: &Commune) -> Result<(), Failure> {
    citizen
        .acting_for(Right::Polls, commune)
        .map(|_| ())
        .ok_or_else(Failure::forbidden)
}

pub(super) async fn verify(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    sent: Submitted,
) -> Result<Response, Failure> {
    may(&citizen, &commune)?;
    ctx.limits
        .check(TRIES, &citizen.id().to_string())
        .map_err(Failure::too_many)?;
    let mut form = sent.state();
    let takes_back = sent.get("action") == "unverify";
    if !takes_back && !sent.has("seen") {
        form.refuse(
            &ctx,
            visit.lang,
            "seen",
            &Message::new("polls-residents-tick-needed"),
        );
    }
    let handle = sent.get("handle").trim_start_matches('@').to_lowercase();
    let account = people::by_handle(&ctx, &handle)
        .await?
        .filter(|account| account.commune == commune.code);
    let Some(account) = account else {
        form.refuse(
            &ctx,
            visit.lang,
            "handle",
            &Message::new("polls-refused-unknown-person"),
        );
        return draw(&ctx, &visit, &commune, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    if form.has_errors() {
        return draw(&ctx, &visit, &commune, form, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let flash = if takes_back {
        people::unverify_resident(&ctx, &account, Some(citizen.id())).await?;
        "polls-flash-unverified"
    } else {
        people::verify_resident(&ctx, &account, "en mairie", Some(citizen.id())).await?;
        "polls-flash-verified"
    };
    Ok(see_other(
        &ctx,
        &commune.below("sondages/habitants"),
        Some((FlashKind::Success, flash)),
    ))
}

fn draw(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let title = ctx.words.t(visit.lang, "polls-residents-title");
    let mut page = commune::page_of(ctx, visit, commune, "polls", title);
    page.noindex = true;
    page.in_error = form.has_errors();
    let label = page.t("polls-nav");
    let page = page.back_to(label, commune.below("sondages"));
    let shown = Residents {
        page,
        form,
        action: commune.below("sondages/habitants"),
    };
    html(status, &shown)
}
