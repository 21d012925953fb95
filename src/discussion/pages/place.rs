//! Where a request stands: at a desk, or before a thing that may be read.

use std::sync::Arc;

use account::{Citizen, Viewer};
use axum::Extension;
use axum::extract::{FromRequestParts, Path, RawPathParams};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use commune::{Commune, CommuneRef};
use federation::{ActorId, Ctx};
use platform::web::{Failure, Page, Visit};
use serde::Deserialize;

use super::{commune_of, readable};
use crate::actions::telling::desk_of;
use crate::model::{Circle, Participant, Thing, Under};
use crate::{Subjects, circles};

/// A moderation desk with somebody at it: of the commune that the address names, or the operators' for what
/// stands under none.
pub(super) struct Place {
    pub(super) ctx: Ctx,
    pub(super) subjects: Subjects,
    pub(super) visit: Visit,
    pub(super) by: Participant,
    pub(super) commune: Option<Commune>,
    /// The circle whose desk it is.
    pub(super) circle: Option<Arc<Circle>>,
}

/// What an address below a desk names.
#[derive(Debug, Deserialize)]
pub(super) struct Which {
    pub(super) kind: String,
    pub(super) id: i64,
}

impl FromRequestParts<Ctx> for Place {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Response> {
        let citizen = Citizen::from_request_parts(parts, ctx).await?;
        let names = RawPathParams::from_request_parts(parts, ctx)
            .await
            .map_err(|_| Failure::not_found().into_response())?;
        let by = Participant::from(&*citizen);
        let group = names.iter().find(|(name, _)| *name == "group");
        let circle = match group {
            Some((_, id)) => Some(kept(ctx, &by, id).await.map_err(Failure::into_response)?),
            None => None,
        };
        let commune = if names.iter().any(|(name, _)| name == "commune") {
            let CommuneRef(commune) = CommuneRef::from_request_parts(parts, ctx).await?;
            Some(commune)
        } else {
            commune_of(ctx, circle.as_ref().map(|circle| circle.commune.as_str()))
                .await
                .map_err(|error| Failure::from(error).into_response())?
        };
        Ok(Self {
            ctx: ctx.clone(),
            subjects: subjects(parts, ctx).await?,
            visit: visit(parts).await?,
            by,
            commune,
            circle,
        })
    }
}

impl Place {
    /// Whose desk it is.
    pub(super) fn under(&self) -> Under {
        match (&self.circle, &self.commune) {
            (Some(circle), _) => Under::Circle(Arc::clone(circle)),
            (None, Some(commune)) => Under::Commune(commune.code.to_string()),
            (None, None) => Under::Operator,
        }
    }

    /// The path of the desk.
    pub(super) fn path(&self) -> String {
        match (&self.circle, &self.commune) {
            (Some(circle), _) => desk_of(circle),
            (None, Some(commune)) => commune.below("moderation"),
            (None, None) => "/moderation".to_owned(),
        }
    }

    /// A page at this desk.
    pub(super) fn page(&self, key: &str) -> Page {
        let title = self.ctx.words.t(self.visit.lang, key);
        let mut page = match &self.commune {
            Some(commune) => commune::page_of(&self.ctx, &self.visit, commune, "moderation", title),
            None => Page::new(&self.ctx, &self.visit, title),
        };
        page.noindex = true;
        match &self.circle {
            Some(circle) => page.back_to(circle.name.clone(), circle.page.clone()),
            None => page,
        }
    }
}

/// A circle, if this person keeps order in it; for everybody else there is none.
async fn kept(ctx: &Ctx, by: &Participant, id: &str) -> Result<Arc<Circle>, Failure> {
    let id: i64 = id.parse().map_err(|_| Failure::not_found())?;
    circles::circle(ctx, ActorId(id))
        .await?
        .filter(|circle| circle.is_moderated_by(by))
        .ok_or_else(Failure::not_found)
}

/// The thing that an address names (`/signaler/{kind}/{id}`), for somebody who may read it; 404 for anybody
/// else.
pub(super) struct Readable(pub(super) Thing);

impl FromRequestParts<Ctx> for Readable {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Response> {
        let Path(Which { kind, id }) = Path::from_request_parts(parts, ctx)
            .await
            .map_err(|_| Failure::not_found().into_response())?;
        let Ok(viewer) = Viewer::from_request_parts(parts, ctx).await;
        let subjects = subjects(parts, ctx).await?;
        readable(ctx, &subjects, &viewer, &kind, id)
            .await
            .map(Self)
            .map_err(Failure::into_response)
    }
}

async fn subjects(parts: &mut Parts, ctx: &Ctx) -> Result<Subjects, Response> {
    let found: Result<Extension<Subjects>, _> = Extension::from_request_parts(parts, ctx).await;
    found
        .map(|Extension(subjects)| subjects)
        .map_err(|error| error.into_response())
}

async fn visit(parts: &mut Parts) -> Result<Visit, Response> {
    Visit::from_request_parts(parts, &())
        .await
        .map_err(|error| error.into_response())
}
