//! Asking everybody, and counting the answers.

use federation::{Audience, Ctx, Visibility, actors, objects, outbox};
use notifications::{Kind, Notice};
use platform::queue::{self, When};
use platform::text;
use platform::{StoreError, Tx};
use serde_json::json;

use super::opening::{gone, rendered, voter_place};
use super::{PollError, refuse};
use crate::author::Author;
use crate::model::{NewPoll, Opinion, OpinionId, PollRefusal, PollState};
use crate::store::opinions as store;
use crate::tasks::CloseOpinion;
use crate::wire::{self, QUESTIONS};

/// Asks everybody.
///
/// # Errors
/// [`PollError::Refused`] with every fault of it.
pub async fn ask(
    ctx: &Ctx,
    author: &Author,
    new: NewPoll,
    visibility: Visibility,
) -> Result<Opinion, PollError> {
    let mut tx = ctx.db.begin().await?;
    let opinion = ask_in(ctx, &mut tx, author, &new, visibility).await?;
    tx.commit().await?;
    Ok(opinion)
}

/// [`ask`] in a transaction of the caller's.
///
/// # Errors
/// [`PollError`] as above.
pub(crate) async fn ask_in(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    new: &NewPoll,
    visibility: Visibility,
) -> Result<Opinion, PollError> {
    let now = ctx.clock.now();
    refuse(new.refusals(now))?;
    if commune::actions::is_closed(ctx, &author.commune, "polls").await? {
        return Err(PollRefusal::SwitchedOff.into());
    }
    let Some(closes_at) = new.closes_at else {
        return Err(PollRefusal::WhenImpossible.into());
    };
    let id = OpinionId::new(ctx);
    let opinion = Opinion {
        id,
        uri: objects::uri(ctx, QUESTIONS, id),
        commune: author.commune.clone(),
        actor_id: author.office.id,
        account_id: Some(author.account_id),
        byline: author.byline.clone(),
        delegated: author.delegated,
        question: text::clean_line(&new.question, crate::model::LONGEST_QUESTION),
        source: new.source.clone(),
        html: rendered(new),
        language: new.language.clone(),
        multiple: new.multiple,
        visibility,
        comment_mode: new.comment_mode,
        state: PollState::Open,
        hidden: false,
        opened_at: now,
        closes_at,
        closed_at: None,
        resident_voters: 0,
        outside_voters: 0,
    };
    let key: [u8; 32] = ctx.rng.bytes();
    let key = ctx.vault.seal(&voter_place(id.0), &key)?;
    store::insert(tx, &opinion, &new.clean_options(), &key).await?;
    say(ctx, tx, &opinion, "Create").await?;
    tell(ctx, tx, Kind::PollOpened, &opinion).await?;
    let when = When::at(closes_at).once(format!("polls.close_opinion {id}"));
    queue::enqueue::<Ctx, _>(ctx, tx, &CloseOpinion { opinion: id }, when).await?;
    Ok(opinion)
}

/// Says the question, or how it came out. An `Update` bears no `updated`: readers would take it for other words.
pub(super) async fn say(ctx: &Ctx, tx: &mut Tx, opinion: &Opinion, kind: &str) -> Result<(), StoreError> {
    let office = actors::by_id_in(tx, opinion.actor_id)
        .await?
        .ok_or(StoreError::NotFound("actor"))?;
    let question = wire::question_in(ctx, tx, &office, opinion).await?;
    let audience = Audience::of(&office, opinion.visibility, &[]);
    outbox::say(
        ctx,
        tx,
        &office,
        json!({ "type": kind, "object": question }),
        &audience,
    )
    .await?;
    Ok(())
}

pub(super) async fn tell(ctx: &Ctx, tx: &mut Tx, kind: Kind, opinion: &Opinion) -> Result<(), StoreError> {
    let notice = Notice {
        kind,
        from: Some(opinion.actor_id),
        target_kind: QUESTIONS,
        target_id: opinion.id.0,
        page: wire::page_of_in(tx, &opinion.commune, opinion.id.0, wire::OPINIONS).await?,
        excerpt: opinion.question.clone(),
    };
    notifications::notify_followers(ctx, tx, opinion.actor_id, &notice).await
}

/// Counts a question whose time is over: the key that tells who answered goes, the counts are said to everybody who
/// knows the question.
///
/// # Errors
/// [`PollError`].
pub async fn close_opinion(ctx: &Ctx, id: OpinionId) -> Result<(), PollError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let Some(mut opinion) = store::held(&mut tx, id).await? else {
        return Ok(());
    };
    if opinion.state != PollState::Open || now < opinion.closes_at {
        return Ok(());
    }
    store::end(&mut tx, id, PollState::Closed, now).await?;
    opinion.state = PollState::Closed;
    opinion.closed_at = Some(now);
    if opinion.is_out() {
        say(ctx, &mut tx, &opinion, "Update").await?;
        tell(ctx, &mut tx, Kind::PollClosed, &opinion).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Takes a question back; its answers go.
///
/// # Errors
/// [`PollError::Refused`] when it is missing or another's.
pub async fn withdraw_opinion(ctx: &Ctx, author: &Author, id: OpinionId) -> Result<Opinion, PollError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let opinion = store::held(&mut tx, id)
        .await?
        .filter(|opinion| opinion.actor_id == author.office.id && opinion.state != PollState::Withdrawn)
        .ok_or(PollRefusal::Missing)?;
    if opinion.hidden {
        return Err(PollRefusal::Moderated.into());
    }
    store::end(&mut tx, id, PollState::Withdrawn, now).await?;
    gone(ctx, &mut tx, author, &opinion.uri, QUESTIONS, id.0, now).await?;
    tx.commit().await?;
    Ok(opinion)
}
