//! Notices on the site and by mail.
//!
//! Owns the tables `notification` and `notification_preference`, the page `/notifications`, the mails that
//! tell of notices. Refuses to know what the notices are about: rooms say it in words and a path.

pub mod actions;
pub mod model;
mod store;

pub use actions::{
    dismiss, dismiss_all_of, mark_read, notify, notify_each, notify_followers, of_actor, of_kinds, one,
    retract, unread, unread_of,
};
pub use model::{Kind, MailPace, Notice, NoticeId, Told};
