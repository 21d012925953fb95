//! Paging by id, newest first, as Mastodon's `max_id`, `since_id` and `min_id` say it.

use serde::Deserialize;

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Paging {
    /// Only older than this id.
    pub max_id: Option<i64>,
    /// Only newer than this id, the newest first.
    pub since_id: Option<i64>,
    /// Only newer than this id, the oldest of them (shown newest first all the same).
    pub min_id: Option<i64>,
    /// How many at most.
    pub limit: i64,
}

impl Paging {
    /// The first page.
    pub const fn first(limit: i64) -> Self {
        Self {
            max_id: None,
            since_id: None,
            min_id: None,
            limit,
        }
    }

    /// The page after `max_id`.
    pub const fn before(max_id: Option<i64>, limit: i64) -> Self {
        Self {
            max_id,
            since_id: None,
            min_id: None,
            limit,
        }
    }

    /// The upper bound for SQL `id < $n`.
    pub fn below(&self) -> i64 {
        self.max_id.unwrap_or(i64::MAX)
    }

    /// The lower bound for SQL `id > $n`.
    pub fn above(&self) -> i64 {
        self.min_id.or(self.since_id).unwrap_or(0)
    }

    /// Whether SQL must sort `id ASC` (then [`Page::new`] turns the rows round).
    pub const fn is_ascending(&self) -> bool {
        self.min_id.is_some()
    }

    /// One more than asked for, to know whether there is a next page.
    pub const fn limit_and_one(&self) -> i64 {
        self.limit + 1
    }
}

/// A part of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Whether there are more in the direction asked for.
    pub has_more: bool,
}

impl<T> Page<T> {
    /// From up to `limit + 1` rows as SQL gave them.
    pub fn new(mut items: Vec<T>, paging: &Paging) -> Self {
        let limit = usize::try_from(paging.limit).unwrap_or(0);
        let has_more = items.len() > limit;
        items.truncate(limit);
        if paging.is_ascending() {
            items.reverse();
        }
        Self { items, has_more }
    }

    /// The same page of other things.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            has_more: self.has_more,
        }
    }
}
