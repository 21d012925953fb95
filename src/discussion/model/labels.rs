//! Whom a comment of another server names, and its hashtags.

/// As its document says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels {
    /// The ids of the actors it names.
    pub named: Vec<String>,
    /// Hashtags: folded, and as typed.
    pub hashtags: Vec<(String, String)>,
}
