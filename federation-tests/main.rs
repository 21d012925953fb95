//! Stories of a whole server, told through the doors people use: pages, feeds, documents for other servers.
//! Real peers are in `scenarios/`; see README.md.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on stops"
)]

#[path = "tests/access_agenda.rs"]
mod access_agenda;
#[path = "tests/access_groups.rs"]
mod access_groups;
#[path = "tests/access_messages.rs"]
mod access_messages;
#[path = "tests/accounts.rs"]
mod accounts;
#[path = "tests/agenda/mod.rs"]
mod agenda;
#[path = "tests/api/mod.rs"]
mod api;
#[path = "tests/carried.rs"]
mod carried;
#[path = "tests/discussion.rs"]
mod discussion;
#[path = "tests/forms.rs"]
mod forms;
#[path = "tests/groups.rs"]
mod groups;
#[path = "tests/groups_civic.rs"]
mod groups_civic;
#[path = "tests/hiding.rs"]
mod hiding;
#[path = "tests/messages/mod.rs"]
mod messages;
#[path = "tests/moderation.rs"]
mod moderation;
#[path = "tests/news.rs"]
mod news;
#[path = "tests/notifications.rs"]
mod notifications;
#[path = "tests/openapi.rs"]
mod openapi;
#[path = "tests/polls/mod.rs"]
mod polls;
#[path = "tests/sections.rs"]
mod sections;
