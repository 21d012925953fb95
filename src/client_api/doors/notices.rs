//! Notifications, markers.

use std::collections::HashMap;

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use federation::ActorId;
use notifications::{Kind, NoticeId};
use platform::store::Paging;
use platform::web::Failure;
use serde_json::{Map, Value, json};

use crate::door::{Door, View, id, paging};
use crate::entities::notice::{Shown, shown};
use crate::params::Params;
use crate::store;

/// The kinds that Mastodon's words can tell.
fn kinds() -> Vec<Kind> {
    Kind::ALL
        .into_iter()
        .filter(|kind| kind.mastodon().is_some())
        .collect()
}

/// Those of the types wanted.
fn wanted(params: &Params) -> Vec<Kind> {
    let (types, without) = (params.all("types"), params.all("exclude_types"));
    kinds()
        .into_iter()
        .filter(|kind| {
            let name = kind.mastodon().unwrap_or_default();
            (types.is_empty() || types.contains(&name)) && !without.contains(&name)
        })
        .collect()
}

/// A page of what is told to her.
struct Told {
    shown: Vec<Shown>,
    ids: Option<(i64, i64)>,
    has_more: bool,
    paging: Paging,
}

async fn told(door: &Door, view: &View<'_>, me: ActorId, params: &Params) -> Result<Told, Failure> {
    let paging = paging(params, 40, 80);
    let page = notifications::of_kinds(&door.ctx, me, &wanted(params), &paging).await?;
    let ids = page
        .items
        .first()
        .zip(page.items.last())
        .map(|(first, last)| (first.id.0, last.id.0));
    let from = params.number("account_id");
    let items = page
        .items
        .into_iter()
        .filter(|told| from.is_none_or(|from| told.from_id == Some(ActorId(from))))
        .collect();
    Ok(Told {
        shown: shown(view, items).await?,
        ids,
        has_more: page.has_more,
        paging,
    })
}

pub(super) async fn index(door: Door, params: Params) -> Result<Response, Failure> {
    let me = door.person("read:notifications")?;
    let id = me.actor.id;
    let view = door.view(Some(me));
    let told = told(&door, &view, id, &params).await?;
    let rows = told.shown.iter().map(Shown::alone).collect();
    Ok(door.page(rows, told.ids, told.has_more, &told.paging))
}

/// Version 2: each in a group of its own, people and statuses beside them.
pub(super) async fn groups(door: Door, params: Params) -> Result<Response, Failure> {
    let me = door.person("read:notifications")?;
    let id = me.actor.id;
    let view = door.view(Some(me));
    let told = told(&door, &view, id, &params).await?;
    let paged = door.page(Vec::new(), told.ids, told.has_more, &told.paging);
    let mut response = Json(of_groups(&told.shown)).into_response();
    if let Some(link) = paged.headers().get(axum::http::header::LINK) {
        response
            .headers_mut()
            .insert(axum::http::header::LINK, link.clone());
    }
    Ok(response)
}

fn of_groups(all: &[Shown]) -> Value {
    let each = |list: Vec<&Value>| {
        let mut seen: HashMap<String, Value> = HashMap::new();
        for value in list {
            let id = value.get("id").and_then(Value::as_str).unwrap_or_default();
            seen.entry(id.to_owned()).or_insert_with(|| value.clone());
        }
        seen.into_values().collect::<Vec<_>>()
    };
    json!({
        "accounts": each(all.iter().map(|one| &one.account).collect()),
        "statuses": each(all.iter().filter_map(|one| one.status.as_ref()).collect()),
        "notification_groups": all.iter().map(Shown::grouped).collect::<Vec<_>>(),
    })
}

async fn one(door: &Door, text: &str) -> Result<Shown, Failure> {
    let me = door.person("read:notifications")?;
    let notice = notifications::one(&door.ctx, me.actor.id, NoticeId(id(text)?)).await?;
    shown(&door.view(Some(me)), vec![notice])
        .await?
        .pop()
        .ok_or_else(Failure::not_found)
}

pub(super) async fn show(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    Ok(Json(one(&door, &id).await?.alone()))
}

fn of_group(key: &str) -> &str {
    key.strip_prefix("ungrouped-").unwrap_or(key)
}

pub(super) async fn show_group(door: Door, Path(key): Path<String>) -> Result<Json<Value>, Failure> {
    let shown = one(&door, of_group(&key)).await?;
    Ok(Json(of_groups(std::slice::from_ref(&shown))))
}

pub(super) async fn group_accounts(door: Door, Path(key): Path<String>) -> Result<Json<Vec<Value>>, Failure> {
    Ok(Json(vec![one(&door, of_group(&key)).await?.account]))
}

/// Removes all that programs see. Decisions of moderators stay: they can be contested.
pub(super) async fn clear(door: Door) -> Result<Json<Value>, Failure> {
    let me = door.person("write:notifications")?;
    notifications::dismiss_all_of(&door.ctx, me.actor.id, &kinds()).await?;
    Ok(Json(json!({})))
}

pub(super) async fn dismiss(door: Door, Path(text): Path<String>) -> Result<Json<Value>, Failure> {
    let me = door.person("write:notifications")?;
    let notice = NoticeId(id(of_group(&text))?);
    notifications::one(&door.ctx, me.actor.id, notice).await?;
    notifications::dismiss(&door.ctx, me.actor.id, Some(notice)).await?;
    Ok(Json(json!({})))
}

pub(super) async fn unread(door: Door, params: Params) -> Result<Json<Value>, Failure> {
    let me = door.person("read:notifications")?;
    let most = params.number("limit").unwrap_or(100).clamp(1, 1000);
    let count = notifications::unread_of(&door.ctx, me.actor.id, &wanted(&params)).await?;
    Ok(Json(json!({ "count": count.min(most) })))
}

/// Nobody's notices are held back here.
pub(super) async fn policy(door: Door) -> Result<Json<Value>, Failure> {
    door.citizen("read:notifications")?;
    Ok(Json(json!({
        "for_not_following": "accept",
        "for_not_followers": "accept",
        "for_new_accounts": "accept",
        "for_private_mentions": "accept",
        "for_limited_accounts": "accept",
        "summary": { "pending_requests_count": 0, "pending_notifications_count": 0 },
    })))
}

/// None wait to be merged, then.
pub(super) async fn merged(door: Door) -> Result<Json<Value>, Failure> {
    door.citizen("read:notifications")?;
    Ok(Json(json!({ "merged": true })))
}

const TIMELINES: [&str; 2] = ["home", "notifications"];

async fn markers_of(door: &Door, me: ActorId, names: &[&str]) -> Result<Json<Value>, Failure> {
    let mut drawn = Map::new();
    for marker in store::markers(&door.ctx.db, me).await? {
        if names.contains(&marker.timeline.as_str()) {
            drawn.insert(
                marker.timeline,
                json!({
                    "last_read_id": marker.last_read,
                    "version": marker.version,
                    "updated_at": marker.updated_at.rfc3339(),
                }),
            );
        }
    }
    Ok(Json(Value::Object(drawn)))
}

pub(super) async fn markers(door: Door, params: Params) -> Result<Json<Value>, Failure> {
    let me = door.person("read:statuses")?;
    markers_of(&door, me.actor.id, &params.all("timeline")).await
}

/// Where she stopped reading; notices up to there count as read on the site too.
pub(super) async fn set_markers(door: Door, params: Params) -> Result<Json<Value>, Failure> {
    let me = door.person("write:statuses")?.actor.id;
    let mut set = Vec::new();
    for timeline in TIMELINES {
        let Some(text) = params.filled(&format!("{timeline}[last_read_id]")) else {
            continue;
        };
        let last = id(text).map_err(|_| Door::unprocessable("marker"))?;
        let mut tx = door.ctx.db.begin().await?;
        store::set_marker(&mut tx, me, timeline, &last.to_string(), door.ctx.clock.now()).await?;
        tx.commit().await?;
        if timeline == "notifications" {
            notifications::mark_read(&door.ctx, me, NoticeId(last)).await?;
        }
        set.push(timeline);
    }
    markers_of(&door, me, &set).await
}
