//! How many like, share and comment, for many things in a few queries.

use std::collections::{BTreeMap, HashMap};

use federation::{ActorId, Ctx};
use platform::StoreError;

use crate::model::{COMMENTS, Target};
use crate::store::counts as store;

/// The figures of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Who likes it.
    pub likes: i64,
    /// Who shared it.
    pub shares: i64,
    /// Comments about it that everybody may read; of a comment: direct answers.
    pub comments: i64,
    /// Likes without those of dark citizens: for other servers.
    pub open_likes: i64,
    /// Shares without those of dark citizens.
    pub open_shares: i64,
    /// Comments that other servers know of.
    pub open_comments: i64,
}

/// What a reader did with a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mine {
    /// She likes it.
    pub liked: bool,
    /// She shared it.
    pub shared: bool,
}

fn by_kind(targets: &[Target]) -> BTreeMap<&'static str, Vec<i64>> {
    let mut kinds: BTreeMap<&'static str, Vec<i64>> = BTreeMap::new();
    for target in targets {
        kinds.entry(target.kind).or_default().push(target.id);
    }
    kinds
}

/// The figures of these things; every one asked for is in the answer.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn counts(ctx: &Ctx, targets: &[Target]) -> Result<HashMap<Target, Counts>, StoreError> {
    let mut all = HashMap::with_capacity(targets.len());
    for (kind, ids) in by_kind(targets) {
        let likes = store::likes(&ctx.db, kind, &ids).await?;
        let shares = store::shares(&ctx.db, kind, &ids).await?;
        let comments = if kind == COMMENTS {
            store::answers(&ctx.db, &ids).await?
        } else {
            store::comments(&ctx.db, kind, &ids).await?
        };
        for id in ids {
            let of = |tally: &store::Tally| tally.get(&id).copied().unwrap_or_default();
            let ((likes, open_likes), (shares, open_shares), (comments, open_comments)) =
                (of(&likes), of(&shares), of(&comments));
            all.insert(
                Target { kind, id },
                Counts {
                    likes,
                    shares,
                    comments,
                    open_likes,
                    open_shares,
                    open_comments,
                },
            );
        }
    }
    Ok(all)
}

/// What this actor did with these things; every one asked for is in the answer.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn mine(
    ctx: &Ctx,
    actor: Option<ActorId>,
    targets: &[Target],
) -> Result<HashMap<Target, Mine>, StoreError> {
    let mut all: HashMap<Target, Mine> = targets.iter().map(|target| (*target, Mine::default())).collect();
    let Some(actor) = actor else {
        return Ok(all);
    };
    for (kind, ids) in by_kind(targets) {
        let liked = store::liked(&ctx.db, actor, kind, &ids).await?;
        let shared = store::shared(&ctx.db, actor, kind, &ids).await?;
        for id in ids {
            all.insert(
                Target { kind, id },
                Mine {
                    liked: liked.contains(&id),
                    shared: shared.contains(&id),
                },
            );
        }
    }
    Ok(all)
}
