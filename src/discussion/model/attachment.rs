//! What hangs on a comment of another server. It stays there: who opens it asks that server.

use super::CommentId;

/// Attachments kept of one comment.
pub const MOST_ATTACHMENTS: usize = 10;

/// A picture or file of a comment, on its own server.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Attachment {
    /// Of which comment.
    pub comment_id: CommentId,
    /// Its place among them.
    pub position: i64,
    /// Where it lies; never shown inline, since it would tell who reads.
    pub url: String,
    /// `image`, `video`, `audio` or `document`.
    pub kind: String,
    /// Its media type as its server says it; may be empty.
    pub mime: String,
    /// What it shows, in words; may be empty.
    pub alt: String,
    /// In pixels.
    pub width: Option<i64>,
    /// In pixels.
    pub height: Option<i64>,
    /// A blurred picture of it.
    pub blurhash: Option<String>,
}

impl Attachment {
    /// What to call it: its description, else its file name, else its server.
    pub fn label(&self) -> String {
        if !self.alt.is_empty() {
            return self.alt.clone();
        }
        let Ok(url) = url::Url::parse(&self.url) else {
            return self.url.clone();
        };
        let last = url.path_segments().and_then(|mut parts| parts.next_back());
        match last {
            Some(name) if !name.is_empty() => platform::text::clean_line(name, 100),
            _ => url.host_str().unwrap_or_default().to_owned(),
        }
    }
}
