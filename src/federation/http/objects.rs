//! `/ap/{kind}/{id}`: objects, by the rooms that own them; `/ap/activities/{id}`: what was said.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use platform::web::Failure;
use serde_json::Value;

use super::answer::{self, For, Form};
use super::collections::{self, Leaf, PAGE, Turn};
use super::reader::Asked;
use crate::objects::{Found, parse_id, uri};
use crate::store::{activities, actors};
use crate::{Ctx, envelope, follows, objects, outbox, signing};

/// `GET /ap/{kind}/{id}`
pub(super) async fn show(
    State(ctx): State<Ctx>,
    Path((kind, id)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Failure> {
    let form = answer::form(&asked.headers)?;
    let id = parse_id(&id).ok_or_else(Failure::not_found)?;
    let (found, whose) = find(&ctx, &kind, id, &asked).await?;
    match found {
        Found::Missing => Err(Failure::not_found()),
        Found::Gone => Ok(answer::gone(form, &uri(&ctx, &kind, id), None, None)),
        Found::Public { page, .. } | Found::Restricted { page, .. } if form == Form::Page => {
            Ok(answer::see_page(&ctx, &page))
        }
        Found::Public { document, .. } => {
            asked.authorize(&ctx).await?;
            Ok(answer::document(proven(&ctx, document).await?, whose))
        }
        Found::Restricted { document, .. } => Ok(answer::document(document, whose)),
    }
}

/// What lies there for whoever asks. The signature is looked at only where it makes a difference.
async fn find(ctx: &Ctx, kind: &str, id: i64, asked: &Asked) -> Result<(Found, For), Failure> {
    match ctx.objects().find(ctx, kind, id, None).await? {
        Found::Restricted { .. } | Found::Missing if asked.is_signed() => {}
        Found::Restricted { .. } => return Ok((Found::Missing, For::Reader)),
        found => return Ok((found, For::Everybody)),
    }
    let reader = asked.reader(ctx).await?;
    let Some(actor) = reader.actor() else {
        return Ok((Found::Missing, For::Reader));
    };
    let found = ctx.objects().find(ctx, kind, id, Some(actor.clone())).await?;
    Ok((found, For::Reader))
}

/// Public documents bear the proof of their author (FEP-8b32), if the author is one of ours with a key.
async fn proven(ctx: &Ctx, mut document: Value) -> Result<Value, Failure> {
    let author = document.get("attributedTo").and_then(envelope::id_of);
    let Some(author) = author else {
        return Ok(document);
    };
    let Some(actor) = actors::by_uri(&ctx.db, author).await?.filter(|a| a.local) else {
        return Ok(document);
    };
    if let Some(map) = document.as_object_mut() {
        map.entry("@context").or_insert_with(crate::vocabulary::context);
    }
    signing::prove(ctx, &actor, &mut document).await?;
    Ok(document)
}

/// `GET /ap/{kind}/{id}/{name}`
pub(super) async fn collection(
    State(ctx): State<Ctx>,
    Path((kind, id, name)): Path<(String, String, String)>,
    Query(turn): Query<Turn>,
    asked: Asked,
) -> Result<Response, Failure> {
    let form = answer::form(&asked.headers)?;
    let id = parse_id(&id).ok_or_else(Failure::not_found)?;
    let (found, whose) = find(&ctx, &kind, id, &asked).await?;
    let at = format!("{}/{name}", uri(&ctx, &kind, id));
    match found {
        Found::Missing => return Err(Failure::not_found()),
        Found::Gone => return Ok(answer::gone(form, &at, Some("OrderedCollection"), None)),
        Found::Public { page, .. } | Found::Restricted { page, .. } if form == Form::Page => {
            return Ok(answer::see_page(&ctx, &page));
        }
        Found::Public { .. } => asked.authorize(&ctx).await?,
        Found::Restricted { .. } => {}
    }
    let limit = if turn.is_page() { PAGE } else { 0 };
    let part = ctx
        .objects()
        .part(&ctx, (&kind, &name), id, turn.max_id, limit)
        .await?
        .ok_or_else(Failure::not_found)?;
    let next = part.items.last().filter(|_| part.has_more).map(|(row, _)| *row);
    let leaf = Leaf {
        total: part.total,
        items: part.items.into_iter().map(|(_, item)| item).collect(),
        next,
    };
    Ok(answer::document(collections::collection(&at, &turn, leaf), whose))
}

/// `GET /ap/activities/{id}`
pub(super) async fn activity(
    State(ctx): State<Ctx>,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Failure> {
    let form = answer::form(&asked.headers)?;
    let id = parse_id(&id).ok_or_else(Failure::not_found)?;
    let Some((said, author)) = told(&ctx, id).await? else {
        if asked.is_signed() {
            // As for what is there and not for whoever asks: what we ask of others tells nothing.
            asked.reader(&ctx).await?;
        }
        return Err(Failure::not_found());
    };
    let whose = if said.public {
        For::Everybody
    } else {
        let reader = asked.reader(&ctx).await?;
        let reader = reader.actor().ok_or_else(Failure::not_found)?;
        if !is_addressed(&ctx, &said.body, reader, &author).await? {
            return Err(Failure::not_found());
        }
        For::Reader
    };
    if let Some(object) = &said.object_uri
        && !matches!(
            said.kind.as_str(),
            "Delete" | "Undo" | "Accept" | "Reject" | "Follow"
        )
        && let Some((kind, object_id)) = objects::parse(&ctx, object)
        && matches!(said.kind.as_str(), "Create" | "Update")
    {
        // What was said of a thing goes with the thing.
        match find(&ctx, kind, object_id, &asked).await?.0 {
            Found::Gone => return Ok(answer::gone(form, &said.uri, Some(&said.kind), None)),
            Found::Missing => return Err(Failure::not_found()),
            Found::Public { page, .. } | Found::Restricted { page, .. } if form == Form::Page => {
                return Ok(answer::see_page(&ctx, &page));
            }
            Found::Public { .. } | Found::Restricted { .. } => {}
        }
    }
    if said.kind == "Announce" && said.public && !said.listed {
        return Ok(answer::gone(form, &said.uri, Some(&said.kind), None));
    }
    if form == Form::Page {
        return Ok(answer::see_page(&ctx, author.page()));
    }
    if said.public {
        asked.authorize(&ctx).await?;
    }
    Ok(answer::text(said.body, whose))
}

/// What was said, and by whom, if there is anybody to whom it can be told.
async fn told(ctx: &Ctx, id: i64) -> Result<Option<(outbox::Said, crate::Actor)>, Failure> {
    let Some(said) = activities::by_id(&ctx.db, id).await? else {
        return Ok(None);
    };
    let author = actors::by_id(&ctx.db, said.actor_id).await?.filter(|actor| {
        actor.is_visible()
            || if said.public {
                actor.federated && said.kind == "Delete"
            } else {
                actor.is_veiled()
            }
    });
    Ok(author.map(|author| (said, author)))
}

/// Whether an activity is for this reader: named, or a follower where the followers are addressed.
async fn is_addressed(
    ctx: &Ctx,
    body: &str,
    reader: &crate::Actor,
    author: &crate::Actor,
) -> Result<bool, Failure> {
    let Ok(Value::Object(activity)) = serde_json::from_str(body) else {
        return Ok(false);
    };
    let mut addressed = envelope::ids(&activity, "to");
    addressed.extend(envelope::ids(&activity, "cc"));
    if addressed.contains(&reader.uri.as_str()) {
        return Ok(true);
    }
    let mut circles = vec![author.id];
    // A group's members are told what one of them says in it.
    for address in addressed
        .iter()
        .filter_map(|address| address.strip_suffix("/followers"))
    {
        if let Some(("actors", id)) = objects::parse(ctx, address) {
            circles.push(crate::ActorId(id));
        }
    }
    if !addressed.contains(&author.followers_uri().as_str()) {
        circles.remove(0);
    }
    for circle in circles {
        let follow = follows::between(ctx, reader.id, circle).await?;
        if follow.is_some_and(|follow| follow.accepted) {
            return Ok(true);
        }
    }
    Ok(false)
}
