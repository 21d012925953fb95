//! Kinds of notices and how people want to be told of them.

use federation::ActorId;
use platform::{Timestamp, id_type};

id_type!(
    /// A notice.
    NoticeId
);

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The town hall published.
    NewPost,
    /// Somebody commented on one's post.
    Comment,
    /// Somebody answered one's comment.
    Reply,
    /// Somebody named one.
    Mention,
    /// Somebody liked one's post or comment.
    Like,
    /// Somebody shared one's post or comment.
    Share,
    /// Somebody follows.
    Follow,
    /// Something new is in the agenda.
    Event,
    /// Time or place of something one comes to changed.
    EventChanged,
    /// Something one comes to is cancelled.
    EventCancelled,
    /// Something one comes to is tomorrow.
    EventTomorrow,
    /// A seat one waited for is free.
    EventSeat,
    /// Who invites answered that one wants to come.
    EventAnswer,
    /// A moderator decided about one's comment or flag.
    Decision,
    /// Something waits on the moderation desk.
    Moderation,
    /// A new topic in a group one is in.
    GroupTopic,
    /// Something was said in a group of which one wants to hear everything.
    GroupComment,
    /// Somebody asks to be let into a group one keeps.
    GroupRequest,
    /// One's place in a group changed: invited, let in, asked to keep order.
    GroupPlace,
    /// The town hall opened a poll or asks everybody.
    PollOpened,
    /// A poll is counted.
    PollClosed,
    /// There is a private message.
    Message,
    /// The delay of a formal request ends.
    RequestDue,
}

impl Kind {
    /// All of them, in the order of the preferences.
    pub const ALL: [Self; 23] = [
        Self::Message,
        Self::RequestDue,
        Self::NewPost,
        Self::PollOpened,
        Self::PollClosed,
        Self::Reply,
        Self::Mention,
        Self::Comment,
        Self::Like,
        Self::Share,
        Self::Follow,
        Self::Event,
        Self::EventChanged,
        Self::EventCancelled,
        Self::EventTomorrow,
        Self::EventSeat,
        Self::EventAnswer,
        Self::Decision,
        Self::Moderation,
        Self::GroupTopic,
        Self::GroupComment,
        Self::GroupRequest,
        Self::GroupPlace,
    ];

    /// In the database and in words' keys (`notifications-kind-…`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::NewPost => "new-post",
            Self::Comment => "comment",
            Self::Reply => "reply",
            Self::Mention => "mention",
            Self::Like => "like",
            Self::Share => "share",
            Self::Follow => "follow",
            Self::Event => "event",
            Self::EventChanged => "event-changed",
            Self::EventCancelled => "event-cancelled",
            Self::EventTomorrow => "event-tomorrow",
            Self::EventSeat => "event-seat",
            Self::EventAnswer => "event-answer",
            Self::Decision => "decision",
            Self::Moderation => "moderation",
            Self::GroupTopic => "group-topic",
            Self::GroupComment => "group-comment",
            Self::GroupRequest => "group-request",
            Self::GroupPlace => "group-place",
            Self::PollOpened => "poll-opened",
            Self::PollClosed => "poll-closed",
            Self::Message => "message",
            Self::RequestDue => "request-due",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The type in Mastodon's API; `None`: it has no such thing.
    pub const fn mastodon(self) -> Option<&'static str> {
        match self {
            Self::NewPost | Self::Event | Self::GroupTopic | Self::GroupComment | Self::PollOpened => {
                Some("status")
            }
            Self::PollClosed => Some("poll"),
            Self::EventChanged | Self::EventCancelled => Some("update"),
            Self::Comment | Self::Reply | Self::Mention => Some("mention"),
            Self::Like => Some("favourite"),
            Self::Share => Some("reblog"),
            Self::Follow => Some("follow"),
            Self::EventTomorrow
            | Self::EventSeat
            | Self::EventAnswer
            | Self::Decision
            | Self::Moderation
            | Self::GroupRequest
            | Self::GroupPlace
            | Self::Message
            | Self::RequestDue => None,
        }
    }

    /// How people are told by mail unless they say otherwise.
    pub const fn usual(self) -> MailPace {
        match self {
            Self::EventChanged
            | Self::EventCancelled
            | Self::EventTomorrow
            | Self::EventSeat
            | Self::EventAnswer => MailPace::Now,
            Self::Event => MailPace::Daily,
            Self::Decision | Self::Moderation | Self::Message | Self::RequestDue => MailPace::Now,
            Self::GroupTopic | Self::GroupComment | Self::GroupRequest | Self::GroupPlace => MailPace::Daily,
            Self::NewPost | Self::Reply | Self::Mention => MailPace::Daily,
            Self::PollOpened | Self::PollClosed => MailPace::Daily,
            Self::Comment => MailPace::Daily,
            Self::Like | Self::Share | Self::Follow => MailPace::Never,
        }
    }
}

platform::coded!(Kind);

/// How soon a mail tells of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailPace {
    /// At once.
    Now,
    /// Once a day, together.
    Daily,
    /// Once a week, together.
    Weekly,
    /// On the site only.
    Never,
}

impl MailPace {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Now, Self::Daily, Self::Weekly, Self::Never];

    /// In the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Never => "never",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pace| pace.code() == code)
    }
}

platform::coded!(MailPace);

/// Something to be told.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What happened.
    pub kind: Kind,
    /// Who did it; told to nobody who did it himself.
    pub from: Option<ActorId>,
    /// Kind of the thing it is about (`posts`, `comments`, `actors`).
    pub target_kind: &'static str,
    /// Its id.
    pub target_id: i64,
    /// The path of its page.
    pub page: String,
    /// A few words of it; never of something private.
    pub excerpt: String,
}

/// A notice as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Told {
    /// Row id.
    pub id: NoticeId,
    /// Whom it is for.
    pub actor_id: ActorId,
    /// What happened.
    pub kind: Kind,
    /// Who did it.
    pub from_id: Option<ActorId>,
    /// Kind of the thing it is about.
    pub target_kind: String,
    /// Its id.
    pub target_id: i64,
    /// The path of its page.
    pub page: String,
    /// A few words of it.
    pub excerpt: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}
