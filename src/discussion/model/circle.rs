//! A circle of people who talk among themselves: a discussion group, as far as what is said in it is concerned.

use std::sync::Arc;

use federation::ActorId;

use super::{Participant, Subject};

/// What a circle's desk is called where a commune's is called by its code.
const KEY: &str = "groups/";

/// A circle, as its owner describes it. Its members are the accepted followers of its actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circle {
    /// Its actor.
    pub group: ActorId,
    /// The address of its actor.
    pub uri: String,
    /// The address of its members, as it stands in `to` and `cc`.
    pub followers: String,
    /// Its name.
    pub name: String,
    /// The path of its page.
    pub page: String,
    /// The commune it belongs to (INSEE code).
    pub commune: String,
    /// Whether what is said in it is for some people only.
    pub private: bool,
    /// Whether everybody of the commune reads it, member or not; only of a private one.
    pub residents: bool,
    /// Nothing is said in it any more.
    pub closed: bool,
    /// Who keeps order in it: those chosen, and those of the town hall who may.
    pub moderators: Vec<ActorId>,
    /// Who was put out of it.
    pub put_out: Vec<ActorId>,
}

impl Circle {
    /// The name of its desk.
    pub fn key(&self) -> String {
        format!("{KEY}{}", self.group)
    }

    /// The circle whose desk has this name.
    pub fn of_key(key: &str) -> Option<ActorId> {
        key.strip_prefix(KEY)?.parse().ok().map(ActorId)
    }

    /// Whether this person keeps order in it. What is private is not the commune's moderators' business.
    pub fn is_moderated_by(&self, by: &Participant) -> bool {
        self.moderators.contains(&by.actor.id)
            || (!self.private && by.may_moderate(Some(self.commune.as_str())))
    }

    /// Whether this actor was put out.
    pub fn has_put_out(&self, actor: ActorId) -> bool {
        self.put_out.contains(&actor)
    }
}

/// Under whose moderation something stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Under {
    /// Nobody's but the operator's.
    Operator,
    /// A commune's (INSEE code).
    Commune(String),
    /// A circle's.
    Circle(Arc<Circle>),
}

impl Under {
    /// As it stands with flags, decisions and comments; none for the operator.
    pub fn key(&self) -> Option<String> {
        match self {
            Self::Operator => None,
            Self::Commune(code) => Some(code.clone()),
            Self::Circle(circle) => Some(circle.key()),
        }
    }

    /// Whether this person moderates there.
    pub fn is_moderated_by(&self, by: &Participant) -> bool {
        match self {
            Self::Operator => by.may_moderate(None),
            Self::Commune(code) => by.may_moderate(Some(code)),
            Self::Circle(circle) => circle.is_moderated_by(by),
        }
    }
}

impl Subject {
    /// Under whose moderation it stands.
    pub fn under(&self) -> Under {
        match (&self.circle, &self.commune) {
            (Some(circle), _) => Under::Circle(Arc::clone(circle)),
            (None, Some(commune)) => Under::Commune(commune.clone()),
            (None, None) => Under::Operator,
        }
    }

    /// Whether this person moderates what is said about it.
    pub fn is_moderated_by(&self, by: &Participant) -> bool {
        match (&self.circle, &self.commune) {
            (Some(circle), _) => circle.is_moderated_by(by),
            (None, commune) => by.may_moderate(commune.as_deref()),
        }
    }

    /// The circle in which it is said, if it is for that circle only.
    pub fn private_circle(&self) -> Option<&Arc<Circle>> {
        self.circle.as_ref().filter(|circle| circle.private)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_is_found_again_by_its_name() {
        assert_eq!(Circle::of_key("groups/42"), Some(ActorId(42)));
        for other in ["06059", "groups/", "groups/x", "2A004", ""] {
            assert_eq!(Circle::of_key(other), None, "{other}");
        }
    }
}
