//! Who acts: our own actors and those of other servers, in one table.

use platform::{Timestamp, id_type};
use serde::{Deserialize, Serialize};

use crate::Ctx;

id_type!(
    /// An actor, ours or another server's.
    ActorId
);

/// The ActivityPub type of an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ActorKind {
    /// A mayor's office; a citizen.
    Person,
    /// A commune.
    Organization,
    /// A discussion group.
    Group,
    /// A program.
    Service,
    /// A server.
    Application,
}

impl ActorKind {
    /// The name on the wire and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Organization => "Organization",
            Self::Group => "Group",
            Self::Service => "Service",
            Self::Application => "Application",
        }
    }

    /// From the name on the wire.
    pub fn from_code(name: &str) -> Option<Self> {
        [
            Self::Person,
            Self::Organization,
            Self::Group,
            Self::Service,
            Self::Application,
        ]
        .into_iter()
        .find(|kind| kind.code() == name)
    }
}

platform::coded!(ActorKind);

/// An actor as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Actor {
    /// Row id.
    pub id: ActorId,
    /// ActivityPub id.
    pub uri: String,
    /// One of ours.
    pub local: bool,
    /// ActivityPub type.
    pub kind: ActorKind,
    /// `maire-eze`.
    pub handle: String,
    /// `parvis.example.org`.
    pub host: String,
    /// The name shown; plain text.
    pub name: String,
    /// Sanitised HTML.
    pub summary: String,
    /// The page for people.
    pub url: Option<String>,
    /// Its own inbox.
    pub inbox: String,
    /// The inbox of its server.
    pub shared_inbox: Option<String>,
    /// Its collections.
    pub outbox: Option<String>,
    /// Who follows it.
    pub followers: Option<String>,
    /// Whom it follows.
    pub following: Option<String>,
    /// What it pinned.
    pub featured: Option<String>,
    /// Its picture.
    pub icon_url: Option<String>,
    /// The picture behind its header.
    pub image_url: Option<String>,
    /// `[[name, value], …]`.
    pub fields_json: String,
    /// `alsoKnownAs`.
    pub aliases_json: String,
    /// Where it moved to.
    pub moved_to: Option<String>,
    /// Whether other servers may know of it (always true for remote ones).
    pub federated: bool,
    /// Whether it may be suggested and indexed.
    pub discoverable: bool,
    /// Whether a Follow waits for an answer.
    pub locked: bool,
    /// Shut out by a moderator.
    pub suspended: bool,
    /// Since when we know it.
    pub created_at: Timestamp,
    /// When its profile changed last.
    pub updated_at: Timestamp,
    /// When it was last read from its origin; ours: never.
    pub fetched_at: Option<Timestamp>,
    /// Gone for good.
    pub deleted_at: Option<Timestamp>,
    /// Not federated, and yet it speaks: to those it has let in, who alone find it (a members' group).
    pub veiled: bool,
}

impl Actor {
    /// `@maire-eze@parvis.example.org`.
    pub fn full_handle(&self) -> String {
        format!("@{}@{}", self.handle, self.host)
    }

    /// `acct` of Mastodon's API: the handle, with the host when it is not ours.
    pub fn acct(&self) -> String {
        if self.local {
            self.handle.clone()
        } else {
            format!("{}@{}", self.handle, self.host)
        }
    }

    /// The name shown, or the handle when there is none.
    pub fn display_name(&self) -> &str {
        if self.name.is_empty() {
            &self.handle
        } else {
            &self.name
        }
    }

    /// Where it is shown to people: its page.
    pub fn page(&self) -> &str {
        self.url.as_deref().unwrap_or(&self.uri)
    }

    /// Its page, when anybody may open it: that of a citizen of ours is hers to open.
    pub fn open_page(&self) -> Option<&str> {
        (!self.local || self.is_visible()).then(|| self.page())
    }

    /// The address of its followers collection, as it stands in `to` and `cc`.
    pub fn followers_uri(&self) -> String {
        self.followers
            .clone()
            .unwrap_or_else(|| format!("{}/followers", self.uri))
    }

    /// Where public things for it are delivered: the shared inbox if it has one.
    pub fn public_inbox(&self) -> &str {
        self.shared_inbox.as_deref().unwrap_or(&self.inbox)
    }

    /// Whether other servers may see it now.
    pub const fn is_visible(&self) -> bool {
        self.federated && self.deleted_at.is_none() && !self.suspended
    }

    /// Whether it speaks behind a veil: to those it has let in, and to nobody else.
    pub const fn is_veiled(&self) -> bool {
        self.local && self.veiled && !self.federated && self.deleted_at.is_none() && !self.suspended
    }

    /// The key id under which it signs requests (RSA).
    pub fn key_id(&self) -> String {
        format!("{}#main-key", self.uri)
    }

    /// The key id of its object proofs (Ed25519).
    pub fn proof_key_id(&self) -> String {
        format!("{}#ed25519-key", self.uri)
    }
}

/// A local actor to be made.
#[derive(Debug, Clone)]
pub struct NewLocalActor {
    /// ActivityPub type.
    pub kind: ActorKind,
    /// Unique on this server, `[a-z0-9_-]`, at most 64; the caller has checked it against reserved names.
    pub handle: String,
    /// The name shown.
    pub name: String,
    /// HTML of its description.
    pub summary: String,
    /// Its page for people, a path of ours (`/eze-06`); without one `/@handle`.
    pub page: Option<String>,
    /// Whether other servers may know of it from the start (then it has keys).
    pub federated: bool,
    /// Whether it may be suggested and indexed.
    pub discoverable: bool,
}

/// The address of a local actor.
pub fn local_uri(ctx: &platform::Ctx, id: ActorId) -> String {
    ctx.urls.to(&format!("/ap/actors/{id}"))
}

/// The address of this server's own actor, which signs what no person sends.
pub fn instance_uri(ctx: &Ctx) -> String {
    ctx.urls.to("/ap/instance")
}
