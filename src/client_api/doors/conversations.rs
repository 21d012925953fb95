//! Conversations, and the statuses in them.
//!
//! A token with `read:statuses` alone does not see private messages: they need `read` or `read:conversations`.

use std::sync::Arc;

use account::Citizen;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete as removing, get, post};
use axum::{Json, Router};
use discussion::Participant;
use federation::{Actor, Ctx};
use platform::web::Failure;
use serde_json::{Value, json};

use super::accounts::not_here;
use crate::door::{Door, View, id, paging};
use crate::entities::account::account;
use crate::entities::media;
use crate::once::Once;
use crate::params::Params;
use crate::private::{Direct, DirectWords, NewDirect, Private, Talk};

const READ: &str = "read:conversations";
const WRITE: &str = "write:conversations";

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/api/v1/conversations", get(index).post(not_here))
        .route("/api/v1/conversations/{id}", removing(remove))
        .route("/api/v1/conversations/{id}/read", post(read))
}

fn room(door: &Door) -> Result<Arc<dyn Private>, Failure> {
    door.api.private.clone().ok_or_else(Failure::not_found)
}

/// The reader, if her token shows private messages.
fn reader(door: &Door) -> Option<&Citizen> {
    let bearer = door.bearer.as_ref().filter(|bearer| bearer.scopes.allow(READ))?;
    bearer.citizen.as_ref()
}

fn view<'a>(door: &'a Door, citizen: &Citizen) -> View<'a> {
    door.view(Some(Participant::from(&**citizen)))
}

pub(super) async fn index(door: Door, params: Params) -> Result<Response, Failure> {
    let citizen = door.citizen(READ)?;
    let (view, paging) = (view(&door, citizen), paging(&params, 20, 40));
    let page = room(&door)?.talks(&door.ctx, citizen, &paging).await?;
    let ids = page
        .items
        .first()
        .zip(page.items.last())
        .map(|(first, last)| (first.last.id, last.last.id));
    let mut rows = Vec::with_capacity(page.items.len());
    for talk in &page.items {
        rows.push(talk_json(&view, talk).await?);
    }
    Ok(door.page(rows, ids, page.has_more, &paging))
}

async fn read(door: Door, Path(text): Path<String>) -> Result<Json<Value>, Failure> {
    let citizen = door.citizen(WRITE)?;
    let talk = room(&door)?.read(&door.ctx, citizen, id(&text)?).await?;
    Ok(Json(talk_json(&view(&door, citizen), &talk).await?))
}

async fn remove(door: Door, Path(text): Path<String>) -> Result<Response, Failure> {
    let citizen = door.citizen(WRITE)?;
    room(&door)?.remove(&door.ctx, citizen, id(&text)?).await?;
    Ok(Json(json!({})).into_response())
}

/// A private message of the reader's with this id; `None`: look for something else.
async fn found(door: &Door, text: &str) -> Result<Option<Direct>, Failure> {
    let (Some(citizen), Some(room), Ok(id)) = (reader(door), &door.api.private, text.parse::<i64>()) else {
        return Ok(None);
    };
    room.one(&door.ctx, citizen, id).await
}

pub(super) async fn show(door: &Door, text: &str) -> Result<Option<Value>, Failure> {
    let Some(direct) = found(door, text).await? else {
        return Ok(None);
    };
    let citizen = door.citizen(READ)?;
    Ok(Some(direct_json(&view(door, citizen), &direct).await?))
}

pub(super) async fn context(door: &Door, text: &str) -> Result<Option<Value>, Failure> {
    let Some(direct) = found(door, text).await? else {
        return Ok(None);
    };
    let citizen = door.citizen(READ)?;
    let view = view(door, citizen);
    let (mut above, mut below) = (Vec::new(), Vec::new());
    for other in room(door)?.around(&door.ctx, citizen, direct.talk).await? {
        let list = match other.id.cmp(&direct.id) {
            std::cmp::Ordering::Less => &mut above,
            std::cmp::Ordering::Greater => &mut below,
            std::cmp::Ordering::Equal => continue,
        };
        list.push(direct_json(&view, &other).await?);
    }
    Ok(Some(json!({ "ancestors": above, "descendants": below })))
}

/// A status that is private by its visibility, or because it answers something private: whatever else the program
/// says, the answer to a private message is private.
pub(super) async fn create(door: &Door, params: &Params) -> Result<Option<Value>, Failure> {
    let answered = match params.filled("in_reply_to_id") {
        Some(text) => found(door, text).await?,
        None => None,
    };
    let is_direct = params.get("visibility") == Some("direct");
    if answered.is_none() && (!is_direct || params.filled("in_reply_to_id").is_some()) {
        return Ok(None);
    }
    let citizen = door.citizen("write:statuses")?;
    if params.under("poll").next().is_some() {
        return Err(Door::unprocessable("poll"));
    }
    if params.filled("scheduled_at").is_some() {
        return Err(Door::unprocessable("comment-later"));
    }
    if !params.all("media_ids").is_empty() {
        return Err(Door::unprocessable("direct-media"));
    }
    let room = room(door)?;
    let once = Once::of(&door.headers, citizen.face().id);
    let made = match &once {
        Some(once) => once.known(&door.ctx).await?,
        None => None,
    };
    let made = match made {
        Some(made) => made,
        None => {
            let new = NewDirect {
                words: DirectWords {
                    text: params.get("status").unwrap_or_default().to_owned(),
                    summary: params.get("spoiler_text").unwrap_or_default().to_owned(),
                    sensitive: params.flag("sensitive").unwrap_or(false),
                },
                answers: answered.map(|direct| direct.id),
            };
            room.write(&door.ctx, citizen, new, once.as_ref()).await?
        }
    };
    let direct = room
        .one(&door.ctx, citizen, made)
        .await?
        .ok_or_else(Failure::not_found)?;
    Ok(Some(direct_json(&view(door, citizen), &direct).await?))
}

pub(super) async fn edit(door: &Door, text: &str, params: &Params) -> Result<Option<Value>, Failure> {
    let Some(direct) = found(door, text).await? else {
        return Ok(None);
    };
    let citizen = door.citizen("write:statuses")?;
    let said = |name: &str| params.get(name).map(ToOwned::to_owned);
    let words = DirectWords {
        text: said("status").or(direct.text).unwrap_or_default(),
        summary: said("spoiler_text").unwrap_or(direct.summary),
        sensitive: params.flag("sensitive").unwrap_or(direct.sensitive),
    };
    room(door)?.edit(&door.ctx, citizen, direct.id, words).await?;
    show(door, text).await
}

/// What it says: the words before an edit are not kept.
pub(super) async fn versions(door: &Door, text: &str) -> Result<Option<Vec<Value>>, Failure> {
    let Some(direct) = found(door, text).await? else {
        return Ok(None);
    };
    let view = view(door, door.citizen(READ)?);
    Ok(Some(vec![json!({
        "content": direct.html,
        "spoiler_text": direct.summary,
        "sensitive": is_sensitive(&direct),
        "created_at": direct.edited_at.unwrap_or(direct.created_at).rfc3339(),
        "account": account(&view, &direct.author).await?,
        "media_attachments": direct.attached.iter().map(media::attached).collect::<Vec<_>>(),
        "emojis": [],
    })]))
}

/// Text and warning as typed, of one's own.
pub(super) async fn typed(door: &Door, text: &str) -> Result<Option<Value>, Failure> {
    let Some(direct) = found(door, text).await? else {
        return Ok(None);
    };
    let typed = direct.text.ok_or_else(Failure::not_found)?;
    Ok(Some(json!({
        "id": direct.id.to_string(),
        "text": typed,
        "spoiler_text": direct.summary,
    })))
}

fn is_sensitive(direct: &Direct) -> bool {
    direct.sensitive || !direct.summary.is_empty()
}

pub(super) async fn delete(door: &Door, text: &str) -> Result<Option<Value>, Failure> {
    let Some(direct) = found(door, text).await? else {
        return Ok(None);
    };
    let citizen = door.citizen("write:statuses")?;
    let mut drawn = direct_json(&view(door, citizen), &direct).await?;
    room(door)?.delete(&door.ctx, citizen, direct.id).await?;
    if let Some(map) = drawn.as_object_mut() {
        map.insert("text".to_owned(), json!(direct.text));
    }
    Ok(Some(drawn))
}

async fn talk_json(view: &View<'_>, talk: &Talk) -> Result<Value, Failure> {
    let mut people = Vec::with_capacity(talk.people.len());
    for actor in &talk.people {
        people.push(account(view, actor).await?);
    }
    Ok(json!({
        "id": talk.id.to_string(),
        "unread": talk.unread,
        "accounts": people,
        "last_status": direct_json(view, &talk.last).await?,
    }))
}

fn mention(actor: &Actor) -> Value {
    json!({
        "id": actor.id.to_string(),
        "username": actor.handle,
        "url": actor.page(),
        "acct": actor.acct(),
    })
}

async fn direct_json(view: &View<'_>, direct: &Direct) -> Result<Value, Failure> {
    Ok(json!({
        "id": direct.id.to_string(),
        "created_at": direct.created_at.rfc3339(),
        "edited_at": direct.edited_at.map(|at| at.rfc3339()),
        "in_reply_to_id": direct.answers.map(|(id, _)| id.to_string()),
        "in_reply_to_account_id": direct.answers.map(|(_, actor)| actor.to_string()),
        "sensitive": is_sensitive(direct),
        "spoiler_text": direct.summary,
        "visibility": "direct",
        "language": null,
        "uri": direct.uri,
        "url": direct.url,
        "content": direct.html,
        "account": account(view, &direct.author).await?,
        "media_attachments": direct.attached.iter().map(media::attached).collect::<Vec<_>>(),
        "mentions": direct.people.iter().map(mention).collect::<Vec<_>>(),
        "tags": [],
        "emojis": [],
        "card": null,
        "poll": null,
        "reblog": null,
        "quote": null,
        "quote_approval": { "automatic": [], "manual": [], "current_user": "denied" },
        "application": null,
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "quotes_count": 0,
        "favourited": false,
        "reblogged": false,
        "muted": false,
        "bookmarked": false,
        "filtered": [],
    }))
}
