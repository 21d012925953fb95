//! Finding people, statuses and hashtags: what is known here, and with `resolve` what others know.

use std::time::Duration;

use axum::Json;
use federation::{Actor, ActorKind, actors, fetch, follows};
use platform::text;
use platform::web::Failure;
use serde_json::{Value, json};

use super::timelines::tag_entity;
use crate::door::{Door, View};
use crate::entities::{Item, accounts, draw, find};
use crate::params::Params;

/// How long a program waits for another server.
const PATIENCE: Duration = Duration::from_secs(20);

/// What was asked for.
enum Question<'a> {
    /// `@maire-eze@parvis.example.org`, `acct:…`.
    Handle(&'a str),
    /// An address.
    Address(&'a str),
    /// Words.
    Words(&'a str),
}

fn question(text: &str) -> Question<'_> {
    let bare = text.trim_start_matches("acct:").trim_start_matches('@');
    let is_handle = bare
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains(['@', ' ', '/']));
    if text.starts_with("https://") || text.starts_with("http://") {
        Question::Address(text)
    } else if is_handle && !bare.contains(char::is_whitespace) {
        Question::Handle(bare)
    } else {
        Question::Words(text)
    }
}

pub(super) async fn show(door: Door, params: Params) -> Result<Json<Value>, Failure> {
    let reader = door.reader("read:search")?;
    let resolve = params.flag("resolve").unwrap_or(false);
    if reader.is_none() && (resolve || params.number("offset").is_some_and(|offset| offset > 0)) {
        return Err(crate::bearer::refused());
    }
    let view = door.view(reader);
    let asked = params.get("q").unwrap_or_default().trim().to_owned();
    let limit = params.number("limit").unwrap_or(20).clamp(1, 40) as usize;
    let offset = params.number("offset").unwrap_or(0).clamp(0, 1000) as usize;
    let wants = |kind: &str| params.filled("type").is_none_or(|wanted| wanted == kind);
    let (mut found, mut statuses, mut tags) = (Vec::new(), Vec::new(), Vec::new());
    if let Question::Address(address) = question(&asked) {
        match at_address(&view, address, resolve).await? {
            Some(Place::Person(actor)) if wants("accounts") => found.push(*actor),
            Some(Place::Status(item)) if wants("statuses") => statuses.push(*item),
            _ => {}
        }
    } else if !asked.is_empty() {
        if wants("accounts") {
            found = people(&view, &asked, resolve, limit + offset).await?;
            if params.flag("following") == Some(true) {
                found = followed_only(&view, found).await?;
            }
            found.drain(..offset.min(found.len()));
        }
        if wants("hashtags") {
            tags = hashtags(&view, &asked, limit + offset).await?;
            tags.drain(..offset.min(tags.len()));
        }
    }
    found.truncate(limit);
    let mut drawn = accounts(&view, &found).await?;
    let found: Vec<Value> = found.iter().filter_map(|actor| drawn.remove(&actor.id)).collect();
    Ok(Json(json!({
        "accounts": found,
        "statuses": draw(&view, &statuses).await?,
        "hashtags": tags.iter().map(|name| tag_entity(&door, name)).collect::<Vec<_>>(),
    })))
}

async fn hashtags(view: &View<'_>, asked: &str, limit: usize) -> Result<Vec<String>, Failure> {
    let folded = text::fold(asked.trim_start_matches('#'));
    let mut tags: Vec<String> = Vec::new();
    if folded.is_empty() || folded.contains(' ') {
        return Ok(tags);
    }
    for source in view.api.sources() {
        for name in source.tags(view.ctx, &folded, limit as i64).await? {
            if !tags.iter().any(|known| text::fold(known) == text::fold(&name)) {
                tags.push(name);
            }
        }
    }
    Ok(tags)
}

/// Only those she follows.
pub(super) async fn followed_only(view: &View<'_>, found: Vec<Actor>) -> Result<Vec<Actor>, Failure> {
    let Some(me) = view.reader_id() else {
        return Ok(found);
    };
    let mut kept = Vec::new();
    for actor in found {
        let follow = follows::between(view.ctx, me, actor.id).await?;
        if follow.is_some_and(|follow| follow.accepted) {
            kept.push(actor);
        }
    }
    Ok(kept)
}

/// People by handle, by the name of their commune, by the beginning of their name. Nobody dark.
pub(super) async fn people(
    view: &View<'_>,
    asked: &str,
    resolve: bool,
    limit: usize,
) -> Result<Vec<Actor>, Failure> {
    let mut found: Vec<Actor> = Vec::new();
    let mut add = |actor: Actor| {
        let known = found.iter().any(|other| other.id == actor.id);
        let shown = actor.is_visible() || Some(actor.id) == view.reader_id();
        if shown && !known && actor.kind != ActorKind::Application {
            found.push(actor);
        }
    };
    match question(asked) {
        Question::Handle(handle) => {
            let (user, host) = handle.split_once('@').unwrap_or((handle, ""));
            match actors::by_handle(view.ctx, user, Some(host)).await? {
                Some(actor) => add(actor),
                None if resolve => {
                    if let Some(actor) = asked_elsewhere(actors::lookup(view.ctx, handle)).await? {
                        add(actor);
                    }
                }
                None => {}
            }
        }
        Question::Words(words) => {
            let words = words.trim_start_matches('@');
            if let Some(actor) = actors::by_handle(view.ctx, words, None).await? {
                add(actor);
            }
            for actor in actors::search(view.ctx, words, limit as i64).await? {
                add(actor);
            }
            let (_, communes) = commune::actions::search(view.ctx, words, 0..limit).await?;
            for claim in communes.into_iter().filter_map(|commune| commune.claim) {
                for id in [claim.mayor, claim.commune] {
                    if let Some(actor) = actors::by_id(view.ctx, id).await? {
                        add(actor);
                    }
                }
            }
        }
        Question::Address(address) => {
            if let Some(Place::Person(actor)) = at_address(view, address, resolve).await? {
                add(*actor);
            }
        }
    }
    found.truncate(limit);
    Ok(found)
}

/// What another server says, if it says it in time; that it says nothing is no fault of ours.
async fn asked_elsewhere<T>(
    question: impl Future<Output = Result<Option<T>, fetch::FetchError>>,
) -> Result<Option<T>, Failure> {
    match tokio::time::timeout(PATIENCE, question).await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(fetch::FetchError::Store(cause))) => Err(Failure::internal(cause)),
        Ok(Err(error)) => {
            tracing::debug!(%error, "another server was asked for nothing");
            Ok(None)
        }
        Err(_) => Ok(None),
    }
}

/// What an address leads to.
pub(crate) enum Place {
    Person(Box<Actor>),
    Status(Box<Item>),
}

/// What is at an address: here, or with `resolve` read from its server and kept.
///
/// # Errors
/// [`Failure`] of this server; that another says nothing is none.
pub(crate) async fn at_address(
    view: &View<'_>,
    address: &str,
    resolve: bool,
) -> Result<Option<Place>, Failure> {
    if let Some(place) = known_at(view, address).await? {
        return Ok(Some(place));
    }
    if !resolve || view.ctx.urls.is_ours(address) {
        return Ok(None);
    }
    let object = asked_elsewhere(async { fetch::object(view.ctx, address).await.map(Some) }).await?;
    let Some(object) = object else {
        return Ok(None);
    };
    let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
    if let Some(place) = known_at(view, id).await? {
        return Ok(Some(place));
    }
    let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
    if ActorKind::from_code(kind).is_some() {
        let actor = asked_elsewhere(async { actors::resolve(view.ctx, id).await.map(Some) }).await?;
        return Ok(actor
            .filter(Actor::is_visible)
            .map(|actor| Place::Person(Box::new(actor))));
    }
    // An answer to something known here is a comment, and comes by its own way.
    if let Some(answered) = object.get("inReplyTo").and_then(federation::id_of)
        && view.api.subjects.by_uri(view.ctx, answered).await?.is_some()
    {
        return Ok(None);
    }
    for source in view.api.sources() {
        if let Some(made) = source.take_in(view.ctx, &object).await? {
            return Ok(find(view, made).await?.map(|item| Place::Status(Box::new(item))));
        }
    }
    Ok(None)
}

/// What is here already: by id, or by the address of its page.
async fn known_at(view: &View<'_>, address: &str) -> Result<Option<Place>, Failure> {
    let shown = |actor: &Actor| actor.is_visible() || Some(actor.id) == view.reader_id();
    let person = |actor: Actor| Place::Person(Box::new(actor));
    if let Some(actor) = actors::by_uri(view.ctx, address).await? {
        return Ok(Some(actor).filter(shown).map(person));
    }
    if let Some(thing) = view.api.subjects.by_uri(view.ctx, address).await? {
        let item = find(view, thing.target().id).await?;
        return Ok(item.map(|item| Place::Status(Box::new(item))));
    }
    let Some(path) = view.ctx.urls.path_of(address) else {
        return Ok(None);
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if let Some(handle) = path.strip_prefix("/@") {
        let actor = actors::by_handle(view.ctx, handle, None).await?;
        return Ok(actor.filter(shown).map(person));
    }
    for source in view.api.sources() {
        if let Some(id) = source.id_of_page(path) {
            let item = find(view, id).await?;
            return Ok(item.map(|item| Place::Status(Box::new(item))));
        }
    }
    if let Some(id) = path.strip_prefix("/commentaires/").and_then(|id| id.parse().ok()) {
        let item = find(view, id).await?;
        return Ok(item.map(|item| Place::Status(Box::new(item))));
    }
    let address = path.trim_start_matches('/');
    if !address.is_empty()
        && !address.contains('/')
        && let commune::actions::Place::Here(commune) = commune::actions::at(view.ctx, address).await?
        && let Some(claim) = &commune.claim
    {
        let actor = actors::by_id(view.ctx, claim.mayor).await?;
        return Ok(actor.filter(shown).map(person));
    }
    Ok(None)
}
