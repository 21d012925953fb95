//! What waits for its moment.

use account::Citizen;
use axum::Json;
use axum::extract::Path;
use axum::response::Response;
use discussion::Participant;
use platform::web::Failure;
use serde_json::{Value, json};

use super::publish::moment;
use crate::door::{Door, id, paging};
use crate::entities::media;
use crate::entities::status::visibility;
use crate::params::Params;
use crate::source::Record;

fn drawn(record: &Record) -> Value {
    json!({
        "id": record.id().to_string(),
        "scheduled_at": record.scheduled_at.map(|at| at.rfc3339()),
        "params": {
            "text": record.text,
            "poll": null,
            "media_ids": record.attached.iter().map(|one| &one.id).collect::<Vec<_>>(),
            "sensitive": record.sensitive,
            "spoiler_text": record.summary,
            "visibility": visibility(record.subject.visibility),
            "language": record.language,
            "in_reply_to_id": null,
            "application_id": null,
            "scheduled_at": null,
            "idempotency": null,
            "with_rate_limit": false,
        },
        "media_attachments": record.attached.iter().map(media::attached).collect::<Vec<_>>(),
    })
}

async fn all(door: &Door, citizen: &Citizen) -> Result<Vec<Record>, Failure> {
    let mut records = Vec::new();
    for source in door.api.sources() {
        records.extend(source.scheduled(&door.ctx, citizen).await?);
    }
    records.sort_by_key(|record| std::cmp::Reverse(record.id()));
    Ok(records)
}

/// One of hers.
pub(super) async fn one(door: &Door, citizen: &Citizen, id: i64) -> Result<Json<Value>, Failure> {
    let records = all(door, citizen).await?;
    let found = records.iter().find(|record| record.id() == id);
    found
        .map(|record| Json(drawn(record)))
        .ok_or_else(Failure::not_found)
}

pub(super) async fn index(door: Door, params: Params) -> Result<Response, Failure> {
    let citizen = door.citizen("read:statuses")?;
    let paging = paging(&params, 20, 40);
    let mut records = all(&door, citizen).await?;
    records.retain(|record| record.id() < paging.below() && record.id() > paging.above());
    if paging.is_ascending() {
        records.reverse();
    }
    let limit = paging.limit as usize;
    let has_more = records.len() > limit;
    records.truncate(limit);
    if paging.is_ascending() {
        records.reverse();
    }
    let ids = records
        .first()
        .map(Record::id)
        .zip(records.last().map(Record::id));
    Ok(door.page(records.iter().map(drawn).collect(), ids, has_more, &paging))
}

pub(super) async fn show(door: Door, Path(text): Path<String>) -> Result<Json<Value>, Failure> {
    let citizen = door.citizen("read:statuses")?;
    one(&door, citizen, id(&text)?).await
}

/// Her record, and what it is of.
async fn hers(door: &Door, citizen: &Citizen, text: &str) -> Result<Record, Failure> {
    let number = id(text)?;
    all(door, citizen)
        .await?
        .into_iter()
        .find(|record| record.id() == number)
        .ok_or_else(Failure::not_found)
}

pub(super) async fn update(
    door: Door,
    Path(text): Path<String>,
    params: Params,
) -> Result<Json<Value>, Failure> {
    let _may: Participant = door.actor("write:statuses")?;
    let citizen = door.citizen("write:statuses")?;
    let record = hers(&door, citizen, &text).await?;
    let source = door
        .api
        .source(record.subject.target.kind)
        .ok_or_else(Failure::not_found)?;
    if let Some(at) = moment(&params)? {
        source.reschedule(&door.ctx, citizen, record.id(), at).await?;
    }
    one(&door, citizen, record.id()).await
}

pub(super) async fn cancel(door: Door, Path(text): Path<String>) -> Result<Json<Value>, Failure> {
    let _may: Participant = door.actor("write:statuses")?;
    let citizen = door.citizen("write:statuses")?;
    let record = hers(&door, citizen, &text).await?;
    let source = door
        .api
        .source(record.subject.target.kind)
        .ok_or_else(Failure::not_found)?;
    source.delete(&door.ctx, citizen, record.id()).await?;
    Ok(Json(json!({})))
}
