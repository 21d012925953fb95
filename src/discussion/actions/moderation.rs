//! The moderation desk: what waits on it, and what moderators decide, always with a reason.

use std::collections::HashMap;

use federation::{Actor, ActorId, Ctx, actors};
use notifications::{Kind, Notice};
use platform::store::{Page, Paging};
use platform::{StoreError, Tx};

use super::telling::{around, tell_desk, tell_people, tell_servers, untell_servers};
use super::writing::mentioned_in;
use super::{DiscussionError, reading, thread};
use crate::Subjects;
use crate::mails;
use crate::model::{
    COMMENTS, Comment, CommentId, CommentMode, CommentState, Decision, DecisionId, Deed, DiscussionRefusal,
    Flag, FlagCategory, FlagId, FlagState, LONGEST_REASON, Participant, Subject, Target, Thing,
};
use crate::store;

/// Things on one page of the desk.
pub const DESK: i64 = 20;

fn may_moderate(by: &Participant, commune: Option<&str>) -> Result<(), DiscussionRefusal> {
    if by.may_moderate(commune) && !by.actor.suspended {
        Ok(())
    } else {
        Err(DiscussionRefusal::NotModerator)
    }
}

fn reason_of(typed: &str) -> Result<String, DiscussionRefusal> {
    let reason = platform::text::clean_text(typed, LONGEST_REASON + 1)
        .trim()
        .to_owned();
    match reason.chars().count() {
        0 => Err(DiscussionRefusal::NoReason),
        n if n > LONGEST_REASON => Err(DiscussionRefusal::TooLong),
        _ => Ok(reason),
    }
}

/// The rule for comments of a commune.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn rule(ctx: &Ctx, commune: &str) -> Result<CommentMode, StoreError> {
    let rule = store::rules::of_commune(&ctx.db, commune).await?;
    Ok(rule.unwrap_or(CommentMode::Open))
}

/// Sets the rule for comments of a commune.
///
/// # Errors
/// [`DiscussionRefusal::NotModerator`].
pub async fn set_rule(
    ctx: &Ctx,
    by: &Participant,
    commune: &str,
    mode: CommentMode,
) -> Result<(), DiscussionError> {
    may_moderate(by, Some(commune))?;
    let mut tx = ctx.db.begin().await?;
    store::rules::set(&mut tx, commune, mode).await?;
    tx.commit().await?;
    Ok(())
}

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

/// What waits on a commune's desk (`None`: the operator's), two lists of at most [`DESK`].
///
/// # Errors
/// [`DiscussionRefusal::NotModerator`].
pub async fn desk(
    ctx: &Ctx,
    subjects: &Subjects,
    by: &Participant,
    commune: Option<&str>,
    after: (i64, i64),
) -> Result<Desk, DiscussionError> {
    may_moderate(by, commune)?;
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

/// Takes something from sight: here, in the API and on the servers that know it. Its author is told why.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn hide(
    ctx: &Ctx,
    subjects: &Subjects,
    by: &Participant,
    thing: &Thing,
    ground: FlagCategory,
    reason: &str,
) -> Result<DecisionId, DiscussionError> {
    may_moderate(by, thing.commune())?;
    let reason = reason_of(reason)?;
    let before = Before::of(ctx, thing).await?;
    let mut tx = ctx.db.begin().await?;
    match thing {
        Thing::Comment(comment, _) => {
            let mut comment = locked(&mut tx, comment.id).await?;
            if let Some(author) = &before.author {
                untell_servers(ctx, &mut tx, &mut comment, author, &before.around).await?;
            }
            store::comments::set_state(&mut tx, comment.id, CommentState::Hidden).await?;
            notifications::retract(&mut tx, COMMENTS, comment.id.0).await?;
        }
        Thing::Subject(subject) => {
            if !subjects.set_hidden(ctx, &mut tx, subject.target, true).await? {
                return Err(DiscussionRefusal::NotYours.into());
            }
        }
    }
    let decision = decide(
        ctx,
        &mut tx,
        by,
        thing.target(),
        thing.commune(),
        Deed::Hide,
        Some(ground),
        &reason,
    )
    .await?;
    close(ctx, &mut tx, thing.target(), FlagState::Upheld, &decision).await?;
    tell_of(ctx, &mut tx, before.author.as_ref(), &decision).await?;
    tx.commit().await?;
    Ok(decision.id)
}

/// Shows something again that was hidden.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn restore(
    ctx: &Ctx,
    subjects: &Subjects,
    by: &Participant,
    thing: &Thing,
    reason: &str,
) -> Result<DecisionId, DiscussionError> {
    may_moderate(by, thing.commune())?;
    let reason = reason_of(reason)?;
    let before = Before::of(ctx, thing).await?;
    let mut tx = ctx.db.begin().await?;
    match thing {
        Thing::Comment(comment, _) => {
            let mut comment = locked(&mut tx, comment.id).await?;
            if comment.state != CommentState::Hidden {
                return Err(DiscussionRefusal::Missing.into());
            }
            show(ctx, &mut tx, &mut comment, &before).await?;
        }
        Thing::Subject(subject) => {
            if !subjects.set_hidden(ctx, &mut tx, subject.target, false).await? {
                return Err(DiscussionRefusal::NotYours.into());
            }
        }
    }
    let decision = decide(
        ctx,
        &mut tx,
        by,
        thing.target(),
        thing.commune(),
        Deed::Restore,
        None,
        &reason,
    )
    .await?;
    tell_of(ctx, &mut tx, before.author.as_ref(), &decision).await?;
    tx.commit().await?;
    Ok(decision.id)
}

/// Shows a held comment.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn approve(
    ctx: &Ctx,
    subjects: &Subjects,
    by: &Participant,
    id: CommentId,
) -> Result<DecisionId, DiscussionError> {
    let (comment, subject) = reading::comment_and_subject(ctx, subjects, id)
        .await?
        .ok_or(DiscussionRefusal::Missing)?;
    may_moderate(by, comment.commune.as_deref())?;
    let thing = Thing::Comment(comment, subject.clone());
    let before = Before::of(ctx, &thing).await?;
    let mut tx = ctx.db.begin().await?;
    let mut comment = locked(&mut tx, id).await?;
    if comment.state != CommentState::Held {
        return Err(DiscussionRefusal::Missing.into());
    }
    show(ctx, &mut tx, &mut comment, &before).await?;
    tell_people(ctx, &mut tx, &comment, &subject, &before.around).await?;
    let decision = decide(
        ctx,
        &mut tx,
        by,
        thing.target(),
        thing.commune(),
        Deed::Approve,
        None,
        "",
    )
    .await?;
    tell_of(ctx, &mut tx, before.author.as_ref(), &decision).await?;
    tx.commit().await?;
    Ok(decision.id)
}

/// Closes the flags of something that stays as it is.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn dismiss(
    ctx: &Ctx,
    by: &Participant,
    target: Target,
    commune: Option<&str>,
    reason: &str,
) -> Result<DecisionId, DiscussionError> {
    may_moderate(by, commune)?;
    let reason = reason_of(reason)?;
    let mut tx = ctx.db.begin().await?;
    let decision = decide(ctx, &mut tx, by, target, commune, Deed::Dismiss, None, &reason).await?;
    if close(ctx, &mut tx, target, FlagState::Dismissed, &decision).await? == 0 {
        return Err(DiscussionRefusal::Missing.into());
    }
    tx.commit().await?;
    Ok(decision.id)
}

/// The author of something contests the decision that hid it, once.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn appeal(
    ctx: &Ctx,
    subjects: &Subjects,
    by: &Participant,
    id: DecisionId,
    words: &str,
) -> Result<(), DiscussionError> {
    let (decision, thing) = decision(ctx, subjects, by, id).await?;
    let is_author = thing.is_some_and(|thing| thing.author_id() == by.actor.id);
    if !is_author || decision.deed != Deed::Hide {
        return Err(DiscussionRefusal::NotYours.into());
    }
    let words = reason_of(words)?;
    let Some(kind) = subjects.kind(&decision.target_kind) else {
        return Err(DiscussionRefusal::Missing.into());
    };
    let mut tx = ctx.db.begin().await?;
    if !store::desk::contest(&mut tx, id, &words, ctx.clock.now()).await? {
        return Err(DiscussionRefusal::Contested.into());
    }
    let target = Target {
        kind,
        id: decision.target_id,
    };
    tell_desk(
        ctx,
        &mut tx,
        decision.commune.as_deref(),
        target,
        Some(by.actor.id),
    )
    .await?;
    tx.commit().await?;
    Ok(())
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
    if is_author || by.may_moderate(decision.commune.as_deref()) {
        Ok((decision, thing))
    } else {
        Err(DiscussionRefusal::Missing.into())
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

/// What has to be known of a comment before its decision's transaction begins.
#[derive(Default)]
struct Before {
    author: Option<Actor>,
    around: super::telling::Around,
}

impl Before {
    async fn of(ctx: &Ctx, thing: &Thing) -> Result<Self, StoreError> {
        let author = actors::by_id(ctx, thing.author_id()).await?;
        let around = match thing {
            Thing::Comment(comment, subject) => {
                around(ctx, comment, subject, mentioned_in(ctx, comment).await?).await?
            }
            Thing::Subject(_) => super::telling::Around::default(),
        };
        Ok(Self { author, around })
    }
}

async fn locked(tx: &mut Tx, id: CommentId) -> Result<Comment, DiscussionError> {
    let comment = store::comments::locked(tx, id).await?;
    Ok(comment
        .filter(|comment| comment.state != CommentState::Deleted)
        .ok_or(DiscussionRefusal::Missing)?)
}

async fn show(ctx: &Ctx, tx: &mut Tx, comment: &mut Comment, before: &Before) -> Result<(), StoreError> {
    comment.state = CommentState::Shown;
    store::comments::set_state(tx, comment.id, CommentState::Shown).await?;
    match &before.author {
        Some(author) => tell_servers(ctx, tx, comment, author, &before.around).await,
        None => Ok(()),
    }
}

async fn decide(
    ctx: &Ctx,
    tx: &mut Tx,
    by: &Participant,
    target: Target,
    commune: Option<&str>,
    deed: Deed,
    ground: Option<FlagCategory>,
    reason: &str,
) -> Result<Decision, StoreError> {
    let decision = Decision {
        id: DecisionId::new(ctx),
        target_kind: target.kind.to_owned(),
        target_id: target.id,
        commune: commune.map(ToOwned::to_owned),
        moderator_id: by.actor.id,
        deed,
        ground: ground.map_or_else(String::new, |ground| ground.code().to_owned()),
        reason: reason.to_owned(),
        appeal: None,
        appealed_at: None,
        created_at: ctx.clock.now(),
    };
    store::desk::insert_decision(tx, &decision).await?;
    Ok(decision)
}

/// Closes the flags of a thing and tells those who raised them what was decided.
async fn close(
    ctx: &Ctx,
    tx: &mut Tx,
    target: Target,
    state: FlagState,
    decision: &Decision,
) -> Result<usize, StoreError> {
    let closed = store::desk::close_flags(tx, target, state, ctx.clock.now()).await?;
    for flag in &closed {
        mails::outcome(ctx, tx, flag, decision).await?;
        let Some(reporter) = flag.reporter_id else {
            continue;
        };
        let is_ours = actors::by_id_in(tx, reporter)
            .await?
            .is_some_and(|actor| actor.local);
        if is_ours {
            let notice = Notice {
                kind: Kind::Decision,
                from: None,
                target_kind: "flags",
                target_id: flag.id.0,
                page: format!("/moderation/signalements/{}", flag.id),
                excerpt: String::new(),
            };
            notifications::notify(ctx, tx, reporter, &notice).await?;
        }
    }
    Ok(closed.len())
}

/// Tells the author of a thing what was decided about it.
async fn tell_of(
    ctx: &Ctx,
    tx: &mut Tx,
    author: Option<&Actor>,
    decision: &Decision,
) -> Result<(), StoreError> {
    let Some(author) = author.filter(|author| author.local && author.deleted_at.is_none()) else {
        return Ok(());
    };
    let notice = Notice {
        kind: Kind::Decision,
        // Moderators are not named.
        from: None,
        target_kind: "decisions",
        target_id: decision.id.0,
        page: decision.page(),
        excerpt: String::new(),
    };
    notifications::notify(ctx, tx, author.id, &notice).await
}
