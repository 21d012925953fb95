//! `/ap/actors/{id}` and `/ap/instance`.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use platform::web::Failure;

use super::answer::{self, For, Form};
use super::reader::{Asked, Reader};
use crate::objects::{Sight, parse_id};
use crate::store::actors as store;
use crate::{Actor, ActorId, Ctx, documents, instance_uri};

/// An actor of ours that other servers may know of.
///
/// # Errors
/// 404 for everybody else, dark ones included; an `Ok` without visibility is one that is gone.
pub(super) async fn visible(ctx: &Ctx, id: &str) -> Result<Actor, Failure> {
    let id = parse_id(id).ok_or_else(Failure::not_found)?;
    store::by_id(&ctx.db, ActorId(id))
        .await?
        .filter(|actor| actor.local && actor.federated && !actor.suspended)
        .filter(|actor| actor.uri == crate::local_uri(ctx, actor.id))
        .ok_or_else(Failure::not_found)
}

/// An actor behind a veil, and what whoever signed sees of it. The signature is looked at whether there is
/// such an actor or not: neither the answer nor what we ask of others tells.
///
/// # Errors
/// 404 for whoever sees nothing, with the same words as for what never was.
pub(super) async fn unveiled(ctx: &Ctx, id: &str, asked: &Asked) -> Result<(Actor, Sight), Failure> {
    let reader = asked.reader(ctx).await?;
    let Reader::Somebody { uri, actor: known } = reader else {
        return Err(Failure::not_found());
    };
    let id = parse_id(id).ok_or_else(Failure::not_found)?;
    let actor = store::by_id(&ctx.db, ActorId(id))
        .await?
        .filter(Actor::is_veiled)
        .filter(|actor| actor.uri == crate::local_uri(ctx, actor.id))
        .ok_or_else(Failure::not_found)?;
    match ctx.objects().sight(ctx, &actor, &uri, known.as_deref()).await? {
        Sight::Nothing => Err(Failure::not_found()),
        sight => Ok((actor, sight)),
    }
}

async fn behind_the_veil(ctx: &Ctx, id: &str, asked: &Asked) -> Result<Response, Failure> {
    let (actor, sight) = unveiled(ctx, id, asked).await?;
    let keys = store::keys_of(&ctx.db, actor.id).await?;
    let document = match sight {
        Sight::Whole => documents::actor(ctx, &actor, &keys),
        Sight::Key | Sight::Nothing => documents::key_stub(ctx, &actor, &keys),
    };
    Ok(answer::document(document, For::Reader))
}

/// `GET /ap/actors/{id}`
pub(super) async fn show(
    State(ctx): State<Ctx>,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Failure> {
    let form = answer::form(&asked.headers)?;
    let actor = match visible(&ctx, &id).await {
        Err(failure) if failure.status.as_u16() == 404 && asked.is_signed() => {
            return behind_the_veil(&ctx, &id, &asked).await;
        }
        other => other?,
    };
    if actor.deleted_at.is_some() {
        return Ok(answer::gone(
            form,
            &actor.uri,
            Some(actor.kind.code()),
            actor.deleted_at,
        ));
    }
    if form == Form::Page {
        return Ok(answer::see_page(&ctx, actor.page()));
    }
    let keys = store::keys_of(&ctx.db, actor.id).await?;
    match asked.authorize(&ctx).await {
        Ok(()) => {
            let document = documents::actor(&ctx, &actor, &keys);
            Ok(answer::document(document, For::Everybody))
        }
        // The key must be readable without a signature, or two servers that both want one never meet.
        Err(failure) if failure.status.as_u16() == 401 && !asked.is_signed() => Ok(answer::document(
            documents::key_stub(&ctx, &actor, &keys),
            For::Everybody,
        )),
        Err(failure) => Err(failure),
    }
}

/// `GET /ap/instance`: never behind a signature, since it is who signs for us.
pub(super) async fn instance(State(ctx): State<Ctx>, asked: Asked) -> Result<Response, Failure> {
    let form = answer::form(&asked.headers)?;
    let actor = the_instance(&ctx).await?;
    if form == Form::Page {
        return Ok(answer::see_page(&ctx, actor.page()));
    }
    let keys = store::keys_of(&ctx.db, actor.id).await?;
    Ok(answer::document(documents::actor(&ctx, &actor, &keys), For::Everybody).into_response())
}

/// This server's own actor.
pub(super) async fn the_instance(ctx: &Ctx) -> Result<Actor, Failure> {
    store::by_uri(&ctx.db, &instance_uri(ctx))
        .await?
        .ok_or_else(Failure::not_found)
}
