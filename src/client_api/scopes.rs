//! What a program may do: Mastodon's scopes, coarse (`write`) and fine (`write:statuses`).

use std::collections::BTreeSet;
use std::fmt;

/// Every scope that may be asked for.
pub(crate) const KNOWN: [&str; 30] = [
    "read",
    "read:accounts",
    "read:blocks",
    "read:bookmarks",
    "read:conversations",
    "read:favourites",
    "read:filters",
    "read:follows",
    "read:lists",
    "read:mutes",
    "read:notifications",
    "read:search",
    "read:statuses",
    "write",
    "write:accounts",
    "write:blocks",
    "write:bookmarks",
    "write:conversations",
    "write:favourites",
    "write:filters",
    "write:follows",
    "write:lists",
    "write:media",
    "write:mutes",
    "write:notifications",
    "write:reports",
    "write:statuses",
    "follow",
    "push",
    "profile",
];

/// A set of scopes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(BTreeSet<String>);

impl Scopes {
    /// Reads a list parted by white space; an empty one means `read`, as Mastodon has it.
    ///
    /// # Errors
    /// The first unknown scope.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut set = BTreeSet::new();
        for scope in text.split([' ', '+', ',']).filter(|scope| !scope.is_empty()) {
            if !KNOWN.contains(&scope) {
                return Err(scope.chars().take(60).collect());
            }
            set.insert(scope.to_owned());
        }
        if set.is_empty() {
            set.insert("read".to_owned());
        }
        Ok(Self(set))
    }

    /// Everything a person may do.
    pub fn whole() -> Self {
        Self(
            ["read", "write", "follow", "push"]
                .into_iter()
                .map(ToOwned::to_owned)
                .collect(),
        )
    }

    /// Whether this scope is covered: itself, or the coarse one above it.
    pub fn allow(&self, wanted: &str) -> bool {
        let coarse = wanted.split(':').next().unwrap_or(wanted);
        let by_follow = matches!(
            wanted,
            "read:follows" | "write:follows" | "read:blocks" | "write:blocks" | "read:mutes" | "write:mutes"
        ) && self.0.contains("follow");
        let by_profile = wanted == "read:accounts:own" && self.0.contains("profile");
        self.0.contains(wanted) || self.0.contains(coarse) || by_follow || by_profile
    }

    /// Whether all of these are covered by the other set.
    pub fn within(&self, other: &Self) -> bool {
        self.0.iter().all(|scope| other.allow(scope))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<&str> = self.0.iter().map(String::as_str).collect();
        f.write_str(&all.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coarse_scope_covers_the_fine_ones_and_not_the_reverse() {
        let read = Scopes::parse("read").unwrap();
        assert!(read.allow("read:statuses") && !read.allow("write:statuses"));
        let fine = Scopes::parse("write:statuses read:accounts").unwrap();
        assert!(fine.allow("write:statuses") && !fine.allow("write") && !fine.allow("read:statuses"));
        assert!(fine.within(&Scopes::parse("read write").unwrap()));
        assert!(!Scopes::parse("read write").unwrap().within(&fine));
        assert!(Scopes::parse("follow").unwrap().allow("write:follows"));
    }

    #[test]
    fn an_unknown_scope_is_named() {
        assert_eq!(Scopes::parse("read admin:write"), Err("admin:write".to_owned()));
        assert_eq!(Scopes::parse("").unwrap().to_string(), "read");
    }
}
