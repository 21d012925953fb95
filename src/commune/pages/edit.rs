//! `/{commune}/commune/modifier`: the town hall writes its page.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use federation::Ctx;
use platform::text::{clean_line, clean_text};
use platform::web::{Failure, FlashKind, FormState, Message, Page, Submitted, Visit, html, see_other};

use super::{CommuneRef, Doors, page_of};
use crate::actions::{self, PresentError};
use crate::model::{BODY_MAX, Commune, LINE_MAX, LINES_MAX, Presentation, PresentationRefusal};
use crate::store;

#[derive(Template)]
#[template(path = "commune/edit.html")]
struct EditPage {
    page: Page,
    commune: Commune,
    form: FormState,
}

/// The account that asks, when it may write this page. Whoever may not is told nothing of the page.
fn allowed(doors: Doors, parts: &Parts, commune: &Commune) -> Result<i64, Failure> {
    let editor = doors.editor.and_then(|editor| editor(parts, commune));
    editor.ok_or_else(Failure::forbidden)
}

/// The form, filled with what stands on the page.
pub(super) async fn edit(
    State(ctx): State<Ctx>,
    Extension(doors): Extension<Doors>,
    visit: Visit,
    CommuneRef(commune): CommuneRef,
    parts: Parts,
) -> Result<Response, Failure> {
    allowed(doors, &parts, &commune)?;
    let said = store::presentation(&ctx.db, commune.code)
        .await?
        .unwrap_or_default();
    let form = FormState::default()
        .with("body", said.body_source)
        .with("address", said.address)
        .with("phone", said.phone)
        .with("email", said.email)
        .with("website", said.website)
        .with("opening", said.opening);
    show(&ctx, &visit, commune, form, StatusCode::OK)
}

/// Writes the page.
pub(super) async fn update(
    State(ctx): State<Ctx>,
    Extension(doors): Extension<Doors>,
    visit: Visit,
    CommuneRef(commune): CommuneRef,
    parts: Parts,
    sent: Submitted,
) -> Result<Response, Failure> {
    let by = allowed(doors, &parts, &commune)?;
    // One more than the limit is kept, so that a text that is too long is refused and not cut.
    let line = |field: &str| clean_line(sent.get(field), LINE_MAX + 1);
    let lines = |field: &str, max: usize| clean_text(sent.get(field), max + 1);
    let said = Presentation {
        body_source: lines("body", BODY_MAX),
        address: lines("address", LINES_MAX),
        phone: line("phone"),
        email: line("email"),
        website: line("website"),
        opening: lines("opening", LINES_MAX),
        ..Presentation::default()
    };
    match actions::present(&ctx, commune.code, said, by).await {
        Ok(()) => {
            let saved = Some((FlashKind::Success, "commune-flash-saved"));
            Ok(see_other(&ctx, &commune.below("commune"), saved))
        }
        Err(PresentError::Refused(refusals)) => {
            let mut form = sent.state();
            for (field, why) in refusals {
                form.refuse(&ctx, visit.lang, field, &Message::new(words(why)));
            }
            show(&ctx, &visit, commune, form, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(PresentError::Store(error)) => Err(error.into()),
    }
}

fn words(why: PresentationRefusal) -> &'static str {
    match why {
        PresentationRefusal::TooLong => "commune-refusal-too-long",
        PresentationRefusal::NoPhone => "commune-refusal-no-phone",
        PresentationRefusal::NoEmail => "commune-refusal-no-email",
        PresentationRefusal::NoSite => "commune-refusal-no-site",
    }
}

fn show(
    ctx: &Ctx,
    visit: &Visit,
    commune: Commune,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let title = ctx.words.t(visit.lang, "commune-edit-title");
    let mut page = page_of(ctx, visit, &commune, "commune", title);
    page = page.back_to(
        ctx.words.t(visit.lang, "commune-about-title"),
        commune.below("commune"),
    );
    page.noindex = true;
    page.in_error = form.has_errors();
    html(status, &EditPage { page, commune, form })
}
