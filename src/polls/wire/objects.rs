//! The object door: announcements, results and questions by their addresses, and what hangs under them.

use discussion::{Counts, Subject, Target, Thing};
use federation::objects::{Found, Objects, Part};
use federation::{Actor, Ctx, actors};
use platform::StoreError;
use platform::store::Paging;
use serde_json::{Value, json};

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
    for kind in [POLLS, QUESTIONS] {
        objects
            .collection(kind, "replies", move |ctx, id, after, limit| async move {
                replies(&ctx, kind, id, after, limit).await
            })
            .collection(kind, "likes", move |ctx, id, _, _| async move {
                Ok(total(counts(&ctx, kind, id).await?.open_likes))
            })
            .collection(kind, "shares", move |ctx, id, _, _| async move {
                Ok(total(counts(&ctx, kind, id).await?.open_shares))
            })
            .collection(kind, "context", move |ctx, id, after, limit| async move {
                context(&ctx, kind, id, after, limit).await
            });
    }
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
    let page = page_of(&ctx, &poll.commune, id, ANONYMOUS).await?;
    let options = polls::options(&ctx.db, poll.id).await?;
    let office = office(&ctx, poll.actor_id).await?;
    let document = documents::note(&ctx, &office, &poll, &options, &page);
    Ok(Found::Public { document, page })
}

async fn find_results(ctx: Ctx, id: i64, _: Option<Actor>) -> Result<Found, StoreError> {
    let poll = polls::by_id(&ctx.db, PollId(id)).await?;
    let Some(poll) = poll.filter(|poll| poll.is_counted()) else {
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
    let page = page_of(&ctx, &opinion.commune, id, OPINIONS).await?;
    let options = opinions::options(&ctx.db, opinion.id).await?;
    let office = office(&ctx, opinion.actor_id).await?;
    let document = documents::question(&ctx, &office, &opinion, &options, &page);
    Ok(Found::Public { document, page })
}

async fn subject(ctx: &Ctx, kind: &str, id: i64) -> Result<Subject, StoreError> {
    if kind == POLLS {
        let poll = polls::by_id(&ctx.db, PollId(id)).await?;
        subject_of_poll(ctx, &poll.ok_or(StoreError::NotFound("poll"))?).await
    } else {
        let opinion = opinions::by_id(&ctx.db, OpinionId(id)).await?;
        subject_of_opinion(ctx, &opinion.ok_or(StoreError::NotFound("opinion"))?).await
    }
}

async fn counts(ctx: &Ctx, kind: &'static str, id: i64) -> Result<Counts, StoreError> {
    let target = Target { kind, id };
    let all = discussion::actions::counts(ctx, &[target]).await?;
    Ok(all.get(&target).copied().unwrap_or_default())
}

/// How many, and not who.
fn total(total: i64) -> Part {
    Part {
        total,
        ..Part::default()
    }
}

async fn replies(
    ctx: &Ctx,
    kind: &'static str,
    id: i64,
    after: Option<i64>,
    limit: i64,
) -> Result<Part, StoreError> {
    let thing = Thing::Subject(subject(ctx, kind, id).await?);
    let (total, page) =
        discussion::actions::public_answers(ctx, &thing, &Paging::before(after, limit)).await?;
    let has_more = page.has_more;
    let items = page.items.into_iter().map(|(id, uri)| (id, Value::String(uri)));
    Ok(Part {
        total,
        items: items.collect(),
        has_more,
    })
}

async fn context(
    ctx: &Ctx,
    kind: &'static str,
    id: i64,
    after: Option<i64>,
    limit: i64,
) -> Result<Part, StoreError> {
    let subject = subject(ctx, kind, id).await?;
    let total = 1 + counts(ctx, kind, id).await?.open_comments;
    let page = discussion::actions::public_conversation(ctx, &subject, after, limit).await?;
    let mut items: Vec<(i64, Value)> = page
        .items
        .into_iter()
        .map(|(id, uri)| (id, Value::String(uri)))
        .collect();
    if after.is_none() && limit > 0 {
        items.insert(0, (id, json!(subject.uri)));
    }
    Ok(Part {
        total,
        items,
        has_more: page.has_more,
    })
}
