//! Questions of other servers: kept beside the words that another room holds, and answered by people here.

use std::time::Duration;

use federation::fetch::{self, FetchError};
use federation::{Actor, Audience, Ctx, actors, outbox};
use platform::{StoreError, Timestamp};
use serde_json::{Map, Value, json};

use super::PollError;
use crate::model::{Choices, PollRefusal, QuestionId};
use crate::store::questions::{self as store, Question};
use crate::wire::read_question;

/// How long somebody waits for another server.
const PATIENCE: Duration = Duration::from_secs(20);

/// Keeps a question of another server as it tells it now.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn learn_question(
    ctx: &Ctx,
    author: &Actor,
    uri: &str,
    document: &Map<String, Value>,
) -> Result<(), StoreError> {
    if federation::kind_in(document) != Some("Question") {
        return Ok(());
    }
    let Some(read) = read_question(document) else {
        return Ok(());
    };
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let known = store::by_uri_in(&mut tx, uri).await?;
    if known.as_ref().is_some_and(|known| known.actor_id != author.id) {
        return Ok(());
    }
    let question = Question {
        id: known.map_or_else(|| QuestionId::new(ctx), |known| known.id),
        uri: uri.to_owned(),
        actor_id: author.id,
        multiple: read.multiple,
        closes_at: read.closes_at,
        closed: read.closed,
        voters: read.voters,
        changed_at: now,
    };
    store::put(&mut tx, &question, &read.choices).await?;
    tx.commit().await
}

/// Asks the server of a question how it stands now; `false`: it does not say.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn ask_again(ctx: &Ctx, question: &Question) -> Result<bool, StoreError> {
    let asked = tokio::time::timeout(PATIENCE, fetch::object(ctx, &question.uri)).await;
    let object = match asked {
        Ok(Ok(object)) => object,
        Ok(Err(FetchError::Store(cause))) => return Err(StoreError::Unavailable(cause)),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a question cannot be asked again");
            return Ok(false);
        }
        Err(_) => return Ok(false),
    };
    let Some(document) = object.as_object() else {
        return Ok(false);
    };
    let author = actors::by_id(ctx, question.actor_id).await?;
    let Some(author) = author.filter(|author| federation::author_of(document) == Some(author.uri.as_str()))
    else {
        return Ok(false);
    };
    if document.get("id").and_then(Value::as_str) != Some(question.uri.as_str()) {
        return Ok(false);
    }
    learn_question(ctx, &author, &question.uri, document).await?;
    Ok(true)
}

/// Forgets the questions of an actor that is gone.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn forget_questions_of(ctx: &Ctx, actor: &Actor) -> Result<(), StoreError> {
    for id in store::of_actor(&ctx.db, actor.id).await? {
        let mut tx = ctx.db.begin().await?;
        store::remove(&mut tx, id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// What somebody here answered to a question of another server.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn answers_there(ctx: &Ctx, actor: &Actor, id: QuestionId) -> Result<Vec<usize>, StoreError> {
    let positions = store::answers(&ctx.db, id, actor.id).await?;
    Ok(positions
        .into_iter()
        .filter_map(|at| usize::try_from(at).ok())
        .collect())
}

/// Answers a question of another server: one letter for each choice, to its author and nobody else.
///
/// # Errors
/// [`PollError::Refused`]: over, answered before, no choice of it, or she is dark and her answer would leave.
pub async fn answer_there(ctx: &Ctx, by: &Actor, id: QuestionId, wanted: &[u8]) -> Result<(), PollError> {
    if !by.is_visible() || !ctx.federation().enabled {
        return Err(PollRefusal::WouldLeave.into());
    }
    let mut tx = ctx.db.begin().await?;
    let question = store::held(&mut tx, id).await?.ok_or(PollRefusal::Missing)?;
    let now: Timestamp = ctx.clock.now();
    if question.is_over(now) {
        return Err(PollRefusal::Closed.into());
    }
    let choices = store::choices_in(&mut tx, id).await?;
    let ticked = Choices::checked(wanted, choices.len(), question.multiple)?;
    if !store::answers_in(&mut tx, id, by.id).await?.is_empty() {
        return Err(PollRefusal::AlreadyTaken.into());
    }
    let author = actors::by_id_in(&mut tx, question.actor_id)
        .await?
        .ok_or(PollRefusal::Missing)?;
    for position in ticked.positions() {
        let Some(choice) = choices.get(position) else {
            return Err(PollRefusal::BadChoice.into());
        };
        store::answer(&mut tx, id, by.id, position as i64).await?;
        // The addresses of votes lead nowhere: they are between her, her server and the author.
        let vote = json!({
            "id": format!("{}#votes/{}/{position}", by.uri, question.id),
            "type": "Note",
            "name": choice.words,
            "attributedTo": by.uri,
            "inReplyTo": question.uri,
            "to": author.uri,
            "published": now.rfc3339(),
        });
        outbox::say(
            ctx,
            &mut tx,
            by,
            json!({ "type": "Create", "object": vote }),
            &Audience::only(&[&author]),
        )
        .await?;
    }
    tx.commit().await?;
    Ok(())
}
