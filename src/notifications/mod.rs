//! Notices on the site and by mail.
//!
//! Owns the tables `notification` and `notification_preference`, the page `/notifications`, the mails that
//! tell of notices and the link that ends them. Refuses to know what the notices are about: rooms say it in
//! words and a path.

pub mod actions;
mod group;
mod mails;
pub mod model;
pub mod pages;
mod store;
mod tasks;
mod token;

use federation::Ctx;
use federation::objects::Objects;
use platform::StoreError;

pub use actions::{
    dismiss, dismiss_all_of, end_mails, mark_one, mark_read, notify, notify_by, notify_commune, notify_each,
    notify_followers, of_actor, of_kinds, one, prefer, preferences, retract, retract_all, retract_of, unread,
    unread_of,
};
pub use model::{Kind, MailPace, Notice, NoticeId, Told};
pub use pages::{layer, routes};
pub use tasks::tasks;

/// Hears from the federation who follows one of ours.
pub fn objects(objects: &mut Objects) {
    objects
        .on_follow(|ctx, follower, followed, _| async move { followed_by(&ctx, &follower, &followed).await });
}

async fn followed_by(
    ctx: &Ctx,
    follower: &federation::Actor,
    followed: &federation::Actor,
) -> Result<(), StoreError> {
    if followed.kind == federation::ActorKind::Group {
        // Who joins a group is its own room's matter.
        return Ok(());
    }
    let notice = Notice {
        kind: Kind::Follow,
        from: Some(follower.id),
        target_kind: "actors",
        target_id: follower.id.0,
        // A follower whose page is closed to others is told of on one's own.
        page: follower.open_page().unwrap_or(followed.page()).to_owned(),
        excerpt: follower.full_handle(),
    };
    let mut tx = ctx.db.begin().await?;
    notify(ctx, &mut tx, followed.id, &notice).await?;
    tx.commit().await
}
