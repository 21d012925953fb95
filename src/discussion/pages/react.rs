//! The like button.

use account::Citizen;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use federation::Ctx;
use platform::web::{Failure, Page, Submitted, Visit, html, is_own_path, see_other};

use super::brake;
use super::place::Readable;
use super::talk::LikeView;
use crate::actions::{self, counts, mine};
use crate::model::{Participant, Thing};

#[derive(Template)]
#[template(path = "discussion/like.html")]
struct LikePage {
    page: Page,
    like: LikeView,
}

/// `POST /aimer/{kind}/{id}`: likes, or no longer.
pub(super) async fn like(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    Readable(thing): Readable,
    sent: Submitted,
) -> Result<Response, Failure> {
    brake(&ctx, super::REACTIONS, &citizen)?;
    let by = Participant::from(&*citizen);
    if sent.get("aimer") == "0" {
        actions::unlike(&ctx, &by, &thing).await?;
    } else {
        actions::like(&ctx, &by, &thing).await?;
    }
    if visit.partial {
        return button(&ctx, &visit, &by, &thing, sent.get("retour")).await;
    }
    Ok(see_other(&ctx, &back(sent.get("retour"), &thing), None))
}

/// Back to where the button stood, which is on this server.
pub(super) fn back(wanted: &str, thing: &Thing) -> String {
    if is_own_path(wanted) {
        wanted.to_owned()
    } else {
        thing.page()
    }
}

async fn button(
    ctx: &Ctx,
    visit: &Visit,
    by: &Participant,
    thing: &Thing,
    retour: &str,
) -> Result<Response, Failure> {
    let target = thing.target();
    let figures = counts(ctx, &[target]).await?;
    let did = mine(ctx, Some(by.actor.id), &[target]).await?;
    let shown = LikePage {
        page: Page::new(ctx, visit, ""),
        like: LikeView {
            action: format!("/aimer/{}/{}", target.kind, target.id),
            back: back(retour, thing),
            likes: figures.get(&target).map_or(0, |counts| counts.likes),
            liked: did.get(&target).is_some_and(|mine| mine.liked),
            signed_in: true,
        },
    };
    html(StatusCode::OK, &shown)
}
