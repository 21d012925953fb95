//! What an address names: a poll or a public opinion of a commune.

use account::{Right, Viewer};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use commune::{Commune, CommuneRef};
use discussion::pages::sees_withheld;
use federation::Ctx;
use platform::web::Failure;
use serde::Deserialize;

use crate::model::{Opinion, OpinionId, Poll, PollId, PollState};
use crate::store::{opinions, polls};

#[derive(Deserialize)]
struct Id {
    id: i64,
}

async fn id_of(parts: &mut Parts, ctx: &Ctx) -> Result<i64, Response> {
    Path::<Id>::from_request_parts(parts, ctx)
        .await
        .map(|Path(Id { id })| id)
        .map_err(|_| Failure::not_found().into_response())
}

/// 404 for everybody but those who asked and those who decide about what is hidden.
async fn may_see_hidden(parts: &mut Parts, ctx: &Ctx, commune: &Commune) -> Result<(), Response> {
    let Ok(viewer) = Viewer::from_request_parts(parts, ctx).await;
    if sees_withheld(&viewer, Some(commune), Right::Polls) {
        Ok(())
    } else {
        Err(Failure::not_found().into_response())
    }
}

/// `/{commune}/sondages/{id}…`
#[derive(Debug)]
pub(super) struct PollPlace {
    pub(super) commune: Commune,
    pub(super) poll: Poll,
}

impl FromRequestParts<Ctx> for PollPlace {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Response> {
        let CommuneRef(commune) = CommuneRef::from_request_parts(parts, ctx).await?;
        let id = id_of(parts, ctx).await?;
        let poll = polls::by_id(&ctx.db, PollId(id))
            .await
            .map_err(|error| Failure::from(error).into_response())?
            .filter(|poll| poll.commune == commune.code.as_str())
            .ok_or_else(|| Failure::not_found().into_response())?;
        if poll.state == PollState::Withdrawn {
            return Err(Failure::gone().into_response());
        }
        if poll.hidden {
            may_see_hidden(parts, ctx, &commune).await?;
        }
        Ok(Self { commune, poll })
    }
}

impl PollPlace {
    /// The path of its page.
    pub(super) fn path(&self) -> String {
        self.commune.below(&format!("sondages/{}", self.poll.id))
    }
}

/// `/{commune}/avis-publics/{id}…`
#[derive(Debug)]
pub(super) struct OpinionPlace {
    pub(super) commune: Commune,
    pub(super) opinion: Opinion,
}

impl FromRequestParts<Ctx> for OpinionPlace {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Response> {
        let CommuneRef(commune) = CommuneRef::from_request_parts(parts, ctx).await?;
        let id = id_of(parts, ctx).await?;
        let opinion = opinions::by_id(&ctx.db, OpinionId(id))
            .await
            .map_err(|error| Failure::from(error).into_response())?
            .filter(|opinion| opinion.commune == commune.code.as_str())
            .ok_or_else(|| Failure::not_found().into_response())?;
        if opinion.state == PollState::Withdrawn {
            return Err(Failure::gone().into_response());
        }
        if opinion.hidden {
            may_see_hidden(parts, ctx, &commune).await?;
        }
        Ok(Self { commune, opinion })
    }
}

impl OpinionPlace {
    /// The path of its page.
    pub(super) fn path(&self) -> String {
        self.commune.below(&format!("avis-publics/{}", self.opinion.id))
    }
}
