//! People: looked up, listed, followed.

use ::account::Preferences;
use ::account::actions::profile::{self, PhotoError};
use axum::Json;
use axum::extract::Path;
use axum::response::Response;
use discussion::Participant;
use federation::{Actor, ActorId, ActorKind, actors, follows};
use platform::store::{Page, Paging};
use platform::web::{Failure, Message};
use serde_json::{Value, json};

use super::search;
use crate::door::{Door, View, id, paging};
use crate::entities::account::{credentials, relationship};
use crate::entities::item::people;
use crate::entities::{account, accounts};
use crate::params::Params;

/// Whether this reader may know of an actor: everybody of those who are federated, people of this server of
/// their neighbours, whose comments they read.
fn may_know(view: &View<'_>, actor: &Actor) -> bool {
    let private = actor.kind == ActorKind::Group && !actor.federated;
    actor.deleted_at.is_none() && !actor.suspended && !private && (actor.federated || view.is_from_here())
}

/// An actor this reader may know of, by the id in an address.
///
/// # Errors
/// 404.
pub(super) async fn known(view: &View<'_>, text: &str) -> Result<Actor, Failure> {
    actors::by_id(view.ctx, ActorId(id(text)?))
        .await?
        .filter(|actor| may_know(view, actor))
        .ok_or_else(Failure::not_found)
}

pub(super) async fn verify_credentials(door: Door) -> Result<Json<Value>, Failure> {
    let citizen = match door.citizen("read:accounts") {
        Err(failure) if failure.status == axum::http::StatusCode::FORBIDDEN => door.citizen("profile")?,
        other => other?,
    };
    let view = door.view(Some(Participant::from(&**citizen)));
    Ok(Json(credentials(&view, citizen).await?))
}

/// Name, presentation, photo, language. An office is described by its commune's page.
pub(super) async fn update_credentials(door: Door, params: Params) -> Result<Json<Value>, Failure> {
    let citizen = door.citizen("write:accounts")?;
    if citizen.office.is_some() {
        return Err(Door::unprocessable("office-profile"));
    }
    if params.has("display_name") || params.has("note") {
        let form = profile::Profile {
            name: params.get("display_name").unwrap_or_else(|| citizen.name()),
            handle: "",
            bio: params.get("note").unwrap_or(&citizen.account.bio),
        };
        profile::change(&door.ctx, citizen, &form).await?;
    }
    if let Some(photo) = params.file("avatar") {
        profile::set_photo(&door.ctx, citizen, photo)
            .await
            .map_err(|error| match error {
                PhotoError::Media(error) => super::media::refused(error),
                PhotoError::Store(error) => error.into(),
            })?;
    }
    if let Some(lang) = params
        .filled("source[language]")
        .and_then(|code| code.parse().ok())
    {
        let chosen = Preferences {
            lang: Some(lang),
            ..citizen.account.preferences
        };
        profile::save_preferences(&door.ctx, citizen, chosen).await?;
    }
    let citizen = ::account::of_account(&door.ctx, citizen.id(), None)
        .await?
        .ok_or_else(Failure::not_found)?;
    let view = door.view(Some(Participant::from(&*citizen)));
    Ok(Json(credentials(&view, &citizen).await?))
}

pub(super) async fn show(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let view = door.view(door.reader("read:accounts")?);
    let actor = known(&view, &id).await?;
    Ok(Json(account(&view, &actor).await?))
}

/// `GET /api/v1/accounts?id[]=…`
pub(super) async fn several(door: Door, params: Params) -> Result<Json<Vec<Value>>, Failure> {
    let view = door.view(door.reader("read:accounts")?);
    let mut found = Vec::new();
    for id in params.all("id").into_iter().take(40) {
        match known(&view, id).await {
            Ok(actor) => found.push(account(&view, &actor).await?),
            Err(failure) if failure.status.is_client_error() => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(Json(found))
}

/// By handle, only those known here. A dark citizen is found by herself.
pub(super) async fn lookup(door: Door, params: Params) -> Result<Json<Value>, Failure> {
    let view = door.view(door.reader("read:accounts")?);
    let acct = params.get("acct").unwrap_or_default().trim();
    let acct = acct.trim_start_matches("acct:").trim_start_matches('@');
    let (handle, host) = match acct.split_once('@') {
        Some((handle, host)) => (handle, Some(host)),
        None => (acct, None),
    };
    let actor = actors::by_handle(&door.ctx, handle, host)
        .await?
        .filter(|actor| actor.is_visible() || Some(actor.id) == view.reader_id())
        .ok_or_else(Failure::not_found)?;
    Ok(Json(account(&view, &actor).await?))
}

pub(super) async fn search_by_name(door: Door, params: Params) -> Result<Json<Vec<Value>>, Failure> {
    let reader = door.person("read:accounts")?;
    let view = door.view(Some(reader));
    let limit = params.number("limit").unwrap_or(40).clamp(1, 80) as usize;
    let text = params.get("q").unwrap_or_default().trim();
    let resolve = params.flag("resolve").unwrap_or(false);
    let mut found = search::people(&view, text, resolve, limit).await?;
    if params.flag("following") == Some(true) {
        found = search::followed_only(&view, found).await?;
    }
    let mut drawn = accounts(&view, &found).await?;
    Ok(Json(
        found.iter().filter_map(|actor| drawn.remove(&actor.id)).collect(),
    ))
}

pub(super) async fn relationships(door: Door, params: Params) -> Result<Json<Vec<Value>>, Failure> {
    let view = door.view(Some(door.person("read:follows")?));
    let mut found = Vec::new();
    for id in params.all("id").into_iter().take(100) {
        if let Ok(actor) = known(&view, id).await {
            found.push(relationship(&view, actor.id).await?);
        }
    }
    Ok(Json(found))
}

/// Nobody is told whom others follow beyond what their lists say.
pub(super) async fn familiar_followers(door: Door, params: Params) -> Result<Json<Vec<Value>>, Failure> {
    door.citizen("read:follows")?;
    let ids = params.all("id").into_iter().take(40);
    Ok(Json(ids.map(|id| json!({ "id": id, "accounts": [] })).collect()))
}

/// A list of people, those left out whom the reader may not know of.
pub(super) async fn listed(
    door: &Door,
    view: &View<'_>,
    page: Page<(i64, ActorId)>,
    paging: &Paging,
) -> Result<Response, Failure> {
    let known = people(view, page.items.iter().map(|(_, actor)| *actor)).await?;
    let shown: Vec<Actor> = page
        .items
        .iter()
        .filter_map(|(_, id)| known.get(id))
        .filter(|actor| actor.is_visible() || Some(actor.id) == view.reader_id())
        .cloned()
        .collect();
    let mut drawn = accounts(view, &shown).await?;
    let rows = shown.iter().filter_map(|actor| drawn.remove(&actor.id)).collect();
    let ids = page
        .items
        .first()
        .zip(page.items.last())
        .map(|(first, last)| (first.0, last.0));
    Ok(door.page(rows, ids, page.has_more, paging))
}

pub(super) async fn followers(
    door: Door,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, Failure> {
    let view = door.view(door.reader("read:accounts")?);
    let actor = known(&view, &id).await?;
    let paging = paging(&params, 40, 80);
    let page = follows::followers(&door.ctx, actor.id, false, &paging).await?;
    listed(&door, &view, page, &paging).await
}

/// A dark citizen's own list is for herself.
pub(super) async fn following(
    door: Door,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, Failure> {
    let view = door.view(door.reader("read:accounts")?);
    let actor = known(&view, &id).await?;
    let paging = paging(&params, 40, 80);
    let page = if actor.is_visible() || Some(actor.id) == view.reader_id() {
        follows::following(&door.ctx, actor.id, false, &paging).await?
    } else {
        Page::new(Vec::new(), &paging)
    };
    listed(&door, &view, page, &paging).await
}

pub(super) async fn follow(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let me = door.actor("write:follows")?;
    let view = door.view(Some(me.clone()));
    let actor = known(&view, &id).await?;
    if !actor.is_visible() {
        return Err(Failure::not_found());
    }
    if actor.id == me.actor.id {
        return Err(Door::unprocessable("follow-oneself"));
    }
    if !actor.local && !me.actor.is_visible() {
        return Err(would_leave());
    }
    for source in door.api.sources() {
        if source.follow(&door.ctx, &me, &actor, true).await? {
            return Ok(Json(relationship(&view, actor.id).await?));
        }
    }
    let mut tx = door.ctx.db.begin().await?;
    follows::follow(&door.ctx, &mut tx, &me.actor, &actor).await?;
    tx.commit().await?;
    Ok(Json(relationship(&view, actor.id).await?))
}

pub(super) async fn unfollow(door: Door, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let me = door.actor("write:follows")?;
    let view = door.view(Some(me.clone()));
    let actor = known(&view, &id).await?;
    for source in door.api.sources() {
        if source.follow(&door.ctx, &me, &actor, false).await? {
            return Ok(Json(relationship(&view, actor.id).await?));
        }
    }
    let mut tx = door.ctx.db.begin().await?;
    follows::unfollow(&door.ctx, &mut tx, &me.actor, &actor).await?;
    tx.commit().await?;
    Ok(Json(relationship(&view, actor.id).await?))
}

/// It would carry the name or the words of somebody to other servers who did not agree to that.
pub(super) fn would_leave() -> Failure {
    Failure::unprocessable("would-leave", Message::new("client-refused-would-leave"))
}

/// An account is made on the site, where the commune is chosen and the code from the e-mail is typed.
pub(super) async fn on_the_site(_: Door) -> Failure {
    Door::unprocessable("on-the-site")
}

/// What this server does not know: said, and not pretended.
pub(super) async fn not_here(door: Door) -> Result<Json<Value>, Failure> {
    door.bearer.as_ref().ok_or_else(crate::bearer::refused)?;
    Err(Door::unprocessable("not-here"))
}
