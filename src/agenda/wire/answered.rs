//! `Accept` and `Reject` of our own `Join`s.

use federation::{ActorId, Ctx, Envelope, Inbox, Verdict, actors, id_of};
use platform::StoreError;

use crate::actions::{self, Answered};
use crate::model::OccurrenceId;
use crate::store::{attendances, occurrences};

pub(super) fn claims(inbox: &mut Inbox) {
    for answer in ["Accept", "Reject"] {
        inbox
            .on(answer, "Join")
            .then("agenda: answer to a Join", answered);
        inbox
            .on(answer, "*")
            .when(is_join_of_ours)
            .then("agenda: answer to a Join", answered);
    }
}

async fn is_join_of_ours(ctx: Ctx, envelope: Envelope) -> bool {
    matches!(meant(&ctx, &envelope).await, Ok(Some(_)))
}

/// Who of ours asked to come to what: by the id of the `Join`, else by who and what it names.
async fn meant(ctx: &Ctx, envelope: &Envelope) -> Result<Option<(OccurrenceId, ActorId)>, StoreError> {
    if let Some(uri) = envelope.object_id().filter(|uri| ctx.urls.is_ours(uri))
        && let Some(one) = attendances::by_join_uri(&ctx.db, uri).await?
    {
        return Ok(Some((one.occurrence_id, one.actor_id)));
    }
    let named = |name| {
        envelope
            .object_document()
            .and_then(|join| join.get(name))
            .and_then(id_of)
    };
    let (Some(who), Some(what)) = (named("actor"), named("object")) else {
        return Ok(None);
    };
    let who = actors::by_uri(ctx, who).await?.filter(|who| who.local);
    let what = occurrences::by_uri(&ctx.db, what)
        .await?
        .filter(|date| !date.local);
    Ok(what.zip(who).map(|(date, who)| (date.id, who.id)))
}

async fn answered(ctx: Ctx, envelope: Envelope) -> Verdict {
    let asked = match meant(&ctx, &envelope).await {
        Ok(Some(asked)) => asked,
        Ok(None) => return Verdict::Ignore("nobody here asked that"),
        Err(error) => return error.into(),
    };
    match actions::answered(&ctx, &envelope.actor, asked, envelope.kind == "Accept").await {
        Ok(Answered::Done) => Verdict::Done,
        Ok(Answered::Unasked) => Verdict::Ignore("nobody here asked that"),
        Ok(Answered::NotTheHost) => Verdict::Reject("the answer of somebody who was not asked"),
        Err(error) => error.into(),
    }
}
