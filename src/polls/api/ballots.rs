//! The polls of statuses, whoever published them: our public opinions, and questions of other servers.

use client_api::{Answer, Outcome, Poll};
use discussion::{Participant, Subject, Target};
use federation::Ctx;
use platform::web::Failure;
use platform::{StoreError, Timestamp};

use crate::actions::{self, PollError};
use crate::model::{Opinion, OpinionId, QuestionId};
use crate::store::questions::Question;
use crate::store::{opinions, questions};
use crate::wire::QUESTIONS;

/// For the client API.
#[derive(Debug)]
pub struct Ballots;

fn unavailable(error: PollError) -> StoreError {
    match error {
        PollError::Store(error) => error,
        other => StoreError::Unavailable(other.to_string()),
    }
}

async fn of_opinion(ctx: &Ctx, opinion: &Opinion, reader: Option<&Participant>) -> Result<Poll, StoreError> {
    let options = opinions::options(&ctx.db, opinion.id).await?;
    let shown = opinion.is_shown();
    let own = match reader {
        Some(reader) => Some(
            actions::answered(ctx, &reader.actor, opinion)
                .await
                .map_err(unavailable)?,
        ),
        None => None,
    };
    let votes = options.iter().map(|option| option.residents + option.outside);
    Ok(Poll {
        id: opinion.id.0,
        expires_at: Some(opinion.closes_at),
        expired: !opinion.takes_votes(ctx.clock.now()),
        multiple: opinion.multiple,
        votes: if shown { votes.sum() } else { 0 },
        voters: opinion.multiple.then(|| if shown { opinion.voters() } else { 0 }),
        options: options
            .iter()
            .map(|option| {
                let votes = shown.then_some(option.residents + option.outside);
                (option.words.clone(), votes)
            })
            .collect(),
        own,
    })
}

async fn of_question(
    ctx: &Ctx,
    question: &Question,
    reader: Option<&Participant>,
    now: Timestamp,
) -> Result<Poll, StoreError> {
    let choices = questions::choices(&ctx.db, question.id).await?;
    let own = match reader {
        Some(reader) => Some(actions::answers_there(ctx, &reader.actor, question.id).await?),
        None => None,
    };
    Ok(Poll {
        id: question.id.0,
        expires_at: question.closes_at,
        expired: question.is_over(now),
        multiple: question.multiple,
        votes: choices.iter().map(|choice| choice.votes).sum(),
        voters: question.voters.filter(|_| question.multiple),
        options: choices
            .into_iter()
            .map(|choice| (choice.words, Some(choice.votes)))
            .collect(),
        own,
    })
}

impl client_api::Ballots for Ballots {
    fn of<'a>(
        &'a self,
        ctx: &'a Ctx,
        subjects: &'a [&'a Subject],
        reader: Option<&'a Participant>,
    ) -> Answer<'a, Vec<(Target, Poll)>> {
        Box::pin(async move {
            let now = ctx.clock.now();
            let mut found = Vec::new();
            let ours: Vec<i64> = subjects
                .iter()
                .filter(|subject| subject.target.kind == QUESTIONS)
                .map(|subject| subject.target.id)
                .collect();
            for opinion in opinions::by_ids(&ctx.db, &ours).await? {
                let target = Target {
                    kind: QUESTIONS,
                    id: opinion.id.0,
                };
                found.push((target, of_opinion(ctx, &opinion, reader).await?));
            }
            let theirs: Vec<String> = subjects
                .iter()
                .filter(|subject| !subject.local)
                .map(|subject| subject.uri.clone())
                .collect();
            for question in questions::by_uris(&ctx.db, &theirs).await? {
                let subject = subjects.iter().find(|subject| subject.uri == question.uri);
                if let Some(subject) = subject {
                    let poll = of_question(ctx, &question, reader, now).await?;
                    found.push((subject.target, poll));
                }
            }
            Ok(found)
        })
    }

    fn thing_of<'a>(&'a self, ctx: &'a Ctx, poll: i64) -> Answer<'a, Option<String>> {
        Box::pin(async move {
            if let Some(opinion) = opinions::by_id(&ctx.db, OpinionId(poll)).await? {
                return Ok(opinion.is_out().then_some(opinion.uri));
            }
            let question = questions::by_id(&ctx.db, QuestionId(poll)).await?;
            Ok(question.map(|question| question.uri))
        })
    }

    fn vote<'a>(
        &'a self,
        ctx: &'a Ctx,
        by: &'a Participant,
        poll: i64,
        choices: &'a [u8],
    ) -> Outcome<'a, ()> {
        Box::pin(async move {
            let ours = opinions::by_id(&ctx.db, OpinionId(poll)).await?.is_some();
            let voted = if ours {
                actions::answer_here(ctx, by, OpinionId(poll), choices).await
            } else {
                actions::answer_there(ctx, &by.actor, QuestionId(poll), choices).await
            };
            voted.map_err(refused)
        })
    }
}

/// Programs of Mastodon's API expect 422 for every vote that is not taken.
fn refused(error: PollError) -> Failure {
    let failure = Failure::from(error);
    if failure.status == axum::http::StatusCode::CONFLICT {
        return Failure {
            status: axum::http::StatusCode::UNPROCESSABLE_ENTITY,
            ..failure
        };
    }
    failure
}
