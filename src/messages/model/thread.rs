//! Threads and messages, opened.

use platform::text::{clean_line, is_blank};
use platform::{Timestamp, id_type};
use serde::{Deserialize, Serialize};

use super::{HEAVIEST, LONGEST_SUBJECT, LONGEST_TEXT, LONGEST_WARNING, MOST_FILES, ServiceId};

id_type!(
    /// A thread.
    ThreadId
);
id_type!(
    /// A message.
    MessageId
);
id_type!(
    /// A file that hangs on a message.
    AttachmentId
);

/// What a thread is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Anything.
    Conversation,
    /// A formal request (*saisine par voie électronique*), with number and delays.
    Request,
}

impl Kind {
    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Conversation => "conversation",
            Self::Request => "request",
        }
    }

    /// From the store.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Conversation, Self::Request]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

platform::coded!(Kind);

/// Who speaks in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Whoever wrote to the town hall.
    Writer,
    /// The town hall.
    Office,
    /// An agent to the other agents; the writer never sees it.
    Note,
    /// The acknowledgement of a formal request.
    Receipt,
}

impl Side {
    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Writer => "writer",
            Self::Office => "office",
            Self::Note => "note",
            Self::Receipt => "receipt",
        }
    }

    /// From the store.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Writer, Self::Office, Self::Note, Self::Receipt]
            .into_iter()
            .find(|side| side.code() == code)
    }

    /// Whether the writer sees it.
    pub const fn is_shared(self) -> bool {
        !matches!(self, Self::Note)
    }

    /// Whether the town hall wrote it.
    pub const fn is_of_office(self) -> bool {
        !matches!(self, Self::Writer)
    }
}

platform::coded!(Side);

/// A thread, its subject opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// Row id.
    pub id: ThreadId,
    /// INSEE code.
    pub commune: String,
    /// To which service; 0: the mayor.
    pub service: ServiceId,
    /// The actor of the town hall that was written to.
    pub office: i64,
    /// Who wrote first; nobody once her account has ended.
    pub writer: Option<i64>,
    /// Conversation or formal request.
    pub kind: Kind,
    /// Whether the writer is on another server.
    pub remote: bool,
    /// What it is about.
    pub subject: String,
    /// The mandate under which it began.
    pub mandate: String,
    /// The agent (account) to whom it was given.
    pub assigned: Option<i64>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When the writer took it off her list.
    pub hidden_at: Option<Timestamp>,
    /// When it began.
    pub created_at: Timestamp,
    /// The last message that both sides see.
    pub last: MessageId,
    /// Whether that one is the town hall's.
    pub last_office: bool,
}

impl Thread {
    /// When the last message was written.
    pub fn last_at(&self) -> Timestamp {
        self.last.made_at()
    }

    /// Whether it is a conversation of an earlier mayor, closed to the one of this mandate. What was asked formally,
    /// and what was written to a service, is the town hall's and goes on.
    pub fn is_sealed(&self, seal: bool, mandate: &str) -> bool {
        seal && self.kind == Kind::Conversation && self.service.is_mayor() && self.mandate != mandate
    }
}

/// The words of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// As typed here.
    Text(String),
    /// HTML of another server, made safe.
    Html(String),
    /// Deleted.
    Gone,
    /// Sealed with a key that is lost.
    Unreadable,
}

/// What is known of a message that came from or went to another server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wire {
    /// All whom it is addressed to, and its author: nobody else reads an answer.
    pub people: Vec<String>,
    /// What it answers.
    pub answers: Option<String>,
    /// `context` or `conversation`, handed on in answers.
    pub context: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// The content warning.
    pub summary: String,
    /// Its author marks it as not for every eye.
    pub sensitive: bool,
    /// It went to a list of followers too, which no answer follows.
    pub to_followers: bool,
    /// Files that stayed on their server: address and words.
    pub files: Vec<(String, String)>,
    /// Said in public on its server, although it answers something private.
    pub public: bool,
    /// Its last change, as its server says.
    pub updated: Option<i64>,
}

/// What is set before the words of a message, so that they are read only by whoever wants to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Warning {
    /// In words.
    pub summary: String,
    /// Not for every eye.
    pub sensitive: bool,
}

impl Warning {
    /// As somebody wants it.
    ///
    /// # Errors
    /// [`Refusal::WarningTooLong`].
    pub fn new(typed: &str, sensitive: bool) -> Result<Self, Refusal> {
        let summary = clean_line(typed, LONGEST_WARNING + 1);
        if summary.chars().count() > LONGEST_WARNING {
            return Err(Refusal::WarningTooLong);
        }
        Ok(Self { summary, sensitive })
    }

    /// Sets it before a message.
    pub(crate) fn put(&self, known: &mut Wire) {
        known.summary.clone_from(&self.summary);
        known.sensitive = self.sensitive;
    }

    /// For a message of which nothing else is to be known; nothing without a warning.
    pub(crate) fn wire(&self) -> Option<Wire> {
        let mut known = Wire::default();
        self.put(&mut known);
        (known != Wire::default()).then_some(known)
    }
}

/// A message, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Row id.
    pub id: MessageId,
    /// Its thread.
    pub thread: ThreadId,
    /// Who speaks.
    pub side: Side,
    /// Who is seen to have written it.
    pub actor: Option<i64>,
    /// The agent who held the pen.
    pub account: Option<i64>,
    /// How she signs.
    pub byline: String,
    /// The words.
    pub body: Body,
    /// On the wire.
    pub uri: Option<String>,
    /// What is known of it as a thing of the wire.
    pub wire: Option<Wire>,
    /// When it was changed.
    pub edited_at: Option<Timestamp>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A file of a message, without what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Row id.
    pub id: AttachmentId,
    /// Its message.
    pub message: MessageId,
    /// Its thread.
    pub thread: ThreadId,
    /// The name of the download.
    pub name: String,
    /// One of our types.
    pub mime: String,
    /// Size.
    pub bytes: i64,
}

/// A file to be attached: examined, its type is one of ours.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// The name of the download.
    pub name: String,
    /// Its type.
    pub mime: String,
    /// What is in it.
    pub bytes: bytes::Bytes,
}

/// Why something is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such thread for this reader.
    #[error("there is no such conversation")]
    Missing,
    /// The town hall is not here.
    #[error("this town hall is not on this server")]
    NotHere,
    /// Nothing was written.
    #[error("nothing is written")]
    Empty,
    /// There is no subject.
    #[error("there is no subject")]
    NoSubject,
    /// The subject is too long.
    #[error("the subject is longer than {LONGEST_SUBJECT} characters")]
    SubjectTooLong,
    /// The text is too long.
    #[error("the text is longer than {LONGEST_TEXT} characters")]
    TooLong,
    /// The words set before it are too long.
    #[error("the warning is longer than {LONGEST_WARNING} characters")]
    WarningTooLong,
    /// The service does not exist or takes no more letters.
    #[error("this service cannot be written to")]
    NoService,
    /// Too many files.
    #[error("more than {MOST_FILES} files")]
    TooManyFiles,
    /// Files too heavy together.
    #[error("the files weigh more than {HEAVIEST} bytes together")]
    TooHeavy,
    /// It is closed.
    #[error("the conversation is closed")]
    Closed,
    /// It belongs to an earlier mandate.
    #[error("the conversation belongs to an earlier mandate")]
    Sealed,
    /// A formal request names whoever asks.
    #[error("the name is missing")]
    NoName,
    /// A formal request says where an answer can be sent.
    #[error("the postal address is missing")]
    NoAddress,
    /// A formal request is closed by its answer.
    #[error("a formal request is closed by its answer")]
    Unanswered,
    /// The acknowledgement was sent.
    #[error("the acknowledgement was sent already")]
    Acknowledged,
    /// The agent has no right to read messages.
    #[error("this person does not read messages")]
    NoAgent,
    /// What was sent to another server carries no files.
    #[error("files do not leave this server")]
    FilesStay,
    /// Too much in a short time.
    #[error("too many messages in a short time")]
    TooMany,
    /// Only one's own words, and only what went to another server.
    #[error("this message cannot be changed")]
    Fixed,
    /// The words of a setting or service cannot be used.
    #[error("this cannot be used")]
    Unusable,
}

impl Refusal {
    /// The end of the key of its sentence (`messages-refused-…`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotHere => "not-here",
            Self::Empty => "empty",
            Self::NoSubject => "no-subject",
            Self::SubjectTooLong => "subject-too-long",
            Self::TooLong => "too-long",
            Self::WarningTooLong => "warning-too-long",
            Self::NoService => "no-service",
            Self::TooManyFiles => "too-many-files",
            Self::TooHeavy => "too-heavy",
            Self::Closed => "closed",
            Self::Sealed => "sealed",
            Self::NoName => "no-name",
            Self::NoAddress => "no-address",
            Self::Unanswered => "unanswered",
            Self::Acknowledged => "acknowledged",
            Self::NoAgent => "no-agent",
            Self::FilesStay => "files-stay",
            Self::TooMany => "too-many",
            Self::Fixed => "fixed",
            Self::Unusable => "unusable",
        }
    }

    /// All of them, for the test that each has a sentence.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 21] = [
        Self::Missing,
        Self::NotHere,
        Self::Empty,
        Self::NoSubject,
        Self::SubjectTooLong,
        Self::TooLong,
        Self::WarningTooLong,
        Self::NoService,
        Self::TooManyFiles,
        Self::TooHeavy,
        Self::Closed,
        Self::Sealed,
        Self::NoName,
        Self::NoAddress,
        Self::Unanswered,
        Self::Acknowledged,
        Self::NoAgent,
        Self::FilesStay,
        Self::TooMany,
        Self::Fixed,
        Self::Unusable,
    ];

    /// The field it is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Empty | Self::TooLong => "text",
            Self::NoSubject | Self::SubjectTooLong => "subject",
            Self::NoService => "service",
            Self::TooManyFiles | Self::TooHeavy | Self::FilesStay => "files",
            Self::NoName => "name",
            Self::NoAddress => "address",
            Self::NoAgent => "agent",
            _ => "",
        }
    }
}

/// What is wrong with a text.
fn check_text(text: &str) -> Result<(), Refusal> {
    if is_blank(text) {
        Err(Refusal::Empty)
    } else if text.chars().count() > LONGEST_TEXT {
        Err(Refusal::TooLong)
    } else {
        Ok(())
    }
}

/// What is wrong with a subject.
fn check_subject(subject: &str) -> Result<(), Refusal> {
    if is_blank(subject) {
        Err(Refusal::NoSubject)
    } else if subject.chars().count() > LONGEST_SUBJECT {
        Err(Refusal::SubjectTooLong)
    } else {
        Ok(())
    }
}

/// What is wrong with the files of one message.
fn check_files(files: &[NewFile]) -> Result<(), Refusal> {
    if files.len() > MOST_FILES {
        Err(Refusal::TooManyFiles)
    } else if files.iter().map(|file| file.bytes.len()).sum::<usize>() > HEAVIEST {
        Err(Refusal::TooHeavy)
    } else {
        Ok(())
    }
}

/// What is wrong with a letter.
pub(crate) fn check_letter(subject: &str, text: &str, files: &[NewFile]) -> Result<(), Refusal> {
    check_subject(subject)?;
    check_text(text)?;
    check_files(files)
}

/// All that is wrong with a letter, so that one look mends everything.
pub(crate) fn letter_faults(subject: &str, text: &str, files: &[NewFile]) -> Vec<Refusal> {
    [check_subject(subject), check_text(text), check_files(files)]
        .into_iter()
        .filter_map(Result::err)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(kind: Kind, service: i64) -> Thread {
        Thread {
            id: ThreadId(1),
            commune: "06059".to_owned(),
            service: ServiceId(service),
            office: 1,
            writer: Some(2),
            kind,
            remote: false,
            subject: String::new(),
            mandate: "2020 Jean".to_owned(),
            assigned: None,
            closed_at: None,
            hidden_at: None,
            created_at: Timestamp::default(),
            last: MessageId(0),
            last_office: false,
        }
    }

    #[test]
    fn a_new_mayor_does_not_read_what_was_written_to_the_one_before() {
        let old = thread(Kind::Conversation, 0);
        assert!(old.is_sealed(true, "2026 Anne") && !old.is_sealed(true, "2020 Jean"));
        assert!(
            !old.is_sealed(false, "2026 Anne"),
            "unless the commune has chosen so"
        );
        assert!(!thread(Kind::Request, 0).is_sealed(true, "2026 Anne"));
        assert!(!thread(Kind::Conversation, 9).is_sealed(true, "2026 Anne"));
    }

    #[test]
    fn bounds_are_told() {
        assert_eq!(check_text(" \n"), Err(Refusal::Empty));
        assert_eq!(check_text(&"é".repeat(LONGEST_TEXT)), Ok(()));
        assert_eq!(check_text(&"é".repeat(LONGEST_TEXT + 1)), Err(Refusal::TooLong));
        assert_eq!(check_subject(""), Err(Refusal::NoSubject));
        let file = |bytes: usize| NewFile {
            name: "a.pdf".to_owned(),
            mime: "application/pdf".to_owned(),
            bytes: vec![0; bytes].into(),
        };
        assert_eq!(
            check_files(&vec![file(1); MOST_FILES + 1]),
            Err(Refusal::TooManyFiles)
        );
        assert_eq!(
            check_files(&[file(HEAVIEST / 2), file(HEAVIEST / 2 + 1)]),
            Err(Refusal::TooHeavy)
        );
    }
}
