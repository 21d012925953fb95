//! Groups, places and topics as they are kept.

use discussion::CommentMode;
use federation::ActorId;
use platform::Timestamp;
use platform::text::{Html, excerpt};

use super::{GroupId, Opening, Pace, PlaceId, Scope, TopicId, TopicState};

/// A group as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Group {
    /// The row of its actor.
    pub id: GroupId,
    /// INSEE code.
    pub commune: String,
    /// Whom it is for.
    pub scope: Scope,
    /// Its name.
    pub name: String,
    /// What is talked about, as typed.
    pub about: String,
    /// As shown.
    pub about_html: String,
    /// What whoever joins agrees to, as typed.
    pub rules: String,
    /// As shown.
    pub rules_html: String,
    /// Whether moderators answer before somebody is in.
    pub approval: bool,
    /// Who opens topics without being read first.
    pub opening: Opening,
    /// Until when something can be said.
    pub closes_at: Option<Timestamp>,
    /// Since when it can only be read.
    pub closed_at: Option<Timestamp>,
    /// The account that opened it for the office.
    pub account_id: i64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub edited_at: Option<Timestamp>,
}

impl Group {
    /// Its actor.
    pub const fn actor(&self) -> ActorId {
        ActorId(self.id.0)
    }

    /// Whether nothing is said in it any more: closed by hand, or its last minute is over.
    pub fn is_closed(&self, now: Timestamp) -> bool {
        self.closed_at.is_some() || self.closes_at.is_some_and(|at| at <= now)
    }
}

/// Somebody's place in a group.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Place {
    /// In which group.
    pub group_id: GroupId,
    /// Whose.
    pub actor_id: ActorId,
    /// Row id.
    pub id: PlaceId,
    /// What she wants to hear of.
    pub pace: Pace,
    /// When she agreed to the rules.
    pub rules_at: Option<Timestamp>,
    /// Whether she keeps order.
    pub moderator: bool,
    /// Whether she is awaited.
    pub invited: bool,
    /// Since when she is put out.
    pub out_at: Option<Timestamp>,
    /// Since when it is known.
    pub created_at: Timestamp,
}

/// A topic as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Topic {
    /// Row id.
    pub id: TopicId,
    /// ActivityPub id.
    pub uri: String,
    /// In which group.
    pub group_id: GroupId,
    /// Who opened it.
    pub actor_id: ActorId,
    /// Written for the office by a delegate.
    pub delegated: bool,
    /// Ours, or another server's.
    pub local: bool,
    /// Its title.
    pub title: String,
    /// As typed; ours only.
    pub source: Option<String>,
    /// Sanitised.
    pub html: String,
    /// A content warning.
    pub summary: String,
    /// BCP 47.
    pub language: String,
    /// Where it stands.
    pub state: TopicState,
    /// Nothing more is answered but by moderators.
    pub locked: bool,
    /// Since when it stands at the top.
    pub pinned_at: Option<Timestamp>,
    /// Its page on its own server.
    pub url: Option<String>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub edited_at: Option<Timestamp>,
    /// When other servers were told of it.
    pub told_at: Option<Timestamp>,
    /// The id of what was said in it last.
    pub last_id: i64,
}

impl Topic {
    /// Its rule for answers.
    pub const fn mode(&self) -> CommentMode {
        if self.locked {
            CommentMode::Off
        } else {
            CommentMode::Open
        }
    }

    /// When it got its present words.
    pub fn written_at(&self) -> Timestamp {
        self.edited_at.unwrap_or(self.created_at)
    }

    /// The beginning of its text; the warning where there is one.
    pub fn excerpt(&self) -> String {
        if self.summary.is_empty() {
            excerpt(&Html::from_store(self.html.clone()), 160)
        } else {
            self.summary.clone()
        }
    }
}
