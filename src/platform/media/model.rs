//! What a picture or document is, and why one is turned away.

use bytes::Bytes;

use super::MediaId;
use crate::clock::Timestamp;
use crate::coded;
use crate::store::StoreError;

/// The two kinds of media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Shown.
    Image,
    /// Downloaded.
    Document,
}

impl Kind {
    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Document => "document",
        }
    }

    /// From the store.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Image, Self::Document]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

coded!(Kind);

/// A picture or document, as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Medium {
    /// Its id.
    pub id: MediaId,
    /// The actor who sent it.
    pub owner_id: i64,
    /// Shown or downloaded.
    pub kind: Kind,
    /// What it is served as.
    pub mime: String,
    /// The name under which it is downloaded.
    pub file_name: String,
    /// Size of the file served, in bytes.
    pub bytes: i64,
    /// SHA-256 of the file served, in hexadecimal.
    pub sha256: String,
    /// Pixels; none for a document.
    pub width: Option<i64>,
    /// Pixels; none for a document.
    pub height: Option<i64>,
    /// A few colours to show while the picture loads.
    pub blurhash: Option<String>,
    /// What is to be seen, for those who do not see it.
    pub alt: String,
    /// The point that must stay visible when the picture is cut: -1 (left) to 1 (right).
    pub focus_x: f64,
    /// The same: -1 (bottom) to 1 (top).
    pub focus_y: f64,
    /// Where the file lies, and the end of its address.
    pub path: String,
    /// The small form, if the picture is large enough to have one.
    pub thumb_path: Option<String>,
    /// Whether something holds it; if nothing does, it goes after a day.
    pub attached: bool,
    /// Taken from sight by moderators: its address gives nothing.
    pub withheld: bool,
    /// When it came.
    pub created_at: Timestamp,
}

impl Medium {
    /// The path of its address on this server: `/media/3f/3fa9….jpg`.
    pub fn address(&self) -> String {
        format!("/media/{}", self.path)
    }

    /// The path of the address of its small form, or of itself if it has none.
    pub fn thumb_address(&self) -> String {
        format!("/media/{}", self.thumb_path.as_ref().unwrap_or(&self.path))
    }
}

/// How a picture is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fit {
    /// Not at all, only made smaller.
    #[default]
    Whole,
    /// To a square, for the picture of a person or a town hall.
    Square,
    /// To three times as wide as high, for the top of a page.
    Banner,
}

/// A file as it came.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// The actor who sends it.
    pub owner_id: i64,
    /// The file.
    pub bytes: Bytes,
    /// The name it had with its sender; only used to name the download.
    pub file_name: String,
    /// What is to be seen; may be said later ([`super::describe`]).
    pub alt: String,
    /// How a picture is cut.
    pub fit: Fit,
    /// Whether a document will do, or only a picture.
    pub pictures_only: bool,
}

/// Why a file is turned away.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is too heavy.
    #[error("the file has {size} bytes, the limit is {limit}")]
    TooLarge {
        /// Its size.
        size: u64,
        /// The limit.
        limit: u64,
    },
    /// It is none of the kinds we take.
    #[error("this kind of file is not taken")]
    UnknownKind,
    /// It is a document where a picture is wanted.
    #[error("only a picture will do")]
    NotAPicture,
    /// It is a picture of a kind that only some devices show.
    #[error("HEIC and AVIF pictures are not taken")]
    ModernPicture,
    /// It is an office document of the old binary kind.
    #[error("old office documents are not taken")]
    OldOffice,
    /// It is an archive of files.
    #[error("archives are not taken")]
    Archive,
    /// It holds programs.
    #[error("the document holds macros")]
    Macros,
    /// It is protected by a password, damaged, or claims to be two things at once.
    #[error("the file is damaged")]
    Broken,
    /// It has too many pixels to be worked on.
    #[error("the picture has {width} x {height} pixels")]
    TooManyPixels {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
    },
    /// Too many files of this sender wait to be used.
    #[error("too many files wait")]
    TooMany,
}

impl Refusal {
    /// The key of the sentence that says it.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Empty => "media-empty",
            Self::TooLarge { .. } => "media-too-large",
            Self::UnknownKind => "media-unknown-kind",
            Self::NotAPicture => "media-not-a-picture",
            Self::ModernPicture => "media-modern-picture",
            Self::OldOffice => "media-old-office",
            Self::Archive => "media-archive",
            Self::Macros => "media-macros",
            Self::Broken => "media-broken",
            Self::TooManyPixels { .. } => "media-too-many-pixels",
            Self::TooMany => "media-too-many",
        }
    }

    /// The texts the sentence needs, for [`crate::i18n::Words::ta`].
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLarge { size, limit } => {
                // Rounded away from each other, so that the sentence never says "20 MB; the limit is 20 MB".
                let size = size.div_ceil(1_000_000).max(limit / 1_000_000 + 1);
                vec![
                    ("size", size.to_string()),
                    ("limit", (limit / 1_000_000).to_string()),
                ]
            }
            Self::TooManyPixels { width, height } => {
                vec![("width", width.to_string()), ("height", height.to_string())]
            }
            _ => Vec::new(),
        }
    }
}

/// Why a file was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// It is turned away.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk.
    #[error("the file cannot be written: {0}")]
    Disk(#[from] std::io::Error),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Lang, Words};

    #[test]
    fn every_refusal_has_a_sentence_in_both_languages() {
        let words = Words::embedded().unwrap();
        let all = [
            Refusal::Empty,
            Refusal::TooLarge {
                size: 20_000_001,
                limit: 20_000_000,
            },
            Refusal::UnknownKind,
            Refusal::NotAPicture,
            Refusal::ModernPicture,
            Refusal::OldOffice,
            Refusal::Archive,
            Refusal::Macros,
            Refusal::Broken,
            Refusal::TooManyPixels { width: 1, height: 2 },
            Refusal::TooMany,
        ];
        for refusal in &all {
            let args = refusal.args();
            let pairs: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            for lang in Lang::ALL {
                let said = words.ta(lang, refusal.key(), &pairs);
                assert!(!said.contains(['⟦', '{']), "{refusal:?}: {said}");
            }
        }
        let said = words.ta(Lang::Fr, "media-too-large", &[("size", "21"), ("limit", "20")]);
        assert_eq!(
            said,
            "Ce fichier pèse 21\u{a0}Mo\u{202f}; la limite est de 20\u{a0}Mo."
        );
        assert_eq!(
            all[1].args(),
            [("size", "21".to_owned()), ("limit", "20".to_owned())]
        );
    }
}
