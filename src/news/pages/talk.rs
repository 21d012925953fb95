//! What `discussion` draws around a post: the row of buttons, the comments with their form.

use account::Viewer;
use commune::Commune;
use discussion::Subject;
use discussion::pages::{ActionRow, action_row, talk};
use federation::Ctx;
use platform::text::Html;
use platform::web::{Failure, Visit};
use serde::Deserialize;

use super::view::PostView;
use crate::federation::KIND;

/// With which comment the page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ThreadPage {
    pub(super) depuis: Option<i64>,
}

/// The comments of a post, with the form.
pub(super) async fn thread(
    ctx: &Ctx,
    visit: &Visit,
    viewer: &Viewer,
    commune: Option<&Commune>,
    subject: &Subject,
    wanted: &ThreadPage,
) -> Result<Html, Failure> {
    talk(ctx, visit, viewer, commune, subject, wanted.depuis).await
}

/// Draws the row of buttons of each post.
pub(super) fn rows(ctx: &Ctx, visit: &Visit, mut posts: Vec<PostView>) -> Result<Vec<PostView>, Failure> {
    for post in posts.iter_mut().filter(|post| !post.hidden) {
        let row = ActionRow {
            target: discussion::Target {
                kind: KIND,
                id: post.id.0,
            },
            page: &post.page,
            counts: post.counts,
            mine: post.mine,
            shareable: post.shareable,
        };
        post.actions = action_row(ctx, visit, &row)?;
    }
    Ok(posts)
}
