//! Posts: the rules.

use std::time::Duration;

use discussion::CommentMode;
use federation::{ActorId, Visibility};
use platform::text::shows_nothing;
use platform::{Timestamp, id_type};

id_type!(
    /// A post.
    PostId
);

/// The longest title, in characters.
pub const LONGEST_TITLE: usize = 150;
/// The longest text, in characters.
pub const LONGEST_TEXT: usize = 5000;
/// The longest content warning, in characters.
pub const LONGEST_WARNING: usize = 200;
/// Photos and documents of one post.
pub const MOST_ATTACHMENTS: usize = 8;
/// How far ahead a post may be scheduled.
pub const FURTHEST: Duration = Duration::from_secs(366 * 24 * 3600);
/// Posts an actor may pin (Mastodon shows five).
pub const MOST_PINNED: usize = 5;

/// What a post is about, for the strip of filters; the words are `news-topic-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Works.
    Works,
    /// The municipal council.
    Council,
    /// Local life.
    LocalLife,
    /// Schools and childhood.
    Schools,
    /// Environment.
    Environment,
    /// Safety.
    Safety,
}

impl Topic {
    /// All of them, in the order of the strip.
    pub const ALL: [Self; 6] = [
        Self::Works,
        Self::Council,
        Self::LocalLife,
        Self::Schools,
        Self::Environment,
        Self::Safety,
    ];

    /// In the database, in forms and in addresses (`?theme=travaux`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Works => "travaux",
            Self::Council => "conseil-municipal",
            Self::LocalLife => "vie-locale",
            Self::Schools => "ecoles",
            Self::Environment => "environnement",
            Self::Safety => "securite",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.code() == code)
    }
}

platform::coded!(Topic);

/// Where a post stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostState {
    /// Kept for its author.
    Draft,
    /// Will be published.
    Scheduled,
    /// Published.
    Published,
    /// Taken from sight by moderators.
    Hidden,
    /// Deleted: 410.
    Deleted,
}

impl PostState {
    /// In the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Hidden => "hidden",
            Self::Deleted => "deleted",
        }
    }

    /// From the database.
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::Draft,
            Self::Scheduled,
            Self::Published,
            Self::Hidden,
            Self::Deleted,
        ]
        .into_iter()
        .find(|state| state.code() == code)
    }
}

platform::coded!(PostState);

/// A post as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Post {
    /// Row id.
    pub id: PostId,
    /// ActivityPub id.
    pub uri: String,
    /// Who says it.
    pub actor_id: ActorId,
    /// In which feed (INSEE code).
    pub commune: Option<String>,
    /// Ours, or another server's.
    pub local: bool,
    /// The account that wrote it for the office.
    pub account_id: Option<i64>,
    /// "Prénom Nom, maire (2026-2032)", as it was then.
    pub byline: String,
    /// Written by a delegate.
    pub delegated: bool,
    /// Optional.
    pub title: String,
    /// Markdown as typed; ours only.
    pub source: Option<String>,
    /// Sanitised.
    pub html: String,
    /// A content warning.
    pub summary: String,
    /// Pictures are covered until asked for.
    pub sensitive: bool,
    /// BCP 47.
    pub language: String,
    /// What it is about.
    pub topic: Option<Topic>,
    /// Who may read it.
    pub visibility: Visibility,
    /// Its own rule for comments.
    pub comment_mode: CommentMode,
    /// Where it stands.
    pub state: PostState,
    /// When it will be published.
    pub scheduled_at: Option<Timestamp>,
    /// When it was.
    pub published_at: Option<Timestamp>,
    /// When it was changed last.
    pub edited_at: Option<Timestamp>,
    /// Since when it stands at the top.
    pub pinned_at: Option<Timestamp>,
    /// Its page on its own server.
    pub url: Option<String>,
    /// The link shown as a card.
    pub card_url: Option<String>,
    /// What it answers, elsewhere.
    pub in_reply_to: Option<String>,
    /// When it was first written.
    pub created_at: Timestamp,
}

/// When a post is to be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publication {
    /// Kept as a draft.
    Draft,
    /// At once.
    Now,
    /// Then.
    At(Timestamp),
}

/// A photo or document of a new post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttachment {
    /// The upload.
    pub media_id: i64,
    /// What a photo shows, for those who do not see it.
    pub alt: String,
    /// Whether it is a photo.
    pub is_image: bool,
}

/// A post as its author wants it, from whichever door.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPost {
    /// Optional.
    pub title: String,
    /// Markdown-light.
    pub source: String,
    /// A content warning.
    pub summary: String,
    /// Cover the pictures.
    pub sensitive: bool,
    /// BCP 47.
    pub language: String,
    /// What it is about.
    pub topic: Option<Topic>,
    /// Who may read it.
    pub visibility: Visibility,
    /// Its rule for comments.
    pub comment_mode: CommentMode,
    /// Photos and documents, in order.
    pub attachments: Vec<NewAttachment>,
    /// When.
    pub publication: Publication,
}

/// Why a post is turned away; the words are `news-refused-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostRefusal {
    /// Neither text nor photo.
    #[error("there is nothing to publish yet")]
    Empty,
    /// Longer than [`LONGEST_TITLE`].
    #[error("the title is too long")]
    TitleTooLong,
    /// Longer than [`LONGEST_TEXT`].
    #[error("the text is too long")]
    TooLong,
    /// Longer than [`LONGEST_WARNING`].
    #[error("the warning is too long")]
    WarningTooLong,
    /// More than [`MOST_ATTACHMENTS`].
    #[error("there are too many photos and documents")]
    TooManyAttachments,
    /// A photo without words; the number counts from 1.
    #[error("photo {0} has no description")]
    NoAlt(usize),
    /// Scheduled in the past or beyond a year.
    #[error("this moment cannot be chosen")]
    WhenImpossible,
    /// Not allowed to publish for this commune.
    #[error("this account does not publish for this commune")]
    NotYours,
    /// There is no such post (any more).
    #[error("there is no such post")]
    Missing,
    /// Only open posts of the author's own can be pinned, and not more than [`MOST_PINNED`].
    #[error("this post cannot be pinned")]
    NotPinnable,
    /// Direct posts are private messages, another section's work.
    #[error("a post cannot be private")]
    NotAPost,
    /// Moderators took it from sight: its author may contest that, or delete it.
    #[error("moderators have hidden this post")]
    Moderated,
    /// Somebody changed it in the meantime.
    #[error("this post has changed in the meantime")]
    Changed,
}

impl PostRefusal {
    /// A stable word: the end of the words' key, the code of the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TitleTooLong => "title-too-long",
            Self::TooLong => "too-long",
            Self::WarningTooLong => "warning-too-long",
            Self::TooManyAttachments => "too-many-attachments",
            Self::NoAlt(_) => "no-alt",
            Self::WhenImpossible => "when",
            Self::NotYours => "not-yours",
            Self::Missing => "missing",
            Self::NotPinnable => "not-pinnable",
            Self::NotAPost => "not-a-post",
            Self::Moderated => "moderated",
            Self::Changed => "changed",
        }
    }

    /// The field of the form it stands at.
    pub fn field(self) -> String {
        match self {
            Self::TitleTooLong => "title".to_owned(),
            Self::WarningTooLong => "summary".to_owned(),
            Self::TooManyAttachments => "files".to_owned(),
            Self::NoAlt(n) => format!("alt-{n}"),
            Self::WhenImpossible => "date".to_owned(),
            _ => "source".to_owned(),
        }
    }
}

impl NewPost {
    /// All that is wrong with it, so that one look mends everything. A draft may be unfinished.
    pub fn refusals(&self, now: Timestamp) -> Vec<PostRefusal> {
        let mut all = Vec::new();
        let draft = self.publication == Publication::Draft;
        if !draft && shows_nothing(&self.source) && self.attachments.is_empty() {
            all.push(PostRefusal::Empty);
        }
        if self.title.chars().count() > LONGEST_TITLE {
            all.push(PostRefusal::TitleTooLong);
        }
        if self.source.chars().count() > LONGEST_TEXT {
            all.push(PostRefusal::TooLong);
        }
        if self.summary.chars().count() > LONGEST_WARNING {
            all.push(PostRefusal::WarningTooLong);
        }
        if self.attachments.len() > MOST_ATTACHMENTS {
            all.push(PostRefusal::TooManyAttachments);
        }
        if !draft {
            let blind = self
                .attachments
                .iter()
                .enumerate()
                .filter(|(_, a)| a.is_image && platform::text::is_blank(&a.alt));
            all.extend(blind.map(|(at, _)| PostRefusal::NoAlt(at + 1)));
        }
        if let Publication::At(at) = self.publication {
            if at <= now || at > now.plus(FURTHEST) {
                all.push(PostRefusal::WhenImpossible);
            }
        }
        if self.visibility == Visibility::Direct {
            all.push(PostRefusal::NotAPost);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post() -> NewPost {
        NewPost {
            title: "Le sentier rouvre".to_owned(),
            source: "Samedi à 9 h 30.".to_owned(),
            summary: String::new(),
            sensitive: false,
            language: "fr".to_owned(),
            topic: Some(Topic::Works),
            visibility: Visibility::Public,
            comment_mode: CommentMode::Open,
            attachments: Vec::new(),
            publication: Publication::Now,
        }
    }

    const NOW: Timestamp = Timestamp::from_millis(1_795_419_000_000);

    #[test]
    fn a_good_post_passes() {
        assert_eq!(post().refusals(NOW), []);
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let mut bad = post();
        bad.source = String::new();
        bad.title = "x".repeat(LONGEST_TITLE + 1);
        bad.publication = Publication::At(NOW);
        assert_eq!(
            bad.refusals(NOW),
            [
                PostRefusal::Empty,
                PostRefusal::TitleTooLong,
                PostRefusal::WhenImpossible
            ]
        );
    }

    #[test]
    fn a_photo_needs_words_unless_it_is_a_draft() {
        let mut blind = post();
        let photo = |alt: &str| NewAttachment {
            media_id: 1,
            alt: alt.to_owned(),
            is_image: true,
        };
        blind.attachments = vec![photo("Le clocher"), photo(" ")];
        assert_eq!(blind.refusals(NOW), [PostRefusal::NoAlt(2)]);
        blind.publication = Publication::Draft;
        assert_eq!(blind.refusals(NOW), []);
    }
}
