//! Publishing, editing, deleting, pinning: the only writers of posts, called by all three doors.

mod editing;
mod hiding;
mod publishing;
mod removing;
mod written;

use federation::Ctx;
use platform::{StoreError, Tx};

use crate::author::Author;
use crate::federation::page_of;
use crate::model::{Post, PostId, PostRefusal, PostState};
use crate::store;

pub use editing::{edit_post, pin_post};
pub(crate) use hiding::set_hidden;
pub use publishing::{publish_in, publish_now, publish_post};
pub use removing::delete_post;
pub(crate) use removing::wipe;
pub use written::Written;
pub(crate) use written::mentioned_by;

/// Why a post could not be published, edited, deleted or pinned.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// Against the rules: all the reasons at once.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<PostRefusal>),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many posts were published here and are readable by anybody.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn count_local(ctx: &Ctx) -> Result<i64, StoreError> {
    store::count_local(&ctx.db).await
}

impl From<PostRefusal> for PostError {
    fn from(refusal: PostRefusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

fn refuse(refusals: Vec<PostRefusal>) -> Result<(), PostError> {
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(PostError::Refused(refusals))
    }
}

async fn own_post(tx: &mut Tx, author: &Author, id: PostId) -> Result<Post, PostError> {
    let post = store::by_id_for_change(tx, id)
        .await?
        .filter(|post| post.state != PostState::Deleted);
    let post = post.ok_or(PostRefusal::Missing)?;
    if !post.local || post.actor_id != author.office.id {
        return Err(PostRefusal::NotYours.into());
    }
    Ok(post)
}

/// The path of a post's page.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn page(ctx: &Ctx, post: &Post) -> Result<String, StoreError> {
    page_of(ctx, post).await
}
