//! The tables `discussion_*`.

pub(crate) mod approvals;
pub(crate) mod attachments;
pub(crate) mod comments;
pub(crate) mod counts;
pub(crate) mod desk;
pub(crate) mod gone;
pub(crate) mod labels;
pub(crate) mod programs;
pub(crate) mod reactions;
pub(crate) mod rules;

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
