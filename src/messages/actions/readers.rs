//! Who reads what is exchanged with other servers: those who stand in the letter. Nobody else is brought in, no list
//! of followers is answered, and whom nobody may know of is named to nobody, the town hall included.

use federation::{Actor, ActorId, Ctx, actors};
use platform::StoreError;

use super::open_message;
use crate::error::MessageError;
use crate::model::{Body, Message, Refusal, Side, Thread, Wire};
use crate::store;

/// Unknown readers of a letter that are asked for: whoever has put a crowd of them in it shall keep neither the inbox
/// nor an agent waiting for each.
const MOST_ASKED: usize = 5;

/// An answer that leaves: the office that speaks, whom it goes to, and what it answers.
#[derive(Debug)]
pub(super) struct Leaving {
    pub(super) office: Actor,
    pub(super) actors: Vec<Actor>,
    pub(super) answers: Option<Message>,
}

/// Whether the next answer goes to those who stand in this message, if it is the last such one.
pub(super) fn is_letter(message: &Message) -> bool {
    message.side == Side::Writer && message.body != Body::Gone && message.wire.is_some()
}

fn may_be_named(actor: &Actor) -> bool {
    !actor.local || actor.is_visible()
}

/// Those of these addresses who may be named, in their order: actors known here, of ours only those whom other servers
/// may see.
pub(crate) async fn named(ctx: &Ctx, uris: &[String]) -> Result<Vec<Actor>, StoreError> {
    let known = actors::by_uris(ctx, uris).await?;
    Ok(uris
        .iter()
        .filter_map(|uri| known.iter().find(|actor| actor.uri == *uri))
        .filter(|actor| may_be_named(actor))
        .cloned()
        .collect())
}

/// The same, those asked for whom this server does not know yet.
async fn found(ctx: &Ctx, uris: &[String]) -> Result<Vec<Actor>, StoreError> {
    let mut found = named(ctx, uris).await?;
    let mut asked = 0;
    for uri in uris {
        let is_known = found
            .iter()
            .any(|actor| actor.uri == *uri || actor.followers_uri() == *uri);
        if is_known || ctx.urls.is_ours(uri) || asked >= MOST_ASKED {
            continue;
        }
        asked += 1;
        match actors::resolve(ctx, uri).await {
            Ok(actor) if !found.iter().any(|known| known.id == actor.id) => found.push(actor),
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "a reader of a letter cannot be found"),
        }
    }
    Ok(found)
}

/// Leaves of the addresses of a letter those that an answer may go to: of ours whom other servers may see, and no list
/// of followers. Addresses that nothing is known of stay; they are asked for again when it is answered.
pub(crate) async fn learn(ctx: &Ctx, known: &mut Wire) -> Result<(), StoreError> {
    let found = found(ctx, &known.people).await?;
    let is_list = |uri: &String| found.iter().any(|actor| actor.followers_uri() == *uri);
    known.to_followers |= known.people.iter().any(is_list);
    known.people.retain(|uri| {
        !is_list(uri) && (!ctx.urls.is_ours(uri) || found.iter().any(|actor| actor.uri == *uri))
    });
    Ok(())
}

/// Whom an answer goes to: those who stand in the last letter, as far as they are somebody.
pub(super) async fn leaving(ctx: &Ctx, thread: &Thread) -> Result<Leaving, MessageError> {
    let office = actors::by_id(ctx, ActorId(thread.office))
        .await?
        .ok_or(Refusal::Missing)?;
    let answers = store::in_thread(&ctx.db, thread.id, false, 500)
        .await?
        .into_iter()
        .rev()
        .map(|row| open_message(ctx, row))
        .find(is_letter);
    let writer = match thread.writer {
        Some(id) => actors::by_id(ctx, ActorId(id)).await?,
        None => None,
    };
    let writer = writer.ok_or(Refusal::Closed)?;
    let mut people = match answers.as_ref().and_then(|message| message.wire.as_ref()) {
        Some(known) => known.people.clone(),
        None => vec![writer.uri],
    };
    people.retain(|uri| *uri != office.uri);
    let actors = found(ctx, &people).await?;
    Ok(Leaving {
        office,
        actors,
        answers,
    })
}

/// Who reads the next answer, as it is said to the town hall: actors, and addresses of which nothing is known yet.
pub(super) async fn shown(
    ctx: &Ctx,
    thread: &Thread,
    letter: Option<&Message>,
) -> Result<(Vec<Actor>, Vec<String>), StoreError> {
    let people = letter
        .and_then(|message| message.wire.as_ref())
        .map(|known| known.people.clone())
        .unwrap_or_default();
    let mut known = named(ctx, &people).await?;
    let unknown = people
        .into_iter()
        .filter(|uri| !ctx.urls.is_ours(uri) && !known.iter().any(|actor| actor.uri == *uri))
        .collect();
    known.retain(|actor| actor.id.0 != thread.office);
    Ok((known, unknown))
}
