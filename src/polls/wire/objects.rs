//! The object door: announcements, results and questions by their addresses, and what hangs under them.

use discussion::{Subject, collections_of};
use federation::objects::{Found, Objects};
use federation::{Actor, Ctx, actors};
use platform::StoreError;

use super::{
    ANONYMOUS, OPINIONS, POLLS, QUESTIONS, RESULTS, documents, page_of, subject_of_opinion, subject_of_poll,
};
use crate::actions;
use crate::model::{OpinionId, PollId, PollState};
use crate::store::{opinions, polls};

pub(crate) fn objects(objects: &mut Objects) {
    objects
        .own(POLLS, find_poll)
        .own(RESULTS, find_results)
        .own(QUESTIONS, find_question);
    collections_of(objects, POLLS, poll_subject);
    collections_of(objects, QUESTIONS, opinion_subject);
    objects.on_kept(|ctx, author, uri, document| async move {
        actions::learn_question(&ctx, &author, &uri, &document).await
    });
    objects.on_actor_gone(|ctx, actor| async move { actions::forget_questions_of(&ctx, &actor).await });
}

async fn office(ctx: &Ctx, id: federation::ActorId) -> Result<Actor, StoreError> {
    actors::by_id(ctx, id).await?.ok_or(StoreError::NotFound("actor"))
}

async fn find_poll(ctx: Ctx, id: i64, _: Option<Actor>) -> Result<Found, StoreError> {
    let Some(poll) = polls::by_id(&ctx.db, PollId(id)).await? else {
        return Ok(Found::Missing);
    };
    if poll.state == PollState::Withdrawn {
        return Ok(Found::Gone);
    }
    if poll.hidden {
        return Ok(Found::Missing);
    }
    let page = page_of(&ctx, &poll.commune, id, ANONYMOUS).await?;
    let options = polls::options(&ctx.db, poll.id).await?;
    let office = office(&ctx, poll.actor_id).await?;
    let document = documents::note(&ctx, &office, &poll, &options, &page);
    Ok(Found::Public { document, page })
}

async fn find_results(ctx: Ctx, id: i64, _: Option<Actor>) -> Result<Found, StoreError> {
    let poll = polls::by_id(&ctx.db, PollId(id)).await?;
    let Some(poll) = poll.filter(|poll| poll.is_counted() && poll.is_out()) else {
        return Ok(Found::Missing);
    };
    let page = page_of(&ctx, &poll.commune, id, ANONYMOUS).await?;
    let options = polls::options(&ctx.db, poll.id).await?;
    let office = office(&ctx, poll.actor_id).await?;
    let document = documents::results(&ctx, &office, &poll, &options, &page);
    Ok(Found::Public { document, page })
}

async fn find_question(ctx: Ctx, id: i64, _: Option<Actor>) -> Result<Found, StoreError> {
    let Some(opinion) = opinions::by_id(&ctx.db, OpinionId(id)).await? else {
        return Ok(Found::Missing);
    };
    if opinion.state == PollState::Withdrawn {
        return Ok(Found::Gone);
    }
    if opinion.hidden {
        return Ok(Found::Missing);
    }
    let page = page_of(&ctx, &opinion.commune, id, OPINIONS).await?;
    let options = opinions::options(&ctx.db, opinion.id).await?;
    let office = office(&ctx, opinion.actor_id).await?;
    let document = documents::question(&ctx, &office, &opinion, &options, &page);
    Ok(Found::Public { document, page })
}

async fn poll_subject(ctx: Ctx, id: i64) -> Result<Option<Subject>, StoreError> {
    match polls::by_id(&ctx.db, PollId(id)).await? {
        Some(poll) => Ok(Some(subject_of_poll(&ctx, &poll).await?)),
        None => Ok(None),
    }
}

async fn opinion_subject(ctx: Ctx, id: i64) -> Result<Option<Subject>, StoreError> {
    match opinions::by_id(&ctx.db, OpinionId(id)).await? {
        Some(opinion) => Ok(Some(subject_of_opinion(&ctx, &opinion).await?)),
        None => Ok(None),
    }
}
