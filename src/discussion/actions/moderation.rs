//! What moderators decide, always with a reason, and how authors contest it.

use account::Right;
use federation::{Actor, Ctx, actors};
use notifications::{Kind, Notice};
use platform::{StoreError, Tx};

use super::around_circle::{deed, pass_on, withdraw};
use super::telling::{around, tell_desk, tell_people, tell_restored, tell_servers, untell_servers};
use super::writing::mentioned_in;
use super::{DiscussionError, bench, desk, reading};
use crate::Subjects;
use crate::mails;
use crate::model::{
    COMMENTS, Case, Comment, CommentId, CommentMode, CommentState, Decision, DecisionId, Deed,
    DiscussionRefusal, FlagCategory, FlagState, LONGEST_REASON, Participant, Subject, Target, Thing, Under,
};
use crate::store;

pub(super) fn may_moderate(by: &Participant, under: &Under) -> Result<(), DiscussionRefusal> {
    if under.is_moderated_by(by) && !by.actor.suspended {
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
    may_moderate(by, &Under::Commune(commune.to_owned()))?;
    let mut tx = ctx.db.begin().await?;
    store::rules::set(&mut tx, commune, mode).await?;
    tx.commit().await?;
    Ok(())
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
    let under = thing.subject().under();
    may_moderate(by, &under)?;
    let reason = reason_of(reason)?;
    if is_hidden(ctx, thing).await? {
        // To uphold a contested decision is to review it.
        case_of(ctx, by, thing).await?.review().allowed()?;
    }
    let before = Before::of(ctx, thing).await?;
    let mut tx = ctx.db.begin().await?;
    match thing {
        Thing::Comment(comment, _) => {
            let mut comment = locked(&mut tx, comment.id).await?;
            if let Some(author) = &before.author {
                untell_servers(ctx, &mut tx, &mut comment, author, &before.around).await?;
            }
            if comment.state == CommentState::Shown {
                remove_from_circle(ctx, &mut tx, &before, &comment, ground).await?;
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
        under.key().as_deref(),
        Deed::Hide,
        Some(ground),
        &reason,
    )
    .await?;
    close(ctx, &mut tx, thing.target(), FlagState::Upheld, &decision).await?;
    tell_of(ctx, &mut tx, &before, &decision).await?;
    tx.commit().await?;
    Ok(decision.id)
}

/// Tells the members of a circle that words of another server were taken from sight in it. Ours were taken back
/// by their own author's actor.
async fn remove_from_circle(
    ctx: &Ctx,
    tx: &mut Tx,
    before: &Before,
    comment: &Comment,
    ground: FlagCategory,
) -> Result<(), StoreError> {
    let is_theirs = before.author.as_ref().is_some_and(|author| !author.local);
    let Some(circle) = before.around.circle.as_ref().filter(|_| is_theirs) else {
        return Ok(());
    };
    withdraw(ctx, tx, circle, &comment.uri, None).await?;
    deed(ctx, tx, circle, removal(ctx, &comment.uri, ground)).await
}

/// The `Delete` by which a circle tells that something was taken from sight: why in general words, since a
/// reason may speak of somebody.
pub fn removal(ctx: &Ctx, uri: &str, ground: FlagCategory) -> serde_json::Value {
    let key = format!("discussion-ground-{}", ground.code());
    let why = ctx.words.t(platform::i18n::Lang::Fr, &key);
    serde_json::json!({ "type": "Delete", "object": uri, "summary": why })
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
    let under = thing.subject().under();
    may_moderate(by, &under)?;
    let reason = reason_of(reason)?;
    if !is_hidden(ctx, thing).await? {
        return Err(DiscussionRefusal::Missing.into());
    }
    case_of(ctx, by, thing).await?.review().allowed()?;
    let before = Before::of(ctx, thing).await?;
    let mut tx = ctx.db.begin().await?;
    match thing {
        Thing::Comment(comment, subject) => {
            is_still_told(subject)?;
            let mut comment = locked(&mut tx, comment.id).await?;
            if comment.state != CommentState::Hidden {
                return Err(DiscussionRefusal::Missing.into());
            }
            show(ctx, &mut tx, &mut comment, &before).await?;
        }
        Thing::Subject(subject) => {
            if !subjects.set_hidden(ctx, &mut tx, subject.target, false).await? {
                return Err(DiscussionRefusal::Missing.into());
            }
        }
    }
    let decision = decide(
        ctx,
        &mut tx,
        by,
        thing.target(),
        under.key().as_deref(),
        Deed::Restore,
        None,
        &reason,
    )
    .await?;
    tell_of(ctx, &mut tx, &before, &decision).await?;
    tx.commit().await?;
    Ok(decision.id)
}

/// To show a comment is to tell other servers of it: not while what it is about is taken from sight.
fn is_still_told(subject: &Subject) -> Result<(), DiscussionRefusal> {
    if subject.open {
        Ok(())
    } else {
        Err(DiscussionRefusal::Closed)
    }
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
    let under = subject.under();
    may_moderate(by, &under)?;
    is_still_told(&subject)?;
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
        under.key().as_deref(),
        Deed::Approve,
        None,
        "",
    )
    .await?;
    tell_of(ctx, &mut tx, &before, &decision).await?;
    tx.commit().await?;
    Ok(decision.id)
}

/// Closes the flags of something that stays as it is.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn dismiss(
    ctx: &Ctx,
    subjects: &Subjects,
    by: &Participant,
    target: Target,
    under: &Under,
    reason: &str,
) -> Result<DecisionId, DiscussionError> {
    may_moderate(by, under)?;
    let reason = reason_of(reason)?;
    let thing = subjects.thing(ctx, target.kind, target.id).await?;
    let case = bench::case(ctx, by, target, thing.as_ref(), under).await?;
    case.dismissal().allowed()?;
    let mut tx = ctx.db.begin().await?;
    let key = under.key();
    let decision = decide(
        ctx,
        &mut tx,
        by,
        target,
        key.as_deref(),
        Deed::Dismiss,
        None,
        &reason,
    )
    .await?;
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
    let (decision, thing) = desk::decision(ctx, subjects, by, id).await?;
    let is_author = thing
        .as_ref()
        .is_some_and(|thing| thing.author_id() == by.actor.id);
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
    let under = bench::under_of(ctx, thing.as_ref(), &decision).await?;
    tell_desk(ctx, &mut tx, &under, target, Some(by.actor.id)).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether moderators took something from sight and have not shown it again.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn is_hidden(ctx: &Ctx, thing: &Thing) -> Result<bool, StoreError> {
    match thing {
        Thing::Comment(comment, _) => Ok(comment.state == CommentState::Hidden),
        Thing::Subject(subject) => Ok(hiding_decision(ctx, subject).await?.is_some()),
    }
}

/// The decision that keeps a subject from sight; none when it was not hidden.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn hiding_decision(ctx: &Ctx, subject: &Subject) -> Result<Option<Decision>, StoreError> {
    if subject.open {
        return Ok(None);
    }
    let Target { kind, id } = subject.target;
    let last = store::desk::last_standing(&ctx.db, kind, id).await?;
    Ok(last.filter(|last| last.deed == Deed::Hide))
}

/// What stands between this moderator and a decision about this thing.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn case_of(ctx: &Ctx, by: &Participant, thing: &Thing) -> Result<Case, StoreError> {
    let under = thing.subject().under();
    bench::case(ctx, by, thing.target(), Some(thing), &under).await
}

/// What has to be known of a comment before its decision's transaction begins.
#[derive(Default)]
struct Before {
    author: Option<Actor>,
    /// By which right others speak for the author, if it is a town hall.
    right: Option<Right>,
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
        Ok(Self {
            author,
            right: Some(thing.right()),
            around,
        })
    }
}

async fn locked(tx: &mut Tx, id: CommentId) -> Result<Comment, DiscussionError> {
    let comment = store::comments::locked(tx, id).await?;
    Ok(comment
        .filter(|comment| comment.state != CommentState::Deleted)
        .ok_or(DiscussionRefusal::Missing)?)
}

async fn show(ctx: &Ctx, tx: &mut Tx, comment: &mut Comment, before: &Before) -> Result<(), StoreError> {
    let was_hidden = comment.state == CommentState::Hidden;
    comment.state = CommentState::Shown;
    store::comments::set_state(tx, comment.id, CommentState::Shown).await?;
    match (&before.author, &before.around.circle) {
        (Some(author), _) if author.local => {
            if was_hidden {
                tell_restored(ctx, tx, comment, author, &before.around).await?;
            }
            tell_servers(ctx, tx, comment, author, &before.around).await
        }
        (Some(_), Some(circle)) => pass_on(ctx, tx, circle, None, Some(&comment.uri)).await,
        _ => Ok(()),
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
    let closed = store::desk::close_flags(tx, target, state, decision.created_at).await?;
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
async fn tell_of(ctx: &Ctx, tx: &mut Tx, before: &Before, decision: &Decision) -> Result<(), StoreError> {
    let author = before.author.as_ref();
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
    notifications::notify_by(ctx, tx, author.id, before.right, &notice).await
}
