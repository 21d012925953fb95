//! `/api/parvis/v1/…/groups`: the groups that somebody may know of, their topics, joining and leaving.
//!
//! Whoever may not know of a group gets the answer of a group that never was. A token that does not read, or that
//! speaks for an office whose holder has no part in groups, reads what a stranger reads.

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use client_api::{Bearer, MaybeBearer, Once};
use commune::{Commune, InseeCode};
use discussion::Participant;
use federation::{ActorId, Ctx};
use platform::web::{Failure, Message};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{may_speak, shown, speaker};
use crate::actions::{self, Joined, Known, known};
use crate::model::{GroupId, NewTopic, Topic, TopicId};
use crate::pages::{COMINGS, TOPICS, brake, readable};
use crate::store;

/// What a program must be let to read, to see more than a stranger.
const READ: &str = "read:statuses";
/// What it must be let to write.
const WRITE: &str = "write:statuses";
/// What it must be let to do, to join and leave.
const FOLLOW: &str = "write:follows";
/// Topics of one page, and at most.
const PER_PAGE: i64 = 20;
const MOST_PER_PAGE: i64 = 40;
/// The longest body that is read.
const LONGEST_BODY: usize = 256 * 1024;

pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/api/parvis/v1/communes/{code}/groups", get(index))
        .route("/api/parvis/v1/groups/{id}", get(show))
        .route("/api/parvis/v1/groups/{id}/topics", get(topics).post(create))
        .route("/api/parvis/v1/groups/{id}/topics/{topic}", get(topic))
        .route("/api/parvis/v1/groups/{id}/join", post(join))
        .route("/api/parvis/v1/groups/{id}/leave", post(leave))
}

/// What stands after the question mark.
#[derive(Debug, Deserialize)]
struct Asked {
    max_id: Option<i64>,
    limit: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    title: String,
    text: String,
    #[serde(default)]
    warning: String,
    language: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Joining {
    /// Whether she agrees to the rules.
    rules: bool,
}

fn reader(bearer: &MaybeBearer) -> Option<Participant> {
    bearer
        .citizen(READ)
        .filter(|citizen| may_speak(citizen))
        .map(|citizen| Participant::from(&**citizen))
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Failure> {
    if body.len() > LONGEST_BODY {
        return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
    }
    serde_json::from_slice(body).map_err(|error| {
        tracing::debug!(%error, "a body in JSON cannot be read");
        Failure::bad_request("bad-json")
    })
}

fn id_in(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// A group that this person may know of; for everybody else there is none.
async fn door(ctx: &Ctx, who: Option<&Participant>, id: &str) -> Result<Known, Failure> {
    known(ctx, GroupId(id_in(id)?), who)
        .await?
        .filter(|known| known.may_read(who) || known.standing.invited)
        .ok_or_else(Failure::not_found)
}

/// The same for whoever may read what is said in it.
async fn inside(ctx: &Ctx, who: Option<&Participant>, id: &str) -> Result<Known, Failure> {
    let known = door(ctx, who, id).await?;
    if known.may_read(who) {
        Ok(known)
    } else {
        Err(Failure::not_found())
    }
}

async fn place(ctx: &Ctx, code: &str) -> Result<Commune, Failure> {
    let code: InseeCode = code.parse().map_err(|_| Failure::not_found())?;
    commune::actions::by_code(ctx, code)
        .await?
        .ok_or_else(Failure::not_found)
}

async fn index(
    State(ctx): State<Ctx>,
    bearer: MaybeBearer,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    let commune = place(&ctx, &code).await?;
    let who = reader(&bearer);
    let mut all = Vec::new();
    for group in store::groups::of_commune(&ctx.db, commune.code.as_str()).await? {
        let found = known(&ctx, group.id, who.as_ref()).await?;
        all.extend(found.filter(|known| known.may_read(who.as_ref()) || known.standing.invited));
    }
    let items = shown::groups(&ctx, &all, who.is_some()).await?;
    Ok(Json(json!({ "items": items })).into_response())
}

async fn one(ctx: &Ctx, who: Option<&Participant>, id: &str) -> Result<Value, Failure> {
    let known = door(ctx, who, id).await?;
    let shown = shown::groups(ctx, std::slice::from_ref(&known), who.is_some()).await?;
    shown.into_iter().next().ok_or_else(Failure::not_found)
}

async fn show(
    State(ctx): State<Ctx>,
    bearer: MaybeBearer,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    Ok(Json(one(&ctx, reader(&bearer).as_ref(), &id).await?).into_response())
}

async fn topics(
    State(ctx): State<Ctx>,
    bearer: MaybeBearer,
    Path(id): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Failure> {
    let who = reader(&bearer);
    let known = inside(&ctx, who.as_ref(), &id).await?;
    let Query(asked) = asked.map_err(|_| Failure::bad_request("bad-page"))?;
    let limit = asked.limit.unwrap_or(PER_PAGE).clamp(1, MOST_PER_PAGE);
    let me = who.as_ref().map_or(ActorId(0), |who| who.actor.id);
    let group = known.group.id;
    let rights = (me, known.standing.moderates);
    let page = store::topics::of_group(&ctx.db, group, rights, asked.max_id, limit).await?;
    let last = page.items.last().filter(|_| page.has_more);
    let next = last.map(|last| last.last_id.to_string());
    let pinned = match asked.max_id {
        None => store::topics::pinned(&ctx.db, group).await?,
        Some(_) => Vec::new(),
    };
    let items = shown::topics(&ctx, who.as_ref(), &known, &page.items).await?;
    let pinned = shown::topics(&ctx, who.as_ref(), &known, &pinned).await?;
    Ok(Json(json!({ "pinned": pinned, "items": items, "next": next })).into_response())
}

/// A topic as JSON for somebody who may read it.
async fn told(ctx: &Ctx, who: Option<&Participant>, known: &Known, topic: &Topic) -> Result<Value, Failure> {
    let shown = shown::topics(ctx, who, known, std::slice::from_ref(topic)).await?;
    shown.into_iter().next().ok_or_else(Failure::not_found)
}

async fn topic(
    State(ctx): State<Ctx>,
    bearer: MaybeBearer,
    Path((id, topic)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let who = reader(&bearer);
    let known = inside(&ctx, who.as_ref(), &id).await?;
    let topic = readable(&ctx, who.as_ref(), &known, TopicId(id_in(&topic)?)).await?;
    Ok(Json(told(&ctx, who.as_ref(), &known, &topic).await?).into_response())
}

/// The language that was said: `fr`, `pt-BR`; French without one.
fn language(said: Option<String>) -> Result<String, Failure> {
    let code = said.unwrap_or_else(|| "fr".to_owned());
    let is_code = (2..=20).contains(&code.len())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && code.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    if is_code {
        Ok(code)
    } else {
        Err(Failure::unprocessable(
            "language",
            Message::new("failure-422-text"),
        ))
    }
}

async fn create(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let citizen = bearer.person(WRITE)?;
    let by = speaker(citizen)?;
    let known = inside(&ctx, Some(&by), &id).await?;
    let written: Written = read(&body)?;
    let new = NewTopic {
        title: written.title,
        source: written.text,
        summary: written.warning,
        language: language(written.language)?,
    };
    brake(&ctx, TOPICS, citizen)?;
    let once = Once::of(&headers, by.actor.id);
    let mut tx = ctx.db.begin().await?;
    if let Some(once) = &once
        && let Some(made) = once.claim(&ctx, &mut tx).await?
    {
        drop(tx);
        let topic = readable(&ctx, Some(&by), &known, TopicId(made)).await?;
        let again = told(&ctx, Some(&by), &known, &topic).await?;
        return Ok(Json(again).into_response());
    }
    let topic = actions::open_topic_in(&ctx, &mut tx, &by, &known, new).await?;
    if let Some(once) = &once {
        once.made(&mut tx, topic.id.0).await?;
    }
    tx.commit().await?;
    let body = told(&ctx, Some(&by), &known, &topic).await?;
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// She herself: an office keeps order in its groups, and is no member of any.
fn herself(bearer: &Bearer) -> Result<&account::Citizen, Failure> {
    let citizen = bearer.person(FOLLOW)?;
    if citizen.office.is_some() {
        return Err(Failure::forbidden());
    }
    Ok(citizen)
}

async fn join(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    let citizen = herself(&bearer)?;
    let by = speaker(citizen)?;
    let known = door(&ctx, Some(&by), &id).await?;
    let joining = if body.is_empty() {
        Joining::default()
    } else {
        read(&body)?
    };
    brake(&ctx, COMINGS, citizen)?;
    let state = match actions::join(&ctx, &by, &known, joining.rules).await? {
        Joined::In => "member",
        Joined::Asked => "asked",
    };
    Ok(Json(json!({ "state": state })).into_response())
}

async fn leave(State(ctx): State<Ctx>, bearer: Bearer, Path(id): Path<String>) -> Result<Response, Failure> {
    let citizen = herself(&bearer)?;
    let by = speaker(citizen)?;
    let known = door(&ctx, Some(&by), &id).await?;
    brake(&ctx, COMINGS, citizen)?;
    actions::leave(&ctx, &by, &known).await?;
    Ok(Json(json!({ "state": Value::Null })).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_a_code_and_nothing_else() {
        let code = |text: &str| language(Some(text.to_owned())).ok();
        assert_eq!(language(None).ok().as_deref(), Some("fr"));
        assert_eq!(code("pt-BR").as_deref(), Some("pt-BR"));
        for other in ["", "f", "-fr", "fr\"><script>", "français"] {
            assert_eq!(code(other), None, "{other}");
        }
    }
}
