//! What every page of this room begins with: where it is, who asks, and what she may see.

use account::{Citizen, Right, Viewer};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use commune::{Commune, CommuneRef};
use discussion::pages::sees_withheld;
use federation::Ctx;
use platform::Timestamp;
use platform::web::{Failure, Page, Visit};

use crate::actions::date;
use crate::author::Author;
use crate::model::{Event, EventState, Occurrence, OccurrenceId, OccurrenceState};

/// A page of a commune's agenda, whoever asks.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) ctx: Ctx,
    pub(super) visit: Visit,
    pub(super) viewer: Viewer,
    pub(super) commune: Commune,
    /// She keeps this agenda, and so sees private appointments.
    pub(super) team: bool,
}

impl FromRequestParts<Ctx> for Place {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Response> {
        let CommuneRef(commune) = CommuneRef::from_request_parts(parts, ctx).await?;
        let visit = Visit::from_request_parts(parts, ctx)
            .await
            .map_err(Failure::into_response)?;
        let Ok(viewer) = Viewer::from_request_parts(parts, ctx).await;
        Ok(Self {
            ctx: ctx.clone(),
            team: viewer.acting_for(Right::Agenda, &commune).is_some(),
            visit,
            viewer,
            commune,
        })
    }
}

impl Place {
    /// A page here; `title` is in the visitor's language already.
    pub(super) fn page(&self, title: impl Into<String>) -> Page {
        commune::page_of(&self.ctx, &self.visit, &self.commune, "agenda", title)
    }

    /// Words in the visitor's language.
    pub(super) fn t(&self, key: &str) -> String {
        self.ctx.words.t(self.visit.lang, key)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.ctx.clock.now()
    }

    /// The zone of the commune.
    pub(super) fn zone(&self) -> &'static str {
        self.commune.time_zone()
    }

    /// A date of this agenda that she may see.
    ///
    /// # Errors
    /// 404, also for a private one; 410 for a deleted one that was public.
    pub(super) async fn date(&self, id: OccurrenceId) -> Result<(Event, Occurrence), Failure> {
        let (event, one) = date(&self.ctx, id).await?.ok_or_else(Failure::not_found)?;
        let here = event.commune.as_deref() == Some(self.commune.code.as_str());
        let sees = self.team
            || (event.state == EventState::Hidden
                && sees_withheld(&self.viewer, Some(&self.commune), Right::Agenda));
        if !here || ((event.private || one.private) && !sees) {
            return Err(Failure::not_found());
        }
        if event.state == EventState::Deleted || one.state == OccurrenceState::Deleted {
            return Err(if event.private {
                Failure::not_found()
            } else {
                Failure::gone()
            });
        }
        Ok((event, one))
    }
}

/// A page for those who keep the agenda; everybody else is sent to sign in, or refused.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) place: Place,
    pub(super) author: Author,
}

impl FromRequestParts<Ctx> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Response> {
        let citizen = Citizen::from_request_parts(parts, ctx)
            .await
            .map_err(axum::response::IntoResponse::into_response)?;
        let place = Place::from_request_parts(parts, ctx).await?;
        let author = author_of(ctx, &citizen, &place.commune)
            .await
            .map_err(Failure::into_response)?;
        Ok(Self { place, author })
    }
}

impl Desk {
    /// A date of this agenda that was not deleted.
    ///
    /// # Errors
    /// 404 or 410.
    pub(super) async fn date(&self, id: OccurrenceId) -> Result<(Event, Occurrence), Failure> {
        self.place.date(id).await
    }

    /// A page that search engines leave alone, with a way back.
    pub(super) fn page(&self, key: &str, back: String) -> Page {
        let mut page = self.place.page(self.place.t(key));
        page.noindex = true;
        let label = page.t("agenda-nav");
        page.back_to(label, back)
    }
}

/// The author that a signed-in person is in this commune.
///
/// # Errors
/// 403 when she does not keep its agenda.
pub(crate) async fn author_of(ctx: &Ctx, citizen: &Citizen, commune: &Commune) -> Result<Author, Failure> {
    let acting = citizen
        .acting_for(Right::Agenda, commune)
        .ok_or_else(Failure::forbidden)?;
    let office = federation::actors::by_id(ctx, acting.actor)
        .await?
        .ok_or_else(Failure::forbidden)?;
    let delegated = acting.capacity.is_delegated();
    let byline = if delegated {
        citizen.name().to_owned()
    } else {
        commune::actions::current_mandate(ctx, commune.code)
            .await?
            .map_or_else(|| citizen.name().to_owned(), |mandate| mandate.signature())
    };
    Ok(Author {
        office,
        commune: commune.clone(),
        account_id: citizen.id().0,
        byline,
        delegated,
    })
}
