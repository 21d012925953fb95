//! The moderation desk: what waits on it, what was decided.

use std::collections::HashMap;

use federation::{Actor, ActorId, Ctx};
use platform::StoreError;
use platform::store::{Page, Paging};

use super::bench::under_of;
use super::moderation::may_moderate;
use super::{DiscussionError, thread};
use crate::Subjects;
use crate::model::{
    COMMENTS, Comment, CommentId, Decision, DecisionId, DiscussionRefusal, Flag, FlagId, Participant,
    Subject, Target, Thing, Under,
};
use crate::store;

/// Things on one page of the desk.
pub const DESK: i64 = 20;

/// A thing with open flags.
#[derive(Debug, Clone, PartialEq)]
pub struct Flagged {
    /// What it is; none when it is not here (any more).
    pub thing: Option<Thing>,
    /// Its kind, as the flags say.
    pub kind: String,
    /// Its id, as the flags say.
    pub id: i64,
    /// Who wrote it.
    pub author: Option<Actor>,
    /// The open flags, the oldest first.
    pub flags: Vec<Flag>,
}

/// What waits on a desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Desk {
    /// Things with open flags, the one flagged first first.
    pub flagged: Vec<Flagged>,
    /// Where the next page of them begins.
    pub next_flagged: Option<i64>,
    /// Comments to be read before they are shown, the oldest first, with subject and author.
    pub held: Vec<(Comment, Option<Subject>, Option<Actor>)>,
    /// Where the next page of them begins.
    pub next_held: Option<i64>,
    /// Decisions that their authors contest.
    pub contested: Vec<(Decision, Option<Thing>)>,
    /// Those who flagged and wrote.
    pub people: HashMap<ActorId, Actor>,
}

/// What waits on a desk, two lists of at most [`DESK`].
///
/// # Errors
/// [`DiscussionRefusal::NotModerator`].
pub async fn desk(
    ctx: &Ctx,
    subjects: &Subjects,
    by: &Participant,
    under: &Under,
    after: (i64, i64),
) -> Result<Desk, DiscussionError> {
    may_moderate(by, under)?;
    let key = under.key();
    let commune = key.as_deref();
    let mut listed = store::desk::flagged(&ctx.db, commune, after.0, DESK + 1).await?;
    let next_flagged = cut(&mut listed, |row| row.3);
    let mut held = store::comments::held(&ctx.db, commune, CommentId(after.1 + 1), DESK + 1).await?;
    let next_held = cut(&mut held, |comment| comment.id.0);
    let contested = store::desk::contested(&ctx.db, commune, 50).await?;

    let mut wanted: Vec<(String, i64)> = listed.iter().map(|row| (row.0.clone(), row.1)).collect();
    wanted.extend(held.iter().map(|comment| (COMMENTS.to_owned(), comment.id.0)));
    wanted.extend(contested.iter().map(|d| (d.target_kind.clone(), d.target_id)));
    let things = subjects.things(ctx, &wanted).await?;
    let find = |kind: &str, id: i64| -> Option<Thing> {
        let kind = subjects.kind(kind)?;
        things.get(&Target { kind, id }).cloned()
    };
    let mut flags = flags_of(ctx, &listed).await?;
    let people = thread::authors(
        ctx,
        things
            .values()
            .map(Thing::author_id)
            .chain(flags.values().flatten().filter_map(|flag| flag.reporter_id)),
    )
    .await?;
    let flagged = listed.into_iter().map(|(kind, id, _, _)| {
        let thing = find(&kind, id);
        Flagged {
            author: thing
                .as_ref()
                .and_then(|thing| people.get(&thing.author_id()).cloned()),
            thing,
            flags: flags.remove(&(kind.clone(), id)).unwrap_or_default(),
            kind,
            id,
        }
    });
    Ok(Desk {
        flagged: flagged.collect(),
        next_flagged,
        held: held
            .into_iter()
            .map(|comment| {
                let subject = find(COMMENTS, comment.id.0).map(|thing| thing.subject().clone());
                let author = people.get(&comment.actor_id).cloned();
                (comment, subject, author)
            })
            .collect(),
        next_held,
        contested: contested
            .into_iter()
            .map(|decision| {
                let thing = find(&decision.target_kind, decision.target_id);
                (decision, thing)
            })
            .collect(),
        people,
    })
}

/// Cuts a list to [`DESK`]; gives the key of the last kept one when there are more.
fn cut<T>(rows: &mut Vec<T>, key: impl Fn(&T) -> i64) -> Option<i64> {
    if rows.len() > DESK as usize {
        rows.truncate(DESK as usize);
        rows.last().map(key)
    } else {
        None
    }
}

type FlagsOf = HashMap<(String, i64), Vec<Flag>>;

async fn flags_of(ctx: &Ctx, listed: &[(String, i64, i64, i64)]) -> Result<FlagsOf, StoreError> {
    let mut kinds: HashMap<&str, Vec<i64>> = HashMap::new();
    for (kind, id, _, _) in listed {
        kinds.entry(kind).or_default().push(*id);
    }
    let mut all: FlagsOf = HashMap::new();
    for (kind, ids) in kinds {
        for flag in store::desk::open_flags(&ctx.db, kind, &ids).await? {
            all.entry((flag.target_kind.clone(), flag.target_id))
                .or_default()
                .push(flag);
        }
    }
    Ok(all)
}

/// How many things wait on a commune's desk.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn waiting(ctx: &Ctx, commune: Option<&str>) -> Result<i64, StoreError> {
    store::desk::count_waiting(&ctx.db, commune).await
}

/// A decision and what it is about, for the author of the thing and for moderators.
///
/// # Errors
/// [`DiscussionRefusal::Missing`] for everybody else.
pub async fn decision(
    ctx: &Ctx,
    subjects: &Subjects,
    by: &Participant,
    id: DecisionId,
) -> Result<(Decision, Option<Thing>), DiscussionError> {
    let decision = store::desk::decision(&ctx.db, id)
        .await?
        .ok_or(DiscussionRefusal::Missing)?;
    let thing = subjects
        .thing(ctx, &decision.target_kind, decision.target_id)
        .await?;
    let is_author = thing
        .as_ref()
        .is_some_and(|thing| thing.author_id() == by.actor.id);
    // What was decided in a circle stays its own, also when what it was about is gone.
    let under = under_of(ctx, thing.as_ref(), &decision).await?;
    if is_author || under.is_moderated_by(by) {
        Ok((decision, thing))
    } else {
        Err(DiscussionRefusal::Missing.into())
    }
}

/// What a decision was about, whoever may read that; none when it is gone.
pub(crate) async fn thing_decided(
    ctx: &Ctx,
    subjects: &Subjects,
    id: DecisionId,
) -> Result<Option<Thing>, StoreError> {
    match store::desk::decision(&ctx.db, id).await? {
        Some(decision) => {
            subjects
                .thing(ctx, &decision.target_kind, decision.target_id)
                .await
        }
        None => Ok(None),
    }
}

/// The decisions of a commune, newest first: for the desk, and without reasons for the public log.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn decisions(
    ctx: &Ctx,
    commune: Option<&str>,
    paging: &Paging,
) -> Result<Page<Decision>, StoreError> {
    store::desk::decisions(&ctx.db, commune, paging).await
}

/// The open flags of a thing and what was decided about it: for moderators.
pub(crate) async fn flags_about(
    ctx: &Ctx,
    kind: &str,
    id: i64,
    commune: Option<&str>,
) -> Result<(Vec<Flag>, Vec<Decision>), StoreError> {
    store::desk::about(&ctx.db, kind, id, commune).await
}

/// Whether somebody had flagged what this decision took from sight: its author is told so (DSA article 17).
pub(crate) async fn was_flagged(ctx: &Ctx, decision: &Decision) -> Result<bool, StoreError> {
    store::desk::closed_at(
        &ctx.db,
        &decision.target_kind,
        decision.target_id,
        decision.created_at,
    )
    .await
}

/// A flag of one's own and the decision that closed it.
pub(crate) async fn flag_of(
    ctx: &Ctx,
    reporter: ActorId,
    id: FlagId,
) -> Result<Option<(Flag, Option<Decision>)>, StoreError> {
    let Some(flag) = store::desk::flag_of(&ctx.db, reporter, id).await? else {
        return Ok(None);
    };
    let decision = match flag.closed_at {
        Some(at) => store::desk::decision_at(&ctx.db, &flag.target_kind, flag.target_id, at).await?,
        None => None,
    };
    Ok(Some((flag, decision)))
}
