//! A post that moderators took from sight, for those who decide about it and those who wrote it.

use account::{Citizen, Right, Viewer};
use axum::extract::{Path, State};
use axum::response::Response;
use commune::{Commune, CommuneRef};
use discussion::pages::sees_withheld;
use federation::Ctx;
use platform::media::{self, MediaId};
use platform::web::Failure;

use crate::model::{Post, PostId, PostState};
use crate::store;

/// A hidden post of this commune (none: of no commune), if this viewer still sees it.
pub(super) async fn post(
    ctx: &Ctx,
    viewer: &Viewer,
    commune: Option<&Commune>,
    id: PostId,
) -> Result<Option<Post>, Failure> {
    if !sees_withheld(viewer, commune, Right::News) {
        return Ok(None);
    }
    let code = commune.map(|commune| commune.code.as_str());
    let found = store::by_id(&ctx.db, id).await?;
    Ok(found.filter(|post| post.state == PostState::Hidden && post.commune.as_deref() == code))
}

/// The address of one of its photos or documents.
pub(super) fn address(page: &str, position: i64) -> String {
    format!("{page}/pieces/{position}")
}

/// `GET /{commune}/actualites/{id}/pieces/{position}`: the usual address of the file gives nothing any more.
pub(super) async fn piece(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id, position)): Path<(String, PostId, i64)>,
) -> Result<Response, Failure> {
    let viewer = Viewer::from(citizen);
    let post = post(&ctx, &viewer, Some(&commune), id).await?;
    let post = post.ok_or_else(Failure::not_found)?;
    let attachments = store::attachments_of(&ctx.db, &[post.id]).await?;
    let upload = attachments
        .iter()
        .find(|attachment| attachment.position == position)
        .and_then(|attachment| attachment.media_id)
        .ok_or_else(Failure::not_found)?;
    let medium = media::by_id(&ctx.db, MediaId(upload)).await?;
    media::give_to(&ctx, &medium).await
}
