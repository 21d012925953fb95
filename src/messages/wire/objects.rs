//! `/ap/messages/{id}`: given to those an answer went to, when they sign; to everybody else there is nothing.

use commune::InseeCode;
use federation::objects::{Found, Objects};
use federation::{Actor, ActorId, Ctx, actors};
use platform::StoreError;

use crate::actions::{elsewhere, open_message, readers, telling};
use crate::model::{Body, MessageId, Side};
use crate::store;

use super::note::note;

pub(crate) fn objects(objects: &mut Objects) {
    objects
        .own(telling::KIND, find)
        .on_actor_gone(|ctx, actor| async move { elsewhere::forget_actor(&ctx, &actor).await });
}

async fn find(ctx: Ctx, id: i64, reader: Option<Actor>) -> Result<Found, StoreError> {
    let Some(reader) = reader else {
        return Ok(Found::Missing);
    };
    let Some(row) = store::message(&ctx.db, MessageId(id)).await? else {
        return Ok(Found::Missing);
    };
    // What is between people of this server has no address.
    if row.side != Side::Office || row.uri.is_none() {
        return Ok(Found::Missing);
    }
    let message = open_message(&ctx, row);
    let people = message
        .wire
        .as_ref()
        .map(|known| known.people.clone())
        .unwrap_or_default();
    if !people.contains(&reader.uri) {
        return Ok(Found::Missing);
    }
    if message.body == Body::Gone {
        return Ok(Found::Gone);
    }
    let Some(office) = actors::by_id(&ctx, ActorId(message.actor.unwrap_or_default())).await? else {
        return Ok(Found::Missing);
    };
    let found = readers::named(&ctx, &people).await?;
    let Some(thread) = store::thread(&ctx.db, message.thread).await? else {
        return Ok(Found::Missing);
    };
    let page = match thread.commune.parse::<InseeCode>() {
        Ok(code) => commune::actions::by_code(&ctx, code)
            .await?
            .map(|commune| telling::page(&commune, thread.id)),
        Err(_) => None,
    };
    Ok(match note(&office, &message, &found) {
        Some(document) => Found::Restricted {
            document,
            page: page.unwrap_or_else(|| "/".to_owned()),
        },
        None => Found::Missing,
    })
}
