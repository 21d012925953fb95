//! The rooms whose things read as statuses. Comments and shares are read by this room itself.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use account::Citizen;
use discussion::{Participant, Subject, Subjects, Target, Thing};
use federation::{Actor, ActorId, Ctx, Visibility};
use platform::store::{Page, Paging};
use platform::web::Failure;
use platform::{StoreError, Timestamp};
use serde_json::Value;

use crate::once::Once;

/// What a source answers, some time.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;
/// What came of a deed: the failure is said to the program as it is.
pub type Outcome<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// A photo, film, sound or document of a status.
#[derive(Debug, Clone, PartialEq)]
pub struct Attached {
    /// Its id: the upload's, or one made up for another server's.
    pub id: String,
    /// `image`, `document`, `video` or `audio`.
    pub kind: String,
    /// Its absolute address.
    pub url: String,
    /// The absolute address of its small form.
    pub preview: Option<String>,
    /// Its address on its own server.
    pub remote_url: Option<String>,
    /// What it shows.
    pub alt: String,
    /// A blurred preview.
    pub blurhash: Option<String>,
    /// Pixels.
    pub size: Option<(i64, i64)>,
    /// The point that must stay visible.
    pub focus: (f64, f64),
}

/// What the first link of a status leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The link.
    pub url: String,
    /// The title of the page.
    pub title: String,
    /// A sentence about it.
    pub description: String,
    /// The site.
    pub site: String,
}

/// A thing as a status, before anybody's figures.
#[derive(Debug, Clone)]
pub struct Record {
    /// As the rest of the product sees it.
    pub subject: Subject,
    /// The absolute address of its page.
    pub url: String,
    /// When it was published.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub edited_at: Option<Timestamp>,
    /// When it will be published, while it is not.
    pub scheduled_at: Option<Timestamp>,
    /// The whole text as shown, title included.
    pub html: String,
    /// As typed; ours only.
    pub text: Option<String>,
    /// The content warning.
    pub summary: String,
    /// Whether pictures are covered.
    pub sensitive: bool,
    /// BCP 47; `None` when nobody said.
    pub language: Option<String>,
    /// Photos and documents, in order.
    pub attached: Vec<Attached>,
    /// Hashtags: folded, and as typed.
    pub tags: Vec<(String, String)>,
    /// What its first link leads to.
    pub card: Option<Card>,
    /// Whether it stands at the top of its author's page.
    pub pinned: bool,
}

impl Record {
    /// Its id.
    pub const fn id(&self) -> i64 {
        self.subject.target.id
    }

    /// As likes, shares and flags want it.
    pub fn thing(&self) -> Thing {
        Thing::Subject(self.subject.clone())
    }
}

/// What it said before an edit.
#[derive(Debug, Clone)]
pub struct Version {
    /// The whole text as shown.
    pub html: String,
    /// The content warning.
    pub summary: String,
    /// When it was written.
    pub written_at: Timestamp,
}

/// Which list is wanted.
#[derive(Debug, Clone, Copy)]
pub enum List<'a> {
    /// What an actor published.
    OfActor {
        /// Whose.
        actor: ActorId,
        /// For whom.
        reader: Option<&'a Participant>,
        /// With photos only.
        only_media: bool,
    },
    /// What an actor pinned.
    Pinned {
        /// Whose.
        actor: ActorId,
    },
    /// What those whom she follows published, and she herself.
    Home {
        /// For whom.
        reader: &'a Participant,
    },
    /// Everything public.
    Public(Filter),
    /// Everything public under a hashtag (folded).
    Tag(&'a str, Filter),
}

/// Which part of what is public is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this server only.
    pub local: bool,
    /// Of other servers only.
    pub remote: bool,
    /// With photos only.
    pub only_media: bool,
}

/// The poll of a status, as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// Its id.
    pub id: i64,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Whether it is over.
    pub expired: bool,
    /// Several choices may be made.
    pub multiple: bool,
    /// All votes that may be told.
    pub votes: i64,
    /// Everybody who voted and may be told.
    pub voters: Option<i64>,
    /// Choices with their votes; `None` while they are hidden.
    pub options: Vec<(String, Option<i64>)>,
    /// What the reader chose; `None` for nobody.
    pub own: Option<Vec<usize>>,
}

/// A poll to be published with a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPoll {
    /// The choices.
    pub options: Vec<String>,
    /// How long it runs.
    pub runs: std::time::Duration,
    /// Several choices may be made.
    pub multiple: bool,
}

/// The room that knows the polls of statuses, whoever published them.
pub trait Ballots: Send + Sync + 'static {
    /// The polls of these things, as this reader sees them.
    fn of<'a>(
        &'a self,
        ctx: &'a Ctx,
        subjects: &'a [&'a Subject],
        reader: Option<&'a Participant>,
    ) -> Answer<'a, Vec<(Target, Poll)>>;

    /// The address of the thing a poll belongs to.
    fn thing_of<'a>(&'a self, ctx: &'a Ctx, poll: i64) -> Answer<'a, Option<String>>;

    /// Votes, once.
    fn vote<'a>(&'a self, ctx: &'a Ctx, by: &'a Participant, poll: i64, choices: &'a [u8])
    -> Outcome<'a, ()>;
}

/// A status to be published.
#[derive(Debug, Clone)]
pub struct NewStatus {
    /// As typed.
    pub text: String,
    /// The content warning.
    pub summary: String,
    /// Cover the pictures.
    pub sensitive: bool,
    /// BCP 47.
    pub language: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// Uploads, in order.
    pub media: Vec<i64>,
    /// When; at once if `None`.
    pub at: Option<Timestamp>,
    /// What is asked with it; only a source that takes polls is given one.
    pub poll: Option<NewPoll>,
    /// Its author knows that it stays on this server, whatever is usual.
    pub local_only: bool,
}

/// New words for a status; `None` leaves a part as it is.
#[derive(Debug, Clone, Default)]
pub struct StatusEdit {
    /// As typed.
    pub text: Option<String>,
    /// The content warning.
    pub summary: Option<String>,
    /// Cover the pictures.
    pub sensitive: Option<bool>,
    /// BCP 47.
    pub language: Option<String>,
    /// Uploads, in order.
    pub media: Option<Vec<i64>>,
    /// New descriptions: upload and text.
    pub alts: Vec<(i64, String)>,
}

/// What an actor published, in figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// How many.
    pub count: i64,
    /// When the last.
    pub last_at: Option<Timestamp>,
}

/// A room whose things read as statuses (`posts`).
pub trait Source: Send + Sync + 'static {
    /// The kind of its things, as in their addresses.
    fn kind(&self) -> &'static str;

    /// Whether a status with a poll goes here.
    fn takes_polls(&self) -> bool {
        false
    }

    /// Those of these that exist and were not deleted, whoever may read them.
    fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Record>>;

    /// One that its author alone reads through programs: it waits for a moderator, or was hidden by one.
    fn waiting<'a>(&'a self, _ctx: &'a Ctx, _author: ActorId, _id: i64) -> Answer<'a, Option<Record>> {
        Box::pin(async { Ok(None) })
    }

    /// A list, newest first, of what its reader may read.
    fn list<'a>(&'a self, ctx: &'a Ctx, list: List<'a>, paging: &'a Paging) -> Answer<'a, Page<Record>>;

    /// What an actor published, in figures.
    fn figures<'a>(&'a self, ctx: &'a Ctx, actor: ActorId) -> Answer<'a, Figures>;

    /// Hashtags in use that begin so (folded), as typed; the most used first.
    fn tags<'a>(&'a self, _ctx: &'a Ctx, _beginning: &'a str, _limit: i64) -> Answer<'a, Vec<String>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Whom those of other servers among these name: thing and ActivityPub id of the actor. Whom ours name is
    /// read from what was typed.
    fn named<'a>(&'a self, _ctx: &'a Ctx, _ids: &'a [i64]) -> Answer<'a, Vec<(i64, String)>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// What one said before its edits, oldest first.
    fn versions<'a>(&'a self, _ctx: &'a Ctx, _id: i64) -> Answer<'a, Vec<Version>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// The id of the thing with this page on this server.
    fn id_of_page(&self, path: &str) -> Option<i64>;

    /// Keeps something that was read from its origin, so that it can be shown; `None` when it is nothing of
    /// this kind.
    fn take_in<'a>(&'a self, _ctx: &'a Ctx, _object: &'a Value) -> Outcome<'a, Option<i64>> {
        Box::pin(async { Ok(None) })
    }

    /// Publishes or schedules; gives the id. `once` is claimed in the same transaction.
    fn publish<'a>(
        &'a self,
        ctx: &'a Ctx,
        by: &'a Citizen,
        new: NewStatus,
        once: Option<&'a Once>,
    ) -> Outcome<'a, i64>;

    /// Publishes what is addressed to an actor of this room, if it is (a text that begins with the name of a
    /// group); gives the id. `once` is claimed in the same transaction.
    fn publish_addressed<'a>(
        &'a self,
        _ctx: &'a Ctx,
        _by: &'a Citizen,
        _new: &'a NewStatus,
        _once: Option<&'a Once>,
    ) -> Outcome<'a, Option<i64>> {
        Box::pin(async { Ok(None) })
    }

    /// Follows an actor of this room, or no longer, as the room has it; `false`: it is none of its actors.
    fn follow<'a>(
        &'a self,
        _ctx: &'a Ctx,
        _me: &'a Participant,
        _actor: &'a Actor,
        _follows: bool,
    ) -> Outcome<'a, bool> {
        Box::pin(async { Ok(false) })
    }

    /// Changes one of hers.
    fn edit<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64, edit: StatusEdit) -> Outcome<'a, ()>;

    /// Deletes one of hers.
    fn delete<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64) -> Outcome<'a, ()>;

    /// Puts one of hers at the top, or takes it down.
    fn pin<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64, pinned: bool) -> Outcome<'a, ()>;

    /// What she has scheduled, the next first.
    fn scheduled<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen) -> Outcome<'a, Vec<Record>>;

    /// Chooses another moment for something scheduled.
    fn reschedule<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64, at: Timestamp) -> Outcome<'a, ()>;
}

/// What the API reads and writes, put together by `app.rs`. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    sources: Arc<Vec<Box<dyn Source>>>,
    /// The room of private messages.
    pub(crate) private: Option<Arc<dyn crate::private::Private>>,
    /// The owners of what is discussed.
    pub(crate) subjects: Subjects,
    /// Who knows the polls of statuses.
    pub(crate) ballots: Option<Arc<dyn Ballots>>,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.sources.iter().map(|source| source.kind()))
            .finish()
    }
}

impl Api {
    /// The first source is where a status goes that answers nothing.
    pub fn new(sources: Vec<Box<dyn Source>>, subjects: Subjects) -> Self {
        Self {
            sources: Arc::new(sources),
            private: None,
            subjects,
            ballots: None,
        }
    }

    /// With the room that knows the polls of statuses.
    pub fn with_ballots(mut self, ballots: Box<dyn Ballots>) -> Self {
        self.ballots = Some(ballots.into());
        self
    }

    /// With the room of private messages.
    pub fn with_private(mut self, private: impl crate::private::Private) -> Self {
        self.private = Some(Arc::new(private));
        self
    }

    /// All sources.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &dyn Source> {
        self.sources.iter().map(AsRef::as_ref)
    }

    /// The source of a kind.
    pub(crate) fn source(&self, kind: &str) -> Option<&dyn Source> {
        self.sources().find(|source| source.kind() == kind)
    }

    /// Where a status with a poll goes.
    pub(crate) fn of_polls(&self) -> Option<&dyn Source> {
        self.sources().find(|source| source.takes_polls())
    }

    /// Where a status goes that answers nothing.
    pub(crate) fn first(&self) -> Option<&dyn Source> {
        self.sources().next()
    }
}
