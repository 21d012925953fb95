//! Private messages as statuses with the visibility `direct`. They are read and written by doors of their own, so that
//! nothing that lists, counts, likes, shares or searches statuses ever meets one.

use account::Citizen;
use federation::{Actor, Ctx};
use platform::Timestamp;
use platform::store::{Page, Paging};

use crate::once::Once;
use crate::source::{Attached, Outcome};

/// A private message.
#[derive(Debug, Clone)]
pub struct Direct {
    /// Its id.
    pub id: i64,
    /// The conversation it belongs to.
    pub talk: i64,
    /// Who is seen to have written it.
    pub author: Actor,
    /// The others who read it.
    pub people: Vec<Actor>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed.
    pub edited_at: Option<Timestamp>,
    /// The words as shown.
    pub html: String,
    /// As typed; her own only.
    pub text: Option<String>,
    /// The content warning.
    pub summary: String,
    /// Its author marks it as not for every eye.
    pub sensitive: bool,
    /// The message before it.
    pub answers: Option<(i64, i64)>,
    /// Its id for programs, or on the wire.
    pub uri: String,
    /// Its page.
    pub url: String,
    /// What hangs on it.
    pub attached: Vec<Attached>,
}

/// A conversation.
#[derive(Debug, Clone)]
pub struct Talk {
    /// Its id.
    pub id: i64,
    /// Whether something waits to be read.
    pub unread: bool,
    /// The others in it.
    pub people: Vec<Actor>,
    /// The last message.
    pub last: Direct,
}

/// The words of a private message.
#[derive(Debug, Clone)]
pub struct DirectWords {
    /// As typed.
    pub text: String,
    /// The content warning.
    pub summary: String,
    /// Not for every eye.
    pub sensitive: bool,
}

/// A private message to be written.
#[derive(Debug, Clone)]
pub struct NewDirect {
    /// What it says.
    pub words: DirectWords,
    /// The message it answers; without one the text names to whom it goes.
    pub answers: Option<i64>,
}

/// The room of private messages. Everything is asked for a person and answered only with what is hers.
pub trait Private: Send + Sync + 'static {
    /// Her conversations, the one with the newest message first; paging is by that message.
    fn talks<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, paging: &'a Paging) -> Outcome<'a, Page<Talk>>;

    /// Notes that she has read a conversation.
    fn read<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, talk: i64) -> Outcome<'a, Talk>;

    /// Takes a conversation off her list.
    fn remove<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, talk: i64) -> Outcome<'a, ()>;

    /// One message; `None` when there is none or it is not hers to read.
    fn one<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64) -> Outcome<'a, Option<Direct>>;

    /// All messages of a conversation, the oldest first.
    fn around<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, talk: i64) -> Outcome<'a, Vec<Direct>>;

    /// Writes; gives the id. `once` is claimed in the same transaction.
    fn write<'a>(
        &'a self,
        ctx: &'a Ctx,
        by: &'a Citizen,
        new: NewDirect,
        once: Option<&'a Once>,
    ) -> Outcome<'a, i64>;

    /// Changes one of hers.
    fn edit<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64, words: DirectWords) -> Outcome<'a, ()>;

    /// Takes one of hers back.
    fn delete<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64) -> Outcome<'a, ()>;
}
