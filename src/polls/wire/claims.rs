//! Which activities this room takes in. Answers are asked for before the discussion: a vote is no comment.

use federation::{Ctx, Envelope, Inbox, Verdict};

use super::read::{Answers, answers, are_own};
use crate::actions::{self, PollError};
use crate::model::{Opinion, PollRefusal};
use crate::store::opinions;

pub(crate) fn claims(inbox: &mut Inbox) {
    for object in ["Note", "*"] {
        inbox
            .on("Create", object)
            .when(is_answer)
            .then("polls: answer", answered);
    }
}

async fn is_answer(ctx: Ctx, envelope: Envelope) -> bool {
    match answers(&envelope) {
        Some(answers) => matches!(of_ours(&ctx, &answers).await, Ok(Some(_))),
        None => false,
    }
}

async fn of_ours(ctx: &Ctx, answers: &Answers) -> Result<Option<Opinion>, platform::StoreError> {
    if !ctx.urls.is_ours(&answers.question) {
        return Ok(None);
    }
    opinions::by_uri(&ctx.db, &answers.question).await
}

async fn answered(ctx: Ctx, envelope: Envelope) -> Verdict {
    let Some(answers) = answers(&envelope) else {
        return Verdict::Ignore("no answer");
    };
    if !are_own(&envelope) {
        return Verdict::Reject("an answer in another's name");
    }
    let opinion = match of_ours(&ctx, &answers).await {
        Ok(Some(opinion)) => opinion,
        Ok(None) => return Verdict::Ignore("no such question"),
        Err(error) => return error.into(),
    };
    match actions::answer_from_elsewhere(&ctx, &envelope.actor, opinion.id, &answers.words).await {
        Ok(()) => Verdict::Done,
        Err(PollError::Refused(refusals)) => refused(&refusals),
        Err(error) => Verdict::Retry(error.to_string()),
    }
}

fn refused(refusals: &[PollRefusal]) -> Verdict {
    match refusals.first() {
        Some(PollRefusal::Closed) => Verdict::Ignore("the question is closed"),
        Some(PollRefusal::AlreadyTaken) => Verdict::Ignore("answered before"),
        Some(PollRefusal::OwnQuestion) => Verdict::Reject("an answer to its own question"),
        Some(PollRefusal::BadChoice) => Verdict::Reject("no choice of this question"),
        Some(PollRefusal::ServerFull) => Verdict::Ignore("too many answers from this server"),
        _ => Verdict::Ignore("not taken"),
    }
}
