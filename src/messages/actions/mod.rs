//! What can be done with letters; called by all doors.

mod access;
mod desks;
mod handling;
mod reading;
mod sealing;
mod writing;

pub(crate) mod elsewhere;
pub(crate) mod readers;
pub(crate) mod telling;

pub(crate) use access::mandate;
pub use access::{Agent, Party, Reach, party, reach};
pub use desks::{Counter, close_service, colleagues, counters, desks, save_service, save_settings, settings};
pub use handling::{Target, acknowledge, acknowledgement_for, assign, close, hide, reopen};
pub use reading::{
    Line, Shown, View, attachment, inbox, line, mark_read, search, shared_messages, view, waiting,
};
pub(crate) use reading::{agent_of, html as shown_html, plain as plain_text};
pub(crate) use sealing::{open_message, open_request, open_thread, seal_wire};
pub use writing::{
    Letter, Reply, answer_in, edit_answer, prepare_answer, remove_answer, reply, write, write_in,
};
