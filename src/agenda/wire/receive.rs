//! Events of other servers: taken in when somebody here follows who invites, or a commune shows them.

use federation::fetch::FetchError;
use federation::{
    Actor, ActorKind, Ctx, Envelope, Inbox, Verdict, actors, address, author_of, fetch, follows, id_of, ids,
    is_public, kind_of,
};
use platform::{StoreError, Timestamp};
use serde_json::{Map, Value};

use super::KIND;
use super::read::read;
use super::stranger::{fill, stranger};
use crate::model::{EventId, EventState, Occurrence, OccurrenceId, OccurrenceState};
use crate::notices::{self, Told};
use crate::store::{attendances, events, occurrences, sources};

pub(super) fn claims(inbox: &mut Inbox) {
    inbox
        .on("Create", KIND_OF_OBJECT)
        .when(is_wanted)
        .then("agenda: event", created);
    inbox
        .on("Update", KIND_OF_OBJECT)
        .when(is_known_or_wanted)
        .then("agenda: changed event", updated);
    for kind in [KIND_OF_OBJECT, "Tombstone", "*"] {
        inbox
            .on("Delete", kind)
            .when(is_known)
            .then("agenda: deleted event", deleted);
    }
    // A group of Mobilizon announces what its members write; Gancio what it was sent.
    for kind in [KIND_OF_OBJECT, "Create", "*"] {
        inbox
            .on("Announce", kind)
            .when(is_passed_on)
            .then("agenda: announced event", announced);
    }
}

const KIND_OF_OBJECT: &str = "Event";

/// Who invites: the actor of the activity, or the group of his server in whose name he does (Mobilizon).
async fn host_of(ctx: &Ctx, envelope: &Envelope) -> Result<Option<Actor>, StoreError> {
    let Some(document) = envelope.object_document() else {
        return Ok(None);
    };
    let by = author_of(document).unwrap_or_default();
    if by == envelope.actor.uri {
        return Ok(Some(envelope.actor.clone()));
    }
    if actors::origin(by) != actors::origin(&envelope.actor.uri) {
        return Ok(None);
    }
    let named = actors::by_uri(ctx, by).await?;
    Ok(named.filter(speaks_through_members))
}

/// A group, or a whole server: its members and its people write in its name. Nobody writes in a person's.
fn speaks_through_members(actor: &Actor) -> bool {
    actor.kind != ActorKind::Person
}

async fn wants(ctx: &Ctx, host: &Actor) -> Result<bool, StoreError> {
    Ok(follows::count_followers(ctx, host.id).await? > 0 || sources::is_one(&ctx.db, host.id).await?)
}

async fn is_wanted(ctx: Ctx, envelope: Envelope) -> bool {
    let open = envelope.object_document().is_some_and(is_listed);
    match host_of(&ctx, &envelope).await {
        Ok(Some(host)) if open => wants(&ctx, &host).await.unwrap_or(false),
        _ => false,
    }
}

async fn is_known(ctx: Ctx, envelope: Envelope) -> bool {
    let Some(uri) = envelope.object_id() else {
        return false;
    };
    matches!(occurrences::by_uri(&ctx.db, uri).await, Ok(Some(date)) if !date.local)
}

async fn is_known_or_wanted(ctx: Ctx, envelope: Envelope) -> bool {
    is_known(ctx.clone(), envelope.clone()).await || is_wanted(ctx, envelope).await
}

/// The id of what somebody passes on: the object, or that of the `Create` which is passed on whole. `None` when it is
/// said to be no event.
fn passed_on(envelope: &Envelope) -> Option<&str> {
    match envelope.object_kind() {
        None | Some(KIND_OF_OBJECT) => envelope.object_id(),
        Some("Create") => {
            let event = envelope.object.get("object")?;
            kind_of(event)
                .is_none_or(|kind| kind == KIND_OF_OBJECT)
                .then(|| id_of(event))
                .flatten()
        }
        Some(_) => None,
    }
}

async fn is_passed_on(ctx: Ctx, envelope: Envelope) -> bool {
    let elsewhere = passed_on(&envelope).is_some_and(|uri| !ctx.urls.is_ours(uri));
    // People share what they read: what only their bare ids tell of is not asked for one by one.
    let bare = envelope.object_kind().is_none() && !speaks_through_members(&envelope.actor);
    let wanted = if bare {
        sources::is_one(&ctx.db, envelope.actor.id).await
    } else {
        wants(&ctx, &envelope.actor).await
    };
    elsewhere && wanted.unwrap_or(false)
}

/// FEP-8a8e: what is not addressed to everybody is listed nowhere.
fn is_listed(document: &Map<String, Value>) -> bool {
    ids(document, "to").into_iter().any(is_public)
}

async fn created(ctx: Ctx, envelope: Envelope) -> Verdict {
    match take(&ctx, &envelope).await {
        Ok(verdict) => verdict,
        Err(error) => error.into(),
    }
}

async fn updated(ctx: Ctx, envelope: Envelope) -> Verdict {
    match change(&ctx, &envelope).await {
        Ok(verdict) => verdict,
        Err(error) => error.into(),
    }
}

async fn deleted(ctx: Ctx, envelope: Envelope) -> Verdict {
    match delete(&ctx, &envelope).await {
        Ok(verdict) => verdict,
        Err(error) => error.into(),
    }
}

/// The object with its id, when it is of the server that says it.
fn own_object(envelope: &Envelope) -> Option<(&str, &Map<String, Value>)> {
    let uri = envelope.object_id()?;
    let same = actors::origin(uri) == actors::origin(&envelope.actor.uri);
    envelope
        .object_document()
        .filter(|_| same)
        .map(|document| (uri, document))
}

async fn take(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, StoreError> {
    let Some((uri, document)) = own_object(envelope) else {
        return Ok(Verdict::Reject("the object is not its actor's"));
    };
    let Some(host) = host_of(ctx, envelope).await? else {
        return Ok(Verdict::Reject("the object is not its actor's"));
    };
    take_in(ctx, &host, uri, document).await
}

/// Stores another server's event once.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn take_in(
    ctx: &Ctx,
    host: &Actor,
    uri: &str,
    document: &Map<String, Value>,
) -> Result<Verdict, StoreError> {
    let whole = Value::Object(document.clone());
    if kind_of(&whole) != Some(KIND_OF_OBJECT) || !is_listed(document) {
        return Ok(Verdict::Ignore("not a public event"));
    }
    let Some(read) = read(document) else {
        return Ok(Verdict::Reject("an event needs a name and a beginning"));
    };
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    // The tombstone is looked at inside the transaction: a Delete that came first wins.
    if actors::is_buried_in(&mut tx, uri).await? {
        return Ok(Verdict::Ignore("deleted before it came"));
    }
    if occurrences::by_uri_in(&mut tx, uri).await?.is_some() {
        return Ok(Verdict::Ignore("known already"));
    }
    let id = ctx.new_id();
    let published = instant_of(document, "published")
        .filter(|at| *at <= now)
        .unwrap_or(now);
    let mut event = stranger(host, EventId(id), now);
    let mut date = Occurrence {
        id: OccurrenceId(id),
        uri: uri.to_owned(),
        event_id: event.id,
        commune: None,
        private: false,
        local: false,
        day: String::new(),
        rule_local: event.starts_local.clone(),
        starts_local: event.starts_local.clone(),
        ends_local: event.ends_local.clone(),
        starts_at: read.starts_at,
        ends_at: read.ends_at,
        state: OccurrenceState::Scheduled,
        reason: String::new(),
        moved: false,
        taken: 0,
        announced_at: Some(published),
        reminded_at: None,
        changed_at: instant_of(document, "updated")
            .filter(|at| *at <= now)
            .unwrap_or(published),
    };
    fill(&mut event, &mut date, read);
    event.created_at = published;
    events::insert(&mut tx, &event).await?;
    occurrences::insert(&mut tx, &date).await?;
    tx.commit().await?;
    Ok(Verdict::Done)
}

fn instant_of(document: &Map<String, Value>, name: &str) -> Option<Timestamp> {
    Timestamp::parse_rfc3339(document.get(name)?.as_str()?)
}

async fn change(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, StoreError> {
    let Some((uri, document)) = own_object(envelope) else {
        return Ok(Verdict::Reject("the object is not its actor's"));
    };
    let Some(host) = host_of(ctx, envelope).await? else {
        return Ok(Verdict::Reject("the object is not its actor's"));
    };
    let Some(known) = occurrences::by_uri(&ctx.db, uri).await? else {
        return take_in(ctx, &host, uri, document).await;
    };
    let Some(read) = read(document) else {
        return Ok(Verdict::Reject("an event needs a name and a beginning"));
    };
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let event = events::by_id_for_change(&mut tx, known.event_id).await?;
    let date = occurrences::by_id_for_change(&mut tx, known.id).await?;
    let Some((mut event, mut date)) = event.zip(date) else {
        return Ok(Verdict::Ignore("unknown event"));
    };
    if date.local || event.actor_id != host.id || date.state == OccurrenceState::Deleted {
        return Ok(Verdict::Reject("not its host's, or gone"));
    }
    // Many write no `updated` on events (Gancio): then the later one to come is believed.
    let at = instant_of(document, "updated");
    if at.is_some_and(|at| at < date.changed_at) {
        return Ok(Verdict::Ignore("older than what is known"));
    }
    if at.is_some_and(|at| at > now.plus(std::time::Duration::from_secs(300))) {
        return Ok(Verdict::Reject("from the future"));
    }
    let before = (date.starts_at, event.place.line(), date.is_cancelled());
    fill(&mut event, &mut date, read);
    event.edited_at = Some(at.unwrap_or(now));
    date.changed_at = at.unwrap_or(now);
    if !is_listed(document) {
        date.state = OccurrenceState::Deleted;
    }
    events::update(&mut tx, &event).await?;
    occurrences::update(&mut tx, &date).await?;
    let told = match (date.is_cancelled(), before.2) {
        _ if date.state == OccurrenceState::Deleted || event.private || date.is_over(now) => None,
        (true, false) => Some(Told::Cancelled),
        (true, true) => None,
        (false, _) if before.0 != date.starts_at || before.1 != event.place.line() => Some(Told::Changed),
        (false, _) => None,
    };
    if let Some(told) = told {
        notices::of_office(ctx, &mut tx, &host, &event, &date, told).await?;
    }
    tx.commit().await?;
    Ok(Verdict::Done)
}

async fn delete(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, StoreError> {
    let Some(uri) = envelope.object_id() else {
        return Ok(Verdict::Reject("the object has no id"));
    };
    let Some(known) = occurrences::by_uri(&ctx.db, uri).await? else {
        return Ok(Verdict::Ignore("unknown event"));
    };
    let mut tx = ctx.db.begin().await?;
    let Some(mut event) = events::by_id_for_change(&mut tx, known.event_id).await? else {
        return Ok(Verdict::Ignore("unknown event"));
    };
    // A group's events are deleted by its members: its own server answers for both.
    let host = actors::by_id_in(&mut tx, event.actor_id).await?;
    let theirs = host.as_ref().is_some_and(|host| {
        host.id == envelope.actor.id
            || (speaks_through_members(host)
                && actors::origin(&host.uri) == actors::origin(&envelope.actor.uri))
    });
    if event.local || !theirs {
        return Ok(Verdict::Reject("not its host's"));
    }
    let now = ctx.clock.now();
    actors::bury(&mut tx, uri, KIND_OF_OBJECT, now).await?;
    notifications::retract(&mut tx, KIND, known.id.0).await?;
    discussion::subject_gone(&mut tx, KIND, known.id.0).await?;
    let mut date = known;
    if let Some(host) = host.filter(|_| date.is_awaited(now) && !event.private) {
        notices::of_office(ctx, &mut tx, &host, &event, &date, Told::Cancelled).await?;
    }
    attendances::remove_all(&mut tx, date.id).await?;
    date.state = OccurrenceState::Deleted;
    date.changed_at = now;
    occurrences::update(&mut tx, &date).await?;
    event.state = EventState::Deleted;
    event.title = String::new();
    event.html = String::new();
    event.place = crate::model::Place::default();
    event.image_path = String::new();
    event.image_alt = String::new();
    events::update(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(Verdict::Done)
}

/// What somebody passes on is read from its own server, and taken when he himself or somebody of his server invites.
async fn announced(ctx: Ctx, envelope: Envelope) -> Verdict {
    let Some(uri) = passed_on(&envelope).and_then(address::canonical) else {
        return Verdict::Reject("the object has no id");
    };
    if actors::origin(&uri) != actors::origin(&envelope.actor.uri) {
        return Verdict::Ignore("of another server than who announces it");
    }
    let (uri, object) = match event_at(&ctx, uri).await {
        Ok(found) => found,
        Err(error) => return error.into(),
    };
    let Some(document) = object.as_object() else {
        return Verdict::Reject("the object is no document");
    };
    let by = author_of(document).and_then(actors::origin);
    if document.get("id").and_then(id_of) != Some(uri.as_str()) || by != actors::origin(&envelope.actor.uri) {
        return Verdict::Reject("the object is not of its server");
    }
    match take_in(&ctx, &envelope.actor, &uri, document).await {
        Ok(verdict) => verdict,
        Err(error) => error.into(),
    }
}

/// What lies at an address; when that is the `Create` of something on the same server, this something, from its own
/// address.
async fn event_at(ctx: &Ctx, uri: String) -> Result<(String, Value), FetchError> {
    let object = fetch::object(ctx, &uri).await?;
    let created = object.get("object").and_then(id_of).and_then(address::canonical);
    match created {
        Some(event) if kind_of(&object) == Some("Create") && address::same_origin(&event, &uri) => {
            let object = fetch::object(ctx, &event).await?;
            Ok((event, object))
        }
        _ => Ok((uri, object)),
    }
}

/// Removes what an actor of another server published, and where it wanted to come: it is gone.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn forget_actor(ctx: &Ctx, actor: &Actor) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    crate::actions::forget_attendances(ctx, &mut tx, actor.id).await?;
    events::remove_of_actor(&mut tx, actor.id).await?;
    tx.commit().await
}
