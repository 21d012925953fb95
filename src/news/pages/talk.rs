//! What `discussion` draws around a post.

use account::Viewer;
use discussion::Subject;
use federation::Ctx;
use platform::text::Html;
use platform::web::{Failure, Visit};
use serde::Deserialize;

/// Which part of the comments is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ThreadPage {
    pub(super) apres: Option<i64>,
}

/// The comments of a post, with the form.
pub(super) async fn thread(
    _ctx: &Ctx,
    _visit: &Visit,
    _viewer: &Viewer,
    _subject: &Subject,
    _wanted: &ThreadPage,
) -> Result<Html, Failure> {
    Ok(Html::default())
}
