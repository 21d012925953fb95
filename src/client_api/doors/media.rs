//! Pictures and documents sent in before they are published.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use platform::media::{self, Fit, MediaError, MediaId, Medium, NewUpload, Refusal};
use platform::web::{Failure, Message};
use serde_json::{Value, json};

use crate::door::{Door, id};
use crate::entities::media::{attached, of_upload};
use crate::params::Params;

/// As a program is told.
pub(super) fn refused(error: MediaError) -> Failure {
    match error {
        MediaError::Store(error) => error.into(),
        MediaError::Disk(error) => Failure::internal(error),
        MediaError::Refused(refusal) => {
            let mut message = Message::new(refusal.key());
            message.args = refusal.args();
            let status = match refusal {
                Refusal::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
                Refusal::TooMany => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            Failure::new(status, "media").saying(message)
        }
    }
}

/// `0.25,-0.5`: the point that must stay visible.
fn focus(params: &Params) -> Option<(f64, f64)> {
    let (x, y) = params.filled("focus")?.split_once(',')?;
    Some((x.trim().parse().ok()?, y.trim().parse().ok()?))
}

/// Versions 1 and 2: it is ready when the answer comes.
pub(super) async fn create(door: Door, params: Params) -> Result<Json<Value>, Failure> {
    let me = door.actor("write:media")?;
    let file = params
        .file("file")
        .ok_or_else(|| Door::unprocessable("no-file"))?;
    let new = NewUpload {
        owner_id: me.actor.id.0,
        bytes: file.bytes.clone(),
        file_name: file.file_name.clone(),
        alt: params.get("description").unwrap_or_default().to_owned(),
        fit: Fit::Whole,
        pictures_only: false,
    };
    let mut medium = media::upload(&door.ctx, new).await.map_err(refused)?;
    if let Some(focus) = focus(&params) {
        medium = describe(&door, &medium, None, Some(focus)).await?;
    }
    Ok(Json(drawn(&door, &medium)))
}

fn drawn(door: &Door, medium: &Medium) -> Value {
    attached(&of_upload(&door.ctx, medium))
}

/// One of hers.
async fn hers(door: &Door, scope: &str, text: &str) -> Result<Medium, Failure> {
    let me = door.actor(scope)?;
    let medium = media::by_id(&door.ctx.db, MediaId(id(text)?)).await?;
    if medium.owner_id == me.actor.id.0 {
        Ok(medium)
    } else {
        Err(Failure::not_found())
    }
}

async fn describe(
    door: &Door,
    medium: &Medium,
    alt: Option<&str>,
    focus: Option<(f64, f64)>,
) -> Result<Medium, Failure> {
    let mut tx = door.ctx.db.begin().await?;
    media::describe(
        &mut tx,
        medium.id,
        medium.owner_id,
        alt.unwrap_or(&medium.alt),
        focus.unwrap_or((medium.focus_x, medium.focus_y)),
    )
    .await?;
    tx.commit().await?;
    Ok(media::by_id(&door.ctx.db, medium.id).await?)
}

pub(super) async fn show(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let medium = hers(&door, "write:media", &id).await?;
    Ok(Json(drawn(&door, &medium)))
}

/// What is published is described anew by editing its status.
pub(super) async fn update(
    door: Door,
    Path(id): Path<String>,
    params: Params,
) -> Result<Json<Value>, Failure> {
    let medium = hers(&door, "write:media", &id).await?;
    if medium.attached {
        return Err(Failure::not_found());
    }
    let medium = describe(&door, &medium, params.get("description"), focus(&params)).await?;
    Ok(Json(drawn(&door, &medium)))
}

pub(super) async fn delete(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let medium = hers(&door, "write:media", &id).await?;
    if medium.attached {
        return Err(Door::unprocessable("media-used"));
    }
    media::remove(&door.ctx, medium.id).await.map_err(refused)?;
    Ok(Json(json!({})))
}
