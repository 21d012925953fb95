//! The pages of this room: finding a commune, the page of one whose town hall is not here, and "la commune".

mod address;
mod describe;
mod edit;
mod place;
mod search;
#[cfg(test)]
mod tests;
mod views;
mod waiting;

use std::pin::Pin;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use federation::Ctx;
use platform::web::{Failure, NavEntry, Page, Plate, Visit, redirect};

use crate::actions;
use crate::model::{Commune, InseeCode};

pub use address::CommuneRef;

/// A front page, or nothing when the commune has none of this kind.
pub type FrontAnswer = Pin<Box<dyn Future<Output = Result<Option<Response>, Failure>> + Send>>;

/// Draws the front page of a commune: the news of one whose town hall is here, or whose news are carried from another
/// server. Of any other it answers nothing, and the page of a commune that waits is shown.
pub type Front = fn(Ctx, Parts, Commune) -> FrontAnswer;

/// Says which account may write the page of a commune, if the one that asks may.
pub type Editor = fn(&Parts, &Commune) -> Option<i64>;

/// What the rooms above give to the pages of this one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Doors {
    /// The front page of communes with news. Without it, that of a commune whose town hall is here leads to
    /// "la commune".
    pub front: Option<Front>,
    /// Who may write the page of a commune; nobody without it.
    pub editor: Option<Editor>,
}

/// The routes of this room.
pub fn routes(doors: Doors) -> Router<Ctx> {
    let face = move |State(ctx): State<Ctx>, CommuneRef(commune): CommuneRef, parts: Parts| async move {
        place::face(ctx, parts, commune, doors.front).await
    };
    Router::new()
        .route("/communes", get(search::index))
        .route("/communes/{code}", get(by_code))
        .route("/{commune}", get(face))
        .route("/{commune}/commune", get(place::about))
        .route("/{commune}/commune/modifier", get(edit::edit).post(edit::update))
        .route("/{commune}/mairie", get(place::town_hall))
        .layer(Extension(doors))
        .merge(Router::from(crate::api::routes()))
}

/// The entry of "la commune" in the menu of a commune.
pub fn nav() -> NavEntry {
    NavEntry {
        section: "commune",
        icon: "landmark",
        label: "commune-nav",
        path: "/commune",
        in_bar: false,
    }
}

/// A page in a commune: its sign, its menu, its time. `title` is in the visitor's language already.
///
/// Every room draws its pages of a commune on this one.
pub fn page_of(
    ctx: &platform::Ctx,
    visit: &Visit,
    commune: &Commune,
    section: &str,
    title: impl Into<String>,
) -> Page {
    let plate = Plate {
        name: commune.name.shown(),
        cartouche: commune.cartouche().to_owned(),
        href: commune.path(),
        claimed: commune.is_claimed(),
        subtitle: commune.department.shown(),
    };
    let mut page =
        Page::new(ctx, visit, title).in_commune(ctx, plate, &commune.address, section, commune.time_zone());
    page.nav
        .retain(|item| actions::offers(ctx, commune, item.section));
    visit
        .waiting
        .iter()
        .filter(|waiting| waiting.commune == commune.code.as_str())
        .fold(page, |page, waiting| {
            page.counting(waiting.section, waiting.count)
        })
}

/// `/communes/06059`, for whoever knows a commune by its INSEE code.
async fn by_code(State(ctx): State<Ctx>, Path(code): Path<String>) -> Result<Response, Failure> {
    let code: InseeCode = code.parse().map_err(|_| Failure::not_found())?;
    let commune = actions::by_code(&ctx, code)
        .await?
        .ok_or_else(Failure::not_found)?;
    Ok(redirect(StatusCode::PERMANENT_REDIRECT, &commune.path()))
}

/// A town hall is let in by whoever runs this server, who must be reachable for it.
fn may_claim(ctx: &Ctx, commune: &Commune) -> bool {
    commune.may_be_claimed().is_ok() && !ctx.instance.contact_email.is_empty()
}
