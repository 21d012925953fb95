//! Who takes part: the actor that is seen to act, and what the person behind it may do besides.

use federation::Actor;

/// Where somebody moderates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Moderates {
    /// Nowhere.
    #[default]
    Nowhere,
    /// In these communes (INSEE codes).
    In(Vec<String>),
    /// Everywhere on this server.
    Everywhere,
}

/// Somebody who reads or writes, here or on another server.
#[derive(Debug, Clone, PartialEq)]
pub struct Participant {
    /// Who is seen to act: a citizen, an office, somebody of another server.
    pub actor: Actor,
    /// The commune of which she is a resident or which the office is of; none for other servers' people.
    pub commune: Option<String>,
    /// Where she moderates.
    pub moderates: Moderates,
    /// Whether she acts for the office as a delegate.
    pub delegated: bool,
}

impl Participant {
    /// Somebody of another server.
    pub const fn guest(actor: Actor) -> Self {
        Self {
            actor,
            commune: None,
            moderates: Moderates::Nowhere,
            delegated: false,
        }
    }

    /// Somebody of this server.
    pub fn of_commune(actor: Actor, commune: impl Into<String>) -> Self {
        Self {
            actor,
            commune: Some(commune.into()),
            moderates: Moderates::Nowhere,
            delegated: false,
        }
    }

    /// With the moderation of some communes.
    pub fn moderating(mut self, moderates: Moderates) -> Self {
        self.moderates = moderates;
        self
    }

    /// Whether she moderates in this commune; what stands under none is the operator's.
    pub fn may_moderate(&self, commune: Option<&str>) -> bool {
        match &self.moderates {
            Moderates::Nowhere => false,
            Moderates::Everywhere => true,
            Moderates::In(communes) => communes.iter().any(|one| Some(one.as_str()) == commune),
        }
    }

    /// Whether she belongs to this commune on this server.
    pub fn resides_in(&self, commune: Option<&str>) -> bool {
        self.actor.local && commune.is_some() && self.commune.as_deref() == commune
    }
}
