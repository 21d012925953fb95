//! A discussion as it is shown: the oldest first, answers under what they answer, page by page.

use std::collections::{HashMap, HashSet};

use federation::{Actor, ActorId, Ctx, actors};
use platform::StoreError;

use super::reading::{attachments, reader_of};
use super::{Counts, Mine, counts, mine};
use crate::model::{Attachment, COMMENTS, Comment, CommentId, CommentState, Decision, Participant, Subject};
use crate::store;

/// Comments on the subject itself on one page.
pub const BRANCHES: i64 = 20;
/// Answers shown under one of them; the others have a page of their own.
pub const ANSWERS: i64 = 20;

/// What a reader sees of a comment.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// Its words.
    Read,
    /// Its words, while it waits for a moderator (for its author and moderators).
    Waiting,
    /// Its words and that it was hidden (for its author and moderators).
    Hidden(Option<Decision>),
    /// That it was taken from sight by moderators.
    Removed(Option<Decision>),
    /// That it was here.
    Gone,
}

impl Standing {
    /// Whether its words are shown.
    pub const fn has_words(&self) -> bool {
        matches!(self, Self::Read | Self::Waiting | Self::Hidden(_))
    }
}

/// A comment as a reader sees it. What she may not read is not in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The comment; its words are empty unless [`Standing::has_words`].
    pub comment: Comment,
    /// Who wrote it; none unless [`Standing::has_words`].
    pub author: Option<Actor>,
    /// Whom it answers, when that does not stand right above it.
    pub answers: Option<(CommentId, String)>,
    /// What hangs on it; nothing unless [`Standing::Read`].
    pub attachments: Vec<Attachment>,
    /// What is seen of it.
    pub standing: Standing,
    /// Its figures.
    pub counts: Counts,
    /// What the reader did with it.
    pub mine: Mine,
    /// Whether the reader wrote it.
    pub own: bool,
    /// Whether the author of the subject wrote it.
    pub by_subject_author: bool,
}

/// A comment on the subject with the answers in its branch.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The comment on the subject itself.
    pub root: Entry,
    /// Answers to it and to one another, the oldest first.
    pub answers: Vec<Entry>,
    /// How many more answers stand on the branch's own page.
    pub more: i64,
}

/// A page of a discussion.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// The branches, the oldest first.
    pub branches: Vec<Branch>,
    /// Comments that everybody may read, in all.
    pub total: i64,
    /// Where the next page begins.
    pub next: Option<CommentId>,
    /// Whether this page does not begin at the beginning.
    pub is_later: bool,
}

/// A page of the discussion of a subject, beginning at `from` (a comment on the subject itself); the caller
/// knows that the reader may read the subject.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn thread(
    ctx: &Ctx,
    reader: Option<&Participant>,
    subject: &Subject,
    from: Option<CommentId>,
) -> Result<Thread, StoreError> {
    let target = (subject.target.kind, subject.target.id);
    let first = from.unwrap_or(CommentId(0));
    let mut roots =
        store::comments::roots(&ctx.db, target, reader_of(reader, subject), first, BRANCHES + 1).await?;
    let next = if roots.len() > BRANCHES as usize {
        roots.pop().map(|root| root.id)
    } else {
        None
    };
    let branches = branches(ctx, reader, subject, roots, CommentId(0), ANSWERS).await?;
    let total = counts(ctx, &[subject.target]).await?;
    Ok(Thread {
        branches,
        total: total.get(&subject.target).map_or(0, |counts| counts.comments),
        next,
        is_later: from.is_some(),
    })
}

/// One branch with its answers from `from` on, for the branch's own page, and where the next page begins.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn branch(
    ctx: &Ctx,
    reader: Option<&Participant>,
    subject: &Subject,
    root: CommentId,
    from: Option<CommentId>,
) -> Result<Option<Branch>, StoreError> {
    let target = (subject.target.kind, subject.target.id);
    let found = store::comments::roots(&ctx.db, target, reader_of(reader, subject), root, 1).await?;
    let found = found.into_iter().filter(|comment| comment.id == root).collect();
    let from = from.unwrap_or(CommentId(0));
    Ok(branches(ctx, reader, subject, found, from, ANSWERS).await?.pop())
}

/// The actors of these ids.
pub(crate) async fn authors(
    ctx: &Ctx,
    ids: impl Iterator<Item = ActorId>,
) -> Result<HashMap<ActorId, Actor>, StoreError> {
    let ids: HashSet<ActorId> = ids.collect();
    let ids: Vec<ActorId> = ids.into_iter().collect();
    let found = actors::by_ids(ctx, &ids).await?;
    Ok(found.into_iter().map(|actor| (actor.id, actor)).collect())
}

/// What is needed to dress comments, read at once for all of them.
struct Wardrobe<'a> {
    reader: Option<&'a Participant>,
    subject: &'a Subject,
    authors: HashMap<ActorId, Actor>,
    writers: HashMap<CommentId, ActorId>,
    shown: HashSet<CommentId>,
    attachments: HashMap<CommentId, Vec<Attachment>>,
    decisions: HashMap<i64, Decision>,
    counts: HashMap<crate::Target, Counts>,
    mine: HashMap<crate::Target, Mine>,
}

async fn branches(
    ctx: &Ctx,
    reader: Option<&Participant>,
    subject: &Subject,
    roots: Vec<Comment>,
    from: CommentId,
    limit: i64,
) -> Result<Vec<Branch>, StoreError> {
    let root_ids: Vec<CommentId> = roots.iter().map(|root| root.id).collect();
    let listed =
        store::comments::answers(&ctx.db, &root_ids, reader_of(reader, subject), from, limit).await?;
    let ids: Vec<i64> = listed.iter().map(|(id, _)| id.0).collect();
    let mut answers = store::comments::by_ids(&ctx.db, &ids).await?;
    answers.sort_by_key(|comment| comment.id);
    let there: HashMap<CommentId, i64> = listed.into_iter().collect();

    let wardrobe = wardrobe(ctx, reader, subject, &roots, &answers).await?;
    let mut by_root: HashMap<CommentId, (Vec<Entry>, i64)> = HashMap::new();
    for answer in answers {
        let (entries, count) = by_root.entry(answer.root_id).or_default();
        *count = there.get(&answer.id).copied().unwrap_or(*count);
        entries.push(wardrobe.dress(answer));
    }
    Ok(roots
        .into_iter()
        .map(|root| {
            let (answers, count) = by_root.remove(&root.id).unwrap_or_default();
            Branch {
                root: wardrobe.dress(root),
                more: (count - answers.len() as i64).max(0),
                answers,
            }
        })
        .collect())
}

async fn wardrobe<'a>(
    ctx: &Ctx,
    reader: Option<&'a Participant>,
    subject: &'a Subject,
    roots: &[Comment],
    answers: &[Comment],
) -> Result<Wardrobe<'a>, StoreError> {
    let all = || roots.iter().chain(answers);
    let mut writers: HashMap<CommentId, ActorId> = all().map(|c| (c.id, c.actor_id)).collect();
    // On a later page of a branch, some answer comments of an earlier one.
    let absent: Vec<i64> = all()
        .filter_map(|comment| comment.parent_id)
        .filter(|parent| !writers.contains_key(parent))
        .map(|parent| parent.0)
        .collect();
    let parents = store::comments::by_ids(&ctx.db, &absent).await?;
    writers.extend(parents.iter().map(|parent| (parent.id, parent.actor_id)));
    let shown = all()
        .chain(&parents)
        .filter(|comment| comment.is_shown())
        .map(|comment| comment.id)
        .collect();
    let hidden: Vec<i64> = all()
        .filter(|comment| comment.state == CommentState::Hidden)
        .map(|comment| comment.id.0)
        .collect();
    let decisions = store::desk::last_hides(&ctx.db, COMMENTS, &hidden).await?;
    let targets: Vec<crate::Target> = all().map(Comment::target).collect();
    let ids: Vec<CommentId> = all().map(|comment| comment.id).collect();
    Ok(Wardrobe {
        attachments: attachments(ctx, &ids).await?,
        reader,
        subject,
        authors: authors(ctx, writers.values().copied()).await?,
        writers,
        shown,
        decisions: decisions
            .into_iter()
            .map(|decision| (decision.target_id, decision))
            .collect(),
        counts: counts(ctx, &targets).await?,
        mine: mine(ctx, reader.map(|reader| reader.actor.id), &targets).await?,
    })
}

impl Wardrobe<'_> {
    fn standing(&self, comment: &Comment, author: Option<&Actor>) -> Standing {
        let of_author = author.is_some_and(|author| author.deleted_at.is_none() && !author.suspended);
        let insider = self.reader.is_some_and(|reader| {
            reader.actor.id == comment.actor_id || self.subject.is_moderated_by(reader)
        });
        let decision = || self.decisions.get(&comment.id.0).cloned();
        match comment.state {
            CommentState::Deleted => Standing::Gone,
            CommentState::Hidden if insider => Standing::Hidden(decision()),
            CommentState::Hidden => Standing::Removed(decision()),
            CommentState::Held if insider => Standing::Waiting,
            CommentState::Held => Standing::Gone,
            CommentState::Shown if !of_author => Standing::Gone,
            CommentState::Shown => {
                let is_for = insider
                    || !comment.narrow
                    || self.reader.is_some_and(|reader| {
                        let parent = comment.parent_id.and_then(|parent| self.writers.get(&parent));
                        reader.actor.id == self.subject.author_id || parent == Some(&reader.actor.id)
                    });
                if is_for { Standing::Read } else { Standing::Gone }
            }
        }
    }

    fn dress(&self, mut comment: Comment) -> Entry {
        let author = self.authors.get(&comment.actor_id);
        let standing = self.standing(&comment, author);
        let target = comment.target();
        let own = self
            .reader
            .is_some_and(|reader| reader.actor.id == comment.actor_id);
        let answers = comment
            .parent_id
            .filter(|parent| *parent != comment.root_id)
            .map(|parent| {
                let name = self
                    .writers
                    .get(&parent)
                    .filter(|_| self.shown.contains(&parent))
                    .and_then(|writer| self.authors.get(writer))
                    .filter(|author| author.deleted_at.is_none())
                    .map_or_else(String::new, |author| author.display_name().to_owned());
                (parent, name)
            });
        let (mut author, mut figures, mut did) = (
            author.cloned(),
            self.counts.get(&target).copied().unwrap_or_default(),
            self.mine.get(&target).copied().unwrap_or_default(),
        );
        let mut attachments = self.attachments.get(&comment.id).cloned().unwrap_or_default();
        // Pictures nobody has looked at are looked at on the desk.
        if standing != Standing::Read {
            attachments.clear();
        }
        if !standing.has_words() {
            comment.html = String::new();
            comment.source = None;
            comment.summary = String::new();
            comment.url = None;
            author = None;
            (figures, did) = (Counts::default(), Mine::default());
        }
        Entry {
            own,
            by_subject_author: author.is_some() && comment.actor_id == self.subject.author_id,
            comment,
            author,
            answers,
            attachments,
            standing,
            counts: figures,
            mine: did,
        }
    }
}
