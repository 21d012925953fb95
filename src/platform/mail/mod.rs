//! E-mails.
//!
//! A mail is a row first ([`post`]), written in the transaction of the deed that causes it, and sent by a task with
//! retries. Owns the table `mail` and the ways out: SMTP, a folder of `.eml` files for trying out, a memory for tests.
//! Refuses addresses that are not plain addresses, and any text that would begin a header of its own. Once a mail has
//! left, its words are removed; what a server refuses for good is set aside with its reason.

mod address;
mod config;
mod letter;
mod mailer;
mod message;
mod store;
mod tasks;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::queue::{self, Registry, When};
use crate::store::{StoreError, Tx};
use crate::{Ctx, id_type};

pub use self::address::EmailAddress;
pub use self::config::{Config, Encryption, Transport};
pub use self::letter::Letter;
pub use self::mailer::{MailSetUpError, Mailer};
pub use self::message::{Mail, Message};
pub use self::store::{MailState, count_by_state};
pub use self::tasks::{PurgeMails, SendMail};

id_type!(
    /// A mail.
    MailId
);

/// Adds the tasks of this module.
pub fn tasks<C: AsRef<Ctx> + Clone + Send + Sync + 'static>(registry: &mut Registry<C>) {
    registry
        .on::<SendMail>()
        .every(&PurgeMails, Duration::from_hours(24));
}

/// Writes a mail; it leaves after the commit.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn post(ctx: &Ctx, tx: &mut Tx, message: &Message) -> Result<MailId, StoreError> {
    let id = MailId::new(ctx);
    store::insert(tx, id, message, ctx.clock.now()).await?;
    queue::enqueue::<Ctx, _>(ctx, tx, &SendMail { id }, When::now()).await?;
    Ok(id)
}
