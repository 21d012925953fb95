//! Who an activity is for: what stands in `to` and `cc`, and whose inboxes it goes to.

use crate::{Actor, ActorId, PUBLIC};

/// Who may read something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Everybody, and listed.
    Public,
    /// Everybody who has the address; not in public lists.
    Unlisted,
    /// The followers of its author.
    Followers,
    /// Those it names.
    Direct,
    /// Accounts of this commune on this server; never leaves.
    Residents,
}

impl Visibility {
    /// In the database, and in Mastodon's API except for `residents`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Followers => "private",
            Self::Direct => "direct",
            Self::Residents => "residents",
        }
    }

    /// From the database or the API.
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::Public,
            Self::Unlisted,
            Self::Followers,
            Self::Direct,
            Self::Residents,
        ]
        .into_iter()
        .find(|visibility| visibility.code() == code)
    }

    /// Whether anybody at all may read it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Public | Self::Unlisted)
    }

    /// Reads `to` and `cc` of a received object (INTEROP 4.1): in Mastodon's order.
    pub fn of_addresses(to: &[&str], cc: &[&str], author_followers: Option<&str>) -> Self {
        let public = |list: &[&str]| list.iter().any(|address| crate::is_public(address));
        if public(to) {
            Self::Public
        } else if public(cc) {
            Self::Unlisted
        } else if to
            .iter()
            .chain(cc)
            .any(|address| author_followers == Some(*address))
        {
            Self::Followers
        } else {
            Self::Direct
        }
    }
}

platform::coded!(Visibility);

/// To whom an activity is addressed and delivered.
#[derive(Debug, Clone, Default)]
pub struct Audience {
    /// `to` on the wire.
    pub to: Vec<String>,
    /// `cc` on the wire.
    pub cc: Vec<String>,
    /// Deliver to the followers of these actors (usually the author; shared inboxes are used when open).
    pub followers_of: Vec<ActorId>,
    /// Deliver to these actors besides (mentioned, replied to).
    pub actors: Vec<ActorId>,
    /// Deliver to these inboxes besides, of which no actor is known (a relay before it has answered).
    pub inboxes: Vec<String>,
    /// Everybody may read it: shared inboxes and relays may be used, it stands in the outbox.
    pub open: bool,
}

impl Audience {
    /// What `author` says with this visibility, naming `mentioned`.
    pub fn of(author: &Actor, visibility: Visibility, mentioned: &[Actor]) -> Self {
        let followers = author.followers_uri();
        let named = || mentioned.iter().map(|actor| actor.uri.clone());
        let (to, cc) = match visibility {
            Visibility::Public => (
                vec![PUBLIC.to_owned()],
                std::iter::once(followers).chain(named()).collect(),
            ),
            Visibility::Unlisted => (
                vec![followers],
                std::iter::once(PUBLIC.to_owned()).chain(named()).collect(),
            ),
            Visibility::Followers => (vec![followers], named().collect()),
            Visibility::Direct => (named().collect(), Vec::new()),
            Visibility::Residents => (Vec::new(), Vec::new()),
        };
        let to_followers = !matches!(visibility, Visibility::Direct | Visibility::Residents);
        Self {
            to,
            cc,
            followers_of: if to_followers { vec![author.id] } else { Vec::new() },
            actors: if visibility == Visibility::Residents {
                Vec::new()
            } else {
                mentioned
                    .iter()
                    .filter(|actor| !actor.local)
                    .map(|actor| actor.id)
                    .collect()
            },
            inboxes: Vec::new(),
            open: visibility.is_open(),
        }
    }

    /// Only these actors, at their own inboxes.
    pub fn only(actors: &[&Actor]) -> Self {
        Self {
            to: actors.iter().map(|actor| actor.uri.clone()).collect(),
            actors: actors
                .iter()
                .filter(|actor| !actor.local)
                .map(|actor| actor.id)
                .collect(),
            ..Self::default()
        }
    }
}
