//! Comments, likes, shares, flags: the rules. Pure.

mod attachment;
mod case;
mod circle;
mod comment;
mod flag;
mod labels;
mod participant;
mod refusal;
mod subject;

pub use attachment::{Attachment, MOST_ATTACHMENTS};
pub use case::{Case, Ruling};
pub use circle::{Circle, Under};
pub(crate) use comment::{COMMENT_ANCHOR, COMMENT_PAGE};
pub use comment::{
    Comment, CommentId, CommentMode, CommentState, LONGEST, LONGEST_REMOTE, LONGEST_WARNING, NewComment,
    Revision, text_of_comment, warning_of_comment,
};
pub use flag::{
    Decision, DecisionId, Deed, Flag, FlagCategory, FlagId, FlagState, LONGEST_REASON, NewFlag, NewNotice,
};
pub use labels::Labels;
pub use participant::{Moderates, Participant};
pub use refusal::DiscussionRefusal;
pub use subject::{COMMENTS, Subject, Target, Thing};
