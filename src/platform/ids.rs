//! Row ids: 64 bits that sort by time and say nothing else.
//!
//! The upper 48 bits are milliseconds since 1970, the lower 16 a sequence that starts at a random point in
//! each millisecond. Written in decimal they have 18 digits until the year 2453, so they sort alike as
//! numbers and as text, which Mastodon's clients expect.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::Timestamp;

static LAST: AtomicI64 = AtomicI64::new(0);

/// A new id, larger than every id this process made before.
pub fn next(now: Timestamp, chance: u16) -> i64 {
    // Only the lower half of the sequence space is a starting point, so a busy millisecond has room.
    let wanted = (now.as_millis() << 16) | i64::from(chance & 0x7fff);
    let mut last = LAST.load(Ordering::Relaxed);
    loop {
        // A test clock may stand in the past of another test's: the sequence then only has to be unique,
        // so ids follow the clock and not the greatest id seen.
        let id = if wanted >> 16 == last >> 16 {
            last + 1
        } else {
            wanted
        };
        match LAST.compare_exchange_weak(last, id, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return id,
            Err(seen) => last = seen,
        }
    }
}

/// The instant an id was made, exact to the millisecond.
pub fn made_at(id: i64) -> Timestamp {
    Timestamp::from_millis(id >> 16)
}

/// Declares a typed id: `id_type!(/// A post. PostId);`
#[macro_export]
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::sqlx::Type,
        )]
        #[sqlx(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// A fresh id.
            pub fn new(ctx: &$crate::Ctx) -> Self {
                Self(ctx.new_id())
            }
            /// When it was made.
            pub fn made_at(self) -> $crate::Timestamp {
                $crate::ids::made_at(self.0)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl $crate::schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::stringify!($name).into()
            }
            fn json_schema(_: &mut $crate::schemars::SchemaGenerator) -> $crate::schemars::Schema {
                $crate::schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{1,19}$" })
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as ::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_millisecond_are_different_and_keep_their_time() {
        let now = Timestamp::from_millis(1_795_000_000_000);
        let ids: std::collections::BTreeSet<i64> = (0..1000).map(|n| next(now, n)).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.to_string().len() == 18));
        assert_eq!(made_at(next(now, 3)), now);
    }
}
