//! `POST /api/v1/statuses`: a section's status, or a comment on what is there.

use account::{Citizen, Right};
use axum::Json;
use discussion::actions::{comment_in, draft_comment};
use discussion::{CommentState, NewComment, Participant};
use federation::Visibility;
use platform::Timestamp;
use platform::web::Failure;
use serde_json::Value;

use super::accounts::would_leave;
use super::polls;
use super::reactions::refused;
use super::scheduled;
use super::statuses::{shown, status};
use crate::door::{Door, View};
use crate::entities::account::language as usual_language;
use crate::once::Once;
use crate::params::Params;
use crate::source::NewStatus;

pub(super) async fn create(door: Door, params: Params) -> Result<Json<Value>, Failure> {
    if let Some(private) = super::conversations::create(&door, &params).await? {
        return Ok(Json(private));
    }
    let me = door.actor("write:statuses")?;
    let citizen = door.citizen("write:statuses")?;
    let once = Once::of(&door.headers, me.actor.id);
    let view = door.view(Some(me.clone()));
    if let Some(once) = &once
        && let Some(made) = once.known(&door.ctx).await?
    {
        return made_status(&door, &view, citizen, made).await;
    }
    refuse_what_is_not_here(&params)?;
    let made = match params.filled("in_reply_to_id") {
        Some(answered) => answer(&door, &view, &me, citizen, answered, &params, once.as_ref()).await?,
        None => publish(&door, citizen, &params, once.as_ref()).await?,
    };
    made_status(&door, &view, citizen, made).await
}

/// What was made: a status, or one that waits for its moment.
async fn made_status(
    door: &Door,
    view: &View<'_>,
    citizen: &Citizen,
    id: i64,
) -> Result<Json<Value>, Failure> {
    match status(view, &id.to_string()).await {
        Ok(item) => shown(view, &item).await,
        Err(failure) if failure.status == axum::http::StatusCode::NOT_FOUND => {
            scheduled::one(door, citizen, id).await
        }
        Err(failure) => Err(failure),
    }
}

fn refuse_what_is_not_here(params: &Params) -> Result<(), Failure> {
    if params.filled("quoted_status_id").is_some() || params.filled("quote_id").is_some() {
        return Err(Door::unprocessable("quote"));
    }
    if params.get("visibility") == Some("direct") {
        return Err(Door::unprocessable("direct"));
    }
    Ok(())
}

/// Who is to read it; everybody, unless something else was said.
fn visibility(params: &Params) -> Result<Visibility, Failure> {
    match params.filled("visibility") {
        None => Ok(Visibility::Public),
        Some(code) => Visibility::from_code(code)
            .filter(|visibility| *visibility != Visibility::Direct)
            .ok_or_else(|| Door::unprocessable("visibility")),
    }
}

/// The language that was said: `fr`, `pt-BR`.
pub(super) fn language(params: &Params) -> Result<Option<String>, Failure> {
    let Some(code) = params.filled("language") else {
        return Ok(None);
    };
    let mut parts = code.split('-');
    let primary = parts.next().unwrap_or_default();
    let good = (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && code.len() <= 20
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    if good {
        Ok(Some(code.to_owned()))
    } else {
        Err(Door::unprocessable("language"))
    }
}

/// The uploads named, in order, each once.
pub(super) fn media_ids(params: &Params) -> Result<Vec<i64>, Failure> {
    let mut ids = Vec::new();
    for text in params.all("media_ids") {
        let id = text.parse().map_err(|_| Door::unprocessable("media"))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The moment chosen for it, if any.
pub(super) fn moment(params: &Params) -> Result<Option<Timestamp>, Failure> {
    match params.filled("scheduled_at") {
        None => Ok(None),
        Some(text) => Timestamp::parse_rfc3339(text)
            .map(Some)
            .ok_or_else(|| Door::unprocessable("when")),
    }
}

async fn publish(
    door: &Door,
    citizen: &Citizen,
    params: &Params,
    once: Option<&Once>,
) -> Result<i64, Failure> {
    // Only town halls publish; a citizen's words are comments, or topics of a group that they name first.
    let names_first = params
        .get("status")
        .is_some_and(|text| text.trim_start().starts_with('@'));
    if citizen.office.is_none() && !names_first {
        return Err(Door::unprocessable("not-a-town-hall"));
    }
    let poll = polls::asked(params)?;
    let new = NewStatus {
        text: params.get("status").unwrap_or_default().to_owned(),
        summary: params.get("spoiler_text").unwrap_or_default().to_owned(),
        sensitive: params.flag("sensitive").unwrap_or(false),
        language: language(params)?.unwrap_or_else(|| usual_language(citizen).to_owned()),
        visibility: visibility(params)?,
        media: media_ids(params)?,
        at: moment(params)?,
        poll,
        local_only: params.flag("local_only") == Some(true),
    };
    for source in door.api.sources() {
        if let Some(made) = source.publish_addressed(&door.ctx, citizen, &new, once).await? {
            return Ok(made);
        }
    }
    if citizen.office.is_none() {
        return Err(Door::unprocessable("not-a-town-hall"));
    }
    let source = match &new.poll {
        // A question bears no pictures, and is asked at once: its end is told from now on.
        Some(_) if !new.media.is_empty() || new.at.is_some() => return Err(Door::unprocessable("poll")),
        Some(_) => door.api.of_polls(),
        None => door.api.first(),
    };
    let source = source.ok_or_else(Failure::not_found)?;
    source.publish(&door.ctx, citizen, new, once).await
}

async fn answer(
    door: &Door,
    view: &View<'_>,
    me: &Participant,
    citizen: &Citizen,
    answered: &str,
    params: &Params,
    once: Option<&Once>,
) -> Result<i64, Failure> {
    let thing = status(view, answered).await?.thing();
    let subject = thing.subject();
    if let (Some(_), Some(office)) = (&subject.circle, &citizen.office)
        && !citizen.may(Right::Groups, office.commune)
    {
        return Err(Failure::forbidden());
    }
    if params.under("poll").next().is_some() {
        return Err(Door::unprocessable("poll"));
    }
    if moment(params)?.is_some() {
        return Err(Door::unprocessable("comment-later"));
    }
    if !params.all("media_ids").is_empty() {
        return Err(Door::unprocessable("comment-media"));
    }
    // A comment is read by whoever reads the thing: nobody is led to believe in fewer readers.
    if subject.visibility.is_open() && !visibility(params)?.is_open() {
        return Err(Door::unprocessable("comment-readers"));
    }
    // Programs take what is answered as said to everybody. Of somebody dark it would stay here: she is asked
    // for it in so many words.
    let stays = subject.visibility == Visibility::Residents
        || !door.ctx.federation().enabled
        || params.flag("local_only") == Some(true);
    if !stays && !me.actor.is_visible() {
        return Err(would_leave());
    }
    let new = NewComment {
        text: params.get("status").unwrap_or_default().to_owned(),
        summary: params.get("spoiler_text").unwrap_or_default().to_owned(),
        language: language(params)?.unwrap_or_else(|| usual_language(citizen).to_owned()),
        parent: thing.comment().map(|comment| comment.id),
    };
    let drafted = draft_comment(&door.ctx, me, subject, new)
        .await
        .map_err(refused)?;
    let mut tx = door.ctx.db.begin().await?;
    if let Some(once) = once
        && let Some(made) = once.claim(&door.ctx, &mut tx).await?
    {
        return Ok(made);
    }
    let comment = comment_in(&door.ctx, &mut tx, drafted).await.map_err(refused)?;
    if let Some(once) = once {
        once.made(&mut tx, comment.id.0).await?;
    }
    tx.commit().await?;
    if comment.state == CommentState::Held {
        tracing::debug!(comment.id = %comment.id, "a comment waits for a moderator");
    }
    Ok(comment.id.0)
}
