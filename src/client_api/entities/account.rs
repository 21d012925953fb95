//! `Account`, `CredentialAccount`, `Relationship`.

use std::collections::HashMap;

use account::Citizen;
use federation::{Actor, ActorId, ActorKind, actors, follows};
use platform::StoreError;
use platform::text::{Html, plain_text};
use platform::web::assets;
use serde_json::{Value, json};

use crate::door::View;

/// Several accounts, by id.
pub(crate) async fn accounts(
    view: &View<'_>,
    actors: &[Actor],
) -> Result<HashMap<ActorId, Value>, StoreError> {
    let mut drawn = HashMap::with_capacity(actors.len());
    for actor in actors {
        if !drawn.contains_key(&actor.id) {
            drawn.insert(actor.id, account(view, actor).await?);
        }
    }
    Ok(drawn)
}

/// One account.
pub(crate) async fn account(view: &View<'_>, actor: &Actor) -> Result<Value, StoreError> {
    let ctx = view.ctx;
    let mut statuses = discussion::actions::count_comments_of(ctx, actor.id).await?;
    let mut last_at = None;
    for source in view.api.sources() {
        let figures = source.figures(ctx, actor.id).await?;
        statuses += figures.count;
        last_at = last_at.max(figures.last_at);
    }
    let absolute = |address: String| {
        if address.starts_with('/') {
            ctx.urls.to(&address)
        } else {
            address
        }
    };
    let avatar = absolute(account::avatar(actor));
    let header = absolute(
        actor
            .image_url
            .clone()
            .unwrap_or_else(|| assets::address("accueil.webp")),
    );
    let hidden = actor.suspended;
    Ok(json!({
        "id": actor.id.to_string(),
        "username": actor.handle,
        "acct": actor.acct(),
        "display_name": if hidden { "" } else { actor.name.as_str() },
        "locked": actor.locked,
        "bot": matches!(actor.kind, ActorKind::Service | ActorKind::Application),
        "group": actor.kind == ActorKind::Group,
        "discoverable": actor.discoverable,
        "indexable": actor.discoverable,
        "noindex": !actor.discoverable,
        "hide_collections": !actor.is_visible(),
        "created_at": format!("{}T00:00:00.000Z", day(actor.created_at)),
        "note": if hidden { "" } else { actor.summary.as_str() },
        "url": actor.page(),
        "uri": actor.uri,
        "avatar": avatar,
        "avatar_static": avatar,
        "avatar_description": "",
        "header": header,
        "header_static": header,
        "header_description": "",
        "followers_count": follows::count_followers(ctx, actor.id).await?,
        "following_count": follows::count_following(ctx, actor.id).await?,
        "statuses_count": statuses,
        "last_status_at": last_at.map(day),
        "suspended": hidden,
        "limited": false,
        "moved": moved(view, actor).await?,
        "memorial": null,
        "emojis": [],
        "roles": [],
        "fields": fields(actor),
    }))
}

/// The account that this one moved to, where it is known here and has not moved on itself.
async fn moved(view: &View<'_>, actor: &Actor) -> Result<Option<Value>, StoreError> {
    let Some(uri) = &actor.moved_to else {
        return Ok(None);
    };
    let target = actors::by_uri(view.ctx, uri).await?;
    match target.filter(|target| target.moved_to.is_none() && !target.suspended) {
        Some(target) => Ok(Some(Box::pin(account(view, &target)).await?)),
        None => Ok(None),
    }
}

fn day(at: platform::Timestamp) -> String {
    at.rfc3339().chars().take(10).collect()
}

fn pairs(actor: &Actor) -> Vec<(String, String)> {
    serde_json::from_str(&actor.fields_json).unwrap_or_default()
}

fn fields(actor: &Actor) -> Vec<Value> {
    pairs(actor)
        .into_iter()
        .map(|(name, value)| json!({ "name": name, "value": value, "verified_at": null }))
        .collect()
}

/// Her own account, with what only she sees.
pub(crate) async fn credentials(view: &View<'_>, citizen: &Citizen) -> Result<Value, StoreError> {
    let actor = citizen.face();
    let mut drawn = account(view, actor).await?;
    let plain = |html: &str| plain_text(&Html::from_store(html.to_owned()));
    let note = if citizen.office.is_none() {
        citizen.account.bio.clone()
    } else {
        plain(&actor.summary)
    };
    let fields: Vec<Value> = pairs(actor)
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": plain(value), "verified_at": null }))
        .collect();
    let role = if citizen.office.is_none() && citizen.is_operator() {
        json!({ "id": "1", "name": "operator", "color": "", "permissions": "0", "highlighted": false })
    } else {
        json!({ "id": "-99", "name": "", "color": "", "permissions": "0", "highlighted": false })
    };
    if let Some(map) = drawn.as_object_mut() {
        map.insert(
            "source".to_owned(),
            json!({
                "privacy": "public",
                "sensitive": false,
                "language": language(citizen),
                "note": note,
                "fields": fields,
                "follow_requests_count": 0,
                "hide_collections": !actor.is_visible(),
                "discoverable": actor.discoverable,
                "indexable": actor.discoverable,
                "quote_policy": "public",
            }),
        );
        map.insert("role".to_owned(), role);
    }
    Ok(drawn)
}

/// The language in which somebody writes unless she says otherwise.
pub(crate) fn language(citizen: &Citizen) -> &'static str {
    citizen.account.preferences.lang.unwrap_or_default().code()
}

/// How the reader stands to another.
pub(crate) async fn relationship(view: &View<'_>, other: ActorId) -> Result<Value, StoreError> {
    let (mut following, mut requested, mut followed_by) = (false, false, false);
    if let Some(me) = view.reader_id() {
        if let Some(follow) = follows::between(view.ctx, me, other).await? {
            following = follow.accepted;
            requested = !follow.accepted;
        }
        followed_by = follows::between(view.ctx, other, me)
            .await?
            .is_some_and(|follow| follow.accepted);
    }
    Ok(json!({
        "id": other.to_string(),
        "following": following,
        "showing_reblogs": following,
        "notifying": following,
        "languages": null,
        "followed_by": followed_by,
        "blocking": false,
        "blocked_by": false,
        "muting": false,
        "muting_notifications": false,
        "muting_expires_at": null,
        "requested": requested,
        "requested_by": false,
        "domain_blocking": false,
        "endorsed": false,
        "note": "",
    }))
}
