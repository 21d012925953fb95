//! The pages of one commune.

use askama::Template;
use axum::Extension;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use federation::Ctx;
use platform::Timestamp;
use platform::text::{Html, french, french_html};
use platform::web::{Failure, Page, Visit, Wants, html, redirect};

use super::address::CommuneRef;
use super::describe::{describe, organization};
use super::views::{Listed, figures, sources, structured};
use super::waiting::waiting;
use super::{Doors, Front, may_claim, page_of};
use crate::model::{Commune, Mandate, Presentation};
use crate::store;

/// `/{commune}`: what the section in front shows, or the page of a commune whose town hall is not here.
pub(super) async fn face(
    ctx: Ctx,
    mut parts: Parts,
    commune: Commune,
    front: Option<Front>,
) -> Result<Response, Failure> {
    let visit = Visit::from_request_parts(&mut parts, &()).await?;
    let query = parts.uri.query().unwrap_or_default().to_owned();
    if let Some(claim) = &commune.claim
        && visit.wants == Wants::Activity
    {
        return Ok(redirect(
            StatusCode::SEE_OTHER,
            &format!("/ap/actors/{}", claim.mayor),
        ));
    }
    if let Some(front) = front
        && let Some(answer) = front(ctx.clone(), parts, commune.clone()).await?
    {
        return Ok(answer);
    }
    if commune.is_claimed() {
        return Ok(redirect(
            StatusCode::TEMPORARY_REDIRECT,
            &commune.below("commune"),
        ));
    }
    let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "homonymes");
    let page = asked.and_then(|(_, number)| number.parse().ok()).unwrap_or(1);
    waiting(&ctx, &visit, &commune, page).await
}

#[derive(Template)]
#[template(path = "commune/about.html")]
struct AboutPage {
    page: Page,
    commune: Commune,
    said: Option<Presentation>,
    edit_href: Option<String>,
    mandate: Option<Mandate>,
    verified: Option<(String, Timestamp)>,
    handles: Vec<(String, String)>,
    figures: Vec<(String, String)>,
    sources: String,
    structured: String,
    neighbours: Vec<Listed>,
}

/// `/{commune}/commune`: what the commune is, in its own words and in figures.
pub(super) async fn about(
    State(ctx): State<Ctx>,
    Extension(doors): Extension<Doors>,
    visit: Visit,
    CommuneRef(commune): CommuneRef,
    parts: Parts,
) -> Result<Response, Failure> {
    let Some(claim) = commune.claim.clone() else {
        return Ok(redirect(StatusCode::TEMPORARY_REDIRECT, &commune.path()));
    };
    if visit.wants == Wants::Activity {
        return Ok(redirect(
            StatusCode::SEE_OTHER,
            &format!("/ap/actors/{}", claim.commune),
        ));
    }
    let title = ctx.words.t(visit.lang, "commune-about-title");
    let mut page = page_of(&ctx, &visit, &commune, "commune", title);
    describe(&ctx, &mut page, &commune, &commune.below("commune"));
    let said = store::presentation(&ctx.db, commune.code).await?;
    let host = ctx.urls.authority();
    let around = store::neighbours(&ctx.db, &commune, 6).await?;
    let may_edit = doors.editor.and_then(|editor| editor(&parts, &commune)).is_some();
    let said = said.map(set);
    let shown = AboutPage {
        edit_href: may_edit.then(|| commune.below("commune/modifier")),
        mandate: store::current_mandate(&ctx.db, commune.code).await?,
        verified: Some((claim.verified_by, claim.verified_at)),
        handles: vec![
            (
                page.t("commune-handle-mayor"),
                format!("@{}@{host}", commune.mayor_handle()),
            ),
            (
                page.t("commune-handle-commune"),
                format!("@{}@{host}", commune.handle),
            ),
        ],
        figures: figures(&page, &commune),
        sources: sources(&ctx, &page).await?,
        structured: structured(&organization(&ctx, &commune, said.as_ref())),
        neighbours: around.iter().map(|other| Listed::by_name(&page, other)).collect(),
        said,
        commune,
        page,
    };
    html(StatusCode::OK, &shown)
}

/// French typography is the page's work, not the author's.
fn set(said: Presentation) -> Presentation {
    let lines = |text: &str| text.lines().map(french).collect::<Vec<_>>().join("\n");
    Presentation {
        body_html: french_html(&Html::from_store(said.body_html)).into_string(),
        address: lines(&said.address),
        opening: lines(&said.opening),
        ..said
    }
}

#[derive(Template)]
#[template(path = "commune/town_hall.html")]
struct TownHallPage {
    page: Page,
    commune: Commune,
    contact: String,
}

/// `/{commune}/mairie`: how a town hall takes its place here.
pub(super) async fn town_hall(
    State(ctx): State<Ctx>,
    visit: Visit,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    if !may_claim(&ctx, &commune) {
        return Ok(redirect(StatusCode::TEMPORARY_REDIRECT, &commune.path()));
    }
    let page =
        Page::titled(&ctx, &visit, "commune-town-hall-title").back_to(commune.name.shown(), commune.path());
    html(
        StatusCode::OK,
        &TownHallPage {
            page,
            commune,
            contact: ctx.instance.contact_email.clone(),
        },
    )
}
