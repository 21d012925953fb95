//! Statuses: read, answered, changed, deleted.

use axum::Json;
use axum::extract::Path;
use axum::response::Response;
use discussion::actions::{Edit, all_about, delete_comment, edit_comment, history, likers, sharers, unshare};
use discussion::{Comment, CommentId, Participant, Thing};
use federation::actors;
use platform::web::Failure;
use serde_json::{Value, json};

use super::accounts::listed;
use super::conversations;
use super::reactions::refused;
use crate::door::{Door, View, id, paging};
use crate::entities::status::known_language;
use crate::entities::{Item, account, draw, draw_one, find, readable};
use crate::params::Params;
use crate::source::{Source, StatusEdit};

/// Comments of one thread that programs are given at once.
const MOST_COMMENTS: i64 = 1000;

/// A status this reader may read.
///
/// # Errors
/// 404.
pub(super) async fn status(view: &View<'_>, text: &str) -> Result<Item, Failure> {
    find(view, id(text)?).await?.ok_or_else(Failure::not_found)
}

/// As the reader sees it.
pub(super) async fn shown(view: &View<'_>, item: &Item) -> Result<Json<Value>, Failure> {
    draw_one(view, item)
        .await?
        .map(Json)
        .ok_or_else(Failure::not_found)
}

/// The source of something a section published.
pub(super) fn source<'a>(view: &View<'a>, kind: &str) -> Result<&'a dyn Source, Failure> {
    view.api.source(kind).ok_or_else(Failure::not_found)
}

pub(super) async fn show(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    if let Some(private) = conversations::show(&door, &id).await? {
        return Ok(Json(private));
    }
    let view = door.view(door.reader("read:statuses")?);
    let item = status(&view, &id).await?;
    shown(&view, &item).await
}

/// `GET /api/v1/statuses?id[]=…`
pub(super) async fn several(door: Door, params: Params) -> Result<Json<Vec<Value>>, Failure> {
    let view = door.view(door.reader("read:statuses")?);
    let mut items = Vec::new();
    for text in params.all("id").into_iter().take(20) {
        if let Ok(number) = text.parse() {
            items.extend(find(&view, number).await?);
        }
    }
    Ok(Json(draw(&view, &items).await?))
}

pub(super) async fn context(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    if let Some(private) = conversations::context(&door, &id).await? {
        return Ok(Json(private));
    }
    let view = door.view(door.reader("read:statuses")?);
    let item = status(&view, &id).await?;
    let thing = item.thing();
    let subject = thing.subject();
    let all = all_about(view.ctx, view.reader.as_ref(), subject, MOST_COMMENTS).await?;
    let item_of = |comment: &Comment| Item::Comment(Box::new(comment.clone()), Box::new(subject.clone()));
    let mut above = Vec::new();
    let mut parent = thing.comment().and_then(|comment| comment.parent_id);
    while let Some(comment) = parent.and_then(|id| all.iter().find(|comment| comment.id == id)) {
        above.push(item_of(comment));
        parent = comment.parent_id.filter(|next| *next < comment.id);
    }
    if thing.comment().is_some()
        && let Some(source) = view.api.source(subject.target.kind)
    {
        let of = source.by_ids(view.ctx, &[subject.target.id]).await?;
        let of = of
            .into_iter()
            .map(|record| Item::Record(Box::new(record)))
            .collect();
        above.extend(readable(&view, of).await?);
    }
    above.reverse();
    let below: Vec<Item> = below(&all, thing.comment().map(|comment| comment.id))
        .into_iter()
        .map(item_of)
        .collect();
    Ok(Json(json!({
        "ancestors": draw(&view, &above).await?,
        "descendants": draw(&view, &below).await?,
    })))
}

/// The answers to a comment (or to the subject), each followed by the answers to it, the oldest first. An
/// answer to what this reader does not see stands under the subject.
fn below(all: &[Comment], root: Option<CommentId>) -> Vec<&Comment> {
    let parent = |comment: &Comment| {
        comment
            .parent_id
            .filter(|parent| all.iter().any(|other| other.id == *parent))
    };
    let mut children: std::collections::HashMap<Option<CommentId>, Vec<&Comment>> =
        std::collections::HashMap::new();
    for comment in all {
        children.entry(parent(comment)).or_default().push(comment);
    }
    let mut ordered = Vec::new();
    let mut waiting: Vec<&Comment> = children.remove(&root).unwrap_or_default();
    waiting.reverse();
    while let Some(comment) = waiting.pop() {
        ordered.push(comment);
        let answers = children.remove(&Some(comment.id)).unwrap_or_default();
        waiting.extend(answers.into_iter().rev());
    }
    ordered
}

pub(super) async fn favourited_by(
    door: Door,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, Failure> {
    let view = door.view(door.reader("read:accounts")?);
    let target = status(&view, &id).await?.thing().target();
    let paging = paging(&params, 40, 80);
    let page = likers(view.ctx, target, view.reader_id(), &paging).await?;
    listed(&door, &view, page, &paging).await
}

pub(super) async fn reblogged_by(
    door: Door,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, Failure> {
    let view = door.view(door.reader("read:accounts")?);
    let target = status(&view, &id).await?.thing().target();
    let paging = paging(&params, 40, 80);
    let page = sharers(view.ctx, target, view.reader_id(), &paging).await?;
    listed(&door, &view, page, &paging).await
}

/// What it said over time, the oldest first; a status that was never edited has one version.
pub(super) async fn versions(door: Door, Path(id): Path<String>) -> Result<Json<Vec<Value>>, Failure> {
    if let Some(private) = conversations::versions(&door, &id).await? {
        return Ok(Json(private));
    }
    let view = door.view(door.reader("read:statuses")?);
    let item = status(&view, &id).await?;
    let author = actors::by_id(view.ctx, item.proper().actor())
        .await?
        .ok_or_else(Failure::not_found)?;
    let author = account(&view, &author).await?;
    let version = |html: &str, summary: &str, sensitive: bool, at: platform::Timestamp, media: Vec<Value>| {
        json!({
            "content": html,
            "spoiler_text": summary,
            "sensitive": sensitive,
            "created_at": at.rfc3339(),
            "account": author,
            "media_attachments": media,
            "emojis": [],
        })
    };
    let mut all = Vec::new();
    match item.proper() {
        Item::Record(record) => {
            let kept = source(&view, record.subject.target.kind)?;
            let media: Vec<Value> = record
                .attached
                .iter()
                .map(crate::entities::media::attached)
                .collect();
            for old in kept.versions(view.ctx, record.id()).await? {
                all.push(version(
                    &old.html,
                    &old.summary,
                    record.sensitive,
                    old.written_at,
                    media.clone(),
                ));
            }
            let at = record.edited_at.unwrap_or(record.created_at);
            all.push(version(
                &record.html,
                &record.summary,
                record.sensitive,
                at,
                media,
            ));
        }
        Item::Comment(comment, _) => {
            for old in history(view.ctx, comment.id).await? {
                let sensitive = !old.summary.is_empty();
                all.push(version(
                    &old.html,
                    &old.summary,
                    sensitive,
                    old.written_at,
                    Vec::new(),
                ));
            }
            let sensitive = !comment.summary.is_empty();
            let at = comment.written_at();
            all.push(version(
                &comment.html,
                &comment.summary,
                sensitive,
                at,
                Vec::new(),
            ));
        }
        Item::Share(..) => return Err(Failure::not_found()),
    }
    Ok(Json(all))
}

/// Text and warning as typed, for the editor of one's own.
pub(super) async fn typed(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    if let Some(private) = conversations::typed(&door, &id).await? {
        return Ok(Json(private));
    }
    let me = door.person("read:statuses")?;
    let view = door.view(Some(me));
    let item = own(&view, &id).await?;
    let (text, summary) = text_of(&item);
    Ok(Json(json!({
        "id": item.id().to_string(),
        "text": text,
        "spoiler_text": summary,
    })))
}

fn text_of(item: &Item) -> (String, String) {
    match item.proper() {
        Item::Record(record) => (record.text.clone().unwrap_or_default(), record.summary.clone()),
        Item::Comment(comment, _) => (
            comment.source.clone().unwrap_or_default(),
            comment.summary.clone(),
        ),
        Item::Share(..) => (String::new(), String::new()),
    }
}

/// One of the reader's own; others' are not there to be changed.
pub(super) async fn own(view: &View<'_>, id: &str) -> Result<Item, Failure> {
    let item = status(view, id).await?;
    if Some(item.actor()) == view.reader_id() {
        Ok(item)
    } else {
        Err(Failure::not_found())
    }
}

pub(super) async fn edit(door: Door, Path(id): Path<String>, params: Params) -> Result<Json<Value>, Failure> {
    if let Some(private) = conversations::edit(&door, &id, &params).await? {
        return Ok(Json(private));
    }
    let me = door.actor("write:statuses")?;
    let view = door.view(Some(me.clone()));
    let item = own(&view, &id).await?;
    if params.under("poll").next().is_some() {
        return Err(Door::unprocessable("poll"));
    }
    match &item {
        Item::Record(record) => {
            let edit = edit_of(&params)?;
            let citizen = door.citizen("write:statuses")?;
            source(&view, record.subject.target.kind)?
                .edit(view.ctx, citizen, record.id(), edit)
                .await?;
        }
        Item::Comment(comment, _) => edit_own_comment(&door, &me, comment, &params).await?,
        Item::Share(..) => return Err(Failure::not_found()),
    }
    let item = own(&view, &id).await?;
    shown(&view, &item).await
}

fn edit_of(params: &Params) -> Result<StatusEdit, Failure> {
    let text = |name: &str| params.get(name).map(ToOwned::to_owned);
    let mut alts = Vec::new();
    let mut which = None;
    for (part, value) in params.under("media_attributes") {
        // One object after another; each begins with its id.
        if part.ends_with("[id]") {
            which = value.parse().ok();
        } else if part.ends_with("[description]")
            && let Some(id) = which
        {
            alts.push((id, value.to_owned()));
        }
    }
    Ok(StatusEdit {
        text: text("status"),
        summary: text("spoiler_text"),
        sensitive: params.flag("sensitive"),
        language: super::publish::language(params)?,
        media: if params.has("media_ids") {
            Some(super::publish::media_ids(params)?)
        } else {
            None
        },
        alts,
    })
}

async fn edit_own_comment(
    door: &Door,
    me: &Participant,
    comment: &Comment,
    params: &Params,
) -> Result<(), Failure> {
    if !params.all("media_ids").is_empty() {
        return Err(Door::unprocessable("comment-media"));
    }
    let edit = Edit {
        text: params
            .get("status")
            .map_or_else(|| comment.source.clone().unwrap_or_default(), ToOwned::to_owned),
        summary: params.get("spoiler_text").unwrap_or(&comment.summary).to_owned(),
        language: super::publish::language(params)?
            .or_else(|| Some(comment.language.clone()).filter(|code| known_language(code)))
            .unwrap_or_else(|| "fr".to_owned()),
    };
    edit_comment(&door.ctx, &door.api.subjects, me, comment.id, edit)
        .await
        .map_err(refused)?;
    Ok(())
}

/// Deletes one's own, and gives what was typed so that it can be written anew.
pub(super) async fn delete(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    if let Some(private) = conversations::delete(&door, &id).await? {
        return Ok(Json(private));
    }
    let me = door.actor("write:statuses")?;
    let view = door.view(Some(me.clone()));
    let item = own(&view, &id).await?;
    let Json(mut drawn) = shown(&view, &item).await?;
    let (text, _) = text_of(&item);
    if let Some(map) = drawn.as_object_mut() {
        map.insert("text".to_owned(), json!(text));
    }
    match &item {
        Item::Record(record) => {
            let citizen = door.citizen("write:statuses")?;
            source(&view, record.subject.target.kind)?
                .delete(view.ctx, citizen, record.id())
                .await?;
        }
        Item::Comment(comment, _) => delete_comment(view.ctx, &door.api.subjects, &me, comment.id)
            .await
            .map_err(refused)?,
        Item::Share(_, inner) => unshare(view.ctx, &me, &inner.thing()).await.map_err(refused)?,
    }
    Ok(Json(drawn))
}

pub(super) async fn pin(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    set_pinned(&door, &id, true).await
}

pub(super) async fn unpin(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    set_pinned(&door, &id, false).await
}

async fn set_pinned(door: &Door, id: &str, pinned: bool) -> Result<Json<Value>, Failure> {
    let me = door.actor("write:accounts")?;
    let view = door.view(Some(me));
    let item = status(&view, id).await?;
    let Item::Record(record) = &item else {
        return Err(Door::unprocessable("pin"));
    };
    if Some(record.subject.author_id) != view.reader_id() {
        return Err(Door::unprocessable("pin"));
    }
    let citizen = door.citizen("write:accounts")?;
    source(&view, record.subject.target.kind)?
        .pin(view.ctx, citizen, record.id(), pinned)
        .await?;
    let item = status(&view, id).await?;
    shown(&view, &item).await
}

/// What is liked, shared or flagged, if this reader may read it.
pub(super) async fn thing(view: &View<'_>, id: &str) -> Result<Thing, Failure> {
    Ok(status(view, id).await?.thing())
}
