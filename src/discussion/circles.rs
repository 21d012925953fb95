//! What the owner of circles is asked by this room, which does not know it. Installed once by the composition,
//! with the owners of subjects, for rooms that have a context and nothing else.

use std::sync::{Arc, OnceLock};

use federation::{ActorId, Ctx};
use platform::{StoreError, Tx};

use crate::Subjects;
use crate::model::{Circle, CommentId, Target};
use crate::subjects::Answer;

/// Who of a circle hears of what is said in it, beside those whom it concerns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ears {
    /// People here who want to hear of everything.
    pub all: Vec<ActorId>,
    /// People here who want to hear of nothing, not even of answers to them.
    pub none: Vec<ActorId>,
}

/// The room that owns circles.
pub trait Circles: Send + Sync + 'static {
    /// A circle by its actor.
    fn circle<'a>(&'a self, ctx: &'a Ctx, group: ActorId) -> Answer<'a, Option<Arc<Circle>>>;

    /// Hears that something was said about a subject in a circle, in the transaction of the deed, and says who
    /// wants to hear of it.
    fn said<'a>(
        &'a self,
        tx: &'a mut Tx,
        group: ActorId,
        subject: Target,
        comment: CommentId,
    ) -> Answer<'a, Ears>;
}

#[derive(Default)]
struct Installed(OnceLock<(Subjects, Box<dyn Circles>)>);

/// Tells this room who owns what; the second time nothing happens.
pub fn install(ctx: &Ctx, subjects: Subjects, circles: Box<dyn Circles>) {
    let _already = ctx.memory.of::<Installed>().0.set((subjects, circles));
}

/// The owners of what is discussed; none where nothing was installed.
pub fn subjects(ctx: &Ctx) -> Subjects {
    let installed = ctx.memory.of::<Installed>();
    installed
        .0
        .get()
        .map(|(subjects, _)| subjects.clone())
        .unwrap_or_default()
}

/// A circle by its actor.
///
/// # Errors
/// [`StoreError`] from its owner.
pub async fn circle(ctx: &Ctx, group: ActorId) -> Result<Option<Arc<Circle>>, StoreError> {
    let installed = ctx.memory.of::<Installed>();
    match installed.0.get() {
        Some((_, circles)) => circles.circle(ctx, group).await,
        None => Ok(None),
    }
}

/// The circle at whose desk something stands, by the desk's name.
pub(crate) async fn at_desk(ctx: &Ctx, key: Option<&str>) -> Result<Option<Arc<Circle>>, StoreError> {
    match key.and_then(Circle::of_key) {
        Some(group) => circle(ctx, group).await,
        None => Ok(None),
    }
}

pub(crate) async fn said(
    ctx: &Ctx,
    tx: &mut Tx,
    group: ActorId,
    subject: Target,
    comment: CommentId,
) -> Result<Ears, StoreError> {
    let installed = ctx.memory.of::<Installed>();
    match installed.0.get() {
        Some((_, circles)) => circles.said(tx, group, subject, comment).await,
        None => Ok(Ears::default()),
    }
}
