//! How somebody stands to a group, and what she may read.

use discussion::{Circle, Participant};

use super::{Group, Pace, Scope};

/// How somebody stands to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Accepted.
    pub member: bool,
    /// Waits for an answer.
    pub asked: bool,
    /// Is awaited.
    pub invited: bool,
    /// Keeps order.
    pub moderates: bool,
    /// Was put out.
    pub out: bool,
    /// What she wants to hear of.
    pub pace: Option<Pace>,
}

/// Whether somebody may know of a group at all, and read it.
pub fn may_read(group: &Group, circle: &Circle, who: Option<&Participant>, standing: Standing) -> bool {
    match (group.scope, who) {
        (Scope::Public, _) => true,
        (_, None) => false,
        _ if standing.out => false,
        (_, Some(who)) if circle.is_moderated_by(who) => true,
        (Scope::Members, Some(_)) => standing.member,
        (Scope::Residents, Some(who)) => who.resides_in(Some(group.commune.as_str())),
    }
}
