//! Letters to the town hall: what they are, who may read them, why one is turned away. Pure.

mod desk;
mod request;
mod thread;
pub(crate) mod workdays;

pub use desk::{Desk, NewService, Service, ServiceId, Settings};
pub use request::{Acknowledgement, Applicant, Request, Silence, Step};
pub(crate) use request::{day, reference};
pub use thread::{
    Attachment, AttachmentId, Body, Kind, Message, MessageId, NewFile, Refusal, Side, Thread, ThreadId,
    Warning, Wire,
};
pub(crate) use thread::{check_letter, letter_faults};

/// Characters of a subject.
pub const LONGEST_SUBJECT: usize = 120;
/// Characters of one message.
pub const LONGEST_TEXT: usize = 10_000;
/// Characters of the words set before one.
pub const LONGEST_WARNING: usize = 200;
/// Files of one message.
pub const MOST_FILES: usize = 5;
/// Bytes of all files of one message.
pub const HEAVIEST: usize = 20_000_000;
