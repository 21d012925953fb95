//! The SQL of this room: `groups_group`, `groups_place`, `groups_topic`, `groups_revision`.

pub(crate) mod groups;
pub(crate) mod places;
pub(crate) mod topics;

/// `1, 2, 3` for `IN (…)`, bound.
macro_rules! push_list {
    ($query:expr, $items:expr) => {{
        let mut list = $query.separated(", ");
        for item in $items {
            list.push_bind(*item);
        }
    }};
}
pub(crate) use push_list;
