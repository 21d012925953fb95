//! Groups and their topics: the rules.

mod code;
mod new;
mod refusal;
mod row;
mod standing;

use platform::id_type;

pub use code::{Opening, Pace, Scope, TopicState};
pub use new::{HANDLE, NewGroup, NewTopic, handle_of, state_of_new};
pub use refusal::GroupRefusal;
pub use row::{Group, Place, Topic};
pub use standing::{Standing, may_read};

id_type!(
    /// A group: the row of its actor.
    GroupId
);

id_type!(
    /// A topic.
    TopicId
);

id_type!(
    /// Somebody's place in a group.
    PlaceId
);

/// The longest name of a group, in characters.
pub const LONGEST_NAME: usize = 80;
/// The longest description, in characters.
pub const LONGEST_ABOUT: usize = 1000;
/// The longest rules, in characters.
pub const LONGEST_RULES: usize = 3000;
/// The longest title of a topic, in characters.
pub const LONGEST_TITLE: usize = 150;
/// The longest text of a topic, in characters.
pub const LONGEST_TEXT: usize = 10_000;
/// Characters of the words set before a topic.
pub const LONGEST_WARNING: usize = 200;
/// Topics that stand at the top of a group at once.
pub const MOST_PINNED: usize = 5;
