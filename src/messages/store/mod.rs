//! The SQL of this room. What is sealed goes in and comes out sealed.

mod desks;
mod files;
mod logs;
mod messages;
mod requests;
mod threads;

pub(crate) use desks::{
    agents, agents_in, forget_account, insert_service, service, service_in, services, services_in,
    set_agents, set_settings, settings, settings_in, update_service,
};
pub(crate) use files::{FileRow, content, file, files_of, insert_file, remove_files};
pub(crate) use logs::{Logged, has_log_since, log, logs_of};
pub(crate) use messages::{
    MessageRow, by_uri, by_uri_in, count_from_since, in_thread, insert_message, last_of_peer, message,
    message_in, purge_bodies, rewrite, wipe,
};
pub(crate) use requests::{
    RequestRow, insert_request, mark_acknowledged, mark_answered, next_number, request, request_in,
};
pub(crate) use threads::{
    Box as Mailbox, OfficeReader, ThreadRow, assign, close, cut_writer, hide, insert_thread, list, mark_read,
    of_writer_in, others_read, read_up_to, remove_thread, reopen, thread, thread_in, touch, unread,
    waiting_for_office, waiting_for_writer,
};

/// The columns that hold sealed values.
pub(crate) const SEALED: [platform::vault::Column; 6] = [
    column("messages_thread", "id", "subject"),
    column("messages_message", "id", "body"),
    column("messages_message", "id", "wire"),
    column("messages_attachment", "id", "name"),
    column("messages_attachment", "id", "content"),
    column("messages_request", "thread_id", "person"),
];

const fn column(table: &'static str, id: &'static str, column: &'static str) -> platform::vault::Column {
    platform::vault::Column { table, id, column }
}
