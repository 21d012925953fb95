//! Who is told of a post.

use federation::{Actor, Ctx};
use notifications::{Kind, Notice};
use platform::text::{self, Html};
use platform::{StoreError, Tx};

use crate::federation::{KIND, page_of_in};
use crate::model::Post;

/// Tells everybody here who follows the office.
pub(crate) async fn new_post(ctx: &Ctx, tx: &mut Tx, office: &Actor, post: &Post) -> Result<(), StoreError> {
    let excerpt = if post.title.is_empty() {
        text::excerpt(&Html::from_store(post.html.clone()), 120)
    } else {
        post.title.clone()
    };
    let notice = Notice {
        kind: Kind::NewPost,
        from: Some(office.id),
        target_kind: KIND,
        target_id: post.id.0,
        page: page_of_in(tx, post).await?,
        excerpt,
    };
    notifications::notify_followers(ctx, tx, office.id, &notice).await
}
