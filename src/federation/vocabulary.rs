//! The names of the wire: contexts that need no fetching.

use std::sync::LazyLock;

use serde_json::Value;

static CONTEXT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("context.json")).unwrap_or_default());

/// The `@context` of everything we send: ActivityStreams, the security vocabulary and our extensions inline,
/// so that no reader has to fetch a document of another host (INTEROP.md 2.7).
pub fn context() -> Value {
    CONTEXT.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_is_well_formed() {
        assert_eq!(context().as_array().map(Vec::len), Some(3));
    }
}
